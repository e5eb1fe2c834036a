# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which part of a mail is the one that somebody wants on paper."""
import pytest

import mails
import raster

ORIGINAL = """From: Jane <jane@example.com>
Subject: The original

What did not arrive.
"""


def of(kind, *parts, head=""):
    """A multipart, each part with its head."""
    body = "".join(f"--edge\n{part}\n" for part in parts)
    return (f"From: user@example.org\nSubject: A mail\nMIME-Version: 1.0\n"
            f"{head}Content-Type: multipart/{kind}; boundary=edge\n\n"
            f"{body}--edge--\n").replace("\n", "\r\n").encode()


def part(kind, body):
    return f"Content-Type: {kind}\n\n{body}"


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return platend


def fates(platend, mail):
    """The job, and of each part its fate and why."""
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    return job, [(row["fate"], row["why"]) for row in platend.rows(
        "SELECT fate, why FROM part_ledger WHERE job = ?", job["id"])]


NOTICE = "the notice is printed that tells of it"


@pytest.mark.parametrize("mail", [
    of("report", part("text/plain", "It could not be delivered."),
       part("message/delivery-status", "Reporting-MTA: dns; mx.example\n\n"
            "Final-Recipient: rfc822; a@example.com\nAction: failed\n"),
       part("message/rfc822", ORIGINAL)),
    of("report", part("text/plain", "It was displayed."),
       part("message/disposition-notification",
            "Final-Recipient: rfc822; a@example.com\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\n"),
       part("text/rfc822-headers", "Subject: The original\n")),
    of("mixed", part("text/plain", "I am on holiday."),
       part("message/rfc822", ORIGINAL),
       head="Auto-Submitted: auto-replied\n"),
], ids=["bounce", "receipt", "holiday"])
def test_a_machine_s_notice_is_printed_not_what_it_is_about(lobby, ippeve,
                                                            mail):
    job, [notice, *rest] = fates(lobby, mail)
    assert job["state"] == "PRINTED", job
    assert notice == ("printed", "")
    assert set(rest) == {("skipped", NOTICE)}
    assert len(raster.read(ippeve.documents()[0][1])) == 1


def test_a_mail_of_a_subject_alone_is_a_note(lobby, ippeve):
    lobby.register("lobby", "plain", head="no")
    job, ledger = fates(lobby, mails.message("Call Bob", "\n"))
    assert job["state"] == "PRINTED" and ledger == [("printed", "")]
    [page] = raster.read(ippeve.documents()[0][1])
    assert page.ink(.1, .05, .9, .3) > .001
    reply = mails.send(lobby.smtp, mails.message("Call Bob", "\n"), to="plain")
    job = lobby.wait_job(reply.job)
    assert job["state"] == "FAILED"
    assert "a subject alone" in job["reason"]
