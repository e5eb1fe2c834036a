# SPDX-License-Identifier: AGPL-3.0-or-later
"""platend as README installs it, started by a systemd of its own, so that the
unit with all its restrictions is what runs."""
import json
import os
import pathlib
import shutil
import subprocess

import usage
from programs import BIN, REPO, Child, Platend, free_port
from waiting import until

INSTALLED = {"usr/sbin": ["platend"], "usr/bin": ["platen"],
             "usr/lib/platen": ["platen-render", "platen-box", "platen-office"]}
UNITS = pathlib.Path("/lib/systemd/system")
FROM_DEBIAN = ["sysinit.target", "basic.target", "shutdown.target",
               "network-online.target", "systemd-journald.service",
               "systemd-journald.socket", "systemd-journald-dev-log.socket"]
TARGET = """[Unit]
Wants=systemd-journald.socket systemd-journald-dev-log.socket
Requires=platend.service
AllowIsolate=yes
"""
# The folder's own path is not ours: SQLite follows it out of the machine.
ASK = """
import json, sqlite3, sys
db = sqlite3.connect("file:/var/lib/platen/spool.db?mode=ro", uri=True)
db.row_factory = sqlite3.Row
rows = db.execute(sys.argv[1], json.loads(sys.argv[2]))
print(json.dumps([dict(row) for row in rows], default=repr))
"""
# What boot does first, and what a container may be forbidden.
PROBE = """
mount --make-rprivate / && mount -t tmpfs machine "$0" && cd "$0" &&
mkdir upper work root group && mount -t cgroup2 cgroup2 group &&
mount -t overlay machine root -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work"
"""
JOIN = 'echo $$ >"$0/cgroup.procs" && exec "$@"'


def why_not(folder):
    """Why no machine can be made here, in the kernel's words; "": it can."""
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--cgroup", "--ipc", "--uts", "--fork",
         "/bin/sh", "-c", PROBE, folder], stderr=subprocess.PIPE, text=True)
    return done.stderr.strip()


class Cgroup:
    """A folder of the version 2 hierarchy, wherever this machine has that."""

    def __init__(self, folder):
        self.mounted = folder / "cgroup"
        self.mounted.mkdir()
        subprocess.run(["mount", "-t", "cgroup2", "platen-test", self.mounted],
                       check=True)
        self.path = self.mounted / f"platen-test-{os.getpid()}"
        self.path.mkdir()

    def _is_empty(self):
        words = (self.path / "cgroup.events").read_text().split()
        return words[words.index("populated") + 1] == "0"

    def remove(self):
        """When its processes have ended."""
        until(self._is_empty, "the machine's processes to end")
        for path, _, _ in os.walk(self.path, topdown=False):
            os.rmdir(path)
        subprocess.run(["umount", self.mounted], check=True)


class Machine(Platend):
    """start() boots it; stop() stops the unit, and switches off."""

    def __init__(self, folder, **options):
        super().__init__(folder=folder, **options)
        self.cgroup = Cgroup(self.folder)
        self.init = None

    def _install(self):
        files = self.folder / "files"
        for target, names in INSTALLED.items():
            (files / target).mkdir(parents=True)
            for name in names:
                shutil.copy2(BIN / name, files / target)
        (files / "etc/platen").mkdir(parents=True)
        for kind in ("smtp", "http"):
            self.ports[kind] = free_port()
            self.sections[kind]["listen"] = f"127.0.0.1:{self.ports[kind]}"
        for section, key in (("server", "state_dir"), ("admin", "socket")):
            del self.sections[section][key]
        shutil.copy2(self.write_config(), files / "etc/platen/platend.conf")
        units = self.folder / "units"
        units.mkdir()
        for name in FROM_DEBIAN:
            shutil.copy2(UNITS / name, units)
        shutil.copy2(REPO / "packaging/platend.service", units)
        (units / "machine.target").write_text(TARGET)

    def start(self):
        self._install()
        self.child = Child(
            ["/bin/sh", "-c", JOIN, self.cgroup.path, "setpriv", "--pdeathsig",
             "KILL", "unshare", "--mount", "--pid", "--cgroup", "--ipc",
             "--uts", "--fork", "--kill-child",
             REPO / "tests/lib/machine/boot", self.folder],
            self.folder / "boot.log", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL)
        until(self._is_up, "the machine to start platend")

    def _is_up(self):
        """True, or why it never will be."""
        assert not self.child.ended_badly(), (
            self.folder / "boot.log").read_text()
        inits = [pid for pid in usage.family(self.child.process.pid)
                 if usage.name_of(pid) == "systemd"]
        if not inits:
            return False
        [self.init] = inits[:1]
        state = self.systemctl("is-active", "platend")
        assert state != "failed", self.log_text()
        return state == "active"

    def run(self, *words, timeout=60):
        """A program in the machine, as root; finished."""
        return subprocess.run(
            ["nsenter", "--all", "--target", str(self.init), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace", timeout=timeout)

    def run_cli(self, *args, timeout=120):
        return self.run("platen", *map(str, args), timeout=timeout)

    def systemctl(self, *words):
        """What it says, whatever its exit status."""
        return self.run("systemctl", *words).stdout.strip()

    def shown(self, name):
        return self.systemctl("show", "--value", "--property", name, "platend")

    def rows(self, sql, *values):
        done = self.run("/usr/bin/python3", "-c", ASK, sql, json.dumps(values))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @property
    def pid(self):
        return int(self.shown("MainPID"))

    def log_text(self):
        return self.run("journalctl", "--no-pager", "--output", "cat").stdout

    def stop(self):
        """The unit's result: "success", "exit-code", ..."""
        if not self.child:
            return None
        self.systemctl("stop", "platend")
        result = self.shown("Result")
        super().kill()
        return result

    def remove(self):
        self.stop()
        self.cgroup.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
