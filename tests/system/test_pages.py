# SPDX-License-Identifier: AGPL-3.0-or-later
"""Some pages of a job, chosen by whoever retries it."""
import pytest
from PIL import Image

import mails
import pdfs
import raster
from mails import Box
from programs import ProgramFailed
from waiting import until

N_PAGES = 5
LONG = {"recovery_wait": "1h"}


def numbered(n_pages=N_PAGES):
    """A PDF whose page n has one bar, n steps from the top."""
    return mails.pdf([[Box(.3, .1 * n, .7, .1 * n + .05)]
                      for n in range(1, n_pages + 1)])


def number(page):
    """Which one of them that is; 0: none."""
    left, top, right, bottom = page
    return round(top * 10) if abs(left - .3) < .05 else 0


def raster_numbers(data):
    return [number(page.ink_box()) for page in raster.read(data)]


def send(platend, subject="A plan", document=None):
    return mails.send(platend.smtp, mails.message(subject, "", attachments=[
        (document or numbered(), "application/pdf", "plan.pdf")])).job


def hold(platend, printer, subject="A plan"):
    """A job that waits for paper with its pages made; paper is there again."""
    printer.take_paper()
    job_id = send(platend, subject)
    job = until(lambda: (lambda row: row if row["pages"] and row["state"] ==
                         "HELD" else None)(platend.job(job_id)),
                "the job to be held with its pages")
    give_paper_unseen(platend, printer)
    assert job["pages"] == N_PAGES
    return job_id


def give_paper_unseen(platend, printer):
    """Nobody releases the job: platend has asked for the last time."""
    platend.cli("printer", "check", "lobby")
    printer.give_paper()


def retry(platend, job_id, pages):
    platend.cli("job", "retry", job_id, "--pages", pages)
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED", job
    return job


@pytest.mark.parametrize("kind", ["image/pwg-raster", "image/urf"])
def test_chosen_pages_are_cut_from_what_is_stored(make_platend, make_ippeve,
                                                  kind):
    printer = make_ippeve(formats=kind)
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, **LONG)
    job = retry(platend, hold(platend, printer), "4-,2")
    ((_, data),) = printer.documents()
    assert raster_numbers(data) == [2, 4, 5]
    assert job["renders"] == 1 and job["pages"] == N_PAGES
    assert job["only_pages"] == "2,4-5" and not job["is_reprint"]
    (row,) = platend.rows("SELECT * FROM history WHERE job = ?", job["id"])
    assert row["only_pages"] == "2,4-5"
    assert row["reason"] == "of 5 pages only 2,4-5, as was asked for"
    shown = platend.cli_json("job", "show", job["id"])
    assert shown["only_pages"] == "2,4-5"


def test_chosen_pages_keep_their_side_of_the_sheet(make_platend, make_ippeve):
    printer = make_ippeve(formats="image/pwg-raster")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, **LONG)
    job = retry(platend, hold(platend, printer, "duplex"), "4,5")
    ((asked, data),) = printer.documents()
    assert asked["sides"] == "two-sided-long-edge"
    front, back, last = [page.ink_box() for page in raster.read(data)]
    left, top, right, bottom = back  # which this printer wants turned round
    turned = (1 - right, 1 - bottom, 1 - left, 1 - top)
    assert [number(box) for box in (front, turned, last)] == [3, 4, 5]
    assert job["only_pages"] == "3-5"


def pdf_numbers(data, folder):
    """Drawn by a program that is not ours."""
    (folder / "out.pdf").write_bytes(data)
    return [number(box) for box in pdfs.ink_boxes(folder / "out.pdf")]


def test_where_nothing_can_be_cut_the_pages_are_made_again(make_platend,
                                                           make_ippeve,
                                                           tmp_path):
    printer = make_ippeve(formats="application/pdf")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, **LONG)
    job = retry(platend, hold(platend, printer), "2-3,5")
    ((asked, data),) = printer.documents()
    assert asked["type"] == "application/pdf"
    assert pdf_numbers(data, tmp_path) == [2, 3, 5]
    assert job["renders"] == 2 and job["only_pages"] == "2-3,5"


def test_a_held_job_may_be_asked_for_other_pages_again(make_platend,
                                                       make_ippeve, tmp_path):
    """The numbers are those of the whole job, whatever was made last."""
    printer = make_ippeve(formats="application/pdf")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, **LONG)
    job_id = hold(platend, printer)
    printer.take_paper()
    platend.cli("job", "retry", job_id, "--pages", "2")
    until(lambda: platend.log_text().count("RENDERING -> HELD") == 2,
          "held with the page made")
    give_paper_unseen(platend, printer)
    retry(platend, job_id, "4-5")
    ((_, data),) = printer.documents()
    assert pdf_numbers(data, tmp_path) == [4, 5]


@pytest.mark.parametrize("kind", ["image/pwg-raster", "application/pdf"])
def test_chosen_pages_come_of_a_job_that_waits_as_pages(make_platend,
                                                        make_ippeve, tmp_path,
                                                        kind):
    printer = make_ippeve(formats=kind)
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, stored_form="pages", **LONG)
    printer.take_paper()
    first = send(platend)
    platend.wait_state(first, "HELD")  # a form is for jobs held from then on
    job_id = hold(platend, printer)
    platend.cli("job", "cancel", first)
    assert platend.job(job_id)["print_format"] == ""
    job = retry(platend, job_id, "2,4-")
    ((_, data),) = printer.documents()
    assert [2, 4, 5] == (raster_numbers(data) if kind != "application/pdf"
                         else pdf_numbers(data, tmp_path))
    assert job["only_pages"] == "2,4-5" and job["pages"] == N_PAGES


@pytest.mark.parametrize("pages,word", [
    ("6", "there is no page 6: the job has 5"),
    ("7-", "no such page"),
    ("0", "names no pages"), ("3-2", "names no pages"),
    ("two", "names no pages"), ("1,", "names no pages"), ("", "names no")])
def test_pages_that_are_not_there_are_refused_in_words(make_platend,
                                                       make_ippeve, pages,
                                                       word):
    printer = make_ippeve()
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, **LONG)
    job_id = hold(platend, printer)
    with pytest.raises(ProgramFailed, match=word):
        platend.cli("job", "retry", job_id, "--pages", pages)
    assert platend.job(job_id)["state"] == "HELD"
    assert not printer.documents()


@pytest.fixture
def uncounted(make_platend, make_ippeve):
    """A job of five pages that waits as the mail that came, and where."""
    def make(kind, subject="A plan"):
        printer = make_ippeve(formats=kind)
        platend = make_platend(printing={"render_ahead": 1})
        platend.add_printer("lobby", printer.uri, **LONG)
        printer.take_paper()
        first = send(platend)
        platend.wait_state(first, "HELD")
        until(lambda: platend.job(first)["pages"], "the first to be made")
        job_id = send(platend, subject)
        assert platend.wait_state(job_id, "HELD")["pages"] == 0
        platend.cli("job", "cancel", first)
        printer.give_paper()
        return platend, printer, job_id
    return make


@pytest.mark.parametrize("kind", ["image/pwg-raster", "application/pdf"])
@pytest.mark.parametrize("pages,settled,numbers", [
    ("4-,2", "2,4-5", [2, 4, 5]), ("5-9", "5", [5])])
def test_pages_may_be_chosen_before_they_are_counted(uncounted, tmp_path, kind,
                                                     pages, settled, numbers):
    platend, printer, job_id = uncounted(kind)
    job = retry(platend, job_id, pages)
    ((_, data),) = printer.documents()
    assert numbers == (raster_numbers(data) if kind != "application/pdf"
                       else pdf_numbers(data, tmp_path))
    assert job["only_pages"] == settled and job["pages"] == N_PAGES


@pytest.mark.parametrize("kind", ["image/pwg-raster", "application/pdf"])
def test_whole_sheets_come_of_pages_that_were_not_counted(uncounted, tmp_path,
                                                          kind):
    platend, printer, job_id = uncounted(kind, "duplex")
    job = retry(platend, job_id, "4,5")
    ((asked, data),) = printer.documents()
    assert asked["sides"] == "two-sided-long-edge"
    assert job["only_pages"] == "3-5"
    if kind == "application/pdf":
        assert pdf_numbers(data, tmp_path) == [3, 4, 5]
    else:
        assert len(raster_numbers(data)) == 3


@pytest.mark.parametrize("kind", ["image/pwg-raster", "application/pdf"])
def test_pages_that_turn_out_not_to_be_there_are_asked_for_again(
        uncounted, tmp_path, kind):
    platend, printer, job_id = uncounted(kind)
    platend.cli("job", "retry", job_id, "--pages", "6-9")
    job = until(lambda: (lambda row: row if row["pages"] and row["state"] ==
                         "HELD" else None)(platend.job(job_id)),
                "the job to be held again")
    assert job["reason"].startswith("there is no page 6-9 of its 5: ")
    assert job["only_pages"] == "" and not printer.documents()
    platend.cli("job", "release", job_id, "--pages", "2-3")
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    ((_, data),) = printer.documents()
    assert [2, 3] == (raster_numbers(data) if kind != "application/pdf"
                      else pdf_numbers(data, tmp_path))


def test_a_part_of_a_long_job_can_be_released(make_platend, make_ippeve):
    printer = make_ippeve(formats="image/pwg-raster")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, page_limit=3, over_limit="ask")
    job_id = send(platend)
    job = platend.wait_state(job_id, "HELD")
    assert "it has 5 pages, and 3 are printed unasked" in job["reason"]
    with pytest.raises(ProgramFailed, match="there is no page 6"):
        platend.cli("job", "release", job_id, "--pages", "6")
    assert platend.job(job_id)["approval"] == "asked"
    platend.cli("job", "release", job_id, "--pages", "1-3")
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    ((_, data),) = printer.documents()
    assert raster_numbers(data) == [1, 2, 3]


def test_whoever_names_pages_approves_of_them(uncounted):
    platend, printer, job_id = uncounted("image/pwg-raster")
    platend.cli("registration", "set", platend.job(job_id)["registration_id"],
                "page-limit=2")
    retry(platend, job_id, "1-4")
    ((_, data),) = printer.documents()
    assert raster_numbers(data) == [1, 2, 3, 4]


def test_after_a_cut_the_missing_pages_complete_the_print(make_platend,
                                                          make_sim):
    sim = make_sim(setting="impressions=0&die_at=3000&times=1")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), what="attachments")
    job_id = send(platend)
    assert platend.wait_state(job_id, "UNKNOWN", "PRINTED")["state"] == \
        "UNKNOWN"
    job = retry(platend, job_id, "3-")
    _, last = sim.jobs()
    # No page in front: these complete what is on paper.
    assert last["pages"] == 3 and job["renders"] == 1
    assert " REPRINT pages 3-5 " in last["job_name"]
    assert job["is_reprint"] == 1 and job["only_pages"] == "3-5"


def test_all_pages_again_are_marked_though_some_were_chosen_before(
        make_platend, make_sim):
    sim = make_sim(setting="impressions=0&die_at=3000&times=2")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), what="attachments")
    job_id = send(platend)
    platend.wait_state(job_id, "UNKNOWN")
    platend.cli("job", "retry", job_id, "--pages", "3-")
    until(lambda: platend.job(job_id)["state"] == "UNKNOWN" and
          len(sim.jobs()) == 2, "the second cut")
    platend.cli("job", "retry", job_id)
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED" and job["only_pages"] == ""
    assert sim.jobs()[-1]["pages"] == N_PAGES + 1


def test_a_job_that_is_over_has_no_pages_any_more(make_platend, make_ippeve):
    platend = make_platend()
    platend.add_printer("lobby", make_ippeve().uri)
    job = platend.wait_job(send(platend))
    with pytest.raises(ProgramFailed, match="over already"):
        platend.cli("job", "retry", job["id"], "--pages", "1")
