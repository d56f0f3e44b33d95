"""The volunteer's journey in a real browser, from the login to a saved letter; letters, sessions and expiry without."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import httpx
import pytest
from docx import Document
from fastapi import Request
from playwright.sync_api import Dialog, Page, expect

from benchmarks.scripted import running
from bot import records, unanswered
from bot.answer import Answer
from bot.chain import Bot
from bot.letters import Pad, load_letters, write_letter
from bot.login import Login, ShutError
from bot.page_texts import Fact, load_page_texts
from bot.rate_limit import RateLimit
from bot.settings import BotSettings
from bot.web import create_app
from bot.word import tame, to_docx
from corpus.cards import load_cards
from corpus.citations import find, resolve
from corpus.files import FileError
from corpus.reference import Reference
from corpus.statutes import load, today
from tests.bot.conftest import DESKTOP, PHONE, XSS, Visit, serious

PASSWORD = "灯塔"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def desk(visit: Visit, server: str) -> Page:
    return signed_in(visit, server)


def signed_in(visit: Visit, server: str) -> Page:
    page = visit(viewport=DESKTOP)
    page.goto(f"{server}/desk")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="进入").click()
    expect(page.locator("#find")).to_be_focused()
    return page


def test_from_a_search_to_a_saved_letter(desk: Page, tmp_path: Path) -> None:
    desk.keyboard.type("爆通讯录")
    expect(desk.locator("#found button").first).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("#view h2").first).to_be_focused()
    desk.keyboard.press("c")
    for collected in ("citations", "steps", "evidence", "channels"):
        expect(desk.locator(f"#{collected} li").first).to_be_visible()
    unwanted = desk.locator("#steps li").first.locator("span").inner_text()
    desk.locator("#steps li").first.get_by_role("button").click()
    desk.get_by_role("button", name="通话小结").click()
    expect(desk.locator("#text")).to_have_value(re.compile("现在怎么做"))
    assert unwanted not in desk.locator("#text").input_value()
    desk.get_by_label("打了我家人、朋友、同事的电话").check()
    desk.get_by_label("再加一条").fill(XSS + "半夜打电话")
    desk.keyboard.press("Enter")
    expect(desk.locator("#facts label").last).to_contain_text("<img src=x")
    desk.get_by_label("再加一条").fill("写错了")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="去掉 写错了").click()
    expect(desk.locator("#facts label").last).to_contain_text("<img src=x")
    desk.locator("#notes").fill(XSS)
    for scheme in SCHEMES:
        desk.emulate_media(color_scheme=scheme)
        assert serious(desk) == []
    desk.reload()  # the case is still there
    expect(desk.get_by_label("打了我家人、朋友、同事的电话")).to_be_checked()
    desk.get_by_role("button", name="投诉信").click()
    expect(desk.locator("#blanks")).to_contain_text("【姓名】")
    text = desk.locator("#letter textarea").input_value().replace("【姓名】", "王小明")
    desk.locator("#letter textarea").fill(text)
    expect(desk.locator("#blanks")).not_to_contain_text("姓名")
    desk.get_by_role("button", name="核对引注").click()
    expect(desk.locator("#letter-said")).to_have_text(re.compile(r"^\d+ 处条文现行有效、没有看出出入，请和原文对一遍$"))
    rule = "《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》第二十五条"  # real, but not a statute
    desk.locator("#letter textarea").fill(f"{text}\n{rule}\n")
    desk.get_by_role("button", name="核对引注").click()
    expect(desk.locator("#letter-said")).to_have_text(
        re.compile(r"^\d+ 处条文现行有效、没有看出出入，请和原文对一遍；1 处本站没有原文，请自己核对$")
    )
    desk.locator("#letter textarea").fill(text)
    for button, name in (("存成 Word", "投诉信.docx"), ("存成 .md", "投诉信.md")):
        with desk.expect_download() as saved:
            desk.get_by_role("button", name=button).click()
        assert saved.value.suggested_filename == name
        saved.value.save_as(tmp_path / name)
    statutes = load("default")
    said = "\n".join(p.text for p in Document(str(tmp_path / "投诉信.docx")).paragraphs)
    assert "王小明" in said
    assert "打了我家人、朋友、同事的电话" in said
    cited = list(find(said, statutes))
    assert len(cited) >= 3
    assert all(resolve(f, statutes).status == "ok" for f in cited)
    assert "侵扰他人的私人生活安宁" in said  # the words of the law stand below
    assert desk.title() != "hacked"


def test_no_address_has_words_of_the_caller(desk: Page, server: str) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.keyboard.type("王小明的通讯录被爆了")
    expect(desk.locator("#found button").first).to_be_visible()
    assert set(asked) == {f"{server}/desk/search"}


def test_what_was_collected_is_said_and_a_letter_is_printed_whole(desk: Page) -> None:
    desk.keyboard.type("爆通讯录")
    desk.locator("#found button").first.click()
    expect(desk.locator("#view h2").first).to_be_focused()
    desk.keyboard.press("c")
    expect(desk.locator("#pad-said")).to_contain_text("已收进记录")
    expect(desk.locator("#pad-said")).to_be_in_viewport(ratio=1)  # the lists themselves are below
    desk.keyboard.press("Escape")
    desk.keyboard.type("砍头息")
    expect(desk.locator("#find")).to_have_value("砍头息")
    desk.get_by_role("button", name="投诉信").click()
    expect(desk.locator("#text")).to_have_value(re.compile("## 请求"))
    desk.locator("#text").fill(desk.locator("#text").input_value() + "最后一行\n" * 40 + "完")
    desk.emulate_media(media="print")
    desk.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = desk.locator("#paper")
    expect(paper).to_be_visible()
    assert "#" not in paper.inner_text()
    assert paper.inner_text().endswith("最后一行\n完")
    expect(desk.locator(".desk")).to_be_hidden()


def test_nothing_is_lost_at_one_click(desk: Page, server: str) -> None:
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    desk.on("dialog", refuse)
    text, said = desk.locator("#text"), desk.locator("#letter-said")
    desk.get_by_label("上门", exact=True).check()
    desk.get_by_role("button", name="存到服务器").click()
    expect(desk.locator("#cases li")).to_have_count(1)
    desk.get_by_role("button", name="投诉信").click()
    text.fill("我改过的信")
    desk.reload()
    expect(text).to_have_value("我改过的信")
    desk.get_by_role("button", name="报警材料").click()
    desk.get_by_text("存过的记录").click()
    desk.locator("#cases button.hit").first.click()
    desk.get_by_role("button", name="清空这通电话").click()
    desk.get_by_role("button", name="退出工作台并清空").click()
    desk.get_by_role("button", name="清空并离开").click()
    desk.get_by_role("button", name="从服务器删掉").first.click()
    expect(text).to_have_value("我改过的信")
    expect(desk.locator("#cases li")).to_have_count(1)
    assert ["换" in asked[0], *("丢掉" in one for one in asked[1:5]), "别的志愿者也打不开" in asked[5]] == [True] * 6
    second = desk.context.new_page()
    second.goto(f"{server}/desk")
    second.locator("#notes").fill("另一个窗口")
    expect(desk.locator("#notes")).to_have_value("另一个窗口")
    second.goto(f"{server}/situations/contacts-bombed")
    second.get_by_role("button", name="清空并离开").click()
    second.wait_for_url("about:blank")
    expect(desk.locator("#notes")).to_have_value("另一个窗口")
    desk.remove_listener("dialog", refuse)
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="从服务器删掉").first.click()
    expect(desk.locator("#cases li")).to_have_count(0)
    desk.context.set_offline(True)
    desk.get_by_role("button", name="核对引注").click()
    expect(said).to_contain_text("没有连上")
    desk.locator("#find").fill("逾期")
    expect(desk.locator("#count")).to_contain_text("没有连上")
    desk.context.set_offline(False)
    desk.context.clear_cookies()  # twelve hours later
    desk.get_by_role("button", name="存成 Word").click()
    expect(said).to_contain_text("登录过期了")
    expect(text).to_have_value("我改过的信")


def test_the_last_that_was_opened_is_shown(desk: Page) -> None:
    desk.evaluate("""() => {
      const real = window.fetch;
      let slow = 500;
      window.fetch = async (...asked) => {
        const wait = asked[0].includes("/article/") ? slow : 0;
        slow -= wait;
        await new Promise((go) => setTimeout(go, wait));
        return real(...asked);
      };
    }""")
    desk.keyboard.type("民法典680和民法典670")
    for place in ("第六百八十条", "第六百七十条"):
        desk.locator("#found button[data-open=article]", has_text=f"《民法典》{place}").click()
    desk.wait_for_timeout(700)
    expect(desk.locator("#view h2").first).to_have_text("《民法典》第六百七十条")


def test_the_reader_walks_from_article_to_article(desk: Page) -> None:
    desk.keyboard.type("民法典1033")
    desk.locator("#found button[data-open=article]", has_text="《民法典》第一千零三十三条").click()
    heading = desk.locator("#view h2").first
    expect(heading).to_have_text("《民法典》第一千零三十三条")
    desk.keyboard.press("]")
    expect(heading).to_have_text("《民法典》第一千零三十四条")
    desk.keyboard.press("Escape")
    expect(desk.locator("#find")).to_be_focused()


def test_a_case_is_kept_opened_and_deleted(desk: Page) -> None:
    desk.get_by_label("上门", exact=True).check()
    desk.get_by_role("button", name="存到服务器").click()
    expect(desk.locator("#pad-said")).to_have_text("已存到服务器")
    desk.get_by_role("button", name="清空这通电话").click()
    expect(desk.get_by_label("上门", exact=True)).not_to_be_checked()
    desk.get_by_text("存过的记录").click()
    desk.locator("#cases button.hit").first.click()
    expect(desk.get_by_label("上门", exact=True)).to_be_checked()
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="从服务器删掉").first.click()
    expect(desk.locator("#cases li")).to_have_count(0)


@pytest.mark.parametrize("body", ['{"facts": [null]}', '{"fields": null}', '{"steps": 5}'])
def test_a_spoilt_case_leaves_the_one_in_hand(visit: Visit, site: str, tmp_path: Path, body: str) -> None:
    with records.opened(BotSettings(_env_file=None, data=tmp_path), "desk.db") as database:
        row = ("10000000-1000-4000-8000-100000000000", today().isoformat(), "甲（1 项事实）", body)
        database.execute("INSERT INTO cases VALUES (?, ?, ?, ?)", row)
    desk = signed_in(visit, site)
    desk.locator("#fact").fill("手上的这份")
    desk.locator("#fact").press("Enter")
    desk.get_by_text("存过的记录").click()
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.locator("#cases button.hit").click()
    expect(desk.locator("#pad-said")).to_contain_text("打不开")
    expect(desk.locator("#facts")).to_contain_text("手上的这份")


def test_every_kept_case_is_listed_and_found_by_its_title(visit: Visit, site: str, tmp_path: Path) -> None:
    day = today().isoformat()
    cases = [(f"10000000-1000-4000-8000-{n:012}", day, f"第{n}家（1 项事实）", "{}") for n in range(300)]
    with records.opened(BotSettings(_env_file=None, data=tmp_path), "desk.db") as database:
        database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?)", cases)
    desk = signed_in(visit, site)
    desk.set_viewport_size(PHONE)
    desk.get_by_text("存过的记录").click()
    expect(desk.locator("#cases li")).to_have_count(300)
    words, found = desk.get_by_label("输几个字找"), desk.locator("#filter span")
    shown = desk.locator("#cases li:visible")
    words.fill(f"{day} 第0家")
    expect(found).to_have_text("找到 1 份")
    expect(shown).to_have_text(re.compile("第0家"))
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(desk) == []
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator("#pad-said")).to_have_text("已打开")
    words.focus()
    desk.once("dialog", lambda dialog: dialog.accept())
    for key in ("Tab", "Tab", "Enter"):
        desk.keyboard.press(key)
    expect(found).to_have_text("没有找到，换几个字试试")
    words.fill("")
    expect(shown).to_have_count(299)


def test_two_who_change_a_case_keep_two(desk: Page, visit: Visit, server: str) -> None:
    colleague, said = signed_in(visit, server), desk.locator("#pad-said")
    desk.locator("#notes").fill("甲的第一句")
    desk.get_by_role("button", name="存到服务器").click()
    expect(said).to_have_text("已存到服务器")
    colleague.reload()
    colleague.get_by_text("存过的记录").click()
    colleague.locator("#cases button.hit").first.click()
    expect(colleague.locator("#notes")).to_have_value("甲的第一句")
    colleague.locator("#notes").fill("乙改过了")
    colleague.get_by_role("button", name="存到服务器").click()
    expect(colleague.locator("#pad-said")).to_have_text("已存到服务器")
    desk.locator("#notes").fill("甲又写了")
    desk.once("dialog", lambda dialog: dialog.dismiss())
    desk.get_by_role("button", name="存到服务器").click()
    expect(said).to_contain_text("改过了，没有存上去")
    expect(desk.locator("#notes")).to_have_value("甲又写了")
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="存到服务器").click()
    expect(said).to_have_text("已存到服务器")
    desk.get_by_role("button", name="存到服务器").click()  # its own state: nobody is asked
    expect(desk.locator("#cases li")).to_have_count(2)
    colleague.reload()
    for place, notes in enumerate(("甲又写了", "乙改过了")):
        colleague.get_by_text("存过的记录").click()
        colleague.locator("#cases button.hit").nth(place).click()
        expect(colleague.locator("#notes")).to_have_value(notes)
        colleague.reload()
    colleague.get_by_text("存过的记录").click()
    colleague.on("dialog", lambda dialog: dialog.accept())
    for left in (1, 0):
        colleague.get_by_role("button", name="从服务器删掉").first.click()
        expect(colleague.locator("#cases li")).to_have_count(left)


def test_a_case_is_gone_after_a_day_whatever_page_is_opened(visit: Visit, server: str) -> None:
    page = visit()
    page.goto(f"{server}/check")
    page.evaluate("localStorage.setItem('desk-case', JSON.stringify({ at: Date.now() - 25 * 3600 * 1000 }))")
    page.reload()
    assert page.evaluate("localStorage.getItem('desk-case')") is None
    page.evaluate("localStorage.setItem('desk-case', JSON.stringify({ at: Date.now() }))")
    page.reload()
    assert page.evaluate("localStorage.getItem('desk-case')") is not None


def test_an_unanswered_question_begins_a_card(desk: Page, server: str) -> None:
    httpx.post(f"{server}/api/ask", json={"question": "我的号码13800001111，西红柿炒鸡蛋怎么做"}, timeout=30)
    desk.reload()
    with desk.expect_download() as saved:
        desk.get_by_role("button", name="写一张卡片草稿").first.click()
    draft = saved.value.path().read_text("utf-8")
    assert "西红柿" in draft
    assert "13800001111" not in draft


def test_what_fits_comes_first_however_it_is_typed(server: str) -> None:
    with httpx.Client(base_url=server) as desk:
        desk.post("/desk/login", data={"password": PASSWORD})

        def found(words: str, kind: str) -> list[dict[str, str]]:
            shown: list[dict[str, str]] = desk.post("/desk/search", json={"words": words}).json()[kind]
            return shown

        assert "12378" in [channel["phone"] for channel in found("１２３７８", "channels")]
        assert found("催收上门", "cards")[0]["id"] == "home-visit-general"
        cards = [load_cards()[card["id"]] for card in found("民法典1033", "cards")]
        assert {r.article for card in cards for r in card.citations[:1]} == {Reference("民法典", 1033)}
        assert any("单位" in card["title"] for card in found("单位", "cards"))  # the search alone finds none


@pytest.fixture
def site(broken: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server of its own, whose limits a test may use up."""
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: 1e9))  # no window ends meanwhile
    settings = BotSettings(_env_file=None, data=tmp_path, desk_password=PASSWORD, keep_cases=True)
    with running(create_app(settings)) as address:
        yield address


def enter(site: str, password: str, address: str, cookies: httpx.Cookies | None = None) -> httpx.Response:
    headers = {"x-forwarded-for": address}
    return httpx.post(f"{site}/desk/login", data={"password": password}, headers=headers, cookies=cookies)


def test_wrong_passwords_are_slowed_down_and_nothing_is_open(site: str) -> None:
    assert httpx.post(f"{site}/desk/search", json={"words": "x"}).status_code == 401
    for path in ("/desk/cases", "/desk/card/contacts-bombed"):
        assert httpx.get(site + path).status_code == 401
    tries = [enter(site, "x", "10.0.0.1").status_code for _ in range(6)]
    assert tries == [403] * 5 + [429]


def test_guesses_at_once_are_limited_like_guesses_one_by_one() -> None:
    login = Login(BotSettings(_env_file=None, desk_password=PASSWORD))
    begin = threading.Barrier(8)

    def refused(address: str) -> bool:
        request = Request({"type": "http", "headers": [], "client": (address, 1)})
        begin.wait()
        try:
            return not login.opens(request, "错" * 200_000)  # that takes a moment to compare
        except ShutError:
            return False

    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # the threads take turns as often as they can
    try:
        with ThreadPoolExecutor(8) as pool:
            looked_at = [sum(pool.map(refused, [f"10.0.0.{n}"] * 8)) for n in range(12)]
    finally:
        sys.setswitchinterval(often)
    assert looked_at == [5] * 12  # of all addresses together 60


def test_strangers_who_guess_do_not_shut_out_who_has_been_inside(site: str) -> None:
    known = enter(site, PASSWORD, "10.0.0.1").cookies
    del known["desk"]  # signed out
    for n in range(60):
        enter(site, "x", f"10.1.0.{n}")
    assert enter(site, PASSWORD, "10.0.0.2").status_code == 429
    assert enter(site, PASSWORD, "10.0.0.2", known).status_code == 303
    for _ in range(5):  # guessed in the same office
        enter(site, "x", "10.0.0.3")
    assert enter(site, PASSWORD, "10.0.0.3").status_code == 429
    assert enter(site, PASSWORD, "10.0.0.3", known).status_code == 303
    known.set("desk", known["desk-known"])  # it opens nothing
    assert httpx.get(f"{site}/desk/cases", cookies=known).status_code == 401
    tries = [enter(site, "x", f"10.2.0.{n}", known).status_code for n in range(6)]  # nor may it guess on
    assert tries == [403] * 5 + [429]


def test_who_has_left_is_out_with_every_copy_of_the_cookie(site: str) -> None:
    mine, colleague = (enter(site, PASSWORD, "10.0.0.1").cookies for _ in range(2))
    assert httpx.post(f"{site}/desk/logout", cookies=mine).status_code == 303
    opened = [httpx.get(f"{site}/desk/cases", cookies=one).status_code for one in (mine, colleague)]
    assert opened == [401, 200]


def test_no_cache_keeps_what_stands_in_the_desk(site: str) -> None:
    inside = enter(site, PASSWORD, "10.0.0.1").cookies
    case = f"{site}/desk/cases/10000000-1000-4000-8000-100000000000"
    httpx.put(case, json={"title": "t", "body": "{}"}, cookies=inside)
    letter = httpx.post(f"{site}/desk/letter/1-summary", json={"name": "王小明"}, cookies=inside)
    export = httpx.post(f"{site}/desk/export", json={"text": "王小明"}, cookies=inside)
    page = httpx.get(f"{site}/desk", cookies=inside)
    for reply in (httpx.get(case, cookies=inside), letter, export, page):
        assert reply.is_success
        assert reply.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    for reply in (enter(site, PASSWORD, "10.0.0.1"), httpx.post(f"{site}/desk/logout", cookies=inside)):
        assert (reply.status_code, reply.headers["cache-control"]) == (303, "no-store")


def test_what_is_no_letter_and_no_title_is_not_taken(site: str) -> None:
    inside = enter(site, PASSWORD, "10.0.0.1").cookies
    export = httpx.post(f"{site}/desk/export", json={"text": "- a\n" * 20_000}, cookies=inside)
    assert (export.status_code, export.json()["error"]) == (413, "文书太长，最多 3000 行。")
    case = f"{site}/desk/cases/10000000-1000-4000-8000-100000000001"
    httpx.put(case, json={"title": " \0", "body": "{}"}, cookies=inside)
    assert httpx.get(f"{site}/desk/cases", cookies=inside).json()[0]["title"] == "未命名"


def test_a_wrong_number_of_a_case_is_not_called_one_of_an_article(site: str) -> None:
    told = httpx.get(f"{site}/desk/cases/abc", cookies=enter(site, PASSWORD, "10.0.0.1").cookies)
    assert (told.status_code, told.json()["error"]) == (422, "请求的格式不对：name 不对。")


def test_no_case_is_written_over_by_who_has_not_seen_it(site: str) -> None:
    inside = enter(site, PASSWORD, "10.0.0.1").cookies
    case = f"{site}/desk/cases/10000000-1000-4000-8000-100000000002"

    def keep(body: str, version: str) -> httpx.Response:
        return httpx.put(case, json={"title": "t", "body": body, "version": version}, cookies=inside)

    first = keep("1", "").json()["version"]
    assert keep("1", "").json()["version"] == first  # sent again, since the answer was lost
    assert httpx.get(case, cookies=inside).json() == {"body": "1", "version": first}
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: keep(f"2{n}", first).status_code, range(8)))
    assert sorted(codes) == [200, *[409] * 7]
    kept = httpx.get(case, cookies=inside).json()
    assert kept["body"] == f"2{codes.index(200)}"
    assert "存成新的一份" in keep("3", "").json()["error"]
    httpx.delete(case, cookies=inside)
    assert "删掉" in keep("3", kept["version"]).json()["error"]
    assert keep("3", "").is_success


def test_a_thumb_keeps_what_it_is_about_and_a_reason_of_the_page(site: str, tmp_path: Path) -> None:
    for situation, reason in (("contacts-bombed", "unclear"), ("refuse-hack", ""), ("我叫王小明", "other")):
        thumb = {"good": False, "kind": "answer", "situation": situation, "reason": reason}
        assert httpx.post(f"{site}/feedback", json=thumb, timeout=30).is_success
    assert httpx.post(f"{site}/feedback", json={**thumb, "reason": "我叫王小明"}).status_code == 422
    with records.opened(BotSettings(_env_file=None, data=tmp_path), "feedback.db") as database:
        kept = database.execute("SELECT situation, reason FROM feedback").fetchall()
    assert kept == [("contacts-bombed", "unclear"), ("refuse-hack", ""), ("", "other")]


def test_the_desk_reads_the_newest_of_what_people_say_of_an_answer(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "KEPT", 3)
    thumb = {"good": False, "kind": "answer", "situation": "contacts-bombed"}
    said = [{"reason": "unclear", "words": f"我的号码13800001111，看不懂{n}<b>"} for n in range(4)]
    for one in (*said, {}):  # a thumb alone is a row too
        assert httpx.post(f"{site}/feedback", json=thumb | one, timeout=30).is_success
    listed = httpx.get(f"{site}/desk", cookies=enter(site, PASSWORD, "10.0.0.1").cookies, timeout=30).text
    assert re.findall(r"看不懂(\d)&lt;b&gt;", listed) == ["3", "2"]
    assert load_cards()["contacts-bombed"].title in listed
    assert "13800001111" not in listed
    with records.opened(BotSettings(_env_file=None, data=tmp_path), "feedback.db") as database:
        assert database.execute("SELECT count(*) FROM feedback").fetchall() == [(3,)]


def counted(site: str) -> list[float]:
    """How many thumbs and how many reasons, by the operator's counters."""
    metrics = httpx.get(f"{site}/metrics").text
    names = ("bot_feedback", "bot_feedback_reasons")
    return [sum(map(float, re.findall(rf"^{name}_total{{.*}} (.*)$", metrics, re.MULTILINE))) for name in names]


def test_a_reason_that_is_added_is_no_second_thumb(site: str, tmp_path: Path) -> None:
    before = counted(site)
    for said in ({"good": False}, {"good": None, "reason": "unclear"}):
        assert httpx.post(f"{site}/feedback", json={"kind": "answer", **said}).is_success
    assert counted(site) == [n + 1 for n in before]
    with records.opened(BotSettings(_env_file=None, data=tmp_path), "feedback.db") as database:
        assert database.execute("SELECT good, reason FROM feedback").fetchall() == [(0, ""), (None, "unclear")]


def test_a_thumb_that_could_not_be_kept_is_not_counted(site: str, tmp_path: Path) -> None:
    (tmp_path / "feedback.db").mkdir()
    before = counted(site)
    thumb = {"good": False, "kind": "answer", "reason": "unclear"}
    assert httpx.post(f"{site}/feedback", json=thumb).status_code == 500
    assert counted(site) == before


def test_thumbs_at_once_are_limited_like_thumbs_one_by_one(site: str) -> None:
    def thumb(_: int) -> int:
        return httpx.post(f"{site}/feedback", json={"good": True, "kind": "answer"}, timeout=30).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(thumb, range(40)))
    assert sorted(codes) == [200] * 20 + [429] * 20


def asked_from(address: str) -> Request:
    return Request({"type": "http", "headers": [], "client": (address, 1)})


def test_addresses_are_forgotten_when_they_no_longer_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1e9]
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: clock[0]))
    limit, others = RateLimit("1 per minute", "9999 per minute"), asked_from("10.1.0.1")
    assert all(limit.take(asked_from(f"10.0.0.{n}")) for n in range(200))
    clock[0] += 121
    assert limit.take(others)
    deadline = time.monotonic() + 10
    while "10.0.0." in str(vars(limit._limiter.storage)):  # a thread of the library's looks through them
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert not limit.take(others)


def test_an_address_is_what_one_office_has() -> None:
    limit = RateLimit("1 per hour", "9999 per hour")
    taken = [limit.take(asked_from(f"2001:db8::{rest}")) for rest in ("1", "2:3:4:5", "1:0:0:0:1")]
    assert taken == [True, False, True]
    mapped = [limit.take(asked_from(address)) for address in ("::ffff:10.0.0.1", "::ffff:10.0.0.2", "10.0.0.1")]
    assert mapped == [True, True, False]


def test_a_letter_bears_the_day_in_china(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "FAR24")  # 24 hours behind UTC, 32 behind Beijing
    time.tzset()
    day = (datetime.now(UTC) + timedelta(hours=8)).date()
    letter = write_letter(load_letters()["1-summary"], Pad(), load())
    monkeypatch.undo()
    time.tzset()
    assert f"{day.year} 年 {day.month} 月 {day.day} 日。" in letter


def test_what_is_kept_expires(tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, data=tmp_path, keep_days=7)
    for age in (0, 6, 7, 30):
        with records.opened(settings, "desk.db") as database:
            day = (today() - timedelta(days=age)).isoformat()
            database.execute("INSERT INTO unanswered VALUES (?, 'clarify', ?)", (day, str(age)))
    with records.opened(settings, "desk.db") as database:
        assert database.execute("SELECT question FROM unanswered").fetchall() == [("0",), ("6",)]


def test_what_is_kept_is_for_nobody_else_on_the_machine(tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, data=tmp_path, desk_password=PASSWORD)
    for name in records.TABLES:
        with records.opened(settings, name):
            assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in repr(settings)


def test_what_was_answered_below_a_word_of_care_is_not_kept(tmp_path: Path, bot: Bot) -> None:
    settings = BotSettings(_env_file=None, data=tmp_path, keep_unanswered=True)
    question = "对方说要打死我"
    answer = bot.ask(question)
    assert (answer.kind != "crisis", answer.warnings[0]) == (True, load_page_texts().doubts.care)
    assert "danger" not in answer.model_dump()
    unanswered.keep(settings, question, answer)
    assert unanswered.recent(settings) == []


def test_what_has_a_sign_of_danger_or_harm_is_not_kept(tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, data=tmp_path, keep_unanswered=True)
    unsure = Answer(kind="answer", answer="", unsure=True)
    for question in ("我把他锁在仓库三天了，欠条算不算数", "教我做一份假病历", "欠条丢了怎么办"):
        unanswered.keep(settings, question, unsure)
    assert [kept for _, kept in unanswered.recent(settings)] == ["欠条丢了怎么办"]


def test_the_newest_unanswered_questions_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "KEPT", 3)
    settings = BotSettings(_env_file=None, data=tmp_path, keep_unanswered=True)
    for number in range(5):
        unanswered.keep(settings, f"西红柿炒鸡蛋{number}", Answer(kind="clarify", answer=""))
    assert [kept[-1] for _, kept in unanswered.recent(settings)] == ["4", "3", "2"]


def test_old_rows_are_found_without_reading_all(tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, data=tmp_path)
    for name, tables in records.TABLES.items():
        with records.opened(settings, name) as database:
            for table in tables:
                plan = database.execute(f"EXPLAIN QUERY PLAN DELETE FROM {table} WHERE day <= ''").fetchall()
                assert f"USING INDEX {table}_day" in str(plan)


def test_what_cannot_be_kept_costs_nobody_his_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "desk.db").mkdir()
    settings = BotSettings(_env_file=None, data=tmp_path, keep_unanswered=True)
    unanswered.keep(settings, "\ud800 催收", Answer(kind="clarify", answer=""))
    assert "cannot keep" in caplog.text
    assert "催收" not in caplog.text


def test_word_leaves_out_control_characters_only() -> None:
    document = Document(BytesIO(to_docx("王\u00a0小明还了\x00 1\u202f000\ud800 元\ufffe")))
    assert document.paragraphs[0].text == "王\u00a0小明还了 1\u202f000 元"


def test_a_letter_quotes_no_law_that_was_not_meant() -> None:
    facts = ["他们说依据旧《治安管理处罚法》第四十二条", "又说《刑法》第二百九十三条之一"]
    text = write_letter(load_letters()["1-summary"], Pad(facts=facts), load("default"))
    assert "第四十二条：" not in text
    assert "《刑法》第二百九十三条之一：\n\n> " in text


def test_nothing_that_is_blank_stands_in_a_letter() -> None:
    text = write_letter(load_letters()["2-complaint"], Pad(name=" \0", facts=["", "  ", "\0", "骂人"]), load("default"))
    assert "投诉人：【姓名】" in text
    assert "- 骂人\n" in text
    assert not re.search(r"^-\s*$", text, re.MULTILINE)


def test_a_long_table_becomes_a_word_file_at_once() -> None:
    begun = time.process_time()
    (table,) = Document(BytesIO(to_docx("| 甲 | 乙 | 丙 |\n" * 800 + "|" + "丁|" * 40))).tables
    assert time.process_time() - begun < 10  # a second; each cell was sought among all before
    assert [cell.text for cell in table.rows[0].cells[:3]] == ["甲", "乙", "丙"]
    assert table.rows[-1].cells[-1].text.count("丁") == 29


def letter(name: str, *citations: str, facts: Sequence[str] = ()) -> str:
    return write_letter(load_letters()[name], Pad(citations=list(citations), facts=list(facts)), load("default"))


def test_many_lines_become_a_word_file_at_once() -> None:
    text = tame(f"{chr(10) * 100_000}第一段\n\n- 第二段" + "\n一行" * 10_000)
    assert "第一段\n\n　- 第二段" in text
    assert len(Document(BytesIO(to_docx(text))).element.body) == 10_000 + 2 + 1  # and the section


def test_a_letter_rests_on_what_the_call_had() -> None:
    interest, privacy = "《民法典》第六百七十条", "《民法典》第一千零三十三条"
    whole, part = "《治安管理处罚法》第五十条", "《治安管理处罚法》第五十条第一款第（五）项"
    assert f"\n{interest}。\n" in letter("2-complaint", interest)
    assert all("【哪部法律第几条】" in letter(name, interest) for name in ("4-stop", "5-police"))
    assert f"根据{privacy}，" in letter("4-stop", privacy)
    assert f"可能违反{part}。" in letter("5-police", interest, part)
    assert letter("5-police", part, whole).count(f"{whole}：\n") == 1
    assert part not in letter("5-police", part, whole)
    assert ["赔礼道歉" in letter("7-lawsuit", *some) for some in ([interest], [privacy])] == [False, True]


def test_a_letter_does_not_quote_the_words_of_an_article_that_was_amended_since() -> None:
    text = letter("2-complaint", "《刑法》第三百九十条", "《刑法》第三百八十九条")
    attached = text[text.index("## 附") :]
    assert "《刑法》第三百九十条：本条已由刑法修正案（十二）修改" in attached
    assert "处五年以下有期徒刑" not in attached
    assert "> 为谋取不正当利益" in attached


@pytest.mark.parametrize("fact", load_page_texts().facts, ids=lambda fact: fact.text)
def test_a_fact_that_is_ticked_brings_its_grounds_and_no_others(fact: Fact) -> None:
    statutes = load("default")
    assert all(statutes.quote(Reference.parse(ground)) for ground in fact.grounds)
    ticked, grounds = letter("2-complaint", facts=[fact.text, "借一万到手八千"]), "、".join(fact.grounds)
    assert f"\n{grounds or '【哪部法律第几条】'}。\n" in ticked
    assert f"- {fact.text}\n" in ticked
    police = letter("5-police", facts=[fact.text])
    assert ("第九十条" in police) == ("治安管理处罚法" in grounds)


def test_of_what_is_no_fact_of_ours_a_letter_says_no_law() -> None:
    for name in ("2-complaint", "4-stop", "5-police"):
        text = letter(name, facts=["借一万到手八千，利息36%"])
        assert "【哪部法律第几条】" in text
        assert "《" not in text


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("", "要有一对"),
        ('+++\ntitel = "信"\nuse = "用"\n+++\n正文', "不认得 titel"),
        ('+++\ntitle = "信"\nuse = "用"\n+++\n好\n{% if %}', "第 2 行"),
        ('+++\ntitle = "信"\nuse = "用"\n+++\n{{ nmae }}', "不认得 nmae"),
    ],
)
def test_what_is_wrong_with_a_letter_is_said_with_its_file(written: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "8-new.md").write_text(written, "utf-8")
    with pytest.raises(FileError, match=f"8-new.md：.*{wrong}"):
        load_letters(tmp_path)


def test_what_a_lawyer_writes_in_bold_brings_no_stars_to_a_court(tmp_path: Path) -> None:
    body = "### 要求\n\n* **请于三日内**停止[联系](https://x.example)：{{ facts[0] }}"
    (tmp_path / "8-new.md").write_text(f'+++\ntitle = "信"\nuse = "用"\n+++\n{body}', "utf-8")
    text = write_letter(load_letters.__wrapped__(tmp_path)["8-new"], Pad(facts=["138****1234**"]), load("default"))
    written = [(one.style.name, one.text) for one in Document(BytesIO(to_docx(text))).paragraphs]
    assert written == [("Heading 1", "要求"), ("List Bullet", "请于三日内停止联系：138****1234**")]


@pytest.mark.parametrize("name", load_letters())
def test_letter_citations_resolve_and_word_opens(name: str) -> None:
    statutes = load("default")
    pad = Pad(
        name="{{ 7*7 }}<script>",
        facts=["打了我妈的电话\x00\n# 假标题"],
        evidence=["录音|截图"],
        citations=["《民法典》第六百八十条第一款", "《民法典》第九千条", "不是引注"],
    )
    text = write_letter(load_letters()[name], pad, statutes)
    assert all(resolve(f, statutes).status == "ok" for f in find(text, statutes))
    assert "49" not in text
    assert "九千条" not in text
    document = Document(BytesIO(to_docx(text)))
    assert document.paragraphs[0].text == load_letters()[name].title
    assert "假标题" not in [p.text for p in document.paragraphs]
