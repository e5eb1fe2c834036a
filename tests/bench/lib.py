# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the whole-program benchmarks share: platend, its peers, and figures.

Every driver prints figures and ratios, and never fails on a number. Peers are
measured in the same run as platend, turn by turn, because this machine's speed
changes from minute to minute.
"""
import concurrent.futures
import os
import pathlib
import pwd
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "lib/python"))
import mails  # noqa: E402
import programs  # noqa: E402
from programs import BIN, DOMAIN, SENDER, START_TIMEOUT  # noqa: E402
from programs import Child, free_port  # noqa: E402

Sim = programs.Sim


def say(text):
    print(text, file=sys.stderr, flush=True)


def figure(name, value, unit, note=""):
    digits = 0 if value >= 1000 else 1 if value >= 10 else 3
    print(f"{name:<74} {value:>9.{digits}f} {unit:<6} {note}".rstrip(),
          flush=True)


def ratio(name, value, target):
    """One comparison per line; `target` is words, for the reader to judge."""
    print(f"{name:<74} {value:>9.2f} x      (to reach: {target})", flush=True)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values):
    return statistics.median(values) if values else float("nan")


def take_turns(rounds, contenders):
    """Call each contender once a round; the lists of what they returned.

    One that raises is reported and left out of the rest of the run.
    """
    results = {name: [] for name in contenders}
    failed = set()
    for turn in range(rounds):
        for name, run in contenders.items():
            if name in failed:
                continue
            try:
                results[name].append(run())
            except (OSError, subprocess.SubprocessError) as error:
                say(f"{name}: left out: {error}")
                failed.add(name)
    return results


def have_root():
    return os.geteuid() == 0


def slow_disk(milliseconds):
    """The environment in which every fsync takes so much longer."""
    if not milliseconds:
        return {}
    shim = BIN / "slowfsync.so"
    if not shim.exists():
        raise SystemExit(f"{shim} is missing: build the target slowfsync")
    return {"LD_PRELOAD": str(shim), "FSYNC_MS": str(milliseconds)}


# --- platend -----------------------------------------------------------------

class Platend(programs.Platend):
    """platend, with what is measured of it."""

    def add_printers(self, names_and_uris):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = [pool.submit(self.add_printer, name, uri)
                    for name, uri in names_and_uris]
            for n, future in enumerate(done):
                future.result()
                if n % 1000 == 999:
                    say(f"{n + 1} printers")

    def resident_kb(self):
        """Of platend alone: the workers have come and gone."""
        for line in open(f"/proc/{self.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise SystemExit("platend has ended:\n" + self.log_tail())

    def cpu_seconds(self, with_workers=False):
        """User and system time; workers count once they have ended."""
        stat = open(f"/proc/{self.pid}/stat").read().rpartition(")")[2].split()
        ticks = sum(map(int, stat[11:15 if with_workers else 13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def settle(self, timeout=1800, share=0.05):
        """Wait until it has nothing left to do but wait."""
        quiet, deadline = 0, time.monotonic() + timeout
        before = self.cpu_seconds(True)
        while quiet < 3 and time.monotonic() < deadline:
            time.sleep(1)
            now = self.cpu_seconds(True)
            quiet = quiet + 1 if now - before < share else 0
            before = now
        if quiet < 3:
            say("platend is still busy: the figures include that")


# --- peers -------------------------------------------------------------------

def install_postfix():
    """Debian's package, for its programs: its own instance never starts."""
    if shutil.which("smtp-source") and os.path.isdir("/usr/lib/postfix/sbin"):
        return
    if not have_root():
        raise SystemExit("install Debian's package postfix first")
    say("installing Debian's postfix (it will not be started)")
    policy = pathlib.Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", "postfix"],
            check=True, stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    finally:
        if ours:
            policy.unlink()


POSTFIX_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = postfix.bench.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
in_flow_delay = 0
default_process_limit = 200
smtpd_peername_lookup = no
message_size_limit = 50000000
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access static:HOLD, permit
import_environment = MAIL_CONFIG TZ LANG=C{environment}
"""

POSTFIX_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup  unix  n - n - 0 cleanup
qmgr     unix  n - n 300 1 qmgr
rewrite  unix  - - n - - trivial-rewrite
bounce   unix  - - n - 0 bounce
defer    unix  - - n - 0 bounce
trace    unix  - - n - 0 bounce
proxymap unix  - - n - - proxymap
anvil    unix  - - n - 1 anvil
error    unix  - - n - - error
retry    unix  - - n - - error
smtp     unix  - - n - - smtp
"""


class Postfix:
    """A Postfix of its own whose every message ends in the hold queue."""

    private = ("active", "bounce", "corrupt", "defer", "deferred", "flush",
               "hold", "incoming", "private", "saved", "trace")

    def __init__(self, env=None):
        if not have_root():
            raise SystemExit("Postfix starts as root only")
        install_postfix()
        self.port = free_port()
        # Not below a folder that only root may enter: smtpd is "postfix".
        self.folder = pathlib.Path(tempfile.mkdtemp(
            prefix="postfix-bench-", dir=os.environ.get("BENCH_DIR")))
        self.folder.chmod(0o755)
        owner = pwd.getpwnam("postfix")
        self._queue_folders(owner)
        config = self.folder / "etc"
        config.mkdir()
        environment = "".join(f" {k}={v}" for k, v in (env or {}).items())
        (config / "main.cf").write_text(POSTFIX_MAIN.format(
            folder=self.folder, environment=environment))
        (config / "master.cf").write_text(
            POSTFIX_MASTER.format(port=self.port))
        self.child = Child(
            ["/usr/lib/postfix/sbin/master", "-c", config, "-d"],
            self.folder / "log", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        wait_for_banner(self.port, self.child)

    def _queue_folders(self, owner):
        queue_folder = self.folder / "queue"
        queue_folder.mkdir()
        (queue_folder / "pid").mkdir()
        for folder, mode in ([(queue_folder / name, 0o700)
                              for name in self.private] +
                             [(queue_folder / "public", 0o710),
                              (queue_folder / "maildrop", 0o1730),
                              (self.folder / "data", 0o700)]):
            folder.mkdir()
            folder.chmod(mode)
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def n_held(self):
        return len(os.listdir(self.folder / "queue/hold"))

    def empty(self):
        for entry in os.scandir(self.folder / "queue/hold"):
            os.unlink(entry.path)

    def stop(self):
        self.child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class SmtpSink:
    """Postfix's sink, which keeps nothing."""

    def __init__(self):
        install_postfix()
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix="smtp-sink-")
        user = ["-u", "nobody"] if have_root() else []
        self.child = Child(["smtp-sink", *user, "-h", "sink.bench.example",
                            f"inet:127.0.0.1:{self.port}", "1000"],
                           f"{self.folder}/log", stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL)
        wait_for_banner(self.port, self.child)

    def stop(self):
        self.child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_for_banner(port, child):
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and not child.ended_badly():
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as s:
                if s.recv(4).startswith(b"220"):
                    s.sendall(b"QUIT\r\n")
                    s.recv(100)
                    return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"no SMTP banner on port {port}")


# --- clients -----------------------------------------------------------------

def smtp_source(port, messages, sessions, size, keep, to="bench"):
    """Messages per second by Debian's smtp-source; it aborts at any refusal."""
    began = time.monotonic()
    # With a time limit, Python would look every 50 ms whether it has ended.
    subprocess.run(
        ["timeout", "1200", "smtp-source", *(["-d"] if keep else []), "-s",
         str(sessions), "-m", str(messages), "-l", str(size), "-f", SENDER,
         "-t", f"{to}@{DOMAIN}", f"inet:127.0.0.1:{port}"],
        check=True, stdout=subprocess.DEVNULL)
    return messages / (time.monotonic() - began)


def mail(subject, body, content_type="text/plain; charset=utf-8", to="bench",
         number=0, headers=""):
    """A message as SMTP data, without the final dot."""
    return (f"From: {SENDER}\r\nTo: {to}@{DOMAIN}\r\nSubject: {subject}\r\n"
            f"Message-ID: <{number}.{time.time_ns()}@example.org>\r\n"
            f"MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n{headers}"
            f"\r\n{body}").encode()


def send_mail(port, data, to="bench"):
    """Monotonic ns just before the last bytes of the mail went out."""
    with socket.create_connection(("127.0.0.1", port), 30) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        replies = s.makefile("rb")

        def expect(code, command=None):
            if command:
                s.sendall(command.encode() + b"\r\n")
            line = replies.readline()
            while line[3:4] == b"-":
                line = replies.readline()
            if not line.startswith(code):
                raise SystemExit(f"{command or 'SMTP'}: {line.decode()}")

        expect(b"220")
        expect(b"250", "EHLO client.bench.example")
        expect(b"250", f"MAIL FROM:<{SENDER}>")
        expect(b"250", f"RCPT TO:<{to}@{DOMAIN}>")
        expect(b"354", "DATA")
        s.sendall(data + b"\r\n")
        last = time.monotonic_ns()
        expect(b"250", ".")
        return last


def pdf(pages):
    """A PDF of so many pages of text, A4."""
    return mails.pdf([50] * pages)


def fill_spool(platend, printers, jobs_each):
    """So many small mails to each of these addresses."""
    began = time.monotonic()
    for name in printers:
        smtp_source(platend.smtp, jobs_each, 20, 200, True, to=name)
    n = len(printers) * jobs_each
    seconds = time.monotonic() - began
    say(f"{n} messages stored in {seconds:.0f} s ({n / seconds:.0f}/s)")


def platend_is_built():
    if (BIN / "platend").exists():
        return True
    say(f"{BIN}/platend is missing: only the peers are measured")
    return False


def end_on_signals():
    """SIGTERM unwinds as Ctrl-C does, so that nothing is left running."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
