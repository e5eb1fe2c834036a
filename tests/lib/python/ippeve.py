# SPDX-License-Identifier: AGPL-3.0-or-later
"""CUPS's own printer program as a peer: paper, toner, jams, off, frozen."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import shutil
import urllib.request

from programs import Child, free_port
from waiting import until

# Keeps each document with what the job asked for. "gate", a pipe, holds the
# job until somebody writes a line to it; "say" goes to the printer's ears
# (STATE: and ATTR: lines); "fail" makes the job abort.
CAPTURE = """#!/bin/sh
cd {folder} || exit 1
if [ -p gate ]; then read line < gate; fi
[ -e say ] && cat say >&2
[ -e fail ] && exit 1
n=$(mktemp doc.XXXXXX) || exit 1
cp "$1" "$n.part" || exit 1
printf '{{"type":"%s","copies":"%s","sides":"%s","media":"%s"}}\\n' \
    "$CONTENT_TYPE" "$IPP_COPIES" "$IPP_SIDES" "$IPP_MEDIA" > "$n.json"
mv "$n.part" "$n.whole"
"""

PRINT_JOB = """{
    OPERATION Print-Job
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR language attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR name requesting-user-name somebody
    ATTR mimeMediaType document-format application/pdf
    FILE $filename
    STATUS successful-ok
}
"""

FORMATS = "application/pdf,image/pwg-raster,image/urf,image/jpeg"


class Bus:
    """A private D-Bus: the program wants one even when it announces nothing."""

    def __init__(self, folder):
        self.path = folder / "bus"
        self.child = Child(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile",
             "--print-address=1", f"--address=unix:path={self.path}"],
            folder / "bus.log", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True)
        self.address = self.child.process.stdout.readline().strip()


class IppEve:
    """One ippeveprinter. stop() is power off, start() power on.

    Without formats it takes raster, or what a file of attributes (-a) says.
    """

    def __init__(self, formats=FORMATS, options=("-2", "-s", "20,10")):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ippeve-"))
        for name in ("keys", "spool", "caught"):
            (self.folder / name).mkdir()
        self.caught = self.folder / "caught"
        self.script = self.folder / "capture"
        self.script.write_text(CAPTURE.format(folder=self.caught))
        self.script.chmod(0o755)
        self.port = free_port()
        self.formats = formats
        self.options = options
        self.bus = Bus(self.folder)
        self.child = None
        self.start()

    @property
    def uri(self):
        return f"ipp://localhost:{self.port}/ipp/print"

    @property
    def tls_uri(self):
        return f"ipps://localhost:{self.port}/ipp/print"

    def forget_key(self):
        """As after a reset to factory settings; when it is stopped."""
        for file in (self.folder / "keys").iterdir():
            file.unlink()

    def start(self):
        self.child = Child(
            ["ippeveprinter", "-n", "localhost", "-p", self.port, "-r", "off",
             *self.options, "-K", self.folder / "keys", "-d",
             self.folder / "spool", "-k", "-c", self.script,
             *(["-f", self.formats] if self.formats else []), "Test"],
            self.folder / "log", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.bus.address})
        until(self._answers, "ippeveprinter to answer")

    def _answers(self):
        try:
            self.get("/")
        except OSError:
            assert not self.child.ended_badly(), (
                self.folder / "log").read_text(errors="replace")
            return False
        return True

    def get(self, target):
        url = f"http://localhost:{self.port}{target}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read()

    def take_paper(self):
        self._set_paper(0, 0)

    def give_paper(self):
        self._set_paper(250, 25)

    def _set_paper(self, main, photo):
        self.get("/media?size1=na_letter_8.5x11in&type1=stationery&"
                 f"level1={main}&size2=na_index-4x6_4x6in&"
                 f"type2=photographic-glossy&level2={photo}")

    def set_black(self, level):
        self.get(f"/supplies?supply0=10&supply1={level}&supply2=50&supply3=50"
                 "&supply4=80")

    def say(self, text):
        """What the next job tells the printer: "STATE: +media-jam"."""
        (self.caught / "say").write_text(text + "\n")

    def fail_jobs(self, yes):
        if yes:
            (self.caught / "fail").touch()
        else:
            (self.caught / "fail").unlink()

    def close_gate(self):
        """Jobs print on until open_gate(): the printer is busy."""
        os.mkfifo(self.caught / "gate")

    def let_one_go(self):
        """The job that waits at the gate."""
        with open(self.caught / "gate", "w") as gate:
            gate.write("go\n")

    def open_gate(self):
        """Lets the job that waits go, and those that follow."""
        gate = self.caught / "gate"
        pipe = os.open(gate, os.O_RDWR)
        gate.unlink()
        os.write(pipe, b"go\n" * 8)
        self.open_pipe = pipe  # closed with us, after the readers read

    def print_directly(self):
        """A job from somebody else, whose words the printer hears as well."""
        path = self.folder / "direct"
        path.with_suffix(".test").write_text(PRINT_JOB)
        path.write_bytes(b"%PDF-1.4\n%%EOF\n")
        before = self.n_documents()
        subprocess.run(["ipptool", "-f", path, self.uri,
                        path.with_suffix(".test")], check=True, timeout=30,
                       stdout=subprocess.DEVNULL)
        until(lambda: self.n_documents() > before, "the direct job")

    def n_documents(self):
        return len(list(self.caught.glob("*.whole")))

    def freeze(self):
        self.child.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.child.process.send_signal(signal.SIGCONT)

    def documents(self):
        """(what was asked, bytes) of each document, oldest first."""
        whole = sorted(self.caught.glob("*.whole"),
                       key=lambda path: path.stat().st_mtime_ns)
        return [(json.loads(path.with_suffix(".json").read_text()),
                 path.read_bytes()) for path in whole]

    def forget_documents(self):
        for path in self.caught.glob("doc.*"):
            path.unlink()

    def stop(self):
        if self.child:
            self.thaw()
            self.child.stop()
            self.child = None

    def remove(self):
        self.stop()
        self.bus.child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
