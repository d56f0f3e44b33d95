"""python -m index: what it prints, and that a mistake is answered in a sentence that says which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import statutes
from corpus.sources import SourceError
from index.__main__ import main
from index.retriever import Index
from index.settings import IndexSettings, law_of

GOLD = {"q": "砍头息合法吗", "gold": [["民法典", 670, 0]]}


@pytest.mark.parametrize(
    ("environment", "arguments", "named"),
    [
        ({"BOT_SCOPE": "al"}, ["search", "砍头息"], "BOT_SCOPE"),
        ({"BOT_ENCODER": "/nothing-here"}, ["search", "砍头息"], "BOT_ENCODER"),
        ({"BOT_CHROMA": "localhost:8000"}, ["search", "砍头息"], "BOT_CHROMA"),
        ({}, ["search", "--batch", "/nothing-here.jsonl"], "/nothing-here.jsonl"),
        ({}, ["evaluate", "QUESTIONS", "--save", "/nothing-here/run.json"], "/nothing-here/run.json"),
        ({}, ["evaluate", "QUESTIONS", "--save", "/tmp"], "写不了 /tmp"),
        ({}, ["evaluate", "QUESTIONS", "--against", "/nothing-here/run.json"], "/nothing-here/run.json"),
        ({}, ["evaluate", "CARDS", "--save", "run.json"], "没有带 gold"),
        ({}, ["evaluate", "NO_CARDS"], "cards 要写成"),
        ({}, ["search", "--batch", "LONG"], "long.jsonl 第 1 行的问题太长，最多 2000 字"),
        ({"BOT_LONGEST": "5"}, ["search", "--batch", "QUESTIONS"], "第 1 行的问题太长，最多 5 字"),
        ({"BOT_LONGEST": "5"}, ["evaluate", "QUESTIONS"], "第 1 行的问题太长，最多 5 字"),
    ],
)
def test_a_mistake_is_named(
    environment: dict[str, str],
    arguments: list[str],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    questions, cards = tmp_path / "questions.jsonl", tmp_path / "cards.jsonl"
    questions.write_text(json.dumps(GOLD), "utf-8")
    cards.write_text(json.dumps({"q": GOLD["q"], "cards": ["interest-deducted-upfront"]}), "utf-8")
    (no_cards := tmp_path / "no-cards.jsonl").write_text(json.dumps({"q": GOLD["q"], "cards": 5}), "utf-8")
    (long := tmp_path / "long.jsonl").write_text(json.dumps({"q": "长" * 2001}), "utf-8")
    files = {"QUESTIONS": str(questions), "CARDS": str(cards), "NO_CARDS": str(no_cards), "LONG": str(long)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main([files.get(a, a) for a in arguments]) == 1
    told = capsys.readouterr()
    assert named in told.err
    assert not told.out


def test_a_changed_law_names_the_setting_that_would_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "试验.txt").write_text(
        "试验办法\n施行日期：2024-01-01\n第一条　内容。\n", "utf-8"
    )  # read by nobody yet
    monkeypatch.setattr(statutes, "load_fingerprints", lambda: statutes.Fingerprints("", {}, {}))
    with pytest.raises(SourceError, match=r"不一致：请重新运行 pip install .*（BOT_STATUTES）"):
        law_of(IndexSettings(_env_file=None, statutes=tmp_path))


def test_settings_that_are_no_text_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("BOT_DATA=数据".encode("gbk"))
    assert main(["search", "砍头息"]) == 1
    assert capsys.readouterr().err == ".env 不是 UTF-8 编码，请另存为 UTF-8。\n"


@pytest.mark.parametrize(
    ("name", "value"), [("BOT_SCOPE", "all"), ("BOT_ENCODER", "/nothing-here"), ("BOT_STATUTES", "/nothing-here")]
)
def test_only_vectors_of_the_usual_settings_are_shipped(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("index.__main__.ship", lambda *args: pytest.fail("written"))
    with pytest.raises(SystemExit):
        main(["ship", "--scope", "all"])
    monkeypatch.setenv(name, value)
    assert main(["ship"]) == 2
    assert name in capsys.readouterr().err


def test_no_more_is_searched_for_than_search_looks_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "砍头息", "--top", "101"]) == 2
    assert "1 到 100" in capsys.readouterr().err


@pytest.mark.parametrize("question", ["", "。。", "123"])
def test_nothing_is_searched_for_where_nothing_is_asked(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", question]) == 2
    assert "没有看到问题" in capsys.readouterr().err


def test_a_run_that_fails_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    questions, run = tmp_path / "questions.jsonl", tmp_path / "run.json"
    questions.write_text(json.dumps(GOLD), "utf-8")
    monkeypatch.setenv("BOT_ENCODER", "/nothing-here")
    assert main(["evaluate", str(questions), "--save", str(run)]) == 1
    assert not run.exists()


def test_a_damaged_file_of_vectors_is_named(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "encoder").symlink_to(settings.data / "encoder")
    (tmp_path / "vectors.sqlite").write_bytes(b"no database" * 999)
    monkeypatch.setenv("BOT_DATA", str(tmp_path))
    assert main(["build"]) == 1
    assert "vectors.sqlite 读写不了" in capsys.readouterr().err


def test_search_and_evaluate(index: Index, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    questions, run = tmp_path / "questions.jsonl", tmp_path / "run.json"
    follow_up = {**GOLD, "q": "那这个呢", "history": [{"role": "user", "content": GOLD["q"]}]}
    half, empty = {"id": "\ud800", "q": "\ud800砍头息合法吗"}, {"id": "空", "q": "。"}
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(map(json.dumps, (half, empty, GOLD))), "utf-8")
    assert main(["search", "--batch", str(rows), "--top", "3"]) == 0
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["id"], second, third["id"]) == ("?", {"id": "空", "hits": []}, 3)
    for found in (first, third):
        assert ("民法典", 670) in [(hit["law"], hit["number"]) for hit in found["hits"]]
    outside = {"q": "学校放假\ud800", "gold": [["没有的法", 5, 0]]}
    questions.write_text("\n".join(map(json.dumps, (GOLD, follow_up, outside))), "utf-8")
    for more in (["--save", str(run)], ["--against", str(run)]):
        assert main(["evaluate", str(questions), *more]) == 0
    told = capsys.readouterr()
    assert told.out.count("2 题\n") == 2
    assert "变差 0 题" in told.out
    assert "没有的法 5" in told.err
