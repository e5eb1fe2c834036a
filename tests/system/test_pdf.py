# SPDX-License-Identifier: AGPL-3.0-or-later
"""What makes one PDF print unlike another: boxes, forms, inks, locks, damage
and malice. The worker runs in its box, as it does under platend."""
import pathlib
import zlib

import pytest
from PIL import Image, ImageCms

import pdfs
from pdfs import at, page, qpdf, render, stream

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (255, 0, 0)


def near(pixel, wanted, tolerance=12):
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, wanted))


# --- boxes -------------------------------------------------------------------

CORNER = "0 g 0 0 40 20 re f 1 0 0 rg 180 280 20 20 re f"


@pytest.mark.parametrize("turn, black, red", [
    (0, (5, 295), (195, 5)), (90, (5, 5), (195, 295)),
    (180, (195, 5), (5, 295)), (270, (195, 295), (5, 5))])
def test_rotated_pages_stand_as_they_are_shown(turn, black, red):
    box = "0 0 200 300"
    content = CORNER
    if turn % 180:
        box = "0 0 300 200"
        content = "0 g 0 0 40 20 re f 1 0 0 rg 280 180 20 20 re f"
    printed = render(page(content, box=box, words=f"/Rotate {turn}")).page
    assert at(printed, *black) == BLACK
    assert at(printed, *red) == RED
    assert at(printed, 100, 150) == WHITE


def test_what_the_crop_box_leaves_out_is_not_printed():
    printed = render(page("0 g 0 0 400 600 re f 1 0 0 rg 100 100 200 20 re f",
                          box="0 0 400 600",
                          words="/CropBox [100 100 300 400]"),
                     "media_width=9000", "media_height=12000").page
    left, top, right, bottom = printed.ink_box()
    assert abs((right - left) * printed.width - 200) <= 1
    assert abs((bottom - top) * printed.height - 300) <= 1
    assert at(printed, printed.width // 2,
              int(bottom * printed.height) - 10) == RED


def test_a_crop_box_beside_the_page_leaves_all_of_it():
    printed = render(page(CORNER, words="/CropBox [500 500 600 700]"))
    assert at(printed.page, 5, 295) == BLACK


@pytest.mark.parametrize("ink", ["1 0 0 rg", "0 1 1 0 k"])
@pytest.mark.parametrize("unit", [.5, 1, 2])
def test_a_page_may_measure_in_units_of_its_own(ink, unit):
    printed = render(page(f"{ink} 10 20 50 60 re f", box="0 0 90 120",
                          words=f"/UserUnit {unit}")).page
    left, top, right, bottom = printed.ink_box()
    assert abs((right - left) * 200 - 50 * unit) <= 1
    assert abs((bottom - top) * 300 - 60 * unit) <= 1
    assert abs((left - .5) * 200 - (10 - 45) * unit) <= 1


def test_a_narrow_page_in_inks_prints():
    printed = render(page("1 1 0 0 k 0 0 20 290 re f", box="0 0 20 290")).page
    assert near(at(printed, 100, 150), (46, 49, 146))
    assert printed.ink() > .08


# --- forms and annotations ---------------------------------------------------

FORM = """<< /Type /Annot /Subtype /Widget /FT /Tx /T (n) /F {flags}
 /V (MMMMMM) /DA (/Helv 20 Tf 0 g) /Rect [20 200 180 240] /P 3 0 R >>"""
FIELDS = """/AcroForm << /NeedAppearances true /Fields [5 0 R]
 /DR << /Font << /Helv << /Type /Font /Subtype /Type1
 /BaseFont /Helvetica >> >> >> >>"""


@pytest.mark.parametrize("flags, prints", [(4, True), (0, False), (6, False)])
def test_a_form_prints_the_values_that_have_no_appearance(flags, prints):
    printed = render(page("", FORM.format(flags=flags),
                          words="/Annots [5 0 R]", catalog=FIELDS)).page
    assert (printed.ink(0.1, 0.2, 0.9, 0.33) > 0.05) == prints


def test_annotations_print_when_they_are_meant_to_and_popups_never():
    square = ("<< /Type /Annot /Subtype /Square /F {} /IC [1 0 0] /C [1 0 0] "
              "/Rect [{}] >>")
    printed = render(page(
        "", square.format(4, "20 200 80 260"),
        square.format(0, "120 200 180 260"),
        "<< /Type /Annot /Subtype /Popup /F 4 /Open true "
        "/Rect [20 20 180 120] /Parent 5 0 R >>",
        words="/Annots [5 0 R 6 0 R 7 0 R]")).page
    assert at(printed, 50, 70) == RED
    assert at(printed, 150, 70) == WHITE
    assert printed.ink(0, 0.5, 1, 1) == 0


LAYERS = """/OCProperties << /OCGs [5 0 R 6 0 R 7 0 R] /D << /OFF [7 0 R] /AS
 [<< /Event /Print /Category [/Print] /OCGs [5 0 R 6 0 R 7 0 R] >>] >> >>"""
NAMES = """/Resources << /Properties << /A 5 0 R /B 6 0 R /C 7 0 R >> >>"""


@pytest.mark.parametrize("ink", ["1 0 0 rg", "0 1 1 0 k"])
def test_layers_print_when_they_are_meant_to(ink):
    layer = "<< /Type /OCG /Name (x) /Usage << /Print << /PrintState /{} >> >> >>"
    printed = render(page(
        f"{ink} /OC /A BDC 0 200 200 100 re f EMC /OC /B BDC 0 100 200 100 re "
        "f EMC /OC /C BDC 0 0 200 100 re f EMC", layer.format("ON"),
        layer.format("OFF"), "<< /Type /OCG /Name (off) >>", words=NAMES,
        catalog=LAYERS)).page
    assert at(printed, 100, 50) != WHITE
    assert at(printed, 100, 150) == WHITE
    assert at(printed, 100, 250) == WHITE


# --- inks --------------------------------------------------------------------

# As a press shows them (SWOP): what other programs agree on.
INKS = [("1 1 0 0 k", (46, 49, 146)), ("0.5 0.6 0 0.1 k", (124, 91, 168)),
        ("1 0 0 0 k", (0, 173, 239)), ("0 1 0 0 k", (236, 0, 140)),
        ("0 0 1 0 k", (255, 242, 0)), ("0 1 1 0 k", (237, 28, 36)),
        ("0 0 0 1 k", (0, 0, 0)), ("1 0 0 rg", (255, 0, 0))]


def patches(*colours):
    return "".join(f"{colour} 0 {300 - 30 * i - 30} 200 30 re f\n"
                   for i, colour in enumerate(colours))


def test_inks_of_a_press_keep_their_colours_and_black_is_black():
    printed = render(page(patches(*(ink for ink, _ in INKS)))).page
    for i, (ink, wanted) in enumerate(INKS):
        assert near(at(printed, 100, 30 * i + 15), wanted), ink
    assert at(printed, 100, 6 * 30 + 15) == BLACK


def test_spot_colours_are_what_their_inks_are():
    spot = ("[/Separation /Violet /DeviceCMYK << /FunctionType 2 /Domain [0 1]"
            " /C0 [0 0 0 0] /C1 [1 1 0 0] /N 1 >>]")
    both = "[/DeviceN [/Cyan /Magenta] /DeviceCMYK 5 0 R]"
    function = stream("{ 0 0 }", "/FunctionType 4 /Domain [0 1 0 1] "
                      "/Range [0 1 0 1 0 1 0 1]")
    printed = render(page(
        "/S cs 1 scn 0 0 200 150 re f /N cs 1 1 scn 0 150 200 150 re f",
        function,
        words=f"/Resources << /ColorSpace << /S {spot} /N {both} >> >>")).page
    assert near(at(printed, 100, 50), (46, 49, 146))
    assert near(at(printed, 100, 250), (46, 49, 146))


def test_letters_of_fonts_that_are_not_in_the_file_print_beside_inks():
    text = "0 0 0 1 k BT /F 40 Tf 20 {} Td ({}) Tj ET "
    japanese = "0 0 0 1 k BT /J 40 Tf 20 60 Td <65E5672C8A9E> Tj ET"
    fonts = ("<< /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
             "/J << /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light "
             "/Encoding /UniJIS-UCS2-H /DescendantFonts [<< /Type /Font "
             "/Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo "
             "<< /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> "
             "/FontDescriptor << /Type /FontDescriptor /FontName /Ryumin-Light"
             " /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800"
             " /Descent -200 /CapHeight 800 /StemV 80 >> >>] >> >>")
    printed = render(page(
        "1 1 0 0 k 0 0 200 10 re f " + text.format(200, "Hxgf") + japanese,
        words=f"/Resources << /Font {fonts} >>")).page
    assert near(at(printed, 100, 295), (46, 49, 146))
    assert printed.ink(0.1, 0.2, 0.6, 0.4) > 0.05
    assert printed.ink(0.1, 0.65, 0.7, 0.85) > 0.05


def test_a_picture_in_cmyk_is_not_washed_or_inverted():
    data = zlib.compress(bytes((255, 255, 0, 0)) * 20 * 30)
    document = page("200 0 0 300 0 0 cm /I Do", stream(
        data, "/Type /XObject /Subtype /Image /Width 20 /Height 30 /ColorSpace"
        " /DeviceCMYK /BitsPerComponent 8 /Filter /FlateDecode"),
        words="/Resources << /XObject << /I 5 0 R >> >>")
    assert near(at(render(document).page, 100, 150), (46, 49, 146))


def test_press_pages_lie_as_others_do():
    box, content = "0 0 300 200", "0 1 1 0 k 0 0 40 20 re f"
    other = render(page("1 0 0 rg 0 0 40 20 re f", box=box)).page
    printed = render(page(content, box=box)).page
    assert printed.ink_box() == other.ink_box()
    up = [render(page(content, box=box), "number_up=2", f"print_scaling={how}")
          .page.ink_box() for how in ("auto", "fit", "fill", "none")]
    others = [render(page("1 0 0 rg 0 0 40 20 re f", box=box), "number_up=2",
                     f"print_scaling={how}").page.ink_box()
              for how in ("auto", "fit", "fill", "none")]
    assert up == others


PROFILES = pathlib.Path("/usr/share/color/icc/ghostscript")


def in_srgb(profile, colour):
    """As the colour engine has it, on paper as white as the screen."""
    to_srgb = ImageCms.buildTransform(
        str(profile), ImageCms.createProfile("sRGB"), "RGB", "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC)
    return ImageCms.applyTransform(Image.new("RGB", (1, 1), colour),
                                   to_srgb).getpixel((0, 0))


@pytest.mark.parametrize("name", ["a98.icc", "rommrgb.icc", "srgb.icc"])
@pytest.mark.parametrize("how", ["space", "picture", "indexed", "in a form"])
def test_a_profile_of_rgb_is_what_its_colours_mean(name, how):
    colour, space = (128, 220, 51), "[/ICCBased 5 0 R]"
    profile = (PROFILES / name).read_bytes()
    fill = "/S cs .50196 .86275 .2 scn 0 0 200 300 re f"
    spaces = f"/Resources << /ColorSpace << /S {space} >> >>"
    form = stream(fill, "/Type /XObject /Subtype /Form /BBox [0 0 200 300] "
                  + spaces)
    picture = "/Type /XObject /Subtype /Image /Width 4 /Height 4 "\
        "/BitsPerComponent 8 /ColorSpace "
    content, more = {
        "space": (fill, []),
        "picture": ("200 0 0 300 0 0 cm /X Do",
                    [stream(bytes(colour) * 16, picture + space)]),
        "indexed": ("200 0 0 300 0 0 cm /X Do",
                    [stream(bytes(16), f"{picture} [/Indexed {space} 0 "
                            f"<{bytes(colour).hex()}>]")]),
        "in a form": ("/X Do", [form]),
    }[how]
    printed = render(page(
        content, stream(zlib.compress(profile), "/N 3 /Filter /FlateDecode"),
        *more, words=spaces if how == "space" else
        "/Resources << /XObject << /X 6 0 R >> >>"))
    assert near(at(printed.page, 100, 150), in_srgb(PROFILES / name, colour),
                3)


# --- what stands in for something else ---------------------------------------

@pytest.mark.parametrize("catalog, words", [
    ("/NeedsRendering true /AcroForm << /XFA (x) /Fields [] >>",
     "only Adobe's programs"),
    ("/AcroForm << /XFA (x) /Fields [] >>", "only Adobe's programs"),
    ("/Collection << /Type /Collection >>", "the files in it are not printed")])
def test_a_page_that_only_stands_in_is_told(catalog, words):
    printed = render(page(CORNER, catalog=catalog))
    assert at(printed.page, 5, 295) == BLACK
    assert words in printed.word("note", "part-note")


# --- locks and damage --------------------------------------------------------

LOCKED = page("1 0 0 rg 0 0 200 300 re f")


def test_a_password_that_only_forbids_changes_is_not_asked_for():
    locked = qpdf(LOCKED, "--encrypt", "", "owner", "256", "--")
    assert at(render(locked).page, 100, 150) == RED


@pytest.mark.parametrize("bits", ["40", "128", "256"])
def test_a_locked_pdf_opens_with_its_password_only(bits):
    weak = ["--allow-weak-crypto"] if bits != "256" else []
    locked = qpdf(LOCKED, *weak, "--encrypt", "open sesame", "owner", bits,
                  "--")
    assert render(locked).reason == "it is protected by a password"
    assert (render(locked, "password=sesame").reason ==
            "it is protected by another password")
    opened = render(locked, "password=open%20sesame")
    assert at(opened.page, 100, 150) == RED
    assert "sesame" not in str(opened.words)


def test_the_password_also_opens_the_door_of_the_second_engine():
    locked = qpdf(page("1 1 0 0 k 0 0 200 300 re f"), "--encrypt", "secret",
                  "owner", "256", "--")
    assert near(at(render(locked, "password=secret").page, 100, 150),
                (46, 49, 146))


@pytest.mark.parametrize("damage", [
    lambda pdf: pdf.replace(b"startxref\n", b"startxref\n9"),
    lambda pdf: pdf[:pdf.rindex(b"xref\n0")],
    lambda pdf: pdf.replace(b"00000 n", b"00001 n"),
    lambda pdf: b"\r\n\r\n" + pdf,
    lambda pdf: pdf[pdf.index(b"1 0 obj"):],
    lambda pdf: b"%!PS-Adobe-3.0 PDF-1.4" + pdf[8:],
    lambda pdf: pdf.replace(b"/Length 25", b"/Length 9"),
    lambda pdf: pdf.replace(b"endobj", b"")])
def test_broken_files_are_repaired(damage):
    broken = damage(LOCKED)
    assert broken != LOCKED
    assert at(render(broken).page, 100, 150) == RED


# --- what is not a PDF -------------------------------------------------------

def test_xps_prints():
    document = pdfs.xps("M 0,0 L 133.35,0 133.35,400 0,400 Z", "#FFFF0000")
    printed = render(document, name="a.oxps", kind="application/oxps")
    assert at(printed.page, 50, 150) == RED
    assert at(printed.page, 150, 150) == WHITE


def test_an_e_book_is_set_on_the_paper():
    body = "<h1>Chapter</h1>" + "<p>It was a dark and stormy night.</p>" * 60
    printed = render(pdfs.epub(body), "media_width=14800",
                     "media_height=21000", name="a.epub",
                     kind="application/epub+zip")
    assert len(printed.pages) >= 2
    assert all(p.ink() > 0.01 for p in printed.pages)


# --- layout ------------------------------------------------------------------

def pages(*colours):
    n = len(colours)
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(n))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Kids [{kids}] /Count {n} >>"]
    for i, colour in enumerate(colours):
        objects += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] "
                    f"/Contents {4 + 2 * i} 0 R >>",
                    stream(f"{colour} 0 0 200 300 re f")]
    return pdfs.assemble(*objects)


GRAYS = [f"{i / 10} g" for i in range(10)]


def test_the_request_names_pages():
    printed = render(pages(*GRAYS), "page_ranges=2-3,9-", "colour=0").pages
    assert [round(at(p, 9, 9)[0] / 25.5) for p in printed] == [1, 2, 8, 9]


def test_pages_that_are_not_there_are_a_sentence():
    said = render(pages(*GRAYS[:2]), "page_ranges=5").reason
    assert "only 2 pages" in said


def test_the_request_puts_four_pages_on_a_side():
    printed = render(pages(*GRAYS[:5]), "number_up=4", "colour=0").pages
    assert len(printed) == 2
    assert [round(at(printed[0], x, y)[0] / 25.5)
            for x, y in ((50, 75), (150, 75), (50, 225), (150, 225))] == [
                0, 1, 2, 3]


# --- malice ------------------------------------------------------------------

A4_AT_600 = ("media=iso_a4_210x297mm", "media_width=21000",
             "media_height=29700", "dpi=600")
TOO_MUCH = ("the PDF needs too much memory: more than 384 MB; send less of it at "
            "a time")


def image(width, height, space, n, data_lines=100):
    data = zlib.compress(b"\x40" * (width * data_lines * n), 9)
    return page("200 0 0 300 0 0 cm /I Do", stream(
        data, f"/Type /XObject /Subtype /Image /Width {width} /Height {height}"
        f" /ColorSpace {space} /BitsPerComponent 8 /Filter /FlateDecode"),
        words="/Resources << /XObject << /I 5 0 R >> >>")


def twice_packed(data):
    packed = zlib.compress(zlib.compress(data, 9), 9)
    return pdfs.assemble(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R "
        "/MediaBox [0 0 200 300] >>",
        stream(packed, "/Filter [/FlateDecode /FlateDecode]"))


def nested_forms(depth, ink):
    words = "/Type /XObject /Subtype /Form /BBox [0 0 200 300] "
    forms = [stream("/F Do " * 10, f"{words} /Resources << /XObject << /F "
                    f"{6 + i} 0 R >> >>") for i in range(depth)]
    return page("/F Do", *forms, stream(f"{ink} 0 0 1 1 re f", words),
                words="/Resources << /XObject << /F 5 0 R >> >>")


def page_tree(depth):
    return pdfs.assemble(
        "<< /Type /Catalog /Pages 2 0 R >>",
        *(f"<< /Type /Pages /Parent {i - 1} 0 R /Kids [{i + 1} 0 R] /Count 1 "
          ">>" for i in range(2, depth + 2)),
        f"<< /Type /Page /Parent {depth + 1} 0 R /MediaBox [0 0 200 300] >>")


@pytest.mark.parametrize("make, reason", [
    (lambda: page("1 0 0 rg 0 0 14400 14400 re f", box="0 0 14400 14400"),
     None),
    (lambda: page("1 1 0 0 k 0 0 14400 14400 re f", box="0 0 14400 14400"),
     None),
    (lambda: image(65000, 65000, "/DeviceGray", 1), None),
    (lambda: image(65000, 65000, "/DeviceCMYK", 4), None),
    (lambda: twice_packed(b"\0" * 100_000_000), None),
    (lambda: page("q " * 1_000_000), TOO_MUCH),
    (lambda: page("1 1 0 0 k " + "q " * 1_000_000), TOO_MUCH),
    (lambda: page("[" * 1_000_000), None),
    (lambda: page("", words="/X " + "[" * 500_000 + "]" * 500_000), None),
    (lambda: page("1 1 0 0 k /F Do", stream(
        "/F Do /F Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
        "/Resources << /XObject << /F 5 0 R >> >>"),
        words="/Resources << /XObject << /F 5 0 R >> >>"), None),
    (lambda: page_tree(20_000), None),
], ids=["paper", "paper of a press", "gray image", "cmyk image", "zeros",
        "saved states", "saved states of a press", "arrays", "arrays outside",
        "a form in itself", "tree"])
def test_bombs_end_inside_their_limits(make, reason):
    printed = render(make(), *A4_AT_600, "cpu=60", "memory=1073741824")
    assert printed.reason == reason
    if reason is None:
        assert len(printed.pages) == 1


def test_a_million_pages_of_one_object_are_counted_not_drawn():
    million = pdfs.assemble(
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{'3 0 R ' * 1_000_000}] /Count 1000000 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] "
        "/Contents 4 0 R >>", stream("0 g 0 0 200 300 re f"))
    printed = render(million, "cpu=60")  # to draw them would take longer
    assert (printed.reason ==
            "the PDF has 1000000 pages; 1000 may be printed: name some in "
            "the subject, as [pages=1-1000]")
    printed = render(million, "page_ranges=1,999999")
    assert [at(p, 9, 9) for p in printed.pages] == [BLACK, BLACK]


def test_time_that_runs_out_is_a_sentence():
    printed = render(nested_forms(9, "1 0 0 rg"), *A4_AT_600, "cpu=1")
    assert printed.reason.startswith("it needs too much computing time")
