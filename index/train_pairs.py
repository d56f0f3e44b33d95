"""Train the cross-encoder: python -m index.train_pairs [--further] [--steps N] [--leave-out]

Two tasks learn together, from e5's weights with what `index.train` added to them:

- holds: messages about a card's matter, with the deciding fact as the card has it or turned round, and then with the
  card that is read `instead`, where there is one (`pairs/told.jsonl`); messages about a card that depends with each of
  its branches, of which they tell one or leave all open (`pairs/branched.jsonl`); phrasings of cards with their own
  title, those of firm cards with near ones of the opposite verdict, and those of their counterparts with theirs;
- carried: claims about articles, true and false (`pairs/claimed.jsonl`).

`--further` goes on from the weights that are there, at half the rate, when pairs were added. `--leave-out` learns
without the messages of one card and the claims of one article in twelve, prints what they show and writes nothing.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional

from corpus.cards import FIRM, Branch, Card, load_cards
from corpus.files import FileError
from corpus.statutes import Statutes, load
from index import command, e5
from index.crossencoder import FOLDER, PairTask
from index.progress import ProgressLine
from index.question_files import gold, read_questions
from index.readers import compared
from index.retriever import Index
from index.settings import IndexSettings, own, read_settings
from index.smoothquant import write_largest
from index.swap import restore, rewritten
from index.train import FURTHER, RATE, SEED, WARM, Reader

PAIRS = Path(__file__).parent / "pairs"
PARTS = ("told", "branched", "claimed")
STEPS = 1500
#: Pairs a step, by what they are made of; and what the heads' rate is beside that of the weights, how they begin.
TOLD, BRANCHED, OWN, OPPOSITE, COUNTERPART, CLAIMED = 20, 24, 5, 4, 3, 20
HEAD_RATE, HEAD_DEVIATION, SCALE = 3.0, 0.02, 14.0
#: One phrasing in so many is held against so many of the nearest cards, where their verdict is the opposite one.
SOME, NEAREST = 4, 3
#: So many tokens of a long provision are learnt from, by its lines that are most like the claim.
PASSAGE = 150
#: The messages of one card and the claims of one article in so many are left out to measure.
LEFT_OUT = 12
OPPOSITE_VERDICT = {"illegal": "legal", "legal": "illegal"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and whether the second holds for the first."""

    first: str
    second: str
    right: bool


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.train_pairs", description="训练同时读两段话的模型")
    parser.add_argument("--further", action="store_true", help="从现有的权重接着训练，不从头来")
    parser.add_argument("--steps", type=int, default=STEPS, help="训练多少步")
    parser.add_argument("--leave-out", action="store_true", help="留出一部分来量准不准，不改变现有的模型")
    arguments = parser.parse_args(argv)
    return command.run(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    random.seed(SEED)
    torch.manual_seed(SEED)
    restore(FOLDER)
    settings = read_settings(IndexSettings)
    if changed := own(settings, "scope", "statutes", "encoder"):
        print(f"只从内置的编码器和数据包里的法律训练，请先去掉 {changed}", file=sys.stderr)
        return 2
    if arguments.steps <= WARM:
        print(f"--steps {arguments.steps} 太少，什么也学不到，现有的模型没有动", file=sys.stderr)
        return 2
    examples = Examples(Index.open(settings, ProgressLine()), load("all"), arguments.leave_out)
    if arguments.further:
        learner = Learner(load_file(FOLDER / e5.TUNED["pair"]))
    else:
        learner = Learner(load_file(Path(settings.encoder) / e5.TUNED["query"]))
    learner.learn(examples, arguments.steps, FURTHER if arguments.further else 1.0)
    if arguments.leave_out:
        print(*learner.measured(examples), sep="\n")
    else:
        write_folder(FOLDER, learner, [pair for task in get_args(PairTask) for pair in examples.all(task)])
    return 0


class Examples:
    """All pairs there are, and those that are left out to measure. Raises FileError for a row of no card or branch."""

    def __init__(self, index: Index, statutes: Statutes, leave_out: bool) -> None:
        cards, tokenizer = load_cards(), e5.E5Tokenizer.of_package()
        self.left_out: dict[PairTask, list[Pair]] = {task: [] for task in get_args(PairTask)}
        self.told: list[Pair] = []
        self.branched: list[Pair] = []
        self.claimed: list[Pair] = []
        told, branched, claimed = (list(read_questions(PAIRS / f"{name}.jsonl")) for name in PARTS)
        rest = _every(LEFT_OUT, (row["card"] for row in told)) if leave_out else set()
        for row in told:
            some = self.left_out["holds"] if row["card"] in rest else self.told
            some.append(Pair(row["q"], card_of(row, cards).title, row["holds"]))
            if instead := row.get("instead"):
                some.append(Pair(row["q"], card_of({**row, "card": instead}, cards).title, True))
        rest = _every(LEFT_OUT, (row["card"] for row in branched)) if leave_out else set()
        for row in branched:
            some = self.left_out["holds"] if row["card"] in rest else self.branched
            some += (Pair(row["q"], branch.when, told) for branch, told in branches_of(row, cards))
        rest = _every(LEFT_OUT, (gold(row)[0] for row in claimed)) if leave_out else set()
        for row in claimed:
            (article,) = gold(row)
            pair = Pair(row["q"], passage(row["q"], statutes.quote(article) or "", tokenizer), row["carried"])
            (self.left_out["carried"] if article in rest else self.claimed).append(pair)
        self.own = [Pair(q, c.title, True) for c in cards.values() for q in c.questions]
        self.opposite = list(_opposites(index, cards))
        self.counterpart = list(_counterparts(cards))

    def all(self, task: PairTask) -> list[Pair]:
        return [*self.told, *self.branched] if task == "holds" else self.claimed

    def batches(self) -> Iterator[tuple[list[Pair], list[Pair]]]:
        """Batches of both tasks without end, texts of like length together."""
        firm = [(self.told, TOLD), (self.opposite, OPPOSITE), (self.counterpart, COUNTERPART)]
        parts = [*firm, (self.branched, BRANCHED), (self.own, OWN)]
        messages = [(_endless(some), count) for some, count in parts]
        return zip(_alike(messages), _alike([(_endless(self.claimed), CLAIMED)]), strict=True)


def card_of(row: Mapping[str, Any], cards: Mapping[str, Card]) -> Card:
    """The card that a row of pairs is about. Raises FileError where it is gone."""
    if row["card"] not in cards:
        raise FileError(f"index/pairs 里的「{row['q']}」：没有卡片 {row['card']}，请改成现在的 id，或者去掉这一行")
    return cards[row["card"]]


def branches_of(row: Mapping[str, Any], cards: Mapping[str, Card]) -> list[tuple[Branch, bool]]:
    """The branches of the card of a row, each with whether the row tells it. Raises FileError where that one is gone.

    Without it the row would teach that nothing is told.
    """
    card = card_of(row, cards)
    if row["branch"] and row["branch"] not in card.branches:
        raise FileError(
            f"index/pairs 里的「{row['q']}」：{card.id} 没有分支 {row['branch']}，请改成现在的 id，或者去掉这一行"
        )
    return [(branch, name == row["branch"]) for name, branch in card.branches.items()]


def _every(nth: int, names: Iterable[Hashable]) -> set[Hashable]:
    """One in so many of the names, in the order in which they come first."""
    return set(list(dict.fromkeys(names))[::nth])


def _opposites(index: Index, cards: Mapping[str, Card]) -> Iterator[Pair]:
    """Phrasings of a firm card with a card of the opposite verdict among those that come nearest to them."""
    for card in cards.values():
        if card.verdict not in FIRM:
            continue
        for question in card.questions[::SOME]:
            for match in index.matches(index.query(question), NEAREST + 1):
                other = match.situation
                if isinstance(other, Card) and other.verdict == OPPOSITE_VERDICT[card.verdict]:
                    yield Pair(question, other.title, False)


def _counterparts(cards: Mapping[str, Card]) -> Iterator[Pair]:
    """Phrasings of the card that a condition leads to, with the title of the one whose verdict does not hold."""
    for card in cards.values():
        for name in filter(None, card.unless.values()):
            if cards[name].verdict != card.verdict:
                yield from (Pair(question, card.title, False) for question in cards[name].questions)


def _endless(pairs: Sequence[Pair]) -> Iterator[Pair]:
    while True:
        yield from random.sample(pairs, len(pairs))


def _alike(parts: Sequence[tuple[Iterator[Pair], int]], together: int = 20) -> Iterator[list[Pair]]:
    size = sum(count for _, count in parts)
    while True:
        block = [next(some) for some, count in parts for _ in range(together * count)]
        block.sort(key=lambda pair: len(pair.first) + len(pair.second))
        yield from random.sample([block[i : i + size] for i in range(0, len(block), size)], together)


def passage(claim: str, provision: str, tokenizer: e5.E5Tokenizer) -> str:
    """A provision's text; of one that is too long the first line and those that share most with the claim."""
    if len(tokenizer.ids(provision)) <= PASSAGE:
        return provision
    lines = provision.split("\n")
    sizes = [len(tokenizer.ids(line)) for line in lines]
    pairs = {claim[i : i + 2] for i in range(len(claim) - 1)}
    shared = [sum(pair in line for pair in pairs) / (len(line) ** 0.3 + 1) for line in lines]
    kept, total = [0], sizes[0]
    for i in sorted(range(1, len(lines)), key=lambda i: -shared[i]):
        if total + sizes[i] <= PASSAGE:
            kept.append(i)
            total += sizes[i]
    return "\n".join(lines[i] for i in sorted(kept))


class Learner(torch.nn.Module):
    """The cross-encoder with low-rank additions and its heads."""

    def __init__(self, begin: dict[str, np.ndarray]) -> None:
        """`begin`: additions of an earlier training, of this or of the encoder, which has no heads for pairs."""
        super().__init__()
        self.reader, self.tokenizer = Reader(), e5.E5Tokenizer.of_package()
        self.reader.take(begin)
        self.heads = torch.nn.Linear(4 * e5.package().hidden, len(get_args(PairTask)))
        torch.nn.init.normal_(self.heads.weight, std=HEAD_DEVIATION)
        torch.nn.init.zeros_(self.heads.bias)
        with torch.no_grad():
            for name, p in self.heads.named_parameters():
                if (kept := begin.get(f"heads.{name}")) is not None:
                    p.copy_(torch.from_numpy(kept) / SCALE)

    def forward(self, pairs: Sequence[Pair], task: PairTask) -> torch.Tensor:
        """Log-odds (n,)."""
        windows, begins = zip(*(self.tokenizer.pair(pair.first, pair.second) for pair in pairs), strict=True)
        ids, mask = (torch.from_numpy(x) for x in e5.padded(windows))
        second = mask * (torch.arange(ids.shape[1]) >= torch.tensor(begins)[:, None])
        with torch.autocast("cpu", torch.bfloat16):
            read = self.reader.model(input_ids=ids, attention_mask=mask).last_hidden_state
        odds = torch.as_tensor(self.heads(compared(read.float(), mask, second)))
        return SCALE * odds[:, get_args(PairTask).index(task)]

    def learn(self, examples: Examples, steps: int, part: float) -> None:
        """`part`: of the rates."""
        rate = part * RATE
        groups = [(rate, self.reader.learnt().values()), (HEAD_RATE * rate, self.heads.parameters())]
        optimizer = torch.optim.AdamW([{"params": list(some), "lr": rate} for rate, some in groups], weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1, (step + 1) / WARM) * max(0.02, 1 - step / steps)
        )
        progress = ProgressLine("训练")
        for step, both in zip(range(steps), examples.batches(), strict=False):
            optimizer.zero_grad()
            for pairs, task in zip(both, get_args(PairTask), strict=True):
                right = torch.tensor([float(pair.right) for pair in pairs])
                torch.autograd.backward(functional.binary_cross_entropy_with_logits(self(pairs, task), right))
            torch.nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            progress("同时读两段话的模型", step + 1, steps)

    @torch.no_grad()
    def measured(self, examples: Examples) -> Iterator[str]:
        """Of the pairs left out: how many are told right, and the wrong ones below all but 2 % of the right ones."""
        for task, pairs in examples.left_out.items():
            odds = torch.cat([self(pairs[i : i + CLAIMED], task) for i in range(0, len(pairs), CLAIMED)]).numpy()
            right = np.array([pair.right for pair in pairs])
            below = float((odds[~right] < np.quantile(odds[right], 0.02)).mean())
            yield f"{task}: {len(pairs)}, {((odds > 0) == right).mean():.3f} right; below all but 2 %: {below:.3f}"


def write_folder(folder: Path, learner: Learner, pairs: Sequence[Pair]) -> None:
    """Write what was learnt into the folder of the cross-encoder."""
    heads = {f"heads.{name}": (SCALE * p).detach().numpy() for name, p in learner.heads.named_parameters()}
    with rewritten(folder) as partial:
        save_file(learner.reader.additions() | heads, partial / e5.TUNED["pair"])
        write_largest("pair", partial, [learner.tokenizer.pair(pair.first, pair.second)[0] for pair in pairs])


if __name__ == "__main__":
    sys.exit(main())
