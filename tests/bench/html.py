#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTML mail: from the last SMTP byte to the last document byte, PWG raster at
300 dpi, beside the whole of what the warm browser by itself does for the same
mail: a context of its own, load, print, read the PDF, dispose.

The newsletter is one as they are: tables five deep, six pictures by cid. The
notice is a small one of the tests. WeasyPrint is measured as it is used, as a
command (Debian's weasyprint -p); and with its module loaded already, in a
process that has run before, for whoever would build a server from it. Both
make the PDF alone.
"""
import argparse
import io
import pathlib
import subprocess
import tempfile
import time
import urllib.parse

from PIL import Image, ImageFilter

import lib
from cdp import Browser

HTML = lib.TESTS / "data/html"


class Document:
    """HTML and the pictures that it shows: {cid: (subtype, bytes)}."""

    def __init__(self, name, file, pictures):
        self.name = name
        self.html = (HTML / file).read_text()
        self.pictures = pictures

    def mail(self):
        mail = lib.mails.message("News", html=self.html, to="bench")
        for cid, (kind, data) in self.pictures.items():
            mail.add_related(data, "image", kind, cid=f"<{cid}>",
                             disposition="inline")
        return mail.as_bytes()

    def find(self, url):
        """What stands behind a cid: URL; (None, None): nothing."""
        cid = urllib.parse.unquote(url.removeprefix("cid:"))
        kind, data = self.pictures.get(cid, (None, None))
        return kind and f"image/{kind}", data


def logo():
    return "png", lib.mails.picture(
        "PNG", [lib.mails.Box(.1, .1, .9, .9, (230, 57, 70))], (112, 112))


def photo(size, seed):
    """As noisy as what a camera makes, twice as fine as it is shown."""
    noise = Image.effect_noise(size, 30).filter(ImageFilter.GaussianBlur(1))
    slope = Image.linear_gradient("L").rotate(90 * seed).resize(size)
    round_one = Image.radial_gradient("L").resize(size)
    out = io.BytesIO()
    Image.merge("RGB", (Image.blend(slope, noise, .3), round_one,
                        Image.blend(round_one, noise, .4))).save(
                            out, "JPEG", quality=80)
    return "jpeg", out.getvalue()


def documents():
    card, article = (368, 244), (400, 300)
    shown = {"logo": logo()}
    shown |= {name: photo(card, n)
              for n, name in enumerate(("mug", "lamp", "box"))}
    shown |= {name: photo(article, n)
              for n, name in enumerate(("desk", "press"))}
    return [Document("newsletter", "shop.html",
                     {f"{name}@shop.example": picture
                      for name, picture in shown.items()}),
            Document("notice", "newsletter.html",
                     {"logo@news.example": logo()})]


def timed(run):
    began = time.monotonic()
    run()
    return (time.monotonic() - began) * 1000


def platen(platend, sim, document):
    sim.forget_events()
    last = lib.send_mail(platend.smtp, document.mail())
    sim.wait("ended")
    ended = sim.jobs()[-1]["last_byte_ns"]
    time.sleep(.5)  # the next page is opened ahead, as between two mails
    return (ended - last) / 1e6


def weasyprint_module(document):
    """Tables are set by attributes, which is an option there."""
    from weasyprint import HTML as Reader

    def fetch(url):
        kind, data = document.find(url)
        if data is None:
            raise OSError("no network")
        return {"string": data, "mime_type": kind}

    Reader(string=document.html, url_fetcher=fetch).write_pdf(
        presentational_hints=True)


class WeasyPrint:
    """The command, on a folder with the mail's parts as files."""

    def __init__(self, document):
        self.folder = tempfile.TemporaryDirectory()
        folder, html = pathlib.Path(self.folder.name), document.html
        for n, (cid, (kind, data)) in enumerate(document.pictures.items()):
            (folder / f"{n}.{kind}").write_bytes(data)
            for name in (cid, cid.replace("@", "%40")):
                html = html.replace(f"cid:{name}", f"{n}.{kind}")
        (folder / "in.html").write_text(html)

    def print(self):
        subprocess.run(["weasyprint", "-p", "in.html", "out.pdf"], check=True,
                       cwd=self.folder.name, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)


def have_weasyprint():
    try:
        import weasyprint as module
        return module is not None
    except ImportError:
        lib.say("weasyprint: left out: not installed")
        return False


def contenders(platend, sim, browser, document):
    runs = {
        "platen, to PWG": lambda: platen(platend, sim, document),
        "browser, PDF": lambda: timed(lambda: browser.print(
            document.html.encode(), document.find)),
    }
    if have_weasyprint():
        command = WeasyPrint(document)
        runs["weasyprint, PDF"] = lambda: timed(command.print)
        runs["weasyprint loaded, PDF"] = lambda: timed(
            lambda: weasyprint_module(document))
    return runs


def compare(document, times):
    for name, value in times.items():
        lib.figure(f"HTML {document.name}: {name}", value, "ms")
    ours, is_goal = times["platen, to PWG"], document.name == "newsletter"
    lib.ratio(f"HTML {document.name}: platen to PWG / the browser's PDF alone",
              ours / times["browser, PDF"], "<= 1.3" if is_goal else "none")
    for name, goal in (("weasyprint, PDF", ">= 3"),
                       ("weasyprint loaded, PDF", "none")):
        if name in times:
            lib.ratio(f"HTML {document.name}: {name} / platen to PWG",
                      times[name] / ours, goal if is_goal else "none")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    lib.end_on_signals()
    if not lib.platend_is_built():
        return
    sim = lib.Sim(formats="image/pwg-raster")
    platend = lib.Platend(printing={"state_fresh_for": "0s"})
    browser = Browser()
    try:
        platend.start()
        platend.add_printer("bench", sim.uri(), dpi=300, media="a4")
        for document in documents():
            runs = contenders(platend, sim, browser, document)
            for run in runs.values():
                run()  # warm
            compare(document, {name: lib.median(values) for name, values in
                               lib.take_turns(options.rounds, runs).items()})
    finally:
        browser.close()
        platend.remove()
        sim.stop()


if __name__ == "__main__":
    main()
