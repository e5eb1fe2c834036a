# SPDX-License-Identifier: AGPL-3.0-or-later
"""PWG raster (PWG 5102.4) and URF, read by code that shares nothing with ours
in C: what came out of the printer is judged by its pixels."""
import struct
from dataclasses import dataclass, field

PWG_HEADER = 1796
URF_HEADER = 32
SGRAY, SRGB = "sgray", "srgb"
BLACK = "black"  # one bit, 1 is ink


class BadRaster(ValueError):
    pass


@dataclass
class Page:
    """One page; `rows` holds (line, how often), lines as bytes."""
    width: int
    height: int
    dpi: int
    colour: str
    duplex: bool
    tumble: bool
    media: str
    header: bytes = field(repr=False)
    rows: list = field(default_factory=list, repr=False)

    @property
    def n_bytes(self):
        return 3 if self.colour == SRGB else 1

    @property
    def line_size(self):
        if self.colour == BLACK:
            return (self.width + 7) // 8
        return self.width * self.n_bytes

    def lines(self):
        for line, times in self.rows:
            for _ in range(times):
                yield line

    def window(self, left, top, right, bottom):
        """Bytes of a part of the page; edges from 0 to 1."""
        x0, x1 = int(left * self.width), max(1, int(right * self.width))
        y0, y1 = int(top * self.height), int(bottom * self.height)
        cut = slice(x0 * self.n_bytes, x1 * self.n_bytes)
        return b"".join(line[cut] for y, line in enumerate(self.lines())
                        if y0 <= y < y1)

    def ink(self, left=0.0, top=0.0, right=1.0, bottom=1.0):
        """Which share of this part of the page is not white."""
        part = self.window(left, top, right, bottom)
        return 1 - part.count(0xff) / len(part) if part else 0.0

    def mean(self, left=0.0, top=0.0, right=1.0, bottom=1.0):
        """Mean value of each channel, 0 to 255."""
        part = self.window(left, top, right, bottom)
        n = self.n_bytes
        return tuple(sum(part[c::n]) / (len(part) // n) for c in range(n))

    def ink_box(self):
        """(left, top, right, bottom) of all ink, 0 to 1; None: a white page."""
        left, right, top, bottom, y = self.width, 0, None, 0, 0
        for line, times in self.rows:
            body = line.rstrip(b"\xff")
            if body:
                n = self.n_bytes
                left = min(left, (len(line) - len(line.lstrip(b"\xff"))) // n)
                right = max(right, -(-len(body) // n))
                top = y if top is None else top
                bottom = y + times
            y += times
        if top is None:
            return None
        return (left / self.width, top / self.height,
                right / self.width, bottom / self.height)

    def has_colour(self):
        if self.colour == SGRAY:
            return False
        return any(line[0::3] != line[1::3] or line[0::3] != line[2::3]
                   for line, _ in self.rows)


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, n):
        piece = self.data[self.at:self.at + n]
        if len(piece) != n:
            raise BadRaster(f"ends at byte {len(self.data)}, inside something")
        self.at += n
        return piece

    def line(self, size, pixel):
        pieces, have = [], 0
        while have < size:
            code = self.take(1)[0]
            if code == 128:
                piece = b"\xff" * (size - have)
            elif code < 128:
                piece = self.take(pixel) * (code + 1)
            else:
                piece = self.take((257 - code) * pixel)
            pieces.append(piece)
            have += len(piece)
        if have != size:
            raise BadRaster(f"a run of {have - size} bytes beyond its line")
        return b"".join(pieces)

    def body(self, page):
        rows, size = 0, page.line_size
        while rows < page.height:
            times = self.take(1)[0] + 1
            page.rows.append((self.line(size, page.n_bytes), times))
            rows += times
        if rows != page.height:
            raise BadRaster(f"{rows} lines on a page of {page.height}")


def pwg_page(header):
    def number(at):
        return struct.unpack_from(">I", header, at)[0]
    colours = {(8, 18): SGRAY, (24, 19): SRGB, (1, 3): BLACK}
    if not header.startswith(b"PwgRaster\0"):
        raise BadRaster("a page header without 'PwgRaster'")
    bits, space = number(388), number(400)
    if (bits, space) not in colours:
        raise BadRaster(f"colour space {space} with {bits} bits")
    page = Page(number(372), number(376), number(276), colours[bits, space],
                bool(number(272)), bool(number(368)),
                header[1732:].split(b"\0")[0].decode(), header)
    if number(392) != page.line_size:
        raise BadRaster(f"{number(392)} bytes a line of {page.width} pixels")
    return page


def urf_page(header):
    bits, space, duplex = header[0], header[1], header[2]
    colours = {(8, 0): SGRAY, (24, 1): SRGB}
    if (bits, space) not in colours:
        raise BadRaster(f"colour space {space} with {bits} bits")
    width, height, dpi = struct.unpack_from(">III", header, 12)
    return Page(width, height, dpi, colours[bits, space], duplex in (2, 3),
                duplex == 2, "", header)


def read(data):
    """The pages of a PWG raster or URF file; BadRaster if it is not whole."""
    reader = Reader(data)
    if data[:4] == b"RaS2":
        reader.take(4)
        size, make = PWG_HEADER, pwg_page
    elif data[:8] == b"UNIRAST\0":
        reader.take(12)
        size, make = URF_HEADER, urf_page
    else:
        raise BadRaster(f"neither PWG raster nor URF: {data[:8]!r}")
    pages = []
    while reader.at < len(data):
        page = make(reader.take(size))
        reader.body(page)
        pages.append(page)
    return pages
