# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fail the Nth write, sync or rename: n = 1, 2, 3 ... until a run meets no
fault. After each: start again, nothing accepted is lost, nothing is printed
twice."""
import errno
import os
import smtplib

import pytest

import ledger
import mails
from faults import RENAME, SYNC, WRITE, FaultyDisk
from waiting import until

KINDS = {"write": WRITE, "sync": SYNC, "rename": RENAME}
NTH_MAX = 150


def large():
    """Becomes a file when it is accepted, and one page when it is printed."""
    return mails.message("Large", "A line.\n", attachments=[
        (os.urandom(90000), "application/octet-stream", "data.bin")])


def small():
    return mails.message("Small", "A line.\n")


@pytest.fixture
def disk(tmp_path):
    return FaultyDisk(tmp_path)


@pytest.fixture
def lobby(make_platend, sim, disk):
    platend = make_platend(env=disk.env)
    platend.add_printer("lobby", sim.uri(), dpi=300, colour="grey")
    return platend


def try_to_send(platend, mail):
    """The reply, or None where the server was gone before it gave one."""
    try:
        return mails.send(platend.smtp, mail, timeout=30)
    except (OSError, smtplib.SMTPException):
        return None


def come_back(platend):
    """It ends with 75 when its disk failed; whatever it does, start it anew."""
    if platend.is_running:
        platend.kill()
    else:
        assert platend.stop() == 75, platend.log_tail()
    platend.start()


def send_until_accepted(platend, mail, first_reply):
    """As the peer does: the same mail again, until it is taken."""
    reply = first_reply
    if reply is None or reply.code // 100 == 4:
        reply = mails.send(platend.smtp, mail)
    assert reply.is_accepted, reply
    return reply.job


def sweep(disk, kinds, error, stays, once):
    """once(arm) for n = 1, 2, ... until it returns that nothing failed any
    more; how often something did."""
    for nth in range(1, NTH_MAX):
        if not once(lambda: disk.arm(kinds, nth, error, stays)):
            return nth - 1
    raise AssertionError(f"still failing at call {NTH_MAX}")


CASES = [(kind, error, stays)
         for kind in KINDS for error in (errno.EIO, errno.ENOSPC)
         for stays in (False, True)
         if not (stays and kind == "rename")]


@pytest.mark.parametrize("make_mail", [small, large])
@pytest.mark.parametrize("kind,error,stays", CASES)
def test_accepting_meets_a_fault(lobby, sim, disk, kind, error, stays,
                                 make_mail):
    sim.control(state="stopped")
    accepted = []

    def once(arm):
        mail = make_mail()
        arm()
        reply = try_to_send(lobby, mail)
        _, failed = disk.disarm()
        if reply:
            assert reply.code // 100 in (2, 4), reply
        come_back(lobby)
        accepted.append(send_until_accepted(lobby, mail, reply))
        return failed

    met = sweep(disk, KINDS[kind], error, stays, once)
    assert met > 0 or (kind == "rename" and make_mail is small)
    assert len(set(accepted)) == len(accepted)
    assert lobby.row("SELECT count(*) AS n FROM job")["n"] == len(accepted)
    sim.control(state="normal")
    lobby.cli("printer", "check", "lobby")
    for job_id in accepted:
        assert lobby.wait_job(job_id)["state"] == "PRINTED"
    assert ledger.check(lobby, sim, accepted)["PRINTED"] == len(accepted)


@pytest.mark.parametrize("kind,error,stays", [
    case for case in CASES if case[0] != "rename"])  # printing renames nothing
def test_printing_meets_a_fault(lobby, sim, disk, kind, error, stays):
    accepted = []

    def is_over(job_id):
        if not lobby.is_running:
            return True
        job = lobby.job(job_id)
        return job["state"] in ledger.ENDS

    def once(arm):
        # Held, so that the fault meets what follows the 250 and not the 250.
        sim.control(state="stopped")
        lobby.cli("printer", "check", "lobby")
        job_id = mails.send(lobby.smtp, large()).job
        accepted.append(job_id)
        lobby.wait_state(job_id, "HELD")
        sim.control(state="normal")
        arm()
        lobby.run_cli("job", "retry", job_id)
        until(lambda: is_over(job_id) or disk.failed, "an end or a fault")
        if stays:
            # A disk that stays bad: it must end or wait, not spin.
            until(lambda: is_over(job_id) or disk.failed, "an end")
        else:
            until(lambda: is_over(job_id), f"an end of job {job_id}")
        _, failed = disk.disarm()
        come_back(lobby)
        until(lambda: lobby.job(job_id)["state"] in ledger.ENDS,
              f"an end of job {job_id}")
        return failed

    met = sweep(disk, KINDS[kind], error, stays, once)
    assert met > 0
    states = ledger.check(lobby, sim, accepted)
    # The disk is no fault of the document: it is never given up for it.
    assert not set(states) - {"PRINTED", "UNKNOWN"}, states
    assert states["PRINTED"] >= 1


@pytest.mark.parametrize("impressions", [0, 1])
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
def test_printing_what_is_still_being_made_meets_a_fault(lobby, sim, disk,
                                                         error, impressions):
    """The printer has the first pages when the next cannot be stored."""
    sim.control(impressions=impressions)
    for nth in (1, 2, 5, 20):
        mail = mails.message("A book", "", attachments=[
            (mails.pdf([40] * 60), "application/pdf", "book.pdf")])
        sim.forget_events()
        job_id = mails.send(lobby.smtp, mail).job
        assert sim.wait("first_byte")
        disk.arm(WRITE, nth, error)
        until(lambda: disk.failed, "a fault")
        disk.disarm()
        until(lambda: not lobby.is_running or
              lobby.job(job_id)["state"] in ledger.ENDS, "an end of either")
        if not lobby.is_running:
            come_back(lobby)
        job = lobby.wait_state(job_id, *ledger.ENDS, timeout=60)
        whole = [entry for entry in sim.jobs() if entry["data"] == "whole"
                 and f"-{job_id}-" in entry["job_name"]]
        assert job["state"] in ("PRINTED", "UNKNOWN"), job
        assert job["reason"] or job["state"] == "PRINTED", job
        if job["state"] == "PRINTED":
            assert len(whole) == 1, whole
        else:  # its last page may have left before the fault
            assert len(whole) <= 1, whole


def test_fault_at_the_start_is_told_and_harms_nothing(lobby, sim, disk):
    sim.control(state="stopped")
    job_id = mails.send(lobby.smtp, large()).job
    lobby.wait_state(job_id, "HELD")
    lobby.stop()
    from programs import ProgramFailed
    for nth in range(1, NTH_MAX):
        disk.arm(WRITE | SYNC | RENAME, nth, errno.EIO)
        try:
            lobby.start()
        except ProgramFailed:
            assert lobby.log_text().strip()
        failed = disk.disarm()[1]
        lobby.stop()
        if not failed:
            break
    assert not failed
    lobby.start()
    sim.control(state="normal")
    lobby.cli("printer", "check", "lobby")
    assert lobby.wait_job(job_id)["state"] == "PRINTED"
    assert len(sim.printed()) == 1
