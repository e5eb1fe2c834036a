# SPDX-License-Identifier: AGPL-3.0-or-later
"""SIGKILL at every step of a job of several documents. A step is a commit: the
server is killed where the Nth one begins, and when it is durable and nobody
was told, n = 1, 2, 3 ... until a run is not met any more."""
import smtplib
from collections import Counter

import pytest

import ledger
import mails
from faults import BEGIN, KILL, RENAME, SYNC, FaultyDisk
from mails import Box
from waiting import until

NTH_MAX = 60
N_DOCUMENTS = 3


@pytest.fixture
def disk(tmp_path):
    return FaultyDisk(tmp_path)


def photos():
    """Three attachments, a page each: three documents for this printer."""
    return mails.message("Photos", "", attachments=[
        (mails.picture("JPEG", [Box(.3, .2 * n, .7, .2 * n + .1)], (120, 160)),
         "image/jpeg", f"{n}.jpg") for n in range(1, N_DOCUMENTS + 1)])


def try_to_send(platend, mail):
    """None where the server was killed before it answered."""
    try:
        return mails.send(platend.smtp, mail, timeout=30)
    except (OSError, smtplib.SMTPException):
        return None


def copies_of(platend, sim, job_id):
    """Number of a document -> how often it is on paper."""
    first = {row["tag"]: row["first_document"] for row in platend.rows(
        "SELECT tag, first_document FROM attempt WHERE job_id = ?", job_id)}
    copies = Counter()
    for entry in sim.printed():
        tag = entry["job_name"].split(" ")[0]
        for n in range(entry["documents"] if tag in first else 0):
            copies[first[tag] + n] += 1
    return copies


def end_of(platend, sim, job_id):
    """Its row: each document is on paper once, or nobody knows."""
    job = platend.wait_state(job_id, *ledger.ENDS, timeout=60)
    copies = copies_of(platend, sim, job_id)
    if job["state"] == "PRINTED":
        assert copies == {n: 1 for n in range(1, N_DOCUMENTS + 1)}, job
    else:
        assert job["state"] == "UNKNOWN" and job["reason"], job
        assert max(copies.values(), default=0) <= 1, (copies, job)
    return job


def one_run(platend, sim, disk, kinds, nth):
    """The job's state at its end; None: nothing was met any more."""
    mail = photos()
    disk.arm(kinds, nth, KILL)
    reply = try_to_send(platend, mail)
    if reply:
        until(lambda: disk.failed or platend.job(reply.job)["state"] in
              ledger.ENDS, "a kill or an end")
    met = disk.disarm()[1]
    if met:
        platend.kill()
        platend.start()
    job_id = mails.send(platend.smtp, mail).job
    assert reply is None or reply.job == job_id, "one mail, one job"
    state = end_of(platend, sim, job_id)["state"]
    return state if met else None


@pytest.mark.parametrize("kinds", [BEGIN, SYNC | RENAME],
                         ids=["not durable", "not told"])
@pytest.mark.parametrize("setting", ["many=0", "many=1&impressions=0"])
def test_each_document_is_printed_once_or_nobody_knows(
        make_platend, make_sim, disk, setting, kinds):
    sim = make_sim(setting=setting, formats="image/jpeg")
    platend = make_platend(env=disk.env)
    platend.add_printer("lobby", sim.uri(), what="attachments", media="a5")
    states = Counter()
    for nth in range(1, NTH_MAX):
        state = one_run(platend, sim, disk, kinds, nth)
        if not state:
            break
        states[state] += 1
    assert not state, f"still met at call {NTH_MAX}"
    print(f"{setting}: {dict(states)}")
    # Nobody knows where the printer has done what was not noted yet.
    tries = 1 if "many=1" in setting else N_DOCUMENTS
    assert states["PRINTED"] > 5 and states["UNKNOWN"] <= tries, states
    rows = platend.rows("SELECT state FROM job")
    assert len(rows) == sum(states.values()) + 1


BAR = [Box(.3, .1, .7, .15)]


@pytest.mark.parametrize("n", range(N_DOCUMENTS))
@pytest.mark.parametrize("setting", ["many=0", "many=1",
                                     "many=0&impressions=0",
                                     "many=1&impressions=0"])
def test_kill_inside_a_document_prints_no_other_one_twice(
        make_platend, make_sim, setting, n):
    """The printer has taken n documents, and the beginning of the next."""
    sim = make_sim(setting=setting, formats="image/jpeg")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), what="attachments", media="a5")
    platend.wait_job(mails.send(platend.smtp, pages(BAR)).job)
    sim.control(die_at=sim.jobs()[0]["bytes"] + 5000, times=1)
    document = [BAR] * N_DOCUMENTS
    document[n] = 40  # lines of text, which make it larger than the others
    job_id = mails.send(platend.smtp, pages(*document)).job
    assert sim.wait("cut")
    platend.kill()
    platend.start()
    job = end_of(platend, sim, job_id)
    if "impressions=0" not in setting:  # it says that nothing came out
        assert job["state"] == "PRINTED"
    else:
        assert job["state"] == "UNKNOWN"
        assert job["documents_done"] == (n if "many=0" in setting else 0)


def pages(*pages):
    return mails.message("Photos", "", attachments=[
        (mails.pdf(pages), "application/pdf", "plan.pdf")])
