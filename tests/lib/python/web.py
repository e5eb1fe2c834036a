# SPDX-License-Identifier: AGPL-3.0-or-later
"""A web server of the test's own: pages as they are found on the web, and those
that are no pages at all. It remembers what was asked of it."""
import gzip
import http.server
import threading

import mails
from mails import Box

RED = (220, 30, 30)
BLUE = (30, 60, 200)
GREEN = (20, 150, 40)

STYLE = b"""
h1 { font-size: 30px }
.box { background: rgb(30,60,200); height: 120px; -webkit-print-color-adjust: exact }
nav { background: #eee }
@media print { .only-screen { display: none } }
.only-screen { background: rgb(20,150,40); height: 100px; print-color-adjust: exact }
"""

PARAGRAPH = "<p>" + "The quick brown fox jumps over the lazy dog. " * 12 + "</p>"

ARTICLE = f"""<!DOCTYPE html><html><head><title>Foxes and dogs</title>
<meta charset="utf-8"><link rel="stylesheet" href="style.css"></head><body>
<nav><ul><li><a href="/">Home</a><li><a href="/a">Away</a></ul></nav>
<div class="only-screen"></div><div class="box"></div>
<article><h1>Foxes and dogs</h1><img src="/red.png" width="300" height="200">
{PARAGRAPH}{PARAGRAPH}{PARAGRAPH}</article>
<div id="script"></div><script>
document.getElementById("script").textContent = "Written by a script";
fetch("/from-script").catch(() => 0);
</script></body></html>""".encode()

LOGIN = b"""<html><body><h1>Sign in</h1><form method=post><input name=user>
<input type=password name=password><button>Go</button></form></body></html>"""

ESCAPES = """<html><head><link rel=stylesheet href="{inside}/a.css">
<link rel=prefetch href="{inside}/b"><script src="{inside}/c.js"></script></head>
<body><p>A page that reaches for what is inside.</p><img src="{inside}/d.png">
<iframe src="{inside}/e"></iframe><object data="{inside}/f"></object>
<script>fetch("{inside}/g").catch(() => 0);
navigator.sendBeacon("{inside}/h"); new WebSocket("{socket}/i");
</script></body></html>"""


def html(body, status=200):
    return status, {"Content-Type": "text/html; charset=utf-8"}, body


def moved(to):
    return 302, {"Location": to}, b""


ROUTES = {
    "/article": html(ARTICLE),
    "/style.css": (200, {"Content-Type": "text/css"}, STYLE),
    "/red.png": (200, {"Content-Type": "image/png"},
                 mails.picture("PNG", [Box(0, 0, 1, 1, RED)])),
    "/report.pdf": (200, {"Content-Type": "application/pdf"},
                    mails.pdf([[Box(.2, .2, .4, .3)], [Box(.6, .7, .8, .8)]])),
    "/photo.jpg": (200, {"Content-Type": "image/jpeg"},
                   mails.picture("JPEG", [Box(0, 0, 1, .5, RED)])),
    "/tool.bin": (200, {"Content-Type": "application/octet-stream"},
                  bytes(range(256)) * 20),
    "/moved": moved("/article"),
    "/around": moved("/around"),
    "/members": moved("/login?next=/members"),
    "/login": html(b"<html><body>Hello" + LOGIN),
    "/wall": html(LOGIN),
    "/feed": (200, {"Content-Type": "application/rss+xml"}, b"""<rss><channel>
        <title>The Daily Dog</title><item><title>Foxes</title><description>
        A fox.</description></item></channel></rss>"""),
    "/data.json": (200, {"Content-Type": "application/json"}, b'{"a":[1,2]}'),
    "/untyped": (200, {}, b"Words that nobody calls text."),
    "/secret": html(b"<p>No", 401),
    "/missing": html(b"<html><body><h1>404</h1></body></html>", 404),
    "/broken": html(b"<html><body>Oops</body></html>", 500),
    "/nothing": html(b"<html><head><title>x</title></head><body> </body></html>"),
    "/silent-script": html(b"<html><body><script>1</script></body></html>"),
    "/late-login": html(b"""<html><body><script>document.body.innerHTML =
        "<h1>Welcome</h1><input type=password>"</script></body></html>"""),
    "/email-first": html(b"""<html><body><h2>Sign in to your account</h2>
        <form><input type=email><button>Next</button></form></body></html>"""),
    "/soft-404": html(b"""<html><head><title>Page not found</title></head><body>
        <p>Sorry, we looked everywhere.</p></body></html>"""),
    "/to-file": moved("file:///etc/passwd"),
    "/bomb": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"},
              gzip.compress(b" " * (80 << 20), 9)),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802
        self.server.web.asked.append(self.path)
        self.server.web.headers.append(self.headers)
        try:
            self.answer(self.path.partition("?")[0])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, path):
        if path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            while not self.server.web.stopping.is_set():
                self.wfile.write(b"<p>more</p>" * 10000)
            return
        if path == "/slow":
            self.server.web.stopping.wait(60)
            return
        status, headers, body = self.server.web.routes.get(
            path, html(b"<p>There is nothing", 404))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def get_request(self):
        self.web.n_connections += 1
        return super().get_request()

    def handle_error(self, *args):
        pass


class Web:
    """On 127.0.0.1, which the tests open; another address is "inside"."""

    def __init__(self, ip="127.0.0.1", routes=None):
        self.routes = dict(ROUTES if routes is None else routes)
        self.asked, self.headers = [], []
        self.n_connections = 0
        self.stopping = threading.Event()
        self.server = Server((ip, 0), Handler)
        self.server.web = self
        self.url = f"http://{ip}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever,
                         kwargs={"poll_interval": .05}, daemon=True).start()

    def stop(self):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
