# SPDX-License-Identifier: AGPL-3.0-or-later
"""One job at printers that differ in what they take: each page comes out once,
in its place, the right way up, as code that is not ours reads it."""
import io
import pathlib
import subprocess

import pytest
from PIL import Image, ImageChops, ImageOps

import mails
import pcl
import raster
from mails import Box

PAGES = [Box(.2, .1, .5, .25), Box(.6, .7, .8, .9), Box(.2, .5, .8, .6)]
RED = Box(.2, .2, .8, .4, (220, 20, 20))

PRINTER = """
ATTR mimeMediaType document-format-supported {format}
ATTR mimeMediaType document-format-default {format}
ATTR resolution printer-resolution-supported 150dpi,300dpi
ATTR keyword media-supported iso_a4_210x297mm
ATTR keyword media-default iso_a4_210x297mm
ATTR keyword media-ready iso_a4_210x297mm
ATTR keyword sides-supported one-sided,two-sided-long-edge,two-sided-short-edge
ATTR boolean color-supported true
ATTR rangeOfInteger copies-supported 1-99
ATTR text printer-make-and-model "A printer of {format}"
"""
PWG = """
ATTR resolution pwg-raster-document-resolution-supported 150dpi
ATTR keyword pwg-raster-document-sheet-back {back}
ATTR keyword pwg-raster-document-type-supported {pixels}
"""
PCLM = """
ATTR resolution pclm-source-resolution-supported 300dpi
ATTR keyword pclm-raster-back-side rotated
"""


def draw_pdf(data, folder):
    (folder / "out.pdf").write_bytes(data)
    subprocess.run(["pdftoppm", "-r", "75", folder / "out.pdf",
                    folder / "page"], check=True, timeout=60)
    return [Image.open(file) for file in sorted(folder.glob("page*.ppm"))]


def draw_ps(data, folder):
    (folder / "out.ps").write_bytes(data)
    subprocess.run(["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-r75",
                    "-sDEVICE=ppmraw", f"-sOutputFile={folder}/page%d.ppm",
                    folder / "out.ps"], check=True, timeout=60)
    return [Image.open(file) for file in sorted(folder.glob("page*.ppm"))]


def draw_raster(data, folder):
    return [Image.frombytes("RGB" if page.colour == raster.SRGB else "L",
                            (page.width, page.height),
                            b"".join(page.lines()))
            for page in raster.read(data)]


def draw_pcl(data, folder):
    pages, asked = pcl.read_pcl5(data)
    # neither copies, which IPP asks for, nor one-sided
    assert "&lx" not in asked and asked["&ls"] == 1 and asked["&la"] == 26
    return pages


def draw_pclxl(data, folder):
    pages, asked = pcl.read_pclxl(data)
    assert [page[54] for page in asked] == [n % 2 for n in range(len(asked))]
    return pages


def upside_down(page):
    return page.rotate(180)


FORMATS = {
    # type, what it says besides, the reader, how a back comes
    "pwg": ("image/pwg-raster", PWG.format(back="normal", pixels="srgb_8"),
            draw_raster, None),
    "flipped": ("image/pwg-raster",
                PWG.format(back="flipped", pixels="sgray_8"), draw_raster,
                ImageOps.flip),
    "rotated": ("image/pwg-raster",
                PWG.format(back="rotated", pixels="sgray_8"), draw_raster,
                upside_down),
    "urf": ("image/urf", "ATTR keyword urf-supported V1.4,W8-16,RS150,DM3\n",
            draw_raster, upside_down),
    "pclm": ("application/PCLm", PCLM, draw_pdf, upside_down),
    "pdf": ("application/pdf", "", draw_pdf, None),
    "postscript": ("application/postscript", "", draw_ps, None),
    "pcl": ("application/vnd.hp-PCL", "", draw_pcl, None),
    "pclxl": ("application/vnd.hp-PCLXL", "", draw_pclxl, None),
}


@pytest.fixture
def make_printer(make_ippeve, tmp_path):
    def make(kind, extra):
        file = tmp_path / "attributes"
        file.write_text(PRINTER.format(format=kind) + extra)
        return make_ippeve(formats=None, options=("-a", file))

    return make


def send(platend, subject, boxes):
    data = mails.pdf([[box] for box in boxes])
    return platend.wait_job(mails.send(platend.smtp, mails.message(
        subject, "", attachments=[(data, "application/pdf",
                                   "plan.pdf")])).job)


def is_there(page, box):
    """The only ink on the page is that of the box."""
    ink = ImageChops.invert(page.convert("L"))
    found = ink.point(lambda v: 255 if v > 60 else 0).getbbox()
    wanted = (box.left, box.top, box.right, box.bottom)
    return found and all(abs(pixel / size - edge) < .05 for pixel, size, edge
                         in zip(found, page.size * 2, wanted))


@pytest.mark.parametrize("name", FORMATS)
def test_two_sides_and_copies(make_platend, make_printer, tmp_path, name):
    kind, extra, draw, turn = FORMATS[name]
    printer = make_printer(kind, extra)
    platend = make_platend()
    platend.add_printer("lobby", printer.uri)
    job = send(platend, "[duplex, 2x]", PAGES)
    assert job["state"] == "PRINTED" and job["remarks"] == "", job
    ((asked, data),) = printer.documents()
    assert asked["type"] == kind and asked["copies"] == "2"
    assert asked["sides"] == "two-sided-long-edge"
    pages = draw(data, pathlib.Path(tmp_path))
    assert len(pages) == 3
    if turn:
        pages[1] = turn(pages[1])
    for page, box in zip(pages, PAGES):
        assert is_there(page, box)


def test_pictures_go_one_by_one_in_sets(make_platend, make_printer):
    printer = make_printer("image/jpeg", "")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri)
    job = send(platend, "[duplex, 2x, banner]", PAGES)
    assert job["state"] == "PRINTED"
    assert "printed one-sided" in job["remarks"]
    assert "gets no banner" in job["remarks"]
    documents = printer.documents()
    assert len(documents) == 6
    for (asked, data), box in zip(documents, PAGES * 2):
        assert asked["sides"] == "one-sided"
        assert is_there(Image.open(io.BytesIO(data)), box)


@pytest.mark.parametrize("subject,is_colour", [("Plan", True),
                                               ("[grey]", False)])
def test_grey_is_grey_at_a_printer_of_rgb_only(make_platend, make_printer,
                                               subject, is_colour):
    printer = make_printer("image/pwg-raster",
                           PWG.format(back="normal", pixels="srgb_8"))
    platend = make_platend()
    platend.add_printer("lobby", printer.uri)
    assert send(platend, subject, [RED])["state"] == "PRINTED"
    ((_, data),) = printer.documents()
    (page,) = raster.read(data)
    assert page.colour == raster.SRGB
    assert page.has_colour() == is_colour
    assert page.ink(.3, .25, .7, .35) == 1
