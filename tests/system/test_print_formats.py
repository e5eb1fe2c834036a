# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printers that know one format only get it, and print it."""
import io

import pytest
from PIL import Image, ImageChops

import labels
import mails
import raster
from mails import Box

BLACK_ONLY = """
ATTR keyword pwg-raster-document-type-supported black_1
ATTR resolution pwg-raster-document-resolution-supported 300dpi
ATTR keyword pwg-raster-document-sheet-back normal
ATTR resolution printer-resolution-supported 300dpi
ATTR keyword media-supported iso_a4_210x297mm
ATTR keyword media-default iso_a4_210x297mm
ATTR keyword media-ready iso_a4_210x297mm
ATTR keyword sides-supported one-sided
ATTR boolean color-supported false
ATTR text printer-make-and-model "Black and white"
"""


def print_at(make_platend, printer, mail, **options):
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, media="a4", **options)
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    assert job["state"] == "PRINTED", job
    ((asked, data),) = printer.documents()
    return asked, data


def is_black_box(page):
    """One black box where Box(.2, .3, .5, .6) is, and white around it."""
    ink = ImageChops.invert(page.convert("L"))
    width, height = page.size
    left, top, right, bottom = ink.point(lambda v: 255 if v > 40 else
                                         0).getbbox()
    found = (left / width, top / height, right / width, bottom / height)
    return all(abs(a - b) < .05 for a, b in zip(found, (.2, .3, .5, .6)))


def box_mail():
    data = mails.pdf([[Box(.2, .3, .5, .6)]])
    return mails.message(text="", attachments=[(data, "application/pdf",
                                                "box.pdf")])


@pytest.mark.parametrize("kind", ["image/pwg-raster", "image/urf"])
def test_raster_arrives_unpacked(make_platend, make_ippeve, kind):
    """The printer takes gzip, so it was packed on its way."""
    asked, data = print_at(make_platend, make_ippeve(formats=kind), box_mail())
    assert asked["type"] == kind
    (page,) = raster.read(data)
    mode = "RGB" if page.colour == raster.SRGB else "L"
    assert is_black_box(Image.frombytes(mode, (page.width, page.height),
                                        b"".join(page.lines())))


def test_a_printer_of_photographs_gets_jpeg(make_platend, make_ippeve):
    asked, data = print_at(make_platend, make_ippeve(formats="image/jpeg"),
                           box_mail())
    assert asked["type"] == "image/jpeg"
    assert is_black_box(Image.open(io.BytesIO(data)))


def test_a_printer_of_pdf_gets_pdf(make_platend, make_ippeve):
    asked, data = print_at(make_platend,
                           make_ippeve(formats="application/pdf"), box_mail())
    assert asked["type"] == "application/pdf"
    assert data.startswith(b"%PDF-1.4") and b"/Subtype/Image" in data


def test_a_pdf_goes_as_it_is_where_the_registration_says_so(make_platend,
                                                            make_ippeve):
    data = mails.pdf([[Box(.2, .3, .5, .6)], [Box(.1, .1, .3, .3)]])
    mail = mails.message(attachments=[(data, "application/pdf", "plan.pdf")])
    asked, printed = print_at(make_platend, make_ippeve(), mail,
                              format="pdf-as-is")
    assert asked["type"] == "application/pdf"
    assert printed == data


def test_a_letter_becomes_pdf_where_the_registration_says_so(make_platend,
                                                             make_ippeve):
    asked, printed = print_at(make_platend, make_ippeve(),
                              mails.message(text="Hello.\n"),
                              format="pdf-as-is")
    assert asked["type"] == "application/pdf"
    assert printed.startswith(b"%PDF-1.4") and b"/Subtype/Image" in printed


def test_a_printer_of_black_and_white_gets_dithered_pages(make_platend,
                                                          make_ippeve,
                                                          tmp_path):
    attributes = tmp_path / "attributes"
    attributes.write_text(BLACK_ONLY)
    printer = make_ippeve(formats=None, options=("-a", attributes))
    image = Image.new("L", (300, 424), 128)
    file = io.BytesIO()
    image.save(file, "PNG")
    mail = mails.message(text="", attachments=[(file.getvalue(), "image/png",
                                                "gray.png")])
    asked, data = print_at(make_platend, printer, mail)
    assert asked["type"] == "image/pwg-raster"
    (page,) = raster.read(data)
    assert page.colour == raster.BLACK
    bits = Image.frombytes("1", (page.width, page.height),
                           b"".join(page.lines()))
    middle = bits.crop((600, 800, 1800, 2600)).convert("L")
    black = middle.histogram()[255] / (middle.width * middle.height)
    assert .47 < black < .53


def test_a_printer_of_uneven_dots_gets_as_many_as_it_has(make_platend,
                                                         make_ippeve,
                                                         tmp_path):
    attributes = tmp_path / "attributes"
    attributes.write_text(BLACK_ONLY.replace(
        "resolution-supported 300dpi", "resolution-supported 600x300dpi"))
    printer = make_ippeve(formats=None, options=("-a", attributes))
    asked, data = print_at(make_platend, printer, box_mail())
    assert asked["type"] == "image/pwg-raster"
    (page,) = raster.read(data)
    assert (page.width, page.height, page.dpi) == (4960, 3507, 600)
    bits = Image.frombytes("1", (page.width, page.height),
                           b"".join(page.lines()))
    assert is_black_box(ImageChops.invert(bits.convert("L")))


@pytest.fixture
def lprint():
    printer = labels.Lprint()
    yield printer
    printer.remove()


def test_a_label_printer_prints_a_mail(make_platend, lprint):
    platend = make_platend()
    platend.add_printer("labels", lprint.uri)
    mail = mails.message(text="A label.\n", to="labels")
    job = platend.wait_job(mails.send(platend.smtp, mail, to="labels").job)
    assert job["state"] == "PRINTED", job
    (label,) = lprint.labels(1)
    assert label.size == (812, 1218)
    left, top, right, bottom = label.getbbox()
    assert left < 200 and top < 200 and right < 812 and bottom < 900
    assert .005 < label.convert("L").histogram()[255] / (812 * 1218) < .2


def test_a_label_printer_takes_our_bits_as_they_are(lprint, tmp_path):
    data = labels.render_label(box_mail().as_bytes())
    (page,) = raster.read(data)
    lprint.submit(tmp_path, data)
    (label,) = lprint.labels(1)
    expected = Image.frombytes("1", (page.width, page.height),
                               b"".join(page.lines()))
    assert expected.getbbox()
    assert ImageChops.logical_xor(label, expected).getbbox() is None
