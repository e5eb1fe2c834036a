#!/usr/bin/python3 -B
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An HTML newsletter (nested tables, a picture): from the last SMTP byte to the
last document byte, PWG raster at 300 dpi, beside the warm browser's own time
for the PDF alone, and beside WeasyPrint's (Debian's weasyprint; its module is
loaded already, and it makes the PDF alone, too).
"""
import argparse
import time

import lib
from cdp import Browser

HTML = (lib.TESTS / "data/html/newsletter.html").read_text()
CID = "logo@news.example"


def newsletter():
    mail = lib.mails.message("News", html=HTML, to="bench")
    mail.add_related(picture(), "image", "png", cid=f"<{CID}>",
                     disposition="inline")
    return mail.as_bytes()


def picture():
    return lib.mails.picture("PNG", [lib.mails.Box(0, 0, 1, 1, (250, 140, 0))])


def timed(run):
    began = time.monotonic()
    run()
    return (time.monotonic() - began) * 1000


def platen(platend, sim):
    sim.forget_events()
    last = lib.send_mail(platend.smtp, newsletter())
    sim.wait("ended")
    ended = sim.jobs()[-1]["last_byte_ns"]
    time.sleep(.3)  # the next page is opened ahead, as between two mails
    return (ended - last) / 1e6


def weasyprint():
    """Tables are set by attributes, which is an option there."""
    from weasyprint import HTML as Document

    def fetch(url):
        if url.startswith("cid:"):
            return {"string": picture(), "mime_type": "image/png"}
        raise OSError("no network")

    Document(string=HTML, url_fetcher=fetch).write_pdf(
        presentational_hints=True)


def have_weasyprint():
    try:
        import weasyprint as module
        return module is not None
    except ImportError:
        lib.say("weasyprint: left out: not installed")
        return False


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
    pictures = {f"cid:{CID.replace('@', '%40')}": ("image/png", picture())}
    contenders = {
        "platen": lambda: platen(platend, sim),
        "browser": lambda: timed(lambda: browser.print(HTML.encode(),
                                                       pictures)),
    }
    if have_weasyprint():
        contenders["weasyprint"] = lambda: timed(weasyprint)
    try:
        platend.start()
        platend.add_printer("bench", sim.uri(), dpi=300, media="a4")
        for run in contenders.values():
            run()  # warm
        times = {name: lib.median(values) for name, values in
                 lib.take_turns(options.rounds, contenders).items()}
    finally:
        browser.close()
        platend.remove()
        sim.stop()
    for name, value in times.items():
        lib.figure(f"HTML newsletter: {name}", value, "ms")
    lib.ratio("HTML newsletter: platen to PWG / the browser's PDF alone",
              times["platen"] / times["browser"], "<= 1.3")
    if "weasyprint" in times:
        lib.ratio("HTML newsletter: WeasyPrint's PDF alone / platen to PWG",
                  times["weasyprint"] / times["platen"], ">= 3")


if __name__ == "__main__":
    main()
