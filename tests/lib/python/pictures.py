# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages held against the pictures of them that are kept in tests/data.

With PLATEN_PICTURES=1 the pictures are made anew instead: HACKING.md.
"""
import os

from PIL import Image, ImageChops, ImageFilter

TOLERANCE = 24  # of 255: the worst spot of the blurred difference


def of_page(page, size=None):
    """As a picture; smaller, if a size is named."""
    image = Image.frombytes("L" if page.n_bytes == 1 else "RGB",
                            (page.width, page.height), b"".join(page.lines()))
    return image.resize(size, Image.Resampling.BOX) if size else image


def kept(path):
    with Image.open(path) as image:
        return image.copy()


def difference(a, b, blur=1):
    blurred = [image.filter(ImageFilter.GaussianBlur(blur))
               for image in (a, b)]
    extrema = ImageChops.difference(*blurred).getextrema()
    if isinstance(extrema[0], tuple):
        return max(high for _, high in extrema)
    return extrema[1]


def check(image, path, blur=1):
    """That the picture at path shows the same."""
    if os.environ.get("PLATEN_PICTURES"):
        image.save(path, optimize=True)
    expected = kept(path)
    assert (expected.size, expected.mode) == (image.size, image.mode), path
    assert difference(image, expected, blur) < TOLERANCE, path
