# SPDX-License-Identifier: AGPL-3.0-or-later
"""The corpus: what people mail, a file of each kind, with the number of its
pages and a picture of one of them beside it.

Text is in test_text.py, Office in test_office_files.py. HACKING.md says how to
make the pictures anew.
"""
import email.policy
import pathlib

import pytest
from PIL import Image, ImageChops

import mails
import pdfs
import pictures
import raster
from fixtures import check_programs
from programs import REPO
from web import Web, html

check_programs(["platen-box"], ["/usr/bin/chromium-headless-shell"])
DATA = REPO / "tests/data"
A4 = ("media=iso_a4_210x297mm", "media_width=21000", "media_height=29700",
      "dpi=60")
SIZE = (248, 351)  # A4 at 30 dpi
# Fonts that packaging/lib.sh installs, on every machine the same.
FONT = "<style>*{font-family:'DejaVu Sans'!important}</style>"

# --- what the worker draws by itself -----------------------------------------

# All of these show the same, whatever way they store it.
QUARTERS = "picture/quarters-page"
# file, pages, the one in the picture, words, the picture's name if not the same
DRAWN = [
    ("picture/quarters.jpg", 1, 1, "colour=1", QUARTERS),
    ("picture/inks.jpg", 1, 1, "colour=1", QUARTERS),
    ("picture/turned.jpg", 1, 1, "colour=1", QUARTERS),
    ("picture/profile.jpg", 1, 1, "colour=1", QUARTERS),
    ("picture/quarters.png", 1, 1, "colour=1", QUARTERS),
    ("picture/deep.png", 1, 1, "colour=1", QUARTERS),
    ("picture/quarters.jp2", 1, 1, "colour=1", QUARTERS),
    ("picture/moving.gif", 1, 1, "colour=1", QUARTERS),
    ("picture/quarters.bmp", 1, 1, "colour=1", QUARTERS),
    ("picture/quarters.webp", 1, 1),
    ("picture/quarters.tif", 1, 1, "colour=1", QUARTERS),
    ("picture/scan.tif", 3, 2),
    ("picture/quarters.heic", 1, 1),
    ("picture/quarters.avif", 1, 1),
    ("picture/quarters.svg", 1, 1),
    ("picture/turned.jpg", 1, 1, "print_scaling=fill", "picture/filled"),
    ("pdf/text.pdf", 1, 1),
    ("pdf/boxes.pdf", 1, 1),
    ("pdf/annotations.pdf", 1, 1),
    ("pdf/forms.pdf", 1, 1),
    ("pdf/press.pdf", 1, 1),
    ("pdf/images.pdf", 1, 1),
    ("pdf/shadings.pdf", 1, 1),
    ("pdf/soft-mask.pdf", 1, 1),
    ("pdf/type-3-font.pdf", 1, 1),
    ("pdf/object-streams.pdf", 1, 1),
    ("pdf/broken.pdf", 8, 7),
    ("pdf/password.pdf", 1, 1, "password=sesame", "pdf/password"),
    ("pdf/page.oxps", 1, 1),
    ("pdf/book.epub", 2, 1),
    ("pdf/numbers.pdf", 8, 8),
    ("pdf/numbers.pdf", 4, 4, "page_ranges=1-3,8", "pdf/numbers-chosen"),
    ("pdf/numbers.pdf", 4, 1, "number_up=2", "pdf/numbers-2-up"),
    ("pdf/numbers.pdf", 2, 2, "number_up=4", "pdf/numbers-4-up"),
    ("pdf/press.pdf", 1, 1, "colour=0", "pdf/press-gray"),
]


def drawn(file, n_pages, shown, *more):
    """The page that is shown, and the path of its picture."""
    words, name = (more[:1], more[1]) if more else ((), file)
    pages = pdfs.render((DATA / file).read_bytes(), *words, *A4,
                        name=pathlib.Path(file).name,
                        kind="application/octet-stream").pages
    assert len(pages) == n_pages
    return pictures.of_page(pages[shown - 1], SIZE), DATA / f"{name}.png"


@pytest.mark.parametrize("row", DRAWN, ids=lambda row: " ".join(
    str(word) for word in row))
def test_a_document_looks_as_it_should(row):
    pictures.check(*drawn(*row))


def test_pictures_tell_documents_apart():
    """Moved by a fiftieth of the page, turned, in other colours."""
    for file, _, _, *more in DRAWN:
        image = pictures.kept(DATA / f"{more[1] if more else file}.png")
        for other in (ImageChops.offset(image, 0, SIZE[1] // 50),
                      image.transpose(Image.Transpose.ROTATE_180),
                      ImageChops.invert(image)):
            assert pictures.difference(image, other) > pictures.TOLERANCE, file


def test_a_pdf_with_a_password_asks_for_it():
    printed = pdfs.render((DATA / "pdf/password.pdf").read_bytes(), *A4)
    assert "password" in printed.reason


@pytest.mark.parametrize("name, n_pages", [
    ("plain", 1), ("iso-2022-jp", 1), ("scripts", 2), ("html", 1)])
def test_a_mail_is_set_as_text_without_a_browser(name, n_pages):
    mail = (DATA / f"mail/{name}.eml").read_bytes().replace(b"\n", b"\r\n")
    pages = pdfs.render_mail(mail, *A4, "head=1").pages
    assert len(pages) == n_pages
    pictures.check(pictures.of_page(pages[0], SIZE),
                   DATA / f"mail/{name}.png")


# --- what needs the browser, or a decision -----------------------------------


def newsletter():
    mail = of_html("newsletter")
    logo = mails.picture("PNG", [mails.Box(0, 0, 1, 1, (250, 140, 0))])
    mail.add_related(logo, "image", "png", cid="<logo@news.example>",
                     disposition="inline", filename="logo.png")
    return mail


def of_html(name):
    text = (DATA / f"html/{name}.html").read_text()
    return mails.message(name, html=text + FONT)


def choice():
    return (DATA / "mail/choice.eml").read_bytes().replace(b"\n", b"\r\n")


def markdown():
    mail = email.message_from_bytes((DATA / "text/markdown.eml").read_bytes(),
                                    policy=email.policy.SMTP)
    [part] = [part for part in mail.walk() if part.get_filename()]
    text = part.get_payload(decode=True)
    return mails.message("Markdown", "", attachments=[
        (text + FONT.encode(), "text/markdown", "a.md")])


# picture: mail, pages, the one in the picture
PRINTED = {
    "html/newsletter": (newsletter, 1, 1),
    "html/shop": (lambda: of_html("shop"), 2, 1),
    "html/word": (lambda: of_html("word"), 1, 1),
    "html/wide": (lambda: of_html("wide"), 1, 1),
    "text/markdown": (markdown, 1, 1),
    "mail/choice": (choice, 2, 2),
}


def print_mail(platend, ippeve, mail):
    """(pages, what became of each part)"""
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    assert job["state"] == "PRINTED", (job, platend.log_tail())
    ledger = platend.rows("SELECT fate, why FROM part_ledger WHERE job = ?",
                          job["id"])
    document = ippeve.documents()[-1][1]
    ippeve.forget_documents()
    return raster.read(document), ledger


def test_mails_look_as_they_should(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", head="no")
    for name, (make, n_pages, shown) in PRINTED.items():
        pages, _ = print_mail(platend, ippeve, make())
        assert len(pages) == n_pages, name
        pictures.check(pictures.of_page(pages[shown - 1], SIZE),
                       DATA / f"{name}.png")


def test_the_ledger_says_why_each_part_was_chosen(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4")
    _, ledger = print_mail(platend, ippeve, choice())
    instead = "the attached documents are printed instead"
    assert [row["why"] for row in ledger] == [
        instead, instead, "a picture that belongs to the body",
        "a picture too small to be seen", "", "", instead,
        "the archive is empty, damaged or too large"]


def test_the_article_of_a_page_looks_as_it_should(make_platend, ippeve):
    web = Web(routes={"/": html(
        (DATA / "html/article.html").read_bytes())})
    try:
        platend = make_platend(web={"allow": "127.0.0.1"})
        platend.add_printer("lobby", ippeve.uri, media="a4", head="no")
        pages, _ = print_mail(platend, ippeve, mails.message(
            "reader", f"{web.url}/\n"))
        assert len(pages) == 1
        pictures.check(pictures.of_page(pages[0], SIZE),
                       DATA / "html/article.png")
    finally:
        web.stop()
