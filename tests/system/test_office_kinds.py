# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kinds of files beside the usual ones that LibreOffice opens: each is known by
its content, and what stands in it is on paper."""
import subprocess

import mails
import office_kinds as kinds
import raster

# what stands in each, as it is in no other
WORDED = {
    **{f"a.{kind}": kinds.ooxml(kind, f"Word{kind}") for kind in kinds.OOXML_KINDS},
    "a.ott": kinds.odf_template("Wordott"),
    "a.vsdx": kinds.vsdx("Wordvsdx"),
    "a.wpd": kinds.wpd("Wordwpd"),
}
GREEN = {"a.emf": kinds.emf(), "a.wmf": kinds.wmf(), "a.psd": kinds.psd()}


def print_all(platend, contents):
    """One mail with all of them."""
    mail = mails.message("Kinds", attachments=[
        (data, "application/octet-stream", name)
        for name, data in contents.items()])
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    assert job["state"] == "PRINTED", (job, platend.log_tail())
    told = {row["name"]: row["why"] for row in platend.rows(
        "SELECT name, fate, why FROM part_ledger WHERE job = ?", job["id"])
        if row["fate"] != "printed" and row["name"] in contents}
    assert told == {}


def test_templates_shows_and_other_programs_files_print(platend, make_ippeve):
    printer = make_ippeve(formats="application/pdf")
    platend.add_printer("lobby", printer.uri, format="pdf-as-is", head="no")
    for name, data in WORDED.items():
        print_all(platend, {name: data})
        text = subprocess.run(["pdftotext", "-", "-"], check=True,
                              input=printer.documents()[-1][1],
                              capture_output=True).stdout.decode()
        assert f"Word{name.partition('.')[2]}" in text, name


def test_drawings_of_other_programs_print(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300, head="no")
    print_all(platend, {**GREEN, "a.dxf": kinds.dxf()})
    [(_, document)] = ippeve.documents()
    pages = raster.read(document)
    assert len(pages) == len(GREEN) + 1
    for name, page in zip(GREEN, pages):
        line = list(page.lines())[page.height // 2]
        at = 3 * (page.width // 2)
        assert all(abs(is_ - be) < 3 for is_, be in
                   zip(line[at:at + 3], kinds.GREEN)), name
    assert pages[-1].ink() > .0002, "a.dxf"
