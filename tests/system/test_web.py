# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail that is a link prints what is behind it, or says what was found."""
import pytest

import mails
import raster
from web import BLUE, ESCAPES, GREEN, RED, html, moved


@pytest.fixture
def lobby(make_platend, ippeve):
    platend = make_platend(web={"allow": "127.0.0.1", "timeout": "2s",
                                "page_bytes": "4M"})
    platend.add_printer("lobby", ippeve.uri, media="a4")
    return platend


def parts_of(platend, job_id):
    return {row["part"]: row for row in platend.rows(
        "SELECT * FROM part WHERE job_id = ?", job_id)}


def send_link(platend, *urls, subject="A page", text=None, **message):
    text = text or "".join(f"{url}\n" for url in urls)
    reply = mails.send(platend.smtp, mails.message(subject, text, **message))
    job = platend.wait_job(reply.job)
    return job, parts_of(platend, reply.job)


def printed_pages(ippeve):
    return raster.read(ippeve.documents()[-1][1])


def colours_down(page):
    """Which of the test's colours stand in the page's middle, from its top."""
    seen = []
    for n in range(100):
        mean = page.mean(.2, n / 100, .4, (n + 1) / 100)
        for colour in (RED, BLUE, GREEN):
            if all(abs(m - c) < 30 for m, c in zip(mean, colour)) and \
                    colour not in seen:
                seen.append(colour)
    return seen


def test_pdf_behind_a_link_prints_as_itself(lobby, ippeve, web):
    job, parts = send_link(lobby, web.url + "/report.pdf")
    assert job["state"] == "PRINTED", job
    assert parts["web-1"]["fate"] == "printed"
    assert parts["web-1"]["name"] == web.url + "/report.pdf"
    assert parts["1"]["fate"] == "skipped"
    assert "web page" in parts["1"]["why"]
    pages = [page for page in printed_pages(ippeve) if page.ink_box()]
    left, top, right, bottom = pages[-2].ink_box()
    assert abs(left - .2) < .05 and abs(bottom - .3) < .05
    assert web.asked == ["/report.pdf"]


def test_picture_behind_a_link_prints_as_itself(lobby, ippeve, web):
    job, parts = send_link(lobby, web.url + "/photo.jpg")
    assert job["state"] == "PRINTED", job
    assert parts["web-1"]["type"] == "image/jpeg"
    page = printed_pages(ippeve)[0]
    assert page.ink(.2, .1, .8, .3) > .6


@pytest.mark.parametrize("path,kind", [
    ("/feed", "text/html"), ("/data.json", "text/plain"),
    ("/untyped", "text/plain")])
def test_what_can_be_read_is_set_to_be_read(lobby, ippeve, web, path, kind):
    job, parts = send_link(lobby, web.url + path)
    assert job["state"] == "PRINTED", job
    assert parts["web-1"]["type"] == kind
    assert printed_pages(ippeve)[0].ink_box()


@pytest.mark.parametrize("path,found", [
    ("/members", "asks to log in"),
    ("/wall", "asks to log in"),
    ("/secret", "asks to log in (HTTP 401)"),
    ("/missing", "no such page (HTTP 404)"),
    ("/broken", "answers with an error (HTTP 500)"),
    ("/nothing", "the page is empty"),
    ("/silent-script", "the page is empty"),
    ("/late-login", "asks to log in"),
    ("/email-first", "asks to log in"),
    ("/soft-404", "no such page"),
    ("/tool.bin", "cannot be printed"),
    ("/around", "more than 5 times"),
    ("/to-file", "only http and https"),
    ("/endless", "larger than 4096 kB"),
    ("/bomb", "larger than 4096 kB"),
    ("/slow", "did not answer within 2 s"),
])
def test_what_is_no_page_is_told(lobby, ippeve, web, path, found):
    job, parts = send_link(lobby, web.url + path)
    assert job["state"] == "FAILED", job
    assert found in job["reason"]
    assert parts["web-1"]["fate"] == "failed"
    assert found in parts["web-1"]["why"]
    assert ippeve.documents() == []


def test_a_host_may_be_named_in_any_letters(lobby):
    job, _ = send_link(lobby, "http://b\u00fccher.invalid/")
    assert job["reason"] == "nothing was printed: there is no host of that name"


def test_article_prints_as_a_browser_shows_it(lobby, ippeve, web):
    job, parts = send_link(lobby, web.url + "/moved")
    assert job["state"] == "PRINTED", job
    assert parts["web-1"] | {"fate": "printed", "why": ""} == parts["web-1"]
    assert parts["web-1"]["name"] == web.url + "/article"
    page = printed_pages(ippeve)[0]
    top = colours_down(page)
    assert BLUE in top and RED in top and GREEN not in top
    assert top.index(BLUE) < top.index(RED)
    assert {"/article", "/style.css", "/red.png",
            "/from-script"} <= set(web.asked)


def test_reader_prints_the_article_alone(lobby, ippeve, web):
    job, parts = send_link(lobby, web.url + "/article", subject="reader")
    assert job["state"] == "PRINTED", job
    colours = colours_down(printed_pages(ippeve)[0])
    assert RED in colours and BLUE not in colours
    assert "/from-script" not in web.asked


def test_screen_prints_what_a_screen_shows(lobby, ippeve, web):
    job, parts = send_link(lobby, web.url + "/article", subject="[screen]")
    assert job["state"] == "PRINTED", job
    assert GREEN in colours_down(printed_pages(ippeve)[0])


def test_page_reaches_nothing_inside(lobby, ippeve, web, inside):
    page = ESCAPES.format(inside=inside.url,
                          socket=inside.url.replace("http", "ws"))
    web.routes["/escapes"] = html(page.encode())
    job, parts = send_link(lobby, web.url + "/escapes")
    assert job["state"] == "PRINTED", job
    assert web.asked[0] == "/escapes"
    assert inside.n_connections == 0


def test_page_that_scripts_fill_is_waited_for(lobby, ippeve, web):
    web.routes["/app"] = html(b"""<body><div id=a></div><script>
        setTimeout(async () => { const r = await fetch("/data");
        document.getElementById("a").innerHTML = await r.text(); }, 500);
        alert("wait"); </script>""")
    web.routes["/data"] = html(
        b'<div style="background:rgb(220,30,30);height:300px;'
        b'print-color-adjust:exact"></div>now')
    job, parts = send_link(lobby, web.url + "/app")
    assert job["state"] == "PRINTED", job
    assert RED in colours_down(printed_pages(ippeve)[0])


FAR = "<div style='height:7000px'>far</div>"


@pytest.mark.parametrize("picture", [
    "<img loading=lazy src=/red.png>",
    """<img data-src=/red.png width=300 height=300><script>
    new IntersectionObserver(all => all.forEach(one => {
      if (one.isIntersecting) one.target.src = one.target.dataset.src;
    })).observe(document.querySelector("img"))</script>"""], ids=["late", "observed"])
@pytest.mark.parametrize("subject", ["A page", "screen"])
def test_pictures_that_wait_to_be_scrolled_to_are_printed(
        lobby, ippeve, web, picture, subject):
    web.routes["/lazy"] = html(f"<!doctype html>{FAR}{picture}".encode())
    job, parts = send_link(lobby, web.url + "/lazy", subject=subject)
    assert job["state"] == "PRINTED", job
    assert "/red.png" in web.asked
    assert RED in colours_down(printed_pages(ippeve)[-1])


def bar(colour, where):
    return (f"<div style='position:fixed;left:0;right:0;{where};background:"
            f"rgb{colour};print-color-adjust:exact'>Do agree</div>")


def test_banners_hide_nothing(lobby, ippeve, web):
    """The site's head stays at the top, what asks for a click is left out."""
    web.routes["/banners"] = html((
        "<html style='overflow:hidden;height:100%'><body style='height:100%;"
        "overflow:hidden'>" + bar(BLUE, "top:0;height:60px") +
        bar(GREEN, "bottom:0;height:120px") + bar((0, 0, 0), "top:0;bottom:0") +
        "<h1 style='margin-top:90px'>Text</h1>" + "<p>A paragraph.</p>" * 80 +
        "<img src=/red.png></body></html>").encode())
    job, parts = send_link(lobby, web.url + "/banners")
    pages = printed_pages(ippeve)
    assert len(pages) >= 3
    assert colours_down(pages[0]) == [BLUE]
    assert colours_down(pages[-1]) == [RED]
    assert all(page.ink() < .3 for page in pages)


def test_a_page_that_scrolls_inside_is_printed_to_its_end(lobby, ippeve, web):
    web.routes["/shell"] = html((
        "<body style='margin:0;overflow:hidden'><div style='position:fixed;"
        "inset:0;display:flex'><nav style='width:10%;overflow:auto'>" +
        "menu<br>" * 900 + "</nav><main style='flex:1;overflow:auto'>" +
        "<p>A paragraph.</p>" * 80 + "<img src=/red.png></main></div>"
        ).encode())
    job, parts = send_link(lobby, web.url + "/shell")
    pages = printed_pages(ippeve)
    assert 3 <= len(pages) <= 5
    assert RED in colours_down(pages[-1])


def test_inside_stays_closed(lobby, ippeve, web, inside):
    web.routes["/to-inside"] = moved(inside.url + "/article")
    for url in (inside.url + "/article", web.url + "/to-inside"):
        job, parts = send_link(lobby, url)
        assert job["state"] == "FAILED"
        assert "inside the network" in job["reason"]
        assert parts["web-1"]["fate"] == "failed"
    assert inside.n_connections == 0


def test_nothing_of_the_server_s_own_is_used_or_told(
        make_platend, ippeve, make_web, web, inside, tmp_path):
    """No proxy, password or cookie of the environment or of another host."""
    for name in (".netrc", ".curlrc", "_netrc"):
        (tmp_path / name).write_text(
            "default login me password secret\n" if "net" in name
            else f"proxy = {inside.url}\nheader = Authorization: x\n")
    proxies = {f"{name}_proxy": inside.url for name in ("http", "https", "all")}
    platend = make_platend(
        web={"allow": "127.0.0.1"},
        env={**proxies, **{k.upper(): v for k, v in proxies.items()},
             "HOME": str(tmp_path), "CURL_HOME": str(tmp_path),
             "NETRC": str(tmp_path / ".netrc"), "no_proxy": "",
             "SSLKEYLOGFILE": str(tmp_path / "keys")})
    platend.add_printer("lobby", ippeve.uri, media="a4")
    other = make_web()
    status, headers, body = html(b"<h1>Elsewhere</h1><img src=/red.png>")
    other.routes["/else"] = status, headers, body
    web.routes["/go"] = (302, {
        "Location": other.url.replace("127.0.0.1", "localhost") + "/else",
        "Set-Cookie": "who=you; Path=/; Domain=127.0.0.1",
        "Alt-Svc": f'h2="{inside.url[7:]}"; ma=999, clear',
        "Link": f"<{inside.url}/pushed>; rel=preload; as=image",
        "Refresh": f"0;url={inside.url}/refreshed"}, b"")
    other.routes["/go"] = (*web.routes["/go"][:1], {
        **web.routes["/go"][1], "Location": web.url + "/else"}, b"")
    web.routes["/else"] = other.routes["/else"]
    job, parts = send_link(platend, other.url + "/go")
    assert job["state"] == "PRINTED", job
    assert web.asked[0] == "/else" and "/red.png" in web.asked
    for asked in web.headers:
        assert not {"Authorization", "Proxy-Authorization"} & set(asked)
    assert "http" not in str(web.headers[0].get("Referer", ""))
    assert inside.n_connections == 0
    assert not (tmp_path / "keys").exists()


def test_some_links_print_while_others_are_told(lobby, ippeve, web):
    job, parts = send_link(lobby, web.url + "/missing", web.url + "/photo.jpg",
                           web.url + "/nothing")
    assert job["state"] == "PRINTED"
    assert job["pages"] == 1
    assert [parts[f"web-{n}"]["fate"] for n in (1, 2, 3)] == [
        "failed", "printed", "failed"]


def test_what_is_left_out_of_a_page_of_many_files_is_told(lobby, ippeve, web):
    for n in range(310):
        web.routes[f"/{n}.png"] = web.routes["/red.png"]
    web.routes["/many"] = html(b"<p>Many pictures" + b"".join(
        b"<img width=5 height=5 src=/%d.png>" % n for n in range(310)))
    job, parts = send_link(lobby, web.url + "/many")
    assert job["state"] == "PRINTED", job
    assert parts["web-1"]["why"].startswith("printed without 10 of its files")


def test_links_beyond_the_limit_are_told(make_platend, ippeve, web):
    platend = make_platend(web={"allow": "127.0.0.1", "links": 2})
    platend.add_printer("lobby", ippeve.uri, media="a4")
    job, parts = send_link(platend, *[f"{web.url}/photo.jpg?{n}"
                                      for n in range(3)])
    assert job["state"] == "PRINTED" and job["pages"] == 2
    assert parts["web-3"]["fate"] == "failed"
    assert parts["web-3"]["why"] == "only the first 2 links of a mail are printed"
    assert len(web.asked) == 2


def test_a_letter_with_a_link_is_a_letter(lobby, ippeve, web):
    text = f"Hello, have a look at {web.url}/article when you have time.\n"
    job, parts = send_link(lobby, text=text)
    assert job["state"] == "PRINTED"
    assert parts["1"]["fate"] == "printed" and "web-1" not in parts
    assert web.n_connections == 0


def test_subject_asks_for_the_page_of_a_letter(lobby, ippeve, web):
    text = f"As promised:\n<{web.url}/photo.jpg>\n-- \nJo {web.url}/home\n"
    job, parts = send_link(lobby, text=text, subject="For you [url]")
    assert job["state"] == "PRINTED"
    assert parts["web-1"]["fate"] == "printed"
    assert web.asked == ["/photo.jpg"]


@pytest.mark.parametrize("text", ["", "\n-- \nJo"])
@pytest.mark.parametrize("words", ["Fwd: {} [2x]", "{}"])
def test_a_subject_may_be_the_link(lobby, ippeve, web, words, text):
    job, parts = send_link(lobby, text=text,
                           subject=words.format(web.url + "/photo.jpg"))
    assert job["state"] == "PRINTED", job
    assert parts["web-1"]["fate"] == "printed", parts
    assert ("copies=2" in job["options"]) == ("2x" in words)


def test_words_with_a_link_as_subject_are_a_note(lobby, ippeve, web):
    job, parts = send_link(lobby, text="", subject=f"See {web.url}/photo.jpg")
    assert job["state"] == "PRINTED" and "web-1" not in parts
    assert web.n_connections == 0


def test_attached_documents_come_first(lobby, ippeve, web):
    job, parts = send_link(
        lobby, web.url + "/article",
        attachments=[(mails.pdf([3]), "application/pdf", "a.pdf")])
    assert job["state"] == "PRINTED"
    assert web.n_connections == 0


def test_switched_off_it_prints_the_link(make_platend, ippeve, web):
    platend = make_platend(web={"enabled": "no"})
    platend.add_printer("lobby", ippeve.uri, media="a4")
    job, parts = send_link(platend, web.url + "/article")
    assert job["state"] == "PRINTED"
    assert parts["1"]["fate"] == "printed"
    assert web.n_connections == 0
