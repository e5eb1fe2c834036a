# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that hold files: archives, and mails as Outlook saves them. What is in
them is printed as if it had been mailed itself."""
import gzip
import io
import zipfile

import pytest

import mails
import office_files as office
import outlook_files as outlook
import raster

RED, GREEN, BLUE = (255, 0, 0), (0, 160, 0), (16, 64, 160)
SVG = ('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect '
       'width="200" height="100" fill="rgb(0,160,0)"/></svg>').encode()


def picture(colour):
    return mails.picture("PNG", [mails.Box(0, 0, 1, 1, colour)])


def packed(files, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=300, head="no")
    return platend


def fates(platend, name, data, state="PRINTED", text=None):
    """(name, printed or why not) of each part of a mail with that file."""
    job = platend.wait_job(mails.send(platend.smtp, mails.message(
        "Packed", text, attachments=[
            (data, "application/octet-stream", name)])).job)
    assert job["state"] == state, (job, platend.log_tail())
    return [(row["name"], row["why"] or row["fate"]) for row in platend.rows(
        "SELECT name, fate, why FROM part_ledger WHERE job = ? "
        "AND fate IS NOT NULL ORDER BY rowid", job["id"]) if row["name"]]


def colours(ippeve):
    """That of the middle of each page."""
    pages = raster.read(ippeve.documents()[-1][1])
    ippeve.forget_documents()
    found = []
    for page in pages:
        at = 3 * (page.width // 2)
        found.append(tuple(list(page.lines())[page.height // 2][at:at + 3]))
    return found


def test_the_files_of_an_archive_print_in_its_order(lobby, ippeve):
    files = {"scans/": b"", "scans/b.png": picture(RED), "a.svg": SVG,
             "__MACOSX/scans/._b.png": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1"}
    assert fates(lobby, "scans.zip", packed(files)) == [
        ("scans.zip", "unpacked: what is in it follows"),
        ("b.png", "printed"), ("a.svg", "printed")]
    assert colours(ippeve) == [RED, GREEN]


def test_a_packed_drawing_prints(lobby, ippeve):
    assert fates(lobby, "a.svgz", gzip.compress(SVG))[1:] == [
        ("a.svg", "printed")]
    assert colours(ippeve) == [GREEN]


def test_an_archive_that_is_not_opened_says_why(lobby):
    many = packed({f"{n}.txt": b"x" for n in range(33)})
    bomb = packed({"a.txt": bytes(200 << 20)})
    locked = bytearray(packed({"a.txt": b"words"}))
    for sign in (b"PK\3\4", b"PK\1\2"):
        locked[locked.find(sign) + (6 if sign[2] == 3 else 8)] |= 1
    modern = packed({"Index/Document.iwa": b"x", "preview.jpg": b"x"})
    for data, word in ((many, "more than 32 files"), (bomb, "too large"),
                       (bytes(locked), "protected by a password"),
                       (modern, "export it as PDF")):
        [(_, why)] = fates(lobby, "a.zip", data, "FAILED")
        assert word in why, why


def test_the_pages_that_keynote_keeps_print(lobby, ippeve):
    slides = packed({
        "index.apxl": b"<key:presentation/>", "buildVersionHistory.plist": b"",
        "QuickLook/Preview.pdf": mails.pdf(
            [[mails.Box(0, 0, 1, 1, RED)]])})
    assert fates(lobby, "slides.key", slides)[1:] == [
        ("Preview.pdf", "printed")]
    assert colours(ippeve) == [RED]


def test_a_mail_that_outlook_saved_prints_with_its_files(lobby, ippeve):
    mail = outlook.msg("Minutes", "Dear reader", to=[("Bert", "bert@b.example")],
                       files=[("a.docx", office.docx(1)),
                              ("a.png", picture(RED))])
    found = fates(lobby, "minutes.msg", mail)
    assert found == [("minutes.msg", "a mail: its parts follow"),
                     ("a.docx", "printed"), ("a.png", "printed")]
    assert colours(ippeve)[-1] == RED
