# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small mails that would become large, deep or endless: each ends inside its
limits, as pages or with a sentence, and the next mail prints. Pictures and PDFs
made to hurt are tested beside the others of their kind."""
import io
import re
import socket
import time
import zipfile

import pytest

import mails
import office_files as office
import pdfs
from programs import DOMAIN, SENDER

LIMITS = {"render_time": "20s", "pages": 100}
SECONDS = 20  # from the mail to its end; the sane ones take less than one


@pytest.fixture
def lobby(make_platend, sim):
    platend = make_platend(limits=LIMITS)
    platend.add_printer("lobby", sim.uri(), media="a4", head="no")
    return platend


def end_of(platend, data):
    """The job's row."""
    began = time.monotonic()
    job = platend.wait_job(mails.send(platend.smtp, data).job)
    assert time.monotonic() - began < SECONDS, job
    assert job["state"] == "PRINTED" or (
        job["state"] == "FAILED" and len(job["reason"].split()) > 4), job
    return job


def next_one_prints(platend):
    job = end_of(platend, mails.message("Next", "A line.\n"))
    assert job["state"] == "PRINTED", job


def with_file(data, kind, name):
    return mails.message("A file", "", attachments=[(data, kind, name)])


# --- XML ---------------------------------------------------------------------

def laughs(inner):
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">'
                     for n in range(1, 12))
    return f'<!ENTITY l0 "{inner}">{levels}', "&l11;"


def bombs(path, port):
    """name: (what the document type declares, what stands inside)"""
    return {
        "laughs": laughs("ha "),
        "quadratic": (f'<!ENTITY a "{"a " * 25000}">', "&a;" * 10000),
        "file": (f'<!ENTITY a SYSTEM "file://{path}">', "&a;"),
        "network": (f'<!ENTITY a SYSTEM "http://127.0.0.1:{port}/">', "&a;"),
        "parameter": (f'<!ENTITY % a SYSTEM "http://127.0.0.1:{port}/"> %a;',
                      "words"),
        "deep": ("", "<g>" * 1000 + "words" + "</g>" * 1000),
    }


def svg(declared, inside):
    return with_file(
        f"<!DOCTYPE svg [{declared}]><svg xmlns='http://www.w3.org/2000/svg' "
        f"width='300' height='300'><text y='50'>{inside}</text></svg>".encode(),
        "image/svg+xml", "a.svg")


def docx(declared, inside):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return with_file(office.ooxml(
        "word/document.xml", "wordprocessingml.document.main+xml", {
            "word/document.xml":
                f'{office.XML}<!DOCTYPE w:document [{declared}]>'
                f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{inside}'
                "</w:t></w:r></w:p></w:body></w:document>"}),
        office.TYPES["docx"], "a.docx")


def xhtml(declared, inside):
    return mails.message("A page", html=(
        f"{office.XML}<!DOCTYPE html [{declared}]><html xmlns="
        f'"http://www.w3.org/1999/xhtml"><body><p>{inside}</p></body></html>'))


@pytest.fixture
def canary():
    """Somebody who should never be called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("make", [svg, docx, xhtml])
def test_xml_is_not_multiplied_and_fetches_nothing(lobby, canary, tmp_path,
                                                   make):
    """Every entity, if it were put in place, would fill pages."""
    secret = tmp_path / "secret"
    secret.write_text("A secret that must not be printed. " * 5000)
    for folder in (secret, tmp_path, tmp_path.parent):
        folder.chmod(0o755)
    for name, (declared, inside) in bombs(secret, canary).items():
        job = end_of(lobby, make(declared, inside))
        # HTML knows no entities of a document: it shows what declares them
        assert job["pages"] <= (8 if make == xhtml else 1), (name, job)
    next_one_prints(lobby)


# --- archives ----------------------------------------------------------------

def blown(data, name, after):
    """The same archive with 100 MB of blanks in one member, in 100 kB."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, \
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == name:
                head, found, tail = content.partition(after)
                assert found
                content = head + found + b" " * 100_000_000 + tail
            new.writestr(info.filename, content)
    return out.getvalue()


def test_archives_are_not_unpacked_without_end(lobby):
    for data, kind, name in (
            (blown(office.docx(), "word/document.xml", b"<w:body>"),
             office.TYPES["docx"], "a.docx"),
            (blown(office.xlsx(), "xl/worksheets/sheet1.xml", b"<sheetData>"),
             office.TYPES["xlsx"], "a.xlsx"),
            (blown(pdfs.xps("M 0,0 L 9,9 L 9,0 Z", "#ff0000"), "p.fpage",
                   b'"M 0,0'), "application/oxps", "a.oxps")):
        assert len(data) < 200_000
        end_of(lobby, with_file(data, kind, name))
    next_one_prints(lobby)


# --- mails -------------------------------------------------------------------

HEAD = (f"From: {SENDER}\r\nTo: lobby@{DOMAIN}\r\nSubject: Small\r\n"
        "MIME-Version: 1.0\r\n")
BODY = "\r\nwords\r\n"


def nested(depth):
    return HEAD + "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"
        for n in range(depth)) + BODY


def name_in_pieces(n):
    """RFC 2231, 3."""
    pieces = "".join(f";\r\n name*{i}=abc" for i in range(n))
    return f"{HEAD}Content-Type: text/plain{pieces}\r\n{BODY}"


LONG_HEADER = "one of its header lines is longer than 64 kB"
MAILS = [
    (lambda: nested(20000), "its parts are nested more than 30 deep"),
    (lambda: f"{HEAD}X-A: {'a' * 1_000_000}\r\n{BODY}", LONG_HEADER),
    (lambda: HEAD + f"X-A: {'b' * 200}\r\n" * 1900 + BODY,
     "its headers are larger than 256 kB"),
    (lambda: HEAD + "X-A: b\r\n" * 100_000 + BODY,
     "it has more than 2000 header lines"),
    (lambda: name_in_pieces(50000), LONG_HEADER),
    (lambda: name_in_pieces(3000), None),
    (lambda: HEAD + "Cc: " + "a@b.example,\r\n " * 4000 + "a@b.example\r\n" +
     BODY, None),
    (lambda: HEAD.replace("Small", "=?utf-8?q?=41?=\r\n " * 3500) + BODY, None),
]


def test_mails_without_measure_end(lobby):
    for n, (make, sentence) in enumerate(MAILS):
        job = end_of(lobby, make().encode())
        if sentence:
            assert job["state"] == "FAILED" and sentence in job["reason"], (
                n, job)
        else:
            assert job["state"] == "PRINTED", (n, job)
    next_one_prints(lobby)


# --- texts and pages ---------------------------------------------------------

TOO_MANY = "more than 100 pages"
TEXTS = [
    ("text/plain", lambda: "a" * 1_000_000, TOO_MANY),
    ("text/plain", lambda: "a" + "\u0301" * 500_000, None),
    ("text/plain", lambda: "\u202e\u202d" * 100_000 + "a", None),
    ("text/plain", lambda: "\U0001f468\u200d" * 50_000, None),
    ("text/markdown", lambda: "*a _b " * 20_000, None),
    ("text/csv", lambda: "a," * 50_000, None),
    ("text/csv", lambda: "a,b,c\n" * 300_000, TOO_MANY),
    ("text/html", lambda: "<table>" * 5_000 + "a", None),
    ("text/html", lambda: "<div>" * 2_000 + "a", None),
    ("text/html", lambda: "<div style='width: 100000000px'>a</div>", None),
    ("text/html", lambda: "<p style='break-after: page'>a" * 1000,
     "1000 pages; 100 may be printed"),
]


def test_texts_without_measure_end(lobby):
    for n, (kind, make, sentence) in enumerate(TEXTS):
        job = end_of(lobby, with_file(make().encode(), kind,
                                      "a." + kind[5:]))
        if sentence:
            assert job["state"] == "FAILED" and sentence in job["reason"], (
                n, job)
        else:
            assert job["state"] == "PRINTED", (n, job)
    next_one_prints(lobby)


def test_a_drawing_that_never_ends_does(make_platend, sim):
    """MuPDF waits for ever for the second number of a point."""
    platend = make_platend(limits={"render_time": "3s"})
    platend.add_printer("lobby", sim.uri(), media="a4", head="no")
    job = end_of(platend, with_file(pdfs.xps("M 0", "#ff0000"),
                                    "application/oxps", "a.oxps"))
    # the time that passes and the time that it computes are over at once
    assert job["state"] == "FAILED" and re.search(
        "(it needs too much computing time|it takes too long to print): "
        "more than 3 s; send less of it at a time$", job["reason"]), job
    next_one_prints(platend)


def test_a_page_that_keeps_the_browser_busy_ends(make_platend, sim):
    """It has the time of a document twice, then it is printed as text."""
    platend = make_platend(limits={"render_time": "3s"})
    platend.add_printer("lobby", sim.uri(), media="a4", head="no")
    job = end_of(platend, mails.message("Endless", html="Words." + "<b>" * 200_000))
    [part] = platend.rows("SELECT * FROM part_ledger WHERE job = ?", job["id"])
    assert part["fate"] == "printed" and "takes too long" in part["why"], part
    job = end_of(platend, mails.message("News", html="<h1>News</h1>"))
    assert job["state"] == "PRINTED", job
