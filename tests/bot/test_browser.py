"""The borrower's page in a real headless Chromium, at phone size."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
XSS = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>催收打我妈电话违法吗"


@pytest.fixture(scope="module")
def phone() -> Iterator[Page]:
    assert CHROMIUM, "no Chromium: run make test, which installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        yield page
        browser.close()


@pytest.fixture
def watched(phone: Page, server: str) -> Iterator[Page]:
    """The page, with every outside request and every script error counted; both must stay at zero."""
    outside: list[str] = []
    errors: list[str] = []

    def request(made) -> None:  # type: ignore[no-untyped-def]
        if not made.url.startswith((server, server.replace("http", "ws"), "data:", "blob:", "about:")):
            outside.append(made.url)

    def error(raised) -> None:  # type: ignore[no-untyped-def]
        errors.append(str(raised))

    phone.on("request", request)
    phone.on("pageerror", error)
    yield phone
    phone.remove_listener("request", request)
    phone.remove_listener("pageerror", error)
    assert outside == []
    assert errors == []


def ask(page: Page, server: str, question: str) -> None:
    page.goto(server)
    page.wait_for_load_state("networkidle")
    page.locator("#question textarea").fill(question)
    page.get_by_role("button", name="发送").click()
    page.locator("article.answer").first.wait_for(timeout=20_000)


def test_a_borrower_asks_and_opens_a_citation(watched: Page, server: str) -> None:
    ask(watched, server, "催收把我通讯录里的人全打了一遍,这违法吗?")
    answer = watched.locator("article.answer").first
    expect(answer.locator(".verdict")).to_contain_text("违法")
    expect(answer).to_contain_text("现在怎么做")
    chip = answer.locator("details.cite").first
    chip.locator("summary").click()
    expect(chip.locator(".law")).to_be_visible()
    page = chip.get_attribute("data-url")
    assert page is not None
    watched.goto(server + page)
    expect(watched.locator("h1")).to_contain_text("》第")
    expect(watched.locator(".law")).to_be_visible()


def test_what_a_person_types_is_shown_as_text(watched: Page, server: str) -> None:
    ask(watched, server, XSS)
    expect(watched.get_by_text("<img src=x").first).to_be_visible()
    assert watched.title() != "hacked"


def test_danger_is_answered_with_a_number_to_dial(watched: Page, server: str) -> None:
    ask(watched, server, "我不想活了，欠太多了")
    assert watched.locator('article.answer a[href^="tel:"]').count() >= 1


def test_the_checker_marks_a_wrong_citation(watched: Page, server: str) -> None:
    watched.goto(f"{server}/check")
    watched.locator("textarea").fill("根据《合同法》第二百零六条和《民法典》第六百七十条，<b>特此</b>函告。")
    watched.get_by_role("button", name="核对", exact=True).click()
    expect(watched.locator(".finding.bad")).to_have_count(1)
    expect(watched.locator(".marked")).to_contain_text("<b>特此</b>")
