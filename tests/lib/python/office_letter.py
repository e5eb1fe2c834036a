# SPDX-License-Identifier: AGPL-3.0-or-later
"""A letter of two pages as OpenDocument text, of which all text formats of
tests/data/office are made: a bar, a heading, a table, a picture, a second page,
in fonts that every machine with platen has."""
import mails
from office_files import LINE, ODF, ODT_SPACES, XML, pack

BAR, HEADING, BAND = "602080", "1040A0", "20A040"
LEFT, RIGHT = (160, 32, 32), (32, 32, 160)  # halves of the picture
SPACES = ODT_SPACES + ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:' \
    'table:1.0"'


def _style(name, family, paragraph="", text=""):
    parts = "".join(f"<style:{what}-properties {words}/>" for what, words in
                    (("paragraph", paragraph), ("text", text)) if words)
    return (f'<style:style style:name="{name}" style:family="{family}">{parts}'
            "</style:style>")


STYLES = (
    _style("bar", "paragraph", f'fo:background-color="#{BAR}"',
           'fo:font-size="48pt"')
    + _style("heading", "paragraph", 'fo:margin-bottom="5mm"',
             f'fo:font-size="28pt" fo:font-weight="bold" fo:color="#{HEADING}" '
             'style:font-name="DejaVu Sans"')
    + _style("body", "paragraph", 'fo:margin-bottom="4mm"',
             'fo:font-size="12pt" style:font-name="DejaVu Sans"')
    + _style("turn", "paragraph", 'fo:break-before="page"',
             'fo:font-size="12pt" style:font-name="DejaVu Sans"')
    + '<style:style style:name="head" style:family="table-cell">'
      f'<style:table-cell-properties fo:background-color="#{BAND}" '
      'fo:padding="2mm" fo:border="0.5pt solid #000000"/></style:style>'
    + '<style:style style:name="cell" style:family="table-cell">'
      '<style:table-cell-properties fo:padding="2mm" '
      'fo:border="0.5pt solid #000000"/></style:style>')


def _table(rows):
    lines = ""
    for n, row in enumerate(rows):
        cells = "".join(
            f'<table:table-cell table:style-name="{"cell" if n else "head"}" '
            'office:value-type="string"><text:p text:style-name="body">'
            f"{text}</text:p></table:table-cell>" for text in row)
        lines += f"<table:table-row>{cells}</table:table-row>"
    return (f'<table:table table:name="Table"><table:table-column '
            f'table:number-columns-repeated="{len(rows[0])}"/>{lines}'
            "</table:table>")


PICTURE = ('<text:p text:style-name="body"><draw:frame draw:name="halves" '
           'text:anchor-type="as-char" svg:width="8cm" svg:height="4cm">'
           '<draw:image xlink:href="Pictures/halves.png" xlink:type="simple" '
           'xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>')


def _paragraph(text, style="body"):
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def odt():
    body = (_paragraph("\u00a0", "bar")
            + _paragraph("Paper and ink", "heading") + _paragraph(LINE * 4)
            + _table((("Tray", "Paper", "Sheets"), ("Upper", "A4", "250"),
                      ("Lower", "A3", "500")))
            + _paragraph("") + PICTURE + _paragraph(LINE * 3, "turn"))
    halves = mails.picture("PNG", [mails.Box(0, 0, .5, 1, LEFT),
                                   mails.Box(.5, 0, 1, 1, RIGHT)], (32, 16))
    files = "".join(f'<manifest:file-entry manifest:full-path="{name}" '
                    f'manifest:media-type="{kind}"/>' for name, kind in
                    (("/", ODF + "text"), ("content.xml", "text/xml"),
                     ("styles.xml", "text/xml"),
                     ("Pictures/halves.png", "image/png")))
    return pack({
        "mimetype": ODF + "text",
        "META-INF/manifest.xml":
            f'{XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
            'opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
            f"{files}</manifest:manifest>",
        "content.xml":
            f'{XML}<office:document-content {SPACES} office:version="1.2">'
            '<office:font-face-decls><style:font-face style:name="DejaVu Sans" '
            'svg:font-family="&apos;DejaVu Sans&apos;"/></office:font-face-decls>'
            f"<office:automatic-styles>{STYLES}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        "styles.xml":
            f'{XML}<office:document-styles {SPACES} office:version="1.2">'
            '<office:automatic-styles><style:page-layout style:name="a4">'
            '<style:page-layout-properties fo:page-width="21cm" '
            'fo:page-height="29.7cm" fo:margin="2cm"/></style:page-layout>'
            "</office:automatic-styles><office:master-styles>"
            '<style:master-page style:name="Standard" '
            'style:page-layout-name="a4"/></office:master-styles>'
            "</office:document-styles>",
        "Pictures/halves.png": halves,
    })
