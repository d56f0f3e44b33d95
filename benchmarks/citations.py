"""How well are citations found, resolved and checked, and how fast?

    python -m benchmarks.citations [--split dev|test|hard-dev|hard-test|all] [--judge] [--show] [--sample N]
                                   [--old FILE LAW]...        superseded texts you have (docx, txt, md)

Prints, for the labelled set (tests/corpus/citations.jsonl), for long texts as they go round
(tests/corpus/long-texts*.jsonl), for quotations made from the statutes at run time, and for each
superseded text given: how many right citations are flagged (false alarms), how many wrong ones
are, and for how many the right article comes first or at all; and how many of the citations in
the cards' own texts are flagged, all of which are right. With --judge meaning is asked too, as
the bot does. Thresholds were set on the dev halves only; report the test halves. The hard set
has longer texts in wholly lay words; its author and that of the long texts had seen nothing of
the checker.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from benchmarks.cases import (
    LONG,
    LONG_SECOND,
    Case,
    flagged_in_cards,
    growth,
    labelled,
    long_texts,
    quoted,
    score,
    speed,
    superseded,
    turned,
)
from corpus.statutes import load
from index.retriever import Index
from index.settings import IndexSettings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test", "hard-dev", "hard-test", "all"), default="test")
    parser.add_argument("--sample", type=int, default=300, help="articles to quote")
    parser.add_argument("--old", nargs=2, action="append", default=[], metavar=("FILE", "LAW"))
    parser.add_argument("--judge", action="store_true", help="ask for meaning, not only for words")
    parser.add_argument("--show", action="store_true", help="print every case that went wrong")
    arguments = parser.parse_args()
    index = Index.open(IndexSettings()) if arguments.judge else None
    statutes, judge = (index.statutes, index.judge) if index else (load(), None)
    parts: list[tuple[str, Iterable[Case]]] = [
        (f"labelled set, {arguments.split} half", labelled(arguments.split)),
        ("forty long texts (tests/corpus/long-texts.jsonl)", long_texts(LONG)),
        ("thirty-five more (tests/corpus/long-texts-second.jsonl)", long_texts(LONG_SECOND)),
        ("quotations", quoted(statutes, arguments.sample)),
        ("quotations with a word changed", turned(statutes, arguments.sample)),
        ("仲裁法 2017 (in the data package)", superseded("仲裁法@2017-09-01", "仲裁法")),
    ]
    parts += [(Path(source).name, superseded(source, law)) for source, law in arguments.old]
    for title, cases in parts:
        print(title)
        for (made, right), counted in score(cases, statutes, judge, arguments.show).items():
            print(f"  {made:42} {counted.line(right)}")
    print("the cards' texts: flagged {} of {}".format(*flagged_in_cards(statutes, judge, arguments.show)))
    seconds, characters, citations = speed(statutes, judge)
    for unit, ratio in growth(statutes).items():
        print(f"four times {unit[:12]}…: x{ratio:.1f}")
    print(f"speed: 1 MB ({characters} characters, {citations} citations) in {seconds:.2f} s")


if __name__ == "__main__":
    main()
