# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a mail asks of its printer reaches it, and a subject for people asks
nothing."""
import json

import pytest

import mails
import raster
from mails import Box
from programs import ProgramFailed
from waiting import until

CORNER = Box(.15, .15, .35, .30)
RED = Box(.60, .70, .85, .80, (230, 20, 20))
PLAN = (mails.pdf([[CORNER], [RED], [CORNER]]), "application/pdf", "plan.pdf")


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return platend


def send(platend, subject, to="lobby", attachments=(PLAN,), text="See below."):
    return mails.send(platend.smtp, mails.message(
        subject, text, attachments=attachments), to=to)


def printed(platend, ippeve, job_id):
    """Its row, what the printer was asked, and the pages."""
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED", job
    asked, data = ippeve.documents()[-1]
    return job, asked, raster.read(data)


@pytest.mark.parametrize("subject,to", [
    ("Minutes [2x, duplex]", "lobby"),
    ("copies=2 duplex", "lobby"),
    ("Minutes", "lobby+duplex+2"),
])
def test_copies_and_sides_reach_the_printer(lobby, ippeve, subject, to):
    job, asked, pages = printed(lobby, ippeve,
                                send(lobby, subject, to).job)
    assert asked["copies"] == "2" and asked["sides"] == "two-sided-long-edge"
    assert len(pages) == 3 and all(page.duplex for page in pages)
    assert job["options"] == "media=a4 sides=two-sided-long-edge copies=2"
    assert job["remarks"] == ""


@pytest.mark.parametrize("subject", [
    "Two copies of the duplex plan, please", "Re: duplex", "A letter",
    "[EXTERNAL] All colours", "E=mc2", "2", "Grüße [2]"])
def test_a_subject_for_people_changes_nothing(lobby, ippeve, subject):
    job, asked, pages = printed(lobby, ippeve, send(lobby, subject).job)
    assert asked["copies"] in ("", "1") and asked["sides"] == "one-sided"
    assert len(pages) == 3 and not any(page.duplex for page in pages)
    assert job["options"] == "media=a4" and job["remarks"] == ""


def test_pages_grey_and_paper_are_seen_in_the_pixels(lobby, ippeve):
    job, asked, pages = printed(
        lobby, ippeve, send(lobby, "[p2,grey,paper=a5]").job)
    assert len(pages) == 1 and pages[0].colour == "sgray"
    left, top, right, bottom = pages[0].ink_box()
    assert abs(left - .60) < .08 and abs(top - .70) < .08
    assert abs(pages[0].width - 148 / 25.4 * pages[0].dpi) <= 2
    assert job["media"] == "iso_a5_148x210mm" and not job["is_colour"]


def test_pages_share_a_side(lobby, ippeve):
    _, _, pages = printed(lobby, ippeve, send(lobby, "4up").job)
    assert len(pages) == 1
    assert pages[0].ink(0, 0, .5, .5) > .01
    assert pages[0].ink(.5, 0, 1, .5) > .01


@pytest.mark.parametrize("subject, is_cut", [
    ("[100%]", True), ("[fit]", False), ("[fill]", False), ("", False)])
def test_what_is_cut_off_at_100_percent_is_told(platend, make_sim, subject,
                                                is_cut):
    platend.add_printer("lobby", make_sim().uri(), what="attachments")
    a3 = mails.pdf([3], size=(842, 1191))
    sent = send(platend, subject, attachments=[(a3, "application/pdf", "a.pdf")])
    job = platend.wait_job(sent.job)
    assert job["state"] == "PRINTED", job
    told = "larger than the paper at 100%" in platend.cli("job", "show", job["id"])
    assert told == is_cut


@pytest.mark.parametrize("subject,n_pages,n_body", [
    ("body", 1, 1), ("attachments", 3, 0), ("all", 4, 1), ("[nobody]", 3, 0)])
def test_subject_chooses_the_parts(lobby, ippeve, subject, n_pages, n_body):
    job, _, pages = printed(lobby, ippeve, send(lobby, subject).job)
    assert len(pages) == n_pages
    fates = lobby.rows("SELECT * FROM part_ledger WHERE job = ? "
                       "AND type = 'text/plain'", job["id"])
    assert sum(row["fate"] == "printed" for row in fates) == n_body


def test_a_tray_is_asked_for_with_the_paper_that_is_in_it(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri)
    job, _, pages = printed(platend, ippeve, send(platend, "[tray=photo]").job)
    assert job["media"] == "na_index-4x6_4x6in" and job["remarks"] == ""
    assert abs(pages[0].width - 4 * pages[0].dpi) <= 2
    job, _, _ = printed(platend, ippeve, send(platend, "[tray=photo a4]").job)
    assert job["media"] == "iso_a4_210x297mm"
    assert "'photo' holds 4x6 paper" in job["remarks"]
    job, _, _ = printed(platend, ippeve, send(platend, "[tray=2]").job)
    assert ("no tray 'tray-2', only main, photo: it chooses the tray"
            in job["remarks"])


def test_what_the_print_format_lacks_is_told(platend, make_ippeve):
    printer = make_ippeve(formats="image/pwg-raster")
    platend.add_printer("lobby", printer.uri)
    job = platend.wait_job(send(platend, "[dpi=200]").job)
    assert job["remarks"] == \
        "the printer does not print with 200 dpi: printed with 300\n"
    assert "the printer does not print with 200 dpi" in \
        platend.cli("job", "show", job["id"])


@pytest.mark.parametrize("words,n_pages,told", [
    ("2,9-12", 1, True), ("2-3", 2, False), ("3-", 1, False)])
def test_pages_that_are_not_there_are_told(lobby, ippeve, words, n_pages,
                                           told):
    job, _, pages = printed(lobby, ippeve, send(
        lobby, f"[attachments pages={words}]").job)
    assert len(pages) == n_pages
    assert ("the last is 3" in job["remarks"]) == told, job["remarks"]


def test_what_cannot_be_done_is_told(lobby, ippeve):
    job, _, _ = printed(lobby, ippeve, send(
        lobby, "duplex simplex tray=99 copies=no", "lobby+news").job)
    told = json.loads(lobby.cli("--json", "job", "show", job["id"]))["remarks"]
    assert len(told) == 4, told
    shown = lobby.cli("job", "show", job["id"]).splitlines()
    assert shown[shown.index("remarks") + 1:][:4] == told
    for word in ("both 'duplex' and 'simplex'", "tray-99", "'copies' cannot",
                 "'news' in the address"):
        assert any(word in sentence for sentence in told), (word, told)


def test_registration_is_the_default_and_the_mail_wins(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", copies=3,
                        sides="two-sided-short-edge", number_up=2)
    _, asked, pages = printed(platend, ippeve, send(platend, "Plan").job)
    assert asked["copies"] == "3" and len(pages) == 2
    assert asked["sides"] == "two-sided-short-edge"
    _, asked, pages = printed(platend, ippeve,
                              send(platend, "[1x simplex nup=1]").job)
    assert asked["copies"] in ("", "1") and asked["sides"] == "one-sided"
    assert len(pages) == 3


def test_an_address_with_a_plus_may_be_registered_as_it_is(lobby, ippeve):
    lobby.register("lobby", "lobby+2", copies=5)
    _, asked, _ = printed(lobby, ippeve, send(lobby, "Plan", "lobby+2").job)
    assert asked["copies"] == "5"
    assert not send(lobby, "Plan", "cellar+2").is_accepted


@pytest.mark.parametrize("subject,n_pages,told", [
    ("[p2-3]", 2, ""), ("[2up]", 2, ""), ("[2up, 2x]", 2, ""),
    ("[p2-]", 2, ""), ("all", 2, "[pages=3-]"), ("[1x]", 2, "[pages=3-]")])
def test_only_pages_that_were_asked_for_count(platend, ippeve, subject,
                                              n_pages, told):
    platend.add_printer("lobby", ippeve.uri, page_limit=2, over_limit="first")
    job, _, pages = printed(platend, ippeve, send(platend, subject).job)
    assert len(pages) == n_pages
    assert (told in job["remarks"]) if told else job["remarks"] == "", job


def test_what_may_be_printed_counts_pages_that_share_a_side(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, page_limit=1)
    job = platend.wait_job(send(platend, "[2up]").job)
    assert "2 may be printed: name some in the subject, as [pages=1-2]" \
        in job["reason"]


@pytest.mark.parametrize("over", ["refuse", "first", "ask"])
def test_a_job_over_its_page_limit(platend, ippeve, over):
    platend.add_printer("lobby", ippeve.uri, media="a4", page_limit=2,
                        over_limit=over)
    job_id = send(platend, "Plan").job
    if over == "ask":
        held = platend.wait_state(job_id, "HELD")
        assert "has 3 pages" in held["reason"] and ippeve.n_documents() == 0
        with pytest.raises(ProgramFailed, match="job release"):
            platend.cli("job", "retry", job_id)
        [row] = platend.rows("SELECT * FROM held_jobs")
        assert row["waits_for"] == "release"
        # others go on meanwhile
        assert printed(platend, ippeve, send(platend, "[p1-2]").job)
        platend.cli("job", "release", job_id)
        assert len(printed(platend, ippeve, job_id)[2]) == 3
        with pytest.raises(ProgramFailed, match="is over"):
            platend.cli("job", "release", job_id)
    elif over == "first":
        job, _, pages = printed(platend, ippeve, job_id)
        assert len(pages) == 2
        assert "only the first of 3 pages" in job["remarks"]
    else:
        job = platend.wait_job(job_id)
        assert job["state"] == "FAILED" and "2 may be" in job["reason"]
        assert ippeve.n_documents() == 0


def test_a_logo_is_learned_and_a_photo_is_not(lobby, ippeve):
    logo = (mails.picture("PNG", [CORNER]), "image/png", "logo.png")
    photo = (mails.picture("JPEG", [RED]), "image/jpeg", "photo.jpg")

    def fates(job_id):
        assert lobby.wait_job(job_id)["state"] == "PRINTED"
        return {row["name"]: (row["fate"], row["why"]) for row in lobby.rows(
            "SELECT * FROM part_ledger WHERE job = ?", job_id)}

    for n in range(3):
        job = send(lobby, "Letter of today", attachments=(logo,),
                   text=f"Letter {n}").job
        assert fates(job)["logo.png"][0] == "printed"
    last = fates(send(lobby, "Letter of today", attachments=(logo, photo),
                      text="The last letter").job)
    assert last["logo.png"][0] == "skipped" and "logo" in last["logo.png"][1]
    assert last["photo.jpg"][0] == "printed"
    [known] = [p for p in lobby.cli_json("picture", "list")["pictures"]
               if p["is_logo"]]
    lobby.cli("picture", "forget", known["hash"])
    again = fates(send(lobby, "Letter of today", attachments=(logo,),
                       text="One more").job)
    assert again["logo.png"][0] == "printed"


def test_a_logo_without_its_html_leaves_the_words(lobby, ippeve):
    """As phones forward Outlook's mails."""
    logo = (mails.picture("PNG", [CORNER]), "image/png", "image001.png")
    icon = (mails.picture("PNG", [CORNER], (32, 32)), "image/png",
            "image002.png")
    job, _, pages = printed(lobby, ippeve, send(
        lobby, "Minutes", attachments=(logo, icon)).job)
    fates = {row["name"]: row["fate"] for row in lobby.rows(
        "SELECT * FROM part_ledger WHERE job = ?", job["id"])}
    assert len(pages) == 2 and fates == {
        None: "printed", "image001.png": "printed", "image002.png": "skipped"}


def test_a_tracking_pixel_is_no_document(lobby, ippeve):
    pixel = (mails.picture("PNG", [], (1, 1)), "image/png", "open.png")
    job, _, pages = printed(lobby, ippeve, send(
        lobby, "News", attachments=(pixel,), text="The news.").job)
    assert len(pages) == 1 and pages[0].ink_box()[3] < .4
    [row] = lobby.rows("SELECT * FROM part_ledger WHERE name = 'open.png'")
    assert "too small" in row["why"]


@pytest.mark.parametrize("form,pages_stored", [("mail", False),
                                               ("data", True)])
def test_a_held_job_waits_in_the_form_that_is_set(platend, sim, form,
                                                  pages_stored):
    platend.add_printer("lobby", sim.uri(), stored_form=form)
    sim.control(printer=0, state="media-empty")
    platend.cli("printer", "check", "lobby")
    platend.wait_state(send(platend, "Plan").job, "HELD")
    job_id = send(platend, "Plan").job
    platend.wait_state(job_id, "HELD")
    if pages_stored:
        until(lambda: platend.job(job_id)["print_file"], "pages made ahead")
    else:
        assert platend.job(job_id)["renders"] == 0
    sim.control(printer=0, state="normal")
    assert platend.wait_job(job_id)["state"] == "PRINTED"
    assert [job["pages"] for job in sim.printed()] == [3, 3]
