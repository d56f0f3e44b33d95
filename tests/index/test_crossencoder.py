"""The cross-encoder hears what nearness does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import numpy
from safetensors.torch import load_file
from torch.nn import functional

from corpus.cards import load_cards
from corpus.files import FileError
from corpus.reference import Reference
from corpus.statutes import Statutes, load
from index import e5, train_pairs
from index.crossencoder import FOLDER, CrossEncoder
from index.question_files import gold, read_questions
from index.readers import compared
from index.settings import IndexSettings
from index.train_pairs import PAIRS, PASSAGE, Learner, Pair, branches_of, passage, write_folder

TOKENIZER = e5.E5Tokenizer.of_package()


@pytest.fixture(scope="module")
def cross_encoder() -> CrossEncoder:
    return CrossEncoder(IndexSettings(_env_file=None).data)


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return load()


@pytest.mark.parametrize(
    ("card", "holds", "turned"),
    [
        ("lock-not-removed-after-paid", "手机尾款上周全付清了，店里还锁着我的机子", "还差两期没付，店里把我手机锁了"),
        ("neighbours-landlord-told", "催收在楼道里跟邻居讲我欠多少钱", "催收只跟我本人说，邻居谁也没听见"),
    ],
)
def test_a_fact_that_is_turned_round_is_heard(card: str, holds: str, turned: str, cross_encoder: CrossEncoder) -> None:
    title = load_cards()[card].title
    assert (cross_encoder.holds(holds, title) or 0) > 0.5 > (cross_encoder.holds(turned, title) or 1)


def test_the_contrary_of_an_article_is_heard(cross_encoder: CrossEncoder, statutes: Statutes) -> None:
    text = statutes.quote(Reference("民法典", 670)) or ""
    assert cross_encoder.carried("利息不能先扣", text * 5) is None, "what is not read whole is not judged"
    assert cross_encoder.holds("催收打电话给我妈。" * 20, "催收打给家人") is None
    true, false = "先扣掉利息的，按实际拿到的钱还", "利息可以先从本金里扣，还按合同写的本金还"
    assert (cross_encoder.carried(true, text) or 0) > 0.5 > (cross_encoder.carried(false, text) or 1)


def test_eight_bits_give_what_the_weights_give(cross_encoder: CrossEncoder) -> None:
    """But for the rounding."""
    bert, weights = e5.bert("pair", FOLDER), load_file(FOLDER / e5.TUNED["pair"])
    told = list(read_questions(PAIRS / "told.jsonl"))[::400]
    pairs = [(row["q"], load_cards()[row["card"]].title) for row in told]
    odds = []
    for first, second in pairs:
        window, begin = TOKENIZER.pair(first, second)
        ids, mask = (torch.from_numpy(x) for x in e5.padded([window]))
        with torch.inference_mode():
            read = bert(input_ids=ids, attention_mask=mask).last_hidden_state
        after = mask * (torch.arange(ids.shape[1]) >= begin)
        both = functional.linear(compared(read, mask, after), weights["heads.weight"], weights["heads.bias"])
        odds.append(both[0, 0].item())
    ours = [cross_encoder.holds(*pair) or 0.0 for pair in pairs]
    assert np.abs(1 / (1 + np.exp(-np.array(odds))) - ours).max() < 0.25
    assert np.corrcoef(odds, np.log(ours) - np.log1p(-np.array(ours)))[0, 1] > 0.98


@given(
    st.lists(st.text("借款人利息应当的", min_size=1, max_size=90), min_size=1, max_size=9),
    st.text("利息借款", min_size=2),
)
def test_a_passage_is_lines_of_the_provision_in_their_order(lines: list[str], claim: str) -> None:
    kept = passage(claim, "\n".join(lines), TOKENIZER).split("\n")
    left = iter(lines)
    assert all(line in left for line in kept)
    assert kept[0] == lines[0]
    assert len(TOKENIZER.ids("\n".join(kept))) <= max(PASSAGE, len(TOKENIZER.ids(lines[0]))) + len(kept)


def test_what_is_learnt_from_is_there() -> None:
    statutes = load("all")
    told = list(read_questions(PAIRS / "told.jsonl"))
    assert {row["card"] for row in told} | {row["instead"] for row in told if "instead" in row} <= load_cards().keys()
    assert not any(row["holds"] for row in told if "instead" in row)
    assert all(statutes.quote(gold(row)[0]) for row in read_questions(PAIRS / "claimed.jsonl"))
    for folder in (PAIRS, Path(__file__).parent):
        for row in read_questions(folder / "branched.jsonl"):
            assert sum(told for _, told in branches_of(row, load_cards())) == bool(row["branch"])


@pytest.mark.parametrize("gone", [{"card": "gone"}, {"branch": "gone"}])
def test_a_row_of_a_branch_that_is_gone_is_named(gone: dict[str, str]) -> None:
    row = next(row for row in read_questions(PAIRS / "branched.jsonl") if row["branch"])
    with pytest.raises(FileError, match="没有(卡片|分支) gone"):
        branches_of(row | gone, load_cards())


def test_a_training_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "crossencoder"
    folder.mkdir()
    (folder / "README.md").write_text("before", "utf-8")
    learner = Learner(numpy.load_file(FOLDER / e5.TUNED["pair"]))
    pairs = [Pair("还清了还锁机", "还清了不解锁", True), Pair("没还清锁机", "还清了不解锁", False)]
    with monkeypatch.context() as patch:
        patch.setattr(train_pairs, "write_largest", killed)
        with pytest.raises(KeyboardInterrupt):
            write_folder(folder, learner, pairs)
    assert [path.name for path in folder.iterdir()] == ["README.md"]
    write_folder(folder, learner, pairs)
    assert 0 < (CrossEncoder(tmp_path, folder).holds(pairs[0].first, pairs[0].second) or 0) < 1
    assert (folder / "README.md").exists()


def killed(*args: object) -> None:
    raise KeyboardInterrupt
