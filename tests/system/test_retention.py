# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waited too long is destroyed: no byte of it is found any more."""
import contextlib
import os
import sqlite3
import time

import pytest

import mails
from waiting import until


class Marked:
    """A mail with marks in subject, body and file name."""

    def __init__(self, size=0):
        mark = os.urandom(12).hex()
        self.marks = [f"{word}-{mark}" for word in ("subject", "body", "file")]
        subject, body, name = self.marks
        filler = os.urandom(size).hex()
        self.mail = mails.message(
            subject, f"{body}\n{filler}\n", attachments=[
                (mails.pdf([[mails.Box(.1, .1, .2, .2)]]), "application/pdf",
                 f"{name}.pdf")])

    def places(self, platend):
        """Files below the state folder in which a mark stands."""
        found = []
        for folder, _, names in os.walk(platend.state):
            for name in names:
                path = os.path.join(folder, name)
                found += [(path, mark) for mark in self.marks
                          if mark.encode() in read(path)]
        return found


def read(path):
    """Files come and go while the server works."""
    with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
        return file.read()
    return b""


def files(platend, folder):
    return os.listdir(platend.state / folder)


@pytest.fixture
def stopped(make_platend, sim):
    """A printer that will not print, and a limit of two seconds."""
    platend = make_platend(printing={"recovery_wait": "1h"})
    platend.add_printer("lobby", sim.uri(), retention="2s", what="all")
    sim.control(state="stopped")
    return platend


@pytest.mark.parametrize("size", [0, 40000])
def test_expiry_destroys_subject_body_and_file_name(stopped, sim, size):
    marked = Marked(size)
    job_id = mails.send(stopped.smtp, marked.mail).job
    job = stopped.wait_state(job_id, "HELD", "EXPIRED")
    assert job["expires_at"] - job["received_at"] == 2
    assert stopped.wait_job(job_id)["state"] == "EXPIRED"
    until(lambda: not marked.places(stopped), "the marks to be gone")
    assert files(stopped, "messages") == files(stopped, "pages") == []
    row = stopped.row("SELECT * FROM history WHERE job = ?", job_id)
    assert row["outcome"] == "EXPIRED" and row["subject"] is None
    assert stopped.row("SELECT key FROM message")["key"] is None
    sim.control(state="normal")
    assert sim.jobs() == []


def test_marks_are_there_before_they_expire(make_platend, sim):
    """Otherwise the search that finds nothing would prove nothing."""
    platend = make_platend(printing={"recovery_wait": "1h"})
    platend.add_printer("lobby", sim.uri(), what="all")
    sim.control(state="stopped")
    marked = Marked()
    job_id = mails.send(platend.smtp, marked.mail).job
    until(lambda: platend.job(job_id)["subject"] == marked.marks[0],
          "the subject")
    found = {mark for _, mark in marked.places(platend)}
    assert marked.marks[0] in found and marked.marks[2] in found
    # The body itself is never readable in the spool.
    assert marked.marks[1] not in found


def test_long_reader_delays_the_destruction_but_does_not_stop_it(stopped):
    marked = Marked()
    job_id = mails.send(stopped.smtp, marked.mail).job
    uri = f"file:{stopped.state}/spool.db?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM job").fetchone()
        assert stopped.wait_job(job_id)["state"] == "EXPIRED"
        # New mail is accepted although the log cannot be cut back now.
        assert mails.send(stopped.smtp, Marked().mail).is_accepted
        reader.execute("COMMIT")
    until(lambda: not marked.places(stopped), "the marks to be gone", 40)


def test_what_expires_while_the_server_is_down_is_destroyed_at_start(stopped):
    marked = Marked(40000)
    job_id = mails.send(stopped.smtp, marked.mail).job
    expires_at = stopped.job(job_id)["expires_at"]
    stopped.kill()
    assert files(stopped, "messages")
    until(lambda: time.time() > expires_at, "the time limit")
    stopped.start()
    assert stopped.wait_job(job_id)["state"] == "EXPIRED"
    until(lambda: not marked.places(stopped), "the marks to be gone")
    assert files(stopped, "messages") == files(stopped, "pages") == []


def test_printed_content_is_destroyed_at_once(make_platend, sim):
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), retention="3s", what="all")
    marked = Marked(40000)
    job_id = mails.send(platend.smtp, marked.mail).job
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    until(lambda: not (files(platend, "messages") + files(platend, "pages")),
          "the files to be gone")
    assert platend.job(job_id)["print_key"] is None
    # Its subject stays in the history until the limit, and no longer.
    until(lambda: not marked.places(platend), "the marks to be gone")
    assert platend.job(job_id)["state"] == "PRINTED"


def test_cancelled_content_is_destroyed_at_once(make_platend, sim):
    platend = make_platend(printing={"recovery_wait": "1h"})
    platend.add_printer("lobby", sim.uri(), what="all")
    sim.control(state="stopped")
    marked = Marked(40000)
    job_id = mails.send(platend.smtp, marked.mail).job
    platend.wait_state(job_id, "HELD")
    platend.cli("job", "cancel", job_id)
    until(lambda: not marked.places(platend), "the marks to be gone")
    assert files(platend, "messages") == files(platend, "pages") == []


@pytest.mark.parametrize("follows", ["yes", "no"])
def test_stored_jobs_follow_a_changed_limit_or_not(make_platend, sim, follows):
    platend = make_platend(printing={"recovery_wait": "1h",
                                     "retention_follows": follows})
    registration = platend.add_printer("lobby", sim.uri(), retention="1h")
    sim.control(state="stopped")
    before = mails.send(platend.smtp, mails.message(text="Before.\n")).job
    platend.wait_state(before, "HELD")
    platend.cli("registration", "set", registration, "retention=2s")
    after = mails.send(platend.smtp, mails.message(text="After.\n")).job
    assert platend.wait_job(after)["state"] == "EXPIRED"
    if follows == "yes":
        assert platend.wait_job(before)["state"] == "EXPIRED"
    else:
        job = platend.job(before)
        assert job["state"] == "HELD"
        assert job["expires_at"] - job["received_at"] == 3600


def test_other_jobs_are_left_alone(stopped, sim):
    stopped.register("lobby", "long", retention="1d")
    short = mails.send(stopped.smtp, Marked().mail).job
    kept = mails.send(stopped.smtp, Marked(40000).mail, to="long").job
    assert stopped.wait_job(short)["state"] == "EXPIRED"
    stopped.wait_state(kept, "HELD")
    sim.control(state="normal")
    stopped.cli("job", "retry", kept)
    assert stopped.wait_job(kept)["state"] == "PRINTED"
    assert len(sim.printed()) == 1
