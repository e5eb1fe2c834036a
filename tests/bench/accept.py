#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages accepted durably per second: platend, Postfix, smtp-sink.

Postfix keeps each message in its hold queue; smtp-sink keeps nothing. platend's
printer is out of paper, so its messages stay in the spool as well.
"""
import argparse

import lib

# name, bytes, sessions, messages a round, ms more per fsync, to reach
CASES = [
    ("5 kB, 20 sessions", 5000, 20, 2000, 0, ">= 3", ">= 0.5"),
    ("5 kB, 100 sessions, fsync +5 ms", 5000, 100, 2000, 5, ">= 4", None),
    ("1 MB, 20 sessions", 1000000, 20, 120, 0, ">= 2", None),
]


class Contenders:
    """One server each, for one case."""

    def __init__(self, slow_ms, options):
        self.slow_ms = slow_ms
        self.options = options
        self.sim = self.platend = self.sink = self.postfix = None

    def start(self):
        env = lib.slow_disk(self.slow_ms)
        self.postfix = lib.Postfix(env)
        if not self.slow_ms:
            self.sink = lib.SmtpSink()
        if lib.platend_is_built():
            self.sim = lib.Sim(events=False)
            self.platend = lib.Platend(env=env, printing={
                "recovery_wait": "1h", "workers": self.options.workers})
            self.platend.start()
            self.platend.add_printer("bench", self.sim.uri())
            self.sim.control(state="media-empty")

    def runs(self, case, keep):
        _, size, sessions, messages, *_ = case
        messages = max(sessions, messages * self.options.percent // 100)

        def run(port):
            return lib.smtp_source(port, messages, sessions, size, keep)

        def run_postfix():
            rate = run(self.postfix.port)
            if self.postfix.n_held() < messages:
                lib.say("Postfix has not held every message")
            self.postfix.empty()
            return rate

        def run_platend():
            rate = run(self.platend.smtp)
            self.platend.settle(self.options.settle)
            return rate

        runs = {"Postfix, hold queue": run_postfix}
        if self.sink:
            runs["smtp-sink"] = lambda: run(self.sink.port)
        if self.platend:
            runs["platend"] = run_platend
        return runs

    def stop(self):
        for server in (self.postfix, self.sink, self.sim):
            if server:
                server.stop()
        if self.platend:
            self.platend.remove()


def report(label, results, against_postfix, against_sink):
    medians = {name: lib.median(values) for name, values in results.items()}
    for name, value in medians.items():
        values = results[name]
        note = f"{min(values):.0f}-{max(values):.0f}" if values else ""
        lib.figure(f"{label}: {name}", value, "msg/s", note)
    if not results.get("platend"):
        return
    lib.ratio(f"{label}: platend / Postfix",
              medians["platend"] / medians["Postfix, hold queue"],
              against_postfix)
    if against_sink:
        lib.ratio(f"{label}: platend / smtp-sink",
                  medians["platend"] / medians["smtp-sink"], against_sink)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--percent", type=int, default=100,
                        help="of the messages of each round")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--settle", type=int, default=120,
                        help="seconds to let platend finish after a round")
    parser.add_argument("--case", type=int, choices=range(len(CASES)))
    options = parser.parse_args()
    lib.end_on_signals()
    cases = CASES if options.case is None else [CASES[options.case]]
    for case in cases:
        contenders = Contenders(case[4], options)
        try:
            contenders.start()
            for keep, mode in ((False, "new connections"),
                               (True, "kept connections")):
                results = lib.take_turns(options.rounds,
                                         contenders.runs(case, keep))
                report(f"{case[0]}, {mode}", results, case[5], case[6])
        finally:
            contenders.stop()


if __name__ == "__main__":
    main()
