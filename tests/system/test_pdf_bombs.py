# SPDX-License-Identifier: AGPL-3.0-or-later
"""PDFs of a few kilobytes that ask for the world: pictures in JPEG 2000 and
JBIG2, and things that hold themselves. Each ends inside its limits, with the
page as far as it goes or with a sentence."""
import struct

import pytest

import mails
from pdfs import page, render, stream

A4_AT_600 = ("media=iso_a4_210x297mm", "media_width=21000",
             "media_height=29700", "dpi=600")
SECONDS = 3  # for what has no end
ENOUGH = 60  # for what has one: less than two, on a machine at rest
TOO_MUCH = ("the PDF needs too much memory: more than 384 MB; send less of it at "
            "a time")
TOO_LONG = (f"it needs too much computing time: more than {SECONDS} s; send less of it at "
            "a time")
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 200 300]"
HUGE = 0xffffffff


def picture(data, coding, width=100, height=100, colours="/DeviceRGB", bits=8):
    return page("200 0 0 300 0 0 cm /I Do", stream(
        data, f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
        f"/ColorSpace {colours} /BitsPerComponent {bits} /Filter /{coding}"),
        words="/Resources << /XObject << /I 5 0 R >> >>")


def jpx(size, tile, n_tiles=1, n_colours=3):
    """A codestream (ITU-T T.800, A) of tiles that hold nothing."""
    def segment(marker, data):
        return struct.pack(">HH", marker, len(data) + 2) + data
    tiles = (struct.pack(">HHHIBBHB", 0xff90, 10, number, 15, 0, 1, 0xff93, 0)
             for number in range(n_tiles))
    return (b"\xff\x4f" + segment(0xff51, struct.pack(
        ">HIIIIIIIIH", 0, size, size, 0, 0, tile, tile, 0, 0, n_colours) +
        b"\x07\x01\x01" * n_colours) +
        segment(0xff52, bytes([0, 0, 0, 1, 0, 0, 4, 4, 0, 1])) +
        segment(0xff5c, b"\x40\x40") + b"".join(tiles) + b"\xff\xd9")


def jpx_picture(size, tile, *more, told=100):
    return picture(jpx(size, tile, *more), "JPXDecode", told, told)


# JBIG2 (ITU-T T.88, 7.2): number, type, flags, page, length.
ADAPTIVE = bytes([3, 0xff, 0xfd, 0xff, 2, 0xfe, 0xfe, 0xfe])


def segment(number, kind, data):
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def sheet(width, height):
    return segment(0, 48, struct.pack(">IIIIBH", width, height, 0, 0, 0, 0))


def region(number, width, height):
    return segment(number, 38, struct.pack(
        ">IIIIBB", width, height, 0, 0, 0, 0) + ADAPTIVE + bytes(8))


def symbols(count):
    return segment(1, 0, bytes(2) + ADAPTIVE + struct.pack(
        ">II", count, count) + bytes(8))


def jbig2(*segments, told=100):
    return picture(b"".join(segments), "JBIG2Decode", told, told,
                   "/DeviceGray", 1)


def forms(n, content, last="1 0 0 rg 0 0 99 99 re f"):
    return page("/F Do", *(stream(
        content, f"{FORM} /Resources << /XObject << /F {i} 0 R >> >>")
        for i in range(6, n + 6)), stream(last, FORM),
        words="/Resources << /XObject << /F 5 0 R >> >>")


def pattern_in_itself():
    return page("/Pattern cs /P scn 0 0 200 300 re f", stream(
        "/Pattern cs /P scn 0 0 9 9 re f",
        "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 "
        "/YStep 9 /Resources << /Pattern << /P 5 0 R >> >>"),
        words="/Resources << /Pattern << /P 5 0 R >> >>")


def endless_tiles():
    return page("/Pattern cs /P scn 0 0 200 300 re f", stream(
        "1 0 0 rg 0 0 1 1 re f",
        "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] "
        "/XStep .001 /YStep .001 /Resources << >>"),
        words="/Resources << /Pattern << /P 5 0 R >> >>")


def font_in_itself():
    return page(
        "BT /F 40 Tf 20 100 Td (aa) Tj ET",
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix "
        "[.1 0 0 .1 0 0] /FirstChar 97 /LastChar 97 /Widths [9] /Encoding "
        "<< /Differences [97 /x] >> /CharProcs << /x 6 0 R >> "
        "/Resources << /Font << /F 5 0 R >> >> >>",
        stream("9 0 d0 BT /F 1 Tf (aa) Tj ET 1 0 0 rg 0 0 8 8 re f"),
        words="/Resources << /Font << /F 5 0 R >> >>")


def mask_in_itself():
    return page(
        "/G gs 1 0 0 rg 0 0 200 300 re f",
        stream("/G gs 1 g 50 50 90 90 re f",
               f"{FORM} /Group << /S /Transparency /CS /DeviceGray >> "
               "/Resources << /ExtGState << /G 6 0 R >> >>"),
        "<< /SMask << /S /Luminosity /G 5 0 R >> >>",
        words="/Resources << /ExtGState << /G 6 0 R >> >>")


BOMBS = {
    "jpx of 4 G pixels a side": (lambda: jpx_picture(HUGE, HUGE), None),
    "jpx of 3.6 G pixels": (lambda: jpx_picture(60000, 60000), None),
    "jpx of 3.6 G pixels, and told so": (
        lambda: jpx_picture(60000, 60000, told=60000), None),
    "jpx of 65025 tiles": (lambda: jpx_picture(255, 1, 65025), None),
    "jpx of 64516 large tiles": (
        lambda: jpx_picture(60000, 236, 64516, told=60000), TOO_LONG),
    "jpx of more tiles than can be": (lambda: jpx_picture(60000, 1), None),
    "jpx of 16384 colours": (lambda: jpx_picture(1000, 1000, 1, 16384), None),
    "jbig2 of 4 G pixels a side": (
        lambda: jbig2(sheet(HUGE, HUGE), region(1, 64, 64)), None),
    "jbig2 of 4 G pixels": (lambda: jbig2(
        sheet(65000, 65000), region(1, 65000, 65000), told=65000), TOO_MUCH),
    "jbig2 without a height": (lambda: jbig2(
        sheet(50000, HUGE), region(1, 50000, HUGE // 2), told=50000), TOO_MUCH),
    "jbig2 painted 200 times": (lambda: jbig2(sheet(20000, 20000), *(
        region(n, 20000, 20000) for n in range(1, 201)), told=20000), TOO_LONG),
    "jbig2 of 2 G symbols": (
        lambda: jbig2(sheet(64, 64), symbols(HUGE // 2), told=64), TOO_MUCH),
    "forms 5000 deep": (lambda: forms(5000, "/F Do"), None),
    "forms that double 30 times": (lambda: forms(30, "/F Do /F Do"), TOO_LONG),
    "a pattern in itself": (pattern_in_itself, None),
    "a pattern of endless tiles": (endless_tiles, TOO_LONG),
    "a font in itself": (font_in_itself, None),
    "a mask in itself": (mask_in_itself, None),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end_inside_their_limits(name):
    make, reason = BOMBS[name]
    seconds = SECONDS if reason == TOO_LONG else ENOUGH
    printed = render(make(), *A4_AT_600, f"cpu={seconds}", "memory=1073741824")
    assert printed.reason == reason
    if reason is None:
        assert len(printed.pages) == 1


def test_pictures_that_mean_well_are_shown():
    """What the bombs are made of is read, so that they get that far."""
    for document in (jpx_picture(64, 64, told=64),
                     jbig2(sheet(64, 64), region(1, 64, 64), told=64)):
        assert render(document).page.ink() > .05


def test_the_next_job_prints(make_platend, sim):
    platend = make_platend(limits={"render_time": "3s"})
    platend.add_printer("lobby", sim.uri())
    for name in ("forms that double 30 times", "jbig2 of 4 G pixels"):
        job = platend.wait_job(mails.send(platend.smtp, mails.message(
            "Bomb", attachments=[(BOMBS[name][0](), "application/pdf",
                                  "bomb.pdf")])).job)
        [why] = [row["why"] for row in platend.rows(
            "SELECT * FROM part_ledger WHERE job = ? AND name = 'bomb.pdf'",
            job["id"])]
        assert len((why or job["reason"]).split()) > 3, job
        job = platend.wait_job(mails.send(
            platend.smtp, mails.message("Next", "A line.\n")).job)
        assert job["state"] == "PRINTED", job
