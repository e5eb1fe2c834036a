# SPDX-License-Identifier: AGPL-3.0-or-later
"""A report as offices write it, in Word's format: styles, a head and a foot with
fields, lists, tables, a picture and footnotes; one chapter is one page."""
import random

import mails
from office_files import OOXML, PACKAGE, RELS, XML, pack, relations

WORDS = """about above account across after again agreed also amount annual answer
area around average balance because before board both branch budget building
business called capital centre change clear committee company compared continue
contract control copies cost customer decided demand department difference document
during early effect eight employees estimate every expected figures five following
forecast further general growth half higher however hundred important improved
increase industry interest investment joined known large later least letter level
likely local machine made market measure meeting member method million month nearly
needed never nine number office often only order other paper partly payment people
percent period place planned possible present price printed problem process product
project quarter question rather reason receive region remain repair report result
revenue review sales second section service several share since small spring staff
stock store street summer supply system table third thousand through today together
total toward trade transport under until usual value various water weekly which while
winter within without worked written yearly""".split()
WORDPROCESSING = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SPACES = (f'xmlns:w="{WORDPROCESSING}" xmlns:r="{RELS}" xmlns:wp="{DRAWING}/'
          f'wordprocessingDrawing" xmlns:a="{DRAWING}/main" '
          f'xmlns:pic="{DRAWING}/picture"')
BAND = "1F3864"  # behind the heads of tables and the bars of the picture
TITLE = "Annual Report of the Paper Mill"


def _style(name, title, based="Normal", paragraph="", run="", kind="paragraph"):
    default = ' w:default="1"' if name == "Normal" else ""
    based = f'<w:basedOn w:val="{based}"/>' if name != based else ""
    return (f'<w:style w:type="{kind}"{default} w:styleId="{name}">'
            f'<w:name w:val="{title}"/>{based}<w:pPr>{paragraph}</w:pPr>'
            f"<w:rPr>{run}</w:rPr></w:style>")


def _styles():
    def heading(level, size, more=""):
        return _style(
            f"Heading{level}", f"heading {level}", paragraph=
            f'<w:keepNext/>{more}<w:spacing w:before="160" w:after="60"/>'
            f'<w:outlineLvl w:val="{level - 1}"/>', run=
            '<w:rFonts w:ascii="Calibri Light" w:hAnsi="Calibri Light"/><w:b/>'
            f'<w:color w:val="2F5496"/><w:sz w:val="{size}"/>')
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="8EAADB"/>'
                    for side in ("top", "left", "bottom", "right", "insideH",
                                 "insideV"))
    grid = ('<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/>'
            f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr></w:style>")
    return (f"{XML}<w:styles {SPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
            '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Times New Roman"'
            '/><w:sz w:val="21"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>'
            '<w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="254" '
            'w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
            + _style("Normal", "Normal", paragraph='<w:jc w:val="both"/>')
            + heading(1, 34, "<w:pageBreakBefore/>") + heading(2, 26)
            + _style("Caption", "caption", paragraph='<w:jc w:val="center"/>',
                     run='<w:i/><w:sz w:val="18"/>')
            + _style("ListParagraph", "List Paragraph", paragraph=
                     '<w:ind w:left="720"/><w:contextualSpacing/>')
            + _style("FootnoteText", "footnote text", run='<w:sz w:val="18"/>')
            + grid + "</w:styles>")


def _numbering():
    def level(number, kind, text):
        return (f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0">'
                f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
                f'<w:lvlText w:val="{text}"/><w:pPr><w:ind w:left="720" '
                'w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>')
    return (f"{XML}<w:numbering {SPACES}>" + level(0, "bullet", "\u2022")
            + level(1, "decimal", "%1.") + "".join(
                f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>'
                for n in (0, 1)) + "</w:numbering>")


def _run(text, words=""):
    return (f'<w:r><w:rPr>{words}</w:rPr><w:t xml:space="preserve">{text}</w:t>'
            "</w:r>")


def _paragraph(content, style="Normal", words=""):
    return (f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{words}</w:pPr>{content}'
            "</w:p>")


def _field(code):
    return (f'<w:fldSimple w:instr=" {code} ">{_run("1")}</w:fldSimple>')


class Prose:
    """The same sentences each time, and none of them twice."""

    def __init__(self):
        self.dice = random.Random(1799)
        self.n_notes = 0

    def sentence(self, least=7, most=19):
        words = self.dice.choices(WORDS, k=self.dice.randint(least, most))
        return " ".join(words).capitalize() + ". "

    def paragraph(self, sentences):
        runs = [_run(self.sentence(), self.dice.choice(
            ("", "", "", "", "<w:b/>", "<w:i/>"))) for _ in range(sentences)]
        return _paragraph("".join(runs))

    def note(self):
        self.n_notes += 1
        return ('<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                f'<w:footnoteReference w:id="{self.n_notes + 1}"/></w:r>')

    def items(self, number, count):
        numbered = (f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/>'
                    "</w:numPr>")
        return "".join(_paragraph(_run(self.sentence(5, 9)), "ListParagraph",
                                  numbered) for _ in range(count))

    def table(self, rows, columns):
        def cell(text, is_head):
            shade = (f'<w:shd w:val="clear" w:fill="{BAND}"/>' if is_head else "")
            look = '<w:b/><w:color w:val="FFFFFF"/>' if is_head else ""
            return (f'<w:tc><w:tcPr><w:tcW w:w="1800" w:type="dxa"/>{shade}'
                    f"</w:tcPr>{_paragraph(_run(text, look))}</w:tc>")
        lines = []
        for row in range(rows):
            texts = [self.dice.choice(WORDS).capitalize()] + [
                f"{self.dice.randint(1000, 99999):,}" if row else
                f"{2019 + n}" for n in range(1, columns)]
            lines.append("<w:tr>" + "".join(cell(t, row == 0) for t in texts)
                         + "</w:tr>")
        columns = '<w:gridCol w:w="1800"/>' * columns
        return ('<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="0" '
                f'w:type="auto"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
                f"{''.join(lines)}</w:tbl>")


def _picture(number, width_cm=12, height_cm=5):
    wide, high = width_cm * 360000, height_cm * 360000
    drawing = (
        f'<w:drawing><wp:inline><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="Picture {number}"/><a:graphic>'
        f'<a:graphicData uri="{DRAWING}/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="bars.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="picture"/><a:stretch><a:fillRect/>'
        '</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing>")
    return _paragraph(f"<w:r>{drawing}</w:r>", "Caption")


def _chapter(prose, number):
    body = _paragraph(_run(f"{number}. " + prose.sentence(3, 5)), "Heading1")
    body += prose.paragraph(6) + _paragraph(
        _run(prose.sentence()) + prose.note() + _run(prose.sentence()))
    body += _paragraph(_run(prose.sentence(2, 4)), "Heading2")
    body += prose.paragraph(5) + prose.items(number % 2 + 1, 4)
    if number % 3 == 0:
        body += _picture(number)
    else:
        body += prose.table(6, 5)
    body += _paragraph(_run(f"Exhibit {number}: " + prose.sentence(4, 6)),
                       "Caption")
    return body + prose.paragraph(6)


def _bars():
    """The picture: bars of a chart, 1200 by 500 pixels."""
    colour = tuple(bytes.fromhex(BAND))
    boxes = [mails.Box(.08 + .1 * n, 1 - share, .14 + .1 * n, 1, colour)
             for n, share in enumerate((.3, .5, .4, .7, .6, .9, .8, .95))]
    return mails.picture("PNG", boxes, (1200, 500))


def _notes(prose):
    texts = "".join(f'<w:footnote w:id="{n + 2}">' + _paragraph(
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/>'
        "</w:r>" + _run(" " + prose.sentence()), "FootnoteText") + "</w:footnote>"
        for n in range(prose.n_notes))
    marks = "".join(
        f'<w:footnote w:type="{kind}" w:id="{n}"><w:p><w:r><w:{tag}/></w:r></w:p>'
        "</w:footnote>" for n, (kind, tag) in enumerate(
            (("separator", "separator"),
             ("continuationSeparator", "continuationSeparator"))))
    return f"{XML}<w:footnotes {SPACES}>{marks}{texts}</w:footnotes>"


def _edge(tag, content):
    return (f"{XML}<w:{tag} {SPACES}>{_paragraph(content, 'Caption')}</w:{tag}>")


def docx(chapters=range(1, 11), fonts=()):
    """fonts: names of some that a last paragraph is set in, beside Calibri."""
    prose = Prose()
    body = "".join(_chapter(prose, n) for n in chapters)
    body += _paragraph("".join(
        _run(prose.sentence(), f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>')
        for name in fonts))
    section = ('<w:sectPr><w:headerReference w:type="default" r:id="head"/>'
               '<w:footerReference w:type="default" r:id="foot"/>'
               '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" '
               'w:right="1417" w:bottom="1134" w:left="1417" w:header="708" '
               'w:footer="708"/></w:sectPr>')
    kinds = {"document": "document.main", "styles": "styles",
             "numbering": "numbering", "footnotes": "footnotes",
             "header1": "header", "footer1": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{OOXML}'
        f'wordprocessingml.{kind}+xml"/>' for name, kind in kinds.items())
    return pack({
        "[Content_Types].xml":
            f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default '
            'Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/><Default Extension="png" '
            f'ContentType="image/png"/>{overrides}</Types>',
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": relations(
            ("styles", "styles", "styles.xml"),
            ("numbering", "numbering", "numbering.xml"),
            ("notes", "footnotes", "footnotes.xml"),
            ("head", "header", "header1.xml"), ("foot", "footer", "footer1.xml"),
            ("picture", "image", "media/bars.png")),
        "word/styles.xml": _styles(), "word/numbering.xml": _numbering(),
        "word/document.xml": f"{XML}<w:document {SPACES}><w:body>{body}{section}"
                             "</w:body></w:document>",
        "word/footnotes.xml": _notes(prose),
        "word/header1.xml": _edge("hdr", _run(TITLE)),
        "word/footer1.xml": _edge("ftr", _run("Page ") + _field("PAGE")
                                  + _run(" of ") + _field("NUMPAGES")),
        "word/media/bars.png": _bars(),
    })
