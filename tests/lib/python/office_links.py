# SPDX-License-Identifier: AGPL-3.0-or-later
"""Office files that ask for what is elsewhere, in every way that their formats
have. Each shows the word that it is given, so that it can be told.

url: of a web server; path: of a file with a secret text in it."""
import office_files as files
from office_files import RELS, XML

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
FORMULA = "urn:oasis:names:tc:opendocument:xmlns:of:1.2"


def _field(instruction):
    instruction = instruction.replace('"', "&quot;")
    return (f'<w:p><w:fldSimple w:instr=" {instruction} "><w:r><w:t>none</w:t>'
            "</w:r></w:fldSimple></w:p>")


def docx(word, url, path):
    """Fields, a chunk of another format, a linked object, a template, a frame."""
    links = (("chunk", "aFChunk", f"{url}chunk.html"),
             ("file", "aFChunk", f"file://{path}"),
             ("object", "oleObject", f"file://{path}"),
             ("frame", "frame", f"{url}frame.html"))
    body = (f"<w:p><w:r><w:t>{word}</w:t></w:r></w:p>"
            + _field(f'INCLUDETEXT "{path}" \\* MERGEFORMAT')
            + _field(f'INCLUDETEXT "{url}text"')
            + _field(f'LINK Excel.Sheet.8 "{path}" "" \\a \\t')
            + _field(f'DDEAUTO soffice "{path}" Standard')
            + f'<w:altChunk xmlns:r="{RELS}" r:id="chunk"/>'
            f'<w:altChunk xmlns:r="{RELS}" r:id="file"/>'
            '<w:p><w:r><w:object w:dxaOrig="2000" w:dyaOrig="2000">'
            '<o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
            'Type="Link" ProgID="Word.Document.8" ShapeID="o" DrawAspect='
            f'"Content" xmlns:r="{RELS}" r:id="object" UpdateMode="Always">'
            "<o:LinkType>EnhancedMetaFile</o:LinkType></o:OLEObject></w:object>"
            "</w:r></w:p>")
    settings = files.relations(("settings", "settings", "settings.xml"))
    links = files.relations(*links, mode="External")
    return files.docx(paragraphs=1, body=body, members={
        "word/_rels/document.xml.rels": links.replace(
            "</Relationships>", settings.partition('relationships">')[2]),
        "word/settings.xml":
            f'{XML}<w:settings xmlns:w="{WORD}" xmlns:r="{RELS}">'
            '<w:attachedTemplate r:id="t"/></w:settings>',
        "word/_rels/settings.xml.rels": files.relations(
            ("t", "attachedTemplate", f"{url}template.dotm"), mode="External"),
    }, overrides=(("word/settings.xml", "wordprocessingml.settings+xml"),))


def xlsx(word, url, path):
    """Cells without a result, so that it has to be found out."""
    formulas = (f'_xlfn.WEBSERVICE("{url}sheet")',
                f'_xlfn.WEBSERVICE("file://{path}")',
                "[1]Sheet1!A1", f'DDE("soffice","{path}","A1")',
                f'HYPERLINK("{url}link","a link")')
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><f>{formula.replace(chr(34), "&quot;")}</f>'
        "</c></row>" for n, formula in enumerate(formulas, 2))
    return files.ooxml("xl/workbook.xml", "spreadsheetml.sheet.main+xml", {
        "xl/workbook.xml":
            f'{XML}<workbook xmlns="{SHEET}" xmlns:r="{RELS}"><sheets>'
            '<sheet name="One" sheetId="1" r:id="r1"/></sheets>'
            '<externalReferences><externalReference r:id="r2"/>'
            '</externalReferences></workbook>',
        "xl/_rels/workbook.xml.rels": files.relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "externalLink", "externalLinks/externalLink1.xml")),
        "xl/externalLinks/externalLink1.xml":
            f'{XML}<externalLink xmlns="{SHEET}"><externalBook '
            f'xmlns:r="{RELS}" r:id="r1"><sheetNames><sheetName val="Sheet1"/>'
            "</sheetNames></externalBook></externalLink>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": files.relations(
            ("r1", "externalLinkPath", f"file://{path}"), mode="External"),
        "xl/worksheets/sheet1.xml":
            f'{XML}<worksheet xmlns="{SHEET}"><sheetData><row r="1"><c r="A1" '
            f't="inlineStr"><is><t>{word}</t></is></c></row>{cells}</sheetData>'
            "</worksheet>",
    }, (("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml"),
        ("xl/externalLinks/externalLink1.xml", "spreadsheetml.externalLink+xml")))


def odt(word, url, path):
    """Sections, frames and objects that are other files."""
    def section(name, source):
        return (f'<text:section text:name="{name}" text:style-name="s">{source}'
                "<text:p>none</text:p></text:section>")

    def frame(inner):
        return ('<text:p><draw:frame text:anchor-type="as-char" svg:width="8cm" '
                f'svg:height="2cm">{inner}</draw:frame></text:p>')
    link = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    return files.odt(body=(
        f"<text:p>{word}</text:p>"
        + section("one", f'<text:section-source xlink:href="file://{path}" '
                         f'{link} text:filter-name="Text"/>')
        + section("two", f'<text:section-source xlink:href="{url}part" {link}/>')
        + section("three", '<office:dde-source office:dde-application="soffice" '
                           f'office:dde-topic="{path}" office:dde-item="all" '
                           'office:automatic-update="true"/>')
        + frame(f'<draw:object xlink:href="file://{path}" {link}/>')
        + frame(f'<draw:object-ole xlink:href="{url}object" {link}/>')
        + frame(f'<draw:floating-frame xlink:href="{url}frame" {link}/>')
        + frame(f'<draw:floating-frame xlink:href="file://{path}" {link}/>')
        + frame(f'<draw:plugin xlink:href="{url}film.mp4" {link} '
                'draw:mime-type="application/vnd.sun.star.media"/>')))


def ods(word, url, path):
    """Formulas, a linked table and an area of another file."""
    formulas = (f'COM.MICROSOFT.WEBSERVICE("{url}sheet")',
                f'COM.MICROSOFT.WEBSERVICE("file://{path}")',
                f"['file://{path}'#$Sheet1.A1]",
                f'DDE("soffice";"{path}";"A1")', f'HYPERLINK("{url}x";"a link")')
    rows = "".join(
        f'<table:table-row><table:table-cell table:formula="of:={quoted}"/>'
        "</table:table-row>"
        for quoted in (f.replace('"', "&quot;") for f in formulas))
    spaces = f'{files.ODT_SPACES} xmlns:table="{TABLE}" xmlns:of="{FORMULA}"'
    return files.pack({
        "mimetype": files.ODF + "spreadsheet",
        "META-INF/manifest.xml":
            f'{XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
            'opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="'
            f'{files.ODF}spreadsheet"/><manifest:file-entry manifest:full-path='
            '"content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        "content.xml":
            f'{XML}<office:document-content {spaces} office:version="1.2">'
            "<office:body><office:spreadsheet>"
            '<table:table table:name="One"><table:table-row><table:table-cell '
            f'office:value-type="string"><text:p>{word}</text:p>'
            "<table:cell-range-source table:name=\"csv\" xlink:type=\"simple\" "
            f'xlink:href="file://{path}" table:filter-name="Text - txt - csv '
            '(StarCalc)" table:last-column-spanned="1" '
            'table:last-row-spanned="1"/></table:table-cell></table:table-row>'
            f"{rows}</table:table>"
            '<table:table table:name="Two"><table:table-source '
            f'xlink:type="simple" xlink:href="file://{path}" table:filter-name='
            '"Text - txt - csv (StarCalc)"/><table:table-row><table:table-cell/>'
            "</table:table-row></table:table>"
            "</office:spreadsheet></office:body></office:document-content>"})


def rtf(word, url, path):
    """Fields, and the template."""
    def field(instruction):
        instruction = instruction.replace("\\", "\\\\")
        return (r"{\field\flddirty{\*\fldinst {" + instruction
                + r"}}{\fldrslt none}}\par ")
    return (r"{\rtf1\ansi{\*\template " + f"{url}template.dotm}}" + f"{word}\\par "
            + field(f'INCLUDETEXT "{path}"') + field(f'INCLUDETEXT "{url}text"')
            + field(f'INCLUDEPICTURE "{url}picture.png" \\d')
            + "}").encode()


MAKERS = {"docx": docx, "xlsx": xlsx, "odt": odt, "ods": ods, "rtf": rtf}
