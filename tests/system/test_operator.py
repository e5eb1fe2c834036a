# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the person at the shell sees: sqlite3, the command line, the
configuration."""
import json
import socket
import subprocess
import urllib.error
import urllib.request

import pytest

import mails
from programs import BIN, DOMAIN, SENDER

OK, REFUSED, USAGE, UNREACHABLE, TIMED_OUT, OTHER_END = range(6)


@pytest.fixture
def lobby(make_platend, sim):
    platend = make_platend(printing={"recovery_wait": "1h"})
    platend.add_printer("lobby", sim.uri())
    return platend


@pytest.fixture
def held(lobby, sim):
    """Job 1 printed, job 2 held."""
    for n in (1, 2):
        job = mails.send(lobby.smtp, mails.message(
            f"Number {n}", "A line.\n")).job
        if n == 1:
            assert lobby.wait_job(job)["state"] == "PRINTED"
            sim.control(state="media-empty")
        else:
            lobby.wait_state(job, "HELD")
    return lobby


def sqlite(platend, sql):
    done = subprocess.run(
        ["sqlite3", "-readonly", "-json", platend.state / "spool.db", sql],
        check=True, stdout=subprocess.PIPE, text=True, timeout=30)
    return json.loads(done.stdout or "[]")


# --- sqlite3 -----------------------------------------------------------------

def test_views_tell_the_operator_what_is_where(held):
    [job] = sqlite(held, "SELECT * FROM jobs")
    assert job["state"] == "HELD" and job["printer"] == "lobby"
    assert job["subject"] == "Number 2" and job["sender"] == SENDER
    assert job["meaning"] and job["received"].startswith("20")
    [waiting] = sqlite(held, "SELECT * FROM held_jobs")
    assert waiting["job"] == job["job"] and "paper" in waiting["reason"]
    [done] = sqlite(held, "SELECT * FROM history")
    assert done["outcome"] == "PRINTED" and done["pages"] == 1
    [printer] = sqlite(held, "SELECT * FROM printers")
    assert printer["verdict"] == "abnormal" and "0%" in printer["paper"]
    assert printer["waiting"] == 1 and printer["ink"]
    ledger = sqlite(held, "SELECT * FROM part_ledger")
    assert [row["fate"] for row in ledger if row["job"] == done["job"]] == [
        "printed"]
    assert sqlite(held, "PRAGMA integrity_check") == [{
        "integrity_check": "ok"}]


def test_schema_is_explained_to_its_reader(lobby):
    tables = sqlite(lobby, "SELECT name, sql FROM sqlite_schema "
                           "WHERE type = 'table'")
    assert {"job", "message", "printer", "registration"} <= {
        table["name"] for table in tables}


def test_writing_beside_the_server_is_refused_by_readonly(lobby):
    done = subprocess.run(
        ["sqlite3", "-readonly", lobby.state / "spool.db",
         "DELETE FROM printer"], stderr=subprocess.PIPE, text=True)
    assert done.returncode != 0 and "readonly" in done.stderr


# --- platen ------------------------------------------------------------------

def test_listings_have_json_and_text(held):
    for words, key in ((("printer", "list"), "lobby"),
                       (("registration", "list"), SENDER),
                       (("job", "list"), "HELD"),
                       (("job", "list", "--state", "held"), "HELD"),
                       (("job", "list", "--printer", "lobby"), "HELD"),
                       (("printer", "show", "lobby"), "lobby"),
                       (("job", "show", "2"), "HELD")):
        text = held.cli(*words)
        assert key.lower() in text.lower(), (words, text)
        data = held.cli_json(*words)
        assert key.lower() in json.dumps(data).lower(), (words, data)


def test_held_listing_leaves_out_what_is_over(held):
    text = json.dumps(held.cli_json("job", "list", "--state", "held"))
    assert "Number 2" in text and "Number 1" not in text
    text = json.dumps(held.cli_json("job", "list", "--state", "printed"))
    assert "Number 1" in text and "Number 2" not in text


def test_printer_shows_levels_of_trays_and_colours(held):
    text = json.dumps(held.cli_json("printer", "show", "lobby"))
    assert "media-empty" in text and '"level": 0' in text
    assert "black" in text.lower()


def test_exit_codes_say_how_it_went(held):
    def code(*words):
        return held.run_cli(*words).returncode
    assert code("job", "list") == OK
    assert code("job", "show", 999) == code("job", "show", "x") == REFUSED
    assert code("printer", "show", "nowhere") == REFUSED
    assert code("printer", "add", "lobby", "--uri",
                "ipp://127.0.0.1:1/ipp/print") == REFUSED
    assert code("printer", "add", "cellar", "--uri", "nonsense") in (
        REFUSED, USAGE)
    assert code("printer", "remove", "lobby") == REFUSED
    assert code("job", "cancel", 1) == REFUSED
    assert code("registration", "add", "--printer", "lobby", "--from", SENDER,
                "--address", "lobby") == REFUSED
    assert code("registration", "add", "--printer", "lobby", "--from", SENDER,
                "--address", "x", "--retention", "soon") == REFUSED
    for words in ((), ("print",), ("job",), ("job", "show"),
                  ("job", "list", "--colour"), ("printer", "add", "x")):
        done = held.run_cli(*words)
        assert done.returncode == USAGE, (words, done)
        assert done.stderr.strip(), words
    assert code("job", "wait", 1) == OK
    assert code("job", "wait", 2, "--timeout", "1s") == TIMED_OUT
    held.cli("job", "cancel", 2)
    assert code("job", "wait", 2) == OTHER_END
    done = subprocess.run([BIN / "platen", "--socket", "/nonexistent/x.sock",
                           "job", "list"], stderr=subprocess.PIPE, text=True)
    assert done.returncode == UNREACHABLE and done.stderr.strip()


def test_refusals_are_one_sentence_on_standard_error(held):
    done = held.run_cli("printer", "remove", "lobby")
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert len(done.stderr.split()) > 3


def test_help_and_version_need_no_server():
    for words in (["--help"], ["help"], ["--version"], ["printer", "--help"],
                  ["job", "wait", "--help"]):
        done = subprocess.run([BIN / "platen", *words], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == 0 and done.stdout.strip(), (words, done)


def test_printer_can_be_checked_and_removed(lobby, sim):
    [row] = lobby.rows("SELECT id FROM registration")
    sim.control(state="jam")
    lobby.cli("printer", "check", "lobby")
    assert lobby.row("SELECT verdict FROM printer")["verdict"] == "abnormal"
    lobby.cli("registration", "remove", row["id"])
    lobby.cli("printer", "remove", "lobby")
    assert lobby.rows("SELECT * FROM printer") == []


def test_registration_defaults_to_the_name_of_its_printer(lobby):
    lobby.cli("registration", "add", "--printer", "lobby", "--from",
              "boss@Example.ORG")
    row = lobby.row("SELECT * FROM registration WHERE sender LIKE 'boss%'")
    assert row["address"] == "lobby"
    assert row["sender"] == "boss@example.org"


def test_printer_that_is_off_cannot_be_added(lobby, make_sim):
    gone = make_sim()
    gone.child.stop()
    done = lobby.run_cli("printer", "add", "gone", "--uri", gone.uri())
    assert done.returncode == REFUSED and done.stderr.strip()
    assert not lobby.row("SELECT * FROM printer WHERE name = 'gone'")


# --- HTTP --------------------------------------------------------------------

def test_network_sees_health_and_nothing_else(held):
    def status(path, method="GET"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{held.http}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
    for path in ("/healthz", "/readyz"):
        code, body = status(path)
        assert code == 200 and b"lobby" not in body
    for path in ("/api/v1/jobs", "/api/v1/printers", "/api/v1/registrations",
                 "/api/v1/jobs/1", "//api/v1/jobs", "/api/v1/../v1/jobs",
                 "/api/v1/jobs;x", "/%61pi/v1/jobs", "/spool.db", "/"):
        for method in ("GET", "POST", "DELETE", "PATCH"):
            code, body = status(path, method)
            assert code in (400, 401, 403, 404, 405), (method, path, code)
            assert b"Number" not in body


# --- configuration -----------------------------------------------------------

def check(tmp_path, text):
    path = tmp_path / "platen.conf"
    path.write_text(text)
    return path, subprocess.run(
        [BIN / "platend", "--config", path, "--check"], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)


GOOD = f"[server]\nstate_dir = /tmp/x\n[smtp]\ndomain = {DOMAIN}\n"


def test_good_configuration_is_called_ok(tmp_path):
    path, done = check(tmp_path, GOOD)
    assert done.returncode == 0, done
    assert "ok" in done.stdout + done.stderr


@pytest.mark.parametrize("line,text", [
    (5, GOOD + "colour = blue\n"),
    (5, GOOD + "[kitchen]\nsink = 1\n"),
    (6, GOOD + "[printing]\nworkers = many\n"),
    (6, GOOD + "[printing]\nrecovery_wait = soon\n"),
    (6, GOOD + "[printing]\nworkers = 0\n"),
    (5, GOOD + "trust = everybody\n"),
    (5, GOOD + "what is this\n"),
])
def test_mistake_is_named_with_its_line(tmp_path, line, text):
    path, done = check(tmp_path, text)
    assert done.returncode == 78, done
    said = done.stderr + done.stdout
    lines = {f"{path}:{line}", f"{path}:{line + 1}"}
    assert any(place in said for place in lines), said
    run = subprocess.run([BIN / "platend", "--config", path], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         timeout=20)
    assert run.returncode == 78


def test_missing_domain_and_missing_file_are_named(tmp_path):
    _, done = check(tmp_path, "[server]\nstate_dir = /tmp/x\n")
    assert done.returncode == 78 and "domain" in done.stderr + done.stdout
    done = subprocess.run([BIN / "platend", "--config", tmp_path / "none"],
                          text=True, stderr=subprocess.PIPE, timeout=20)
    assert done.returncode != 0 and "none" in done.stderr


# --- the first start ---------------------------------------------------------

def start_and_fail(tmp_path, **sections):
    """The last line of a platend that cannot start."""
    keys = {"server": {"state_dir": tmp_path / "state"},
            "smtp": {"domain": DOMAIN, "listen": "127.0.0.1:0"},
            "http": {"listen": "127.0.0.1:0"},
            "admin": {"socket": tmp_path / "admin.sock"}}
    for name, values in sections.items():
        keys.setdefault(name, {}).update(values)
    path = tmp_path / "platen.conf"
    path.write_text("".join(
        f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())
        for name, values in keys.items()))
    done = subprocess.run([BIN / "platend", "--config", path], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=20)
    assert done.returncode == 1 and not done.stdout, done
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("section", ["smtp", "http"])
def test_a_port_that_is_taken_is_named(tmp_path, section):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        said = start_and_fail(tmp_path, **{section: {"listen": address}})
    assert address in said and "choose another address" in said, said


@pytest.mark.parametrize("options,words", [
    ({"server": {"state_dir": "/nonexistent/state"}},
     ["'/nonexistent/state'", "a folder of the user who runs platend"]),
    ({"admin": {"socket": "/nonexistent/admin.sock"}},
     ["'/nonexistent/admin.sock'", "its folder has to be made first"]),
    ({"smtp": {"listen": "192.0.2.1:2525"}},
     ["'192.0.2.1:2525'", "this machine has no such address"]),
    ({"printing": {"worker": "/nonexistent/render"}},
     ["platen-render", "cannot run '/nonexistent/render'"]),
])
def test_a_start_that_fails_ends_and_says_what_to_do(tmp_path, options, words):
    said = start_and_fail(tmp_path, **options)
    assert all(word in said for word in words), said
