# SPDX-License-Identifier: AGPL-3.0-or-later
"""Large programs that are not there, or that do not work: the sender is told,
and whatever needs none of them is printed."""
import pathlib
import shutil
import tempfile

import pytest

import mails
import office_files
from programs import BIN
from waiting import until

LETTER = ("<h1>News</h1><p>Words.", "text/html", "file.html")
REPORT = (office_files.docx(1), office_files.TYPES["docx"], "file.docx")
DRAWING = (b"%!PS\n72 72 99 99 rectfill showpage\n", "application/postscript",
           "file.ps")


def instead_of_gs(program):
    """Words that show platend another program where Ghostscript is."""
    return ("unshare", "--mount", "--propagation", "private", "sh", "-ec",
            f'mount --bind {program} /usr/bin/gs; exec "$@"', "sh")


def send(platend, document):
    data, kind, name = document
    if kind == "text/html":
        return mails.send(platend.smtp, mails.message("A", html=data)).job
    return mails.send(platend.smtp, mails.message("A", attachments=[
        document])).job


def why(platend, job_id, kind):
    [row] = [row for row in platend.rows(
        "SELECT * FROM part_ledger WHERE job = ?", job_id)
        if row["type"] == kind]
    return row


@pytest.mark.parametrize("document,state,sentence,printing,prefix", [
    (LETTER, "PRINTED", "printed as text: no browser is installed",
     {"browser": "/nonexistent/browser"}, ()),
    (LETTER, "PRINTED", "printed as text: the browser does not start",
     {"browser": "/bin/false"}, ()),
    (REPORT, "FAILED",
     "it cannot be printed here: LibreOffice is not installed",
     {"office": "/nonexistent"}, ()),
    (REPORT, "FAILED",
     "LibreOffice does not start; save it as PDF, and send that",
     {"office": "/usr/share"}, ()),
    (DRAWING, "FAILED",
     "it cannot be printed here: Ghostscript is not installed",
     {"postscript": "yes"}, instead_of_gs("/dev/null")),
    (DRAWING, "FAILED", "Ghostscript cannot make pages of it",
     {"postscript": "yes"}, instead_of_gs("/bin/false")),
], ids=["no browser", "broken browser", "no office", "broken office",
        "no ghostscript", "broken ghostscript"])
def test_the_sender_is_told_and_others_print(make_platend, ippeve, document,
                                             state, sentence, printing,
                                             prefix):
    platend = make_platend(printing=printing, prefix=prefix)
    platend.add_printer("lobby", ippeve.uri, media="a4", head="no")
    for _ in range(2):
        job = platend.wait_job(send(platend, document))
        row = why(platend, job["id"], document[1])
        assert job["state"] == state and row["why"] == sentence, (job, row)
        assert job["state"] == "PRINTED" or sentence in job["reason"], job
    plain = platend.wait_job(mails.send(platend.smtp, mails.message(
        "B", "A line.\n")).job)
    assert plain["state"] == "PRINTED"


@pytest.fixture
def worker():
    """A copy of it, which its user can reach."""
    with tempfile.TemporaryDirectory(prefix="platen-") as folder:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        yield pathlib.Path(shutil.copy(BIN / "platen-render", path))


def test_what_no_worker_can_be_had_for_waits(make_platend, ippeve, worker):
    """As while its package is replaced, which is no fault of the mail's."""
    platend = make_platend(printing={"worker": worker})
    platend.add_printer("lobby", ippeve.uri, media="a4")
    away = worker.rename(worker.parent / "away")
    # some by those that had started before
    jobs = [mails.send(platend.smtp, mails.message("A", "x")).job
            for _ in range(3)]
    until(lambda: platend.row("SELECT max(renders) AS n FROM job")["n"] > 3,
          "tries")
    away.rename(worker)
    platend.cli("printer", "check", "lobby")
    for job_id in jobs:
        assert platend.wait_job(job_id)["state"] == "PRINTED"
