"""The widget on a help site of another origin: allowed and refused, on a phone, under a strict policy."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, Request, Response, Route, expect

from tests.bot.conftest import DESKTOP, PLAIN, XSS, Visit, serious
from tests.conftest import free_port

#: Serves a page with this script at this origin, and returns the origin.
Host = Callable[[str, str], str]
EVENTS = """<script nonce=x>
for (const n of ["ready", "open", "close", "answer", "slow", "refused"])
  document.addEventListener("borrowerhelp:" + n, (e) => document.body.className += ` ${n}${JSON.stringify(e.detail)}`);
</script>"""


@pytest.fixture
def host(server: str) -> Iterator[Host]:
    running: list[ThreadingHTTPServer] = []

    def serve(origin: str, script: str) -> str:
        body = f'<h1>求助</h1><button id="own">x</button>{EVENTS}{script}'
        page = f'<!doctype html><html lang="zh"><title>求助</title>{body}'

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                ours = f"{server} {plain(server)}"
                policy = (
                    "default-src 'none'; img-src data:; style-src 'nonce-x'; "
                    f"script-src 'nonce-x' {ours}; frame-src {ours}"
                )
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_: object) -> None: ...

        listening = ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port or 0), Page)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        running.append(listening)
        return origin

    yield serve
    for one in running:
        one.shutdown()
        one.server_close()


def plain(server: str) -> str:
    """The server at plain http, where browsers do not say what they load a page for."""
    return server.replace("127.0.0.1", PLAIN)


def tag(server: str, attributes: str = "") -> str:
    return f'<script src="{server}/widget.js" {attributes} defer></script>'


def heard(page: Page, event: str) -> None:
    """Wait for an event of the widget; what it tells the page is in its name."""
    expect(page.locator("body")).to_have_class(re.compile(re.escape(event)))


def open_panel(page: Page) -> None:
    """Open the panel by its button and wait until it is ready."""
    page.get_by_role("button", name="问法律助手").click()
    heard(page, "ready{}")


def test_a_listed_site(visit: Visit, server: str, help_site: str, host: Host) -> None:
    page = visit()
    loaded: list[Response] = []
    page.on("response", lambda r: loaded.append(r) if r.url.startswith(server) else None)
    page.goto(host(help_site, tag(server, 'data-topic="contacts"') * 2))  # two on a page are one
    expect(page.get_by_role("button", name="问法律助手")).to_have_count(1)
    assert [response.url for response in loaded] == [f"{server}/widget.js"]
    assert len(loaded[0].body()) < 10_000
    open_panel(page)
    assert sum(len(response.body()) for response in loaded) < 60_000  # a phone on a slow line has it in a moment
    panel = page.get_by_role("dialog")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    chat = page.frame_locator("iframe")
    expect(chat.locator("#question")).to_be_focused()
    chat.get_by_role("button", name="催收爆通讯录违法吗").click()
    expect(chat.locator(".verdict")).to_contain_text("违法")
    heard(page, "answer{}")  # and not a word of what was said
    for _ in range(60):  # Tab goes round inside the panel
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") != "BUTTON"
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="问法律助手")).to_be_focused()
    page.locator("#own").focus()
    page.evaluate("BorrowerHelp.ask('催收说要上门怎么办')")
    expect(chat.locator(".asked").last).to_have_text(re.compile("上门"))
    page.keyboard.press("Escape")
    expect(page.locator("#own")).to_be_focused()


def test_a_browser_of_before_adopted_style_sheets(visit: Visit, server: str, help_site: str, host: Host) -> None:
    page = visit(viewport=DESKTOP)
    page.add_init_script("""delete ShadowRoot.prototype.adoptedStyleSheets;
    window.CSSStyleSheet = function () { throw new TypeError("Illegal constructor"); };""")
    page.goto(host(help_site, tag(server, 'nonce="x"')))
    assert page.evaluate("'adoptedStyleSheets' in document.createElement('p').attachShadow({ mode: 'open' })") is False
    launcher = page.get_by_role("button", name="问法律助手")
    assert launcher.evaluate("(node) => getComputedStyle(node).position") == "fixed"
    open_panel(page)
    assert page.get_by_role("dialog").bounding_box() == {"x": 948, "y": 102, "width": 402, "height": 682}


def test_attributes_are_taken_as_text(visit: Visit, server: str, help_site: str, host: Host) -> None:
    text = XSS.replace("'", "&#39;").replace('"', "&quot;")
    keys = ("title", "greeting", "questions", "topic", "label", "colour", "side", "lang")
    page = visit(viewport=DESKTOP)
    page.goto(host(help_site, tag(server, " ".join(f'data-{key}="{text}"' for key in keys))))
    page.get_by_role("button", name="<img src=x").click()
    heard(page, "ready{}")
    expect(page.frame_locator("iframe").locator(".greeting")).to_contain_text("<img src=x")
    expect(page.frame_locator("iframe").locator("#choices button").first).to_contain_text("<img src=x")
    expect(page.frame_locator("iframe").get_by_role("button", name="清空")).to_be_visible()
    assert page.title() == "求助"
    assert serious(page) == []


@pytest.mark.parametrize("secure", [True, False], ids=["trusted", "plain http"])
def test_a_link_puts_no_words_into_our_mouth(
    visit: Visit, server: str, help_site: str, host: Host, secure: bool
) -> None:
    page, address = visit(viewport=DESKTOP), server if secure else plain(server)
    places: list[str | None] = []

    def asked(request: Request) -> None:
        if "/embed?" in request.url:
            places.append(request.all_headers().get("sec-fetch-dest"))

    page.on("requestfinished", asked)
    page.goto(host(help_site, tag(address, 'data-greeting="本站的话" data-questions="怎么交保证金？"')))
    open_panel(page)
    frame = page.frame_locator("iframe")
    expect(frame.locator(".greeting")).to_have_text("本站的话")
    expect(frame.locator("#choices button")).to_have_text(["怎么交保证金？"])
    link = f"{address}/embed?greeting=您已涉嫌诈骗&questions=怎么交保证金？"
    page.goto(link, referer=f"{help_site}/forum")
    expect(page.locator("#choices button")).to_have_count(3)
    expect(page.locator(".greeting")).to_contain_text("发生了什么")
    expect(page.locator("body")).not_to_contain_text("保证金")
    assert places == (["iframe", "document"] if secure else [None, None])


def test_words_of_who_is_not_listed_are_not_taken(server: str, help_site: str) -> None:
    def taken(**headers: str) -> bool:
        page = httpx.get(f"{server}/embed", params={"greeting": "您已涉嫌诈骗"}, headers=headers).text
        return "您已涉嫌诈骗" in page

    frame = {"sec-fetch-dest": "iframe"}
    assert taken(**frame, referer=help_site)
    assert not any((taken(), taken(**frame), taken(referer="https://evil.example/")))
    assert not taken(**{"sec-fetch-dest": "document"}, referer=help_site)


def test_a_site_that_is_not_listed_is_told_so(visit: Visit, server: str, host: Host) -> None:
    reply = httpx.get(
        f"{server}/embed",
        headers={"sec-fetch-dest": "iframe", "referer": "https://evil.example/x", "accept": "text/html"},
    )
    assert reply.status_code == 403
    assert "没有登记" in reply.text
    page = visit(viewport=DESKTOP)
    origin = f"http://localhost:{free_port()}"
    page.goto(host(origin, tag(server)))
    page.get_by_role("button", name="问法律助手").click()
    heard(page, "open{} refused{}")
    expect(page.frame_locator("iframe").get_by_role("heading")).to_have_text("这个网站没有登记")


@pytest.mark.parametrize("path", ["/api/ask", "/embed/ask", "/feedback", "/gradio_api/queue/join"])
def test_only_a_listed_site_may_ask_from_its_pages(server: str, help_site: str, path: str) -> None:
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}

    def reply(method: str, origin: str) -> httpx.Response:
        headers = {"host": "help.example", "origin": origin, "content-type": "application/json"}
        return httpx.request(method, server + path, content="{}", headers=headers | asks)

    for method in ("OPTIONS", "POST"):
        refused = reply(method, "https://evil.example")
        assert (refused.status_code, refused.headers.get("access-control-allow-origin")) == (403, None)
        assert "https://evil.example 没有登记" in refused.json()["error"]
        assert reply(method, help_site).headers["access-control-allow-origin"] == help_site
    assert reply("OPTIONS", help_site).is_success
    assert reply("POST", "https://help.example").status_code == 422  # our own page


def test_a_slow_panel_is_not_called_refused(visit: Visit, server: str, help_site: str, host: Host) -> None:
    page, held = visit(), list[Route]()
    page.clock.install()

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/embed?*", hold)
    page.goto(host(help_site, tag(server)))
    page.get_by_role("button", name="问法律助手").click()
    page.clock.fast_forward(5000)
    heard(page, "open{} slow{}")
    expect(page.get_by_role("link", name="在新窗口打开")).to_be_visible()
    held[0].continue_()
    heard(page, "open{} slow{} ready{}")
    expect(page.get_by_role("link", name="在新窗口打开")).to_be_hidden()


def test_questions_of_the_site_have_their_turn_and_chinese_is_named(phone: Page, server: str) -> None:
    phone.goto(f"{server}/embed?lang=en")
    phone.locator("#question").fill("写了一半")
    phone.evaluate(
        "for (const question of ['催收说要上门', '爆通讯录', '砍头息合法吗']) postMessage({ type: 'ask', question })"
    )
    expect(phone.locator(".asked")).to_have_text([re.compile("上门"), re.compile("砍头息")])
    expect(phone.locator("#question")).to_have_value("写了一半")
    expect(phone.locator("#said")).to_contain_text("回答好了")
    for spoken in ("#talk", "#said", "#choices button", ".standing p"):
        assert phone.locator(spoken).first.evaluate("(node) => node.closest('[lang]').lang") == "zh-CN"
    assert phone.locator("#ask label").evaluate("(node) => node.closest('[lang]').lang") == "en"


def test_a_suggestion_gives_its_situation(phone: Page, server: str) -> None:
    phone.goto(f"{server}/embed")
    expect(phone.locator("#choices button")).to_have_count(3)
    expect(phone.locator('.standing a[href="tel:12356"]')).to_be_visible()
    phone.locator("#question").fill("叫我做假病历")
    phone.keyboard.press("Enter")
    phone.locator("#choices button", has_text="交给了银行").click()  # its words alone are refused
    expect(phone.locator("#talk article").last).to_have_attribute("data-situation", "acts-false-papers-submitted")


def test_the_demo_page(phone: Page, server: str) -> None:
    phone.goto(f"{server}/demo")
    phone.get_by_role("button", name="替我问").click()
    expect(phone.frame_locator("iframe").locator(".verdict")).to_be_visible()
