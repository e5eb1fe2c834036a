# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures that HTML mail leaves on the web: shown where the registration says
so, and asked for by nobody where it does not."""
import pytest

import mails
import raster
from web import RED, moved

LIMIT = 100  # pictures of one mail


@pytest.fixture
def platend(make_platend, ippeve):
    made = make_platend(web={"allow": "127.0.0.1", "timeout": "2s",
                             "page_bytes": "4M"})
    made.add_printer("lobby", ippeve.uri, media="a4", remote_pictures="yes")
    made.register("lobby", "closed", media="a4")
    return made


def print_html(platend, ippeve, body, to="lobby"):
    """The first page."""
    reply = mails.send(platend.smtp, mails.message(
        "News", html=f"<html><body><h1>News</h1>{body}</body></html>"), to=to)
    assert platend.wait_job(reply.job)["state"] == "PRINTED"
    why = platend.row("SELECT why FROM part WHERE job_id = ?",
                      reply.job)["why"]
    assert why == "" or why.endswith("not shown"), why
    return raster.read(ippeve.documents()[-1][1])[0]


def has_red(page):
    return any(all(abs(m - c) < 30 for m, c in zip(
        page.mean(.15, n / 50, .25, (n + 1) / 50), RED)) for n in range(50))


def everything(address):
    """A picture to see, and all else that a mail can ask for."""
    return (f"<img src='{address}/red.png' width=500 height=400>"
            f"<img src='{address}/pixel' width=1 height=1>"
            f"<img src='{address}/hidden' style='display:none'>"
            f"<link rel=stylesheet href='{address}/a.css'>"
            f"<style>@import '{address}/b.css';@font-face{{font-family:f;"
            f"src:url({address}/c)}}p{{font-family:f}}</style><p>x</p>"
            f"<iframe src='{address}/d'></iframe>"
            f"<object data='{address}/e'></object>"
            f"<video autoplay src='{address}/f'></video>"
            f"<script>fetch('{address}/g')</script>"
            f"<meta http-equiv=refresh content='1;url={address}/h'>")


def test_pictures_of_the_web_are_printed_where_they_are_wanted(
        platend, ippeve, web):
    assert has_red(print_html(platend, ippeve, everything(web.url)))
    assert web.asked == ["/red.png"]


def test_nothing_is_asked_for_where_they_are_not(platend, ippeve, web):
    page = print_html(platend, ippeve, everything(web.url), to="closed")
    assert not has_red(page) and page.ink() > 0
    assert web.n_connections == 0


def test_a_mail_of_such_pictures_alone_is_printed_as_its_text(platend, web):
    """Where they are not shown, the text says what the HTML does not."""
    words = "The spring sale begins on Monday, at nine in the morning. " * 3
    for to, printed in (("closed", "text/plain"), ("lobby", "text/html")):
        reply = mails.send(platend.smtp, mails.message(
            "Sale", words, html=f"<img src='{web.url}/red.png' width=500>"),
            to=to)
        assert platend.wait_job(reply.job)["state"] == "PRINTED"
        fates = {row["type"]: row["fate"] for row in platend.rows(
            "SELECT type, fate FROM part WHERE job_id = ?", reply.job)}
        assert fates.pop(printed) == "printed", fates
        assert list(fates.values()) == ["skipped"], fates
    assert web.asked == ["/red.png"]


def test_addresses_inside_are_not_asked_whoever_names_them(
        platend, ippeve, web, inside):
    web.routes["/inside"] = moved(f"{inside.url}/red.png")
    page = print_html(platend, ippeve, "".join(
        f"<img src='{url}' width=500 height=400>" for url in (
            f"{web.url}/inside", f"{inside.url}/red.png",
            inside.url.replace("127.0.0.2", "[::ffff:127.0.0.2]"),
            "http://169.254.169.254/latest", "file:///etc/passwd")))
    assert not has_red(page)
    assert web.asked == ["/inside"] and inside.n_connections == 0


def test_what_is_no_picture_is_not_shown(platend, ippeve, web):
    web.routes["/named.png"] = (200, {"Content-Type": "text/html"},
                                b"<body style='background:#dc1e1e'>x")
    web.routes["/gone.png"] = (404, {"Content-Type": "image/png"},
                               web.routes["/red.png"][2])
    page = print_html(platend, ippeve, "".join(
        f"<img src='{web.url}{path}' width=500 height=400>"
        for path in ("/named.png", "/gone.png")))
    assert not has_red(page) and len(web.asked) == 2


@pytest.mark.parametrize("to", ["lobby", "closed"])
def test_a_picture_that_is_missing_is_counted_once(platend, web, to):
    """However often the page names it, or asks again."""
    named = "".join(
        f"<img src='{web.url}/{name}'><p style='background:url({web.url}/{name})'>"
        f"x</p>" for name in ("none-1", "none-2", "none-1"))
    reply = mails.send(platend.smtp, mails.message("News", html=named), to=to)
    assert platend.wait_job(reply.job)["state"] == "PRINTED"
    assert platend.row("SELECT why FROM part WHERE job_id = ?", reply.job)[
        "why"].startswith("2 pictures on the web "), platend.log_text()


def test_pictures_have_limits(platend, ippeve, web):
    web.routes["/large.png"] = (200, {"Content-Type": "image/png"},
                                bytes(5 << 20))
    page = print_html(platend, ippeve, f"<img src='{web.url}/large.png'>" +
                      f"<img src='{web.url}/slow'>" + "".join(
                          f"<img src='{web.url}/none?{n}'>"
                          for n in range(LIMIT + 20)))
    assert page.ink() > 0
    assert len(web.asked) <= LIMIT


def test_no_cookie_and_no_referer_are_sent(platend, ippeve, web):
    status, headers, body = web.routes["/red.png"]
    web.routes["/red.png"] = (status, {
        **headers, "Set-Cookie": "who=you; Path=/"}, body)
    for _ in range(2):
        assert has_red(print_html(
            platend, ippeve,
            f"<img src='{web.url}/red.png' width=500 height=400>"))
    assert len(web.headers) == 2
    for headers in web.headers:
        assert not {"Cookie", "Referer", "Authorization"} & set(headers)


def test_the_registration_can_be_changed(platend, ippeve, web):
    number = platend.row("SELECT id FROM registration WHERE address = 'lobby'")
    platend.cli("registration", "set", number["id"], "remote-pictures=no")
    print_html(platend, ippeve, everything(web.url))
    assert web.n_connections == 0
    [row] = [r for r in platend.cli_json("registration", "list")
             ["registrations"] if r["address"] == "lobby"]
    assert row["remote-pictures"] == "no"
