# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every print format shows the same pages, read by programs of others."""
import base64
import io
import os
import re
import subprocess

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

import mails
import raster
from programs import BIN

DPI = 150
PAPER = ["media=iso_a4_210x297mm", "margin_left=700", "margin_right=700",
         "margin_top=600", "margin_bottom=600", f"dpi={DPI}"]
READERS = {
    "application/pdf": ("mutool", "pdftocairo"),
    "application/PCLm": ("mutool", "pdftocairo"),
    "application/postscript": ("gs",),
}


def picture():
    """Smooth and sharp, coloured and gray, the same from no two sides."""
    image = Image.new("RGB", (360, 240))
    image.putdata([(x * 255 // 360, y * 255 // 240, (x * y) % 251
                    if x > 240 else 60) for y in range(240)
                   for x in range(360)])
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 120, 60), fill=(255, 255, 255))
    draw.rectangle((200, 150, 330, 220), fill=(220, 0, 0))
    draw.line((0, 239, 180, 120), fill=(0, 0, 0), width=3)
    return image


def mail(pages):
    text = "".join(f"Line {n} of this letter, and more of it.\n"
                   for n in range(30))
    file = io.BytesIO()
    picture().save(file, "PNG")
    letter = mails.message(
        text=text, attachments=[(file.getvalue(), "image/png", "p.png")]
        if pages > 1 else [])
    return letter.as_bytes()


def render(message, kind, *words):
    """What the worker, run by hand, makes of it."""
    read_end, write_end = os.pipe()
    try:
        done = subprocess.run(
            [BIN / "platen-render", f"format={kind}", *PAPER, *words],
            input=message, stdout=subprocess.PIPE, timeout=60,
            preexec_fn=lambda: os.dup2(write_end, 3), pass_fds=(3, write_end))
        os.close(write_end)
        write_end = -1
        with os.fdopen(read_end) as answers:
            said = answers.read()
    finally:
        if write_end >= 0:
            os.close(write_end)
    assert done.returncode == 0
    return done.stdout, said


def reference(message, *words):
    data, said = render(message, "image/pwg-raster", *words)
    assert "done=1" in said, said
    return [Image.frombytes("RGB" if page.colour == raster.SRGB else "L",
                            (page.width, page.height), b"".join(page.lines()))
            for page in raster.read(data)]


def by_reader(reader, path, folder):
    """The pages of a file as pictures of the reference's resolution."""
    commands = {
        "mutool": ["mutool", "draw", "-q", "-r", DPI, "-o",
                   folder / "%d.png", path],
        "pdftocairo": ["pdftocairo", "-r", DPI, "-png", path, folder / "p"],
        "gs": ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", f"-r{DPI}",
               "-sDEVICE=png16m", f"-sOutputFile={folder}/%d.png", path],
    }
    subprocess.run([str(word) for word in commands[reader]], check=True,
                   timeout=60, stderr=subprocess.PIPE)
    return [Image.open(page) for page in sorted(folder.glob("*.png"))]


def difference(page, expected):
    """Mean and greatest difference of two pages, 0 to 255."""
    size = tuple(map(min, zip(page.size, expected.size)))
    assert all(abs(a - b) <= 1 for a, b in zip(page.size, expected.size))
    box = (0, 0, *size)
    delta = ImageChops.difference(page.convert("RGB").crop(box),
                                  expected.convert("RGB").crop(box))
    return max(ImageStat.Stat(delta).mean), max(
        high for low, high in delta.getextrema())


@pytest.mark.parametrize("colour", [0, 1])
@pytest.mark.parametrize("kind", READERS)
def test_pages_are_those_of_the_raster(kind, colour, tmp_path):
    message = mail(2)
    words = [f"colour={colour}"]
    expected = reference(message, *words)
    data, said = render(message, kind, *words)
    assert "done=1" in said, said
    path = tmp_path / "document"
    path.write_bytes(data)
    for reader in READERS[kind]:
        folder = tmp_path / reader
        folder.mkdir()
        pages = by_reader(reader, path, folder)
        assert len(pages) == len(expected) == 2
        for page, other in zip(pages, expected):
            mean, _ = difference(page, other)
            # readers place pixels between pixels; a wrong place costs more
            assert mean < .8, (reader, mean)


@pytest.mark.parametrize("kind", ["application/pdf", "application/PCLm"])
def test_qpdf_finds_no_fault(kind, tmp_path):
    data, _ = render(mail(2), kind, "colour=1", "sides=two-sided-long-edge",
                     "sheet_back=rotated")
    path = tmp_path / "document.pdf"
    path.write_bytes(data)
    done = subprocess.run(["qpdf", "--check", path], capture_output=True,
                          timeout=30, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("back", ["normal", "rotated", "flipped"])
def test_pclm_turns_back_sides_as_raster_does(back, tmp_path):
    words = ["colour=1", "sides=two-sided-long-edge", f"sheet_back={back}",
             "strip_height=32"]
    expected = reference(mail(2), *words)
    data, _ = render(mail(2), "application/PCLm", *words)
    assert data.startswith(b"%PDF-1.7\n%PCLm 1.0\n")
    path = tmp_path / "document"
    path.write_bytes(data)
    pages = by_reader("mutool", path, tmp_path)
    for page, other in zip(pages, expected):
        assert difference(page, other)[0] < .8


def test_pdf_and_postscript_ask_for_both_sides():
    words = ["sides=two-sided-short-edge"]
    pdf, _ = render(mail(2), "application/pdf", *words)
    assert b"/Duplex/DuplexFlipShortEdge" in pdf
    postscript, _ = render(mail(2), "application/postscript", *words)
    assert b"/Duplex true/Tumble true" in postscript
    assert postscript.count(b"setpagedevice") == 1
    assert max(postscript) < 0x7f


@pytest.mark.parametrize("colour", [0, 1])
def test_jpeg_is_the_page(colour, tmp_path):
    words = [f"colour={colour}"]
    (expected,) = reference(mail(1), *words)
    data, said = render(mail(1), "image/jpeg", *words)
    assert f"end={len(data)}" in said
    (tmp_path / "page.jpg").write_bytes(data)
    done = subprocess.run(["djpeg", "-bmp", tmp_path / "page.jpg"],
                          stdout=subprocess.PIPE, timeout=30, check=True)
    (tmp_path / "page.bmp").write_bytes(done.stdout)
    page = Image.open(tmp_path / "page.bmp")
    assert page.size == expected.size
    assert difference(page, expected)[0] < .5
    info = Image.open(tmp_path / "page.jpg").info
    assert info["dpi"] == (DPI, DPI)


def test_jpeg_of_two_pages_is_two_pictures():
    data, said = render(mail(2), "image/jpeg", "colour=1")
    ends = [int(n) for n in re.findall(r"page=\d+ end=(\d+)", said)]
    assert len(ends) == 2 and ends[1] == len(data)
    pages = [Image.open(io.BytesIO(piece))
             for piece in (data[:ends[0]], data[ends[0]:])]
    for page, expected in zip(pages, reference(mail(2), "colour=1")):
        assert page.size == expected.size
        assert difference(page.convert("RGB"), expected)[0] < 1


@pytest.mark.parametrize("kind", ["image/pwg-raster", *READERS])
def test_sides_that_nobody_asked_for_leave_no_trace(kind, tmp_path):
    whole, _ = render(mail(2), kind)
    data, said = render(mail(2), kind, "side_ranges=2")
    assert len(data) < len(whole)
    first, second = [int(n) for n in
                     re.findall(r"page=\d+ end=(\d+)", said)]
    assert first < second <= len(data)
    if kind == "image/pwg-raster":
        (page,) = raster.read(data)
        assert page.rows == raster.read(whole)[1].rows
        return
    _, expected = reference(mail(2))
    (tmp_path / "document").write_bytes(data)
    for reader in READERS[kind]:
        folder = tmp_path / reader
        folder.mkdir()
        (page,) = by_reader(reader, tmp_path / "document", folder)
        assert difference(page, expected)[0] < .8


def pdf_mail(data):
    return (b"From: a@example.org\r\nSubject: plan\r\n"
            b"MIME-Version: 1.0\r\nContent-Type: application/pdf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" +
            base64.encodebytes(data))


def test_pdf_goes_untouched_where_that_was_asked_for():
    data = mails.pdf([3, 5])
    out, said = render(pdf_mail(data), "application/pdf", "pass=1")
    assert out == data
    assert f"page=2 end={len(data)} part=1" in said
    assert f"done=1 pages=2 bytes={len(data)}" in said


@pytest.mark.parametrize("words", [["number_up=2"], ["page_ranges=2"],
                                   ["banner=1"], ["print_scaling=fit"],
                                   ["pages=1", "page_ranges=1"]])
def test_pdf_whose_pages_change_is_made_anew(words):
    data = mails.pdf([3, 5])
    out, said = render(pdf_mail(data), "application/pdf", "pass=1", *words)
    assert "done=1" in said, said
    assert data not in out and out.startswith(b"%PDF-1.4")


def test_broken_pdf_is_not_passed_on():
    data = mails.pdf([3, 5]).replace(b"startxref", b"startxxxx")
    out, said = render(pdf_mail(data), "application/pdf", "pass=1")
    assert "done=1 pages=2" in said, said
    assert out != data and out.startswith(b"%PDF-1.4")


def test_banner_names_the_job_on_a_sheet_of_its_own():
    words = ["banner=1", "job=4711", "sides=two-sided-long-edge"]
    plain = reference(mail(2), words[2])
    pages = reference(mail(2), *words)
    assert len(pages) == len(plain) + 2
    assert pages[0].getbbox() and ImageChops.invert(pages[0]).getbbox()
    assert ImageChops.invert(pages[1]).getbbox() is None
    for page, other in zip(pages[2:], plain):
        assert difference(page, other) == (0, 0)
    _, said = render(mail(2), "image/pwg-raster", *words)
    assert "page=1 end=" in said and "part=banner" in said
    assert len(reference(mail(2), *words[:2])) == len(plain) + 1
