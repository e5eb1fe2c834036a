# SPDX-License-Identifier: AGPL-3.0-or-later
"""Office files, as small as their programs take them.

Each begins with a bar of a colour of its own, so that a page can be told."""
import io
import zipfile

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
FONT = "DejaVu Sans"  # which every machine with platen has
XML = '<?xml version="1.0" encoding="UTF-8"?>'
LINE = "The quick brown fox jumps over the lazy dog, page after page. "
TYPES = {"docx": OOXML + "wordprocessingml.document",
         "xlsx": OOXML + "spreadsheetml.sheet",
         "pptx": OOXML + "presentationml.presentation",
         "odt": ODF + "text", "rtf": "application/rtf"}


def pack(members):
    """members: {name: text}; the first one is stored, as ODF wants it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for n, (name, text) in enumerate(members.items()):
            file.writestr(name, text, compress_type=None if n else
                          zipfile.ZIP_STORED)
    return out.getvalue()


def relations(*rows, mode=""):
    """rows: (id, kind, target); mode: "External" for what is elsewhere."""
    mode = f' TargetMode="{mode}"' if mode else ""
    items = "".join(f'<Relationship Id="{name}" Type="{RELS}/{kind}" '
                    f'Target="{target}"{mode}/>' for name, kind, target in rows)
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{items}' \
           "</Relationships>"


def ooxml(main, kind, members, overrides=()):
    parts = "".join(f'<Override PartName="/{name}" ContentType="{OOXML}{what}"/>'
                    for name, what in ((main, kind), *overrides))
    return pack({
        "[Content_Types].xml":
            f'{XML}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{parts}'
            "</Types>",
        "_rels/.rels": relations(("r1", "officeDocument", main)), **members})


def docx(pages=1, colour="1040A0", paragraphs=12, body="", members=None,
         overrides=()):
    bar = ('<w:p><w:pPr><w:shd w:val="clear" w:color="auto" '
           f'w:fill="{colour}"/></w:pPr><w:r><w:rPr><w:sz w:val="96"/></w:rPr>'
           "<w:t> </w:t></w:r></w:p>")
    text = f"<w:p><w:r><w:t>{LINE * 3}</w:t></w:r></w:p>" * paragraphs
    turn = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    size = ('<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" '
            'w:right="1134" w:bottom="1134" w:left="1134"/></w:sectPr>')
    return ooxml("word/document.xml", "wordprocessingml.document.main+xml", {
        "word/document.xml":
            f'{XML}<w:document xmlns:w="http://schemas.openxmlformats.org/'
            f'wordprocessingml/2006/main"><w:body>{turn.join([bar + text] * pages)}'
            f"{body}{size}</w:body></w:document>", **(members or {})}, overrides)


def docx_with_links(*urls):
    """Each of them as a picture, as a field's picture, and as the template."""
    picture = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.'
        'org/drawingml/2006/wordprocessingDrawing"><wp:extent cx="3600000" '
        'cy="1800000"/><wp:docPr id="{n}" name="p{n}"/><a:graphic '
        f'xmlns:a="{DRAWING}"><a:graphicData uri="{picture}"><pic:pic '
        f'xmlns:pic="{picture}"><pic:nvPicPr><pic:cNvPr id="{{n}}" name="p{{n}}"/>'
        "<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip "
        f'xmlns:r="{RELS}" r:link="p{{n}}"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="3600000" '
        'cy="1800000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>")
    field = ("<w:p><w:fldSimple w:instr=' INCLUDEPICTURE \"{url}\" '><w:r><w:t>"
             "none</w:t></w:r></w:fldSimple></w:p>")
    body = "".join(drawing.replace("{n}", str(n)) + field.replace("{url}", url)
                   for n, url in enumerate(urls, 1))
    return docx(paragraphs=1, body=body, members={
        "word/_rels/document.xml.rels": relations(
            *((f"p{n}", "image", url) for n, url in enumerate(urls, 1)),
            mode="External").replace("</Relationships>", relations(
                ("settings", "settings", "settings.xml")).partition(
                    'relationships">')[2]),
        "word/settings.xml":
            f'{XML}<w:settings xmlns:w="http://schemas.openxmlformats.org/'
            f'wordprocessingml/2006/main" xmlns:r="{RELS}"><w:attachedTemplate '
            'r:id="t"/></w:settings>',
        "word/_rels/settings.xml.rels": relations(
            ("t", "attachedTemplate", urls[0]), mode="External"),
    }, overrides=(("word/settings.xml", "wordprocessingml.settings+xml"),))


def docx_with_remark(words, remark):
    """The words, with a remark of somebody's in the margin."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return docx(
        paragraphs=1,
        body='<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>'
             f'{words}</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r>'
             '<w:commentReference w:id="0"/></w:r></w:p>',
        members={
            "word/_rels/document.xml.rels": relations(
                ("r1", "comments", "comments.xml")),
            "word/comments.xml":
                f'{XML}<w:comments {space}><w:comment w:id="0" w:author="A" '
                f'w:date="2026-01-01T00:00:00Z"><w:p><w:r><w:t>{remark}</w:t>'
                "</w:r></w:p></w:comment></w:comments>"},
        overrides=(("word/comments.xml", "wordprocessingml.comments+xml"),))


def formula(over, under):
    """A fraction, as a paragraph of a docx."""
    space = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    return (f"<w:p><m:oMath {space}><m:f><m:num><m:r><m:t>{over}</m:t></m:r>"
            f"</m:num><m:den><m:r><m:t>{under}</m:t></m:r></m:den></m:f></m:oMath>"
            "</w:p>")


def xlsx(rows=10, colour="20A040", font="", more=()):
    """more: (old, new) pairs, replaced in the sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" s="{int(n == 1)}"><v>{n}</v></c>'
        f'<c r="B{n}" t="inlineStr"><is><t>row {n}</t></is></c></row>'
        for n in range(1, rows + 1))
    name = f'<name val="{font}"/>' if font else ""
    sheet = (f'{XML}<worksheet xmlns="{main}"><sheetPr codeName="Sheet1"/>'
             f'<sheetData>{cells}</sheetData><pageSetup paperSize="9"/></worksheet>')
    for old, new in more:
        sheet = sheet.replace(old, new)
    return ooxml("xl/workbook.xml", "spreadsheetml.sheet.main+xml", {
        "xl/workbook.xml":
            f'{XML}<workbook xmlns="{main}" xmlns:r="{RELS}"><workbookPr '
            'codeName="ThisWorkbook"/><sheets>'
            '<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "styles", "styles.xml")),
        "xl/styles.xml":
            f'{XML}<styleSheet xmlns="{main}"><fonts count="1"><font>{name}</font>'
            "</fonts>"
            '<fills count="3"><fill/><fill/><fill><patternFill '
            f'patternType="solid"><fgColor rgb="FF{colour}"/></patternFill>'
            '</fill></fills><borders count="1"><border/></borders>'
            '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
            '<xf/><xf fillId="2" applyFill="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": sheet,
    }, (("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml"),
        ("xl/styles.xml", "spreadsheetml.styles+xml")))


def _text_box(text):
    if not text:
        return ""
    lines = "".join(f'<a:p><a:r><a:rPr sz="2400"><a:latin '
                    f'typeface="{FONT}"/></a:rPr><a:t>{line}</a:t></a:r></a:p>'
                    for line in text.split("\n"))
    return ('<p:sp><p:nvSpPr><p:cNvPr id="3" name="text"/><p:cNvSpPr txBox="1"/>'
            '<p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="685800" y="2286000"/>'
            '<a:ext cx="7772400" cy="3429000"/></a:xfrm><a:prstGeom prst="rect"/>'
            f"</p:spPr><p:txBody><a:bodyPr/>{lines}</p:txBody></p:sp>")


def _slide(colour, text):
    return (f'{XML}<p:sld xmlns:p="{PRESENTATION}" xmlns:a="{DRAWING}"><p:cSld>'
            '<p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/>'
            '<p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id="2"'
            ' name="bar"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
            '<a:off x="0" y="0"/><a:ext cx="9144000" cy="1714500"/></a:xfrm>'
            '<a:prstGeom prst="rect"/><a:solidFill><a:srgbClr '
            f'val="{colour}"/></a:solidFill></p:spPr></p:sp>{_text_box(text)}</p:spTree>'
            "</p:cSld></p:sld>")


PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def pptx(colours=("A02020",), text=""):
    names = [f"ppt/slides/slide{n}.xml" for n in range(len(colours))]
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>'
                  for n in range(len(colours)))
    return ooxml("ppt/presentation.xml", "presentationml.presentation.main+xml", {
        "ppt/presentation.xml":
            f'{XML}<p:presentation xmlns:p="{PRESENTATION}" xmlns:r="{RELS}">'
            f"<p:sldIdLst>{ids}</p:sldIdLst>"
            '<p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            *((f"r{n}", "slide", f"slides/slide{n}.xml")
              for n in range(len(colours)))),
        **{name: _slide(c, text) for name, c in zip(names, colours)},
    }, tuple((name, "presentationml.slide+xml") for name in names))


def rtf(pages=1):
    """\\cbpat shades the first paragraph with the table's second colour."""
    page = (r"\pard\cbpat1\fs96\~\par\pard\fs24 " + LINE * 9 + r"\par ")
    return (r"{\rtf1\ansi\paperw11906\paperh16838{\colortbl;\red160\green96"
            r"\blue0;}" + r"\page ".join([page] * pages) + "}").encode()


ODT_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{what}:1.0"'
    for name, what in (("office", "office"), ("text", "text"),
                       ("style", "style"), ("draw", "drawing"),
                       ("script", "script"), ("fo", "xsl-fo-compatible"),
                       ("svg", "svg-compatible"))) + \
    ' xmlns:xlink="http://www.w3.org/1999/xlink"' \
    ' xmlns:ooo="http://openoffice.org/2004/office"'


def odt(colour="602080", body="", scripts="", members=None):
    members = members or {}
    files = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" '
        'manifest:media-type="text/xml"/>' for name in ("content.xml", *members))
    return pack({
        "mimetype": ODF + "text",
        "META-INF/manifest.xml":
            f'{XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
            'opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type='
            f'"{ODF}text"/>{files}</manifest:manifest>',
        "content.xml":
            f'{XML}<office:document-content {ODT_SPACES} office:version="1.2">'
            f"{scripts}<office:automatic-styles>"
            '<style:style style:name="bar" style:family="paragraph">'
            f'<style:paragraph-properties fo:background-color="#{colour}"/>'
            '<style:text-properties fo:font-size="48pt"/></style:style>'
            '<style:style style:name="turn" style:family="paragraph">'
            '<style:paragraph-properties fo:break-before="page"/></style:style>'
            "</office:automatic-styles><office:body><office:text>"
            f'<text:p text:style-name="bar"><text:s/></text:p><text:p>{LINE * 5}'
            f"</text:p>{body}</office:text></office:body>"
            "</office:document-content>", **members})


EVENTS = ("dom:load", "office:load-finished", "office:view-created",
          "office:layout-finished", "office:copy-to")


def odt_with_macro(basic):
    """Its Sub Main runs when the document opens or is exported, where macros may
    run."""
    library = ("http://openoffice.org/2000/library", "http://openoffice.org/"
               "2000/script")
    listeners = "".join(
        '<script:event-listener script:language="ooo:StarBasic" '
        f'script:event-name="{event}" script:location="document" '
        'script:macro-name="Standard.Module1.Main" '
        'xmlns:dom="http://www.w3.org/2001/xml-events"/>'
        for event in EVENTS)
    return odt(
        scripts="<office:scripts><office:event-listeners>"
                f"{listeners}</office:event-listeners></office:scripts>",
        members={
            "Basic/script-lc.xml":
                f'{XML}<library:libraries xmlns:library="{library[0]}" '
                'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library '
                'library:name="Standard" library:link="false"/>'
                "</library:libraries>",
            "Basic/Standard/script-lb.xml":
                f'{XML}<library:library xmlns:library="{library[0]}" '
                'library:name="Standard" library:readonly="false" '
                'library:passwordprotected="false"><library:element '
                'library:name="Module1"/></library:library>',
            "Basic/Standard/Module1.xml":
                f'{XML}<script:module xmlns:script="{library[1]}" '
                'script:name="Module1" script:language="StarBasic">'
                f"{basic}</script:module>"})


def odt_with_links(*urls):
    """Pictures that are somewhere else, 10 cm wide, below the text."""
    frames = "".join(
        '<text:p><draw:frame text:anchor-type="as-char" svg:width="10cm" '
        f'svg:height="5cm"><draw:image xlink:href="{url}" xlink:type="simple" '
        'xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
        for url in urls)
    return odt(body=frames)
