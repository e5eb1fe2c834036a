#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""10,000 held printers asked every 30 s: platend's CPU and memory.

Each printer is out of paper and has one job waiting.
"""
import argparse
import concurrent.futures
import time

import lib


def hold_all(platend, sim, n):
    """One mail for each printer, over a few connections."""
    def send(index):
        data = lib.mail("Waiting", "One line.", to=f"p{index}", number=index)
        lib.send_mail(platend.smtp, data, to=f"p{index}")

    sim.control(state="media-empty")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in pool.map(send, range(n)):
            pass


def wait_until_rendered(platend, n, timeout=1200):
    """Their first pages are made ahead: n renderings, which are not measured."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        done = platend.row("SELECT count(*) AS n FROM job"
                           " WHERE state = 'HELD' AND print_format <> ''")
        if done["n"] >= n:
            return
        time.sleep(2)
    lib.say("pages are still being made: the figures include that")


def wait_until_asked(sim, n, timeout):
    before = sim.counts()["state_reads"]
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if sim.counts()["state_reads"] - before >= n:
            return
        time.sleep(0.5)
    lib.say("not every printer was asked: the figures are of fewer")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--printers", type=int, default=10000)
    parser.add_argument("--wait", type=int, default=30, help="recovery_wait")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    lib.end_on_signals()
    if not lib.platend_is_built():
        return
    n = options.printers
    sim = lib.Sim(n, events=False)
    platend = lib.Platend(printing={"recovery_wait": f"{options.wait}s"})
    try:
        platend.start()
        platend.add_printers((f"p{i}", sim.uri(i)) for i in range(n))
        hold_all(platend, sim, n)
        wait_until_rendered(platend, n)
        wait_until_asked(sim, n, 4 * options.wait)
        cpu, reads = platend.cpu_seconds(True), sim.counts()["state_reads"]
        began = time.monotonic()
        time.sleep(options.seconds)
        seconds = time.monotonic() - began
        cpu = platend.cpu_seconds(True) - cpu
        reads = sim.counts()["state_reads"] - reads
        lib.figure(f"{n} held printers: state reads", reads / seconds, "/s",
                   f"every {options.wait} s would be {n / options.wait:.0f}/s")
        lib.figure("share of one core", 100 * cpu / seconds, "%")
        lib.ratio("CPU share / 15 %", cpu / seconds / .15, "<= 1")
        resident = platend.resident_kb() / 1024
        lib.figure("resident memory", resident, "MB")
        lib.ratio("resident memory / 150 MB", resident / 150, "< 1")
    finally:
        platend.remove()
        sim.stop()


if __name__ == "__main__":
    main()
