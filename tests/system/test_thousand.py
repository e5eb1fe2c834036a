# SPDX-License-Identifier: AGPL-3.0-or-later
"""A thousand documents of all kinds through one server: each is printed once,
and afterwards it holds no more than after the first of them."""
import concurrent.futures
import dataclasses

import ledger
import mails
import office_files as office
import usage
from fixtures import check_programs
from mails import Box

check_programs(["platen-box", "platen-office"],
               ["/usr/bin/chromium-headless-shell"])
ROUNDS = 5
N_PRINTERS = 4
HTML = "<html><body><table width=600 cellpadding=8><tr><td bgcolor=#1040a0>" \
       "<h1>News</h1></td></tr><tr><td>{}</td></tr></table></body></html>"


def text(n):
    return {"text": f"Letter {n}.\n" + "Some words of it, line by line.\n" * 20}


def html(n):
    return {"html": HTML.format(f"Number {n}. " + "Words of it. " * 150)}


def attached(data, kind, name):
    return {"text": "See the file.\n", "attachments": [(data, kind, name)]}


def picture(n):
    """Like no other: what a sender repeats is taken for a logo."""
    boxes = [Box(.1, .1, .9, .2 + n / 2000, (16, 64, 160)),
             Box(.1, .8, .1 + n / 2000, .9, (n % 256, 0, 90))]
    kind = "PNG" if n % 2 else "JPEG"
    return attached(mails.picture(kind, boxes, (600, 840)),
                    f"image/{kind.lower()}", f"{n}.{kind.lower()}")


def pdf(n):
    return attached(mails.pdf([20 + n % 30]), "application/pdf", f"{n}.pdf")


def office_file(n):
    kind = "docx" if n % 2 else "odt"
    data = office.docx(paragraphs=1 + n % 9) if n % 2 else office.odt()
    return attached(data, office.TYPES[kind], f"{n}.{kind}")


# Of each round.
MIX = [(text, 92), (html, 60), (picture, 22), (pdf, 22), (office_file, 4)]


def mail_round(platend, first):
    """Mail one round from a few clients; the jobs."""
    makers = [make for make, count in MIX for _ in range(count)]
    # Mixed, always alike: 89 has no divisor in common with their number.
    makers = [makers[at * 89 % len(makers)] for at in range(len(makers))]

    def send(at):
        n = first + at
        to = f"p{n % N_PRINTERS}"
        return mails.send(platend.smtp, mails.message(
            f"Document {n}", to=to, **makers[at](n)), to=to).job

    with concurrent.futures.ThreadPoolExecutor(2 * N_PRINTERS) as clients:
        return list(clients.map(send, range(len(makers))))


@dataclasses.dataclass
class Use:
    """What the server and its programs hold when all is done."""
    server_kb: int
    engines_kb: int  # of all programs below it; what they share counts once
    descriptors: int
    threads: int
    processes: int
    files: int    # in the state folder
    scratch: int  # in what the engines see as /tmp

    @classmethod
    def of(cls, platend):
        below = usage.family(platend.pid)[1:]
        return cls(usage.resident_kb(platend.pid),
                   sum(usage.share_kb(pid) for pid in below),
                   usage.n_descriptors(platend.pid),
                   usage.n_threads(platend.pid), len(below),
                   usage.n_files(platend.state),
                   sum(usage.n_files(f"/proc/{pid}/root/tmp") for pid in below
                       if usage.name_of(pid) == "platen-box"))


# What the last two rounds may both hold more of than either of the first two:
# memory goes back to the kernel when it likes, browsers grow and are replaced.
TOLERANCE = Use(server_kb=1500, engines_kb=50_000, descriptors=4, threads=0,
                processes=2, files=2, scratch=20)


def test_a_thousand_documents_leave_nothing_behind(make_platend, make_sim):
    sim = make_sim(N_PRINTERS)
    platend = make_platend(printing={"recovery_wait": "1h"})
    for n in range(N_PRINTERS):
        platend.add_printer(f"p{n}", sim.uri(n))
    jobs, uses = [], []
    for _ in range(ROUNDS):
        jobs += mail_round(platend, len(jobs))
        ledger.wait_settled(platend, 120)
        uses.append(Use.of(platend))
    print("\n".join(map(str, uses)))
    states = ledger.check(platend, sim, jobs)
    assert states == {"PRINTED": len(set(jobs))} and len(set(jobs)) == 1000
    assert platend.rows("SELECT * FROM part_ledger WHERE fate = 'failed' "
                        "OR fate = 'printed' AND why <> ''") == []
    for name, more in dataclasses.asdict(TOLERANCE).items():
        held = [getattr(use, name) for use in uses]
        assert min(held[-2:]) <= max(held[:2]) + more, (name, held)
