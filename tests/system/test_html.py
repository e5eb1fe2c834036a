# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTML mail by the real browser: the pages are looked at, and nothing leaves."""
import base64
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import urllib.parse

import pytest
from PIL import Image, ImageChops

import mails
import raster
from fixtures import check_programs
from mails import Box
from programs import BIN, REPO
from waiting import until

SHELL = "/usr/bin/chromium-headless-shell"
check_programs(["platen-box"], [SHELL])
NEWSLETTER = (REPO / "tests/data/html/newsletter.html").read_text()
BLUE, SAND, MINT = (16, 64, 160), (240, 224, 192), (224, 240, 224)
WINE, ORANGE = (160, 32, 32), (250, 140, 0)


def newsletter(html=NEWSLETTER):
    mail = mails.message("News", html=html)
    logo = mails.picture("PNG", [Box(0, 0, 1, 1, ORANGE)])
    mail.add_related(logo, "image", "png", cid="<logo@news.example>",
                     disposition="inline", filename="logo.png")
    return mail


def print_mail(platend, ippeve, mail):
    before = len(ippeve.documents())
    job = platend.wait_job(mails.send(platend.smtp, mail).job)
    assert job["state"] == "PRINTED", job
    documents = ippeve.documents()
    assert len(documents) == before + 1
    ledger = platend.rows("SELECT * FROM part_ledger WHERE job = ?", job["id"])
    return raster.read(documents[-1][1]), ledger


def is_colour(found, expected, within=14):
    return all(abs(f - e) <= within for f, e in zip(found, expected))


@pytest.fixture
def lobby(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4", head="no")
    return platend


def body_of(ledger):
    [row] = [r for r in ledger if r["type"] == "text/html"]
    return row


def test_nested_tables_stand_where_they_should_in_their_colours(lobby, ippeve):
    [page], ledger = print_mail(lobby, ippeve, newsletter())
    assert body_of(ledger)["fate"] == "printed"
    assert body_of(ledger)["why"] == ""
    # 600 of the 718 points between the margins of A4, in the middle; one CSS
    # pixel is 1/794 of the page's width
    px, top = 1 / 794, 38 / 1123

    def at(x, y, size=12):
        left, upper = .5 + (x - 300) * px, top + y / 1123
        return page.mean(left, upper, left + size * px, upper + size / 1123)

    assert is_colour(at(8, 5), BLUE)
    assert is_colour(at(540, 30), ORANGE)
    assert is_colour(at(100, 360), SAND)
    assert is_colour(at(500, 360), MINT)
    assert is_colour(at(8, 400), WINE)
    assert is_colour(page.mean(.02, .5, .08, .9), (255, 255, 255), 2)
    assert is_colour(page.mean(.1, .5, .9, .9), (255, 255, 255), 2)


def test_a_long_table_goes_on_over_pages(lobby, ippeve):
    rows = "".join(f"<tr><td>Row {n}</td><td>{n * n}</td></tr>"
                   for n in range(150))
    pages, _ = print_mail(lobby, ippeve, mails.message(
        "Long", html=f"<table border=1>{rows}</table>"))
    assert 3 <= len(pages) <= 5
    assert all(page.ink_box()[3] > .8 for page in pages[:-1])


def block(colour, size="width:100px;height:60px"):
    return f"<div style='background:rgb{colour};{size}'></div>"


def has(page, colour, *part):
    """Somewhere in a part of the page."""
    line_step, n = 5, page.n_bytes
    left, top, right, bottom = part or (0, 0, 1, 1)
    x0, x1 = int(left * page.width) * n, int(right * page.width) * n
    for y, line in enumerate(page.lines()):
        if y % line_step == 0 and top <= y / page.height < bottom:
            row = line[x0:x1:1]
            if any(is_colour(row[x:x + 3], colour)
                   for x in range(0, len(row), 3 * line_step)):
                return True
    return False


@pytest.mark.parametrize("n_columns,corner", [
    (7, (.85, 0, .97, .2)),    # made smaller
    (14, (.03, .03, .2, .15))  # too small to be read: the paper is turned
], ids=["smaller", "turned"])
def test_a_table_wider_than_the_paper_is_whole(lobby, ippeve, n_columns,
                                               corner):
    cells = "<td style='min-width:140px'>column</td>" * (n_columns - 1)
    [page], _ = print_mail(lobby, ippeve, mails.message(
        "Wide", html=f"<table border=1><tr>{cells}<td bgcolor=#a02020 "
        f"style='min-width:140px'>last</td></tr></table>"))
    assert page.height > page.width
    assert has(page, WINE, *corner)
    assert not has(page, WINE, .3, 0, .8, 1)
    assert not has(page, WINE, 0, .3, 1, 1)
    left, top, right, bottom = page.ink_box()
    assert left > .03 and right < .98 and top > .02 and bottom < .98


@pytest.mark.parametrize("text", [
    f"<p>See https://x.example/{'0a' * 300}</p>",
    f"<pre>{'one word and another ' * 40}</pre>",
    f"<table><tr><td>{'w' * 500}</td></tr></table>"],
    ids=["address", "pre", "cell"])
def test_a_line_without_an_end_is_broken(lobby, ippeve, text):
    """It makes nothing else smaller: the block keeps its 300 pixels."""
    [page], _ = print_mail(lobby, ippeve, mails.message(
        "Long", html=text + block(BLUE, "width:300px;height:60px")))
    assert has(page, BLUE, .35, .05, .42, .4)
    assert page.ink_box()[2] < .98


@pytest.mark.parametrize("rule", [
    "margin:0", "margin:6cm", "size:A6 landscape;margin:1mm"])
def test_margins_and_paper_are_the_job_s(lobby, ippeve, rule):
    [page], _ = print_mail(lobby, ippeve, mails.message(
        "Page", html=f"<style>@page{{{rule}}} @page w{{margin:0}} "
        "body{margin:0;page:w}</style>" +
        block(BLUE, "width:100%;height:100px")))
    assert abs(page.height / page.width - 297 / 210) < .01
    left, top, right, _ = page.ink_box()
    assert abs(left - .048) < .01 and abs(right - .952) < .01
    assert abs(top - .034) < .01


def test_what_scrolls_is_printed_to_its_end(lobby, ippeve):
    rows = "<p>row</p>" * 60
    pages, _ = print_mail(lobby, ippeve, mails.message(
        "Box", html="<html style='height:100%'><body style='height:100%;"
        "overflow:hidden'><div style='height:100%;overflow:auto'>"
        f"<div style='height:200px;overflow:scroll'>{rows}{block(WINE)}</div>"
        f"{rows}{block(BLUE)}</div></body></html>"))
    assert len(pages) >= 3
    assert has(pages[-1], BLUE) and not has(pages[0], BLUE)
    assert any(has(page, WINE) for page in pages)


def test_what_floats_stands_on_one_page_and_hides_nothing(lobby, ippeve):
    pages, _ = print_mail(lobby, ippeve, mails.message(
        "Bar", html="<div style='position:fixed;top:0;left:0'>" +
        block(ORANGE, "width:600px;height:60px") + "</div>" +
        block(BLUE, "width:300px;height:40px") + "<p>text</p>" * 60))
    assert has(pages[0], ORANGE) and has(pages[0], BLUE)
    assert len(pages) >= 2 and not has(pages[1], ORANGE)


def test_a_picture_far_below_is_printed(lobby, ippeve):
    mail = newsletter("<div style='height:9000px'>far</div>"
                      "<img loading=lazy src='cid:logo@news.example'>")
    pages, _ = print_mail(lobby, ippeve, mail)
    assert has(pages[-1], ORANGE)


def test_pictures_left_on_the_web_are_told(lobby, ippeve):
    """Each once, but not the pixel that tells the sender who reads."""
    _, ledger = print_mail(lobby, ippeve, mails.message("Pictures", html=(
        "<p>Look:</p>"
        + "<p><img src='https://x.example/1.jpg' width=90 height=9>" * 300 +
        "<div style='background:url(http://x.example/2.jpg)'>x</div>"
        "<img src='https://x.example/pixel' width=1 height=1>")))
    assert body_of(ledger)["why"] == "2 pictures on the web are not shown"


@pytest.mark.parametrize("body, reason", [
    ("", "a subject alone"),
    ("<div><br></div><p>&nbsp;</p>", "a subject alone"),
    ("<p style='display:none'>a</p>", "there is nothing in it to print")])
def test_an_empty_mail_is_no_sheet(lobby, ippeve, body, reason):
    job = lobby.wait_job(mails.send(lobby.smtp, mails.message(
        "Empty", html=f"<html><body>{body}</body></html>")).job)
    assert job["state"] == "FAILED"
    assert reason in job["reason"]
    assert ippeve.documents() == []


def test_without_a_browser_it_is_text_and_the_ledger_says_so(make_platend,
                                                              ippeve):
    platend = make_platend(printing={"browser": "off"})
    platend.add_printer("lobby", ippeve.uri, media="a4")
    [page], ledger = print_mail(platend, ippeve, newsletter())
    assert body_of(ledger)["why"] == \
        "printed as text: no browser is installed"
    assert page.ink() > .003


def children_of(pid):
    listing = subprocess.run(["ps", "-eo", "pid=,ppid=,comm="], text=True,
                             stdout=subprocess.PIPE, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    found, wanted = [], {str(pid)}
    while wanted:
        new = [r for r in rows if r[1] in wanted]
        found += new
        wanted = {r[0] for r in new}
    return [(int(r[0]), r[2]) for r in found]


def browsers(platend):
    return [pid for pid, name in children_of(platend.pid)
            if name.startswith("chromium")]


def test_a_killed_browser_costs_nobody_a_mail(lobby, ippeve):
    assert browsers(lobby) == []  # none before the first HTML
    print_mail(lobby, ippeve, newsletter())
    assert browsers(lobby)
    for _ in range(2):
        os.kill(min(browsers(lobby)), 9)
        _, ledger = print_mail(lobby, ippeve, newsletter())
        assert body_of(ledger)["why"] == ""


def test_a_browser_ends_with_platend(lobby, ippeve):
    print_mail(lobby, ippeve, newsletter())
    pids = browsers(lobby)
    lobby.kill()
    until(lambda: not any(pathlib.Path(f"/proc/{p}").exists() for p in pids),
          "the end of the browser")
    lobby.start()


# --- nothing leaves ----------------------------------------------------------

class Canary:
    """Hears whatever reaches one port of loopback, TCP and UDP."""

    def __init__(self):
        self.heard = []
        self.asked = set()
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.threads = [threading.Thread(target=t, daemon=True)
                        for t in (self._tcp, self._udp)]
        for thread in self.threads:
            thread.start()

    def _tcp(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.tcp.accept()
                self.heard.append("tcp")
                threading.Thread(target=self._read, args=(peer,),
                                 daemon=True).start()

    def _read(self, peer):
        """What it asks for; some only connect, and wait."""
        with peer, contextlib.suppress(OSError, IndexError):
            peer.settimeout(5)
            self.asked.add(peer.recv(200).split(b" ")[1].decode())

    def _udp(self):
        with contextlib.suppress(OSError):
            while self.udp.recvfrom(2000)[0] != b"end":
                self.heard.append("udp")

    def close(self):
        self.tcp.shutdown(socket.SHUT_RDWR)
        self.tcp.close()
        self.udp.sendto(b"end", ("127.0.0.1", self.port))
        for thread in self.threads:
            thread.join(10)
        self.udp.close()


@pytest.fixture
def canary():
    made = Canary()
    yield made
    made.close()


WAYS_OUT = {
    "img": "<img src='http://{a}/1.png'>",
    "srcset": "<img srcset='http://{a}/2.png 2x'>",
    "background": "<div style='background:url(http://{a}/3)'>x</div>",
    "link": "<link rel=stylesheet href='http://{a}/4.css'>",
    "import": "<style>@import 'http://{a}/5.css';</style>",
    "font": "<style>@font-face{{font-family:f;src:url(http://{a}/6)}}"
            "p{{font-family:f}}</style><p>x</p>",
    "iframe": "<iframe src='http://{a}/7'></iframe>",
    "srcdoc": "<iframe srcdoc=\"<img src='http://{a}/8'>\"></iframe>",
    "object": "<object data='http://{a}/9'></object>",
    "embed": "<embed src='http://{a}/10'>",
    "video": "<video autoplay src='http://{a}/11' poster='http://{a}/12'>"
             "</video>",
    "svg": "<svg><image href='http://{a}/13'/><use href='http://{a}/14#x'/>"
           "</svg>",
    "prefetch": "<link rel=prefetch href='http://{a}/15'>"
                "<link rel=preconnect href='http://{a}'>"
                "<link rel=dns-prefetch href='//{a}'>"
                "<link rel=prerender href='http://{a}/16'>",
    "form": "<form action='http://{a}/17' target=f><input autofocus></form>"
            "<iframe name=f></iframe><script>document.forms[0].submit()"
            "</script>",
    "ping": "<a id=p ping='http://{a}/25' href='#x'>x</a>"
            "<script>p.click()</script>",
    "open": "<script>window.open('http://{a}/26')</script>",
    "script": "<script src='http://{a}/27'></script>"
              "<script type=module>import('http://{a}/28').catch(e=>0)</script>",
    "hints": "<link rel=preload as=image href='http://{a}/29'>"
             "<link rel=modulepreload href='http://{a}/30'>"
             "<link rel=icon href='http://{a}/31'>"
             "<link rel=manifest href='http://{a}/32'>"
             "<link rel='alternate stylesheet' title=t href='http://{a}/33'>",
    "attributes": "<table background='http://{a}/34'><tr><td>x</table>"
                  "<input type=image src='http://{a}/35'>"
                  "<audio autoplay src='http://{a}/36'></audio>"
                  "<video><source src='http://{a}/37'>"
                  "<track default src='http://{a}/38'></video>"
                  "<picture><source srcset='http://{a}/39'><img></picture>",
    "css": "<style>ul{{list-style:url(http://{a}/40)}}"
           "b{{cursor:url(http://{a}/41),auto;border-image:url(http://{a}/42) 9;"
           "mask-image:url(http://{a}/43);-webkit-mask-image:"
           "url(http://{a}/44)}}b::before{{content:url(http://{a}/45)}}"
           "i{{background:image-set('http://{a}/46' 1x);shape-outside:"
           "url(http://{a}/47);float:left;width:9px;height:9px}}"
           "@media print{{u{{background:url(http://{a}/48)}}}}</style>"
           "<ul><li>x</ul><b>x</b><i>x</i><u>x</u>",
    "svg parts": "<svg><filter id=q><feImage href='http://{a}/49'/></filter>"
                 "<rect width=9 height=9 filter='url(#q)'/><rect width=9 "
                 "height=9 fill='url(http://{a}/50#p)'/></svg>"
                 "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/"
                 "2000/svg'><image href='http://{a}/51'/></svg>\">",
    "requests": "<script>let r=new XMLHttpRequest();r.open('GET',"
                "'http://{a}/52');r.send();new Image().src='http://{a}/53';"
                "fetch('http://{a}/54',{{mode:'no-cors',keepalive:true}})"
                ".catch(e=>0)</script>",
    "imports": "<script>new Worker(URL.createObjectURL(new Blob(["
               "'importScripts(\"http://{a}/55\")'])))</script>",
    "transport": "<script>try{{new WebTransport('https://{a}/56')}}catch(e){{}}"
                 "try{{navigator.serviceWorker.register('http://{a}/57')"
                 ".catch(e=>0)}}catch(e){{}}</script>",
    "speculation": "<script type=speculationrules>{{\"prefetch\":[{{\"source\":"
                   "\"list\",\"urls\":[\"http://{a}/58\"]}}]}}</script>",
    "policy": "<iframe srcdoc=\"<meta http-equiv=Content-Security-Policy "
              "content=&quot;img-src 'none';report-uri http://{a}/59&quot;>"
              "<img src='http://{a}/63'>\"></iframe>",
    "frames": "<iframe src='view-source:http://{a}/60'></iframe>"
              "<iframe src='javascript:location=\"http://{a}/61\"'></iframe>"
              "<iframe src='data:text/html,<img src=http://{a}/62>'></iframe>",
    "fetch": "<script>fetch('http://{a}/18').catch(e=>0)</script>",
    "beacon": "<script>navigator.sendBeacon('http://{a}/19','x')</script>",
    "websocket": "<script>new WebSocket('ws://{a}/20')</script>",
    "events": "<script>new EventSource('http://{a}/21')</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob(["
              "'fetch(\"http://{a}/22\")'])))</script>",
    "webrtc": "<script>let p=new RTCPeerConnection({{iceServers:[{{urls:"
              "'stun:{a}'}}]}});p.createDataChannel('x');"
              "p.createOffer().then(o=>p.setLocalDescription(o))</script>",
    "location": "<script>setTimeout(()=>location='http://{a}/23',800)"
                "</script>",
    "refresh": "<meta http-equiv=refresh content='1;url=http://{a}/24'>",
}


def page_of(canary, names=WAYS_OUT):
    return "<html><body><h1>Still here</h1>" + "".join(
        WAYS_OUT[n].format(a=f"127.0.0.1:{canary.port}") for n in names)


# Guards of the browser's own, by which a page of elsewhere asks for nothing of
# this machine: they are not what is tested.
OPEN = ("--disable-features=LocalNetworkAccessChecks,"
        "BlockInsecurePrivateNetworkRequests")


def dump(prefix, page):
    """The page as the browser has it after 2.5 s of its time."""
    return subprocess.run(
        [*prefix, SHELL, "--no-first-run", "--disable-gpu", "--timeout=2500", OPEN,
         "--dump-dom", f"data:text/html,{urllib.parse.quote(page)}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=60).stdout


def test_mail_finds_no_way_out(lobby, ippeve, canary):
    for names in (WAYS_OUT, ["refresh"], ["iframe", "object"]):
        pages, ledger = print_mail(lobby, ippeve, mails.message(
            "Escape", html=page_of(canary, names)))
        assert body_of(ledger)["fate"] == "printed"
        left, top, right, bottom = pages[0].ink_box()
        assert top < .12, "what was there is there no more"
    assert canary.heard == []


def test_files_of_the_machine_are_not_shown(lobby, ippeve, home):
    picture = home / "red.png"
    picture.write_bytes(mails.picture("PNG", [Box(0, 0, 1, 1, WINE)]))
    page = home / "red.html"
    page.write_text("<body style='background:#a02020;width:900px'>x")
    [sheet], _ = print_mail(lobby, ippeve, mails.message("Files", html=(
        f"<h1>Files</h1><base href='file://{home}/'><img src='red.png'>"
        f"<img src='file://{picture}'><iframe src='file://{page}'></iframe>"
        f"<object data='file://{page}'></object><embed src='file://{picture}'>"
        f"<div style='background:url(file://{picture});height:90px'>x</div>"
        "<iframe src='chrome://version'></iframe>"
        f"<iframe src='view-source:file://{page}'></iframe>")))
    assert sheet.ink() > 0 and not has(sheet, WINE)


@pytest.fixture
def home():
    """Where the browser may write when it runs outside of the box."""
    folder = pathlib.Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_box_has_no_network_whatever_runs_in_it(canary, home):
    """With scripts, and without anybody who answers requests: the same page,
    once outside, where the canary hears it, and once in the box."""
    outside = ["env", f"HOME={home}"]
    if os.geteuid() == 0:
        outside = ["setpriv", "--reuid=65534", "--regid=65534",
                   "--clear-groups", *outside]
    assert "Still here" in dump(outside, page_of(canary))
    assert "tcp" in canary.heard and "udp" in canary.heard
    assert len(canary.asked) > 40, "so many ways lead out without a box"
    canary.heard.clear()
    boxed = [BIN / "platen-box", "browser", "--"]
    assert "Still here" in dump(boxed, page_of(canary))
    assert canary.heard == []


@pytest.mark.parametrize("first", ["amp", "html"])
def test_the_interactive_form_of_a_mail_is_not_printed(lobby, ippeve, first):
    """Black all over: it cannot be overlooked."""
    forms = {"amp": ("x-amp-html", "<!doctype html><html amp4email><body "
                     "style='background:#000'>Click me</body></html>"),
             "html": ("html", "<h1>News</h1>")}
    mail = mails.message("News", "News")
    for kind in sorted(forms, key=lambda kind: kind != first):
        mail.add_alternative(forms[kind][1], subtype=forms[kind][0])
    pages, ledger = print_mail(lobby, ippeve, mail)
    assert 0 < pages[0].ink() < .2
    assert sorted((row["fate"], "AMP" in row["why"]) for row in ledger) == [
        ("printed", False), ("skipped", False), ("skipped", True)]


def test_pictures_of_the_body_are_no_documents_however_named(lobby, ippeve):
    """A mail whose pictures were not recognised lost its body to them."""
    names = {"img%201@x": "<img 1@x>", "P%2540Q@h": "<p%40q@h>",
             "plain@h": "plain@h"}
    mail = mails.message("Named", html="<h1>Pictures</h1>" + "".join(
        f"<img src='cid:{url}' width=200 height=90>" for url in names))
    for cid in names.values():
        mail.add_related(mails.picture("PNG", [Box(0, 0, 1, 1, ORANGE)]),
                         "image", "png", cid=cid)
    [page], ledger = print_mail(lobby, ippeve, mail)
    assert body_of(ledger)["fate"] == "printed"
    assert [r["why"] for r in ledger if r["type"] == "image/png"] == \
        ["a picture that belongs to the body"] * 3
    left, top, right, _ = page.ink_box()
    assert has(page, ORANGE, .1, 0, .2, .5) and has(page, ORANGE, .8, 0, .9, .5)


def test_a_newsletter_of_linked_pictures_is_printed_itself(lobby, ippeve):
    mail = newsletter("<a href='http://shop.example/'><img width=600 height=300 "
                      "src='cid:logo@news.example'></a>")
    [page], ledger = print_mail(lobby, ippeve, mail)
    assert body_of(ledger)["fate"] == "printed" and has(page, ORANGE)


# --- what screens scroll, and paper cuts off ---------------------------------

BLUE_EDGE = mails.picture("PNG", [Box(.8, 0, 1, 1, BLUE)], (2400, 1200))
WORD = """<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><style>
@page WordSection1 {size:612.0pt 792.0pt; margin:170.85pt}
div.WordSection1 {page:WordSection1}
</style></head><body><div class=WordSection1><p>Good morning,</p>
<p style="background:#1040a0;height:80px">&nbsp;</p></div></body></html>"""


def of_photo(attributes):
    data = base64.b64encode(BLUE_EDGE).decode()
    return (f"<p>Look</p><img {attributes} "
            f"src='data:image/png;base64,{data}'>")


@pytest.fixture
def with_head(platend, ippeve):
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return platend


def blue_box(page):
    """Where the blue is: left, top, right, bottom of 1."""
    image = Image.frombytes("RGB", (page.width, page.height),
                            b"".join(page.lines()))
    red, _, blue = image.resize((210, 297), Image.Resampling.BOX).split()
    left, top, right, bottom = ImageChops.subtract(blue, red).point(
        lambda v: 255 if v > 100 else 0).getbbox()
    return left / 210, top / 297, right / 210, bottom / 297


def test_a_mail_of_word_begins_below_its_head(with_head, ippeve):
    """Its page has a name and margins of its own."""
    pages, _ = print_mail(with_head, ippeve, mails.message("W", html=WORD))
    assert len(pages) == 1
    left, top, right, _ = blue_box(pages[0])
    assert left < .09 and right > .9 and top < .3


def test_margins_of_a_mail_do_not_move_it(with_head, ippeve):
    html = ("<style>@page{margin:0}</style>"
            "<p style='background:#1040a0;height:80px'>&nbsp;</p>")
    pages, _ = print_mail(with_head, ippeve, mails.message("M", html=html))
    left, _, right, _ = blue_box(pages[0])
    assert .03 < left < .09 and .9 < right < .97


@pytest.mark.parametrize("html", [
    "<table width=1600><tr><td bgcolor=white>a<td width=100 "
    "bgcolor=#1040a0>&nbsp;<br>&nbsp;</table>",
    of_photo(""), of_photo("width=2400 height=1200"),
    "<pre>" + "word " * 60 + "<span style='background:#1040a0'>"
    + "w" * 40 + "</span></pre>",
    "<p>Number " + "a" * 200 + "<span style='background:#1040a0'>"
    + "a" * 60 + "</span></p>"],
    ids=["table", "photo", "photo with its size", "pre", "word"])
def test_what_is_wider_than_paper_is_printed_to_its_end(with_head, ippeve,
                                                         html):
    pages, _ = print_mail(with_head, ippeve, mails.message("Wide", html=html))
    assert len(pages) == 1
    left, top, right, bottom = blue_box(pages[0])
    assert right < .97
    if "2400" in html:  # and not squeezed
        assert abs((bottom - top) * 297 / ((right - left) * 210) - 2.5) < .15


def test_an_empty_html_form_leaves_the_text(with_head, ippeve):
    mail = mails.message("Empty", "The text", "<div dir=ltr><br></div>")
    _, ledger = print_mail(with_head, ippeve, mail)
    assert [(row["fate"], row["why"]) for row in ledger] == [
        ("printed", ""), ("skipped", "it is empty")]


@pytest.mark.parametrize("html", [
    "<style>@media print{body{display:none}}</style><p>The words",
    "<style>@media print{#c{display:none}}</style><div id=c>The words</div>",
    "<html><head><title/></head><body><p>The words</p></body></html>",
    "<html><frameset cols='*,*'><frame src='http://x.example/'><noframes>"
    "<body><p>The words</body></noframes></frameset></html>",
], ids=["hidden", "hidden below the head", "in a title", "not in a frame"])
def test_words_that_would_not_be_on_paper_are_printed_as_text(
        with_head, ippeve, html):
    [page], ledger = print_mail(with_head, ippeve,
                                mails.message("Words", html=html))
    assert body_of(ledger)["fate"] == "printed"
    assert body_of(ledger)["why"] == \
        "printed as text: as a page it shows no words"
    assert page.ink(.05, .03, .9, .1) > .002   # the head
    assert page.ink(.05, .1, .3, .16) > .0005


def test_what_a_click_would_open_is_open(lobby, ippeve):
    [page], _ = print_mail(lobby, ippeve, mails.message("More", html=(
        f"<details><summary>More</summary><p style='{BAR}'>&nbsp;</details>")))
    assert is_colour(page.mean(.3, .065, .7, .075), BLUE)


BAR = "background:#1040a0;height:40px;margin:0"


@pytest.mark.parametrize("html", [
    f"<style>@keyframes f{{from{{opacity:0}}to{{opacity:1}}}}</style>"
    f"<p style='animation:f .5s .3s both;{BAR}'>&nbsp;",
    "<style>@keyframes s{from{transform:translateX(-2000px)}to{}}</style>"
    f"<p style='animation:s 2s both;{BAR}'>&nbsp;",
    "<style>@keyframes f{from{opacity:0}to{opacity:1}}</style>"
    f"<p style='animation:f 1s infinite alternate;{BAR}'>&nbsp;",
    "<svg width=700 height=40><rect width=0 height=40 fill='#1040a0'>"
    "<animate attributeName=width from=0 to=700 dur=1s fill=freeze /></svg>",
    f"<marquee><span style='{BAR};display:inline-block;width:690px'>&nbsp;"
    f"</span></marquee>"],
    ids=["fades in", "slides in", "pulses", "grows", "runs"])
def test_what_moves_has_arrived_on_paper(with_head, ippeve, html):
    pages, _ = print_mail(with_head, ippeve, mails.message("Moves", html=html))
    left, _, right, _ = blue_box(pages[0])
    assert left < .09 and right > .9
