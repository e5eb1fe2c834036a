# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of tests/data/office, printed and looked at: how many pages each
has, and its first page beside a picture of it. To make the pictures anew after
a change that was meant, and then look at them:

    PLATEN_PICTURES=1 pytest tests/system/test_office_files.py
"""
import pathlib

from PIL import Image, ImageChops

import mails
import office_macro
import pictures
import raster

DATA = pathlib.Path(__file__).resolve().parents[1] / "data/office"
PAGES = {"letter.doc": 2, "letter.docx": 2, "letter.odt": 2, "letter.rtf": 2,
         "sheet.xls": 1, "sheet.ods": 1, "slides.ppt": 2, "slides.odp": 2}
SIZE = (248, 351)  # A4 at 30 dpi
# The token of a locked one ([MS-PPT] 2.3.2).
PPT = {"Current User": b"\0" * 12 + b"\xdf\xc4\xd1\xf3" + b"\0" * 8,
       "PowerPoint Document": b"\0" * 5000}
LOCKED = "it is protected by a password; save it without one and send it again"


def mail_with(*names):
    return mails.message("Office", attachments=[
        ((DATA / name).read_bytes(), "application/octet-stream", name)
        for name in names])


def print_all(platend, ippeve):
    """{name: [picture of each page]} of one mail with all files."""
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    job = platend.wait_job(mails.send(platend.smtp, mail_with(*PAGES)).job)
    assert job["state"] == "PRINTED", (job, platend.log_tail())
    fates = {row["name"]: (row["fate"], row["why"]) for row in platend.rows(
        "SELECT name, fate, why FROM part_ledger WHERE job = ?", job["id"])
        if row["name"] in PAGES}
    assert fates == {name: ("printed", "") for name in PAGES}
    [(_, document)] = ippeve.documents()
    pages = raster.read(document)
    head = len(pages) - sum(PAGES.values())
    assert head >= 0
    found, at = {}, head  # the mail's head is in front
    for name, n in PAGES.items():
        found[name] = [pictures.of_page(page, SIZE)
                       for page in pages[at:at + n]]
        at += n
    return found


def test_each_file_of_the_corpus_looks_as_it_should(platend, ippeve):
    found = print_all(platend, ippeve)
    for name, pages in found.items():
        pictures.check(pages[0], DATA / f"{name}.png")
    # The second page of every letter has its text at the top, and no more.
    for name in ("letter.doc", "letter.docx", "letter.odt", "letter.rtf"):
        left, top, right, bottom = ImageChops.invert(
            found[name][1].convert("L")).getbbox()
        assert top < .12 * SIZE[1] and bottom < .25 * SIZE[1], name
        assert left < .15 * SIZE[0] and right > .8 * SIZE[0], name


def test_the_tolerance_tells_files_apart():
    images = {name: pictures.kept(DATA / f"{name}.png") for name in PAGES}
    blank = Image.new("RGB", SIZE, "white")
    for name, image in images.items():
        assert pictures.difference(image, blank) > pictures.TOLERANCE, name
        moved = ImageChops.offset(image, 0, SIZE[1] // 50)
        assert pictures.difference(image, moved) > pictures.TOLERANCE, name
    assert pictures.difference(images["letter.doc"], images["slides.ppt"]) > pictures.TOLERANCE


def test_a_password_is_asked_for_in_words(platend, ippeve):
    names = [path.name for path in DATA.glob("locked.*")]
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300)
    for name in (*names, "locked.ppt"):
        data = office_macro.compound(PPT) if name == "locked.ppt" else \
            (DATA / name).read_bytes()
        mail = mails.message("Office", attachments=[
            (data, "application/octet-stream", name)])
        job = platend.wait_job(mails.send(platend.smtp, mail).job)
        assert job["state"] == "FAILED" and ippeve.documents() == [], name
        [why] = [row["why"] for row in platend.rows(
            "SELECT why FROM part_ledger WHERE job = ? AND name = ?", job["id"],
            name)]
        assert why == LOCKED, name


def test_a_workbook_that_excel_opens_without_asking_prints(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300, head="no")
    mail = mail_with("sheet.xls", "known.xls", "known.xlsx")
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    assert job["state"] == "PRINTED", (job, platend.log_tail())
    [(_, document)] = ippeve.documents()
    plain, *locked = [page.ink() for page in raster.read(document)]
    assert len(locked) == 2 and plain > 0
    assert all(.8 < ink / plain < 1.25 for ink in locked), (plain, locked)
