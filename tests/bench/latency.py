#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the last SMTP byte to the first document byte at the printer.

Both ends read CLOCK_MONOTONIC. Raster only; one mail at a time, when all is
at rest, or as soon as the one before it has been printed.
"""
import argparse
import base64
import time

import lib

TEXT = "\r\n".join(f"Line {n} of a letter of one page that is printed."
                   for n in range(40))
LIMIT_MS = {"one-page text": 60, "6-page PDF": 70,
            "6-page PDF behind another mail": 70}
REST_SECONDS = .4


def text_mail(number):
    return lib.mail("A letter", TEXT, number=number)


def pdf_mail(number):
    body = base64.encodebytes(lib.pdf(6)).decode().replace("\n", "\r\n")
    return lib.mail("A document", body, "application/pdf; name=a.pdf",
                    number=number,
                    headers="Content-Transfer-Encoding: base64\r\n")


def one(platend, sim, data):
    """Milliseconds, or None when nothing was printed."""
    sim.forget_events()
    last = lib.send_mail(platend.smtp, data)
    first = sim.wait("first_byte")
    if not first:
        return None
    sim.wait("ended")
    return (first["first_byte_ns"] - last) / 1e6


def rested(platend, sim, data):
    time.sleep(REST_SECONDS)
    return one(platend, sim, data)


def measure(platend, sim, rounds):
    results = lib.take_turns(rounds, {
        "one-page text": lambda: rested(platend, sim, text_mail(0)),
        "6-page PDF": lambda: rested(platend, sim, pdf_mail(0)),
        "6-page PDF behind another mail": lambda: one(platend, sim,
                                                      pdf_mail(0)),
    })
    for name, values in results.items():
        good = [v for v in values if v is not None]
        if len(good) < len(values):
            print(f"{name}: {len(values) - len(good)} were not printed")
        if not good:
            continue
        middle = lib.median(good)
        lib.figure(f"{name}: last SMTP byte to first document byte", middle,
                   "ms", f"p90 {lib.percentile(good, .9):.0f}, "
                   f"{min(good):.0f}-{max(good):.0f}, n {len(good)}")
        lib.ratio(f"{name}: median / {LIMIT_MS[name]} ms",
                  middle / LIMIT_MS[name], "<= 1")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--formats", default="image/pwg-raster")
    options = parser.parse_args()
    lib.end_on_signals()
    if not lib.platend_is_built():
        return
    sim = lib.Sim(formats=options.formats)
    platend = lib.Platend()
    try:
        platend.start()
        platend.add_printer("bench", sim.uri())
        one(platend, sim, text_mail(0))  # fonts are read once
        measure(platend, sim, options.rounds)
    finally:
        platend.remove()
        sim.stop()


if __name__ == "__main__":
    main()
