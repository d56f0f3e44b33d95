"""BM25 over runs of characters: what is counted, and that an opened index scores as the built one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import Lexical, grams

TEXTS = ["催收给我妈打电话", "利息不得预先扣除", "电话轰炸通讯录"]


def test_grams_are_runs_of_up_to_three() -> None:
    assert grams("打 电话!") == ["打", "电", "话", "打电", "电话", "打电话"]


def test_the_text_that_shares_rare_runs_comes_first(tmp_path: Path) -> None:
    built = Lexical.build([grams(t) for t in TEXTS])
    built.save(tmp_path)
    opened = Lexical.open(tmp_path)
    for text in ("预先扣利息", "轰炸我的电话", "妈"):
        scores = opened.scores(grams(text))
        assert (scores == built.scores(grams(text))).all()
    assert opened.scores(grams("利息被预先扣除了")).argmax() == 1
    assert opened.scores(grams("通讯录被轰炸")).argmax() == 2


@given(st.text(st.sampled_from("".join(TEXTS) + "甲x 。")) | st.text())
def test_any_words_have_a_score_and_unknown_ones_none(text: str) -> None:
    lexical = Lexical.build([grams(t) for t in TEXTS])
    scores = lexical.scores(grams(text))
    shared = [bool(set(grams(text)) & set(grams(t))) for t in TEXTS]
    assert (np.asarray(scores > 0) == shared).all()
