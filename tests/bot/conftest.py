"""A real headless Chromium; every page it opens is watched for script errors and requests to other hosts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
expect.set_options(timeout=15_000)  # as for every other wait: a busy machine is slow, not wrong
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1366, "height": 800}
XSS = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
EXPECTED = "status of 40[139]|ERR_INTERNET_DISCONNECTED"
PLAIN = "plain.test"  # this machine under a name that the browser does not trust as it trusts 127.0.0.1
LOCAL = re.compile(rf"(https?|wss?)://(127\.0\.0\.1|localhost|{re.escape(PLAIN)})[:/]|data:|blob:|about:")

#: Gradio's client hangs up on a question still under way when its page is left, and reports that as an error; said
#: before it does, this tells the watcher that the page is going. A new page says that it has come.
LEAVING = """if (self === top) {
  console.debug("a page has come");
  addEventListener("beforeunload", () => console.debug("a page is going"));
}"""

#: Opens a watched page in a context of its own; keywords as for Playwright's new_context.
Visit = Callable[..., Page]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that cannot be opened."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.chain.Bot.open", full)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "no Chromium: run make test, which installs it"
    with sync_playwright() as playwright:
        args = ["--no-sandbox", f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """New pages at phone size unless told otherwise; at the end no error and no outside request may have been seen."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    errors: list[str] = []

    def request(made: Any) -> None:
        if not LOCAL.match(made.url):
            outside.append(made.url)

    going: set[Page] = set()

    def message(said: Any) -> None:
        if said.text == "a page is going":
            going.add(said.page)
        elif said.text == "a page has come":
            going.discard(said.page)
        # A refused script or style says so here, and so does a missing file; 401, 403 and 409 are our own "sign in",
        # "not listed" and "changed meanwhile"; without a connection is who was put there.
        elif said.type == "error" and not re.search(EXPECTED, said.text) and said.page not in going:
            errors.append(said.text)

    def new(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, "locale": "zh-CN", **options})
        context.set_default_timeout(15_000)
        context.add_init_script(LEAVING)
        contexts.append(context)
        context.on("request", request)
        context.on("console", message)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        return context.new_page()

    yield new
    for context in contexts:
        context.close()
    assert outside == []
    assert errors == []


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit()


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical on a page, frames included."""
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
