# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad mails, bad documents, bad printers, bad clients: each ends with a
sentence, and what comes after it prints."""
import contextlib
import socket
import struct
import zlib

import pytest

import mails
from programs import DOMAIN, SENDER


@pytest.fixture
def lobby(make_platend, sim):
    platend = make_platend(limits={"render_time": "10s", "pages": "50"})
    platend.add_printer("lobby", sim.uri())
    return platend


def next_job_prints(platend):
    job = platend.wait_job(mails.send(
        platend.smtp, mails.message("Next", "A line.\n")).job)
    assert job["state"] == "PRINTED", job


def png(width, height, rows=b""):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0,
                                       0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def jpeg_cut():
    whole = mails.picture("JPEG", [mails.Box(0, 0, 1, 1, (9, 80, 70))])
    return whole[:40]


BROKEN = {
    "cut.pdf": (mails.pdf([30])[:90], "application/pdf"),
    "noise.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "application/pdf"),
    "no-pages.pdf": (mails.pdf([]), "application/pdf"),
    "too-many-pages.pdf": (mails.pdf([1] * 60), "application/pdf"),
    "bomb.png": (png(60000, 60000, bytes(1000)), "image/png"),
    "empty.png": (png(0, 0), "image/png"),
    "cut.png": (png(500, 500, bytes(100))[:60], "image/png"),
    "cut.jpg": (jpeg_cut(), "image/jpeg"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_document_fails_with_a_sentence(lobby, sim, name):
    data, kind = BROKEN[name]
    reply = mails.send(lobby.smtp, mails.message("Broken", "", attachments=[
        (data, kind, name)]))
    job = lobby.wait_job(reply.job)
    assert job["state"] == "FAILED", job
    assert len(job["reason"].split()) >= 3, job["reason"]
    assert sim.jobs() == []  # the printer has heard nothing of it
    next_job_prints(lobby)


def test_good_part_prints_beside_a_broken_one_and_both_are_told(lobby, sim):
    reply = mails.send(lobby.smtp, mails.message("Mixed", "", attachments=[
        (mails.pdf([20]), "application/pdf", "good.pdf"),
        (*BROKEN["noise.pdf"], "bad.pdf")]))
    lobby.wait_job(reply.job)
    fate = {row["name"]: row for row in lobby.rows(
        "SELECT * FROM part_ledger WHERE job = ?", reply.job)}
    assert fate["bad.pdf"]["fate"] == "failed" and fate["bad.pdf"]["why"]
    if lobby.job(reply.job)["state"] == "PRINTED":
        assert fate["good.pdf"]["fate"] == "printed"
    else:
        assert lobby.job(reply.job)["reason"]
    next_job_prints(lobby)


def nested(depth):
    opening = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"
        for n in range(depth))
    return (f"From: {SENDER}\r\nTo: lobby@{DOMAIN}\r\nSubject: Deep\r\n"
            f"Message-ID: <deep@example.org>\r\nMIME-Version: 1.0\r\n"
            f"{opening}\r\nbottom\r\n").encode()


MALFORMED = {
    "nothing at all": b"\r\n",
    "no headers": b"\r\njust words\r\n",
    "no body": b"Subject: x\r\n",
    "noise": bytes(b for b in range(1, 256) if b not in b"\r\n") * 3 + b"\r\n",
    "deep nesting": nested(5000),
    "many parts": (b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
                   b"boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 50000 +
                   b"--b--\r\n"),
    "many headers": b"X-A: b\r\n" * 60000 + b"\r\nwords\r\n",
    "nested groups": b"To: " + b"a:" * 30000 + b"\r\n\r\nwords\r\n",
    "no such charset": b"Content-Type: text/plain; charset=\"\xff\"\r\n\r\n"
                       b"words \xff\xfe\r\n",
    "bad base64": b"Content-Type: text/plain\r\n"
                  b"Content-Transfer-Encoding: base64\r\n\r\n!!!%%%===\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_mail_ends_and_the_next_one_prints(lobby, name):
    reply = mails.send(lobby.smtp, MALFORMED[name])
    if reply.is_accepted:
        job = lobby.wait_job(reply.job)
        assert job["state"] in ("PRINTED", "FAILED"), job
        assert job["state"] == "PRINTED" or job["reason"]
    else:
        assert reply.code // 100 == 5 and len(reply.text.split()) > 2, reply
    next_job_prints(lobby)


def test_bare_line_feeds_are_no_end_of_a_mail(lobby):
    for end in (b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r\n.\n"):
        with socket.create_connection(("127.0.0.1", lobby.smtp), 10) as s:
            s.settimeout(10)
            lines = s.makefile("rb")
            lines.readline()
            s.sendall(b"HELO client.example\r\n")
            lines.readline()
            s.sendall(f"MAIL FROM:<{SENDER}>\r\n".encode())
            lines.readline()
            s.sendall(f"RCPT TO:<lobby@{DOMAIN}>\r\n".encode())
            lines.readline()
            s.sendall(b"DATA\r\n")
            lines.readline()
            s.sendall(b"Subject: x\r\n\r\nwords" + end +
                      b"MAIL FROM:<evil@example.org>\r\n.\r\n")
            answer = lines.readline()
        assert answer.startswith(b"550"), (end, answer)
    assert lobby.rows("SELECT id FROM job") == []


def test_file_name_is_only_a_name(lobby):
    for name in ("../../../etc/passwd", "-rf", "a\x00b.pdf", "\u202efdp.exe",
                 "x" * 3000 + ".pdf", "$(reboot).pdf"):
        mail = mails.message("Names", "", attachments=[
            (mails.pdf([5]), "application/pdf", "PLACEHOLDER")])
        data = mail.as_bytes().replace(b'"PLACEHOLDER"', b'"' + name.encode(
            "utf-8").replace(b"\0", b"%00") + b'"')
        job = lobby.wait_job(mails.send(lobby.smtp, data).job)
        assert job["state"] == "PRINTED", (name, job)
    assert lobby.run_cli("job", "show", job["id"]).returncode == 0


def test_control_characters_in_a_subject_stay_in_the_spool(lobby):
    mail = mails.message("PLACEHOLDER", "words\n")
    data = mail.as_bytes().replace(
        b"PLACEHOLDER",
        b"=?utf-8?b?" + __import__("base64").b64encode(
            "a\x1b]0;evil\x07\r\ninfo job=7 PRINTED \u202e".encode()) + b"?=")
    job = lobby.wait_job(mails.send(lobby.smtp, data).job)
    assert job["state"] == "PRINTED"
    for text in (lobby.cli("job", "show", job["id"]), lobby.cli("job", "list"),
                 lobby.log_text()):
        assert "\x1b" not in text and "\x07" not in text
        assert "\u202e" not in text
        assert "\ninfo job=7" not in text


@pytest.mark.parametrize("answer", ["garbage", "huge", "endless", "close"])
@pytest.mark.parametrize("to", ["state", "create", "document", "job"])
def test_bad_answers_of_a_printer_do_no_harm(platend, make_sim, answer, to):
    sim = make_sim(2)
    platend.add_printer("lobby", sim.uri(0))
    platend.add_printer("office", sim.uri(1))
    sim.control(printer=0, answer=answer, answer_to=to, times=2)
    job_id = mails.send(platend.smtp, mails.message(text="A line.\n")).job
    other = mails.send(platend.smtp, mails.message(text="A line.\n",
                                                   to="office"), to="office")
    assert platend.wait_job(other.job)["state"] == "PRINTED"
    job = platend.wait_state(job_id, "PRINTED", "UNKNOWN", timeout=60)
    copies = len(sim.printed(0))
    assert copies == 1 or (job["state"] == "UNKNOWN" and copies == 0), job
    assert job["state"] == "PRINTED" or job["reason"]


def test_printer_that_answers_nonsense_is_not_added(platend, sim):
    for answer in ("garbage", "endless", "never", "close"):
        sim.control(answer=answer)
        done = platend.run_cli("printer", "add", "lobby", "--uri", sim.uri())
        assert done.returncode == 1 and done.stderr.strip(), done
    sim.control(reset="1")
    assert platend.add_printer("lobby", sim.uri())


def test_slow_clients_do_not_keep_others_from_mailing(lobby):
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(
            ("127.0.0.1", lobby.smtp), 10)) for _ in range(15)]
        for client in slow:
            client.sendall(b"EHLO slow.exa")
        http = [stack.enter_context(socket.create_connection(
            ("127.0.0.1", lobby.http), 10)) for _ in range(15)]
        for client in http:
            client.sendall(b"POST /printers/lobby/announce HTTP/1.1\r\nHo")
        next_job_prints(lobby)
        assert lobby.announce("lobby", lobby.token("lobby"))[0] == 202
