# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PDF of which something is missing prints as far as it can, and its sender
is told what is missing where. One that is whole is told nothing of."""
import io
import urllib.parse
import zlib

import pytest
from PIL import Image

import mails
import pdfs
from pdfs import at, page, render, stream
from waiting import until

WIDTH, HEIGHT = 96, 128
PICTURE = "a picture on page 1 is damaged and not printed as a whole"
CONTENT = "page 1 is damaged: something on it may be missing"
FONT = "a font on page 1 cannot be read: letters may be wrong or missing"
BLUE, WHITE = (0, 0, 255), (255, 255, 255)


def photo(mode="RGB"):
    """Noise, so that half of the file is half of the picture."""
    return Image.effect_noise((WIDTH, HEIGHT), 60).convert(mode)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def fax(image):
    """G4, as it stands in a TIFF of one strip."""
    data = saved(image, "TIFF", compression="group4")
    with Image.open(io.BytesIO(data)) as tiff:
        begin, n = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    return data[begin:begin + n]


def picture_page(data, words, ink="0 0 1 rg"):
    """A picture, and something below it that has to be there."""
    return page(f"{ink} 0 0 200 50 re f q 150 0 0 200 25 75 cm /I Do Q",
                stream(data, "/Type /XObject /Subtype /Image "
                       f"/Width {WIDTH} /Height {HEIGHT} {words}"),
                words="/Resources << /XObject << /I 5 0 R >> >>")


RGB = "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter "
CMYK = "/ColorSpace /DeviceCMYK /BitsPerComponent 8 /Filter "
BITS = "/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter "
FAX = (BITS + "/CCITTFaxDecode /DecodeParms << /K -1 "
       f"/Columns {WIDTH} /Rows {HEIGHT} >>")
KINDS = {
    "dct": (lambda: saved(photo(), "JPEG"), RGB + "/DCTDecode"),
    "progressive dct": (lambda: saved(photo(), "JPEG", progressive=True),
                        RGB + "/DCTDecode"),
    "inks dct": (lambda: saved(photo("CMYK"), "JPEG"), CMYK + "/DCTDecode"),
    "jpx": (lambda: saved(photo(), "JPEG2000"), RGB + "/JPXDecode"),
    "flate": (lambda: zlib.compress(photo().tobytes()), RGB + "/FlateDecode"),
    "fax": (lambda: fax(photo("1")), FAX),
}


def notes(printed):
    return [urllib.parse.unquote(word["note"]) for word in printed.words
            if "part-note" in word]


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_picture_is_nothing_to_tell(kind):
    make, words = KINDS[kind]
    printed = render(picture_page(make(), words))
    assert notes(printed) == []
    assert printed.page.ink(.2, .2, .8, .7) > .2


@pytest.mark.parametrize("rest", [0, .02, .5])
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_is_cut_is_told_and_the_page_prints(kind, rest):
    make, words = KINDS[kind]
    data = make()
    printed = render(picture_page(data[:int(len(data) * rest)], words))
    assert notes(printed) == [PICTURE]
    assert at(printed.page, 100, 290)[2] > 200
    assert (printed.page.mean(.2, .6, .8, .7) == WHITE or
            (kind, rest) == ("progressive dct", .5))
    assert rest < .5 or kind == "jpx" or printed.page.ink(.2, .2, .8, .3) > .2


@pytest.mark.parametrize("words", [
    BITS + "/JBIG2Decode", RGB + "/JPXDecode", RGB + "/DCTDecode",
    CMYK + "/DCTDecode", RGB + "/LZWDecode", RGB + "/FlateDecode",
    RGB + "/NoSuchDecode"])
def test_a_picture_that_is_none_is_told(words):
    printed = render(picture_page(b"\xff\xffnoise" * 50, words))
    assert notes(printed) == [PICTURE]
    assert at(printed.page, 100, 290) == BLUE
    if words not in (CMYK + "/DCTDecode", RGB + "/NoSuchDecode"):
        assert printed.page.mean(.2, .2, .8, .7) == WHITE


@pytest.mark.parametrize("ink", ["0 0 1 rg", "1 1 0 0 k"])
def test_what_is_not_there_is_told_by_both_engines(ink):
    printed = render(page(f"{ink} 0 0 200 50 re f /I Do"))
    assert notes(printed) == [CONTENT]
    assert printed.page.ink() > .1


def test_a_broken_font_is_told():
    font = ("<< /F << /Type /Font /Subtype /TrueType /BaseFont /A "
            "/FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 "
            "/FontFile2 5 0 R >> >> >>")
    printed = render(page("BT /F 40 Tf 20 100 Td (Hello) Tj ET",
                          stream(b"noise" * 20),
                          words=f"/Resources << /Font {font} >>"))
    assert notes(printed) == [FONT]
    assert printed.page.ink() > .01


def broken_letters(meaning):
    """A page of three letters, of a font that says alone what they mean."""
    words = ("begincmap 1 begincodespacerange <0000> <ffff> "
             f"endcodespacerange 1 beginbfrange <0001> <0003> <{meaning}> "
             "endbfrange endcmap")
    return page(
        "BT /F 60 Tf 20 100 Td <000100020003> Tj ET",
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H "
        "/DescendantFonts [6 0 R] /ToUnicode 8 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        "/DW 700 /FontDescriptor 7 0 R >>",
        "<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 9 0 R >>",
        stream(words), stream(b"noise" * 20),
        words="/Resources << /Font << /F 5 0 R >> >>")


def test_letters_of_a_broken_font_are_found_by_what_they_mean():
    narrow, wide = (render(broken_letters(m)) for m in ("0028", "0057"))
    assert notes(narrow) == notes(wide) == [FONT]
    assert wide.page.ink() > 1.2 * narrow.page.ink() > 0


def test_a_page_whose_drawing_ends_early_is_told():
    drawing = zlib.compress(b"0 0 1 rg 0 0 200 50 re f\n" + b"".join(
        b"%d %d 2 2 re f\n" % (i * 7 % 200, 60 + i * 11 % 240)
        for i in range(3000)))
    printed = render(pdfs.assemble(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R "
        "/MediaBox [0 0 200 300] >>",
        stream(drawing[:len(drawing) // 2], "/Filter /FlateDecode")))
    assert notes(printed) == [CONTENT]
    assert at(printed.page, 100, 290) == BLUE


PAGES = ("<< /Type /Catalog /Pages 2 0 R >>",
         "<< /Type /Pages /Kids [3 0 R {}] /Count {} >>",
         "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] "
         "/Contents {} >>", stream("0 0 1 rg 0 0 200 50 re f"))


@pytest.mark.parametrize("kid, contents, note", [
    ("9 0 R", "4 0 R", "page 2 is damaged: something on it may be missing"),
    ("", "[4 0 R 9 0 R]", CONTENT), ("", "9 0 R", CONTENT)])
def test_a_page_or_a_part_of_it_that_is_not_there_is_told(kid, contents, note):
    catalog, tree, leaf, drawing = PAGES
    printed = render(pdfs.assemble(catalog, tree.format(kid, 2 if kid else 1),
                                   leaf.format(contents), drawing))
    assert notes(printed) == [note]


GLYPHS = ("/Resources << /Font << /F << /Type /Font /Subtype /Type3 "
          "/FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << >> "
          "/Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 "
          "/Widths [1] >> >> >>")


@pytest.mark.parametrize("ink", ["0 0 1 rg", "1 1 0 0 k"])
def test_what_the_second_engine_cannot_draw_the_first_draws(ink):
    """A glyph without a drawing stops all that Cairo does."""
    printed = render(page(f"{ink} 0 0 200 50 re f BT /F 30 Tf 20 99 Td (a) Tj "
                          "ET 0 g 0 250 200 50 re f", words=GLYPHS))
    assert notes(printed) == [FONT]
    assert at(printed.page, 100, 20) == (0, 0, 0)
    assert at(printed.page, 100, 290)[2] > 100


def test_a_picture_that_an_xps_file_lacks_is_told():
    brush = ("</Path.Fill></Path>", '<ImageBrush ImageSource="/no.png" '
             'Viewbox="0,0,9,9" Viewport="0,0,9,9" ViewboxUnits="Absolute" '
             'ViewportUnits="Absolute"/>')
    shape = ('<Path Data="M 0,0 L 99,0 99,99 Z"><Path.Fill>' + brush[1] +
             brush[0])
    printed = render(pdfs.xps("M 0,0 L 133.35,0 133.35,400 0,400 Z",
                              "#FFFF0000", more=shape),
                     name="a.oxps", kind="application/oxps")
    assert notes(printed) == [PICTURE]


def test_a_file_of_which_no_page_is_left_is_told_from_an_empty_one():
    whole = pdfs.qpdf(page("0 0 1 rg 0 0 200 50 re f"), "--linearize")
    assert (render(whole[:len(whole) * 2 // 3]).reason ==
            "the PDF is damaged: no page of it is left")
    packed = pdfs.qpdf(page(""), "--object-streams=generate")
    at_data = packed.index(b"stream\n") + 7
    assert (render(packed[:at_data] + bytes(20) + packed[at_data + 20:]).reason
            == "the PDF is damaged: no page of it is left")
    assert render(pdfs.assemble(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [] /Count 0 >>")).reason == (
            "the PDF has no pages")


# --- what the sender reads ---------------------------------------------------

def broken():
    make, words = KINDS["jpx"]
    return picture_page(make()[:900], words)


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return platend


def send(platend):
    return mails.send(platend.smtp, mails.message("Plan", attachments=[
        (broken(), "application/pdf", "plan.pdf")])).job


def test_the_ledger_of_a_printed_job_has_the_sentence(lobby, ippeve):
    job = lobby.wait_job(send(lobby))
    assert job["state"] == "PRINTED"
    [part] = lobby.rows("SELECT * FROM part_ledger WHERE job = ? "
                        "AND name = 'plan.pdf'", job["id"])
    assert (part["fate"], part["why"]) == ("printed", PICTURE)
    assert PICTURE in lobby.cli("job", "show", job["id"])


def test_a_job_that_waited_as_pages_has_it_too(make_platend, ippeve):
    platend = make_platend()
    platend.add_printer("lobby", ippeve.uri, media="a4", stored_form="pages")
    ippeve.take_paper()
    platend.cli("printer", "check", "lobby")
    platend.wait_state(mails.send(platend.smtp, mails.message(
        "First", "Found no paper")).job, "HELD")
    job_id = send(platend)
    until(lambda: platend.cli_json("job", "show", job_id)["stored_as"] ==
          "pages", "pages wait")
    platend.wait_state(job_id, "HELD")
    ippeve.give_paper()
    platend.cli("printer", "check", "lobby")
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    assert PICTURE in platend.cli("job", "show", job_id)
