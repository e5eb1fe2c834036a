# SPDX-License-Identifier: AGPL-3.0-or-later
"""Jobs that are several documents: pictures for printers of photographs, and
copies that a printer does not make."""
import io

import pytest
from PIL import Image, ImageChops

import mails
import raster
from mails import Box
from waiting import until


BAR = [Box(.3, .1, .7, .15)]
THIRD_IS_LARGE = mails.pdf([BAR, BAR, 40, BAR])


def numbered(n_pages):
    """A PDF whose page n has one bar, n steps from the top."""
    return mails.pdf([[Box(.3, .1 * n, .7, .1 * n + .05)]
                      for n in range(1, n_pages + 1)])


def number(box):
    """Which one of them that is."""
    left, top, right, bottom = box
    assert abs(left - .3) < .05 and abs(right - .7) < .05, box
    return round(top * 10)


def photo_number(data):
    image = Image.open(io.BytesIO(data)).convert("L")
    box = ImageChops.invert(image).point(
        lambda v: 255 if v > 60 else 0).getbbox()
    return number(tuple(edge / image.size[i % 2]
                        for i, edge in enumerate(box)))


def photos(printer):
    assert all(asked["type"] == "image/jpeg"
               for asked, _ in printer.documents())
    return [photo_number(data) for _, data in printer.documents()]


def send(platend, document, subject="Photos"):
    """document: a PDF, or how many pages of bars."""
    data = numbered(document) if isinstance(document, int) else document
    return mails.send(platend.smtp, mails.message(subject, "", attachments=[
        (data, "application/pdf", "plan.pdf")])).job


def print_it(platend, *args, **words):
    job = platend.wait_job(send(platend, *args, **words))
    assert job["state"] == "PRINTED", job
    return job


def attempts(platend, job):
    return [(row["first_document"], row["last_document"], row["n_documents"])
            for row in platend.rows("SELECT * FROM attempt WHERE job_id = ? "
                                    "ORDER BY id", job["id"])]


@pytest.fixture
def photo_printer(make_ippeve):
    """It takes one document a job: ippeveprinter knows no more."""
    return make_ippeve(formats="image/jpeg")


# --- photographs -------------------------------------------------------------

def test_each_page_becomes_a_photograph_in_order(make_platend, photo_printer):
    platend = make_platend()
    platend.add_printer("lobby", photo_printer.uri, media="a5")
    job = print_it(platend, 4)
    assert photos(photo_printer) == [1, 2, 3, 4]
    assert job["pages"] == 4 and job["renders"] == 1
    assert attempts(platend, job) == [(n, n, 4) for n in (1, 2, 3, 4)]


def test_one_page_is_one_document(make_platend, photo_printer):
    platend = make_platend()
    platend.add_printer("lobby", photo_printer.uri, media="a5")
    assert attempts(platend, print_it(platend, 1)) == [(1, 1, 1)]


def test_printer_of_many_documents_gets_them_in_one_job(make_platend,
                                                        make_sim):
    sim = make_sim(setting="many=1", formats="image/jpeg")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    job = print_it(platend, 4)
    (entry,) = sim.jobs()
    assert entry["documents"] == 4 and entry["data"] == "whole"
    assert attempts(platend, job) == [(1, 4, 4)]


def test_photographs_go_on_after_a_jam(make_platend, photo_printer):
    platend = make_platend()
    platend.add_printer("lobby", photo_printer.uri, media="a5")
    photo_printer.say("STATE: +media-jam")
    job_id = send(platend, 3)
    job = platend.wait_state(job_id, "HELD")
    assert job["documents_done"] == 1 and photos(photo_printer) == [1]
    photo_printer.stop()
    (photo_printer.caught / "say").unlink()
    photo_printer.start()
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED" and photos(photo_printer) == [1, 2, 3]


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_restart_in_the_middle_prints_no_page_twice(make_platend,
                                                      photo_printer, done):
    """Killed while the printer has the document after the first `done`."""
    platend = make_platend()
    platend.add_printer("lobby", photo_printer.uri, media="a5")
    photo_printer.close_gate()
    job_id = send(platend, 4)
    for n in range(done):
        delivered(platend, job_id, n)
        photo_printer.let_one_go()
    delivered(platend, job_id, done)
    platend.kill()
    photo_printer.open_gate()
    platend.start()
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED" and photos(photo_printer) == [1, 2, 3, 4]


def delivered(platend, job_id, n_done):
    """The next document is at the printer, which prints it."""
    until(lambda: platend.row("SELECT 1 FROM attempt WHERE job_id = ? AND "
                              "first_document = ? AND step = 'delivered'",
                              job_id, n_done + 1),
          f"document {n_done + 1} at the printer")


@pytest.mark.parametrize("at", [3000, "in the third"])
def test_a_cut_between_documents_is_unknown(make_platend, make_sim, at):
    """A printer that does not count may have printed those it has."""
    sim = make_sim(setting="many=1&impressions=0", formats="image/jpeg")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), media="a5")
    print_it(platend, mails.pdf([BAR]))
    if at != 3000:
        at = sim.jobs()[0]["bytes"] + 5000  # only the third is larger
    sim.control(die_at=at, times=1)
    job_id = send(platend, THIRD_IS_LARGE)
    assert platend.wait_state(job_id, "UNKNOWN", "PRINTED")["state"] == \
        "UNKNOWN"
    assert len(sim.jobs()) == 2
    platend.cli("job", "retry", job_id)
    job = platend.wait_job(job_id)
    # From the first one on, with a picture in front that says so.
    assert job["state"] == "PRINTED" and job["is_reprint"]
    assert sim.jobs()[-1]["documents"] == 5


def cut_in_the_third(make_platend, sim):
    """A printer of one document a job, which breaks off in the third."""
    platend = make_platend()
    platend.add_printer("lobby", sim.uri(), media="a5")
    print_it(platend, mails.pdf([BAR]))
    sim.control(die_at=sim.jobs()[0]["bytes"] + 5000, times=1)
    return platend, send(platend, THIRD_IS_LARGE)


def test_a_cut_photograph_alone_is_sent_again(make_platend, make_sim):
    """The printer counts, and says that nothing of it came out."""
    sim = make_sim(formats="image/jpeg")
    platend, job_id = cut_in_the_third(make_platend, sim)
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED" and not job["is_reprint"]
    assert [first for first, _, _ in attempts(platend, job)] == [1, 2, 3, 3, 4]
    assert len(sim.printed()) == 1 + 4 and job["impressions"] == 4


def test_after_a_cut_photograph_the_rest_can_be_named(make_platend, make_sim):
    sim = make_sim(setting="impressions=0", formats="image/jpeg")
    platend, job_id = cut_in_the_third(make_platend, sim)
    job = platend.wait_state(job_id, "UNKNOWN", "PRINTED")
    assert job["state"] == "UNKNOWN" and job["documents_done"] == 2
    before = len(sim.jobs())
    platend.cli("job", "retry", job_id, "--pages", "3-")
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED" and job["is_reprint"]
    assert len(sim.jobs()) == before + 2 and job["renders"] == 1
    assert [entry["data"] for entry in sim.jobs()[before:]] == ["whole"] * 2


def test_chosen_photographs_go_alone(make_platend, photo_printer):
    platend = make_platend()
    platend.add_printer("lobby", photo_printer.uri, media="a5",
                        recovery_wait="1h", sides="two-sided-long-edge")
    photo_printer.take_paper()
    job_id = send(platend, 5)
    until(lambda: platend.job(job_id)["pages"] and
          platend.job(job_id)["state"] == "HELD", "its pages")
    photo_printer.give_paper()
    platend.cli("job", "retry", job_id, "--pages", "4,2")
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED" and photos(photo_printer) == [2, 4]
    assert job["only_pages"] == "2,4" and job["renders"] == 1


def test_a_job_cancelled_between_photographs_is_over(make_platend,
                                                     photo_printer):
    platend = make_platend()
    platend.add_printer("lobby", photo_printer.uri, media="a5")
    photo_printer.close_gate()
    job_id = send(platend, 3)
    delivered(platend, job_id, 0)
    photo_printer.let_one_go()
    delivered(platend, job_id, 1)
    platend.cli("job", "cancel", job_id)
    assert platend.wait_job(job_id)["state"] == "CANCELLED"
    photo_printer.open_gate()
    assert print_it(platend, 1)["state"] == "PRINTED"


# --- copies ------------------------------------------------------------------

def sheets(printer):
    """What each document has on its pages."""
    return [[number(page.ink_box()) for page in raster.read(data)]
            for _, data in printer.documents()]


def test_copies_that_the_printer_does_not_make_come_set_by_set(make_platend,
                                                               make_ippeve):
    """ippeveprinter makes copies of PDF and JPEG, and says so."""
    printer = make_ippeve(formats="image/pwg-raster")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri)
    job = print_it(platend, 3, "Minutes [3x]")
    assert sheets(printer) == [[1, 2, 3]] * 3
    assert all(asked["copies"] in ("", "1") for asked, _ in printer.documents())
    assert job["pages"] == 3 and job["renders"] == 1 and job["remarks"] == ""
    assert "copies=3" in job["options"]


def test_each_two_sided_set_begins_on_a_front(make_platend, make_ippeve):
    printer = make_ippeve(formats="image/urf")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri)
    print_it(platend, 1, "Minutes [2x, duplex]")
    # A document of its own each: no printer puts two on one sheet.
    assert sheets(printer) == [[1], [1]]
    assert all(asked["sides"] == "two-sided-long-edge"
               for asked, _ in printer.documents())


def test_copies_that_the_printer_makes_are_left_to_it(make_platend, make_sim):
    sim = make_sim(setting="copies=3&many=1")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    assert attempts(platend, print_it(platend, 2, "[3x]")) == [(1, 1, 1)]
    assert attempts(platend, print_it(platend, 2, "[4x]")) == [(1, 4, 4)]
    one, many = sim.jobs()
    assert one["documents"] == 1 and one["pages"] == 2
    assert many["documents"] == 4 and many["pages"] == 8


def test_copies_that_the_printer_ignores_are_sent(make_platend, make_sim):
    sim = make_sim(setting="ignores_copies=1")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    print_it(platend, 2, "[3x]")
    assert [job["pages"] for job in sim.printed()] == [2, 2, 2]
    print_it(platend, 1, "[2x]")  # it has learned
    assert len(sim.jobs()) == 1 + 3 + 2 and len(sim.printed()) == 3 + 2


def shown(platend):
    return platend.cli_json("printer", "show", "lobby")["learned"]


def test_what_a_printer_has_shown_is_known_after_a_restart(make_platend,
                                                           make_sim):
    sim = make_sim(setting="ignores_copies=1&many=2&impressions=0")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    assert shown(platend) == ""
    print_it(platend, 1, "[2x]")
    # It ignores copies, then refuses one of two documents, then takes both.
    assert len(sim.jobs()) == 4
    assert shown(platend) == "one document a job, one copy"
    platend.kill()
    platend.start()
    print_it(platend, 1, "[2x]")
    assert len(sim.jobs()) == 4 + 2
    (row,) = platend.rows("SELECT learned FROM printers")
    assert row["learned"] == "one document a job, one copy"


def test_another_printer_has_shown_nothing_yet(make_platend, make_sim):
    sim = make_sim(printers=2, setting="ignores_copies=1")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    print_it(platend, 1, "[2x]")
    assert shown(platend) == "one copy, counts pages"
    platend.cli("printer", "check", "lobby")
    assert shown(platend) == "one copy, counts pages"
    token = platend.token("lobby")
    there = b'{"event": "power-on", "uri": "%s"}' % sim.uri(1).encode()
    platend.post_announcement("lobby", token, there)
    platend.cli("printer", "check", "lobby")
    assert shown(platend) == ""


def test_what_was_learned_of_a_printer_can_be_forgotten(make_platend,
                                                        make_sim):
    sim = make_sim(setting="ignores_copies=1")
    platend = make_platend()
    platend.add_printer("lobby", sim.uri())
    print_it(platend, 1, "[2x]")
    sim.control(ignores_copies=0)
    told = platend.cli_json("printer", "forget", "lobby")
    assert told["learned"] == ""
    print_it(platend, 1, "[2x]")
    assert len(sim.jobs()) == 1 + 2 + 1
    assert shown(platend) == "counts pages"


def test_copies_of_photographs_are_collated(make_platend, photo_printer):
    """The printer would make two of each before the next."""
    platend = make_platend()
    platend.add_printer("lobby", photo_printer.uri, media="a5")
    print_it(platend, 2, "[2x]")
    assert photos(photo_printer) == [1, 2, 1, 2]
    photo_printer.forget_documents()
    print_it(platend, 1, "[2x]")
    ((asked, _),) = photo_printer.documents()
    assert asked["copies"] == "2"


def test_page_limit_counts_one_copy(make_platend, make_ippeve):
    printer = make_ippeve(formats="image/pwg-raster")
    platend = make_platend()
    platend.add_printer("lobby", printer.uri, page_limit=2)
    assert print_it(platend, 2, "[2x]")["pages"] == 2
    assert platend.wait_job(send(platend, 3))["state"] == "FAILED"
