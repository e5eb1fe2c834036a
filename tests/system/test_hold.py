# SPDX-License-Identifier: AGPL-3.0-or-later
"""A printer that is off, empty or jammed: jobs wait, and come out when it
recovers; every other printer goes on."""
import pytest

import mails
from waiting import until

LONG = {"recovery_wait": "1h"}


def letter(platend, to="lobby", subject="A letter", text="One line.\n"):
    reply = mails.send(platend.smtp, mails.message(subject, text, to=to), to=to)
    return reply.job


def wait_printed(platend, *job_ids):
    for job_id in job_ids:
        job = platend.wait_job(job_id)
        assert job["state"] == "PRINTED", job


def wait_held(platend, job_id, word):
    job = platend.wait_state(job_id, "HELD")
    assert word in job["reason"].lower(), job["reason"]
    [row] = platend.rows("SELECT * FROM held_jobs WHERE job = ?", job_id)
    assert row["reason"] == job["reason"]
    return job


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri)
    return platend


# --- real faults of a real printer; released by the recovery wait -------------

def test_out_of_paper_waits_until_there_is_paper(lobby, ippeve):
    ippeve.take_paper()
    job = letter(lobby)
    wait_held(lobby, job, "paper")
    assert ippeve.documents() == []
    ippeve.give_paper()
    wait_printed(lobby, job)
    assert len(ippeve.documents()) == 1


def test_out_of_toner_waits_until_there_is_toner(lobby, ippeve):
    ippeve.set_black(0)
    job = letter(lobby)
    wait_held(lobby, job, "black toner")
    assert ippeve.documents() == []
    ippeve.set_black(80)
    wait_printed(lobby, job)


def test_jam_and_open_cover_hold_the_next_job(lobby, ippeve):
    ippeve.say("STATE: +media-jam,cover-open")
    wait_printed(lobby, letter(lobby))
    job = letter(lobby)
    wait_held(lobby, job, "jam")
    ippeve.say("STATE: -media-jam,cover-open")
    ippeve.print_directly()
    wait_printed(lobby, job)


def test_printer_that_is_off_gets_the_job_when_it_is_back(lobby, ippeve):
    ippeve.stop()
    job = letter(lobby)
    wait_held(lobby, job, "refuses the connection")
    assert lobby.row("SELECT reason FROM printer")["reason"] == "off"
    ippeve.start()
    wait_printed(lobby, job)
    assert len(ippeve.documents()) == 1


def test_frozen_printer_counts_as_off(lobby, ippeve):
    ippeve.freeze()
    job = letter(lobby)
    wait_held(lobby, job, "did not answer")
    assert lobby.row("SELECT reason FROM printer")["reason"] == "off"
    ippeve.thaw()
    wait_printed(lobby, job)
    assert len(ippeve.documents()) == 1


def test_busy_printer_is_waited_for(lobby, ippeve):
    ippeve.close_gate()
    first = letter(lobby)
    lobby.wait_state(first, "SENDING")
    others = [letter(lobby) for _ in range(2)]
    until(lambda: lobby.row("SELECT count(*) AS n FROM attempt WHERE step IN "
                            "('created', 'delivered')")["n"], "a first job")
    ippeve.open_gate()
    wait_printed(lobby, first, *others)
    assert len(ippeve.documents()) == 3


def test_job_that_the_printer_aborts_is_not_called_printed(lobby, ippeve):
    ippeve.fail_jobs(True)
    job = lobby.wait_state(letter(lobby), "FAILED", "UNKNOWN")
    assert job["reason"]
    ippeve.fail_jobs(False)
    wait_printed(lobby, letter(lobby))
    assert len(ippeve.documents()) == 1


# --- trays -------------------------------------------------------------------

@pytest.fixture
def trays(platend, sim):
    """A4 in the tray main, Letter in the tray bottom, which is empty."""
    sim.control(bottom=0)
    platend.add_printer("lobby", sim.uri())
    platend.register("lobby", "bottom", tray="bottom")
    return platend


@pytest.mark.parametrize("to, subject", [
    ("lobby", "[tray=bottom]"), ("bottom", "A letter")])
def test_job_for_an_empty_tray_waits_while_others_print(trays, sim, to,
                                                        subject):
    low = letter(trays, to, subject)
    wait_held(trays, low, "out of letter paper in its tray 'bottom'")
    wait_printed(trays, letter(trays))
    wait_held(trays, low, "tray 'bottom'")
    assert len(sim.jobs()) == 1
    sim.control(bottom=50)
    wait_printed(trays, low)


def test_job_for_a_full_tray_does_not_wait_for_another(trays, sim):
    sim.control(bottom=50, main=0)
    job = letter(trays)
    wait_held(trays, job, "a4 paper")
    wait_printed(trays, letter(trays, "bottom"))
    assert trays.job(job)["state"] == "HELD"
    sim.control(main=50)
    wait_printed(trays, job)


# --- announcements -----------------------------------------------------------

@pytest.fixture
def held(make_platend, make_sim):
    """Three printers that nobody asks again unless they announce."""
    platend = make_platend(printing=LONG)
    sim = make_sim(3)
    for n, name in enumerate(("lobby", "office", "cellar")):
        platend.add_printer(name, sim.uri(n))
    return platend, sim


@pytest.mark.parametrize("condition", [
    "media-empty", "toner-empty", "jam", "cover-open", "stopped",
    "not-accepting"])
def test_announcement_releases_what_was_held(held, condition):
    platend, sim = held
    token = platend.token("lobby")
    sim.control(printer=0, state=condition)
    job = letter(platend)
    platend.wait_state(job, "HELD")
    sim.control(printer=0, state="normal")
    assert platend.announce("lobby", token)[0] == 202
    wait_printed(platend, job)
    assert len(sim.printed(0)) == 1


def test_announcement_is_judged_not_believed(held):
    platend, sim = held
    token = platend.token("lobby")
    sim.control(printer=0, state="media-empty")
    job = letter(platend)
    platend.wait_state(job, "HELD")
    asked = sim.counts(0)["state_reads"]
    assert platend.announce("lobby", token)[0] == 202
    until(lambda: sim.counts(0)["state_reads"] > asked, "a state read")
    # A mail to another printer passes through everything meanwhile.
    wait_printed(platend, letter(platend, "office"))
    assert platend.job(job)["state"] == "HELD"
    assert sim.jobs(0) == []


@pytest.mark.parametrize("body", [
    b"{}", b'{"event":"power-on"}', b'{"event":"recovered"}',
    b'{"event":"periodic"}'])
def test_every_kind_of_announcement_leads_to_a_question(held, body):
    platend, sim = held
    token = platend.token("lobby")
    sim.control(printer=0, state="jam")
    job = letter(platend)
    platend.wait_state(job, "HELD")
    sim.control(printer=0, state="normal")
    assert platend.post_announcement("lobby", token, body)[0] == 202
    wait_printed(platend, job)


def test_announcement_without_the_right_token_is_refused(held):
    platend, sim = held
    token = platend.token("lobby")
    other = platend.token("office")
    sim.control(printer=0, state="media-empty")
    job = letter(platend)
    platend.wait_state(job, "HELD")
    sim.control(printer=0, state="normal")
    for name, given in (("lobby", None), ("lobby", ""), ("lobby", token + "x"),
                        ("lobby", token[:-1]), ("lobby", other),
                        ("office", token), ("nowhere", token),
                        ("lobby", "lobby.AAAA")):
        assert platend.post_announcement(name, given)[0] == 401, (name, given)
    assert platend.job(job)["state"] == "HELD"
    assert sim.jobs(0) == []
    newer = platend.token("lobby")
    assert platend.announce("lobby", token)[0] == 401
    assert platend.announce("lobby", newer)[0] == 202
    wait_printed(platend, job)


def test_announcement_that_cannot_be_read_is_refused(held):
    platend, _ = held
    token = platend.token("lobby")
    for body in (b"{", b"[]", b'{"event":"party"}', b'{"event":7}'):
        assert platend.post_announcement("lobby", token, body)[0] == 400, body
    assert platend.announce("lobby", token)[0] == 202


def test_flood_of_announcements_is_slowed_down(held):
    platend, sim = held
    token = platend.token("lobby")
    answers = [platend.post_announcement("lobby", token) for _ in range(100)]
    statuses = [status for status, _ in answers]
    assert set(statuses) == {202, 429}
    assert statuses[0] == 202
    waits = [headers["Retry-After"] for status, headers in answers
             if status == 429]
    assert all(int(wait) > 0 for wait in waits)
    # Its neighbour is not slowed down by it.
    assert platend.announce("office", platend.token("office"))[0] == 202
    assert sim.counts(0)["state_reads"] < 60


# --- order and neighbours ----------------------------------------------------

def test_oldest_goes_first_and_alone(held):
    platend, sim = held
    token = platend.token("lobby")
    sim.control(printer=0, state="media-empty", job_ms=50)
    jobs = [letter(platend, subject=f"Number {n}") for n in range(6)]
    for job in jobs:
        platend.wait_state(job, "HELD")
    sim.control(printer=0, state="normal")
    assert platend.announce("lobby", token)[0] == 202
    wait_printed(platend, *jobs)
    at_printer = sorted(sim.printed(0), key=lambda job: job["created_ns"])
    tags = {row["tag"]: row["job_id"]
            for row in platend.rows("SELECT tag, job_id FROM attempt")}
    order = [next(job for tag, job in tags.items()
                  if entry["job_name"].startswith(tag))
             for entry in at_printer]
    assert order == jobs
    assert at_printer[0]["ended_ns"] <= at_printer[1]["first_byte_ns"]


def test_other_printers_go_on_meanwhile(held):
    platend, sim = held
    sim.control(printer=0, state="media-empty")
    sim.control(printer=2, answer="never", answer_to="state")
    waiting = [letter(platend) for _ in range(5)]
    silent = letter(platend, "cellar")
    wait_printed(platend, *(letter(platend, "office") for _ in range(10)))
    for job in (*waiting, silent):
        platend.wait_state(job, "HELD")
    assert len(sim.printed(1)) == 10
    assert sim.jobs(0) == sim.jobs(2) == []


def test_fault_while_printing_waits_and_prints_once(held):
    platend, sim = held
    sim.control(printer=0, on_job="stuck")
    job = letter(platend)
    assert sim.wait("whole")
    sim.control(printer=0, state="media-empty")
    wait_printed(platend, letter(platend, "office"))
    assert platend.job(job)["state"] == "SENDING"
    sim.control(printer=0, state="normal", on_job="completed")
    wait_printed(platend, job)
    assert len(sim.jobs(0)) == 1


def test_refusal_as_busy_is_tried_again_without_a_hold(make_platend, sim):
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    sim.control(busy=3)
    wait_printed(platend, letter(platend))
    assert len(sim.printed()) == 1


def test_held_job_can_be_tried_or_cancelled_by_hand(held):
    platend, sim = held
    sim.control(printer=0, state="jam")
    first, second = letter(platend), letter(platend)
    for job in (first, second):
        platend.wait_state(job, "HELD")
    platend.cli("job", "cancel", second)
    assert platend.wait_job(second)["state"] == "CANCELLED"
    sim.control(printer=0, state="normal")
    platend.cli("job", "retry", first)
    wait_printed(platend, first)
    assert len(sim.jobs(0)) == 1


def test_held_jobs_survive_a_restart(held):
    platend, sim = held
    token = platend.token("lobby")
    sim.control(printer=0, state="media-empty")
    jobs = [letter(platend) for _ in range(3)]
    for job in jobs:
        platend.wait_state(job, "HELD")
    platend.restart()
    sim.control(printer=0, state="normal")
    assert platend.announce("lobby", token)[0] == 202
    wait_printed(platend, *jobs)
    assert len(sim.printed(0)) == 3


# --- more printers than workers ------------------------------------------------

@pytest.fixture
def crowd(make_platend, make_sim):
    """Twenty printers without paper, and one worker for all of them."""
    sim = make_sim(21)
    platend = make_platend(printing={**LONG, "workers": 1})
    sim.control(state="media-empty")
    for n in range(20):
        platend.add_printer(f"p{n}", sim.uri(n))
    return platend, sim


def count(platend, state, rest="1"):
    [row] = platend.rows("SELECT count(*) AS n FROM job"
                         f" WHERE state = ? AND {rest}", state)
    return row["n"]


def test_pages_are_made_ahead_a_few_at_a_time(crowd):
    platend, sim = crowd
    jobs = [letter(platend, f"p{n}") for n in range(20)]
    most = 0

    def all_have_pages():
        nonlocal most
        most = max(most, count(platend, "RENDERING"))
        return count(platend, "HELD", "print_format <> ''") == len(jobs)

    until(all_have_pages, "the pages of every job")
    assert most <= 2
    sim.control(state="normal")
    for n in range(20):
        platend.announce(f"p{n}", platend.token(f"p{n}"))
    wait_printed(platend, *jobs)
    assert all(len(sim.printed(n)) == 1 for n in range(20))


def test_job_that_left_while_it_stood_in_line_costs_no_turn(crowd):
    platend, sim = crowd
    jobs = [letter(platend, f"p{n}") for n in range(20)]
    for job in jobs[::2]:
        platend.cli("job", "cancel", job)
    until(lambda: count(platend, "HELD", "print_format <> ''") == 10,
          "the pages of the others")
    for job in jobs[::2]:
        assert platend.wait_job(job)["state"] == "CANCELLED"


def test_a_cancel_is_heard_whatever_is_done_with_the_job(crowd):
    platend, sim = crowd
    for n in range(20):
        job = letter(platend, f"p{n}")
        for _ in range(2 * n):
            platend.job(job)  # a millisecond or so
        platend.cli("job", "cancel", job)
        assert platend.job(job)["state"] == "CANCELLED"


def test_what_can_print_goes_before_what_is_made_ahead(crowd):
    platend, sim = crowd
    for n in range(20):
        letter(platend, f"p{n}", text="Line by line.\n" * 1000)
    sim.control(printer=20, state="normal")
    platend.add_printer("ready", sim.uri(20))
    wait_printed(platend, letter(platend, "ready"))
    assert count(platend, "HELD", "print_format = ''") > 0
