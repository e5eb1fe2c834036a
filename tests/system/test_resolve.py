# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the connection breaks: printed once, or said that nobody knows."""
import pytest

import mails

ONE_PAGE = mails.pdf([30])
TWO_PAGES = mails.pdf([30, 30])


@pytest.fixture
def lobby(make_platend, sim):
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), what="attachments", dpi=300,
                        colour="grey")
    return platend


def plan(document=ONE_PAGE):
    return mails.message("A plan", "", attachments=[
        (document, "application/pdf", "plan.pdf")])


def send(platend, document=ONE_PAGE):
    return mails.send(platend.smtp, plan(document)).job


def outcome(platend, job_id):
    """PRINTED or UNKNOWN; everything else is waited through."""
    job = platend.wait_state(job_id, "PRINTED", "UNKNOWN", "FAILED",
                             timeout=60)
    assert job["state"] != "FAILED", job
    assert job["state"] == "PRINTED" or job["reason"], job
    return job


def copies(sim):
    """How often something of it came out on paper."""
    return len(sim.printed())


def document_size(platend, sim):
    assert outcome(platend, send(platend))["state"] == "PRINTED"
    [job] = sim.jobs()
    return job["bytes"]


def test_death_at_any_byte_prints_once_or_says_unknown(lobby, sim):
    size = document_size(lobby, sim)
    grid = sorted({0, 1, 4, 1800, size // 3, size // 2, size - 1, size})
    for n, byte in enumerate(grid, 2):
        sim.control(die_at=byte, times=1, on_cut="aborted")
        before = copies(sim)
        job = outcome(lobby, send(lobby))
        came_out = copies(sim) - before
        assert came_out <= 1, (byte, job)
        if job["state"] == "PRINTED":
            assert came_out == 1, (byte, job)
        if byte < size // 2:
            # The printer counts its pages, and says that there were none.
            assert job["state"] == "PRINTED", (byte, job)


def test_cut_at_a_printer_that_does_not_count_is_unknown(lobby, sim):
    sim.control(impressions=0, die_at=3000, times=1, on_cut="aborted")
    job = outcome(lobby, send(lobby))
    assert job["state"] == "UNKNOWN"
    assert copies(sim) == 0 and len(sim.jobs()) == 1


def test_mail_that_may_be_printed_does_not_come_again(lobby, sim):
    """Its sender tries again, though the job was given up."""
    sim.control(impressions=0, die_at=3000, times=1, on_cut="aborted")
    mail = plan()
    job = outcome(lobby, mails.send(lobby.smtp, mail).job)
    assert job["state"] == "UNKNOWN"
    lobby.cli("job", "cancel", job["id"])
    assert mails.send(lobby.smtp, mail).job == job["id"]
    assert len(sim.jobs()) == 1


def test_mail_of_a_job_aborted_before_its_first_page_may_come_again(lobby, sim):
    """Known where a printer has shown that it counts its pages."""
    mail, again = plan(), plan()
    sim.control(on_job="aborted", impressions=0)
    first = mails.send(lobby.smtp, mail).job
    assert lobby.wait_job(first)["state"] == "FAILED"
    assert mails.send(lobby.smtp, mail).job == first
    sim.control(on_job="completed", impressions=1)
    assert outcome(lobby, send(lobby))["state"] == "PRINTED"
    sim.control(on_job="aborted")
    second = mails.send(lobby.smtp, again).job
    assert lobby.wait_job(second)["state"] == "FAILED"
    counted = sim.jobs()[-1]["impressions"]
    assert (mails.send(lobby.smtp, again).job == second) == (counted > 0)


def test_cut_document_that_is_called_completed_is_unknown(lobby, sim):
    """As ippeveprinter does: it prints a fragment and reports success."""
    sim.control(die_at=3000, times=1, on_cut="completed")
    job = outcome(lobby, send(lobby))
    assert job["state"] == "UNKNOWN"
    assert len(sim.jobs()) == 1


def test_cut_after_a_page_is_on_paper_is_unknown(lobby, sim):
    whole = document_size(lobby, sim)
    sim.control(die_at=whole + 2500, times=1, on_cut="aborted")
    job = outcome(lobby, send(lobby, TWO_PAGES))
    assert job["state"] == "UNKNOWN"
    assert [entry["impressions"] for entry in sim.jobs()] == [1, 1]


def test_answer_lost_after_the_last_byte_prints_once(lobby, sim):
    sim.control(answer="close", answer_to="document", times=1)
    job = outcome(lobby, send(lobby))
    assert len(sim.jobs()) == copies(sim) == 1
    assert job["state"] in ("PRINTED", "UNKNOWN")


def test_silence_after_the_last_byte_prints_once(lobby, sim):
    sim.control(answer="never", answer_to="document", times=1)
    job_id = send(lobby)
    assert sim.wait("ended")
    lobby.kill()
    lobby.start()
    assert outcome(lobby, job_id)["state"] == "UNKNOWN"
    assert len(sim.jobs()) == copies(sim) == 1


def test_answer_to_create_job_lost_prints_once(lobby, sim):
    sim.control(answer="close", answer_to="create", times=1)
    assert outcome(lobby, send(lobby))["state"] == "PRINTED"
    assert copies(sim) == 1
    states = sorted(job["state"] for job in sim.jobs())
    assert states == ["canceled", "completed"]


def test_cancel_that_was_lost_is_said_again(lobby, sim):
    """The printer waits for the rest of a document, and does not hear it at
    first; nothing else could be printed meanwhile."""
    outcome(lobby, send(lobby))  # it counts its pages
    sim.control(die_at=3000, times=3, on_cut="stuck", answer="drop",
                answer_to="cancel")
    job = outcome(lobby, send(lobby))
    assert job["state"] == "PRINTED" and copies(sim) == 2
    assert [entry["state"] for entry in sim.jobs()] == [
        "completed", "canceled", "completed"]


def test_job_that_the_printer_forgot_is_not_printed_again(lobby, sim):
    sim.control(forget=1)
    outcome(lobby, send(lobby))
    assert len(sim.jobs()) == copies(sim) == 1


@pytest.mark.parametrize("fate", ["aborted", "canceled"])
def test_job_ended_at_the_printer_is_not_called_printed(lobby, sim, fate):
    sim.control(on_job=fate)
    job_id = send(lobby)
    job = lobby.wait_state(job_id, "FAILED", "UNKNOWN", "CANCELLED",
                           timeout=60)
    assert job["reason"]
    assert len(sim.jobs()) == 1


def test_unknown_job_waits_for_a_person_and_reprints_with_a_mark(lobby, sim):
    sim.control(impressions=0, die_at=3000, times=1)
    job_id = send(lobby)
    assert outcome(lobby, job_id)["state"] == "UNKNOWN"
    # It is shown, and later jobs are not kept by it.
    [held] = lobby.rows("SELECT * FROM held_jobs")
    assert held["job"] == job_id and held["reason"]
    other = outcome(lobby, send(lobby))
    assert other["state"] == "PRINTED"
    lobby.restart()
    assert lobby.job(job_id)["state"] == "UNKNOWN"
    lobby.cli("job", "retry", job_id)
    job = outcome(lobby, job_id)
    assert job["state"] == "PRINTED" and job["is_reprint"] == 1
    assert copies(sim) == 2
    # A page in front says that this is a second copy.
    assert [entry["pages"] for entry in sim.printed()] == [1, 2]


def test_unknown_job_expires_on_time(make_platend, sim):
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), retention="3s")
    sim.control(impressions=0, die_at=2000, times=1)
    job_id = mails.send(platend.smtp, mails.message(text="A line.\n")).job
    assert platend.wait_job(job_id)["state"] == "EXPIRED"
    assert copies(sim) == 0


@pytest.mark.parametrize("event", ["created", "first_byte", "whole"])
@pytest.mark.parametrize("on_cut", ["aborted", "completed", "stuck"])
def test_kill_at_each_step_of_sending(lobby, sim, event, on_cut):
    sim.control(on_cut=on_cut, read_bps=40000, job_ms=300)
    job_id = send(lobby, mails.pdf([5, 5]))
    assert sim.wait(event)
    lobby.kill()
    sim.control(read_bps=0)
    lobby.start()
    job = outcome(lobby, job_id)
    assert copies(sim) <= 1
    if job["state"] == "PRINTED":
        assert copies(sim) == 1
    if event == "created" and on_cut == "aborted":
        assert job["state"] == "PRINTED"


def test_printer_vanishes_and_comes_back_without_memory(make_platend,
                                                        make_ippeve):
    """Power off while it prints: the printer that returns knows no job."""
    platend = make_platend()
    ippeve = make_ippeve()
    platend.add_printer("lobby", ippeve.uri)
    ippeve.close_gate()
    job_id = mails.send(platend.smtp, mails.message(text="A line.\n")).job
    platend.wait_state(job_id, "SENDING")
    ippeve.stop()
    ippeve.open_gate()
    ippeve.start()
    job = outcome(platend, job_id)
    assert len(ippeve.documents()) <= 1
    assert job["state"] == "UNKNOWN" or len(ippeve.documents()) == 1
