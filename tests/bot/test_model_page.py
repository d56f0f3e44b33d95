"""A model's words in the page, in a real headless Chromium: they grow in their turn, and can be stopped."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from benchmarks.scripted import GOOD, Scripted, Step, running, scripted_server
from bot.model import TALKS
from bot.rate_limit import RateLimit
from bot.settings import BotSettings
from bot.state import state_of
from bot.web import create_app
from tests.bot.conftest import DESKTOP, Visit, serious

QUESTION = "催收把我通讯录里的人全打了一遍,这违法吗?"


@pytest.fixture(scope="module")
def scripted() -> Iterator[Scripted]:
    with scripted_server() as server:
        yield server


@pytest.fixture(scope="module")
def site(scripted: Scripted, data: Path) -> Iterator[str]:
    settings = BotSettings(_env_file=None, data=data, model="typing", model_url=scripted.url, model_seconds=60)
    app = create_app(settings)
    state_of(app).model_answers = RateLimit("1000 per minute", "1000 per minute")
    with running(app) as address:
        deadline = time.monotonic() + 120
        while httpx.get(f"{address}/healthz").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield address


def ask(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("textbox", name="你的问题").fill(QUESTION)
    page.get_by_role("button", name="发送").click()


def typed(text: str, seconds: float) -> list[Step]:
    """A text as a person sees it typed."""
    return [step for at in range(0, len(text), 8) for step in (text[at : at + 8], seconds)]


@pytest.mark.parametrize("size", [{}, {"viewport": DESKTOP, "color_scheme": "dark"}])
def test_checked_sentences_grow_in_their_turn(
    size: dict[str, object], visit: Visit, site: str, scripted: Scripted
) -> None:
    scripted.says("typing", *typed(GOOD, 0.1))
    page = visit(**size)
    ask(page, site)
    expect(page.locator("#talk .verdict")).to_contain_text("一般是违法的")
    expect(page.locator("#talk .writing")).to_be_visible()
    page.locator("#talk .ticks input").first.check()
    expect(page.locator("#talk .note")).to_contain_text("语言模型", timeout=20_000)
    expect(page.locator("#talk .turn")).to_have_count(1)
    expect(page.locator("#talk .told li")).to_have_count(2)
    expect(page.locator("#talk .told a.chip")).to_have_count(1)
    expect(page.locator("#talk .ticks input").first).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []


def test_the_widget_shows_the_answer_at_once_and_lets_it_grow(phone: Page, site: str, scripted: Scripted) -> None:
    scripted.says("typing", GOOD[:60], 3.0, GOOD[60:])
    phone.goto(f"{site}/embed")
    phone.get_by_label("你的问题").fill(QUESTION)
    phone.get_by_role("button", name="发送").click()
    expect(phone.locator("#talk .verdict")).to_contain_text("一般是违法的")
    expect(phone.locator("#talk .writing")).to_be_visible()
    expect(phone.locator("#talk .told li")).to_have_count(2)
    expect(phone.locator("#talk .note")).to_contain_text("语言模型")
    expect(phone.locator("#talk .turn")).to_have_count(1)
    scripted.says("typing", GOOD[:60], *typed("你可以给放款机构客服发书面要求，只联系你本人。[3]" * 12, 0.5))
    phone.get_by_label("你的问题").fill(QUESTION)
    phone.get_by_role("button", name="发送").click()
    expect(phone.locator("#talk .turn").last.locator(".told")).to_be_visible()
    before = scripted.hung_up
    phone.get_by_role("button", name="停下").click()
    expect(phone.locator("#talk .writing")).to_have_text("已停下。")
    deadline = time.monotonic() + 10
    while scripted.hung_up == before and time.monotonic() < deadline:
        phone.wait_for_timeout(50)
    assert scripted.hung_up > before


def test_the_person_stops_the_model(phone: Page, site: str, scripted: Scripted) -> None:
    scripted.says("typing", GOOD[:60], 30.0)
    ask(phone, site)
    expect(phone.locator("#talk .told")).to_contain_text("通讯录里的人和这笔债没有关系")
    before = scripted.hung_up
    phone.get_by_role("button", name="停下").first.click()
    expect(phone.locator("#talk .writing")).to_have_text("已停下。")
    expect(phone.get_by_role("button", name="发送")).to_be_visible()
    deadline = time.monotonic() + 5
    while scripted.hung_up == before and time.monotonic() < deadline:
        phone.wait_for_timeout(50)
    assert scripted.hung_up > before


def test_a_second_question_stops_the_model_and_no_word_of_it_is_lost(
    phone: Page, site: str, scripted: Scripted
) -> None:
    scripted.says("typing", GOOD[:60], 30.0)
    ask(phone, site)
    expect(phone.locator("#talk .told")).to_be_visible()
    box, second = phone.get_by_role("textbox", name="你的问题"), "他们现在砸门了"
    expect(box).to_have_value("")
    before = scripted.hung_up
    box.press_sequentially(second, delay=100)
    expect(box).to_have_value(second)
    box.press("Enter")
    expect(phone.locator("#talk .turn").last.locator(".asked")).to_contain_text(second)
    expect(phone.locator("#talk .writing").first).to_have_text("已停下。")
    assert scripted.hung_up > before
    expect(box).to_have_value("")


def test_what_a_model_wrote_wrongly_is_not_in_the_page(phone: Page, site: str, scripted: Scripted) -> None:
    scripted.says("typing", "根据《民法典》第九千条，催收要判刑。<b onclick=x>点我</b>。你欠的钱全部作废。")
    ask(phone, site)
    expect(phone.locator("#talk .note")).to_contain_text("没有通过核对")
    expect(phone.locator("#talk .told")).to_have_count(0)
    assert "九千" not in phone.locator("#talk").inner_text()


def over_http(site: str, question: str) -> str:
    """An answer from the JSON API."""
    return httpx.post(f"{site}/api/ask", json={"question": question}, timeout=60).text


def in_chat(site: str, question: str) -> str:
    """What the chat page hears of a turn."""
    session = secrets.token_hex(4)
    asked = {"data": [question, []], "fn_index": 0, "session_hash": session}
    httpx.post(f"{site}/gradio_api/queue/join", json=asked, timeout=60).raise_for_status()
    return httpx.get(f"{site}/gradio_api/queue/data?session_hash={session}", timeout=60).text


@pytest.mark.parametrize("way", [over_http, in_chat])
def test_nobody_waits_for_other_people_s_model(
    way: Callable[[str, str], str], site: str, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def stall(_: dict[str, object]) -> Iterator[Step]:
        yield GOOD[:60]
        while not go_on.is_set():
            yield 0.1

    monkeypatch.setattr("bot.model.client.SILENCE", 30.0)
    scripted.scripts["typing"] = stall
    heard, hung_up = len(scripted.heard), scripted.hung_up
    threads = [threading.Thread(target=way, args=(site, QUESTION)) for _ in range(TALKS + 6)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 15
    while len(scripted.heard) < heard + TALKS and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "12356" in way(site, "我不想活了")
    for path in ("/healthz", "/situations/contacts-bombed"):
        assert httpx.get(site + path, timeout=30).is_success
    assert scripted.hung_up < hung_up + TALKS  # models were silent all this while
    go_on.set()
    for thread in threads:
        thread.join()
