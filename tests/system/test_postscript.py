# SPDX-License-Identifier: AGPL-3.0-or-later
"""PostScript by the real Ghostscript: the pages are looked at, and programs
that want more than paper get nothing."""
import contextlib
import os
import pathlib
import socket
import struct
import subprocess
import tempfile

import pytest

import mails
import raster
from programs import BIN
from waiting import until

RED, BLUE, GREEN = (208, 16, 32), (16, 64, 192), (16, 160, 64)
POINTS = (595.28, 841.89)


def box(x, y, width, height, colour):
    rgb = " ".join(f"{c / 255:.4f}" for c in colour)
    return f"{rgb} setrgbcolor {x} {y} {width} {height} rectfill\n"


def ps(*pages):
    return ("%!PS-Adobe-3.0\n" + "".join(
        f"{page}showpage\n" for page in pages)).encode()


def eps(body, where="100 200 300 300", late=False):
    head = "(atend)" if late else where
    return (f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: {head}\n"
            f"%%EndComments\n{body}%%Trailer\n" +
            (f"%%BoundingBox: {where}\n" if late else "") +
            "%%EOF\n").encode()


def dos(program):
    preview = b"II*\0" + bytes(40)
    return (b"\xc5\xd0\xd3\xc6" + struct.pack(
        "<6IH", 30, len(program), 0, 0, 30 + len(program), len(preview),
        0xffff) + program + preview)


@pytest.fixture
def lobby(make_platend, ippeve):
    platend = make_platend(printing={"postscript": "yes"},
                           limits={"render_time": "6s", "pages": "50"})
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    return platend


def mail_with(data, name="file.ps", kind="application/postscript"):
    return mails.message("A drawing", attachments=[(data, kind, name)])


def part_of(platend, job):
    [row] = platend.rows("SELECT * FROM part_ledger WHERE job = ? "
                         "AND name LIKE 'file.%'", job["id"])
    return row


def pages_of(platend, ippeve, *what):
    before = len(ippeve.documents())
    job = platend.wait_job(mails.send(platend.smtp, mail_with(*what)).job)
    part = part_of(platend, job)
    assert job["state"] == "PRINTED", (job, part, platend.log_tail())
    assert part["fate"] == "printed", part
    [(_, printed)] = ippeve.documents()[before:]
    return raster.read(printed)


def next_job_prints(platend):
    job = platend.wait_job(mails.send(
        platend.smtp, mails.message("Next", "A line.\n")).job)
    assert job["state"] == "PRINTED", job


def is_colour(mean, colour):
    return all(abs(m - c) < 6 for m, c in zip(mean, colour))


def as_pdf(x, y, width, height, colour):
    return [mails.Box(x / mails.A4[0], 1 - (y + height) / mails.A4[1],
                      (x + width) / mails.A4[0], 1 - y / mails.A4[1], colour)]


def test_two_pages_lie_where_those_of_a_pdf_do_in_their_colours(lobby, ippeve):
    first, second = (72, 700, 144, 72, RED), (360, 72, 144, 216, BLUE)
    pages = pages_of(lobby, ippeve, ps(box(*first), box(*second)))
    peers = pages_of(lobby, ippeve, mails.pdf([
        as_pdf(*first), as_pdf(*second)]), "file.pdf", "application/pdf")
    assert len(pages) == 2
    for page, peer, colour in zip(pages, peers, (RED, BLUE)):
        assert page.ink_box() == pytest.approx(peer.ink_box(), abs=.002)
        left, top, right, bottom = page.ink_box()
        inside = page.mean(left + .01, top + .01, right - .01, bottom - .01)
        assert is_colour(inside, colour), inside


def test_letters_stand_upright(lobby, ippeve):
    [page] = pages_of(lobby, ippeve, ps(
        "/Helvetica-Bold findfont 200 scalefont setfont 72 400 moveto (L) "
        "show\n"))
    left, top, right, bottom = page.ink_box()
    middle = (top + bottom) / 2
    assert page.ink(left, top, right, middle) < .6 * page.ink(
        left, middle, right, bottom)
    across = (left + right) / 2
    assert page.ink(left, top, across, bottom) > 1.5 * page.ink(
        across, top, right, bottom)


def test_a_program_may_quit_after_its_pages(lobby, ippeve):
    [page] = pages_of(lobby, ippeve, ps(box(72, 72, 99, 99, RED)) + b"quit\n")
    assert page.ink() > .005


@pytest.mark.parametrize("document, name, kind", [
    (eps(box(100, 200, 200, 100, GREEN)), "file.eps", "image/x-eps"),
    (eps(box(100, 200, 200, 100, GREEN), late=True), "file.bin",
     "application/octet-stream"),
    (dos(eps(box(100, 200, 200, 100, GREEN))), "file.eps",
     "application/octet-stream"),
    (b"\xef\xbb\xbf\x04" + eps(box(100, 200, 200, 100, GREEN)), "file.txt",
     "text/plain"),
], ids=["its name", "edges at the end", "dos", "marks in front"])
def test_drawing_is_a_page_of_its_own_size(lobby, ippeve, document, name, kind):
    [page] = pages_of(lobby, ippeve, document, name, kind)
    left, top, right, bottom = page.ink_box()
    assert (right - left) * POINTS[0] == pytest.approx(200, abs=2)
    assert (bottom - top) * POINTS[1] == pytest.approx(100, abs=2)
    assert is_colour(page.mean(left + .02, top + .02, right - .02,
                               bottom - .02), GREEN)


def test_it_is_not_run_unless_the_administrator_says_so(make_platend, ippeve):
    platend = make_platend()
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    job = platend.wait_job(mails.send(
        platend.smtp, mail_with(ps(box(0, 0, 9, 9, RED)))).job)
    part = part_of(platend, job)
    assert part["fate"] != "printed" and ippeve.documents() == []
    assert "not allowed" in part["why"] and "PDF" in part["why"], part


# Each ends with words like these, and in time.
BOMBS = {
    "for ever": ("{} loop", "too long"),
    "pages for ever": ("{showpage} loop", "too long"),
    "strings for ever": ("/d 9 dict def 0 {1 add dup 65535 string d 3 1 roll "
                         "put} loop", ""),
    "a huge array": ("1e9 cvi array pop showpage", "cannot make pages"),
    "many pages": ("10000 {showpage} repeat", "50 may be printed"),
    "no pages": ("(nothing) pop", "cannot make pages"),
    "it quits": ("72 72 99 99 rectfill quit", "cannot make pages"),
    "it quits for good": ("systemdict /quit get exec", "draws nothing"),
    "a white page": ("showpage", "draws nothing"),
    "an error": ("no-such-word showpage", "cannot make pages"),
    "noise": ("\x01\x02)))>>}", "cannot make pages"),
    "a full disk": ("(/tmp/x) (w) file {dup 65535 string writestring} loop",
                    ""),
}


def test_bombs_end_with_a_sentence_and_the_next_job_prints(lobby, ippeve):
    jobs = {name: mails.send(lobby.smtp, mail_with(
        f"%!PS-Adobe-3.0\n{program}\n".encode())).job
        for name, (program, _) in BOMBS.items()}
    for name, job_id in jobs.items():
        job = lobby.wait_job(job_id, timeout=90)
        why = part_of(lobby, job)["why"] or job["reason"]
        assert job["state"] == "FAILED", (name, job)
        assert len(why.split()) > 3 and BOMBS[name][1] in why, (name, why)
    assert ippeve.documents() == []
    next_job_prints(lobby)


def test_files_and_programs_are_out_of_reach(lobby, ippeve):
    """What succeeds draws a page; what fails draws none."""
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as canary:
        os.chmod(canary.name, 0o666)
        path = pathlib.Path(canary.name)
        made = pathlib.Path(f"{path}-made")
        for attempt in ("(/etc/passwd) (r) file pop",
                        f"({path}) (r) file pop",
                        f"({path}) deletefile",
                        f"({path}) ({made}) renamefile",
                        f"(%pipe%touch {made}) (w) file closefile",
                        f"({made}) (w) file closefile",
                        "(/proc/self/environ) (r) file pop",
                        "(/usr/bin/gs) run"):
            job = lobby.wait_job(mails.send(lobby.smtp, mail_with(
                f"%!PS\n{attempt}\n72 72 99 99 rectfill showpage\n"
                .encode())).job)
            assert job["state"] == "FAILED", (attempt, job)
        assert path.exists() and not made.exists()
    assert ippeve.documents() == []
    next_job_prints(lobby)


# Each reaches something where nothing holds Ghostscript back.
ESCAPES = {
    "read": "({secret}) (r) file 99 string readline pop =",
    "a program reads": "(%pipe%cat {secret}) (r) file 99 string readline pop =",
    "write": "({made}) (w) file dup (x) writestring closefile",
    "a program writes": "(%pipe%touch {made}) (w) file closefile",
    "delete": "({secret}) deletefile",
    "rename": "({secret}) ({made}) renamefile",
    "a program connects": "(%pipe%bash -c ': >/dev/tcp/127.0.0.1/{port}') (w) "
                          "file closefile",
    "a program kills": "(%pipe%kill -9 {pid}) (w) file closefile",
}


def is_reached(prefix, program):
    """Whether the program, which is told where they are, finds a file, a port
    or a process of ours. It runs without Ghostscript's own guard."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, \
            socket.create_server(("127.0.0.1", 0)) as port, \
            subprocess.Popen(["sleep", "60"]) as victim:
        folder = pathlib.Path(name)
        folder.chmod(0o777)
        secret, made = folder / "secret", folder / "made"
        secret.write_text("a secret\n")
        secret.chmod(0o666)
        port.setblocking(False)
        done = subprocess.run(
            [*prefix, "/usr/bin/gs", "-q", "-dNOSAFER", "-dBATCH", "-dNOPAUSE",
             "-sDEVICE=nullpage", "-"], stdout=subprocess.PIPE, timeout=60,
            input=f"%!PS\n(begun) =\n{program}\n".format(
                secret=secret, made=made, port=port.getsockname()[1],
                pid=victim.pid).encode())
        assert done.stdout.startswith(b"begun"), done
        heard = False
        with contextlib.suppress(BlockingIOError):
            port.accept()[0].close()
            heard = True
        with contextlib.suppress(subprocess.TimeoutExpired):
            victim.wait(.2)
        died = victim.poll() is not None
        victim.kill()
        return (b"a secret" in done.stdout or made.exists() or heard or died
                or not secret.exists())


@pytest.mark.parametrize("name", ESCAPES)
def test_the_box_holds_where_ghostscript_s_own_guard_is_off(name):
    assert is_reached([], ESCAPES[name]), "the canary hears nothing"
    assert not is_reached([BIN / "platen-box", "postscript", "--"],
                          ESCAPES[name])


def ghostscripts():
    """Pids of the Ghostscripts that run on this machine."""
    found = set()
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == "gs":
                found.add(int(folder.name))
        except OSError:
            pass
    return found


def test_nothing_is_left_when_the_server_is_killed(make_platend, ippeve):
    platend = make_platend(printing={"postscript": "yes"})
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    before = ghostscripts()
    mails.send(platend.smtp, mail_with(b"%!PS\n{} loop\n"))
    until(lambda: ghostscripts() - before, "Ghostscript runs")
    ours = ghostscripts() - before
    platend.kill()
    until(lambda: not ours & ghostscripts(), "Ghostscript is gone", 20)
