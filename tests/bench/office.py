#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Word file of ten pages: from the last SMTP byte to the last byte of its PDF at
a printer that takes PDF, beside a warm soffice's own time for that PDF (over its
pipe, by Debian's python3-uno), which converts the same file again and again in
one process. Then to the first and the last byte of PWG raster at 300 dpi, beside
soffice and mutool one after the other.
"""
import argparse
import pathlib
import shutil
import subprocess
import tempfile
import time

import lib

import office_files
import office_report

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
        self.manager = remote.ServiceManager
        self.desktop = self.manager.createInstanceWithContext(
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
        # A signal would leave its sockets in /tmp.
        try:
            self.desktop.terminate()
        except self.uno.getClass("com.sun.star.lang.DisposedException"):
            pass  # it was quicker than its answer
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def through_platen(platend, sim, printer, data):
    """Milliseconds to the first and to the last byte of the document."""
    mail = lib.mails.message("Ten pages", to=printer, attachments=[
        (data, office_files.TYPES["docx"], "file.docx")])
    sim.forget_events()
    last = lib.send_mail(platend.smtp, mail.as_bytes(), to=printer)
    sim.wait("ended")
    job = sim.jobs()[-1]
    time.sleep(1.2)  # the next process warms up, as between two mails
    return [(job[name] - last) / 1e6
            for name in ("first_byte_ns", "last_byte_ns")]


def two_in_a_row(platend, sim, printer, data):
    """Milliseconds from the end of the first to the end of the second."""
    sim.forget_events()
    for subject in ("The first", "The second"):
        mail = lib.mails.message(subject, to=printer, attachments=[
            (data, office_files.TYPES["docx"], "file.docx")])
        lib.send_mail(platend.smtp, mail.as_bytes(), to=printer)
    for _ in range(2):
        sim.wait("ended")
    first, second = sim.jobs()[-2:]
    return [(second["last_byte_ns"] - first["last_byte_ns"]) / 1e6]


def mutool(soffice):
    """Milliseconds for the raster of what soffice made."""
    began = time.monotonic()
    subprocess.run(["mutool", "draw", "-q", "-r", "300", "-F", "pwg", "-o",
                    "/dev/null", soffice.folder / "file.pdf"], check=True,
                   stderr=subprocess.DEVNULL)
    return (time.monotonic() - began) * 1000


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
    data = office_report.docx()
    sims = {name: lib.Sim(formats=kind) for name, kind in
            (("pdf", "application/pdf"), ("pwg", "image/pwg-raster"))}
    platend = lib.Platend(printing={"state_fresh_for": "0s"})
    soffice = Soffice(data)
    contenders = {
        **{name: lambda name=name: through_platen(platend, sims[name], name, data)
           for name in sims},
        "second": lambda: two_in_a_row(platend, sims["pdf"], "pdf", data),
        "soffice": lambda: [soffice.convert()],
        "mutool": lambda: [mutool(soffice)]}
    try:
        platend.start()
        platend.add_printer("pdf", sims["pdf"].uri(), format="pdf-as-is")
        platend.add_printer("pwg", sims["pwg"].uri(), dpi=300, media="a4")
        for run in contenders.values():
            run()  # warm
            run()
        times = {name: [lib.median(column) for column in zip(*values)]
                 for name, values in
                 lib.take_turns(options.rounds, contenders).items()}
    finally:
        soffice.close()
        platend.remove()
        for sim in sims.values():
            sim.stop()
    tell(times)


def tell(times):
    [warm], [raster] = times["soffice"], times["mutool"]
    [second] = times["second"]
    for name, value in (("platen to PDF", times["pdf"][-1]),
                        ("platen to PDF, right behind another", second),
                        ("the warm soffice, PDF", warm),
                        ("platen to the first byte of PWG", times["pwg"][0]),
                        ("platen to the last byte of PWG", times["pwg"][1]),
                        ("the warm soffice, then mutool to PWG", warm + raster)):
        lib.figure(f"docx, 10 pages: {name}", value, "ms")
    lib.ratio("docx, 10 pages: platen to PDF / the warm soffice's own time",
              times["pdf"][-1] / warm, "<= 1.3")
    lib.ratio("docx, 10 pages, right behind another: platen to PDF / the warm "
              "soffice's own time", second / warm, "<= 1.3")
    lib.ratio("docx, 10 pages: platen to PWG / the warm soffice and mutool",
              times["pwg"][1] / (warm + raster), "no goal")


if __name__ == "__main__":
    main()
