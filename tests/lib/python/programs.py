# SPDX-License-Identifier: AGPL-3.0-or-later
"""platend and the printer simulator as programs that tests and benchmarks
start, ask, kill and start again."""
import contextlib
import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

from waiting import until

REPO = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("PLATEN_BIN",
                                  REPO / "build/release/bin")).resolve()
DOMAIN = "print.example"
SENDER = "user@example.org"
START_TIMEOUT = 60


class ProgramFailed(RuntimeError):
    pass


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Child:
    """A program that ends with us. Its log lies beside its files."""

    def __init__(self, args, log, **options):
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            [str(a) for a in args], stderr=self.log, start_new_session=True,
            **options)

    def ended_badly(self):
        return self.process.poll() is not None

    def _close(self):
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream:
                stream.close()

    def stop(self):
        """SIGTERM; its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._close()
        return self.process.returncode

    def kill(self):
        """SIGKILL: no word of farewell."""
        self.process.kill()
        self.process.wait()
        self._close()


class Platend:
    """platend in a folder of its own, on ports of its own choice.

    stop() and kill() end the process only: start() goes on with what is stored,
    on the same ports.
    """

    log_name = "platend.log"

    def __init__(self, printing=None, smtp=None, server=None, env=None,
                 folder=None, limits=None, state_dir=None, web=None,
                 prefix=()):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(
            prefix="platen-", dir=os.environ.get("BENCH_DIR")))
        # The worker is another user, and reads its own program only.
        self.folder.chmod(0o755)
        self.socket = self.folder / "admin.sock"
        self.state = pathlib.Path(state_dir or self.folder / "state")
        self.env = env or {}
        self.prefix = prefix  # words in front, of what then becomes platend
        self.sections = {
            "server": {"hostname": "test.example", "state_dir": self.state,
                       **(server or {})},
            "smtp": {"listen": "127.0.0.1:0", "domain": DOMAIN,
                     "max_message_size": 50000000,
                     "trust": "127.0.0.0/8, unix",
                     **(smtp or {})},
            "http": {"listen": "127.0.0.1:0"},
            "admin": {"socket": self.socket},
            "printing": {"state_timeout": "5s", "retention": "7d",
                         **(printing or {})},
            "limits": limits or {},
            "web": web or {},
        }
        self.child = None
        self.ports = {}

    def write_config(self):
        path = self.folder / "platen.conf"
        with open(path, "w") as out:
            for section, keys in self.sections.items():
                if keys:
                    out.write(f"[{section}]\n")
                for key, value in keys.items():
                    out.write(f"{key} = {value}\n")
        return path

    def start(self):
        """Seconds until it said that it is ready."""
        self.state.mkdir(mode=0o700, exist_ok=True)
        config = self.write_config()
        began = time.monotonic()
        self.child = Child([*self.prefix, BIN / "platend", "--config", config],
                           self.folder / self.log_name,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           text=True, env={**os.environ, **self.env})
        watchdog = threading.Timer(START_TIMEOUT, self.child.process.kill)
        watchdog.start()
        try:
            for line in self.child.process.stdout:
                words = line.split()
                if words[:1] == ["listening"] and len(words) == 3:
                    self._on_listening(words[1], words[2])
                if words == ["ready"]:
                    return time.monotonic() - began
        finally:
            watchdog.cancel()
        status = self.child.process.wait()
        self.child = None
        raise ProgramFailed(f"platend ended with {status} before it was "
                            f"ready:\n{self.log_tail()}")

    def _on_listening(self, kind, address):
        port = address.rpartition(":")[2]
        if not port.isdigit():
            return
        self.ports[kind] = int(port)
        if kind in ("smtp", "http"):
            self.sections[kind]["listen"] = address

    def log_text(self):
        return (self.folder / self.log_name).read_text(errors="replace")

    def log_tail(self, lines=15):
        return "".join(self.log_text().splitlines(True)[-lines:])

    @property
    def is_running(self):
        return bool(self.child) and self.child.process.poll() is None

    @property
    def smtp(self):
        return self.ports["smtp"]

    @property
    def http(self):
        return self.ports["http"]

    @property
    def pid(self):
        return self.child.process.pid

    def run_cli(self, *args, timeout=120):
        """The finished `platen` process, whatever its exit status."""
        return subprocess.run(
            [BIN / "platen", "--socket", self.socket, *map(str, args)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=timeout)

    def cli(self, *args):
        """What `platen` printed."""
        done = self.run_cli(*args)
        if done.returncode != 0:
            raise ProgramFailed(f"platen {' '.join(map(str, args))}: "
                                f"{done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def cli_json(self, *args):
        return json.loads(self.cli("--json", *args))

    def add_printer(self, name, uri, address=None, sender=SENDER, **options):
        """A printer whose mail address has its own name as local part."""
        self.cli("printer", "add", name, "--uri", uri)
        return self.register(name, address or name, sender, **options)

    def register(self, printer, address, sender=SENDER, **options):
        """The new registration's id. retention="2s", recovery_wait="1h", ..."""
        extra = [word for key, value in options.items()
                 for word in ("--" + key.replace("_", "-"), value)]
        self.cli("registration", "add", "--printer", printer, "--from", sender,
                 "--address", address, *extra)
        return self.row("SELECT id FROM registration WHERE sender = ? "
                        "AND address = ?", sender, address)["id"]

    def token(self, name):
        return self.cli("printer", "token", name).split()[-1]

    def post_announcement(self, name, token, body=b'{"state":"normal"}'):
        """The answer's status and headers."""
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http}/printers/{name}/announce",
            data=body, method="POST", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers

    def announce(self, name, token):
        """POST on a new connection; (status, monotonic ns before connect)."""
        began = time.monotonic_ns()
        return self.post_announcement(name, token)[0], began

    def rows(self, sql, *values):
        """What the spool says, read beside the server as operators do."""
        with contextlib.closing(sqlite3.connect(
                f"file:{self.state}/spool.db?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]

    def row(self, sql, *values):
        rows = self.rows(sql, *values)
        return rows[0] if rows else None

    def job(self, job_id):
        return self.row("SELECT * FROM job WHERE id = ?", job_id)

    def wait_job(self, job_id, timeout=60):
        """Wait for its end, as told by `platen job wait`; its row."""
        done = self.run_cli("job", "wait", job_id, "--timeout", f"{timeout}s",
                            timeout=timeout + 20)
        assert done.returncode in (0, 5), (
            f"job wait {job_id}: {done.returncode} {done.stdout}{done.stderr}"
            f"{self.job(job_id)}\n{self.log_tail()}")
        return self.job(job_id)

    def wait_state(self, job_id, *states, timeout=30):
        """Wait for a state that is no end; its row."""
        def ask():
            job = self.job(job_id)
            return job if job and job["state"] in states else None
        try:
            return until(ask, f"job {job_id} in {states}", timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.job(job_id)}\n"
                                 f"{self.log_tail()}") from None

    def stop(self):
        """SIGTERM; the exit status, None if it did not run."""
        if not self.child:
            return None
        status = self.child.stop()
        self.child = None
        return status

    def kill(self):
        self.child.kill()
        self.child = None

    def restart(self):
        self.stop()
        self.start()

    def signal(self, number):
        os.kill(self.pid, number)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Sim:
    """printer_sim; its events come by wait()."""

    def __init__(self, printers=1, setting=None, events=True, formats=None):
        self.folder = tempfile.mkdtemp(prefix="printer-sim-")
        args = [BIN / "printer_sim", "--printers", printers]
        args += ["--set", setting] if setting else []
        args += ["--formats", formats] if formats else []
        args += ["--events"] if events else []
        self.child = Child(args, f"{self.folder}/log", stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, text=True)
        self.port = int(self.child.process.stdout.readline().split("=")[1])
        self.events = queue.SimpleQueue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with contextlib.suppress(ValueError):  # closed by stop()
            for line in self.child.process.stdout:
                self.events.put(json.loads(line))

    def uri(self, printer=0):
        return f"ipp://127.0.0.1:{self.port}/ipp/print/{printer}"

    def get(self, target):
        url = f"http://127.0.0.1:{self.port}{target}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read().decode()

    def control(self, **settings):
        self.get("/control?" + "&".join(f"{k}={v}"
                                        for k, v in settings.items()))

    def counts(self, printer=None):
        only = "" if printer is None else f"?printer={printer}"
        return json.loads(self.get("/counts" + only))

    def jobs(self, printer=None):
        only = "" if printer is None else f"?printer={printer}"
        return json.loads(self.get("/ledger" + only))["jobs"]

    def printed(self, printer=None):
        """Jobs of which at least one page is on paper."""
        return [job for job in self.jobs(printer) if job["impressions"] > 0]

    def wait(self, name, timeout=30):
        """The next event of that name, or None."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                event = self.events.get(
                    timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                return None
            if event["event"] == name:
                return event

    def forget_events(self):
        while not self.events.empty():
            self.events.get()

    def freeze(self):
        self.child.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.child.process.send_signal(signal.SIGCONT)

    def stop(self):
        self.thaw()
        self.child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
