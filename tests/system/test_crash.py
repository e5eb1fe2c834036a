# SPDX-License-Identifier: AGPL-3.0-or-later
"""SIGKILL at any moment under load, and SIGTERM with work in hand."""
import os
import random
import smtplib
import signal
import socket
import threading
import time

import pytest

import ledger
import mails
import pdfs
import usage
from programs import DOMAIN, SENDER
from waiting import until

PRINTERS = 3
SECONDS = 40
ROUNDS = 50


class Sender(threading.Thread):
    """Mails until it is told to stop; asks again, with the same mail, until it
    gets 250: as every mail server does."""

    def __init__(self, platend, number, permits, may_connect):
        super().__init__(daemon=True)
        self.platend = platend
        self.to = f"p{number % PRINTERS}"
        self.permits = permits
        self.may_connect = may_connect
        self.stopping = threading.Event()
        self.accepted = []
        self.n_mails = 0
        self.error = None

    def run(self):
        try:
            while self.permits.acquire() and not self.stopping.is_set():
                # Some become files, most stay rows of the database.
                n_lines = random.choice((1, 1, 1, 30, 1, 1, 1, 1, 1, 1000))
                mail = mails.message("Load", ("x" * 70 + "\n") * n_lines,
                                     to=self.to)
                self.n_mails += 1
                self.accepted.append(self._until_accepted(mail))
        except AssertionError as error:
            self.error = error

    def _until_accepted(self, mail):
        while True:
            self.may_connect.wait(60)
            try:
                reply = mails.send(self.platend.smtp, mail, to=self.to,
                                   timeout=20)
            except (OSError, smtplib.SMTPException):
                continue
            if reply.is_accepted:
                return reply.job
            assert reply.code // 100 == 4, reply


def test_kill_under_load_loses_nothing_and_prints_nothing_twice(make_platend,
                                                                make_sim):
    random.seed(0)
    sim = make_sim(PRINTERS, events=False)
    for n, job_ms in enumerate((0, 3, 40)):
        sim.control(printer=n, job_ms=job_ms)
    platend = make_platend()
    for n in range(PRINTERS):
        platend.add_printer(f"p{n}", sim.uri(n))
    may_connect = threading.Event()
    permits = threading.Semaphore(0)
    senders = [Sender(platend, n, permits, may_connect) for n in range(4)]
    for sender in senders:
        sender.start()
    end = time.monotonic() + SECONDS
    rounds = 0
    while rounds < ROUNDS and time.monotonic() < end:
        may_connect.set()
        before = sum(len(s.accepted) for s in senders)
        n_mails = random.randint(2, 12)
        wanted = random.randint(0, n_mails - 1)
        permits.release(n_mails)
        until(lambda: sum(len(s.accepted) for s in senders) - before >= wanted
              or any(s.error for s in senders), "mails to be accepted")
        may_connect.clear()
        platend.kill()
        platend.start()
        rounds += 1
    may_connect.set()
    for sender in senders:
        sender.stopping.set()
    permits.release(len(senders))
    for sender in senders:
        sender.join(60)
        assert not sender.is_alive() and not sender.error, sender.error
    ledger.wait_settled(platend)
    accepted = [job for s in senders for job in s.accepted]
    states = ledger.check(platend, sim, accepted)
    # One mail, one job: also for those whose 250 was lost on the way.
    assert sum(states.values()) == sum(s.n_mails for s in senders)
    assert len(set(accepted)) == len(accepted)
    print(f"{rounds} kills, {len(accepted)} mails: {dict(states)}")
    assert states["PRINTED"] > states["UNKNOWN"] and rounds >= 10
    assert not set(states) - {"PRINTED", "UNKNOWN"}
    until(lambda: not any((platend.state / "messages").iterdir()),
          "no message without a job")
    until(lambda: not any((platend.state / "pages").iterdir()),
          "no pages without a job")


def test_term_finishes_what_is_in_hand(make_platend, sim):
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    client = smtplib.SMTP("127.0.0.1", platend.smtp, "client.example",
                          timeout=30)
    client.ehlo()
    client.mail(SENDER)
    client.rcpt(f"lobby@{DOMAIN}")
    client.putcmd("data")
    assert client.getreply()[0] == 354
    platend.signal(signal.SIGTERM)
    until(lambda: refuses(platend.smtp), "new connections to be refused")
    client.send(b"Subject: Last\r\n\r\nThe last mail.\r\n.\r\n")
    code, text = client.getreply()
    job_id = mails.Reply(code, text.decode()).job
    client.close()
    assert platend.child.process.wait(30) == 0
    platend.stop()
    platend.start()
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    assert len(sim.printed()) == 1


def refuses(port):
    """Nobody listens, or is told to come later."""
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as s:
            s.settimeout(5)
            return s.recv(3) in (b"421", b"")
    except OSError:
        return True


def test_term_lets_a_document_be_delivered(make_platend, sim):
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), what="attachments")
    sim.control(read_bps=40000)
    job_id = mails.send(platend.smtp, mails.message("A plan", attachments=[
        (mails.pdf([5]), "application/pdf", "plan.pdf")], text="")).job
    assert sim.wait("first_byte")
    assert platend.stop() == 0
    sim.control(read_bps=0)
    platend.start()
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    assert len(sim.jobs()) == 1


LONG = mails.pdf([40] * 300)


def send_long(platend, sim):
    """A job whose first pages are at the printer while others are made."""
    platend.add_printer("lobby", sim.uri(), what="attachments", dpi=300)
    job_id = mails.send(platend.smtp, mails.message("A book", "", attachments=[
        (LONG, "application/pdf", "book.pdf")])).job
    assert sim.wait("first_byte")
    return job_id


def nothing_is_left(platend):
    until(lambda: not any((platend.state / "pages").iterdir()),
          "no pages without a job")
    reply = mails.send(platend.smtp, mails.message("Next", "", attachments=[
        (mails.pdf([1]), "application/pdf", "next.pdf")]))
    assert platend.wait_job(reply.job)["state"] == "PRINTED"


def busy_worker(platend):
    """Not one that waits: they use a twentieth of a second for their fonts."""
    return next((pid for pid in usage.family(platend.pid)
                 if usage.name_of(pid) == "platen-render"
                 and usage.seconds(pid) > .2), None)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_worker_that_breaks_off_in_the_middle_is_told(make_platend, sim, how):
    """The printer, which has the first pages, gets no end for the rest."""
    platend = make_platend(limits={"render_time": "3s"})
    job_id = send_long(platend, sim)
    os.kill(until(lambda: busy_worker(platend), "a worker at work"), how)
    job = platend.wait_job(job_id)
    assert job["state"] == "FAILED" and not job["confirmed"], job
    assert "its first pages may have come out" in job["reason"], job
    [part] = platend.rows("SELECT * FROM part WHERE job_id = ? AND name != ''",
                          job_id)
    assert part["fate"] == "failed" and part["why"] in job["reason"], part
    [entry] = sim.jobs()
    assert entry["state"] in ("canceled", "aborted"), entry
    assert entry["data"] != "whole" and entry["impressions"] < 300, entry
    nothing_is_left(platend)


def test_first_page_that_is_never_whole_leaves_no_paper(make_platend, sim):
    """The printer has the job while the page is drawn, but nothing of it."""
    cells = b"".join(b"%.1f 0 %.1f rg %d %d 1 1 re f\n"
                     % (x * y % 7 / 7, (x + y) % 5 / 5, x, y)
                     for x in range(200) for y in range(100, 300))
    heavy = b"0 0 200 40 re f\n" * 200000
    platend = make_platend(limits={"render_time": "60s"})
    platend.add_printer("lobby", sim.uri(), what="attachments", dpi=300)
    job_id = mails.send(platend.smtp, mails.message("A page", "", attachments=[
        (pdfs.page(cells + heavy), "application/pdf",
         "page.pdf")])).job
    assert sim.wait("created")
    os.kill(until(lambda: busy_worker(platend), "a worker at work"),
            signal.SIGKILL)
    job = platend.wait_job(job_id)
    assert job["state"] == "FAILED" and "come out" not in job["reason"], job
    [entry] = sim.jobs()
    assert entry["state"] in ("canceled", "aborted"), entry
    assert entry["bytes"] == 0 and entry["impressions"] == 0, entry
    nothing_is_left(platend)


def test_job_cancelled_while_it_is_made_and_sent_leaves_nothing(make_platend,
                                                                sim):
    platend = make_platend()
    job_id = send_long(platend, sim)
    platend.cli("job", "cancel", job_id)
    assert platend.wait_job(job_id)["state"] == "CANCELLED"
    [entry] = sim.jobs()
    assert entry["state"] in ("canceled", "aborted"), entry
    nothing_is_left(platend)


def test_second_server_on_the_same_spool_is_refused(make_platend):
    platend = make_platend()
    from programs import Platend, ProgramFailed
    second = Platend(state_dir=platend.state)
    try:
        second.start()
        raise AssertionError("two servers share a spool")
    except ProgramFailed:
        assert str(platend.state) in second.log_text()
    finally:
        second.remove()
    assert platend.is_running


def test_damaged_spool_is_refused_and_left_alone(make_platend, sim):
    platend = make_platend(printing={"recovery_wait": "1h"})
    platend.add_printer("lobby", sim.uri())
    sim.control(state="stopped")
    job_id = mails.send(platend.smtp, mails.message(text="A line.\n")).job
    platend.wait_state(job_id, "HELD")
    platend.stop()
    path = platend.state / "spool.db"
    whole = path.read_bytes()
    path.write_bytes(b"not a database" + whole[14:])
    from programs import ProgramFailed
    try:
        platend.start()
        raise AssertionError("started on a damaged spool")
    except ProgramFailed:
        assert path.read_bytes()[:14] == b"not a database"
    path.write_bytes(whole)
    platend.start()
    assert platend.job(job_id)["state"] == "HELD"


def test_missing_master_key_is_refused(make_platend, sim):
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    platend.stop()
    key = platend.state / "master.key"
    kept = key.read_bytes()
    key.unlink()
    from programs import ProgramFailed
    try:
        platend.start()
        raise AssertionError("started without its key")
    except ProgramFailed:
        assert "master.key" in platend.log_text()
        assert not key.exists()
    key.write_bytes(kept)
    platend.start()
