# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may print where is decided in the dialogue, in words for people."""
import pytest

import mails
from programs import DOMAIN, SENDER

BOSS = "boss@example.org"


def refused(platend, code, *words, to="lobby", sender=SENDER, mail=None):
    reply = mails.send(platend.smtp, mail or mails.message(text="A line.\n"),
                       to=to, sender=sender)
    assert reply.code == code, reply
    for word in words:
        assert word in reply.text, reply.text
    return reply


@pytest.fixture
def lobby(platend, sim):
    platend.add_printer("lobby", sim.uri())
    return platend


def printed(platend, **options):
    reply = mails.send(platend.smtp, mails.message(text="A line.\n"),
                       **options)
    job = platend.wait_job(reply.job)
    assert job["state"] == "PRINTED", job
    return job


def test_unknown_address_is_refused_with_a_sentence(lobby):
    reply = refused(lobby, 550, "5.1.1", "cellar", to="cellar")
    assert len(reply.text.split()) > 6
    assert lobby.rows("SELECT * FROM job") == []


def test_unregistered_sender_is_refused_with_a_sentence(lobby):
    reply = refused(lobby, 550, "5.7.1", BOSS, "lobby", sender=BOSS)
    assert len(reply.text.split()) > 6
    assert lobby.rows("SELECT * FROM job") == []


def test_swaks_is_told_the_same(lobby):
    reply = mails.swaks(lobby.smtp, "--body", "A line.", sender=BOSS)
    assert reply.code == 550 and BOSS in reply.text


def test_bounces_and_other_domains_are_refused(lobby):
    refused(lobby, 550, sender="")
    refused(lobby, 550, to="lobby@elsewhere.example")


def test_one_refused_recipient_does_not_spoil_the_other(lobby):
    import smtplib
    with smtplib.SMTP("127.0.0.1", lobby.smtp, timeout=30) as client:
        client.ehlo("client.example")
        client.mail(SENDER)
        assert client.rcpt(f"cellar@{DOMAIN}")[0] == 550
        assert client.rcpt(f"lobby@{DOMAIN}")[0] == 250
        code, text = client.data(mails.message(text="A.\n").as_bytes())
    job = mails.Reply(code, text.decode()).job
    assert lobby.wait_job(job)["state"] == "PRINTED"


def test_network_that_is_not_trusted_is_refused(make_platend, sim):
    platend = make_platend(smtp={"trust": "192.0.2.0/24"})
    platend.add_printer("lobby", sim.uri())
    reply = refused(platend, 550, "5.7.1")
    assert "network" in reply.text or "trust" in reply.text


def test_two_senders_share_an_address_with_options_of_their_own(lobby, sim):
    lobby.register("lobby", "lobby", BOSS, retention="3d")
    assert printed(lobby)["sender"] == SENDER
    job = printed(lobby, sender=BOSS)
    assert job["sender"] == BOSS
    assert job["expires_at"] - job["received_at"] == 3 * 86400
    assert len(sim.printed()) == 2


def test_one_sender_has_two_addresses_for_two_printers(platend, make_sim):
    sim = make_sim(2)
    platend.add_printer("lobby", sim.uri(0))
    platend.add_printer("office", sim.uri(1))
    assert printed(platend, to="lobby")["printer_name"] == "lobby"
    assert printed(platend, to="office")["printer_name"] == "office"
    assert [job["printer"] for job in sim.printed()] == [0, 1]


def test_two_addresses_of_one_printer_differ_in_options(lobby):
    lobby.register("lobby", "lobby-grey", colour="grey", media="letter")
    assert printed(lobby)["is_colour"] == 1
    job = printed(lobby, to="lobby-grey")
    assert job["is_colour"] == 0 and "letter" in job["media"]


def test_same_address_for_all_in_the_constant_mode(make_platend, make_sim):
    platend = make_platend(smtp={"constant_address": "print"})
    sim = make_sim(2)
    platend.add_printer("lobby", sim.uri(0), address="print")
    platend.cli("printer", "add", "office", "--uri", sim.uri(1))
    platend.cli("registration", "add", "--printer", "office", "--from", BOSS)
    assert printed(platend, to="print")["printer_name"] == "lobby"
    assert printed(platend, to="print", sender=BOSS)[
        "printer_name"] == "office"
    refused(platend, 550, to="print", sender="nobody@example.org")
    refused(platend, 550, to="office", sender=BOSS)


def test_domain_and_anybody_as_senders(lobby):
    lobby.register("lobby", "team", "*@example.org")
    lobby.register("lobby", "open", "*")
    assert printed(lobby, to="team", sender="new@example.org")
    refused(lobby, 550, to="team", sender="new@example.net")
    assert printed(lobby, to="open", sender="new@example.net")


def test_addresses_fold_their_case(lobby):
    assert printed(lobby, to="LOBBY", sender="user@EXAMPLE.org")


def test_change_and_removal_of_a_registration_count_at_once(lobby):
    [row] = lobby.rows("SELECT id FROM registration")
    lobby.cli("registration", "set", row["id"], f"from={BOSS}")
    refused(lobby, 550)
    assert printed(lobby, sender=BOSS)
    lobby.cli("registration", "remove", row["id"])
    refused(lobby, 550, sender=BOSS)


def test_too_large_a_mail_is_refused(make_platend, sim):
    platend = make_platend(smtp={"max_message_size": "64k"})
    platend.add_printer("lobby", sim.uri())
    big = mails.message(text="A line of text.\n" * 9000)
    refused(platend, 552, mail=big)
    assert printed(platend)


def test_smtp_source_is_served_in_twenty_sessions(lobby, sim):
    import subprocess
    subprocess.run(["smtp-source", "-s", "20", "-m", "100", "-l", "2000",
                    "-f", SENDER, "-t", f"lobby@{DOMAIN}",
                    f"inet:127.0.0.1:{lobby.smtp}"], check=True, timeout=60)
    jobs = [row["id"] for row in lobby.rows("SELECT id FROM job")]
    assert len(jobs) == 100
    for job in jobs:
        assert lobby.wait_job(job)["state"] == "PRINTED"
    assert len(sim.printed()) == 100
