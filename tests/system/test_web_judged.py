# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is behind a link is judged as its reader would: a page prints although
it has a login form in its head or says "not found", and what stands in place of
a page is told."""
import pytest

import mails
from web import html

HEAD = ("<header><a href=/>Shop</a><form><input name=q placeholder=Search>"
        "</form><a href=/login>Log in</a></header>")
FORM = ("<form><input type=email><input type=password><button>Log in</button>"
        "</form>")


def page(title, body, style=""):
    return html(f"<!doctype html><title>{title}</title><style>{style}</style>"
                f"{body}".encode())


PAGES = {
    "an order": page("Thank you", HEAD + """<main><h1>Thank you!</h1>
        <p>Order 4040-117: a kettle, 39.90</main>"""),
    "a form in the head": page("Line 7", f"""<header>{FORM}</header>
        <article><h1>Line 7 is back</h1><p>Every ten minutes.</article>"""),
    "a form that hides": page("Order", f"""<div id=a>{FORM}</div><h1>Order</h1>
        <p>A kettle, white, of steel, for one litre, with a lid.""",
        "#a{position:absolute;visibility:hidden}"),
    "a form beside the sheet": page("Order", f"""<div id=a>{FORM}</div>
        <h1>Order</h1><p>A kettle, white, of steel, for a litre, with a lid.""",
        "#a{position:fixed;width:300px;right:0;transform:translateX(100%)}"),
    "a password to be chosen": page("Order", HEAD + """<h1>Thank you</h1>
        <p>A kettle, 39.90<form>Choose a password <input type=password
        autocomplete=new-password></form>"""),
    "a short thread": page("Lost glove - Bikes", f"""<h1>Bikes</h1><h2>Lost
        glove</h2><p>I lost a glove at the fountain on the market; please tell
        me if you have found it, it is red and of wool.<h3>Login</h3>{FORM}"""),
    "contact": page("Contact", HEAD + """<main><h1>Contact us</h1><p>12 Mill
        Street<form><input><input type=email><textarea></textarea></form>"""),
    "how to log in": page("How to log in to the printer", """<h1>How to log in
        to the printer</h1><p>Press the key.<form><input></form>"""),
    "room 404": page("Room 404", "<h1>Room 404: cleaning</h1><p>Ann, Bob"),
    "about 404": page("What does 404 mean? - Basics",
                      "<h1>What does 404 mean?</h1><p>Nothing is there."),
    "a list to sign": page("Sign-in sheet", """<h1>Sign-in sheet</h1><p>Name,
        time<button>Print</button>"""),
    "a house": page("503 Mill Street", "<h1>503 Mill Street</h1><p>To let."),
    "a boiler": page("Boiler", "<h1>Scheduled maintenance: 4 May</h1><p>Cold."),
    "not found": page("Lost property", """<h1>Umbrella not found</h1><p>Ask at
        the town hall, where what does not exist any more is listed."""),
    "japanese": page("\u6a4b", """<header><a>\u30ed\u30b0\u30a4\u30f3</a><form>
        <input></form></header><h1>\u6a4b</h1><p>\u5de5\u4e8b\u306f"""),
    "frames": html(b"<frameset cols=*><frame src=/article></frameset>"),
}

WALLS = {
    "e-mail for a document": (page("Sign in to access the document", """
        <h1>Verify your identity</h1><p>You have received a secure link to
        report.docx. To open it, we need your address.<form><input type=email>
        <input type=submit value=Next></form>"""), "asks to log in"),
    "buttons": (page("Log in to Notes", """<h1>Log in</h1><button>Continue with
        SSO</button><p>By continuing you agree."""), "asks to log in"),
    "what is new": (page("Log in | Portal", HEAD + f"<h2>Log in</h2>{FORM}<p>" +
                         "You can do more than ever on our portal. " * 12),
                    "asks to log in"),
    "on its way": (html(b"""<body onload=document.forms[0].submit()><form
        action=/login method=post><input type=hidden name=SAMLRequest></form>
        """), "asks to log in"),
    "at once on its way": (html(b"""<form action=/login method=post><input
        type=hidden name=wresult><p>Scripts are off.</form>
        <script>document.forms[0].submit()</script>"""), "asks to log in"),
    "a menu around nothing": (page("404 Not Found | Shop", "<nav>" +
        "<a href=/>A thing of the shop</a> " * 40 + "</nav><h1>Page not found"),
        "no such page"),
    "a site's words": (page("Blog", "<h1>Oops! That page can\u2019t be found."),
                       "no such page"),
    "gone by script": (html(b"<script>location.replace('/gone')</script>"),
                       "no such page"),
    "maintenance": (page("Down for maintenance", "<h1>We'll be back soon!"),
                    "an error in place of the page"),
    "a guard": (page("Just a moment...", "<h1>Shop</h1><p>Enable JavaScript"),
                "kept from programs"),
}


def print_link(make_platend, ippeve, url):
    platend = make_platend(web={"allow": "127.0.0.1"})
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return lambda path: platend.wait_job(mails.send(
        platend.smtp, mails.message("A page", f"{url}{path}\n")).job)


def test_pages_are_printed(make_platend, ippeve, web):
    """One platend for all, as each would start a browser of its own."""
    show = print_link(make_platend, ippeve, web.url)
    refused = {}
    for name, answer in PAGES.items():
        web.routes["/page"] = answer
        job = show("/page")
        if job["state"] != "PRINTED":
            refused[name] = job["reason"]
    assert not refused


def test_what_stands_in_place_of_a_page_is_told(make_platend, ippeve, web):
    show = print_link(make_platend, ippeve, web.url)
    wrong = {}
    for name, (answer, found) in WALLS.items():
        web.routes["/page"] = answer
        job = show("/page")
        if job["state"] != "FAILED" or found not in job["reason"]:
            wrong[name] = job["state"], job["reason"]
    assert not wrong and ippeve.documents() == []
