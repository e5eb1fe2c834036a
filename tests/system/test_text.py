# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text of every kind, and what mails carry it in: tests/data/text.

A file each, with what its ledger must say and a picture of its last page
(HACKING.md says how to make it anew).
"""
import os
import pathlib
import subprocess
import urllib.parse

import pytest
from PIL import Image

import mails
import pictures
import raster
from programs import BIN

DATA = pathlib.Path(__file__).resolve().parents[1] / "data/text"
P = "printed"
NO_KEY = "and there is no key for it here"
KINDS = {
    "head": (1, [P]),
    "attached": (2, [P, P]),
    "saved-mail": (2, [P, "a mail: its parts follow", P]),
    "winmail-html": (3, ["unpacked: what is in it follows", P, P, P]),
    "winmail-rtf": (1, ["unpacked: what is in it follows", P]),
    "uuencode": (2, [P, P]),
    "smime-signed": (1, ["the signature around the parts that follow; it is "
                         "not checked", P]),
    "smime-encrypted": (0, ["it is encrypted (S/MIME), " + NO_KEY]),
    "pgp-signed": (1, [P, "it is a signature"]),
    "pgp-encrypted": (0, ["it is encrypted (PGP), " + NO_KEY]),
    "pgp-mime-encrypted": (0, ["it is encrypted, " + NO_KEY] * 2),
    "invitation": (2, [P, P, "the same invitation once more"]),
    "address-cards": (2, [P, P]),
    "table": (2, [P]),
    "table-wide": (1, [P]),
    "markdown": (1, [P]),
    "charset-shift_jis": (1, [P]),
    "charset-gb18030": (1, [P]),
    "charset-big5": (1, [P]),
    "charset-euc-kr": (1, [P]),
    "charset-koi8-r": (1, [P]),
    "charset-utf-16": (1, [P]),
}
BLUR = 2
BY_HTML = {"markdown"}  # its looks are those of the HTML path


def mail_of(name):
    """As it travels: lines end with CR LF."""
    return (DATA / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


def render(name):
    """(pages, fate of each part) as the worker gives them, run by hand."""
    read, write = os.pipe()
    with open(DATA / f"{name}.eml", "rb") as mail, os.fdopen(read) as answers:
        done = subprocess.run(
            ["sh", "-c", 'exec "$@" 3>&2 2>/dev/null', "sh",
             str(BIN / "platen-render"), "format=image/pwg-raster", "dpi=60",
             "head=1"],
            stdin=mail, stdout=subprocess.PIPE, stderr=write, timeout=60,
            check=True)
        os.close(write)
        lines = [dict(word.split("=", 1) for word in line.split())
                 for line in answers]
    assert "done" in lines[-1], lines[-1]
    fates = [urllib.parse.unquote(line["note"]) if line["printable"] == "0"
             else P for line in lines if "part" in line and "type" in line]
    return raster.read(done.stdout) if done.stdout else [], fates


@pytest.mark.parametrize("name", KINDS)
def test_kind_of_text_looks_as_it_should(name):
    n_pages, fates = KINDS[name]
    pages, found = render(name)
    assert found == fates
    assert len(pages) == n_pages
    if n_pages == 0 or name in BY_HTML:
        return
    pictures.check(pictures.of_page(pages[-1]), DATA / f"{name}.png", BLUR)


def test_the_tolerance_tells_pages_apart():
    """Other characters, a missing head, a table set otherwise are noticed."""
    images = {}
    for name, (n_pages, _) in KINDS.items():
        if n_pages > 0 and name not in BY_HTML:
            images[name] = pictures.kept(DATA / f"{name}.png")
    blank = Image.new("L", images["head"].size, 255)
    for name, image in images.items():
        assert pictures.difference(
            image, blank, BLUR) > pictures.TOLERANCE, name
    for a, b in (("table", "table-wide"), ("head", "invitation"),
                 ("charset-gb18030", "charset-big5")):
        assert pictures.difference(
            images[a], images[b], BLUR) > pictures.TOLERANCE, (a, b)


@pytest.mark.parametrize("name,n_pages", [
    ("winmail-html", 3), ("invitation", 2), ("table", 2), ("smime-signed", 1)])
def test_kind_of_text_is_mailed_and_printed(platend, ippeve, name, n_pages):
    platend.add_printer("lobby", ippeve.uri, media="a4", what="all")
    reply = mails.send(platend.smtp, mail_of(name))
    job = platend.wait_job(reply.job)
    assert job["state"] == "PRINTED", job
    assert len(raster.read(ippeve.documents()[0][1])) == n_pages
    ledger = platend.rows("SELECT fate, why FROM part_ledger WHERE job = ?",
                          reply.job)
    fates = KINDS[name][1]
    assert [row["why"] if row["fate"] != P else P for row in ledger] == fates


@pytest.mark.parametrize("name", ["smime-encrypted", "pgp-encrypted"])
def test_an_encrypted_mail_is_refused_with_its_reason(platend, ippeve, name):
    platend.add_printer("lobby", ippeve.uri, media="a4")
    reply = mails.send(platend.smtp, mail_of(name))
    job = platend.wait_job(reply.job)
    assert job["state"] == "FAILED" and not ippeve.documents()
    ledger = platend.rows("SELECT fate, why FROM part_ledger WHERE job = ?",
                          reply.job)
    assert [row["why"] for row in ledger] == KINDS[name][1]
