"""What a lawyer misspells in a table is named with its file and place, and what is untrue in one is found."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus import statutes as module
from corpus.__main__ import main
from corpus.cards import SITUATIONS, load_channels
from corpus.citations import check, tables
from corpus.citations.law_names import Names
from corpus.files import HERE, CorpusError, FileError
from corpus.reference import Reference
from corpus.statutes import load

READERS = {
    "repealed.toml": tables.repealed,
    "superseded.toml": tables.superseded,
    "names.toml": tables.names,
    "named_rules.toml": tables.named_rules,
    "lay.toml": tables.lay,
    "figures.toml": tables.figures,
    "contraries.toml": tables.contraries,
    "denials.toml": tables.denials,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tables of the citations, to be spoilt."""
    for name in READERS:
        shutil.copy(tables.HERE / name, tmp_path)
    monkeypatch.setattr(tables, "HERE", tmp_path)
    for reader in READERS.values():
        reader.cache_clear()
    yield tmp_path
    for reader in READERS.values():
        reader.cache_clear()


def change(path: Path, right: str, wrong: str) -> None:
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")


@pytest.mark.parametrize(
    ("file", "right", "wrong", "complaint"),
    [
        ("superseded.toml", 'basis = "words"', 'basis = "word"', r"version 第 6 个（公司法）：basis 只能是"),
        ("superseded.toml", "until =", "untill =", "version 第 1 个（治安管理处罚法）：不认得 untill"),
        ("superseded.toml", '2 = ["3"]', '2 = "3"', "version 第 1 个（治安管理处罚法） now：2 要写成.*列表"),
        ("superseded.toml", '2 = ["3"]', '2 = ["3条"]', "now 2：3条 要写成 .*劳动合同法 50"),
        ("superseded.toml", '2 = ["3"]', '"二" = ["3"]', "now：二 要写成"),
        ("superseded.toml", "[[version]]", "[versions]\n[[version]]", "要写成 .*现在有 versions、version"),
        (
            "repealed.toml",
            'replaced_by = ["民法典"]',
            'replaced_by = "民法典"',
            "statute 第 1 个（合同法）：replaced_by 要写成.*列表",
        ),
        ("repealed.toml", "aliases =", "alias =", "不认得 alias"),
        ("repealed.toml", "on = 2021-01-01", 'on = "去年"', "on 要写成 2021-01-01 这样的日期，现在是 '去年'"),
        ("repealed.toml", "on = 2021-01-01", "on = 0", "on 要写成 2021-01-01 这样的日期，现在是 0"),
        ("repealed.toml", "on = 2021-01-01", 'on = 2021-01-01\nsame = "maybe"', "same 只能是 true、false，"),
        ("repealed.toml", "on = 2021-01-01", 'on = 2021-01-01\nchanged = "206"', "changed 要写成.*列表"),
        ("repealed.toml", 'name = "收养法"', 'name = "合同法"', "name 合同法 写了两次"),
        ("named_rules.toml", '"放火罪" = ["114", "115"]', '"放火罪" = "114"', "刑法：放火罪 要写成.*列表"),
        ("names.toml", "foreign = [", 'foreign = [ "",', "foreign：第 1 个 是空的"),
        ("lay.toml", '"利息预先在本金中扣除"', "3", "砍头息 要写成"),
        ("contraries.toml", 'one = ["属于"]', 'one = "属于"', "contrary 第 1 个.*one 要写成.*列表"),
        ("denials.toml", "spare =", "spares =", "不认得 spares"),
    ],
)
def test_a_misspelt_table_is_named_with_its_place(
    file: str, right: str, wrong: str, complaint: str, folder: Path
) -> None:
    change(folder / file, right, wrong)
    with pytest.raises(FileError, match=rf"/{file}：.*{complaint}"):
        READERS[file]()


@pytest.mark.parametrize(
    ("file", "right", "wrong", "complaint"),
    [
        (
            "superseded.toml",
            '2 = ["3"]',
            '2 = ["903"]',
            "superseded.toml：《治安管理处罚法》施行到 2025-12-31.*没有《治",
        ),
        ("superseded.toml", "until = 2025-12-31", "until = 2026-12-31", "起就施行了"),
        ("superseded.toml", 'last = "119"', 'last = "19"', "20 在最后一条 19 后面"),
        ("repealed.toml", '2 = ["464"]', '2 = ["9004"]', "repealed.toml：《合同法》：2 = 9004"),
        ("repealed.toml", 'name = "合同法"', 'name = "民法典"', "repealed.toml：《民法典》还在施行"),
        ("named_rules.toml", '"放火罪" = ["114", "115"]', '"放火罪" = ["1114"]', "named_rules.toml：《刑法》：放火罪"),
        ("names.toml", '"道路交通安全法" =', '"道交安全法" =', "names.toml：.*《道交安全法》"),
        ("lay.toml", '"利息预先在本金中扣除"', '"砍头息"', "lay.toml：砍头息"),
    ],
)
def test_what_is_untrue_in_a_table_is_told(
    file: str, right: str, wrong: str, complaint: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder / file, right, wrong)
    assert main(["verify", str(SITUATIONS / "article.md")]) == 1
    assert re.search(complaint, capsys.readouterr().out)


def test_a_repealed_law_without_successor_may_have_rules_that_live_on(folder: Path) -> None:
    entry = '[[statute]]\nname = "某某旧法"\non = 2020-01-01\nreplaced_by = []\nnow = { 5 = ["劳动合同法 50"] }\n\n'
    change(folder / "repealed.toml", "[[statute]]", f"{entry}[[statute]]")
    statutes = load(as_of=date(2026, 11, 5))  # a day whose names nobody has asked for
    (one,) = check("《某某旧法》第五条", statutes)
    assert (one.status, one.now) == ("repealed", (Reference("劳动合同法", 50),))
    assert "这一条对应的是《劳动合同法》第五十条" in one.note


def test_a_name_without_a_character_is_named(folder: Path) -> None:
    """It would be found everywhere: `find` would not end."""
    change(folder / "repealed.toml", 'aliases = ["老合同法"]', 'aliases = ["《》"]')
    with pytest.raises(FileError, match="《合同法》的另一个名称"):
        Names(load("all"), load("all"))


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("in_force_from", "in_forc_from", "个人信息保护法） versions 第 1 个：不认得 in_forc_from"),
        ("versions = [", 'versions = [ "2021",', "个人信息保护法） versions：第 1 个 要写成一张表，现在是 '2021'"),
        ('name = "民法典"', 'name = "刑法"', "name 刑法 写了两次"),
        ('article = "95"', 'article = "995"', "没有第 995 条：statutes.toml"),
        ("[[statute]]", "[[statute", "不是 TOML"),
    ],
)
def test_the_manifest_is_read_with_the_same_care(
    right: str, wrong: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(HERE / "statutes.toml", tmp_path)
    change(tmp_path / "statutes.toml", right, wrong)
    monkeypatch.setattr(module, "HERE", tmp_path)
    with pytest.raises(CorpusError, match=complaint):
        load(as_of=date(2026, 11, 3))  # a day that nothing has asked for


@pytest.mark.parametrize("written", ["{", '{"about": "", "statutes": {}, "text": {}}'])
def test_broken_fingerprints_are_named(written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fingerprints.json").write_text(written, "utf-8")
    monkeypatch.setattr(module, "FINGERPRINTS", tmp_path / "fingerprints.json")
    with pytest.raises(FileError, match=r"fingerprints\.json"):
        load(as_of=date(2026, 11, 4))


def test_two_channels_of_one_id_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (HERE / "channels.toml").read_text("utf-8")
    (tmp_path / "channels.toml").write_text(text.replace('id = "12378"', 'id = "110"'), "utf-8")
    monkeypatch.setattr("corpus.cards.HERE", tmp_path)
    with pytest.raises(FileError, match=r"channels\.toml：id 110 写了两次"):
        load_channels.__wrapped__()


def test_a_card_file_elsewhere_is_not_said_to_be_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "threats.md").write_text("+++", "utf-8")
    assert main(["verify", str(tmp_path / "threats.md")]) == 2
    assert "threats.md" in capsys.readouterr().err
