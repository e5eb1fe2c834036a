#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Print formats out of one PDF: CPU time and size against Ghostscript.

    tests/bench/formats.py [ROUNDS]

platen-render runs by hand, with its sandbox; Ghostscript draws the same pages
at the same resolution into the same kind of file.
"""
import base64
import os
import resource
import subprocess
import sys
import tempfile

from lib import BIN, figure, mails, median, ratio, take_turns

PAGES = 12
# our format, our words, Ghostscript's device and options
FORMATS = [
    ("image/pwg-raster", ["colour=1"], "pwgraster",
     ["-dcupsColorSpace=19", "-dcupsBitsPerColor=8"]),
    ("application/PCLm", ["colour=1"], "pclm", []),
    ("application/pdf", ["colour=1"], "pdfimage24", []),
    # Ghostscript draws these as text, not as pixels: no peer
    ("application/vnd.hp-PCLXL", ["colour=1"], None, []),
    ("application/postscript", ["colour=1"], None, []),
    ("application/vnd.hp-PCL", ["colour=0"], "ljet4", []),
    ("image/pwg-raster", ["colour=0", "ink=black_1"], "pwgraster",
     ["-dcupsColorSpace=3", "-dcupsBitsPerColor=1"]),
]


def cpu_of(command, **options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], check=True,
                   stderr=subprocess.DEVNULL, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime -
            before.ru_utime - before.ru_stime) * 1e3


def documents(folder):
    pdf = mails.pdf([48] * PAGES)
    path = os.path.join(folder, "text.pdf")
    with open(path, "wb") as file:
        file.write(pdf)
    mail = (b"From: a@example.org\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: application/pdf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" +
            base64.encodebytes(pdf))
    return path, mail


def compare(folder, rounds, kind, words, device, options):
    path, mail = documents(folder)
    ours, theirs = (os.path.join(folder, name) for name in ("ours", "gs"))

    def run_ours():
        with open(ours, "wb") as out:
            return cpu_of([BIN / "platen-render", f"format={kind}", "dpi=300",
                           "media=iso_a4_210x297mm", *words], input=mail,
                          stdout=out)

    def run_gs():
        return cpu_of(["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-r300",
                       f"-sDEVICE={device}", *options,
                       f"-sOutputFile={theirs}", path])

    contenders = {"platen": run_ours, **({"gs": run_gs} if device else {})}
    times = take_turns(rounds, contenders)
    name = f"{kind} {' '.join(words)}"
    a = median(times["platen"])
    figure(f"{name}: platen, CPU", a / PAGES, "ms/page",
           f"{os.path.getsize(ours) / PAGES / 1e3:.0f} kB")
    if not device:
        return
    b = median(times["gs"])
    figure(f"{name}: gs {device}, CPU", b / PAGES, "ms/page",
           f"{os.path.getsize(theirs) / PAGES / 1e3:.0f} kB")
    ratio(f"{name}: gs / platen", b / a, "at least 1")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        for row in FORMATS:
            compare(folder, rounds, *row)


if __name__ == "__main__":
    main()
