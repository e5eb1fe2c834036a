#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Word file of ten pages: from the last SMTP byte to the last document byte,
PWG raster at 300 dpi, beside a warm soffice's own time for the PDF alone (over
its pipe, by Debian's python3-uno), which converts the same file again and again
in one process.
"""
import argparse
import pathlib
import shutil
import subprocess
import tempfile
import time

import lib

import office_files

PROGRAM = "/usr/lib/libreoffice/program/soffice.bin"
PIPE = "pipe,name=platen-bench;urp"


class Soffice:
    def __init__(self, data):
        import uno
        self.uno = uno
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="soffice-"))
        (self.folder / "file.docx").write_bytes(data)
        self.process = None
        context = uno.getComponentContext()
        resolver = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", context)
        for _ in range(300):
            # With a new profile it ends once and wants to be started again.
            if self.process is None or self.process.poll() is not None:
                self.start()
            try:
                remote = resolver.resolve(
                    f"uno:{PIPE};StarOffice.ComponentContext")
                break
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                time.sleep(.1)
        self.desktop = remote.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", remote)

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "--headless", "--norestore", "--nologo",
             f"--accept={PIPE}", f"-env:UserInstallation=file://{self.folder}/p"],
            stderr=subprocess.DEVNULL)

    def setting(self, name, value):
        item = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        item.Name, item.Value = name, value
        return item

    def convert(self):
        """Milliseconds."""
        began = time.monotonic()
        document = self.desktop.loadComponentFromURL(
            f"file://{self.folder}/file.docx", "_blank", 0,
            (self.setting("Hidden", True),))
        document.storeToURL(f"file://{self.folder}/file.pdf",
                            (self.setting("FilterName", "writer_pdf_Export"),))
        document.close(True)
        return (time.monotonic() - began) * 1000

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def through_platen(platend, sim, data):
    mail = lib.mails.message("Ten pages", to="bench", attachments=[
        (data, office_files.TYPES["docx"], "file.docx")])
    sim.forget_events()
    last = lib.send_mail(platend.smtp, mail.as_bytes())
    sim.wait("ended")
    ended = sim.jobs()[-1]["last_byte_ns"]
    time.sleep(.5)  # the next process warms up, as between two mails
    return (ended - last) / 1e6


def have_soffice():
    try:
        import uno
        return uno is not None and pathlib.Path(PROGRAM).exists()
    except ImportError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    lib.end_on_signals()
    if not lib.platend_is_built():
        return
    if not have_soffice():
        lib.say("office: left out: LibreOffice or python3-uno is missing")
        return
    data = office_files.docx(10)
    sim = lib.Sim(formats="image/pwg-raster")
    platend = lib.Platend(printing={"state_fresh_for": "0s"})
    soffice = Soffice(data)
    contenders = {"platen": lambda: through_platen(platend, sim, data),
                  "soffice": soffice.convert}
    try:
        platend.start()
        platend.add_printer("bench", sim.uri(), dpi=300, media="a4")
        for run in contenders.values():
            run()  # warm
            run()
        times = {name: lib.median(values) for name, values in
                 lib.take_turns(options.rounds, contenders).items()}
    finally:
        soffice.close()
        platend.remove()
        sim.stop()
    for name, value in times.items():
        lib.figure(f"docx, 10 pages: {name}", value, "ms")
    lib.ratio("docx, 10 pages: platen to PWG / the warm soffice's PDF alone",
              times["platen"] / times["soffice"], "<= 1.3")


if __name__ == "__main__":
    main()
