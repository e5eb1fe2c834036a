# SPDX-License-Identifier: AGPL-3.0-or-later
"""Office files that want to run, to call home, or to read what is not theirs."""
import os
import socket
import subprocess
import tempfile

import pytest

import mails
import office_files as office
import office_links
import office_macro

SECRET = "open-sesame"


@pytest.fixture
def read_printed(platend, make_ippeve):
    """Prints a file: the text that came out."""
    printer = make_ippeve(formats="application/pdf")
    platend.add_printer("lobby", printer.uri, format="pdf-as-is")

    def read(kind, data):
        mail = mails.message("Beware", attachments=[
            (data, "application/octet-stream", f"file.{kind}")])
        job = platend.wait_job(mails.send(platend.smtp, mail).job)
        assert job["state"] == "PRINTED", (kind, job, platend.log_tail())
        [*_, (_, pdf)] = printer.documents()
        return subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True,
                              capture_output=True).stdout.decode()
    return read


def test_visual_basic_does_not_run(read_printed):
    """Where macros may run, the cell says "it ran" instead. LibreOffice starts
    none of Word's when a document opens, so only Excel's can be told."""
    formula = "<c r=\"C10\"><f>Word()</f></c></row></sheetData>"
    sheet = read_printed("xlsm", office_macro.with_project(
        office.xlsx(10, more=(("</row></sheetData>", formula),)),
        {"ThisWorkbook": "Private Sub Workbook_Open()\nWord\nEnd Sub",
         "Sheet1": "",
         "Module1": 'Function Word()\nWord = "it ran"\nEnd Function'}))
    assert "row 10" in sheet and "#VALUE!" in sheet and "it ran" not in sheet


def test_no_link_is_followed(read_printed):
    with socket.create_server(("127.0.0.1", 0)) as canary, \
            tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(SECRET.encode())
        file.flush()
        os.chmod(file.name, 0o644)
        url = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        for kind, make in office_links.MAKERS.items():
            text = read_printed(kind, make("Beware of me", url, file.name))
            assert "Beware of me" in text and SECRET not in text, kind
        canary.setblocking(False)
        with pytest.raises(BlockingIOError):
            canary.accept()
