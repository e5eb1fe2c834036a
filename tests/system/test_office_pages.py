# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a document is on paper, as its author set it up: hidden sheets, rows,
columns, slides and words are not, print areas are kept, each section has its
own paper."""
import io
import subprocess
import zipfile

import pytest

import mails
import office_files as office

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A4, A4_LANDSCAPE, A3 = (595, 842), (842, 595), (842, 1191)


@pytest.fixture
def read_pages(platend, make_ippeve):
    """Prints a file: the text and the size in points of each page."""
    printer = make_ippeve(formats="application/pdf")
    platend.add_printer("lobby", printer.uri, format="pdf-as-is")

    def tool(*words):
        return subprocess.run(words, input=printer.documents()[-1][1],
                              check=True, capture_output=True).stdout.decode()

    def read(kind, data):
        mail = mails.message("Pages", attachments=[
            (data, "application/octet-stream", f"file.{kind}")])
        job = platend.wait_job(mails.send(platend.smtp, mail).job)
        assert job["state"] == "PRINTED", (kind, job, platend.log_tail())
        texts = tool("pdftotext", "-", "-").split("\f")[:-1]
        sizes = [tuple(round(float(word)) for word in line.split()[3:6:2])
                 for line in tool("pdfinfo", "-l", "9", "-").splitlines()
                 if line.startswith("Page ") and " size:" in line]
        return list(zip(texts, sizes))
    return read


def column(number):
    return chr(64 + number)


def rows(n, columns, word, hidden=()):
    cells = (
        (row, "".join(f'<c r="{column(c)}{row}" t="inlineStr"><is><t>{word}-'
                      f"{row}-{c}</t></is></c>" for c in range(1, columns + 1)))
        for row in range(1, n + 1))
    return "<sheetData>" + "".join(
        f'<row r="{row}"{" hidden=%r" % "1" if row in hidden else ""}>{text}'
        "</row>" for row, text in cells) + "</sheetData>"


def book(sheets, names=""):
    """sheets: (name, state, what is in it)."""
    files = [f"xl/worksheets/sheet{n}.xml" for n in range(len(sheets))]
    return office.ooxml("xl/workbook.xml", "spreadsheetml.sheet.main+xml", {
        "xl/workbook.xml":
            f'{office.XML}<workbook xmlns="{SHEET}" xmlns:r="{office.RELS}">'
            "<sheets>" + "".join(
                f'<sheet name="{name}" sheetId="{n + 1}" state="{state}" '
                f'r:id="r{n}"/>' for n, (name, state, _) in enumerate(sheets))
            + f"</sheets>{names}</workbook>",
        "xl/_rels/workbook.xml.rels": office.relations(
            *((f"r{n}", "worksheet", file.removeprefix("xl/"))
              for n, file in enumerate(files))),
        **{file: f'{office.XML}<worksheet xmlns="{SHEET}">{inside}'
                 '<pageSetup paperSize="9"/></worksheet>'
           for file, (_, _, inside) in zip(files, sheets)},
    }, tuple((file, "spreadsheetml.worksheet+xml") for file in files))


def test_what_is_hidden_in_a_workbook_stays_hidden(read_pages):
    hide_b = '<cols><col min="2" max="2" width="9" hidden="1"/></cols>'
    pages = read_pages("xlsx", book([
        ("First", "visible", hide_b + rows(4, 3, "a", hidden=(3,))),
        ("Hidden", "hidden", rows(2, 2, "secret")),
        ("Gone", "veryHidden", rows(2, 2, "secret")),
        ("Empty", "visible", "<sheetData/>"),
        ("Last", "visible", rows(1, 1, "z"))]))
    words = [text.split() for text, _ in pages]
    assert words == [["a-1-1", "a-2-1", "a-4-1", "a-1-3", "a-2-3", "a-4-3"],
                     ["z-1-1"]]


def test_the_print_area_prints_with_its_titles_on_each_page(read_pages):
    names = "".join(
        f'<definedName name="_xlnm.Print_{what}" localSheetId="0">One!{range_}'
        "</definedName>" for what, range_ in (("Area", "$A$1:$B$90"),
                                              ("Titles", "$1:$1")))
    pages = read_pages("xlsx", book(
        [("One", "visible", rows(120, 3, "a"))],
        f"<definedNames>{names}</definedNames>"))
    assert len(pages) == 2
    text = "".join(text for text, _ in pages)
    assert all("a-1-1" in text.split() for text, _ in pages)
    assert "a-90-2" in text and "a-91-1" not in text and "a-1-3" not in text


def test_each_section_of_a_letter_has_its_own_paper(read_pages):
    def section(words, width, height, hidden=""):
        """The last paragraph of a section says what its paper is."""
        return (f'<w:p><w:pPr><w:sectPr><w:pgSz w:w="{width}" w:h="{height}"/>'
                f"</w:sectPr></w:pPr><w:r><w:t>{words}</w:t></w:r><w:r><w:rPr>"
                f"<w:vanish/></w:rPr><w:t>{hidden}</w:t></w:r></w:p>")
    pages = read_pages("docx", office.docx(paragraphs=0, body=(
        section("upright", 11906, 16838) + section("wide", 16838, 11906)
        + section("large", 16838, 23811, hidden="secret")
        + "<w:p><w:r><w:t>end</w:t></w:r></w:p>")))
    assert [size for _, size in pages] == [A4, A4_LANDSCAPE, A3, A4]
    assert [text.split()[-1] for text, _ in pages] == ["upright", "wide",
                                                        "large", "end"]


def test_a_hidden_slide_is_not_printed(read_pages):
    with zipfile.ZipFile(io.BytesIO(office.pptx(
            ("A02020", "2020A0"), "words"))) as file:
        members = {name: file.read(name).decode() for name in file.namelist()}
    first = "ppt/slides/slide0.xml"
    members[first] = members[first].replace("<p:sld ", '<p:sld show="0" ') \
        .replace("words", "secret")
    pages = read_pages("pptx", office.pack(members))
    assert [text.split() for text, _ in pages] == [["words"]]
