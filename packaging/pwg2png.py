#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Show what a printer was given: PWG raster or URF in, one PNG per page out.

    pwg2png.py FILE PREFIX    writes PREFIX-1.png, PREFIX-2.png ... and names them
"""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "tests/lib/python"))
sys.dont_write_bytecode = True
import raster  # noqa: E402


def chunk(kind, data):
    """RFC 2083 3.2"""
    return (struct.pack(">I", len(data)) + kind + data +
            struct.pack(">I", zlib.crc32(kind + data)))


def png(page):
    """The page as a PNG file; each line is stored without a filter."""
    colour_type = 0 if page.colour == raster.SGRAY else 2
    per_metre = round(page.dpi / 0.0254)
    pack = zlib.compressobj(6)
    lines = b"".join(pack.compress(b"\0" + line) for line in page.lines())
    return b"".join([
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", struct.pack(">IIBBBBB", page.width, page.height, 8,
                                   colour_type, 0, 0, 0)),
        chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
        chunk(b"IDAT", lines + pack.flush()),
        chunk(b"IEND", b"")])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    source, prefix = sys.argv[1:]
    try:
        pages = raster.read(pathlib.Path(source).read_bytes())
    except (OSError, raster.BadRaster) as error:
        sys.exit(f"pwg2png.py: {source}: {error}")
    for n, page in enumerate(pages, 1):
        path = pathlib.Path(f"{prefix}-{n}.png")
        path.write_bytes(png(page))
        print(path)


if __name__ == "__main__":
    main()
