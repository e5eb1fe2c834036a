# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each row of [limits], lowered and hit: whoever mails is told which one it
was, and the next mail prints."""
import contextlib
import io
import os
import re
import socket
import subprocess

import pytest
from PIL import Image

import mails
import pdfs
from programs import BIN, DOMAIN, REPO, SENDER
from waiting import until

MAIL = f"MAIL FROM:<{SENDER}>"
RCPT = f"RCPT TO:<lobby@{DOMAIN}>"


@pytest.fixture
def limited(make_platend, sim):
    def start(**limits):
        platend = make_platend(limits=limits)
        platend.add_printer("lobby", sim.uri())
        return platend
    return start


def next_one_prints(platend):
    job = platend.wait_job(mails.send(
        platend.smtp, mails.message("Next", "A line.\n")).job)
    assert job["state"] == "PRINTED", job


# --- documents ---------------------------------------------------------------

def attached(data, kind, name):
    return mails.message("Large", "", attachments=[(data, kind, name)])


def pdf(data):
    return attached(data, "application/pdf", "a.pdf")


def picture(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return attached(out.getvalue(), "image/png", "a.png")


def multipart(n):
    """So many parts side by side, in one that holds them."""
    return mails.message("Many", "The first.\n", attachments=[
        (b"A line.\n", "text/plain", f"{i}.txt") for i in range(n - 1)])


def forwarded(times):
    """A letter in a mail in a mail ..."""
    mail = mails.message("Inside", "A line.\n")
    for _ in range(times):
        outer = mails.message("Outside", "See inside.\n")
        outer.add_attachment(mail)
        mail = outer
    return mail


def forms_in_forms():
    """Ten to the twelfth small boxes."""
    words = "/Type /XObject /Subtype /Form /BBox [0 0 200 300]"
    forms = [pdfs.stream("/F Do " * 10, f"{words} /Resources << /XObject << /F "
                         f"{6 + i} 0 R >> >>") for i in range(12)]
    return pdfs.page("/F Do", *forms, pdfs.stream("0 0 1 1 re f", words),
                     words="/Resources << /XObject << /F 5 0 R >> >>")


def noise(width, height):
    """Nothing packs it."""
    return Image.frombytes("RGB", (width, height),
                           os.urandom(width * height * 3))


# name: (lowered to, what is over it, the sentence, what is just below it)
DOCUMENTS = {
    "pages": (2, lambda: pdf(mails.pdf([1] * 3)),
              "the PDF has 3 pages; 2 may be printed",
              lambda: pdf(mails.pdf([1] * 2))),
    "render_time": ("3s", lambda: pdf(forms_in_forms()),
                    "(it needs too much computing time|"
                    "it takes too long to print): more than 3 s; send less of "
                    "it at a time", None),
    "render_memory": ("512M", lambda: pdf(pdfs.page("q " * 3_000_000)),
                      "the PDF needs too much memory: more than 384 MB; send "
                      "less of it at a time", None),
    "print_bytes": ("1M", lambda: picture(noise(900, 900)),
                    "the printed pages need more than 1048576 bytes",
                    lambda: picture(Image.new("RGB", (900, 900)))),
    "parts": (4, lambda: multipart(4), "it has more than 4 parts",
              lambda: multipart(3)),
    "nesting": (4, lambda: forwarded(3),
                "its parts are nested more than 4 deep",
                lambda: forwarded(1)),
    "picture_pixels": (10000, lambda: picture(Image.new("RGB", (101, 100))),
                       "a picture of 101 x 100 pixels is too large",
                       lambda: picture(Image.new("RGB", (100, 100)))),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_over_its_limit_is_told_so(limited, sim, name):
    lowered, over, sentence, below = DOCUMENTS[name]
    platend = limited(**{name: lowered})
    job = platend.wait_job(mails.send(platend.smtp, over()).job)
    shown = platend.cli("job", "show", job["id"])
    assert job["state"] == "FAILED" and re.search(sentence, shown), shown
    assert sim.printed() == []
    if below:
        job = platend.wait_job(mails.send(platend.smtp, below()).job)
        assert job["state"] == "PRINTED", platend.cli("job", "show", job["id"])
    next_one_prints(platend)


def test_what_a_limit_refuses_can_be_named_page_by_page(limited, sim):
    """The sentence says how, and it is true."""
    platend = limited(pages=2)
    three = mails.pdf([1] * 3)
    job = platend.wait_job(mails.send(platend.smtp, pdf(three)).job)
    assert job["reason"] == ("the PDF has 3 pages; 2 may be printed: name some "
                             "in the subject, as [pages=1-2]")
    (part,) = platend.rows("SELECT * FROM part_ledger WHERE job = ? AND "
                           "type = 'application/pdf'", job["id"])
    assert (part["fate"], part["why"]) == ("failed", job["reason"])
    job = platend.wait_job(mails.send(platend.smtp, mails.message(
        "Large [pages=1-2]", "",
        attachments=[(three, "application/pdf", "a.pdf")])).job)
    assert job["state"] == "PRINTED" and job["pages"] == 2, job


def test_a_worker_whose_memory_ends_in_a_library_says_so():
    """GLib, without a thread, traps."""
    letter = mails.message("A letter", "A line.\n").as_bytes()
    done = subprocess.run(["/bin/sh", "-c", 'exec "$0" "$@" 3>&1 >/dev/null',
                           BIN / "platen-render", f"memory={128 << 20}"],
                          input=letter, stdout=subprocess.PIPE, timeout=30)
    assert (b"failed=it%20needs%20too%20much%20memory,%20more%20than%20128%20MB"
            in done.stdout)


# --- the dialogue ------------------------------------------------------------

class Client:
    """Commands and answers, one by one."""

    def __init__(self, platend):
        self.socket = socket.create_connection(("127.0.0.1", platend.smtp), 10)
        self.socket.settimeout(20)
        self.lines = self.socket.makefile("rb")
        self.greeting = self.answer()

    def answer(self):
        """The last line of one answer; "" when the server hung up."""
        while True:
            line = self.lines.readline().decode()
            if line[3:4] != "-":
                return line.strip()

    def say(self, *commands):
        """The answer to the last one."""
        for command in commands:
            self.socket.sendall(command.encode() + b"\r\n")
            answer = self.answer()
        return answer

    def close(self):
        self.lines.close()
        self.socket.close()


@pytest.fixture
def connect():
    with contextlib.ExitStack() as stack:
        def make(platend):
            client = Client(platend)
            stack.callback(client.close)
            return client
        yield make


def over_connections(platend, connect):
    first = [connect(platend) for _ in range(2)]
    answer = connect(platend).greeting
    for client in first:
        client.say("QUIT")
    until(lambda: connect(platend).greeting.startswith("220"),
          "a place for the next one")
    return answer


def over_recipients(platend, connect):
    for to in ("lobby", "office"):
        platend.register("lobby", to + "2")
    return connect(platend).say("HELO me.example", MAIL, RCPT,
                                RCPT.replace("lobby", "lobby2"),
                                RCPT.replace("lobby", "office2"))


def over_errors(platend, connect):
    client = connect(platend)
    answer = client.say("HELO me.example", "PRINT", "PRINT", "PRINT")
    assert client.answer() == ""
    return answer


def over_hops(platend, connect):
    trace = b"".join(b"Received: from a by b; %d\r\n" % n for n in range(3))
    data = trace + mails.message("Around", "A line.\n").as_bytes()
    reply = mails.send(platend.smtp, data)
    return f"{reply.code} {reply.text}"


def over_command_timeout(platend, connect):
    return connect(platend).answer()


def over_data_timeout(platend, connect):
    return connect(platend).say("HELO me.example", MAIL, RCPT, "DATA",
                                "Subject: And")


def over_session_timeout(platend, connect):
    client = connect(platend)

    def refusal():
        answer = client.say("NOOP")
        return None if answer.startswith("250") else answer

    return until(refusal, "the end of the session")


def over_disk_reserve(platend, connect):
    reply = mails.send(platend.smtp, mails.message("Full", "A line.\n"))
    platend.sections["limits"] = {}
    platend.restart()
    return f"{reply.code} {reply.text}"


# name: (lowered to, what goes over it, the answer)
DIALOGUE = {
    "connections": (2, over_connections, "421 4.3.2 too many connections"),
    "connections_per_address": (2, over_connections,
                                "421 4.7.0 too many connections from your"),
    "recipients": (2, over_recipients, "452 4.5.3 too many recipients: at "
                   "most 2 a message, send the others another"),
    "errors": (2, over_errors, "421 4.7.0 too many errors"),
    "hops": (2, over_hops, "554 5.4.6 too many hops: mail loop, over more than "
             "2 servers"),
    "command_timeout": ("1s", over_command_timeout, "421 4.4.2 timeout"),
    "data_timeout": ("1s", over_data_timeout, "421 4.4.2 timeout"),
    "session_timeout": ("1s", over_session_timeout,
                        "421 4.4.2 session lasts too long"),
    "disk_reserve": ("1024G", over_disk_reserve, "452 4.3.1"),
}


@pytest.mark.parametrize("name", DIALOGUE)
def test_a_client_over_its_limit_is_told_so(limited, connect, name):
    lowered, go_over, answer = DIALOGUE[name]
    platend = limited(**{name: lowered})
    assert go_over(platend, connect).startswith(answer)
    assert platend.rows("SELECT id FROM job") == []
    next_one_prints(platend)


# --- the table ---------------------------------------------------------------

def test_every_limit_is_tested():
    example = (REPO / "packaging/platend.conf").read_text()
    section = example.partition("[limits]")[2].partition("\n[")[0]
    names = set(re.findall(r"^#(\w+) =", section, re.M))
    # these refuse nothing: test_stored.py, test_browser.py
    others = {"held_print_bytes", "held_pages_bytes", "browser_documents",
              "browser_memory"}
    assert names - others == {*DOCUMENTS, *DIALOGUE}
