# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printers reached by ipps show certificates of their own making: the key seen
first is the printer, another key is somebody else until the admin says so."""
import pytest

import mails


def letter(platend):
    return mails.send(platend.smtp, mails.message("A letter", "One line.\n")).job


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.tls_uri)
    return platend


def test_pages_come_out_over_tls(lobby, ippeve):
    assert lobby.row("SELECT pin FROM printer")["pin"].startswith("sha256//")
    assert lobby.wait_job(letter(lobby))["state"] == "PRINTED"
    assert len(ippeve.documents()) == 1


def test_another_key_gets_nothing_until_it_is_trusted(lobby, ippeve):
    first = lobby.row("SELECT pin FROM printer")["pin"]
    ippeve.stop()
    ippeve.forget_key()
    ippeve.start()
    job = letter(lobby)
    held = lobby.wait_state(job, "HELD")
    assert "certificate has changed" in held["reason"]
    assert ippeve.documents() == []
    lobby.cli("printer", "trust", "lobby")
    assert lobby.wait_job(job)["state"] == "PRINTED"
    second = lobby.row("SELECT pin FROM printer")["pin"]
    assert second.startswith("sha256//") and second != first


def test_trust_wants_a_printer_that_is_there(lobby):
    failed = lobby.run_cli("printer", "trust", "nobody")
    assert failed.returncode != 0 and "nobody" in failed.stderr
