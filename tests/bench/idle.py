#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""platend's memory when idle, and its time to ready with 100,000 jobs."""
import argparse
import time

import lib


def time_to_ready(platend, rounds):
    times = []
    for _ in range(rounds):
        platend.stop()
        times.append(platend.start() * 1000)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=100000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--settle", type=int, default=1800)
    options = parser.parse_args()
    lib.end_on_signals()
    if not lib.platend_is_built():
        return
    sim = lib.Sim(events=False)
    platend = lib.Platend(printing={"recovery_wait": "1h"})
    try:
        platend.start()
        time.sleep(2)
        resident = platend.resident_kb() / 1024
        lib.figure("idle, empty: resident memory", resident, "MB")
        lib.ratio("idle resident memory / 20 MB", resident / 20, "< 1")
        empty = lib.median(time_to_ready(platend, options.rounds))
        lib.figure("empty: time to ready", empty, "ms")
        platend.add_printer("bench", sim.uri())
        sim.control(state="media-empty")
        lib.fill_spool(platend, ["bench"], options.jobs)
        platend.settle(options.settle)
        full = lib.median(time_to_ready(platend, options.rounds))
        lib.figure(f"{options.jobs} jobs: time to ready", full, "ms")
        lib.ratio("time to ready / 200 ms", full / 200, "<= 1")
        lib.ratio("time to ready, full / empty", full / empty, "about 1")
        platend.settle(60)
        lib.figure(f"{options.jobs} jobs: resident memory",
                   platend.resident_kb() / 1024, "MB")
    finally:
        platend.remove()
        sim.stop()


if __name__ == "__main__":
    main()
