"""python -m benchmarks.model: what gets past the gate, what it costs honest sentences, and how long it takes.

Every card becomes one generation: its own sentences, and sentences that are wrong by the way they were
made (told.py). `--http N` sends N of them through a real server and the whole chain;
`--gemma N` asks the small real model N questions; `--show` prints what should have gone the other way.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.gemma import gemma_server
from benchmarks.scripted import FAULTS, GOOD, Scripted, Step, scripted_server
from benchmarks.told import HonestAnswer, Wrong, honest, of_card, wrong
from bot.answer import Answer
from bot.chain import Bot
from bot.model import prompt
from bot.model.sentence_gate import SentenceGate
from bot.model.speak import Speaker
from bot.settings import BotSettings
from corpus.cards import Card
from corpus.citations import find, resolve
from corpus.reference import Reference
from index.retriever import Index

QUESTION = "催收把我通讯录里的人全打了一遍,这违法吗?"
SECONDS = 6.0


@dataclass
class Count:
    """Sentences of one kind: how many were offered, and those on which the gate erred."""

    offered: int = 0
    erred: list[str] = field(default_factory=list)


def main() -> None:
    arguments = _arguments()
    rng = random.Random(arguments.seed)
    bot = Bot(Index.open(BotSettings()))
    cards = [card for card in bot.index.cards.values() if isinstance(card, Card)]
    told = [of_card(card, bot.index.statutes) for card in rng.sample(cards, min(arguments.cards, len(cards)))]
    times = sentences(bot, told, rng, arguments.show)
    print(f"ms a sentence              p50 {statistics.median(times):.1f}  p95 {_p95(times):.1f}  max {max(times):.0f}")
    with scripted_server() as scripted:
        if mixed := told[: arguments.http]:
            generations(bot, scripted, mixed, rng)
        first_sentence(bot, scripted)
        faults(bot, scripted)
    if arguments.gemma:
        with tempfile.TemporaryDirectory() as folder, gemma_server(folder) as url:
            real(bot, url, [t.question for t in told[: arguments.gemma]], arguments.show)


def sentences(bot: Bot, told: Sequence[HonestAnswer], rng: random.Random, show: bool) -> list[float]:
    """Every sentence by itself: wrong ones by kind, honest ones by where they come from; milliseconds of each."""
    wrongs: dict[str, Count] = defaultdict(Count)
    rights: dict[str, Count] = defaultdict(Count)
    times: list[float] = []
    for one in (*told, *honest(bot)):
        offered: list[tuple[dict[str, Count], tuple[str, ...], str]] = [
            (rights, (one.split,), s) for s in one.sentences
        ]
        for bad in _wrong(bot, one, told, rng):
            kinds = ("all", bad.kind, *(["all that cite a provision"] if _cites(bad.text, one, bot) else []))
            offered.append((wrongs, kinds, bad.text))
        for counts, kinds, text in offered:
            gate = _gate(bot, one)
            begin = time.perf_counter()
            ruling = gate.judge(text)
            times.append(1000 * (time.perf_counter() - begin))
            for kind in kinds:
                counts[kind].offered += 1
                if bool(ruling.shown) == (counts is wrongs):
                    counts[kind].erred.append(f"{one.answer.situation} {ruling.reason} | {text}")
    for title, counts in (("wrong sentences shown", wrongs), ("honest sentences withheld", rights)):
        print(f"-- {title}")
        for kind, count in sorted(counts.items()):
            _line(kind, len(count.erred), count.offered)
            for line in count.erred if show and not kind.startswith("all") else ():
                print(f"      {line}")
    return times


def generations(bot: Bot, scripted: Scripted, told: Sequence[HonestAnswer], rng: random.Random) -> None:
    """Whole answers over HTTP, honest and wrong sentences mixed: what reaches the person."""
    invented = wrong_shown = cited = whole = 0
    times, statutes = [], bot.index.statutes
    speaker = _speaker(bot, scripted.url, "mixed")
    for one in told:
        bad = _wrong(bot, one, told, rng)
        bad = rng.sample(bad, min(4, len(bad)))
        mixed = [*rng.sample(one.sentences, min(4, len(one.sentences))), *(w.text for w in bad)]
        rng.shuffle(mixed)
        scripted.says("mixed", "\n".join(mixed))
        answer = one.answer.model_copy(deep=True)
        begin = time.perf_counter()
        events = list(speaker.tell(answer, one.question))
        times.append(time.perf_counter() - begin)
        whole += _whole(answer, one.answer)
        shown = [e.text for e in events if e.event == "sentence"]
        gate = _gate(bot, one)
        lies = {gate.judge(w.text).shown for w in bad} - {""}
        for text in shown:
            found = [f for f in find(text, statutes) if f.reference]
            cited += bool(found)
            wrong_shown += bool(found) and text in lies
            invented += sum(
                resolve(f, bot.index.statutes).status != "ok" or not _given(f.reference, one) for f in found
            )
    print(f"-- {len(told)} generations over HTTP, four honest and four wrong sentences each")
    print(f"invented citations shown   {invented}")
    _line("citing sentences shown that are wrong", wrong_shown, cited)
    print(f"whole composed answer      {whole} of {len(told)}")
    print(f"seconds an answer          p50 {statistics.median(times):.2f}  max {max(times):.2f}")


def first_sentence(bot: Bot, scripted: Scripted) -> None:
    """From the piece that ends a model's first sentence to the checked sentence, at 20 pieces a second."""
    times = []
    for run in range(10):
        ended: list[float] = []

        def speak(_: dict[str, Any], ended: list[float] = ended) -> Iterator[Step]:
            for at in range(0, len(GOOD), 2):
                if GOOD.find("。") < at and not ended:
                    ended.append(time.perf_counter())
                yield GOOD[at : at + 2]
                yield 0.05

        scripted.scripts[f"steady {run}"] = speak
        events = _speaker(bot, scripted.url, f"steady {run}").tell(bot.ask(QUESTION), QUESTION)
        assert isinstance(events, Generator)
        next(events)
        times.append(time.perf_counter() - ended[0])
        events.close()
    print(f"first sentence said -> shown  p50 {statistics.median(times):.2f} s  max {max(times):.2f} s")


def faults(bot: Bot, scripted: Scripted) -> None:
    """Each fault of the tests: does a whole composed answer come, in time?"""
    composed = bot.ask(QUESTION)
    good, longest = 0, 0.0
    for name, (steps, _) in FAULTS.items():
        scripted.says(name, *steps)
        answer = composed.model_copy(deep=True)
        begin = time.perf_counter()
        list(_speaker(bot, scripted.url, name).tell(answer, QUESTION))
        seconds = time.perf_counter() - begin
        longest = max(longest, seconds)
        good += _whole(answer, composed) and seconds < SECONDS + 1
    print(
        f"faults that end in a whole answer in time  {good} of {len(FAULTS)}; longest {longest:.1f} s of {SECONDS:.0f}"
    )


def real(bot: Bot, url: str, questions: Sequence[str], show: bool) -> None:
    """The small real model, which rambles."""
    shown = invented = whole = 0
    withheld: Counter[str] = Counter()
    settings = BotSettings(model="gemma", model_url=url, model_tokens=100, model_seconds=60, model_first_seconds=55)
    speaker = Speaker.open(settings, bot.index.statutes)
    for question in questions:
        composed = bot.ask(question)
        answer = composed.model_copy(deep=True)
        events = list(speaker.tell(answer, question))
        whole += _whole(answer, composed)
        withheld[events[-1].reason] += 1
        for event in events[:-1]:
            shown += 1
            found = [f for f in find(event.text, bot.index.statutes) if f.reference]
            invented += sum(resolve(f, bot.index.statutes).status != "ok" for f in found)
            if show:
                print(f"      {question} | {event.text}")
    print(f"-- gemma 270m, {len(questions)} questions: {shown} sentences shown, {invented} invented citations,")
    print(f"whole composed answer      {whole} of {len(questions)}; ends {dict(withheld)}")


def _wrong(bot: Bot, one: HonestAnswer, told: Sequence[HonestAnswer], rng: random.Random) -> list[Wrong]:
    others = [t for t in told if t.answer.situation != one.answer.situation]
    return list(wrong(one, others, bot.index.statutes, rng))


def _gate(bot: Bot, one: HonestAnswer) -> SentenceGate:
    instructions = "\n".join(prompt.read())
    return SentenceGate(one.sources, one.answer.verdict, one.question, bot.index.statutes, instructions)


def _speaker(bot: Bot, url: str, name: str) -> Speaker:
    settings = BotSettings(model=name, model_url=url, model_seconds=SECONDS, model_first_seconds=2)
    return Speaker.open(settings, bot.index.statutes)


def _cites(text: str, one: HonestAnswer, bot: Bot) -> bool:
    """Whether a sentence names a provision, in words or by the number of a source."""
    numbers = {f"[{s.number}]" for s in one.sources if s.reference}
    return any(n in text for n in numbers) or any(f.reference for f in find(text, bot.index.statutes))


def _given(reference: Reference | None, one: HonestAnswer) -> bool:
    return any(s.reference and reference and s.reference.article == reference.article for s in one.sources)


def _whole(answer: Answer, composed: Answer) -> bool:
    """Whether nothing of the composed answer is missing or changed, and its citations come first."""
    same = all(
        getattr(answer, n) == getattr(composed, n) for n in ("conclusion", "reasons", "steps", "limits", "verdict")
    )
    return same and answer.citations[: len(composed.citations)] == composed.citations


def _line(name: str, part: int, whole: int) -> None:
    print(f"{name:<38} {part:5d} of {whole:5d}  {100 * part / max(whole, 1):.2f} %")


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__)
    parser.add_argument("--cards", type=int, default=10_000, help="so many of the cards, drawn by the seed")
    parser.add_argument("--http", type=int, default=600)
    parser.add_argument("--gemma", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
