# SPDX-License-Identifier: AGPL-3.0-or-later
"""PDFs, XPS files and e-books with one trait each, on paper of 200 x 300
points, and their way through the worker, which is run by hand as
render/protocol.h says: in its box, with its limits."""
import io
import itertools
import os
import pathlib
import subprocess
import tempfile
import urllib.parse
import zipfile

from PIL import Image

import mails
import raster
from programs import BIN

MEDIA = ("media=custom_test", "media_width=7056", "media_height=10584")


def assemble(*objects, trailer=""):
    """Objects 1 to n, text or bytes; the first is the catalog."""
    out, offsets = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        body = item.encode() if isinstance(item, str) else item
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    return out + (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
                  f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R "
                  f"{trailer} >>\nstartxref\n{len(out)}\n%%EOF\n").encode()


def stream(data, words=""):
    data = data.encode() if isinstance(data, str) else data
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (
        len(data), words.encode(), data)


def page(content, *more, box="0 0 200 300", words="", catalog=""):
    """One page; `more` are objects from number 5."""
    return assemble(
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [{box}] "
        f"{words} >>", stream(content), *more)


def qpdf(pdf, *options):
    with tempfile.NamedTemporaryFile() as file:
        file.write(pdf)
        file.flush()
        return subprocess.run(["qpdf", file.name, *options, "-"], check=True,
                              stdout=subprocess.PIPE, timeout=30).stdout


def ink_boxes(path):
    """Where the ink of each page lies, 0 to 1, as Poppler draws it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-gray", "-r", "50", path,
                        f"{folder}/page"], check=True, timeout=30)
        boxes = []
        for file in sorted(pathlib.Path(folder).iterdir()):
            with Image.open(file) as image:
                ink = image.point(lambda v: 255 if v < 200 else 0).getbbox()
                boxes.append(ink and tuple(
                    edge / image.size[i % 2] for i, edge in enumerate(ink)))
    return boxes


def xps(path_data, colour, more=""):
    """One page of 200 x 300 points: 266.7 x 400 of its units, a 96th inch."""
    files = {
        "[Content_Types].xml":
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="fdseq" ContentType="application/'
            'vnd.ms-package.xps-fixeddocumentsequence+xml"/><Default '
            'Extension="fdoc" ContentType="application/vnd.ms-package.'
            'xps-fixeddocument+xml"/><Default Extension="fpage" ContentType='
            '"application/vnd.ms-package.xps-fixedpage+xml"/></Types>',
        "_rels/.rels":
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/'
            '2006/relationships"><Relationship Id="R0" Target="/s.fdseq" '
            'Type="http://schemas.microsoft.com/xps/2005/06/'
            'fixedrepresentation"/></Relationships>',
        "s.fdseq":
            '<FixedDocumentSequence xmlns="http://schemas.microsoft.com/xps/'
            '2005/06"><DocumentReference Source="/d.fdoc"/>'
            '</FixedDocumentSequence>',
        "d.fdoc":
            '<FixedDocument xmlns="http://schemas.microsoft.com/xps/2005/06">'
            '<PageContent Source="/p.fpage"/></FixedDocument>',
        "p.fpage":
            '<FixedPage xmlns="http://schemas.microsoft.com/xps/2005/06" '
            'Width="266.7" Height="400" xml:lang="en"><Path Fill="'
            f'{colour}" Data="{path_data}"/>{more}</FixedPage>',
    }
    return _zip(files)


def epub(body):
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml":
            '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:'
            'xmlns:container"><rootfiles><rootfile full-path="c.opf" '
            'media-type="application/oebps-package+xml"/></rootfiles>'
            '</container>',
        "c.opf":
            '<package xmlns="http://www.idpf.org/2007/opf" version="2.0" '
            'unique-identifier="i"><metadata/><manifest><item id="a" '
            'href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
        "a.xhtml":
            '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title>'
            f'</head><body>{body}</body></html>',
    }
    return _zip(files)


def _zip(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


class Printed:
    """What the worker made of a mail: its pages, and what it said."""

    def __init__(self, data, said):
        self.data = data
        self.words = [dict(item.split("=", 1) for item in line.split(" "))
                      for line in said.splitlines()]

    def word(self, key, beside=None):
        """The first value of this key that was said (on a line with the key
        `beside`), or None."""
        for line in self.words:
            if key in line and (beside is None or beside in line):
                return urllib.parse.unquote(line[key])
        return None

    @property
    def reason(self):
        return self.word("reason") or self.word("failed")

    @property
    def pages(self):
        assert self.reason is None, self.words
        return raster.read(self.data)

    @property
    def page(self):
        [page] = self.pages
        return page


def render(document, *words, name="a.pdf", kind="application/pdf"):
    """Print a document that came by mail; a pixel is a point, in colour,
    unless words say otherwise."""
    return render_mail(mails.message(
        attachments=[(document, kind, name)]).as_bytes(), *words)


def render_mail(mail, *words):
    given = {word.split("=")[0] for word in words}
    usual = [word for word in ("dpi=72", "colour=1", *MEDIA)
             if word.split("=")[0] not in given]
    with tempfile.TemporaryFile() as stdin, \
            tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as said:
        stdin.write(mail)
        stdin.seek(0)
        subprocess.run(
            ["/bin/sh", "-c", 'exec "$0" "$@" 3>&2 2>/dev/null',
             BIN / "platen-render", *usual, *words],
            stdin=stdin, stdout=out, stderr=said, check=True, timeout=300)
        out.seek(0)
        said.seek(0)
        return Printed(out.read(), said.read().decode())


def at(page, x, y):
    """The pixel at x, y."""
    line = next(itertools.islice(page.lines(), y, None))
    return tuple(line[x * page.n_bytes:(x + 1) * page.n_bytes])
