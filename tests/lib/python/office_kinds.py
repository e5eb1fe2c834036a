# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that only LibreOffice opens beside the usual ones: templates, shows,
drawings, and what other office programs write. Each as small as it can be."""
import io
import struct
import zipfile

import office_files as files
from office_files import OOXML, XML

GREEN = (32, 160, 64)
MACRO = "application/vnd.ms-"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
VISIO = "http://schemas.microsoft.com/office/visio/2012/main"
VISIO_RELS = "http://schemas.microsoft.com/visio/2010/relationships/"
# ending: (made of, the type of its main part)
OOXML_KINDS = {
    "dotx": ("docx", OOXML + "wordprocessingml.template.main+xml"),
    "docm": ("docx", MACRO + "word.document.macroEnabled.main+xml"),
    "dotm": ("docx", MACRO + "word.template.macroEnabledTemplate.main+xml"),
    "xltx": ("xlsx", OOXML + "spreadsheetml.template.main+xml"),
    "xlsm": ("xlsx", MACRO + "excel.sheet.macroEnabled.main+xml"),
    "potx": ("pptx", OOXML + "presentationml.template.main+xml"),
    "ppsx": ("pptx", OOXML + "presentationml.slideshow.main+xml"),
    "pptm": ("pptx", MACRO + "powerpoint.presentation.macroEnabled.main+xml"),
}
PLAIN = {"docx": (lambda word: files.docx(1, body=f"<w:p><w:r><w:t>{word}</w:t>"
                                          "</w:r></w:p>", paragraphs=0),
                  OOXML + "wordprocessingml.document.main+xml"),
         "xlsx": (lambda word: files.xlsx(2, more=(("row 2", word),)),
                  OOXML + "spreadsheetml.sheet.main+xml"),
         "pptx": (lambda word: files.pptx(text=word),
                  OOXML + "presentationml.presentation.main+xml")}


def ooxml(kind, word):
    """One of OOXML_KINDS, in which that word stands."""
    plain, main = OOXML_KINDS[kind]
    make, old = PLAIN[plain]
    with zipfile.ZipFile(io.BytesIO(make(word))) as file:
        members = {name: file.read(name).decode() for name in file.namelist()}
    types = members["[Content_Types].xml"]
    assert old in types
    return files.pack({**members,
                       "[Content_Types].xml": types.replace(old, main)})


def odf_template(word):
    members = {"mimetype": files.ODF + "text-template"}
    with zipfile.ZipFile(io.BytesIO(files.odt(
            body=f"<text:p>{word}</text:p>"))) as file:
        for name in file.namelist()[1:]:
            members[name] = file.read(name).decode().replace(
                f'"{files.ODF}text"', f'"{files.ODF}text-template"')
    return files.pack(members)


def _visio_relations(*rows):
    items = "".join(f'<Relationship Id="r{n}" Type="{VISIO_RELS}{kind}" '
                    f'Target="{target}"/>' for n, (kind, target)
                    in enumerate(rows, 1))
    return f'{XML}<Relationships xmlns="{RELATIONS}">{items}</Relationships>'


def _cells(**values):
    return "".join(f'<Cell N="{name}" V="{value}"/>'
                   for name, value in values.items())


def vsdx(word):
    """A drawing of Visio: one green box with the word in it."""
    corners = ((0, 0), (3, 0), (3, 2), (0, 2), (0, 0))
    rows = "".join(
        f'<Row T="{"LineTo" if n else "MoveTo"}" IX="{n + 1}">'
        f"{_cells(X=x, Y=y)}</Row>" for n, (x, y) in enumerate(corners))
    main = 'ContentType="application/vnd.ms-visio.'
    return files.pack({
        "[Content_Types].xml":
            f'{XML}<Types xmlns="{files.PACKAGE}/content-types"><Default '
            'Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/><Default Extension="xml" ContentType='
            '"application/xml"/>'
            f'<Override PartName="/visio/document.xml" {main}drawing.main+xml"/>'
            f'<Override PartName="/visio/pages/pages.xml" {main}pages+xml"/>'
            f'<Override PartName="/visio/pages/page1.xml" {main}page+xml"/>'
            "</Types>",
        "_rels/.rels": _visio_relations(("document", "visio/document.xml")),
        "visio/document.xml": f'{XML}<VisioDocument xmlns="{VISIO}"/>',
        "visio/_rels/document.xml.rels":
            _visio_relations(("pages", "pages/pages.xml")),
        "visio/pages/pages.xml":
            f'{XML}<Pages xmlns="{VISIO}" xmlns:r="{files.RELS}"><Page ID="0">'
            f'<PageSheet>{_cells(PageWidth=8.27, PageHeight=11.69)}</PageSheet>'
            '<Rel r:id="r1"/></Page></Pages>',
        "visio/pages/_rels/pages.xml.rels":
            _visio_relations(("page", "page1.xml")),
        "visio/pages/page1.xml":
            f'{XML}<PageContents xmlns="{VISIO}"><Shapes><Shape ID="1" '
            'Type="Shape">'
            + _cells(PinX=4, PinY=8, Width=3, Height=2, LocPinX=1.5, LocPinY=1,
                     FillForegnd="#20a040", FillPattern=1)
            + f'<Section N="Geometry" IX="0">{rows}</Section>'
            f"<Text>{word}</Text></Shape></Shapes></PageContents>"})


def wpd(word):
    """WordPerfect 5.1: a head that says where the text begins, and the text."""
    return b"\xffWPC" + struct.pack("<IBBBBHH", 16, 1, 10, 0, 1, 0, 0) + \
        f"{word}\n{files.LINE}\n".encode()


def dxf():
    """AutoCAD's exchange format: a line from corner to corner, and a circle."""
    rows = (0, "SECTION", 2, "ENTITIES", 0, "LINE", 8, 0, 10, 0, 20, 0, 11, 100,
            21, 100, 0, "CIRCLE", 8, 0, 10, 50, 20, 50, 40, 40, 0, "ENDSEC", 0,
            "EOF")
    return "".join(f"{row}\r\n" for row in rows).encode()


def _emr(kind, *values):
    data = b"".join(struct.pack("<i", v) for v in values)
    return struct.pack("<II", kind, 8 + len(data)) + data


def emf():
    """10 x 5 cm, green ([MS-EMF])."""
    red, green, blue = GREEN
    body = (_emr(39, 1, 0, red | green << 8 | blue << 16, 0)  # a brush
            + _emr(37, 1) + _emr(43, 0, 0, 1000, 500) + _emr(14, 0, 16, 20))
    head = struct.pack("<iiiiiiii4sIIIHHIIIiiii", 0, 0, 1000, 500, 0, 0, 10000,
                       5000, b" EMF", 0x10000, 88 + len(body), 5, 2, 0, 0, 0, 0,
                       2000, 3000, 200, 300)
    return struct.pack("<II", 1, 88) + head + body


def _wmr(kind, *values):
    data = b"".join(struct.pack("<H", v) for v in values)
    return struct.pack("<IH", 3 + len(data) // 2, kind) + data


def wmf():
    """The same as Windows 3 had it ([MS-WMF])."""
    red, green, blue = GREEN
    place = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 1000, 500, 254, 0)
    check = 0
    for (word,) in struct.iter_unpack("<H", place):
        check ^= word
    body = (_wmr(0x020B, 0, 0) + _wmr(0x020C, 500, 1000)
            + _wmr(0x02FC, 0, red | green << 8, blue, 0) + _wmr(0x012D, 0)
            + _wmr(0x041B, 500, 1000, 0, 0) + _wmr(0))
    return place + struct.pack("<HHHHIHIH", check, 1, 9, 0x300,
                               (18 + len(body)) // 2, 1, 9, 0)[:20] + body


def psd():
    """A picture of Photoshop, 40 x 20 pixels, green."""
    planes = b"".join(bytes([value]) * 800 for value in GREEN)
    return struct.pack(">4sH6xHIIHHIIIH", b"8BPS", 1, 3, 20, 40, 8, 3, 0, 0, 0,
                       0) + planes
