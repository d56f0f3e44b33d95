"""python -m benchmarks: speed and memory of answers and searches, and the cold start.

Everything is measured in this one run on this one machine; ratios are against encoding a question.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from bot.answer import Turn
from bot.chain import Bot
from bot.settings import BotSettings
from index.question_files import read_questions
from index.retriever import Index

Asked = TypeVar("Asked")
EXAM = Path(__file__).parents[1] / "tests" / "exam.jsonl"


def main() -> None:
    questions = [str(row["q"]) for row in read_questions(EXAM)]
    index = Index.open(BotSettings())
    bot = Bot(index)
    long = ["，".join(questions[i : i + 80])[:2000] for i in range(0, 320, 40)]
    bot.ask(questions[0])
    talks = [[Turn(role="user", content=q), Turn(role="assistant", content=bot.ask(q).answer)] for q in long]
    baseline = timed(lambda q: index.encoder.base([q], side="query"), questions)
    rows = {
        "encode a question": baseline,
        "a question with a title": timed(lambda q: index.cross_encoder.holds(q, "催收给家人打电话"), questions),
        "articles (dense + BM25)": timed(lambda q: index.articles(index.query(q)), questions),
        "a whole answer": timed(bot.ask, questions),
        "of 2,000 characters": timed(bot.ask, long),
        "to a short one after them": timed(lambda talk: bot.ask("那打给我爸呢", talk), talks),
    }
    print(f"{len(questions)} questions, scope {index.statutes.scope}, {len(index.cards)} cards")
    for name, times in rows.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:<26} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  x{p50 / statistics.median(baseline):.1f}")
    print(f"resident memory, peak      {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "ask", questions[0]], check=True, capture_output=True)
    print(f"python -m bot ask, cold    {time.perf_counter() - begin:.1f} s")


def timed(run: Callable[[Asked], object], asked: Sequence[Asked]) -> list[float]:
    """Milliseconds for each of what is asked, one after the other."""
    times = []
    for each in asked:
        begin = time.perf_counter()
        run(each)
        times.append(1000 * (time.perf_counter() - begin))
    return times


if __name__ == "__main__":
    main()
