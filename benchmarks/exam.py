"""python -m benchmarks.exam FILE [--show]: is the bot's reply the one that a lawyer would want?

A line of FILE is a question ("q", "history") with the right "kind" (several: answer|lookup), the "verdict"s that a
lawyer would accept ([""]: not asked), the "gold" articles, of which one should lead the citations, and the articles
that it would be wrong to rely on ("forbid"). Prints for each measure the share of right replies, of those asked for it:
kind, verdict, hit1 and hit3 (a gold article first, among the first three), clean (no forbidden one anywhere). Then who
has the word of care above his answer: where nobody is in danger, and where danger was not heard.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.answer import Answer, Turn
from bot.chain import Bot, QuestionError
from bot.settings import BotSettings
from index.progress import ProgressLine
from index.question_files import read_questions
from index.retriever import Index


def marks(row: Mapping[str, Any], answer: Answer) -> dict[str, bool]:
    """What a reply got right, by measure; without the measures for which the row has nothing to compare."""
    cited = [[c.law, c.number, c.suffix] for c in answer.citations]
    gold = row["gold"]
    made = {"kind": answer.kind in row["kind"].split("|")}
    if row["verdict"] != [""]:
        made["verdict"] = answer.verdict in row["verdict"]
    if gold:
        made["hit1"] = any(c in gold for c in cited[:1])
        made["hit3"] = any(c in gold for c in cited[:3])
    return made | {"clean": not any(c in row["forbid"] for c in cited)}


def reply(bot: Bot, row: Mapping[str, Any]) -> Answer:
    """The bot's reply to a row; a question that it cannot read is asked back."""
    try:
        return bot.ask(row["q"], [Turn.model_validate(turn) for turn in row["history"]])
    except QuestionError as error:
        return Answer(kind="clarify", answer=str(error))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", action="store_true", help="print every question that lost a point")
    arguments = parser.parse_args()
    bot = Bot(Index.open(BotSettings(), ProgressLine()))  # nothing is kept, and no model asked whatever `.env` says
    right: defaultdict[str, list[bool]] = defaultdict(list)
    care: defaultdict[bool, list[bool]] = defaultdict(list)
    rows = list(read_questions(arguments.file))
    begin = time.perf_counter()
    for row in rows:
        answer = reply(bot, row)
        made = marks(row, answer)
        for measure, well in made.items():
            right[measure].append(well)
        if answer.kind != "crisis":
            care["crisis" in row["kind"].split("|")].append(answer.danger)
        if arguments.show and not all(made.values()):
            lost = " ".join(measure for measure, well in made.items() if not well)
            cited = "、".join(str(c.reference) for c in answer.citations[:5])
            print(f"{row['id']} {row['q'][:60]} | lost {lost} | {answer.kind} {answer.verdict} {cited}")
    figures = "  ".join(f"{m} {sum(w) / len(w):.3f} ({sum(w)}/{len(w)})" for m, w in right.items())
    said = f"{sum(care[False])} of {len(care[False])} harmless, {sum(care[True])} of {len(care[True])} dangers missed"
    print(f"{len(rows)} questions in {time.perf_counter() - begin:.1f} s: {figures}\nword of care: {said}")


if __name__ == "__main__":
    main()
