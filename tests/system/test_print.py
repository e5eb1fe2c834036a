# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail comes out as pages, and the pages show what the mail said."""
import smtplib

import pytest

import mails
import raster
from mails import Box
from programs import DOMAIN, SENDER

CORNER = Box(.15, .15, .35, .30)
FOOT = Box(.60, .70, .85, .80)
RED = (230, 20, 20)


@pytest.fixture
def lobby(platend, ippeve):
    """ippeveprinter as "lobby", on A4; the mail's head has tests of its own."""
    platend.add_printer("lobby", ippeve.uri, media="a4", head="no")
    return platend


def printed_pages(platend, ippeve, job_id, n_documents=1):
    job = platend.wait_job(job_id)
    assert job["state"] == "PRINTED", job
    documents = ippeve.documents()
    assert len(documents) == n_documents
    asked, data = documents[-1]
    pages = raster.read(data)
    assert job["print_format"] == "" and job["pages"] == len(pages)
    return asked, pages


def has_ink_in(page, box, share=.9):
    """The middle of the box, because paper and page differ by margins."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return page.ink(x - .05, y - .02, x + .05, y + .02) > share


def is_near(found, expected, within=.06):
    return all(abs(f - e) < within for f, e in zip(found, expected))


def test_text_mail_prints_at_the_top_of_one_page(lobby, ippeve):
    reply = mails.swaks(lobby.smtp, "--header", "Subject: [nohead]", "--body",
                        "The first line.\nThe second line.\n")
    asked, pages = printed_pages(lobby, ippeve, reply.job)
    assert asked["type"] in ("image/pwg-raster", "image/urf")
    assert len(pages) == 1
    left, top, right, bottom = pages[0].ink_box()
    assert left < .15 and top < .15 and right < .6 and bottom < .25
    assert 1e-4 < pages[0].ink() < .05
    assert abs(pages[0].height / pages[0].width - 297 / 210) < .01


def test_long_text_fills_pages_one_after_the_other(lobby, ippeve):
    text = "".join(f"This is line {n} of a long letter.\n" for n in range(200))
    reply = mails.send(lobby.smtp, mails.message(text=text))
    _, pages = printed_pages(lobby, ippeve, reply.job)
    assert 3 <= len(pages) <= 6
    for page in pages[:-1]:
        assert page.ink_box()[3] > .85


def test_pdf_keeps_its_boxes_where_they_were(lobby, ippeve, tmp_path):
    path = tmp_path / "boxes.pdf"
    path.write_bytes(mails.pdf([[CORNER], [FOOT]]))
    reply = mails.swaks(lobby.smtp, "--header", "Subject: A plan",
                        "--body", "See the file.",
                        "--attach-type", "application/pdf", "--attach",
                        f"@{path}")
    _, pages = printed_pages(lobby, ippeve, reply.job)
    boxes = [page for page in pages if page.ink_box()]
    assert is_near(boxes[-2].ink_box(), (.15, .15, .35, .30))
    assert is_near(boxes[-1].ink_box(), (.60, .70, .85, .80))
    assert has_ink_in(boxes[-2], CORNER) and has_ink_in(boxes[-1], FOOT)


@pytest.mark.parametrize("kind,suffix", [("PNG", "png"), ("JPEG", "jpg")])
def test_picture_fills_the_printable_area(lobby, ippeve, tmp_path, kind,
                                          suffix):
    path = tmp_path / f"picture.{suffix}"
    frame = Box(0, 0, 1, 1, (90, 90, 90))
    path.write_bytes(mails.picture(kind, [frame, Box(.4, .4, .6, .6, RED)]))
    reply = mails.swaks(lobby.smtp, "--header", "Subject: A picture",
                        "--body", "See the file.", "--attach-type",
                        f"image/{kind.lower()}", "--attach", f"@{path}")
    _, pages = printed_pages(lobby, ippeve, reply.job)
    page = pages[-1]
    left, top, right, bottom = page.ink_box()
    assert left < .1 and right > .9 and top < .1 and bottom > .9
    red, green, blue = page.mean(.46, .46, .54, .54)
    assert red > 180 and green < 80 and blue < 80


def test_every_part_of_a_mail_is_printed_and_told(lobby, ippeve):
    mail = mails.message("Three things", "See below.", attachments=[
        (mails.pdf([[CORNER], [FOOT]]), "application/pdf", "plan.pdf"),
        (mails.picture("PNG", [Box(0, 0, 1, 1)]), "image/png", "black.png"),
        (b"\x7fELF\2\1\1" + bytes(50), "application/octet-stream", "a.out")])
    reply = mails.send(lobby.smtp, mail)
    _, pages = printed_pages(lobby, ippeve, reply.job)
    # By default the attachments, or the body where there are none, may come
    # alone: the ledger says which, and the pages must agree with it.
    ledger = lobby.rows("SELECT * FROM part_ledger WHERE job = ?", reply.job)
    fate = {row["name"]: row["fate"] for row in ledger if row["name"]}
    assert fate["plan.pdf"] == fate["black.png"] == "printed"
    assert fate["a.out"] == "skipped"
    body = [r for r in ledger if r["type"] == "text/plain"]
    n_body = sum(row["fate"] == "printed" for row in body)
    assert len(pages) == 3 + n_body
    for row in ledger:
        assert row["why"] or row["fate"] == "printed", row


def test_all_parts_are_printed_when_registered_so(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", what="all")
    mail = mails.message("Two things", "See below.", attachments=[
        (mails.pdf([[CORNER]]), "application/pdf", "plan.pdf")])
    reply = mails.send(platend.smtp, mail)
    _, pages = printed_pages(platend, ippeve, reply.job)
    assert len(pages) == 2
    assert pages[0].ink_box()[3] < .3
    assert is_near(pages[1].ink_box(), (.15, .15, .35, .30))


def test_html_only_mail_prints_its_words(lobby, ippeve):
    html = ("<html><head><style>p{color:red}</style><script>alert(1)</script>"
            "</head><body>" + "<p>A line of the letter.</p>" * 30 +
            "</body></html>")
    reply = mails.send(lobby.smtp, mails.message("Newsletter", html=html))
    _, pages = printed_pages(lobby, ippeve, reply.job)
    assert pages[0].ink_box()[3] > .3
    assert pages[0].ink() > .005


def test_latin_chinese_arabic_and_emoji_leave_ink(lobby, ippeve):
    for n, text in enumerate(("Größe", "你好，打印机", "مرحبا بالطابعة",
                              "🖨️🎉", "שלום"), 1):
        reply = mails.send(lobby.smtp, mails.message("Words", text + "\n"))
        _, pages = printed_pages(lobby, ippeve, reply.job, n)
        assert len(pages) == 1 and pages[0].ink() > 1e-4, text


@pytest.mark.parametrize("kind,dpi", [
    ("image/pwg-raster", 300), ("image/pwg-raster", 600), ("image/urf", 600)])
@pytest.mark.parametrize("colour", ["colour", "grey"])
def test_formats_resolutions_and_colours(platend, make_ippeve, kind, dpi,
                                         colour):
    ippeve = make_ippeve(formats=kind)
    platend.add_printer("lobby", ippeve.uri, media="a4", dpi=dpi,
                        colour=colour, what="attachments")
    mail = mails.message("Boxes", "", attachments=[(
        mails.pdf([[CORNER, Box(.60, .70, .85, .80, RED)]]),
        "application/pdf", "boxes.pdf")])
    asked, pages = printed_pages(platend, ippeve, mails.send(
        platend.smtp, mail).job)
    page = pages[-1]
    assert asked["type"] == kind
    assert page.dpi == dpi
    assert abs(page.width - 210 / 25.4 * dpi) <= 2
    assert page.colour == ("srgb" if colour == "colour" else "sgray")
    assert page.has_colour() == (colour == "colour")
    assert has_ink_in(page, CORNER) and has_ink_in(page, FOOT, .6)
    black = page.mean(.20, .20, .30, .25)
    assert max(black) < 30


@pytest.mark.parametrize("kind", ["image/pwg-raster", "image/urf"])
def test_back_sides_are_turned_as_the_printer_wants_them(platend, make_ippeve,
                                                         kind):
    ippeve = make_ippeve(formats=kind)  # says: rotated
    platend.add_printer("lobby", ippeve.uri, media="a4",
                        sides="two-sided-long-edge", what="attachments")
    mail = mails.message("Both sides", "", attachments=[(
        mails.pdf([[CORNER], [CORNER], [CORNER]]), "application/pdf", "a.pdf")])
    asked, pages = printed_pages(platend, ippeve,
                                 mails.send(platend.smtp, mail).job)
    assert asked["sides"] == "two-sided-long-edge"
    assert all(page.duplex and not page.tumble for page in pages)
    assert is_near(pages[0].ink_box(), (.15, .15, .35, .30))
    assert is_near(pages[1].ink_box(), (.65, .70, .85, .85))
    assert is_near(pages[2].ink_box(), (.15, .15, .35, .30))


def test_history_counts_the_pages(platend, sim):
    platend.add_printer("lobby", sim.uri())
    reply = mails.send(platend.smtp, mails.message(
        "Four pages", "", attachments=[
            (mails.pdf([20] * 4), "application/pdf", "a.pdf")]))
    job = platend.wait_job(reply.job)
    assert job["state"] == "PRINTED" and job["confirmed"] == "completed"
    [at_printer] = sim.printed()
    assert at_printer["pages"] == job["pages"] == job["impressions"]
    [row] = platend.rows("SELECT * FROM history")
    assert row["outcome"] == "PRINTED" and row["pages"] == job["pages"]
    assert platend.rows("SELECT * FROM jobs") == []


def test_a_printer_with_print_job_only_prints(platend, make_sim):
    sim = make_sim(setting="create_job=0")
    platend.add_printer("lobby", sim.uri())
    reply = mails.send(platend.smtp, mails.message(text="One line.\n"))
    assert platend.wait_job(reply.job)["state"] == "PRINTED"
    assert len(sim.printed()) == 1


def test_one_mail_to_two_printers_is_two_jobs(platend, make_sim):
    sim = make_sim(2)
    platend.add_printer("lobby", sim.uri(0))
    platend.add_printer("office", sim.uri(1))
    reply = mails.send(platend.smtp, mails.message(text="To both.\n"),
                       to=("lobby", "office"))
    assert reply.is_accepted and len(reply.jobs) == 2
    for job_id in reply.jobs:
        assert platend.wait_job(job_id)["state"] == "PRINTED"
    assert sorted(job["printer"] for job in sim.printed()) == [0, 1]


def test_lmtp_answers_for_each_recipient(make_platend, sim, tmp_path):
    platend = make_platend(smtp={"lmtp_listen": f"unix:{tmp_path}/lmtp"})
    platend.add_printer("lobby", sim.uri())
    platend.register("lobby", "desk")
    with smtplib.LMTP(f"{tmp_path}/lmtp", local_hostname="mta.example",
                      timeout=30) as client:
        client.ehlo()
        assert client.mail(SENDER)[0] == 250
        assert client.rcpt(f"lobby@{DOMAIN}")[0] == 250
        code, text = client.rcpt(f"cellar@{DOMAIN}")
        assert code == 550 and b"no printer" in text
        assert client.rcpt(f"desk@{DOMAIN}")[0] == 250
        answers = [client.data(mails.message(text="A line.\n").as_bytes()),
                   client.getreply()]
    jobs = [mails.Reply(code, text.decode()).job for code, text in answers]
    assert len(set(jobs)) == 2
    for job_id in jobs:
        assert platend.wait_job(job_id)["state"] == "PRINTED"
    assert len(sim.printed()) == 2


def test_same_mail_again_prints_once(platend, sim):
    platend.add_printer("lobby", sim.uri())
    mail = mails.message(text="Once.\n")
    first = mails.send(platend.smtp, mail)
    platend.wait_job(first.job)
    second = mails.send(platend.smtp, mail)
    assert second.job == first.job
    third = mails.send(platend.smtp, mails.message(text="Once.\n"))
    assert platend.wait_job(third.job)["state"] == "PRINTED"
    assert len(sim.jobs()) == 2


def test_mail_that_printed_nothing_may_come_again(make_platend, sim):
    platend = make_platend(limits={"pages": 1})
    platend.add_printer("lobby", sim.uri())
    mail = mails.message("Two pages", "", attachments=[(
        mails.pdf([1] * 2), "application/pdf", "a.pdf")])
    first = mails.send(platend.smtp, mail)
    assert platend.wait_job(first.job)["state"] == "FAILED"
    platend.sections["limits"] = {}
    platend.restart()
    second = mails.send(platend.smtp, mail)
    assert second.job != first.job
    assert platend.wait_job(second.job)["state"] == "PRINTED"
    # now it is on paper
    assert mails.send(platend.smtp, mail).job == second.job
    assert len(sim.jobs()) == 1


def test_mail_that_was_cancelled_in_time_may_come_again(platend, sim):
    platend.add_printer("lobby", sim.uri())
    sim.control(state="media-empty")
    mail = mails.message(text="Once.\n")
    first = mails.send(platend.smtp, mail)
    platend.wait_state(first.job, "HELD")
    assert mails.send(platend.smtp, mail).job == first.job
    platend.cli("job", "cancel", first.job)
    second = mails.send(platend.smtp, mail)
    assert second.job != first.job
    sim.control(state="normal")
    assert platend.wait_job(second.job)["state"] == "PRINTED"
    assert len(sim.jobs()) == 1


def test_first_page_leaves_before_the_last_is_made(platend, sim):
    platend.add_printer("lobby", sim.uri(), what="attachments")
    mail = mails.message("A book", "", attachments=[(
        mails.pdf([50] * 150), "application/pdf", "book.pdf")])
    reply = mails.send(platend.smtp, mail)
    assert sim.wait("first_byte")
    assert platend.job(reply.job)["pages"] < 150
    assert platend.wait_job(reply.job)["state"] == "PRINTED"
    [job] = sim.printed()
    assert job["pages"] == 150


def test_a_long_subject_is_cut_between_characters(platend, sim):
    """Two bytes each: the 255th is the first half of one."""
    platend.add_printer("lobby", sim.uri())
    subject = "\N{HEBREW LETTER ALEF}" * 200
    reply = mails.send(platend.smtp, mails.message(subject, "A line.\n"))
    job = platend.wait_job(reply.job)
    assert job["state"] == "PRINTED" and job["subject"] == subject[:127]
    assert subject[:127] in platend.cli("job", "show", reply.job)
