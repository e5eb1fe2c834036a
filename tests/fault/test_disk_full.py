# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk without space: mail is refused for now, nothing is lost."""
import io
import os
import subprocess

import pytest
from PIL import Image

import ledger
import mails
from waiting import until

SIZE = 96 << 20


def large():
    """Becomes a file when it is accepted, and one page when it is printed."""
    return mails.message("Large", "A line.\n", attachments=[
        (os.urandom(500000), "application/octet-stream", "data.bin")])


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "state"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700",
                    "platen-test", folder], check=True)
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def free(folder):
    stat = os.statvfs(folder)
    return stat.f_bavail * stat.f_frsize


def fill(folder, leave):
    ballast = folder / "ballast"
    with open(ballast, "ab") as file:
        missing = free(folder) - leave
        if missing > 0:
            file.write(bytes(missing))
    return ballast


@pytest.fixture
def lobby(make_platend, sim, small_disk):
    platend = make_platend(state_dir=small_disk,
                           limits={"disk_reserve": "2M"})
    platend.add_printer("lobby", sim.uri(), dpi=300, colour="grey")
    return platend


def test_below_the_reserve_mail_is_refused_for_now(lobby, sim, small_disk):
    ballast = fill(small_disk, leave=1 << 20)
    reply = until(lambda: is_refused(lobby), "mail to be refused")
    assert reply.code == 452 and len(reply.text.split()) > 2
    assert lobby.is_running
    ballast.unlink()
    reply = until(lambda: is_taken(lobby), "mail to be taken again")
    assert lobby.wait_job(reply.job)["state"] == "PRINTED"


def is_refused(platend):
    reply = mails.send(platend.smtp, mails.message(text="A line.\n"))
    return reply if reply.code != 250 else None


def is_taken(platend):
    reply = mails.send(platend.smtp, mails.message(text="A line.\n"))
    return reply if reply.code == 250 else None


def test_disk_that_fills_up_meanwhile_loses_nothing(lobby, sim, small_disk):
    """Mail comes until the disk is full to the last byte, then it is freed."""
    sim.control(state="stopped")
    accepted = []
    for _ in range(200):
        reply = mails.send(lobby.smtp, large())
        if not reply.is_accepted:
            assert reply.code // 100 == 4, reply
            break
        accepted.append(reply.job)
    assert accepted and not reply.is_accepted
    ballast = fill(small_disk, leave=0)
    reply = mails.send(lobby.smtp, mails.message(text="A line.\n"))
    assert reply.code == 452, reply
    sim.control(state="normal")
    lobby.run_cli("printer", "check", "lobby")
    ballast.unlink()
    if not lobby.is_running:
        assert lobby.stop() == 75
        lobby.start()
    ledger.wait_settled(lobby)
    states = ledger.check(lobby, sim, accepted)
    assert states == {"PRINTED": len(accepted)}
    assert free(small_disk) > SIZE // 2


def test_little_room_is_used_again_and_again(lobby, sim, small_disk):
    """The log of the database may not keep what the next commit needs."""
    sim.control(state="stopped")
    accepted = [mails.send(lobby.smtp, mails.message(text=f"{n}.\n")).job
                for n in range(30)]
    lobby.wait_state(accepted[-1], "HELD")
    ballast = fill(small_disk, leave=400 << 10)
    sim.control(state="normal")
    lobby.run_cli("printer", "check", "lobby")
    ledger.wait_settled(lobby)
    assert ledger.check(lobby, sim, accepted) == {"PRINTED": len(accepted)}
    ballast.unlink()


@pytest.mark.parametrize("form", ["data", "pages", "mail"])
def test_disk_that_is_full_while_a_held_job_is_made_waits(lobby, sim,
                                                          small_disk, form):
    """Nothing of it can be stored but the mail, which is there already."""
    lobby.register("lobby", "form", dpi=300, stored_form=form)
    sim.control(state="stopped")
    first = mails.send(lobby.smtp, mails.message(text="A line.\n")).job
    lobby.wait_state(first, "HELD")
    lobby.sections["limits"] = {"disk_reserve": "0"}
    lobby.restart()
    ballast = fill(small_disk, leave=1 << 20)
    book = mails.message("A book", "", to="form", attachments=[
        (photograph(), "image/png", "photo.png")])
    job_id = mails.send(lobby.smtp, book, to="form").job
    until(lambda: (form == "mail" or lobby.job(job_id)["renders"]) and
          lobby.job(job_id)["state"] in ("HELD", "ACCEPTED"),
          "the job to be tried")
    assert free(small_disk) > 300000, "what could not be stored is gone"
    ballast.unlink()
    sim.control(state="normal")
    lobby.cli("printer", "check", "lobby")
    for number in (first, job_id):
        job = lobby.wait_job(number)
        assert job["state"] == "PRINTED", (job, lobby.log_tail(30))
    assert len(sim.printed()) == 2


def photograph():
    """Half a megabyte that nothing packs."""
    out = io.BytesIO()
    Image.frombytes("RGB", (400, 400), os.urandom(480000)).save(out, "PNG")
    return out.getvalue()


def test_stop_on_a_full_disk_ends_in_order(lobby, sim, small_disk):
    sim.control(state="stopped")
    job_id = mails.send(lobby.smtp, mails.message(text="A line.\n")).job
    lobby.wait_state(job_id, "HELD")
    ballast = fill(small_disk, leave=0)
    sim.control(state="normal")
    lobby.run_cli("printer", "check", "lobby")
    until(lambda: "disk is full" in lobby.log_text(), "a change to wait")
    assert lobby.stop() == 0
    ballast.unlink()
    lobby.start()
    assert lobby.wait_job(job_id)["state"] == "PRINTED"


def test_start_on_a_full_disk_harms_nothing(lobby, sim, small_disk):
    sim.control(state="stopped")
    job_id = mails.send(lobby.smtp, large()).job
    lobby.wait_state(job_id, "HELD")
    lobby.stop()
    ballast = fill(small_disk, leave=0)
    from programs import ProgramFailed
    try:
        lobby.start()
    except ProgramFailed:
        assert lobby.log_text().strip()
    ballast.unlink()
    lobby.stop()
    lobby.start()
    sim.control(state="normal")
    lobby.cli("printer", "check", "lobby")
    assert lobby.wait_job(job_id)["state"] == "PRINTED"
    assert len(sim.printed()) == 1
