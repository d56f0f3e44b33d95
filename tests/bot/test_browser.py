"""The borrower's journey in a real headless Chromium: phone first, then desktop, dark, print, keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.bot.conftest import DESKTOP, XSS, Visit, serious

BOMBED = "催收把我通讯录里的人全打了一遍,这违法吗?"


def start(page: Page, server: str) -> Page:
    page.goto(server)
    expect(page.get_by_role("textbox", name="你的问题")).to_be_editable()
    return page


def ask(page: Page, server: str, question: str) -> Page:
    return send(start(page, server), question)


def send(page: Page, text: str) -> Page:
    """Type and send; done when the turn is shown and Gradio has hung up: before that it drops another press."""
    streams = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/queue/data')).length"
    turns = page.locator("#talk article.answer")
    shown, ended = turns.count(), page.evaluate(streams)
    page.get_by_role("textbox", name="你的问题").fill(text)
    page.get_by_role("button", name="发送").click()
    expect(turns).to_have_count(shown + 1)
    page.wait_for_function(f"{streams} > {ended}")
    return page


def test_the_first_visit_is_chinese_and_waits_for_no_script(phone: Page, visit: Visit, server: str) -> None:
    page = httpx.get(server).text
    assert '<html lang="zh-CN"' in re.sub(r"\s+", " ", page)
    assert "<title>借款人法律助手" in page
    assert "gradio-app/gradio" not in page  # Gradio's picture and words for shared links
    assert httpx.get(f"{server}/favicon.ico").text == httpx.get(f"{server}/static/icon.svg").text
    plain = visit(java_script_enabled=False)  # as the page stands until Gradio's scripts have come
    plain.goto(server)
    expect(plain.get_by_role("heading", level=1)).to_be_visible()
    phone.goto(server)
    expect(phone.get_by_role("textbox", name="你的问题")).to_be_editable()
    expect(phone.locator("html")).to_have_attribute("lang", "zh-CN")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_first_tap_to_the_words_of_the_law(phone: Page, server: str) -> None:
    start(phone, server).get_by_role("button", name="催收把我通讯录里的人全打了一遍").click()
    answer = phone.locator("#talk article.answer")
    expect(answer.locator(".verdict")).to_contain_text("✖ 一般是违法的")
    expect(phone.locator("#said")).to_contain_text("回答好了。✖ 一般是违法的")
    expect(answer).to_be_focused()
    # a citation opens in place, and has a page of its own
    chip = answer.locator(".why a.chip").first
    chip.click()
    expect(chip).to_have_attribute("aria-expanded", "true")
    expect(answer.locator(".in-place .law")).to_be_visible()
    cite = answer.locator("details.cite").first
    cite.locator("summary").click()
    with phone.context.expect_page() as opened:
        cite.get_by_role("link", name="的页面").click()
    expect(opened.value.locator("h1")).to_contain_text("》第")
    opened.value.close()
    # steps tick, folds open, numbers dial
    answer.get_by_role("checkbox").first.check()
    answer.get_by_text("去哪里投诉、求助").click()
    expect(answer.locator('.reach a[href="tel:12378"]')).to_be_visible()
    # a likely next question is one tap away, and the conversation goes on
    phone.locator("#choices button").first.click()
    expect(phone.locator("#talk article.answer")).to_have_count(2)


def test_a_suggestion_gives_its_situation(phone: Page, server: str) -> None:
    ask(phone, server, "叫我做假病历")
    phone.locator("#choices button", has_text="交给了银行").click()  # its words alone are refused
    expect(phone.locator("#talk article").last).to_have_attribute("data-situation", "acts-false-papers-submitted")


def test_what_can_be_tapped_stands_once_under_its_own_words(phone: Page, server: str) -> None:
    group = phone.locator("#choices")
    expect(start(phone, server).get_by_role("group", name="可以这样问").get_by_role("button")).to_have_count(5)
    send(phone, "我妈找姨借了两根金条周转，现在金价翻倍，是还金条还是还钱")  # a doubt: the others stand above
    expect(phone.get_by_role("group", name="也可能是这一种").get_by_role("button")).to_have_count(3)
    expect(group).to_be_hidden()
    phone.locator(".others button").first.click()
    expect(phone.locator("#talk article.answer")).to_have_count(2)
    expect(phone.get_by_role("group", name="也许你还想问")).to_be_visible()
    send(phone, "早上好")  # small talk leaves the examples in their place
    expect(phone.get_by_role("group", name="可以这样问").get_by_role("button")).to_have_count(5)


def test_share_copy_and_thumbs_hold_no_personal_data(visit: Visit, server: str) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, server, "我叫王小明，13800001111，" + BOMBED)
    page.get_by_role("button", name="分享链接").click()
    expect(page.locator(".said")).to_contain_text("没有你说的话")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(server) + r"/situations/[a-z-]+", link)
    page.get_by_role("button", name="复制", exact=True).click()
    expect(page.locator(".said")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "现在怎么做" in copied
    assert "王小明" not in copied
    sent: list[dict[str, object]] = []
    page.on("request", lambda r: sent.append(json.loads(r.post_data or "")) if r.url.endswith("/feedback") else None)
    thumb, submit = page.get_by_role("button", name="没用"), page.get_by_role("button", name="提交")

    def does(press: Callable[[], None]) -> None:
        with page.expect_response("**/feedback"):
            press()

    does(thumb.click)
    expect(page.locator(".said")).to_have_text("谢谢，记下了")
    expect(thumb).to_have_attribute("aria-pressed", "true")
    page.get_by_label("看不懂").check()
    does(submit.click)
    thumb.click()  # it stands already: not sent again
    page.get_by_label("同意把我这一句问题").check()
    does(submit.click)
    assert [one.get("good") for one in sent] == [False, None, None]
    assert ["reason" in sent[0], sent[1]["reason"], sent[1]["words"]] == [False, "unclear", ""]
    assert "王小明" in str(sent[2]["words"])


def test_a_thumb_that_was_not_taken_does_not_stay_pressed(phone: Page, server: str) -> None:
    ask(phone, server, BOMBED)
    thumb = phone.get_by_role("button", name="有用")
    phone.context.set_offline(True)
    thumb.click()
    expect(phone.locator(".said")).to_have_text("没有网络，没有记下来")
    expect(thumb).to_have_attribute("aria-pressed", "false")
    phone.context.set_offline(False)
    thumb.click()
    expect(phone.locator(".said")).to_have_text("谢谢，记下了")
    expect(thumb).to_have_attribute("aria-pressed", "true")


def test_danger_is_met_with_numbers_to_dial_first(phone: Page, server: str) -> None:
    card = ask(phone, server, "我不想活了，欠太多了").locator("article.answer[data-kind=crisis]")
    expect(card.locator("a.call").first).to_have_attribute("href", re.compile(r"tel:\d+"))
    assert card.locator("> *").first.get_attribute("class") == "calls"
    send(phone, "网贷利息太高怎么投诉")
    answer = phone.locator("#talk article.answer").last
    expect(answer.locator('.warning a[href="tel:12356"]')).to_be_visible()
    expect(answer.locator('.do a[href="tel:12378"]').first).to_be_visible()
    assert serious(phone) == []


def test_keyboard_only(phone: Page, server: str) -> None:
    start(phone, server).keyboard.press("Tab")
    expect(phone.get_by_role("link", name="跳到提问框")).to_be_focused()
    for _ in range(30):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.matches('#question textarea')"):
            break
    phone.keyboard.type(BOMBED)
    phone.keyboard.press("Enter")
    answer = phone.locator("#talk article.answer")
    expect(answer).to_be_focused()
    phone.keyboard.press("Tab")  # 现在怎么做
    phone.keyboard.press("Tab")  # its first step
    phone.keyboard.press("Space")
    expect(answer.get_by_role("checkbox").first).to_be_checked()
    answer.locator("a.chip").first.focus()
    phone.keyboard.press("Space")
    expect(answer.locator(".in-place .law")).to_be_visible()


def test_large_text_stays_and_nothing_overflows(phone: Page, server: str) -> None:
    ask(phone, server, BOMBED)
    size = "parseFloat(getComputedStyle(document.querySelector('.conclusion')).fontSize)"
    before = phone.evaluate(size)
    phone.get_by_role("button", name="大字").click()
    assert phone.evaluate(size) > before * 1.25
    expect(phone.get_by_role("textbox", name="你的问题")).to_be_in_viewport(ratio=1)  # for the next question
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.set_viewport_size({"width": 320, "height": 700})  # the bar is two lines high
    send(phone, BOMBED)
    asked, bar = "document.querySelectorAll('.asked')[1]", "document.querySelector('header')"
    phone.wait_for_function(f"{asked}.getBoundingClientRect().top >= {bar}.offsetHeight")
    phone.goto(f"{server}/situations/contacts-bombed")
    expect(phone.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")


def test_clear_and_leave(phone: Page, server: str) -> None:
    ask(phone, server, BOMBED)
    phone.get_by_role("button", name="清空，重新开始").click()
    expect(phone.locator("#talk")).to_be_empty()
    ask(phone, server, BOMBED)
    phone.get_by_role("button", name="清空并离开").click()
    phone.wait_for_url("about:blank")
    assert "通讯录" not in phone.content()
    phone.go_back()
    expect(phone.locator("#talk article.answer")).to_have_count(0)


def test_why_nothing_was_sent_is_said_beside_the_box_until_an_answer_comes(phone: Page, server: str) -> None:
    start(phone, server).get_by_role("button", name="发送").click()
    notice = phone.get_by_text("没有看到问题")
    expect(notice).to_be_visible()
    expect(phone.get_by_text("Info")).to_have_count(0)
    send(phone, BOMBED)
    expect(notice).to_have_count(0)
    phone.get_by_role("button", name="发送").click()  # at the head of a long answer, whose foot has the notice
    expect(notice).to_be_in_viewport()


def test_what_was_sent_over_a_slow_connection_is_seen_to_wait(visit: Visit, server: str) -> None:
    page = start(visit(locale="en-US"), server)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")  # Gradio's is the browser's
    page.evaluate("document.documentElement.setAttribute('lang', 'en')")  # and may come after ours
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: held.append(route))  # noqa: PLW0108 no builtin is taken
    box = page.locator("#question")
    page.get_by_role("textbox", name="你的问题").fill(BOMBED)
    with page.expect_request("**/queue/join*"):  # the page says that it waits before it asks
        page.get_by_role("button", name="发送").click()
    expect(box).to_have_attribute("aria-busy", "true")
    expect(page.locator("#said")).to_have_text("正在查法条…")
    assert "正在查法条" in page.evaluate("getComputedStyle(document.querySelector('#question'), '::before').content")
    held[0].continue_()
    expect(page.locator("#talk article.answer")).to_be_visible()
    expect(box).to_have_attribute("aria-busy", "false")
    expect(page.locator("#said")).to_contain_text("回答好了")


def test_the_pages_open_beside_a_conversation(phone: Page, server: str) -> None:
    ask(phone, server, BOMBED)
    with phone.expect_popup() as opened:
        phone.get_by_role("link", name="法条", exact=True).click()
    expect(opened.value.locator("h1")).to_have_text("收录的法律")
    phone.get_by_role("link", name="借款人法律助手").click()
    phone.wait_for_function("scrollY === 0")
    expect(phone.locator("#talk article.answer")).to_have_count(1)


def test_print_opens_the_folds_and_hides_the_controls(phone: Page, server: str) -> None:
    ask(phone, server, BOMBED)
    phone.emulate_media(media="print")
    phone.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(phone.locator("details.cite .law").first).to_be_visible()
    expect(phone.get_by_role("button", name="清空并离开")).to_be_hidden()
    expect(phone.locator("#question")).to_be_hidden()
    phone.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(phone.locator("details.cite .law").first).to_be_hidden()


def test_no_motion_where_the_system_says_so(visit: Visit, server: str) -> None:
    page = visit(reduced_motion="reduce")
    ask(page, server, BOMBED)
    moving = "[...document.querySelectorAll('main *')].filter((e) => getComputedStyle(e).transitionDuration !== '0s'"
    assert page.evaluate(moving + " && !e.matches('svg *')).length") == 0


def test_without_a_connection_nothing_is_lost(phone: Page, server: str) -> None:
    box = phone.get_by_role("textbox", name="你的问题")
    wrapped = start(phone, server).evaluate_handle("() => fetch")
    send(phone, BOMBED)
    phone.context.set_offline(True)
    box.fill("那我该留什么证据")
    box.press("Enter")
    expect(phone.get_by_role("alert").filter(has_text="没有连上")).to_be_in_viewport()
    phone.context.set_offline(False)
    expect(box).to_have_value("那我该留什么证据")
    expect(phone.locator(".toast-body")).to_be_hidden()
    box.press("Enter")
    expect(phone.locator("#talk .turn")).to_have_count(2)
    expect(phone.locator("#trouble")).to_be_hidden()
    expect(box).to_have_value("")
    assert phone.evaluate("(wrapped) => wrapped === fetch", wrapped), "the page wraps it once, not at every turn"


def test_what_a_person_types_is_shown_as_text(phone: Page, server: str) -> None:
    ask(phone, server, XSS + BOMBED)
    expect(phone.locator(".asked")).to_contain_text("<img src=x")
    send(phone, "那" + XSS + "呢？")
    phone.goto(f"{server}/?q={XSS}")
    expect(phone.get_by_role("textbox", name="你的问题")).to_have_value(XSS)
    assert phone.url == f"{server}/"  # the words do not stay in the history
    assert phone.title() != "hacked"


def test_a_situation_is_found_in_plain_words_without_scripts(visit: Visit, server: str) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"{server}/situations/")
    assert not re.search("[a-z]{3}", page.locator("main").inner_text())  # no file's name for a heading
    page.get_by_role("link", name="分期和租来的手机").click()
    page.get_by_text("锁机、扣证件").click()
    page.get_by_role("link", name="租来的手机被平台远程锁了").click()
    expect(page.locator("h1")).to_have_text("租来的手机被平台远程锁了")
    page.get_by_role("link", name="锁机、扣证件").click()
    expect(page.get_by_role("link", name="分期手机逾期，被远程锁机")).to_be_visible()  # its topic stands open


def test_a_situation_is_found_by_a_word(phone: Page, server: str) -> None:
    phone.goto(f"{server}/situations/")
    phone.get_by_role("searchbox").fill("单位 领导")
    expect(phone.get_by_role("link", name="催收打到我单位、找领导")).to_be_visible()
    expect(phone.get_by_role("heading", name="分期和租来的手机")).to_be_hidden()
    phone.get_by_role("searchbox").fill("")
    expect(phone.get_by_role("heading", name="分期和租来的手机")).to_be_visible()
    expect(phone.get_by_role("link", name="催收打到我单位、找领导")).to_be_hidden()
    phone.goto(f"{server}/statutes/")
    phone.get_by_role("searchbox").fill("个人信息")
    expect(phone.get_by_role("status")).to_have_text("找到 1 部")
    expect(phone.get_by_role("link", name="民法典")).to_be_hidden()


def test_an_article_is_found_in_its_statute_without_scripts(visit: Visit, server: str) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"{server}/statutes/民法典")
    page.get_by_text("目录", exact=True).click()
    page.get_by_role("link", name=re.compile("隐私权和个人信息保护")).click()
    expect(page.get_by_role("heading", name=re.compile("隐私权和个人信息保护"))).to_be_in_viewport()
    page.get_by_label("第几条").fill("第一千零三十三条")
    page.get_by_role("button", name="打开").click()
    expect(page.locator("h1")).to_have_text("《民法典》第一千零三十三条")
    for written, status in (("１０３３", 303), ("1033", 303), ("9999", 404), ("催收", 404)):
        assert httpx.get(f"{server}/statutes/民法典", params={"n": written}).status_code == status
    assert httpx.get(f"{server}/statutes/刑法?n=253之一").headers["location"].endswith("/253-1")


def test_an_article_page(visit: Visit, server: str) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/statutes/民法典/1033")
    expect(page).to_have_title(re.compile("民法典第一千零三十三条"))
    expect(page.get_by_text("现行有效")).to_contain_text("2021 年 1 月 1 日起施行")
    expect(page.get_by_text("哪些情形用到这一条")).to_be_visible()
    about = json.loads(page.locator("script[type='application/ld+json']").text_content() or "")
    assert about["@type"] == "Legislation"
    page.get_by_role("button", name="复制引用").click()
    expect(page.get_by_role("status")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()").startswith("《民法典》第一千零三十三条：除法律另有规定")
    page.get_by_role("link", name="第一千零三十四条 →").click()
    expect(page.locator("h1")).to_have_text("《民法典》第一千零三十四条")


def test_search_engines_find_every_article(server: str) -> None:
    assert "Sitemap:" in httpx.get(f"{server}/robots.txt").text
    sitemap = httpx.get(f"{server}/sitemap.xml").text
    assert sitemap.count("<loc>") > 4000
    assert "/statutes/%E6%B0%91%E6%B3%95%E5%85%B8/1033" in sitemap


def test_the_checker_marks_a_wrong_citation(phone: Page, server: str) -> None:
    phone.goto(f"{server}/check")
    rule = "《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》第九百条"  # there is none
    text = f"根据《合同法》第二百零六条、《民法典》第六百七十条和{rule}，<b>特此</b>函告。"
    phone.locator("textarea").fill(text)
    phone.get_by_role("button", name="核对", exact=True).click()
    expect(phone.get_by_role("status")).to_have_text("共 3 处引注，1 处有问题，1 处本站没有原文、没有核对。")
    expect(phone.locator(".finding .status")).to_contain_text(["✖ 法律已废止", "○ 条文在", "？ 本站未收录"])
    expect(phone.locator(".finding .law")).to_contain_text("借款的利息不得预先在本金中扣除")  # to compare
    expect(phone.get_by_text("说的对不对，请和原文对一遍")).to_be_visible()
    phone.get_by_role("link", name="《合同法》第二百零六条").first.click()
    expect(phone.locator(".finding.wrong")).to_be_in_viewport()
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="下载 Word 报告").click()
    assert saved.value.suggested_filename == "引注核对报告.docx"
    expect(phone.locator(".marked")).to_contain_text("<b>特此</b>")


PAGES: dict[str, Callable[[Page, str], object]] = {
    "chat": start,
    "answer": lambda page, server: ask(page, server, BOMBED),
    "situations": lambda page, server: page.goto(f"{server}/situations/"),
    "situation": lambda page, server: page.goto(f"{server}/situations/contacts-bombed"),
    "article": lambda page, server: page.goto(f"{server}/statutes/民法典/1033"),
    "check": lambda page, server: page.goto(f"{server}/check"),
    "embed": lambda page, server: page.goto(f"{server}/embed"),
    "api": lambda page, server: page.goto(f"{server}/api/docs"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(visit: Visit, server: str, name: str, scheme: str) -> None:
    page = visit(color_scheme=scheme, **({"viewport": DESKTOP} if scheme == "dark" else {}))
    PAGES[name](page, server)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 28)"
    assert dark == (scheme == "dark")
    assert serious(page) == []
