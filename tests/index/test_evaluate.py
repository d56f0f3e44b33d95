import json
from pathlib import Path

import pytest

from corpus.reference import Reference
from index.evaluate import EvaluationError, Run, measure, situation_report
from index.question_files import QuestionFileError, read_questions

A, B, C = (Reference("民法典", n) for n in (1, 2, 3))


def test_measures_by_hand() -> None:
    scores = measure([C, A, B], {A, B})
    assert scores["hit@1"] == 0
    assert scores["hit@3"] == 1
    assert scores["MRR@10"] == 0.5
    assert scores["recall@5"] == 1
    assert scores["nDCG@10"] == pytest.approx((0.6309 + 0.5) / (1 + 0.6309), abs=1e-3)
    assert measure([C], {A})["MRR@10"] == 0


def test_runs_compare(tmp_path: Path) -> None:
    rows = [{"id": 1, "q": "甲", "gold": [["民法典", 1, 0]]}]
    good, bad = Run.of(rows, lambda q: [A]), Run.of(rows, lambda q: [C, A])
    good.save(tmp_path / "run.json")
    assert "变差 1" in bad.compare(Run.load(tmp_path / "run.json"))
    assert "hit@1      1.000" in good.report()


def test_a_question_that_is_asked_twice_is_compared_with_itself() -> None:
    rows = [{"id": n, "q": "甲", "gold": [["民法典", n, 0]]} for n in (1, 2)]
    run = Run.of(rows, lambda q: [A])
    assert run.compare(run) == "两次都有的 2 题：变好 0 题，变差 0 题"


def test_a_file_that_is_no_run_is_named(tmp_path: Path) -> None:
    for text in ("[1, 2]", "{broken", "5", '[["1", "甲", "民法典", {}]]'):
        (tmp_path / "run.json").write_text(text, "utf-8")
        with pytest.raises(EvaluationError, match=r"run\.json.*--save"):
            Run.load(tmp_path / "run.json")


def test_situations_by_hand() -> None:
    rows = [{"q": "甲", "cards": ["b", "c"]}, {"q": "乙", "cards": ["z"]}]
    assert situation_report(rows, lambda q: ["a", "b", "c"]) == "情形 (2 题): @1 0.000  @3 0.500  @5 0.500"


def test_a_bad_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    for bad in ("{broken", '{"q": 5}', '{"id": 1}', '["q"]', "[" * 100_000, '{"q": "好", "id": ' + "9" * 6000 + "}"):
        path.write_text(json.dumps({"q": "好"}) + f"\n{bad}\n", "utf-8")
        with pytest.raises(QuestionFileError, match="第 2 行"):
            list(read_questions(path))
    path.write_text('{"q": "催收\u2028打我"}\n', "utf-8")
    assert [r["q"] for r in read_questions(path)] == ["催收\u2028打我"]
    for wrong in (
        [["民法典", 1]],
        [["民法典", "670", 0]],
        [["民法典", True, False]],
        [["民法典", -5, 0]],
        "民法典第六百七十条",
        [],
    ):
        with pytest.raises(QuestionFileError, match="gold"):
            Run.of([{"id": 1, "q": "甲", "gold": wrong}], lambda q: [A])
