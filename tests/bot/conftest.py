"""A real headless Chromium; every page it opens is watched for script errors and requests to other hosts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1366, "height": 800}
XSS = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
LOCAL = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:")

#: Opens a watched page in a context of its own; keywords as for Playwright's new_context.
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "no Chromium: run make test, which installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
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

    def message(said: Any) -> None:
        # A refused script or style says so here, and so does a missing file; 403 is our own "not listed".
        if said.type == "error" and "status of 403" not in said.text:
            errors.append(said.text)

    def new(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, "locale": "zh-CN", **options})
        context.set_default_timeout(15_000)
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
