#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a printer's announcement to its first document byte, in a full spool.

100 printers are out of paper with 1,000 jobs each. One of them announces that
it is well again; after its first document byte it accepts nothing more, so that
most of its jobs are still there for the next announcement.
"""
import argparse
import time

import lib


def one(platend, sim, token):
    """Milliseconds, or None when nothing came within the limit."""
    sim.forget_events()
    sim.control(printer=0, state="normal")
    status, began = platend.announce("p0", token)
    while status == 429:  # not part of what is measured
        time.sleep(1)
        status, began = platend.announce("p0", token)
    if status >= 300:
        raise SystemExit(f"announcement refused: HTTP {status}")
    first = sim.wait("first_byte", 15)
    sim.control(printer=0, state="not-accepting")
    if first:
        sim.wait("ended")
    return (first["first_byte_ns"] - began) / 1e6 if first else None


def report(values):
    good = [v for v in values if v is not None]
    if len(good) < len(values):
        print(f"{len(values) - len(good)} announcements brought no document")
    if not good:
        return
    lib.figure("announcement to first document byte: median",
               lib.median(good), "ms")
    p99 = lib.percentile(good, .99)
    lib.figure("announcement to first document byte: p99", p99, "ms",
               f"max {max(good):.1f}, n {len(good)}")
    lib.ratio("p99 / 30 ms", p99 / 30, "<= 1")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--printers", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=1000, help="of each")
    parser.add_argument("--announcements", type=int, default=200)
    parser.add_argument("--pause", type=float, default=0.5,
                        help="seconds between them: platend sees the hold")
    parser.add_argument("--settle", type=int, default=1800)
    options = parser.parse_args()
    lib.end_on_signals()
    if not lib.platend_is_built():
        return
    sim = lib.Sim(options.printers)
    platend = lib.Platend(printing={"recovery_wait": "1h",
                                    "state_fresh_for": "0s"})
    try:
        platend.start()
        names = [f"p{n}" for n in range(options.printers)]
        platend.add_printers((name, sim.uri(n))
                             for n, name in enumerate(names))
        sim.control(state="media-empty")
        lib.fill_spool(platend, names, options.jobs)
        platend.settle(options.settle)
        token = platend.token("p0")
        values = []
        for _ in range(options.announcements):
            values.append(one(platend, sim, token))
            time.sleep(options.pause)
        report(values)
    finally:
        platend.remove()
        sim.stop()


if __name__ == "__main__":
    main()
