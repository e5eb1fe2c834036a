# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of every kind come out right way up and in their colours; those that
are made to hurt end with a sentence, and the next mail prints."""
import io
import pathlib
import struct

import pytest
from PIL import Image

import mails
import raster

DATA = pathlib.Path(__file__).parents[1] / "data" / "picture"
RED, GREEN, BLUE, YELLOW = ((230, 20, 20), (20, 200, 20), (20, 20, 230),
                            (255, 200, 20))
# as they lie on the page; the files in DATA show the same
QUARTERS = {(.25, .25): RED, (.75, .25): GREEN, (.25, .75): BLUE,
            (.75, .75): YELLOW}
SIZE = (150, 210)


def quarters():
    image = Image.new("RGB", SIZE)
    for (x, y), colour in QUARTERS.items():
        left, top = int((x - .25) * SIZE[0]), int((y - .25) * SIZE[1])
        image.paste(colour, (left, top, left + 75, top + 105))
    return image


def saved(kind, image=None, **options):
    out = io.BytesIO()
    (image or quarters()).save(out, kind, **options)
    return out.getvalue()


def exif(orientation):
    return (b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1" +
            bytes([0, orientation, 0, 0, 0, 0, 0, 0]))


def svg():
    boxes = "".join(
        f"<rect x='{x * 100 - 25}' y='{y * 100 - 25}' width='50' height='50'"
        f" fill='rgb{colour}'/>" for (x, y), colour in QUARTERS.items())
    return ("<svg xmlns='http://www.w3.org/2000/svg' width='150' height='210'"
            f" viewBox='0 0 100 100' preserveAspectRatio='none'>{boxes}</svg>"
            ).encode()


KINDS = {
    "a.jpg": lambda: saved("JPEG", quality=95),
    "inks.jpg": lambda: saved("JPEG", quarters().convert("CMYK"), quality=95),
    # as a camera held upright stores it; orientation 6 turns it right
    "turned.jpg": lambda: saved("JPEG", quarters().rotate(90, expand=True),
                                quality=95, exif=exif(6)),
    "a.png": lambda: saved("PNG"),
    "a.gif": lambda: saved("GIF", quarters().quantize(8)),
    "a.bmp": lambda: saved("BMP"),
    "a.webp": lambda: saved("WEBP", quality=95),
    "a.tif": lambda: saved("TIFF", compression="tiff_lzw"),
    "a.svg": svg,
    "a.heic": lambda: (DATA / "quarters.heic").read_bytes(),
    "a.avif": lambda: (DATA / "quarters.avif").read_bytes(),
}


@pytest.fixture
def lobby(platend, ippeve):
    """ippeveprinter as "lobby", on A4."""
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return platend


def send(platend, files):
    """files: (bytes, name), all of a type that says nothing."""
    return mails.send(platend.smtp, mails.message(
        "Pictures", "", attachments=[(data, "application/octet-stream", name)
                                     for data, name in files])).job


def printed(platend, ippeve, files):
    job = platend.wait_job(send(platend, files))
    assert job["state"] == "PRINTED", job
    return raster.read(ippeve.documents()[-1][1])


def check_quarters(page, name):
    for (x, y), colour in QUARTERS.items():
        found = page.mean(x - .1, y - .1, x + .1, y + .1)
        assert all(abs(f - c) < 45 for f, c in zip(found, colour)), \
            (name, x, y, found)


def test_every_kind_of_picture_is_known_by_its_content(lobby, ippeve):
    files = [(make(), name + ".bin") for name, make in KINDS.items()]
    pages = printed(lobby, ippeve, files)
    assert len(pages) == len(files)
    for page, (_, name) in zip(pages, files):
        check_quarters(page, name)


def test_every_page_of_a_scan_is_a_page(lobby, ippeve):
    sheets = []
    for n in range(3):
        sheet = Image.new("1", (850, 1200), 1)
        sheet.paste(0, (100, 100 + 300 * n, 700, 250 + 300 * n))
        sheets.append(sheet)
    scan = saved("TIFF", sheets[0], save_all=True, append_images=sheets[1:],
                 compression="group4")
    pages = printed(lobby, ippeve, [(scan, "scan.tif")])
    assert len(pages) == 3
    for n, page in enumerate(pages):
        top, bottom = page.ink_box()[1], page.ink_box()[3]
        assert abs(top - (100 + 300 * n) / 1200) < .05
        assert abs(bottom - (250 + 300 * n) / 1200) < .05


def cut_in_half(kind, **options):
    """Noise, so that half of the file is half of the picture."""
    noise = Image.effect_noise(SIZE, 80).convert("RGB")
    data = saved(kind, noise, **options)
    return data[:len(data) // 2]


CUT = {
    "cut.jpg": lambda: cut_in_half("JPEG", quality=90),
    "progressive.jpg": lambda: cut_in_half("JPEG", quality=90,
                                           progressive=True),
    "cut.png": lambda: cut_in_half("PNG"),
    "cut.bmp": lambda: cut_in_half("BMP"),
    "cut.webp": lambda: cut_in_half("WEBP", quality=90),
    "cut.gif": lambda: cut_in_half("GIF", interlace=0),
    "rounds.gif": lambda: cut_in_half("GIF", interlace=1),
}


def test_pictures_that_are_cut_print_and_say_so(lobby, ippeve):
    files = [(make(), name) for name, make in CUT.items()]
    job = lobby.wait_job(send(lobby, files + [(saved("PNG"), "good.png")]))
    ledger = {row["name"]: row for row in lobby.rows(
        "SELECT * FROM part_ledger WHERE job = ?", job["id"])}
    for name in CUT:
        assert ledger[name]["fate"] == "printed", ledger[name]
        assert ledger[name]["why"].startswith(
            "not printed as a whole: cannot read the "), ledger[name]
    assert (ledger["good.png"]["fate"], ledger["good.png"]["why"]) == (
        "printed", "")
    pages = raster.read(ippeve.documents()[-1][1])
    assert len(pages) == len(CUT) + 1
    assert all(page.ink() > .1 for page in pages)


def tiff_chain(n):
    """n pages of one pixel, the last one pointing to the first."""
    out = b"II*\0\x08\0\0\0"
    for i in range(n):
        after = len(out) + 2 + 24 + 4
        out += struct.pack("<HHHIIHHIII", 2, 256, 4, 1, 1, 257, 4, 1, 1,
                           after if i + 1 < n else 8)
    return out


def laughs(kind):
    """Ten times ten times ...: by entities or by <use>."""
    head = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
    if kind == "entity":
        levels = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>"
                         for n in range(1, 12))
        return (f"<!DOCTYPE svg [<!ENTITY l0 '<rect/>'>{levels}]>{head}"
                "&l11;</svg>").encode()
    levels = "".join(
        f"<g id='u{n}'>" + f"<use href='#u{n - 1}'/>" * 10 + "</g>"
        for n in range(1, 12))
    return (f"{head}<defs><rect id='u0' width='9' height='9'/>{levels}</defs>"
            "<use href='#u11'/></svg>").encode()


def huge(kind):
    if kind == "gif":
        return (b"GIF89a" + struct.pack("<HH", 65000, 65000) + b"\x80\0\0" +
                bytes(6) + b"," + struct.pack("<HHHH", 0, 0, 65000, 65000) +
                b"\0\2\2\x4c\1\0;")
    if kind == "bmp":
        return (b"BM" + bytes(8) +
                struct.pack("<IIiiHH", 54, 40, 60000, 60000, 1, 24) +
                bytes(24) + bytes(1000))
    body = b"WEBPVP8L" + struct.pack("<I", 10) + b"\x2f\xff\xff\xff\x0f" + bytes(5)
    return b"RIFF" + struct.pack("<I", len(body)) + body


BOMBS = {
    "huge.gif": lambda: huge("gif"),
    "huge.bmp": lambda: huge("bmp"),
    "huge.webp": lambda: huge("webp"),
    "entities.svg": lambda: laughs("entity"),
    "uses.svg": lambda: laughs("use"),
    "cut.heic": lambda: (DATA / "quarters.heic").read_bytes()[:700],
    "cut.avif": lambda: (DATA / "quarters.avif").read_bytes()[:200],
}


def test_pictures_made_to_hurt_end_with_a_sentence(lobby, ippeve):
    files = [(make(), name) for name, make in BOMBS.items()]
    job = lobby.wait_job(send(lobby, files + [(saved("PNG"), "good.png")]),
                         timeout=60)
    ledger = {row["name"]: row for row in lobby.rows(
        "SELECT * FROM part_ledger WHERE job = ?", job["id"])}
    for name in BOMBS:
        assert ledger[name]["fate"] == "failed", (name, ledger[name])
        assert len(ledger[name]["why"].split()) >= 4, ledger[name]
    assert ledger["good.png"]["fate"] == "printed"
    pages = raster.read(ippeve.documents()[-1][1])
    assert len(pages) == 1
    check_quarters(pages[0], "good.png")


def test_a_chain_of_pages_without_end_is_refused(lobby, ippeve):
    job = lobby.wait_job(send(lobby, [(tiff_chain(20000), "chain.tif")]))
    assert job["state"] == "FAILED", job
    assert "more than 10000 pages" in job["reason"]
    assert not ippeve.documents()
