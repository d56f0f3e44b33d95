"""The HTTP contract, over a real server: good requests, and every bad one with a reason."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO, TextIOWrapper
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import numpy as np
import pytest
import uvicorn
from docx import Document
from fastapi import Request
from mcp import Client, MCPError

from benchmarks.scripted import running
from bot import checker, connection, pages, records, render, web
from bot.__main__ import main
from bot.asking import begun
from bot.chain import Bot
from bot.mcp_tools import tools
from bot.model import Stop
from bot.page_texts import in_trouble
from bot.settings import BotSettings
from bot.state import ANSWERS_OF_ONE, CHECKS, CHECKS_OF_ONE, PAUSE, AppState, NotReady, state_of
from bot.ui import _respond
from bot.web import create_app, outdated
from bot.workers import TooMuch, Workers
from corpus.citations import Checks, check
from corpus.files import CorpusError
from corpus.statutes import load
from index import store
from index.build import Material, build, read
from index.parts import Parts
from index.retriever import Index
from index.store import StoreError

TAGS = "<script>alert(1)</script><img src=x onerror=alert(1)>催收打我妈电话违法吗"


def post(server: str, path: str, **body: object) -> httpx.Response:
    return httpx.post(f"{server}{path}", json=body, timeout=30)


def test_ask(server: str) -> None:
    answer = post(server, "/api/ask", question="借一万到手八千，合法吗", history=[]).json()
    assert answer["kind"] == "answer"
    assert {"law": "民法典", "number": 670}.items() <= answer["citations"][0].items()
    assert answer["citations"][0]["url"] == "/statutes/民法典/670"
    assert answer["generated_by"] == "grounded"


def test_a_situation_is_answered_as_it_is_named(server: str) -> None:
    answer = post(server, "/api/ask", question="催收给我妈打电话", situation="upfront-deduction").json()
    assert answer["situation"] == "upfront-deduction"
    refused = post(server, "/api/ask", question="催收", situation="nope")
    assert (refused.status_code, "没有 nope 这个情形" in refused.json()["error"]) == (422, True)


def test_search(server: str) -> None:
    hits = post(server, "/api/search", question="放款前先扣利息", top=3, cards=False).json()["hits"]
    assert len(hits) == 3
    assert (hits[0]["law"], hits[0]["number"]) == ("民法典", 670)
    assert "不得预先在本金中扣除" in hits[0]["text"]
    assert "top" in post(server, "/api/search", question="利息", top=0).json()["error"]
    assert "没有看到问题" in post(server, "/api/search", question=" 😀 ").json()["error"]


def test_a_card_of_another_matter_does_not_lead_the_search(server: str) -> None:
    for question, first in (
        ("公司不给交社保我能辞职要补偿吗", ("劳动合同法", 38)),
        ("邻居的狗咬了我孩子", ("民法典", 1245)),
    ):
        hit = post(server, "/api/search", question=question).json()["hits"][0]
        assert (hit["law"], hit["number"]) == first


def test_the_articles_of_a_card_that_fits_come_first(server: str) -> None:
    hits = post(server, "/api/search", question="帮人担保，他不还，银行找我").json()["hits"]
    assert {("民法典", 688), ("民法典", 687)} <= {(h["law"], h["number"]) for h in hits[:3]}


@pytest.mark.parametrize(
    ("question", "says"),
    [("", "问题"), (" \n", "问题"), ("😀", "问题"), ("长" * 100_000, "太长"), ("\x00\x01", "问题")],
)
def test_a_question_that_cannot_be_read_is_a_422_with_a_reason(server: str, question: str, says: str) -> None:
    response = post(server, "/api/ask", question=question)
    assert response.status_code == 422
    assert says in response.json()["error"]


@pytest.mark.parametrize(
    "question", ["What about debt collectors?", TAGS, "ab\x07c催收", "借钱\u202e了", "🙏催收打我家人"]
)
def test_odd_questions_are_answered(server: str, question: str) -> None:
    response = post(server, "/api/ask", question=question)
    assert response.status_code == 200
    assert response.json()["answer"]


@pytest.mark.parametrize("content", [b"{", b"", b"[]", b'{"question": 5}', b'{"q": "x"}', b"\xff\xfe"])
def test_broken_requests_are_4xx_with_a_reason(server: str, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = httpx.post(f"{server}/api/ask", content=content, headers=headers)
    assert 400 <= response.status_code < 500
    assert response.json()["error"]


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/api/search", {"question": "催收", "top": 101}, "top 太大，最多 100"),
        (
            "/api/ask",
            {"question": "催收", "history": [{"role": "user", "content": 5}]},
            'history 第 1 项 content 要写成 "…" 这样的文字',
        ),
        ("/api/ask", {"question": "催收", "situation": "\ud800"}, "situation 里有半个字，读不出来"),
        (
            "/api/ask",
            {"question": "催收", "history": [{"role": "system", "content": "x"}]},
            "history 第 1 项 role 只能是 'user'、'assistant'",
        ),
        ("/api/ask", {"question": "催收", "history": [{}] * 51}, "history 太多，最多 50 项"),
        ("/api/ask", {"question": "催收", "history": "x"}, "history 要写成 […] 这样的列表"),
        ("/api/check", {}, "缺少 text"),
        ("/api/check", [], "内容 要是 JSON 对象，请求头要有 content-type: application/json"),
    ],
)
def test_what_is_amiss_with_a_request_is_said(server: str, path: str, body: object, says: str) -> None:
    headers = {"content-type": "application/json"}
    reply = httpx.post(server + path, content=json.dumps(body), headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (422, f"请求的格式不对：{says}。")


@pytest.mark.parametrize("content", ['{"top": ' + "9" * 5000 + "}", "[" * 100_000, '{"question": "催收"}'])
def test_json_that_python_cannot_read_is_told_why(server: str, content: str) -> None:
    headers = {"content-type": "application/json"}
    reply = httpx.post(f"{server}/api/search", content=content.encode("gb18030"), headers=headers)
    assert (reply.status_code, "UTF-8" in reply.json()["error"]) == (400, True)


def test_check(server: str) -> None:
    text = "依据《合同法》第二百零六条和《民法典》第六百七十条。"
    first, second = post(server, "/api/check", text=text).json()["citations"]
    assert text[slice(*first["span"])] == first["written"]
    assert first["status"] == "repealed"
    assert {"law": "民法典", "number": 675, "suffix": 0} in first["now"]
    assert second["status"] == "ok"


def test_article(server: str) -> None:
    article = httpx.get(f"{server}/api/statutes/刑法/253-1").json()
    assert (article["number"], article["suffix"]) == (253, 1)
    assert "公民个人信息" in article["text"]
    for law, name in (("个保法", "个人信息保护法"), ("《民法典》", "民法典"), ("中华人民共和国 民法典 ", "民法典")):
        assert httpx.get(f"{server}/api/statutes/{law}/10").json()["law"] == name


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("合同法/206", "废止，现在看《民法典》；这一条对应的是第六百七十五条"),
        ("《合同法》/206", "这一条对应的是第六百七十五条"),
        ("治安管理处罚法（2012年修正）/42", "第五十条"),  # today's 42 is another rule
        ("个人信息包护法/10", "名字相近的有《个人信息保护法》"),
    ],
)
def test_where_a_law_went_is_told(server: str, path: str, told: str) -> None:
    response = httpx.get(f"{server}/api/statutes/{path}")
    assert response.status_code == 404
    assert told in response.json()["error"]


def test_every_link_of_a_checked_text_leads_to_a_page(server: str) -> None:
    """Also to a law outside the scope, as its article is said to be in force; not to a rule that is not held."""
    text = "《道路交通安全法》第三条，《道路交通安全法》，《刑法》第二百六十六条，"
    text += "《最高人民法院关于人民法院审理借贷案件的若干意见》。"
    page = httpx.post(f"{server}/check", data={"text": text}).text
    links = re.findall(r'href="(/statutes/[^"]+)"', page)
    assert len(set(links)) == 3
    assert {httpx.get(f"{server}{link}").status_code for link in links} == {200}
    assert "民间借贷案件适用法律若干问题的规定" in page
    beyond = [path for path in set(links) if "供你对照" in httpx.get(f"{server}{path}").text]
    assert sorted(map(unquote, beyond)) == ["/statutes/道路交通安全法", "/statutes/道路交通安全法/3"]


def test_an_amended_article_is_nowhere_said_to_be_in_force(server: str) -> None:
    assert "修正案（十二）" in httpx.get(f"{server}/api/statutes/刑法/390").json()["note"]
    for path, amended in (("刑法/390", True), ("刑法/389", False)):
        page = httpx.get(f"{server}/statutes/{path}").text
        assert ("本站只有修改前的文本" in page, "NotInForce" in page, "现行有效" in page) == (
            amended,
            amended,
            not amended,
        )
    assert httpx.get(f"{server}/statutes/刑法").text.count("本站只有修改前的文本") == 7


@pytest.mark.parametrize("path", ["民法典/0", "民法典/99999", "民法典/第一条", "无名法/1", "刑法/253-9", "民法典/-1"])
def test_an_article_that_is_not_there_is_a_404_with_a_reason(server: str, path: str) -> None:
    response = httpx.get(f"{server}/api/statutes/{path}")
    assert response.status_code == 404
    assert response.json()["error"]
    page = httpx.get(f"{server}/statutes/{path}", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "<h1>" in page.text


def test_a_merged_card_s_address_leads_to_the_card_that_has_its_matter(server: str) -> None:
    reply = httpx.get(f"{server}/situations/crime-lend-phone-account")
    assert (reply.status_code, reply.headers["location"]) == (308, "/situations/trap-lend-sim-account")
    assert httpx.get(f"{server}/situations/enf-no-judge").status_code == 404


def test_a_statute_name_is_shown_as_text(server: str) -> None:
    page = httpx.get(f"{server}/statutes/<img src=x>", headers={"accept": "text/html"})
    assert (page.status_code, "《&lt;img src=x&gt;》" in page.text, "<img" in page.text) == (404, True, False)


def test_a_malformed_origin_is_refused(server: str) -> None:
    reply = httpx.post(f"{server}/api/ask", json={"question": "催收骂我"}, headers={"origin": "http://["})
    assert reply.status_code == 403
    assert httpx.get(f"{server}/embed", headers={"referer": "http://["}).is_success


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nope"),
        ("GET", "/api/nope"),
        ("GET", "/api/ask"),
        ("GET", "/mcp"),
        ("DELETE", "/check"),
        ("GET", "/static/nope.js"),
        ("GET", "/pwa_icon/192"),
        ("GET", "/gradio_api/dev/reload"),
    ],
)
def test_an_address_that_is_not_there_is_said_in_chinese(server: str, method: str, path: str) -> None:
    reply = httpx.request(method, server + path)
    assert reply.status_code in (404, 405)
    assert f"不接受 {method}" in reply.json()["error"]
    page = httpx.request(method, server + path, headers={"accept": "text/html"})
    assert "没有这个地址" in page.text
    assert ("<h1>" in page.text) is not path.startswith("/api/")


@pytest.mark.parametrize(
    "path", ["/check", "/embed", "/desk", "/demo", "/statutes/民法典/1033", "/situations/contacts-bombed"]
)
def test_a_slash_at_the_end_leads_to_the_page(server: str, path: str) -> None:
    page = httpx.get(f"{server}{path}/", follow_redirects=True)
    assert (page.status_code, unquote(page.url.path)) == (200, path)


def test_a_method_that_an_address_has_not_is_a_405(server: str) -> None:
    for method, path, allowed in (
        ("GET", "/api/ask", "POST"),
        ("PUT", "/statutes/", "GET"),
        ("POST", "/healthz", "GET"),
    ):
        reply = httpx.request(method, server + path)
        assert (reply.status_code, reply.headers["allow"]) == (405, allowed)


@dataclass
class Served:
    """What `python -m bot` runs, in a thread, without an index."""

    site: str
    server: uvicorn.Server
    thread: threading.Thread

    def connected(self) -> socket.socket:
        """A connection that has said nothing yet."""
        address = urlsplit(self.site)
        return socket.create_connection((address.hostname, address.port), timeout=10)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Served]:
    started: list[uvicorn.Server] = []

    class Server(uvicorn.Server):
        def __init__(self, config: uvicorn.Config) -> None:
            super().__init__(config)
            started.append(self)

    monkeypatch.setattr(uvicorn, "Server", Server)
    monkeypatch.setattr(AppState, "open", lambda _: None)
    monkeypatch.setattr(web, "STOPPING", 1)
    monkeypatch.setattr(web, "threadpool_limits", lambda *_, **__: None)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    running = threading.Thread(target=web.serve, args=[BotSettings(_env_file=None, data=tmp_path, port=0)], daemon=True)
    running.start()
    deadline = time.monotonic() + 60
    while not (started and started[0].started):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield Served(capsys.readouterr().out.split()[-1], started[0], running)
    started[0].should_exit = True
    running.join(20)


def test_a_server_that_is_stopped_waits_for_no_page_that_is_open(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with suppress(httpx.TransportError), httpx.stream("GET", f"{served.site}/gradio_api/heartbeat/x") as beat:
        assert "ALIVE" in next(beat.iter_text())
        served.server.should_exit = True
        served.thread.join(20)
    assert not served.thread.is_alive()
    assert [record for record in caplog.records if record.exc_info] == []


def test_who_says_nothing_is_hung_up_on_and_who_reads_is_not(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(connection, name, 0.5)
    begun = b"POST /api/check HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 9\r\n"
    for said in (b"", begun, begun + b"\r\n{"):
        with served.connected() as silent:
            silent.sendall(said)
            assert silent.recv(99) == b""
    for more in (b"", b"\r\n", b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * (connection.HEAD // 4)):
        with served.connected() as page:
            page.sendall(b"GET /gradio_api/heartbeat/x HTTP/1.1\r\nhost: x\r\n\r\n")
            come = b""
            while b"ALIVE" not in come:
                come += page.recv(9999)
            page.sendall(more)
            page.settimeout(1)
            with pytest.raises(TimeoutError):
                page.recv(9999)


def test_who_does_not_read_what_he_asked_for_is_hung_up_on(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BODY_SECONDS", 0.5)
    with served.connected() as deaf:
        deaf.sendall(b"GET /static/chat.js HTTP/1.1\r\nhost: x\r\n\r\n" * 2000)  # more than the system's buffers hold
        deadline = time.monotonic() + 20
        while served.server.server_state.total_requests == 0 or served.server.server_state.connections:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert served.server.server_state.total_requests < 2000


def test_headers_without_end_are_not_kept(served: Served) -> None:
    with served.connected() as endless:
        endless.sendall((b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * connection.HEAD)[: connection.HEAD + 1])
        assert endless.recv(99).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("path", ["/", "/statutes/民法典/1033", "/healthz", "/widget.js", "/nope"])
def test_a_monitor_asks_with_head_as_with_get(server: str, path: str) -> None:
    head, page = httpx.head(server + path), httpx.get(server + path)
    assert (head.status_code, head.headers.get("content-type")) == (page.status_code, page.headers.get("content-type"))
    assert head.content == b""


def test_a_broken_form_is_not_called_too_long(server: str) -> None:
    two = httpx.post(f"{server}/check", files=[("file", ("a.txt", b"x")), ("file", ("b.txt", b"y"))])
    assert (two.status_code, "表单不完整" in two.json()["error"]) == (400, True)
    long = httpx.post(f"{server}/check", files={"text": (None, b"x" * 4_100_000)})
    assert (long.status_code, "太长" in long.json()["error"]) == (413, True)


@pytest.mark.parametrize("path", ["check", "desk/login"])
def test_a_form_is_not_read_by_whatever_codec_it_names(server: str, path: str) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na-b\r\n--x--\r\n'
    named = {"content-type": "multipart/form-data; boundary=x; charset=punycode"}
    reply = httpx.post(f"{server}/{path}", content=form, headers=named)
    assert (reply.status_code, "UTF-8" in reply.json()["error"]) == (415, True)


def test_templates_stay_as_they_were_when_the_process_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(render.HERE / "templates", tmp_path / "templates")
    monkeypatch.setattr(render, "HERE", tmp_path)
    environment = render.environment.__wrapped__()
    for template in (tmp_path / "templates").iterdir():
        template.write_text("{{ not_there_yet }}", "utf-8")
        os.utime(template, (0, 0))
    assert "没有" in environment.get_template("error.html").render(title="没有找到", message="")


def test_a_site_with_a_chinese_name_may_embed(broken: None, tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, data=tmp_path, origins=("HTTPS://求助.中国/",))
    with running(create_app(settings)) as site:
        policy = httpx.get(f"{site}/embed").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://xn--7frp90d.xn--fiqs8s")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BOT_ORIGINS", "https://help.example", "JSON"),
        ("BOT_ORIGINS", '["help.example"]', "https://域名"),
        ("BOT_ORIGINS", '["https://help.example/path"]', "https://域名"),
        ("BOT_ORIGINS", '["https://*.example"]', "https://域名"),
        ("BOT_ORIGINS", '["https://:secret@help.example"]', "https://域名"),
        ("BOT_HOSTS", '["https://help.example"]', "不带 https://"),
        ("BOT_HOSTS", '["help.example/path"]', "不带 https://"),
        ("BOT_HOSTS", '["help example"]', "不带 https://"),
        ("BOT_HOSTS", '["*.example"]', "不带 https://"),
        ("BOT_MODEL_OPTIONS", "{bad", "JSON"),
        ("BOT_MODEL_OPTIONS", '{"base_url": 5}', "base_url"),
        ("BOT_CHROMA", "http://[", "BOT_CHROMA 要写成"),
        ("BOT_CHROMA", "https://reader:secret@db.example", "不带用户名"),
        ("BOT_CHROMA", "https://db.example/chroma", "路径"),
        ("BOT_MODEL_URL", "http://127.0.0.1:9/v1", "和 BOT_MODEL 一起"),
        ("BOT_LONGEST", "-5", "至少 1"),
        ("BOT_DATA", "/proc/nope", "BOT_DATA"),
        ("BOT_DATA", "/tmp/\udcff", "UTF-8"),
        ("BOT_DESK_PASSWORD", "\udcff", "UTF-8"),
        ("BOT_ORIGINS", "[" * 20_000, "JSON"),
    ],
)
def test_a_wrong_setting_is_named(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO()))
    assert main(["ask", "催收骂我"]) == 1
    said = capsys.readouterr().err
    assert name in said
    assert says in said


def test_nobody_leaves_files_here_or_has_them_fetched(server: str, tmp_path: Path) -> None:
    files = {"files": ("a.png", b"\x89PNG" + b"A" * 3000)}
    for path in ("upload", "upload/", "component_server", "process_recording"):
        reply = httpx.post(f"{server}/gradio_api/{path}", files=files, follow_redirects=True)
        assert reply.status_code == 404
        assert "不收文件" in reply.json()["error"]
    for path in (f"file={server}/healthz", f"file/{server}/healthz", "file=/etc/passwd", f"proxy={server}/healthz"):
        assert "不收文件" in httpx.get(f"{server}/gradio_api/{path}").json()["error"]
    for path in (f"{server}/healthz", str(tmp_path)):
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        for data in ([file, []], ["催收骂我", [file]]):
            join = {"fn_index": 0, "session_hash": "f", "data": data}
            assert httpx.post(f"{server}/gradio_api/queue/join", json=join).status_code == 200
            told = httpx.get(f"{server}/gradio_api/queue/data?session_hash=f", timeout=30).text
            assert "不收文件" in told


def test_pages_are_small_on_the_wire_and_streams_come_as_they_are(server: str) -> None:
    with httpx.stream("GET", f"{server}/statutes/民法典") as page:
        sent = sum(map(len, page.iter_raw()))
        assert (page.headers["content-encoding"], page.headers["cache-control"]) == ("gzip", "max-age=3600")
        assert sent < 150_000
    with httpx.stream("POST", f"{server}/embed/ask", json={"question": "催收给我妈打电话，违法吗？"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in stream.headers


def test_a_long_page_is_made_once() -> None:
    statutes = load()
    page = pages.statute_page("民法典", statutes)
    assert pages.statute_page("中华人民共和国民法典", statutes) is page
    assert pages.statute_page("刑法", statutes) != page


def test_a_long_pasted_text_is_checked(server: str) -> None:
    text = "《民法典》第六百八十条说禁止高利放贷。" + "很长" * 200_000
    page = httpx.post(f"{server}/check", data={"text": text}, timeout=60)
    assert page.status_code == 200
    assert "共 1 处引注" in page.text


def test_a_citation_over_two_lines_is_one_finding(server: str) -> None:
    report = httpx.post(f"{server}/check", data={"text": "《民法典》\n第9999条", "save": "md"}).text
    assert "\n- 第 1 行 《民法典》 第9999条：**没有这一条**。" in report


def test_a_page_has_so_many_findings_and_says_each_note_once(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "《民法典》第670条。" * 4 + "《合同法》第52条。"
    note = post(server, "/api/check", text=text).json()["citations"][-1]["note"]
    assert note
    monkeypatch.setattr(checker, "MOST", 3)
    page = httpx.post(f"{server}/check", data={"text": text}).text
    assert re.findall('id="(finding-.)"', page) == ["finding-1", "finding-2", "finding-5"]
    assert (page.count('class="citation '), page.count(note), "只列出、标出 3 处" in page) == (3, 1, True)
    assert "只列出" not in httpx.post(f"{server}/check", data={"text": "《合同法》第52条"}).text


def test_of_very_many_citations_the_wrong_ones_are_given_and_the_rest_counted(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def by_mcp() -> list[dict[str, object]]:
        async with Client(f"{server}/mcp") as client:
            reply = await client.call_tool("check_citations", {"text": text})
            return [json.loads(part.text) for part in reply.content]

    text = "《民法典》第670条。" * 4 + "《合同法》第52条。"
    assert set(post(server, "/api/check", text=text).json()) == {"citations"}
    monkeypatch.setattr(checker, "MOST", 3)
    told = post(server, "/api/check", text=text).json()
    assert [one["law"] for one in told["citations"]] == ["民法典", "民法典", "合同法"]
    assert told["left_out"] == 2
    assert asyncio.run(by_mcp()) == [*told["citations"], {"left_out": 2}]


def test_numbers_whose_law_does_not_show_are_told(server: str) -> None:
    text = "《民法典》第六百七十条讲利息，《刑法》第二百六十六条讲诈骗。\n\n另外第三十四条也要注意。"
    told = "另有 1 处条号看不出是哪部法律，没有核对：第三十四条（第 3 行）。"
    assert told in httpx.post(f"{server}/check", data={"text": text}).text
    assert told in httpx.post(f"{server}/check", data={"text": text, "save": "md"}).text
    assert "另有" not in httpx.post(f"{server}/check", data={"text": "《民法典》第六百七十条"}).text


def test_a_report_is_taken_away(server: str) -> None:
    text = "依据《合同法》第二百零六条和\n《民法典》第六百七十条。"
    report = httpx.post(f"{server}/check", data={"text": text, "save": "md"})
    assert report.headers["content-type"].startswith("text/markdown")
    assert "filename=report.md" in report.headers["content-disposition"]
    assert "共 2 处引注，1 处有问题" in report.text
    assert "- 第 2 行 《民法典》第六百七十条：" in report.text
    assert f"]({server}/statutes/" in report.text
    word = httpx.post(f"{server}/check", data={"text": f"# 函\n{text}", "save": "docx"})
    assert "filename=report.docx" in word.headers["content-disposition"]
    paragraphs = Document(BytesIO(word.content)).paragraphs
    assert [p.text for p in paragraphs if p.style.name.startswith(("Title", "Heading"))] == ["引注核对报告", "原文"]
    assert "第 3 行 《民法典》第六百七十条：条文在；说法没有核对。" in [p.text for p in paragraphs]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts were being checked, at each beginning."""
    now: set[object] = set()
    seen: list[int] = []

    def watched(text: str, *rest: object, **more: object) -> Checks:
        now.add(mine := object())
        seen.append(len(now))
        time.sleep(0.2)
        now.remove(mine)
        return check(text, load())

    for module in ("checker", "chain"):
        monkeypatch.setattr(f"bot.{module}.check", watched)
    return seen


@pytest.mark.parametrize(("addresses", "most"), [(1, CHECKS_OF_ONE), (3, CHECKS)])
def test_few_texts_are_checked_at_once(
    addresses: int, most: int, broken: None, tmp_path: Path, at_once: list[int]
) -> None:
    def checked(n: int) -> int:
        whose = {"x-forwarded-for": f"10.0.0.{n % addresses}"}
        return httpx.post(f"{site}/check", data={"text": "民法典第1条"}, headers=whose).status_code

    with running(create_app(BotSettings(_env_file=None, data=tmp_path))) as site, ThreadPoolExecutor(6) as callers:
        assert list(callers.map(checked, range(6))) == [200] * 6
    assert max(at_once) == most


def test_few_texts_are_checked_at_once_by_mcp(server: str, at_once: list[int]) -> None:
    async def use() -> None:
        async with Client(f"{server}/mcp") as client:
            await asyncio.gather(*(client.call_tool("check_citations", {"text": "民法典第1条"}) for _ in range(6)))

    asyncio.run(use())
    assert len(at_once) == 6
    assert max(at_once) == CHECKS_OF_ONE


def test_who_asks_without_end_waits_in_a_line_of_his_own(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    monkeypatch.setattr(AppState, "open", lambda _: None)
    monkeypatch.setattr(Bot, "search", lambda _, words, *__: may_end.wait(60) if words == "慢" else [])
    app = create_app(BotSettings(_env_file=None, data=tmp_path, waiting=2))
    state_of(app).bot = bot

    def search(words: str, address: str) -> httpx.Response:
        whose = {"x-forwarded-for": address}
        return httpx.post(f"{site}/api/search", json={"question": words}, headers=whose, timeout=60)

    served = ANSWERS_OF_ONE + 2
    with running(app) as site, ThreadPoolExecutor(served + 1) as callers:
        slow = [callers.submit(search, "慢", f"2001:db8::{n}") for n in range(served + 1)]  # of one network
        refused = next(as_completed(slow)).result()
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert all(number in refused.json()["error"] for number in ("110", "12356", "12348"))
        assert search("快", "2001:db8:1::1").status_code == 200
        may_end.set()
        assert sorted(one.result().status_code for one in slow) == [*[200] * served, 429]
    gc.collect()
    network = "2001:db8::/64"
    assert not any(network in held for held in gc.get_objects() if type(held) is dict), "an address is kept"


def test_every_search_waits_in_line(bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppState, "open", lambda _: None)
    app = create_app(BotSettings(_env_file=None, data=tmp_path, desk_password="灯塔"))
    state_of(app).bot = bot
    state_of(app).answers = Workers(threads=1, each=1, waiting=0, patience=1)
    with running(app) as site, httpx.Client(base_url=site) as caller:
        caller.post("/desk/login", data={"password": "灯塔"})
        for path in ("/api/ask", "/api/ask/stream", "/api/search", "/embed/ask", "/desk/search"):
            reply = caller.post(path, json={"question": "催收骂我", "words": "催收骂我"})
            assert (reply.status_code, "12356" in reply.text) == (429, True)


@pytest.mark.parametrize(("address", "where"), [("10.0.0.1", "你这个网络里"), ("10.0.0.2", "现在")])
def test_nobody_waits_for_long_without_a_word(address: str, where: str) -> None:
    def of(one: str) -> Request:
        return Request({"type": "http", "client": (one, 1), "headers": []}, asyncio.Event().wait)

    async def use() -> None:
        workers = Workers(threads=1, each=1, waiting=1, patience=0.1)
        first = asyncio.create_task(workers.do(of("10.0.0.1"), lambda: time.sleep(0.5)))
        await asyncio.sleep(0)
        with pytest.raises(TooMuch, match=f"^{where}问的人太多.*110"):
            await workers.do(of(address), lambda: None)
        assert not first.done()
        await first
        assert await workers.do(of(address), lambda: "well") == "well"

    asyncio.run(use())


def _by_the_chat(site: str, words: str) -> None:
    join = {"fn_index": 0, "session_hash": words, "data": [words, []]}
    httpx.post(f"{site}/gradio_api/queue/join", json=join).raise_for_status()
    httpx.get(f"{site}/gradio_api/queue/data", params={"session_hash": words}, timeout=1)


def _by_mcp(site: str, words: str) -> None:
    call = {"name": "ask", "arguments": {"question": words}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {"accept": "application/json, text/event-stream"}
    httpx.post(f"{site}/mcp", json=body, headers=headers, timeout=1)


def _by(path: str) -> Callable[[str, str], object]:
    return lambda site, words: httpx.post(f"{site}{path}", json={"question": words, "text": words}, timeout=1)


@pytest.mark.parametrize(
    "door",
    [*map(_by, ("/api/ask", "/api/ask/stream", "/api/search", "/embed/ask")), _by_mcp, _by_the_chat],
    ids=["ask", "stream", "search", "widget", "mcp", "chat"],
)
def test_who_hangs_up_while_he_waits_gives_up_his_place(
    door: Callable[[str, str], object],
    bot: Bot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def done(_: Bot, words: str, *__: object) -> list[str]:
        asked.append(words)
        return [words] if may_end.wait(60) else []

    asked: list[str] = []
    may_end = threading.Event()
    for name in ("search", "_ask"):
        monkeypatch.setattr(Bot, name, done)
    monkeypatch.setattr(AppState, "open", lambda _: None)
    app = create_app(BotSettings(_env_file=None, data=tmp_path))
    state = state_of(app)
    state.bot, state.answers = bot, Workers(threads=1, each=1, waiting=1, patience=60)
    with running(app, "error") as site, ThreadPoolExecutor(1) as callers:
        slow = callers.submit(httpx.post, f"{site}/api/search", json={"question": "慢"}, timeout=60)
        deadline = time.monotonic() + 30
        while not asked:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for words in ("等不及", "又来问"):  # there is one place to wait
            with pytest.raises(httpx.ReadTimeout):
                door(site, words)
            while sum(line.statistics().tasks_waiting for line in state.answers._lines.values()):
                assert time.monotonic() < deadline
                time.sleep(0.05)
        may_end.set()
        assert slow.result().json() == {"hits": ["慢"]}
    assert (asked, caplog.records) == (["慢"], [])


@pytest.mark.parametrize("stopped", ["between", "within"])
def test_an_answer_that_somebody_leaves_is_closed_in_a_thread(stopped: str, tmp_path: Path) -> None:
    within, closed = threading.Event(), []

    def answer() -> Generator[int, None, None]:
        try:
            yield 1
            within.set()
            time.sleep(0.3)
            yield 2
        finally:
            closed.append(threading.current_thread())

    async def hear() -> None:
        async with begun(lambda _: answer(), AppState(BotSettings(_env_file=None, data=tmp_path)), None) as coming:
            async for _ in coming:
                if stopped == "between":
                    break

    async def use() -> None:
        task = asyncio.create_task(hear())
        if stopped == "within":
            await asyncio.to_thread(within.wait, 10)
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert closed[0] is not threading.main_thread()

    asyncio.run(use())


@pytest.mark.parametrize(("path", "most"), [("/feedback", 2), ("/api/check", 7), ("/mcp", 7), ("/check", 30)])
@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_request_that_brings_too_much_is_told_so(server: str, path: str, most: int, in_chunks: bool) -> None:
    content = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"x" * (most + 1 << 20)
    headers = {"content-type": "multipart/form-data; boundary=b" if path == "/check" else "application/json"}
    reply = httpx.post(server + path, content=iter([content]) if in_chunks else content, headers=headers, timeout=60)
    assert (reply.status_code, f"最多 {most} MB" in reply.json()["error"]) == (413, True)


def test_addresses_for_others_are_the_operator_s(broken: None, tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, data=tmp_path, hosts=("help.example",))
    with running(create_app(settings)) as site:
        told = [httpx.get(f"{site}/robots.txt", headers={"host": h}).text for h in ("evil.example", "help.example:81")]
        examples = httpx.get(f"{site}/api/docs", headers={"host": "evil.example"}).text
    assert [t.split("Sitemap: ")[1].strip() for t in told] == [
        "http://help.example/sitemap.xml",
        "http://help.example:81/sitemap.xml",
    ]
    assert "http://help.example/api/ask" in examples
    assert "evil.example" not in examples


@pytest.mark.parametrize("header", ["x-forwarded-host", "x-gradio-server"])
def test_nobody_tells_the_chat_where_it_is(broken: None, tmp_path: Path, header: str) -> None:
    with running(create_app(BotSettings(_env_file=None, data=tmp_path))) as site:
        for path in ("", "config"):
            assert "evil.example" not in httpx.get(f"{site}/{path}", headers={header: "http://evil.example"}).text
        out = httpx.get(f"{site}/logout", headers={header: "http://evil.example"})
    assert "evil.example" not in out.headers["location"]


@pytest.mark.parametrize(("option", "value"), [("port", "99999"), ("host", ""), ("host", "\udcff")])
def test_where_nobody_can_listen_is_said(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"--{option}", value]) == 1
    assert f"BOT_{option.upper()}" in capsys.readouterr().err


def test_a_port_in_use_is_said_before_anything_begins(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", server.rpartition(":")[2]]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "已经有程序在用" in told.err


@pytest.mark.parametrize("listening", ["127.0.0.1", "0.0.0.0"])
def test_mcp_answers_to_its_own_names_only(broken: None, tmp_path: Path, listening: str) -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}
    accept = {"accept": "application/json, text/event-stream"}
    settings = BotSettings(_env_file=None, data=tmp_path, hosts=("Help.Example",), host=listening)
    with running(create_app(settings)) as site:
        told = {
            host: httpx.post(f"{site}/mcp", json=body, headers={**accept, "host": host}).status_code
            for host in ("help.example", "help.example:443", "evil.example")
        }
    assert told == {"help.example": 200, "help.example:443": 200, "evil.example": 421}


def test_every_door_says_the_same_of_a_text_that_is_too_long(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(AppState, "open", lambda _: None)
    monkeypatch.setattr(Index, "open", lambda *_: bot.index)
    monkeypatch.setenv("BOT_LONGEST_TEXT", "10")
    app = create_app(BotSettings(_env_file=None, data=tmp_path))
    state_of(app).bot = bot
    (tmp_path / "文章.txt").write_text(text := "《民法典》第六百七十条", "utf-8")

    async def call(site: str) -> str:
        async with Client(f"{site}/mcp") as client:
            return str((await client.call_tool("check_citations", {"text": text})).content)

    with running(app) as site:
        reply = httpx.post(f"{site}/api/check", json={"text": text})
        told = [reply.text, httpx.post(f"{site}/check", data={"text": text}).text, asyncio.run(call(site))]
    assert (reply.status_code, main(["check", str(tmp_path / "文章.txt")])) == (413, 2)
    assert ["文字太长，最多 10 字，请分段核对。" in words for words in (*told, capsys.readouterr().err)] == [True] * 4


def test_a_statute_that_waited_makes_the_index_old() -> None:
    statutes = load(as_of=date(2025, 12, 1))
    assert not outdated(statutes, date(2025, 12, 1))
    assert outdated(statutes, date(2026, 1, 1))  # 治安管理处罚法 of 2025
    statutes = load(as_of=date(2026, 11, 1))
    assert not outdated(statutes, date(2026, 12, 31))
    assert outdated(statutes, date(2027, 1, 1))  # 医疗保障法, outside the default scope


def test_a_start_that_fails_is_said(broken: None, tmp_path: Path) -> None:
    with running(create_app(BotSettings(_env_file=None, data=tmp_path))) as site:
        while httpx.get(f"{site}/healthz").json()["status"] == "loading":
            time.sleep(0.05)
        reply = httpx.post(f"{site}/api/ask", json={"question": "催收骂我"})
    assert reply.status_code == 503
    assert "启动失败" in reply.json()["error"]


@pytest.mark.parametrize("failure", ["", "磁盘满了"])
def test_every_door_but_the_law_s_says_the_same_while_there_is_no_bot(
    failure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppState, "_open", lambda _: None)
    app = create_app(BotSettings(_env_file=None, data=tmp_path))
    state = state_of(app)
    state.failure = failure

    async def call(site: str, tool: str, **arguments: object) -> str:
        async with Client(f"{site}/mcp") as client:
            return str((await client.call_tool(tool, arguments)).content)

    with running(app) as site:
        away = {"x-forwarded-for": "203.0.113.1"}
        reply = httpx.post(f"{site}/api/ask", json={"question": "催收骂我"}, headers=away)
        told = [asyncio.run(call(site, tool, question="催收骂我")) for tool in ("ask", "search_statutes")]
        told.append(asyncio.run(call(site, "check_citations", text="民法典第1条")))
        law = [asyncio.run(call(site, "get_article", law="民法典", number=670))]  # it needs no index
        law.append(httpx.get(f"{site}/api/statutes/民法典/670").text)
        health = httpx.get(f"{site}/healthz").json()
        elsewhere = httpx.get(f"{site}/healthz", headers={"host": "help.example"}).json()  # by a proxy on this machine
    told.append(str(list(_respond(state, "催收骂我", [], None, Stop()))))
    says = reply.json()["error"]
    assert ("12348" in says) is bool(failure)
    assert not failure or failure not in says
    assert [says in words for words in told] == [True] * 4
    assert ["不得预先在本金中扣除" in words for words in law] == [True] * 2
    assert (reply.status_code, "retry-after" in reply.headers) == (503, not failure)
    assert health == ({"status": "failed", "error": f"启动失败：{failure}"} if failure else {"status": "loading"})
    assert elsewhere == ({"status": "failed", "error": says} if failure else {"status": "loading"})


def test_a_renewal_that_fails_leaves_the_bot_and_a_good_one_clears_it(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Bot:
        raise StoreError("磁盘满了")

    state = AppState(BotSettings(_env_file=None, data=tmp_path), bot)
    monkeypatch.setattr(Bot, "open", full)
    state.open()
    assert (state.ready(), state.failure) == (bot, "磁盘满了")
    monkeypatch.setattr(Bot, "open", lambda *_: Bot(bot.index))
    state.open()
    assert state.ready() is not bot
    assert state.failure == ""


@pytest.fixture(scope="module")
def made(index: Index, settings: BotSettings) -> tuple[Material, Parts]:
    """What the index was made of, and what it has beside Chroma."""
    made_of, folder = build(settings, index.encoder)
    return made_of, read(folder, settings.chroma)[1]


@pytest.fixture
def forsaken(made: tuple[Material, Parts], index: Index, settings: BotSettings, tmp_path: Path) -> Index:
    """The index once more, with articles that are gone from Chroma, as its first search will find out."""
    made_of, parts = made
    client = store.client(tmp_path / "chroma")
    store.write(client, "articles", np.eye(384, dtype=np.float32))
    articles = store.Store(client, "articles")
    store.delete(client, "articles")
    return Index(made_of, index.encoder, articles, parts, settings.data)


@pytest.fixture
def lost(forsaken: Index) -> Index:
    """The same, after that search."""
    forsaken.articles(forsaken.query("催收"))
    assert forsaken.lost
    return forsaken


def test_an_index_that_is_lost_is_opened_anew(
    forsaken: Index, bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = AppState(BotSettings(_env_file=None, data=tmp_path), Bot(forsaken))
    query = forsaken.query("飞机掉下来砸坏房子谁赔")
    found, there = ([hit.reference for hit in one.articles(query, 5)] for one in (state.ready().index, bot.index))
    assert found == there
    monkeypatch.setattr(Bot, "open", lambda *_: Bot(bot.index))
    assert state.ready().index is forsaken
    deadline = time.monotonic() + 20
    while state.bot is None or state.bot.index is forsaken:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert state.ready().index is bot.index


def test_a_thread_that_cannot_start_does_not_shut_the_index_for_ever(tmp_path: Path) -> None:
    class NoThread:
        def __init__(self, **_: object) -> None: ...

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    state, opened = AppState(BotSettings(_env_file=None, data=tmp_path)), threading.Event()
    state.failure = "磁盘满了"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.state.Thread", NoThread)
        with pytest.raises(NotReady):
            state.ready()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "_open", opened.set)
        with pytest.raises(NotReady):
            state.ready()
        assert opened.wait(5)


def test_work_in_the_background_goes_on_after_an_error(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept, looked, opened = [], [], threading.Event()

    def sweep(_: BotSettings, name: str) -> None:
        swept.append(name)
        raise PermissionError(name)

    def law(*_: object) -> bool:
        looked.append(1)
        if len(looked) == 1:
            raise CorpusError("坏了")
        return True

    async def use() -> None:
        state = AppState(BotSettings(_env_file=None, data=tmp_path), bot)
        tasks = [asyncio.create_task(work) for work in (records.expire(state.settings), web._renew(state))]
        assert await asyncio.to_thread(opened.wait, 10)
        assert not any(task.done() for task in tasks)

    monkeypatch.setattr(records, "HOUR", 0.01)
    monkeypatch.setattr(records, "_sweep", sweep)
    monkeypatch.setattr(web, "outdated", law)
    monkeypatch.setattr(AppState, "open", lambda _: opened.set())
    asyncio.run(use())
    assert len(swept) > len(records.TABLES)


@pytest.mark.parametrize("was_open", [False, True])
def test_an_index_that_could_not_be_opened_is_tried_again_after_a_pause(
    was_open: bool, lost: Index, bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []
    clock = [100.0]

    def full(*_: object) -> Bot:
        tries.append(clock[0])
        raise StoreError("磁盘满了")

    state = AppState(BotSettings(_env_file=None, data=tmp_path), Bot(lost) if was_open else None)
    monkeypatch.setattr("bot.state.monotonic", lambda: clock[0])

    def asked() -> None:
        """Without Chroma the bot that is there answers; nobody does where there is none."""
        with nullcontext() if was_open else pytest.raises(NotReady) as refused:
            assert state.ready().index is lost
        assert was_open or refused.value.failure == "磁盘满了"

    monkeypatch.setattr(Bot, "open", full)
    state.open()
    for later in (0, 10, PAUSE - 0.1):
        clock[0] = 100 + later
        asked()
        time.sleep(0.05)
    assert tries == [100]
    clock[0] = 100 + PAUSE
    monkeypatch.setattr(Bot, "open", lambda *_: Bot(bot.index))
    asked()
    deadline = time.monotonic() + 60
    while state.failure:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert state.ready().index is bot.index


def test_an_index_that_is_lost_again_and_again_is_opened_with_pauses(
    lost: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Bot] = []
    monkeypatch.setattr(Bot, "open", lambda *_: opened.append(Bot(lost)) or opened[-1])
    state = AppState(BotSettings(_env_file=None, data=tmp_path))
    state.open()
    for _ in range(3):
        assert state.ready() is opened[0]
        time.sleep(0.05)
    assert len(opened) == 1


def test_an_index_is_not_opened_by_two_at_once(
    lost: Index, bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Bot] = []
    begun, may_end = threading.Event(), threading.Event()

    def slow(*_: object) -> Bot:
        opened.append(Bot(bot.index))
        begun.set()
        may_end.wait(20)
        return opened[-1]

    state = AppState(BotSettings(_env_file=None, data=tmp_path), Bot(lost))
    monkeypatch.setattr(Bot, "open", slow)
    renewal = threading.Thread(target=state.open)
    renewal.start()
    begun.wait(20)
    assert state.ready().index is lost
    may_end.set()
    renewal.join(20)
    assert [state.ready()] == opened


def test_pages_say_what_is_wrong_with_the_statutes_of_the_operator(broken: None, tmp_path: Path) -> None:
    (tmp_path / "坏.txt").write_text("没有条文", "utf-8")
    with running(create_app(BotSettings(_env_file=None, data=tmp_path, statutes=tmp_path))) as site:
        reply = httpx.get(f"{site}/statutes/", headers={"accept": "text/html"})
        away = httpx.get(f"{site}/statutes/", headers={"accept": "text/html", "x-forwarded-for": "203.0.113.1"})
    assert (reply.status_code, away.status_code) == (503, 503)
    assert "坏.txt" in reply.text
    assert "坏.txt" not in away.text


def test_health_and_metrics_hold_no_words(server: str) -> None:
    post(server, "/api/ask", question="催收打我妈电话违法吗")
    assert httpx.get(f"{server}/healthz").json()["status"] == "ok"
    metrics = httpx.get(f"{server}/metrics").text
    assert 'bot_answers_total{kind="answer"}' in metrics
    assert "催收" not in metrics


def test_mcp_tools_over_http(server: str) -> None:
    async def use() -> None:
        async with Client(f"{server}/mcp") as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            assert names == {"ask", "search_statutes", "get_article", "check_citations"}
            article = await client.call_tool("get_article", {"law": "民法典", "number": 670})
            assert "利息不得预先在本金中扣除" in str(article.content)
            missing = await client.call_tool("get_article", {"law": "民法典", "number": 9999})
            assert missing.is_error
            assert [part.text for part in missing.content] == ["《民法典》没有第 9999 条，最后一条是第一千二百六十条。"]
            checked = await client.call_tool("check_citations", {"text": "《合同法》第二百零六条"})
            assert "repealed" in str(checked.content)
            answer = await client.call_tool("ask", {"question": "借一万到手八千，合法吗"})
            assert "《民法典》第六百七十条" in str(answer.content)
            hits = await client.call_tool("search_statutes", {"question": "放款前先扣利息", "top": 3})
            assert "不得预先在本金中扣除" in str(hits.content)
            beyond = [
                await client.call_tool(
                    "ask", {"question": "催收", "history": [{"role": "user", "content": "你好"}] * 51}
                ),
                await client.call_tool("search_statutes", {"question": "催" * 2001}),
                await client.call_tool("search_statutes", {"question": "催收", "top": 101}),
                await client.call_tool("get_article", {"law": "民法典", "number": -1}),
                await client.call_tool("get_article", {"law": "民法典", "number": 10**30}),
            ]
            assert [part.text for reply in beyond for part in reply.content] == [
                "参数不对：history 太多，最多 50 项。",
                "问题太长了（2001 字）。请用 2000 字以内说清最要紧的事。",
                "参数不对：top 太大，最多 100。",
                "参数不对：number 太小，至少 1。",
                "参数不对：number 太大，最多 999999。",
            ]

    asyncio.run(use())


def test_mcp_checks_as_long_a_text_as_the_api(server: str) -> None:
    text = "《民法典》第六百八十条说禁止高利放贷。" + "很长" * 360_000
    call = {"name": "check_citations", "arguments": {"text": text}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})  # six bytes a character
    headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    reply = httpx.post(f"{server}/mcp", content=body, headers=headers, timeout=60)
    assert (reply.status_code, "《民法典》第六百八十条" in reply.text) == (200, True)


def test_what_is_wrong_with_a_call_over_mcp_is_said_in_chinese_and_not_quoted(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("王强")

    async def use() -> list[str]:
        calls = [("ask", {"question": ["王强"]}), ("王强", {}), ("check_citations", {"text": "王强"})]
        async with Client(tools(AppState(BotSettings(_env_file=None), bot))) as client:
            with pytest.raises(MCPError, match="^这里没有提示词"):
                await client.get_prompt("王强")
            replies = [await client.call_tool(name, arguments) for name, arguments in calls]
        assert all(reply.is_error for reply in replies)
        return [part.text for reply in replies for part in reply.content]

    monkeypatch.setattr("bot.chain.check", crash)
    wrong, unknown, crashed = asyncio.run(use())
    assert wrong == '参数不对：question 要写成 "…" 这样的文字。'
    assert unknown.startswith("没有这个工具")
    assert crashed == in_trouble("failed")
