# SPDX-License-Identifier: AGPL-3.0-or-later
"""Office files by the real LibreOffice: the pages are looked at."""
import os
import pathlib
import signal
import socket
import subprocess
import tempfile

import pytest

import mails
import office_files as office
import raster
from waiting import until

FOLDER = "/usr/lib/libreoffice/program"
BLUE, GREEN, WINE = (16, 64, 160), (32, 160, 64), (160, 32, 32)
NIGHT, OCHRE, VIOLET = (32, 32, 160), (160, 96, 0), (96, 32, 128)
BROKEN = office.ooxml("word/document.xml", "wordprocessingml.document.main+xml",
                      {"word/document.xml": "<w:document"})


def mail_with(kind, data, **options):
    return mails.message(f"A {kind}", attachments=[
        (data, office.TYPES[kind], f"file.{kind}")], **options)


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    return platend


def part_of(platend, job):
    [row] = platend.rows("SELECT * FROM part_ledger WHERE job = ? "
                         "AND name LIKE 'file.%'", job["id"])
    return row


def print_file(platend, ippeve, kind, data):
    before = len(ippeve.documents())
    job = platend.wait_job(mails.send(platend.smtp, mail_with(kind, data)).job)
    part = part_of(platend, job)
    assert job["state"] == "PRINTED", (job, part, platend.log_tail())
    assert part["fate"] == "printed" and part["why"] == "", part
    [(_, printed)] = ippeve.documents()[before:]
    return raster.read(printed)


def share_of(page, colour, within=16, step=24):
    """How much of the page has this colour, seen through a grid."""
    pixels = [line[at:at + 3] for line in list(page.lines())[::step]
              for at in range(0, len(line) - 2, 3 * step)]
    return sum(all(abs(p - c) <= within for p, c in zip(pixel, colour))
               for pixel in pixels) / len(pixels)


def test_each_format_comes_out_with_its_pages_and_colours(lobby, ippeve):
    for kind, data, colours in (
            ("docx", office.docx(3), [BLUE] * 3),
            ("xlsx", office.xlsx(60), [GREEN, None]),
            ("pptx", office.pptx(("A02020", "2020A0")), [WINE, NIGHT]),
            ("odt", office.odt(body='<text:p text:style-name="turn">2</text:p>'),
             [VIOLET, None]),
            ("rtf", office.rtf(2), [OCHRE] * 2)):
        pages = print_file(lobby, ippeve, kind, data)
        # The mail's head is a page of its own, in front.
        pages = pages[-len(colours):]
        assert len(pages) == len(colours), kind
        for page, colour in zip(pages, colours):
            assert page.ink() > 1e-5, kind
            if colour:
                assert share_of(page, colour) > .001, (kind, colour)


def refusal(platend, kind, data):
    job = platend.wait_job(mails.send(platend.smtp, mail_with(kind, data)).job)
    part = part_of(platend, job)
    assert part["fate"] != "printed", part
    return part["why"]


def as_is(make_platend, make_ippeve, kind, data):
    """The job and what came out of a printer that gets PDF as it is."""
    printer, platend = make_ippeve(formats="application/pdf"), make_platend()
    platend.add_printer("lobby", printer.uri, format="pdf-as-is")
    job = platend.wait_job(mails.send(platend.smtp, mail_with(kind, data)).job)
    return platend, job, [data for _, data in printer.documents()]


def test_a_printer_that_takes_pdf_gets_that_of_libreoffice(make_platend,
                                                           make_ippeve):
    _, job, [pdf] = as_is(make_platend, make_ippeve, "docx", office.docx(3))
    assert job["state"] == "PRINTED"
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True,
                          capture_output=True).stdout
    assert text.count(b"\f") == 3 and b"The quick brown fox" in text


def test_amounts_are_written_as_libreoffice_writes_them(make_platend,
                                                        make_ippeve):
    sheet = "urn:schemas-microsoft-com:office:spreadsheet"
    data = (f'<?xml version="1.0"?><Workbook xmlns="{sheet}" xmlns:ss="{sheet}">'
            '<Worksheet ss:Name="A"><Table><Row><Cell ss:Formula="='
            'DOLLAR(-23.3,1)"/></Row></Table></Worksheet></Workbook>').encode()
    _, _, [pdf] = as_is(make_platend, make_ippeve, "xlsx", data)
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True,
                          capture_output=True).stdout
    assert b"-$23.3" in text, text


def test_remarks_formulas_and_emoji_are_in_the_pages(platend, make_ippeve):
    printer = make_ippeve(formats="application/pdf")
    platend.add_printer("lobby", printer.uri, format="pdf-as-is")

    def read(data, program):
        job = platend.wait_job(
            mails.send(platend.smtp, mail_with("docx", data)).job)
        assert job["state"] == "PRINTED", platend.log_tail()
        return subprocess.run([program, "-", *(["-"] * (program == "pdftotext"))],
                              input=printer.documents()[-1][1], check=True,
                              capture_output=True).stdout.decode()
    text = read(office.docx_with_remark("Dear reader", "no, no"), "pdftotext")
    assert "Dear reader" in text and "no, no" not in text
    text = read(office.docx(body=office.formula("314159", "271828")), "pdftotext")
    assert "314159" in text and "271828" in text
    emoji = "<w:p><w:r><w:t>\U0001F600\U0001F525\u2705</w:t></w:r></w:p>"
    fonts = read(office.docx(body=emoji), "pdffonts")
    assert "Symbola" in fonts and "ColorEmoji" not in fonts


def test_what_becomes_no_pdf_is_told_in_the_ledger(make_platend, make_ippeve):
    platend, job, printed = as_is(make_platend, make_ippeve, "docx", BROKEN)
    assert job["state"] == "FAILED" and printed == []
    assert "LibreOffice" in part_of(platend, job)["why"]


def test_too_many_pages_are_refused_before_the_first(make_platend, ippeve):
    platend = make_platend(limits={"pages": 50})
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    sheet = mail_with("xlsx", office.xlsx(17000))
    job = platend.wait_job(mails.send(platend.smtp, sheet).job)
    assert job["state"] == "FAILED" and ippeve.documents() == []
    # so many were made of it, and no more
    assert "at least 51 pages; 50 may" in job["reason"], job
    chosen = mail_with("xlsx", office.xlsx(17000))
    chosen.replace_header("Subject", "[pages=300-301]")
    job = platend.wait_job(mails.send(platend.smtp, chosen).job)
    assert job["state"] == "PRINTED", job
    [(_, printed)] = ippeve.documents()
    assert len(raster.read(printed)) == 2


def test_without_libreoffice_the_ledger_says_so(make_platend, ippeve):
    platend = make_platend(printing={"office": "off"})
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    assert refusal(platend, "docx", office.docx()) == \
        "it cannot be printed here: LibreOffice is not installed"


def test_garbage_in_a_package_is_a_sentence(lobby, ippeve):
    assert "LibreOffice" in refusal(lobby, "docx", BROKEN)


def test_a_page_with_nothing_on_it_is_told_not_printed(lobby, ippeve):
    assert refusal(lobby, "docx", office.docx(pages=0)) == \
        "LibreOffice finds nothing in it to print"
    assert ippeve.documents() == []


def test_lines_break_as_in_words_own_fonts(lobby, ippeve):
    def page(font):
        body = (f'<w:p><w:r><w:rPr><w:rFonts w:ascii="{font}" '
                f'w:hAnsi="{font}"/></w:rPr><w:t>{office.LINE * 9}</w:t></w:r>'
                "</w:p>")
        pages = print_file(lobby, ippeve, "docx",
                           office.docx(paragraphs=0, body=body))
        return list(pages[-1].lines())
    for name, same in (("Calibri", "Carlito"), ("Cambria", "Caladea"),
                       ("Arial", "Liberation Sans")):
        drawn = page(name)
        assert drawn == page(same), name
        assert drawn != page("No Such Font"), name


# Erases the page, so that a page with ink proves that it did not run. It runs
# where neither the profile nor the options of the load forbid it.
ERASER = 'Sub Main\nThisComponent.Text.String = ""\nEnd Sub'


def test_a_macro_does_nothing(lobby, ippeve):
    page = print_file(lobby, ippeve, "odt", office.odt_with_macro(ERASER))[-1]
    assert share_of(page, VIOLET) > .001


@pytest.mark.parametrize("kind,make,colour", [
    ("odt", office.odt_with_links, VIOLET),
    ("docx", office.docx_with_links, BLUE)])
def test_links_reach_neither_the_network_nor_files(lobby, ippeve, kind, make,
                                                   colour):
    with socket.create_server(("127.0.0.1", 0)) as canary, \
            tempfile.NamedTemporaryFile(suffix=".png") as secret:
        red = mails.picture("PNG", [mails.Box(0, 0, 1, 1, (255, 0, 0))])
        secret.write(red)
        secret.flush()
        os.chmod(secret.name, 0o644)
        port = canary.getsockname()[1]
        page = print_file(lobby, ippeve, kind, make(
            f"http://127.0.0.1:{port}/x.png", f"http://localhost:{port}/y",
            f"file://{secret.name}"))[-1]
        canary.setblocking(False)
        with pytest.raises(BlockingIOError):
            canary.accept()
    assert share_of(page, colour) > .001
    assert share_of(page, (255, 0, 0)) == 0


def programs(name):
    """Pids of the running programs of that name, oldest first."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == name:
                found.append(int(folder.name))
        except OSError:
            pass
    return sorted(found)


def below(pid, name):
    """Programs of that name that pid has started, by way of whatever."""
    def parent(of):
        try:
            stat = pathlib.Path(f"/proc/{of}/stat").read_text()
            return int(stat.rpartition(")")[2].split()[1])
        except OSError:
            return 0

    def is_below(of):
        while of > 1 and of != pid:
            of = parent(of)
        return of == pid
    return [p for p in programs(name) if is_below(p)]


def test_a_killed_engine_costs_the_document_one_retry(lobby, ippeve):
    assert below(lobby.pid, "platen-office") == []  # none before the first
    print_file(lobby, ippeve, "docx", office.docx(1))
    [server, *_] = below(lobby.pid, "platen-office")
    os.kill(server, signal.SIGSTOP)
    reply = mails.send(lobby.smtp, mail_with("docx", office.docx(2)))
    lobby.wait_state(reply.job, "RENDERING")
    os.kill(server, signal.SIGKILL)
    job = lobby.wait_job(reply.job)
    assert job["state"] == "PRINTED", lobby.log_tail()
    assert part_of(lobby, job)["fate"] == "printed"
    assert server not in below(lobby.pid, "platen-office")


def threads_of(pids):
    """The names of the threads of these processes, but for their first."""
    return [path.read_text().strip() for pid in pids
            for path in pathlib.Path(f"/proc/{pid}/task").glob("*/comm")
            if path.parent.name != str(pid)]


def test_the_office_that_forks_has_no_second_thread(lobby, ippeve):
    """Not even the one that writes changed settings down, a second later: what
    it holds would be held for ever in the copy."""
    reply = mails.send(lobby.smtp, mail_with("docx", office.docx(1)))
    until(lambda: below(lobby.pid, "platen-office"), "platen-office runs", 20)
    seen = set()
    until(lambda: seen.update(threads_of(below(lobby.pid, "platen-office")))
          or lobby.job(reply.job)["state"] == "PRINTED", "the page", 30)
    assert "configmgrWriter" not in seen
    assert not threads_of(below(lobby.pid, "platen-office"))
    assert "threads of its own" not in lobby.log_tail(1000)


def test_nothing_is_left_when_the_server_ends(make_platend, ippeve):
    platend = make_platend()
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    print_file(platend, ippeve, "docx", office.docx(1))
    ours = below(platend.pid, "platen-office")
    platend.kill()
    until(lambda: not set(ours) & set(programs("platen-office")),
          "platen-office is gone", 20)
    platend.start()


def test_a_warm_office_is_there_before_the_first_document(make_platend):
    platend = make_platend(printing={"warm": "yes"})
    until(lambda: below(platend.pid, "platen-office"), "platen-office runs", 20)
    until(lambda: below(platend.pid, "chromium-headle"), "the browser runs", 20)
