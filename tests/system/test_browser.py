# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real browser is replaced, killed and stopped: it costs a document a
retry at most, and the server nothing."""
import os
import pathlib
import signal

import pytest

import mails
import usage
from fixtures import check_programs
from waiting import until
from web import html

check_programs(["platen-box"], ["chromium-headless-shell"])
SMALL = "<h1>News</h1><p>Words."
LARGE = "<table>" + "<tr><td>a<td>b" * 3000 + "</table>"
TOO_LONG = "it takes too long to print"


@pytest.fixture
def lobby(make_platend, sim):
    def start(**limits):
        platend = make_platend(limits=limits, web={"allow": "127.0.0.1"},
                               server={"log_level": "debug"})
        platend.add_printer("lobby", sim.uri(), media="a4", head="no")
        return platend
    return start


def send(platend, document=SMALL):
    return mails.send(platend.smtp, mails.message("News", html=document)).job


def reason(platend, job_id):
    """Why it is not what was sent, "" where it is; it is printed."""
    job = platend.wait_job(job_id)
    [row] = platend.rows("SELECT * FROM part_ledger WHERE job = ?", job_id)
    assert (job["state"], row["fate"]) == ("PRINTED", "printed"), (job, row)
    return row["why"]


def processes(platend):
    """Pid of each process of its browser -> its words."""
    found = {}
    for pid in usage.family(platend.pid):
        if usage.name_of(pid).startswith("chromium"):
            path = pathlib.Path(f"/proc/{pid}/cmdline")
            found[pid] = path.read_text().replace("\0", " ")
    return found


def browser(platend):
    """The pid of the one process that has started the others; None."""
    return next((pid for pid, words in processes(platend).items()
                 if "--type=" not in words), None)


def pages(platend):
    """Those that draw documents."""
    return [pid for pid, words in processes(platend).items()
            if "--type=renderer" in words]


def wait_for_page_ahead(platend, number):
    until(lambda: platend.log_text().count("a page is ready") >= number,
          "a page for the next document")


def test_a_browser_that_grew_is_replaced(lobby):
    """A fresh one has about 80 MB; looked at after its first document."""
    platend = lobby(browser_memory="120M")
    assert reason(platend, send(platend)) == ""
    first = browser(platend)
    for _ in range(7):
        assert reason(platend, send(platend)) == ""
    assert browser(platend) == first
    assert reason(platend, send(platend, LARGE)) == ""
    until(lambda: browser(platend) not in (None, first), "a fresh browser")
    second = browser(platend)
    assert reason(platend, send(platend)) == ""
    assert reason(platend, send(platend)) == ""
    assert browser(platend) == second


def test_a_browser_that_printed_enough_is_replaced(lobby):
    platend = lobby(browser_documents=3)
    seen = []
    for _ in range(7):
        assert reason(platend, send(platend)) == ""
        until(lambda: browser(platend), "a browser")
        seen.append(browser(platend))
    assert len(set(seen)) == 3, seen


def is_whole(pid):
    return os.path.exists(f"/proc/{pid}")


@pytest.mark.parametrize("victims", [lambda p: [browser(p)], pages],
                         ids=["browser", "page"])
def test_a_stopped_process_costs_a_retry_in_a_fresh_browser(lobby, victims):
    platend = lobby(render_time="2s")
    assert reason(platend, send(platend)) == ""
    wait_for_page_ahead(platend, 2)
    first = browser(platend)
    for pid in victims(platend):
        os.kill(pid, signal.SIGSTOP)
    jobs = [send(platend) for _ in range(3)]
    assert [reason(platend, job) for job in jobs] == [""] * 3
    assert browser(platend) != first and not is_whole(first)
    assert platend.log_text().count("a page takes too long") >= 1


@pytest.mark.parametrize("step", range(4))
def test_a_kill_at_any_time_costs_a_retry(lobby, step):
    """Between whatever two commands: some later each time."""
    platend = lobby()
    assert reason(platend, send(platend)) == ""
    for victims in (lambda: [browser(platend)], lambda: pages(platend)):
        until(lambda: pages(platend), "a page for the next document")
        job_id = send(platend, "<p>Words." * 3000)
        for _ in range(step * 5):
            platend.job(job_id)  # a millisecond or so
        for pid in victims():
            if pid:
                os.kill(pid, signal.SIGKILL)
        assert reason(platend, job_id) == ""


def test_what_always_breaks_it_is_printed_as_text_and_told(lobby, sim):
    platend = lobby(render_time="2s")
    drawing = "".join(f"<g id=a{n}>" + f"<use href='#a{n - 1}'/>" * 10 + "</g>"
                      for n in range(1, 9))
    bomb = send(platend, f"<p>Words<svg><defs><g id=a0><rect width=1 height=1 />"
                         f"</g>{drawing}</defs><use href='#a8'/></svg>")
    good = [send(platend) for _ in range(2)]
    assert reason(platend, bomb).startswith(
        f"printed as text: {TOO_LONG}: more than 2 s; send less")
    assert [reason(platend, job) for job in good] == ["", ""]
    assert platend.log_text().count("a page takes too long") == 2


@pytest.mark.parametrize("page", [
    b"<p>x<script>for (;;) {}</script>",
    b"<p>x<script>const a = []; for (;;) a.push(new Array(1e6).fill(1))"
    b"</script>"], ids=["endless", "greedy"])
def test_a_script_that_never_ends_is_told(lobby, web, page):
    platend = lobby(render_time="2s")
    web.routes["/"] = html(page)
    reply = mails.send(platend.smtp, mails.message("", f"{web.url}/\n"))
    job = platend.wait_job(reply.job)
    assert job["state"] == "FAILED" and len(job["reason"].split()) > 3, job
    assert reason(platend, send(platend)) == ""
