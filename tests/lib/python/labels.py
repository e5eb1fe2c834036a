# SPDX-License-Identifier: AGPL-3.0-or-later
"""lprint as a peer: a printer of labels, black and white, that speaks EPL2
to the device behind it, which is a socket of ours."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading

from PIL import Image

from programs import BIN, Child, free_port
from waiting import until

DRIVER = "epl2_4inch-203dpi-dt"
WIDTH, HEIGHT = 812, 1218  # 4 x 6 inches

PRINT_JOB = """{
    OPERATION Print-Job
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR language attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR name requesting-user-name somebody
    ATTR mimeMediaType document-format image/pwg-raster
    FILE $filename
    STATUS successful-ok
}
"""


class Device:
    """What the print head would get: all bytes of each connection."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.documents = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer:
                data = b"".join(iter(lambda: peer.recv(65536), b""))
            self.documents.append(data)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def graphics(document):
    """Each label as a picture of ours, 1 is black; lines come one by one."""
    pictures, at = [], 0
    pattern = re.compile(rb"GW0,(\d+),(\d+),1\n|P\d+\n|[^\n]*\n")
    lines = {}
    while found := pattern.match(document, at):
        at = found.end()
        if found.group(1):
            size = int(found.group(2))
            lines[int(found.group(1))] = document[at:at + size]
            at += size + 1
        elif found.group().startswith(b"P"):
            pictures.append(picture_of(lines))
            lines = {}
    assert at == len(document) and not lines
    return pictures


def picture_of(lines):
    """The device prints zeros; lines that did not come are white."""
    white = b"\xff" * ((WIDTH + 7) // 8)
    data = b"".join(lines.get(y, white) for y in range(HEIGHT))
    bits = bytes(byte ^ 0xff for byte in data)
    return Image.frombytes("1", (WIDTH, HEIGHT), bits)


class Lprint:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lprint-"))
        self.device = Device()
        self.port = free_port()
        # its socket for commands lies in TMPDIR, or for root in /run
        self.env = {**os.environ, "HOME": str(self.folder),
                    "TMPDIR": str(self.folder)}
        self.child = Child(
            ["lprint", "server", "-o", f"server-port={self.port}", "-o",
             f"spool-directory={self.folder}/spool", "-o",
             f"log-file={self.folder}/log"], self.folder / "out",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=self.env)
        until(self._answers, "lprint to answer")
        subprocess.run(["lprint", "add", "-d", "labels", "-v",
                        f"socket://127.0.0.1:{self.device.port}", "-m",
                        DRIVER], check=True, env=self.env, timeout=30)

    @property
    def uri(self):
        return f"ipp://localhost:{self.port}/ipp/print/labels"

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def submit(self, folder, data):
        (folder / "document").write_bytes(data)
        (folder / "job.test").write_text(PRINT_JOB)
        subprocess.run(["ipptool", "-f", folder / "document", self.uri,
                        folder / "job.test"], check=True, timeout=30,
                       stdout=subprocess.DEVNULL)

    def labels(self, n):
        """So many labels as they were printed."""
        def found():
            return [picture for document in self.device.documents
                    for picture in graphics(document)]
        until(lambda: len(found()) >= n, f"{n} labels")
        return found()

    def remove(self):
        self.child.stop()
        self.device.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def render_label(message):
    """A mail as a page of the label, dithered, by the worker alone."""
    return subprocess.run(
        [BIN / "platen-render", "format=image/pwg-raster", "ink=black_1",
         "dpi=203", "media=na_index-4x6_4x6in", "media_width=10160",
         "media_height=15240"], input=message, stdout=subprocess.PIPE,
        timeout=60, check=True).stdout
