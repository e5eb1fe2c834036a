# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which part of a mail is the one that somebody wants on paper."""
import base64

import pytest

import mails
import raster
from mails import Box

ORIGINAL = """From: Jane <jane@example.com>
Subject: The original

What did not arrive.
"""


def of(kind, *parts, head=""):
    """A multipart, each part with its head."""
    body = "".join(f"--edge\n{part}\n" for part in parts)
    return (f"From: user@example.org\nSubject: A mail\nMIME-Version: 1.0\n"
            f"{head}Content-Type: multipart/{kind}; boundary=edge\n\n"
            f"{body}--edge--\n").replace("\n", "\r\n").encode()


def part(kind, body):
    return f"Content-Type: {kind}\n\n{body}"


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return platend


def fates(platend, mail):
    """The job, and of each part its fate and why."""
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    return job, [(row["fate"], row["why"]) for row in platend.rows(
        "SELECT fate, why FROM part_ledger WHERE job = ?", job["id"])]


NOTICE = "the notice is printed that tells of it"


@pytest.mark.parametrize("mail", [
    of("report", part("text/plain", "It could not be delivered."),
       part("message/delivery-status", "Reporting-MTA: dns; mx.example\n\n"
            "Final-Recipient: rfc822; a@example.com\nAction: failed\n"),
       part("message/rfc822", ORIGINAL)),
    of("report", part("text/plain", "It was displayed."),
       part("message/disposition-notification",
            "Final-Recipient: rfc822; a@example.com\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\n"),
       part("text/rfc822-headers", "Subject: The original\n")),
    of("mixed", part("text/plain", "I am on holiday."),
       part("message/rfc822", ORIGINAL),
       head="Auto-Submitted: auto-replied\n"),
], ids=["bounce", "receipt", "holiday"])
def test_a_machine_s_notice_is_printed_not_what_it_is_about(lobby, ippeve,
                                                            mail):
    job, [notice, *rest] = fates(lobby, mail)
    assert job["state"] == "PRINTED", job
    assert notice == ("printed", "")
    assert set(rest) == {("skipped", NOTICE)}
    assert len(raster.read(ippeve.documents()[0][1])) == 1


def test_a_mail_of_a_subject_alone_is_a_note(lobby, ippeve):
    lobby.register("lobby", "plain", head="no")
    job, ledger = fates(lobby, mails.message("Call Bob", "\n"))
    assert job["state"] == "PRINTED" and ledger == [("printed", "")]
    [page] = raster.read(ippeve.documents()[0][1])
    assert page.ink(.1, .05, .9, .3) > .001
    reply = mails.send(lobby.smtp, mails.message("Call Bob", "\n"), to="plain")
    job = lobby.wait_job(reply.job)
    assert job["state"] == "FAILED"
    assert "a subject alone" in job["reason"]


def coded(kind, data, *head):
    lines = "".join(f"{line}\n" for line in head)
    return (f"Content-Type: {kind}\n{lines}Content-Transfer-Encoding: base64"
            f"\n\n{base64.encodebytes(data).decode()}")


def square(colour):
    return mails.picture("PNG", [Box(0, 0, 1, 1, colour)], (20, 20))


RED, BLUE, GREEN = (200, 30, 30), (30, 60, 200), (20, 150, 40)
HERE = "Content-Location: http://www.example.com/"


PAGE = [  # as Chromium saves one: a picture, a style with another, a frame
    f"Content-Type: text/html\n{HERE}\n\n"
    "<link rel=stylesheet href='cid:css-1@mhtml.blink'><body>"
    "<img src='http://www.example.com/red.png' width=600 height=150>"
    "<div class=box></div><iframe src='cid:frame-2@mhtml.blink' width=600"
    " height=200 frameborder=0></iframe>",
    "Content-Type: text/css\nContent-Location: cid:css-1@mhtml.blink\n\n"
    ".box { height: 150px; background: url(http://www.example.com/b.png);"
    " print-color-adjust: exact }",
    coded("image/png", square(RED), HERE + "red.png"),
    coded("image/png", square(BLUE), HERE + "b.png"),
    "Content-Type: text/html\nContent-ID: <frame-2@mhtml.blink>\n"
    f"{HERE}frame\n\n<body style='background: rgb{GREEN};"
    " print-color-adjust: exact'>In the frame",
]


def colours_down(page):
    found = [page.mean(.2, n / 50, .4, (n + 1) / 50) for n in range(50)]
    return [colour for colour in (RED, BLUE, GREEN)
            if any(all(abs(m - c) < 30 for m, c in zip(mean, colour))
                   for mean in found)]


def test_a_mail_shows_pictures_by_their_address(lobby, ippeve):
    job, ledger = fates(lobby, of("related", *PAGE[:4]))
    assert [fate for fate, _ in ledger] == ["printed"] + ["skipped"] * 3
    [page] = raster.read(ippeve.documents()[0][1])
    assert colours_down(page) == [RED, BLUE]


def test_a_saved_web_page_prints_as_the_page_it_is(lobby, ippeve):
    page = of("related", *PAGE, head="Snapshot-Content-Location: "
              "http://www.example.com/\n")
    mail = mails.message("A page", "See this.", attachments=[
        (page, "application/x-mimearchive", "page.mhtml")])
    job, ledger = fates(lobby, mail)
    assert job["state"] == "PRINTED", job
    assert [fate for fate, _ in ledger] == ["skipped"] * 2 + ["printed"] + \
        ["skipped"] * 4
    assert {why for _, why in ledger[3:]} == {"it belongs to the web page"}
    [page] = raster.read(ippeve.documents()[0][1])
    assert colours_down(page) == [RED, BLUE, GREEN]


FOOTER = part("text/plain", "_____________\nlist@example.org\n")


@pytest.mark.parametrize("letter", [
    part("text/plain", "A letter."), part("text/html", "<p>A letter.")],
    ids=["text", "html"])
def test_what_a_list_puts_below_a_letter_stands_below_it(lobby, ippeve,
                                                         letter):
    _, ledger = fates(lobby, of("mixed", letter, FOOTER))
    assert ledger == [("printed", "")] * 2
    assert len(raster.read(ippeve.documents()[0][1])) == 1
