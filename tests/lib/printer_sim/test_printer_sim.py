# SPDX-License-Identifier: AGPL-3.0-or-later
"""The simulator itself, with ipptool as an independent client."""
import http.client
import json
import os
import struct
import subprocess
import urllib.error
import urllib.request

import pytest

BIN = os.environ.get("PLATEN_BIN", "build/debug/bin")


class Sim:
    def __init__(self, *args):
        self.process = subprocess.Popen(
            [os.path.join(BIN, "printer_sim"), "--events", *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split("=")[1])

    def get(self, target):
        url = f"http://127.0.0.1:{self.port}{target}"
        return urllib.request.urlopen(url, timeout=10).read().decode()

    def jobs(self, printer=0):
        return json.loads(self.get(f"/ledger?printer={printer}"))["jobs"]

    def event(self, name):
        """Wait for an event of this name."""
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == name:
                return event
        raise AssertionError("the simulator ended")

    def uri(self, printer=0):
        return f"ipp://127.0.0.1:{self.port}/ipp/print/{printer}"

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


@pytest.fixture
def sim():
    sim = Sim("--printers", "10000")
    yield sim
    sim.close()


OPERATION = """
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR language attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR name requesting-user-name test
"""


def ipptool(tmp_path, sim, text, document=None, printer=0, timeout=10):
    test = tmp_path / "a.test"
    test.write_text(text.replace("@OPERATION", OPERATION))
    args = ["ipptool", "-tv", "-T", str(timeout)]
    if document is not None:
        (tmp_path / "doc").write_bytes(document)
        args += ["-f", str(tmp_path / "doc")]
    return subprocess.run(args + [sim.uri(printer), str(test)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=60)


PRINT = """{ NAME "Print-Job" OPERATION Print-Job @OPERATION
    ATTR name job-name "tag-1 \\"quoted\\""
    ATTR mimeMediaType document-format image/pwg-raster
    FILE $filename
    STATUS %s }"""
CREATE = """{ NAME "Create-Job" OPERATION Create-Job @OPERATION
    ATTR name job-name tag-2
    STATUS %s EXPECT job-id OF-TYPE integer }"""
SEND = """{ NAME "Send-Document" OPERATION Send-Document @OPERATION
    ATTR integer job-id 1
    ATTR mimeMediaType document-format image/urf
    ATTR boolean last-document true
    FILE $filename
    STATUS %s }"""
JOB = """{ NAME "Get-Job-Attributes" OPERATION Get-Job-Attributes @OPERATION
    ATTR integer job-id 1
    STATUS %s %s }"""
OK = "successful-ok"


def pwg(pages, width=16, height=40, colors=3):
    page = bytearray(1796)
    struct.pack_into(">II", page, 372, width, height)
    struct.pack_into(">III", page, 384, 8, 8 * colors, width * colors)
    literal = bytes([257 - 4]) + bytes(range(4 * colors))
    row = literal + bytes([width - 5]) + b"\xff" * colors
    # Half of the rows come as repeats, and the last ends early.
    lines = (b"\x00" + row) * 20 + bytes([18]) + row + b"\x00\x80"
    return b"RaS2" + (bytes(page) + lines) * pages


def urf(pages, width=10, height=5):
    page = struct.pack(">BBBBIIIIIII", 8, 0, 1, 4, 0, 0, width, height, 300,
                       0, 0)
    lines = b"\x04" + bytes([width - 1, 255])
    return b"UNIRAST\0" + struct.pack(">I", pages) + (page + lines) * pages


def test_attributes_are_valid_and_only_those_asked_for(tmp_path, sim):
    out = ipptool(tmp_path, sim, """{ NAME "all"
        OPERATION Get-Printer-Attributes @OPERATION STATUS successful-ok
        EXPECT printer-state WITH-VALUE 3
        EXPECT printer-name WITH-VALUE sim-9999
        EXPECT urf-supported OF-TYPE keyword
        EXPECT media-supported COUNT 2 }
        { NAME "one" OPERATION Get-Printer-Attributes @OPERATION
        ATTR keyword requested-attributes printer-state
        STATUS successful-ok EXPECT printer-state
        EXPECT !urf-supported }""", printer=9999)
    assert out.returncode == 0, out.stdout
    assert json.loads(sim.get("/counts"))["state_reads"] == 2


def test_print_job_counts_whole_pages(tmp_path, sim):
    data = pwg(3)
    out = ipptool(tmp_path, sim, PRINT % OK, data, printer=7)
    assert out.returncode == 0, out.stdout
    sim.event("ended")
    (job,) = sim.jobs(7)
    assert job["job_name"] == 'tag-1 "quoted"'
    assert (job["pages"], job["impressions"]) == (3, 3)
    assert (job["bytes"], job["data"]) == (len(data), "whole")
    assert job["state"] == "completed"
    assert 0 < job["created_ns"] <= job["first_byte_ns"] <= job["last_byte_ns"]
    assert not sim.jobs(0)


def test_a_page_without_its_last_row_is_not_counted(tmp_path, sim):
    ipptool(tmp_path, sim, PRINT % OK, pwg(2)[:-1])
    (job,) = sim.jobs()
    assert (job["pages"], job["pages_begun"]) == (1, 2)


def test_a_document_that_is_no_raster_has_no_pages(tmp_path, sim):
    ipptool(tmp_path, sim, PRINT % OK, b"%PDF-1.4 ...")
    assert sim.jobs()[0]["pages"] is None


def test_create_job_and_send_document_print_urf(tmp_path, sim):
    out = ipptool(tmp_path, sim, CREATE % OK + SEND % OK, urf(2))
    assert out.returncode == 0, out.stdout
    sim.event("ended")
    (job,) = sim.jobs()
    assert (job["pages"], job["format"]) == (2, "image/urf")


def test_a_second_document_is_refused_or_printed_too(tmp_path, sim):
    sim.get("/control?job_ms=600000")
    refused = "server-error-multiple-document-jobs-not-supported"
    two = CREATE % OK + SEND % OK
    out = ipptool(tmp_path, sim, two + SEND % refused, urf(1))
    assert out.returncode == 0, out.stdout
    sim.get("/control?printer=1&twice=1")
    out = ipptool(tmp_path, sim, two + SEND % OK, urf(1), printer=1)
    assert out.returncode == 0, out.stdout
    (job,) = sim.jobs(1)
    assert (job["documents"], job["pages"]) == (2, 2)


def test_an_open_job_waits_for_its_last_document(tmp_path, sim):
    first = (SEND % OK).replace("true", "false")
    last = (SEND % OK).replace("FILE $filename", "")
    waiting = JOB % (OK, "EXPECT job-state-reasons WITH-VALUE job-incoming")
    out = ipptool(tmp_path, sim, CREATE % OK + first + waiting + last, urf(1))
    assert out.returncode == 0, out.stdout
    assert sim.event("ended")["documents"] == 1


def test_media_empty_holds_the_job_until_there_is_paper(tmp_path, sim):
    sim.get("/control?printer=0&state=media-empty")
    stopped = JOB % (OK, "EXPECT job-state WITH-VALUE 6")
    out = ipptool(tmp_path, sim, PRINT % OK + stopped + """{ NAME "state"
        OPERATION Get-Printer-Attributes @OPERATION STATUS successful-ok
        EXPECT printer-state WITH-VALUE 5
        EXPECT printer-state-reasons WITH-VALUE media-empty-error }""", pwg(1))
    assert out.returncode == 0, out.stdout
    sim.get("/control?printer=0&state=normal")
    assert sim.event("ended")["state"] == "completed"


def test_busy_refuses_as_often_as_told(tmp_path, sim):
    sim.get("/control?busy=2")
    busy = PRINT % "server-error-busy"
    out = ipptool(tmp_path, sim, busy + busy + PRINT % OK, pwg(1))
    assert out.returncode == 0, out.stdout


def test_a_printer_that_does_not_accept_says_so(tmp_path, sim):
    sim.get("/control?state=not-accepting")
    text = PRINT % "server-error-not-accepting-jobs"
    assert ipptool(tmp_path, sim, text, pwg(1)).returncode == 0


def test_a_printer_without_create_job_has_print_job(tmp_path, sim):
    sim.get("/control?create_job=0")
    unknown = CREATE % "server-error-operation-not-supported"
    unknown = unknown.replace("EXPECT job-id OF-TYPE integer", "")
    out = ipptool(tmp_path, sim, unknown + PRINT % OK, pwg(1))
    assert out.returncode == 0, out.stdout


def test_cancel_and_get_jobs(tmp_path, sim):
    sim.get("/control?on_job=stuck")
    jobs = """{ NAME "Get-Jobs" OPERATION Get-Jobs @OPERATION
        ATTR keyword which-jobs %s STATUS successful-ok %s }"""
    cancel = """{ NAME "Cancel" OPERATION Cancel-Job @OPERATION
        ATTR integer job-id 1 STATUS %s }"""
    text = (PRINT % OK + jobs % ("not-completed", "EXPECT job-name COUNT 1") +
            cancel % OK + cancel % "client-error-not-possible" +
            jobs % ("not-completed", "EXPECT !job-name") +
            jobs % ("completed", "EXPECT job-state WITH-VALUE 7"))
    out = ipptool(tmp_path, sim, text, pwg(1))
    assert out.returncode == 0, out.stdout


def test_a_forgetful_printer_does_not_find_what_ended(tmp_path, sim):
    sim.get("/control?forget=1&on_job=aborted")
    assert ipptool(tmp_path, sim, PRINT % OK, pwg(1)).returncode == 0
    assert sim.event("ended")["state"] == "aborted"
    text = JOB % ("client-error-not-found", "")
    assert ipptool(tmp_path, sim, text).returncode == 0


def cut_upload(sim, data, length, printer=0):
    """A Print-Job by hand that ends inside its document."""
    def attr(tag, name, value):
        return (struct.pack(">BH", tag, len(name)) + name +
                struct.pack(">H", len(value)) + value)
    message = (struct.pack(">BBHI", 2, 0, 2, 1) + b"\x01" +
               attr(0x47, b"attributes-charset", b"utf-8") +
               attr(0x48, b"attributes-natural-language", b"en") +
               attr(0x42, b"job-name", b"cut") + b"\x03")
    client = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
    client.putrequest("POST", f"/ipp/print/{printer}")
    client.putheader("Content-Type", "application/ipp")
    client.putheader("Content-Length", str(len(message) + length))
    client.endheaders(message + data)
    client.close()


@pytest.mark.parametrize("fate", ["aborted", "completed", "canceled"])
def test_a_cut_document_ends_as_told(sim, fate):
    data = pwg(2)
    sim.get(f"/control?on_cut={fate}")
    cut_upload(sim, data[:-10], len(data))
    job = sim.event("ended")
    assert (job["data"], job["state"]) == ("cut", fate)
    assert (job["bytes"], job["pages"]) == (len(data) - 10, 1)


def test_it_hangs_up_at_a_document_byte_as_often_as_told(tmp_path, sim):
    sim.get("/control?die_at=1000&times=1")
    # libcups sends the whole job again by itself.
    assert ipptool(tmp_path, sim, PRINT % OK, pwg(4)).returncode == 0
    first, second = sim.jobs()
    assert (first["data"], first["bytes"]) == ("cut", 1000)
    assert (second["data"], second["pages"]) == ("whole", 4)


def test_it_takes_everything_and_vanishes(tmp_path, sim):
    sim.get("/control?answer=close&answer_to=document&times=1")
    out = ipptool(tmp_path, sim, CREATE % OK + SEND % OK, urf(1))
    assert "Create-Job" in out.stdout and out.returncode != 0
    assert sim.event("ended")["data"] == "whole"


@pytest.mark.parametrize("answer", ["garbage", "never"])
def test_it_answers_with_noise_or_not_at_all(tmp_path, sim, answer):
    sim.get(f"/control?answer={answer}&answer_to=job")
    text = JOB % ("client-error-not-found", "")
    out = ipptool(tmp_path, sim, text, timeout=1)
    assert out.returncode != 0
    sim.get("/control?reset=1")
    assert ipptool(tmp_path, sim, text).returncode == 0


@pytest.mark.parametrize("answer,least", [("huge", 67 << 20),
                                          ("endless", 100 << 20)])
def test_it_answers_more_than_anybody_wants(sim, answer, least):
    sim.get(f"/control?answer={answer}")
    client = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
    client.request("POST", "/ipp/print/0", struct.pack(">BBHI", 2, 0, 11, 9) +
                   b"\x01\x03", {"Content-Type": "application/ipp"})
    response = client.getresponse()
    head = response.read(9)
    assert head == b"\x01\x01\x00\x00\x00\x00\x00\x09\x04"
    seen = len(head)
    while seen < least:
        piece = response.read(1 << 20)
        if not piece:
            break
        seen += len(piece)
    client.close()
    assert seen >= least if answer == "endless" else seen > 64 << 20
    sim.get("/control?reset=1")


def test_a_slow_reader_takes_its_time(tmp_path, sim):
    # What comes in one piece with the header, 64 kB at most, is read at once.
    sim.get("/control?read_bps=200000")
    assert ipptool(tmp_path, sim, PRINT % OK, b"x" * 200000).returncode == 0
    job = sim.event("ended")
    assert job["last_byte_ns"] - job["first_byte_ns"] > 300_000_000


def test_chunked_documents_arrive_whole(tmp_path, sim):
    data = pwg(2) * 20
    test = tmp_path / "c.test"
    (tmp_path / "doc").write_bytes(data)
    test.write_text((PRINT % OK).replace("@OPERATION", OPERATION))
    for mode in ("-C", "-L"):
        subprocess.run(["ipptool", "-t", mode, "-f", str(tmp_path / "doc"),
                        sim.uri(), str(test)], check=True,
                       stdout=subprocess.DEVNULL)
    assert [job["bytes"] for job in sim.jobs()] == [len(data)] * 2


def test_unknown_words_are_refused_and_change_nothing(sim):
    for target in ("/control?state=on-fire", "/control?colour=red",
                   "/control?printer=10000&busy=1", "/nothing"):
        with pytest.raises(urllib.error.HTTPError):
            sim.get(target)


def test_no_http_is_hung_up_upon(sim):
    client = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
    client.connect()
    client.sock.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
    assert client.sock.recv(10) == b""
    client.close()
