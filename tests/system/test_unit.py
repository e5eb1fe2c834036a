# SPDX-License-Identifier: AGPL-3.0-or-later
"""packaging/platend.service, started by a systemd: everything that platen does
works below its restrictions, and they are there."""
import pathlib
import re

import pytest

import mails
import office_files as office
import usage
from fixtures import QUICK, check_programs
from machine import Machine, why_not
from mails import Box
from waiting import until

check_programs(["platen-box", "platen-office"],
               ["/usr/bin/chromium-headless-shell", "/lib/systemd/systemd",
                "unshare", "nsenter"])


@pytest.fixture
def machine(tmp_path, ippeve):
    if reason := why_not(tmp_path):
        pytest.skip(f"nobody may boot a machine in here: {reason}")
    machine = Machine(tmp_path, printing={**QUICK, "postscript": "yes"})
    try:
        machine.start()
        machine.add_printer("lobby", ippeve.uri, media="a4", head="no")
        yield machine
        print(machine.log_tail(60))
    finally:
        machine.remove()


def print_mail(machine, **document):
    """Every part of it that is a document, by the engine that is meant for it."""
    job = machine.wait_job(mails.send(
        machine.smtp, mails.message(**document)).job, timeout=90)
    ledger = machine.rows("SELECT * FROM part_ledger WHERE job = ?", job["id"])
    assert job["state"] == "PRINTED", (job, ledger)
    assert any(row["fate"] == "printed" for row in ledger)
    assert not [row for row in ledger if row["fate"] == "failed" or
                row["fate"] == "printed" and row["why"]], ledger


def print_file(machine, data, kind, name):
    print_mail(machine, text="", attachments=[(data, kind, name)])


def test_every_engine_prints_under_the_unit(machine, ippeve):
    print_mail(machine, text="A letter.\n")
    print_mail(machine, html="<p style='background: red'>News")
    for kind, data in (("docx", office.docx()), ("xlsx", office.xlsx())):
        print_file(machine, data, office.TYPES[kind], f"file.{kind}")
    print_file(machine, mails.pdf([9]), "application/pdf", "a.pdf")
    print_file(machine, b"%!PS\n9 9 99 99 rectfill showpage\n",
               "application/postscript", "a.ps")
    print_file(machine, mails.picture("PNG", [Box(0, 0, 1, .5)]), "image/png",
               "a.png")
    assert ippeve.n_documents() == 7


def status_of(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return dict(re.findall(r"^(\w+):\s*(\S+)", text, re.M))


def namespaces(pid, names):
    return [(pathlib.Path(f"/proc/{pid}/ns") / name).readlink()
            for name in names]


def test_the_server_has_no_rights_and_its_workers_less(machine):
    outside = usage.family(machine.init)
    [server] = [pid for pid in outside if usage.name_of(pid) == "platend"]
    print_mail(machine, text="A letter.\n")
    worker = usage.family(server)[-1]
    for pid in (server, worker):
        status = status_of(pid)
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
        assert int(status["CapBnd"], 16) == 0 or pid == worker
        assert int(status["Uid"]) != 0
    both = zip(*(namespaces(pid, ("user", "pid", "net"))
                 for pid in (server, worker)))
    assert all(ours != its for ours, its in both)


def test_a_killed_server_is_started_again(machine):
    before = machine.pid
    machine.systemctl("kill", "--signal=KILL", "platend")
    until(lambda: machine.shown("NRestarts") == "1" and
          machine.systemctl("is-active", "platend") == "active" and
          machine.pid not in (0, before), "the next server", 20)
    print_mail(machine, text="A letter.\n")
    machine.systemctl("reload", "platend")
    print_mail(machine, text="A second letter.\n")
    assert machine.stop() == "success"


def test_the_unit_has_no_fault_and_leaves_little_open(machine):
    """systemd's own score, from 0 (closed) to 100: what the boxes need."""
    unit = "/run/units/platend.service"
    assert "platend" not in machine.run(
        "env", "SYSTEMD_UNIT_PATH=/run/units", "systemd-analyze", "verify",
        "--man=no", unit).stderr
    done = machine.run("systemd-analyze", "security", "--offline=yes",
                       "--threshold=28", "--no-pager", unit)
    assert done.returncode == 0, done.stdout
