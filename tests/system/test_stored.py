# SPDX-License-Identifier: AGPL-3.0-or-later
"""A job waits as print data, as pages or as its mail (K8), and prints the same
from each of them."""
import pytest
from PIL import Image, ImageChops, ImageStat

import mails
import raster
from mails import Box
from waiting import until

SHAPES = mails.pdf([[Box(.1, .1, .4, .3, (200, 30, 30)),
                     Box(.5, .5, .9, .9, (20, 60, 200))],
                    [Box(.2, .8, .3, .9)], 40])
PHOTO = mails.picture("PNG", [Box(.1, .1, .6, .6, (200, 120, 0))], (600, 800))
SVG = (b"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='200'>"
       b"<circle cx='90' cy='90' r='80' fill='#086'/></svg>")
DOCUMENTS = ((SHAPES, "application/pdf", "shapes.pdf"),
             (PHOTO, "image/png", "photo.png"))
DRAWING = ((SVG, "image/svg+xml", "disc.svg"),)
TEXT = "Dear neighbour,\n\nthe lift is repaired.\n" * 12
HTML = ("<h1>Rates</h1><table border=1><tr><td style='background:#fc0'>Monday"
        "</td><td>12 %</td></tr></table>" + "<p>Words in a row.</p>" * 20)


def lobby(platend, ippeve, **options):
    platend.add_printer("lobby", ippeve.uri, media="a4", **options)
    return platend


def hold(platend, printer):
    """The printer is known to have no paper."""
    printer.take_paper()
    platend.cli("printer", "check", "lobby")
    platend.wait_state(mails.send(platend.smtp, mails.message(
        "First", "Found no paper")).job, "HELD")


def stored(platend, job_id, form):
    """Wait until the job is stored so; as `platen job show` has it."""
    def ask():
        shown = platend.cli_json("job", "show", job_id)
        return shown if shown["stored_as"] == form and (
            form != "mail" or shown["renders"]) else None
    return until(ask, f"job {job_id} stored as {form}: {platend.job(job_id)}")


def spool_bytes(platend):
    return sum(path.stat().st_size
               for path in (platend.state / "pages").iterdir())


def printed(platend, printer, job_id):
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    return raster.read(printer.documents()[-1][1])


def difference(one, other):
    """How much of the ink of a page lies elsewhere."""
    assert (one.width, one.height, one.colour) == (
        other.width, other.height, other.colour)
    mode = "RGB" if one.colour == raster.SRGB else "L"
    a, b = (Image.frombytes(mode, (p.width, p.height),
                            b"".join(line * n for line, n in p.rows)).reduce(2)
            for p in (one, other))
    far = sum(ImageStat.Stat(ImageChops.difference(a, b)).sum)
    return far / sum(ImageStat.Stat(ImageChops.invert(a)).sum)


def mail_of(kind):
    if kind == "text":
        return mails.message("Repair", TEXT)
    if kind == "html":
        return mails.message("Rates", html=HTML)
    return mails.message("all duplex pages=1-2,4-5", "See below.",
                         attachments=DOCUMENTS + DRAWING)


@pytest.mark.parametrize("fault", [{"state": "media-empty"},
                                   {"answer": "never", "answer_to": "state"}],
                         ids=["no paper", "silent"])
@pytest.mark.parametrize("form", ["pages", "mail"])
def test_the_first_job_of_a_printer_that_fails_waits_as_it_should(
        make_platend, sim, form, fault):
    """It is made before the printer has answered."""
    platend = make_platend(printing={"state_timeout": "1s",
                                     "recovery_wait": "1h"})
    platend.add_printer("lobby", sim.uri(), stored_form=form)
    sim.control(**fault)
    job_id = mails.send(platend.smtp, mails.message("First", TEXT)).job
    platend.wait_state(job_id, "HELD")
    stored(platend, job_id, form)
    sim.control(state="normal", answer="normal")
    platend.cli("printer", "check", "lobby")
    assert platend.wait_job(job_id)["state"] == "PRINTED"


@pytest.mark.parametrize("kind,share", [("text", .2), ("html", .05),
                                        ("documents", .05)])
def test_what_waited_as_pages_prints_as_what_did_not_wait(
        make_platend, ippeve, kind, share):
    platend = lobby(make_platend(), ippeve, stored_form="pages")
    at_once = printed(platend, ippeve, mails.send(platend.smtp,
                                                  mail_of(kind)).job)
    hold(platend, ippeve)
    job_id = mails.send(platend.smtp, mail_of(kind)).job
    shown = stored(platend, job_id, "pages")
    data_bytes = sum(len(line) for page in at_once for line, _ in page.rows)
    print(f"{kind}: {shown['pages_bytes']} bytes of pages, "
          f"{spool_bytes(platend)} on disk, {data_bytes} of pixels")
    assert 0 < shown["pages_bytes"] < data_bytes / 4
    assert shown["pages"] == len(at_once) and not shown["print_bytes"]
    ledger = platend.rows("SELECT part, fate, why FROM part WHERE job_id = ? "
                          "ORDER BY position", job_id)
    platend.restart()
    ippeve.give_paper()
    later = printed(platend, ippeve, job_id)
    assert len(later) == len(at_once)
    far = [difference(a, b) for a, b in zip(at_once, later)]
    assert max(far) < share, far
    assert [page.duplex for page in at_once] == [p.duplex for p in later]
    assert ledger == platend.rows(
        "SELECT part, fate, why FROM part WHERE job_id = ? ORDER BY position",
        job_id)
    until(lambda: not list((platend.state / "pages").iterdir()),
          "the files to be gone")


@pytest.mark.parametrize("limits,form", [
    ({}, "print data"),
    ({"held_print_bytes": 0}, "pages"),
    ({"held_print_bytes": 0, "held_pages_bytes": 0}, "mail")])
def test_auto_takes_the_first_form_that_is_not_too_large(
        make_platend, ippeve, limits, form):
    platend = lobby(make_platend(limits=limits), ippeve)
    hold(platend, ippeve)
    job_id = mails.send(platend.smtp, mails.message("Repair", TEXT)).job
    stored(platend, job_id, form)
    platend.wait_state(job_id, "HELD")
    [row] = platend.rows("SELECT * FROM held_jobs WHERE job = ?", job_id)
    assert row["stored_as"] == form
    n_files = 0 if form == "mail" else 1  # what is not kept goes at once
    until(lambda: len(list((platend.state / "pages").glob(
        f"job-{job_id}-*"))) == n_files, f"{n_files} files of pages")
    ippeve.give_paper()
    pages = printed(platend, ippeve, job_id)
    assert len(pages) == 1 and pages[0].ink() > .005


def test_pages_survive_a_kill_and_print_in_the_format_of_a_new_printer(
        make_platend, make_ippeve):
    ippeve = make_ippeve("image/pwg-raster")
    platend = lobby(make_platend(), ippeve, stored_form="pages")
    hold(platend, ippeve)
    job_id = mails.send(platend.smtp, mail_of("documents")).job
    stored(platend, job_id, "pages")
    platend.kill()
    ippeve.stop()
    ippeve.formats = "image/urf,application/pdf"
    platend.start()
    ippeve.start()
    ippeve.give_paper()
    platend.cli("printer", "check", "lobby")
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    asked, data = ippeve.documents()[-1]
    assert data.startswith(b"UNIRAST") and asked["sides"] != "one-sided"
    assert len(raster.read(data)) == 4


ANOTHER = """
ATTR mimeMediaType document-format-supported {format}
ATTR keyword media-supported iso_a4_210x297mm
ATTR keyword media-default iso_a4_210x297mm
ATTR keyword media-ready iso_a4_210x297mm
ATTR boolean color-supported false
ATTR keyword sides-supported one-sided
ATTR text printer-make-and-model "Another printer"
ATTR resolution pwg-raster-document-resolution-supported 600dpi
ATTR keyword pwg-raster-document-type-supported sgray_8
ATTR keyword pwg-raster-document-sheet-back normal
ATTR integer media-left-margin-supported 1500
ATTR integer media-right-margin-supported 1500
"""


@pytest.mark.parametrize("kind", ["image/pwg-raster", "application/pdf"])
@pytest.mark.parametrize("form", ["data", "pages"])
def test_another_printer_gets_what_it_can_print(make_platend, make_ippeve,
                                                tmp_path, form, kind):
    """Also of the same format: its pixels, edges and sides are others."""
    ippeve = make_ippeve("image/pwg-raster")
    platend = lobby(make_platend(), ippeve, stored_form=form)
    hold(platend, ippeve)
    job_id = mails.send(platend.smtp, mails.message(
        "[duplex, attachments]", "x", attachments=DOCUMENTS[1:])).job
    stored(platend, job_id, "print data" if form == "data" else form)
    ippeve.stop()
    platend.cli("printer", "check", "lobby")
    (tmp_path / "another").write_text(ANOTHER.format(format=kind))
    ippeve.formats, ippeve.options = None, ("-a", tmp_path / "another")
    ippeve.start()
    platend.cli("printer", "check", "lobby")
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    asked, data = ippeve.documents()[-1]
    assert asked["type"] == kind and asked["sides"] == "one-sided"
    if kind == "application/pdf":
        assert data.startswith(b"%PDF")
        return
    (page,) = raster.read(data)
    assert (page.dpi, page.colour, page.duplex) == (600, "sgray", False)
    left, _, right, _ = page.ink_box()
    assert left > .07 and right < .93


def test_another_printer_is_asked_before_it_gets_anything(make_platend,
                                                         make_ippeve,
                                                         tmp_path):
    """The rendering begins with what is known of the old one."""
    ippeve = make_ippeve("image/pwg-raster")
    platend = lobby(make_platend(), ippeve)
    ippeve.stop()
    platend.cli("printer", "check", "lobby")
    (tmp_path / "another").write_text(ANOTHER.format(format="image/pwg-raster"))
    ippeve.formats, ippeve.options = None, ("-a", tmp_path / "another")
    ippeve.start()
    job_id = mails.send(platend.smtp, mails.message(
        "[duplex]", "x", attachments=DOCUMENTS)).job
    pages = printed(platend, ippeve, job_id)
    assert len(pages) == 4
    assert {(page.dpi, page.colour, page.duplex) for page in pages} == {
        (600, "sgray", False)}


def test_two_on_a_side_wait_as_pages_and_share_their_sides_then(
        make_platend, ippeve):
    platend = lobby(make_platend(), ippeve, stored_form="pages")
    plan = mails.message("Plan [2up]", "x", attachments=DOCUMENTS[:1])
    at_once = printed(platend, ippeve, mails.send(platend.smtp, plan).job)
    hold(platend, ippeve)
    again = mails.message("Plan [2up]", "x", attachments=DOCUMENTS[:1])
    job_id = mails.send(platend.smtp, again).job
    stored(platend, job_id, "pages")
    ippeve.give_paper()
    later = printed(platend, ippeve, job_id)
    assert len(at_once) == len(later) == 2
    far = [difference(a, b) for a, b in zip(at_once, later)]
    assert far[0] < .02 and far[1] < .35, far  # shapes, and small letters
    assert later[1].ink_box() == pytest.approx(at_once[1].ink_box(), abs=.003)


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_pages_that_are_not_wanted_any_more_are_destroyed(
        make_platend, ippeve, how):
    platend = lobby(make_platend(printing={"recovery_wait": "1h"}), ippeve,
                    stored_form="pages",
                    retention="4s" if how == "expired" else "1h")
    hold(platend, ippeve)
    job_id = mails.send(platend.smtp, mails.message("Repair", TEXT)).job
    stored(platend, job_id, "pages")
    if how == "cancelled":
        platend.cli("job", "cancel", job_id)
    row = platend.wait_job(job_id)
    assert row["state"] == how.upper()
    assert (row["pages_file"], row["pages_key"]) == (None, None)
    assert not (platend.state / "pages" / f"job-{job_id}-0").exists()


def test_damaged_pages_are_made_again_from_the_mail(make_platend, ippeve):
    platend = lobby(make_platend(), ippeve, stored_form="pages")
    hold(platend, ippeve)
    job_id = mails.send(platend.smtp, mails.message("Repair", TEXT)).job
    stored(platend, job_id, "pages")
    path = platend.state / "pages" / platend.job(job_id)["pages_file"]
    path.write_bytes(path.read_bytes()[:-40])
    ippeve.give_paper()
    pages = printed(platend, ippeve, job_id)
    assert len(pages) == 1 and pages[0].ink() > .005


def five_pages():
    return mails.message("A plan", "", attachments=[
        (mails.pdf([10] * 5), "application/pdf", "plan.pdf")])


@pytest.mark.parametrize("form", ["data", "pages", "mail"])
def test_paper_that_runs_out_in_the_middle_costs_no_page_whatever_waited(
        make_platend, sim, form):
    """The printer keeps the job, and the server looks after it, also a new
    one; nothing is sent again."""
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), what="attachments",
                        stored_form=form)
    sim.control(state="stopped", job_ms=500)
    job_id = mails.send(platend.smtp, five_pages()).job
    if form == "mail":
        platend.wait_state(job_id, "HELD")  # nothing is made of it
    else:
        stored(platend, job_id, "print data" if form == "data" else form)
    sim.control(state="normal")
    platend.cli("printer", "check", "lobby")
    assert sim.wait("whole")
    sim.control(state="media-empty")
    for end in (platend.stop, platend.kill):
        until(lambda: "media-empty" in platend.job(job_id)["reason"] and
              platend.job(job_id)["state"] == "SENDING",
              "the sender to be told")
        end()
        platend.start()
    sim.control(state="normal")
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    [entry] = sim.jobs()
    assert entry["data"] == "whole" and entry["impressions"] == 5, entry
