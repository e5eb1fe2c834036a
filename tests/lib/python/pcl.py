# SPDX-License-Identifier: AGPL-3.0-or-later
"""PCL 5e raster and PCL XL images as pages, read by code that shares nothing
with ours in C. Only what a printer of raster has to know; BadPcl for more."""
import re
import struct
from dataclasses import dataclass

from PIL import Image

UEL = b"\x1b%-12345X"
COMMAND = re.compile(rb"(?:\x1b([&*][a-z]))?(\d*)([a-zA-Z])")
# inches, by the number that stands for the paper
PCL_PAPERS = {2: (8.5, 11), 24: (4.134, 5.827), 25: (5.827, 8.268),
              26: (8.268, 11.693), 27: (11.693, 16.535)}
XL_PAPERS = {0: (8.5, 11), 2: (8.268, 11.693), 5: (11.693, 16.535),
             16: (5.827, 8.268), 17: (4.134, 5.827)}
LOGICAL_EDGE = 71 / 300  # inches that PCL 5 leaves at the left of an A4


class BadPcl(ValueError):
    pass


def unpack_runs(code):
    """PackBits."""
    out, at = bytearray(), 0
    while at < len(code):
        count = code[at]
        if count < 128:
            out += code[at + 1:at + 2 + count]
            at += 2 + count
        else:
            out += code[at + 1:at + 2] * ((257 - count) % 129)
            at += 1 if count == 128 else 2
    return bytes(out)


def unpack_delta(code, seed):
    """What changed since the line before."""
    out, place, at = bytearray(seed), 0, 0
    while at < len(code):
        count, offset = (code[at] >> 5) + 1, code[at] & 31
        more = offset == 31
        at += 1
        while more:
            offset += code[at]
            more = code[at] == 255
            at += 1
        place += offset
        out.extend(bytes(max(0, place + count - len(out))))
        out[place:place + count] = code[at:at + count]
        place += count
        at += count
    return bytes(out)


class Pcl5:
    """The printer's memory while it reads."""

    def __init__(self):
        self.pages, self.asked = [], {}
        self.page, self.seed, self.y, self.method = None, b"", 0, 0

    def sheet(self):
        width, height = PCL_PAPERS[self.asked["&la"]]
        dpi = self.asked["*tr"]
        return Image.new("L", (round(width * dpi), round(height * dpi)), 255)

    def row(self, code):
        unpack = {0: bytes, 2: unpack_runs,
                  3: lambda c: unpack_delta(c, self.seed)}[self.method]
        self.seed = unpack(code)
        if self.seed:
            line = Image.frombytes("1", (len(self.seed) * 8, 1),
                                   bytes(byte ^ 255 for byte in self.seed))
            left = round(LOGICAL_EDGE * self.asked["*tr"])
            self.page.paste(line.convert("L"), (left, self.y))
        self.y += 1

    def command(self, name, value):
        if name == "*ra":
            self.page, self.seed, self.method = self.sheet(), b"", 0
        elif name == "*py":
            self.y = value
        elif name == "*by":
            self.y, self.seed = self.y + value, b""
        elif name == "*bm":
            self.method = value
        else:
            self.asked[name] = value

    def end_page(self):
        self.pages.append(self.page)
        self.page = None


def read_pcl5(data):
    """(pages, {"&la": 26, "&ls": 1, ...}): what was asked for before them."""
    head = UEL + b"@PJL ENTER LANGUAGE=PCL\r\n\x1bE"
    if not data.startswith(head) or not data.endswith(b"\x1bE" + UEL):
        raise BadPcl("no job of PCL")
    printer, at, end = Pcl5(), len(head), len(data) - len(UEL) - 2
    group = None  # several commands of one group share their escape
    while at < end:
        if data[at] == 0x0c:
            printer.end_page()
            at += 1
            continue
        found = COMMAND.match(data, at)
        group = found and (found[1] or group)
        if not group:
            raise BadPcl(f"at {at}: {data[at:at + 12]!r}")
        name = (group + found[3].lower()).decode()
        value, at = int(found[2] or 0), found.end()
        if name == "*bw":
            printer.row(data[at:at + value])
            at += value
        else:
            printer.command(name, value)
        group = group if found[3].islower() else None
    return printer.pages, printer.asked


@dataclass
class XlImage:
    """Attributes by their numbers."""
    left: int
    top: int
    colour: bool
    width: int
    height: int


class PclXl:
    SIZES = {0xc0: "<B", 0xc1: "<H", 0xd1: "<HH", 0xd3: "<HH", 0xd5: "<ff"}

    def __init__(self, data):
        head = data.index(b") HP-PCL XL;2;0")
        self.data, self.at = data, data.index(b"\n", head) + 1
        self.pages, self.asked, self.attributes = [], [], {}
        self.cursor, self.colour, self.dpi = (0, 0), False, 300
        self.value, self.image, self.code = None, None, b""

    def take(self, form):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values if len(values) > 1 else values[0]

    def begin_page(self, asked):
        width, height = (XL_PAPERS[asked[37]] if 37 in asked else
                         tuple(side / 254 for side in asked[47]))
        self.asked.append(asked)
        self.pages.append(Image.new("RGB", (round(width * self.dpi),
                                            round(height * self.dpi)),
                                    "white"))

    def put_image(self):
        image, depth = self.image, 3 if self.image.colour else 1
        size = image.width * depth
        stride = (size + 3) // 4 * 4
        pixels = unpack_runs(self.code)
        if len(pixels) != stride * image.height:
            raise BadPcl(f"{len(pixels)} bytes of {image}")
        lines = b"".join(pixels[y * stride:y * stride + size]
                         for y in range(image.height))
        picture = Image.frombytes("RGB" if depth == 3 else "L",
                                  (image.width, image.height), lines)
        self.pages[-1].paste(picture.convert("RGB"), (image.left, image.top))

    def operator(self, code, asked):
        if code == 0x41:
            self.dpi = asked[137][0]
        elif code == 0x43:
            self.begin_page(asked)
        elif code == 0x6a:
            self.colour = asked[3] == 2
        elif code == 0x6b:
            self.cursor = asked[76]
        elif code == 0xb0:
            self.image = XlImage(*self.cursor, self.colour, asked[108],
                                 asked[107])
        elif code == 0xb2:
            self.put_image()

    def step(self):
        code = self.take("<B")
        if code in self.SIZES:
            self.value = self.take(self.SIZES[code])
        elif code == 0xf8:
            self.attributes[self.take("<B")] = self.value
        elif code == 0xfa:
            size = self.take("<I")
            self.code = self.data[self.at:self.at + size]
            self.at += size
        else:
            self.operator(code, self.attributes)
            self.attributes = {}


def read_pclxl(data):
    """(pages, the attributes of each page's beginning by their numbers)."""
    if not data.startswith(UEL) or not data.endswith(UEL):
        raise BadPcl("no job of PCL XL")
    printer = PclXl(data[:-len(UEL)])
    while printer.at < len(printer.data):
        printer.step()
    return printer.pages, printer.asked
