# SPDX-License-Identifier: AGPL-3.0-or-later
"""The promise, checked: what platend says of each job against what the
printers have on paper."""
from collections import Counter

from waiting import until

OVER = {"PRINTED", "FAILED", "EXPIRED", "CANCELLED"}
ENDS = OVER | {"UNKNOWN"}


def copies_by_job(platend, sim):
    """Job id -> how many printer's jobs of it came out, by the tag."""
    job_of = {row["tag"]: row["job_id"]
              for row in platend.rows("SELECT tag, job_id FROM attempt")}
    copies = Counter()
    for entry in sim.printed():
        tag = entry["job_name"].split(" ")[0]
        assert tag in job_of, f"nobody sent {entry['job_name']}"
        copies[job_of[tag]] += 1
    return copies


def wait_settled(platend, timeout=60):
    """Until nothing moves any more."""
    marks = ", ".join(f"'{state}'" for state in sorted(ENDS))
    moving = (f"SELECT id, printer_name, state, reason FROM job "
              f"WHERE state NOT IN ({marks})")
    try:
        until(lambda: not platend.rows(moving), "every job to end", timeout)
    except AssertionError as error:
        raise AssertionError(f"{error}: {platend.rows(moving)[:9]}\n"
                             f"{platend.log_tail(40)}") from None


def check(platend, sim, accepted):
    """accepted: job ids that got 250. Counts of states, for the reader."""
    jobs = {row["id"]: row for row in platend.rows("SELECT * FROM job")}
    lost = sorted(set(accepted) - set(jobs))
    assert not lost, f"accepted and lost: {lost}"
    copies = copies_by_job(platend, sim)
    for job_id, job in jobs.items():
        assert job["state"] in ENDS, job
        assert copies[job_id] <= 1, f"printed {copies[job_id]} times: {job}"
        if job["state"] == "PRINTED":
            assert copies[job_id] == 1, f"not on paper: {job}"
        else:
            assert job["reason"], job
    assert platend.row("PRAGMA integrity_check")["integrity_check"] == "ok"
    return Counter(job["state"] for job in jobs.values())
