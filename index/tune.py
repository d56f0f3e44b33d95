"""Train the side of the encoder that reads questions: python -m index.tune PAIRS.jsonl...

Runs after `index.train`, on the same texts. The articles' vectors stay as they are; low-rank additions
to the weights that read a question (1.3 million numbers, kept in half precision) and the heads `query`
and `question` learn together, half an hour on two cores:

- every question to its article: full softmax over every chunk of every article in force;
- every phrasing to its situation: softmax over one learnt point a situation.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional
from torch.nn.utils import parametrize

from corpus.cards import load_cards
from corpus.reference import Reference
from index import e5
from index.build import material
from index.encoder import open_encoder
from index.evaluate import read_rows
from index.progress import ProgressLine
from index.settings import IndexSettings
from index.train import ARTICLE_SCALE, QUESTION_SCALE, QUESTIONS, SEED, write
from index.vectors import VectorCache

EPOCHS, BATCH, RANK, LONGEST = 3, 64, 16, 128
RATE, HEAD_RATE, POINT_RATE, WARM, SMOOTHING = 1e-3, 1e-4, 1e-3, 100, 0.05
#: A phrasing trains its situation's articles in every other epoch, as chance has it: they are many.
PHRASING_SHARE = 0.5


class LowRank(torch.nn.Module):
    """A weight plus b @ a; b starts at zero."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        rows, columns = weight.shape
        self.a = torch.nn.Parameter(torch.randn(RANK, columns) / math.sqrt(columns))
        self.b = torch.nn.Parameter(torch.zeros(rows, RANK))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + self.b @ self.a


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.tune", description="训练编码器读问题的一侧")
    parser.add_argument("pairs", nargs="*", type=Path, help='问题和法条的配对，每行 {"q","gold"}')
    arguments = parser.parse_args(argv)
    torch.manual_seed(SEED)
    e5.TUNED.unlink(missing_ok=True)  # begins from the package's weights
    settings = IndexSettings(scope="all")
    encoder = open_encoder(settings)
    made_of = material(settings, encoder)
    cache, progress = VectorCache(settings.data / "vectors.sqlite"), ProgressLine()
    base = cache.encode(
        [d.page_content for d in made_of.articles],
        encoder.name,
        "passage",
        lambda some: encoder.base(some, "passage"),
        lambda done, total: progress("passage", done, total),
    )
    documents = torch.from_numpy(encoder.project(base, "document"))
    places: dict[Reference, list[int]] = {}
    for place, document in enumerate(made_of.articles):
        places.setdefault(Reference(**document.metadata), []).append(place)

    def found(references: Sequence[Reference]) -> list[int]:
        return [p for r in references for p in places.get(r, ())]

    texts, gold, situation = [], [], []
    for path in [*sorted(QUESTIONS.glob("*.jsonl")), *arguments.pairs, *arguments.pairs]:  # the given ones count twice
        for row in read_rows(path):
            if right := found([Reference(*r) for r in row["gold"]]):
                texts.append(str(row["q"]))
                gold.append(right)
                situation.append(-1)
    cards = load_cards()
    labels: dict[str, int] = {}
    for d in made_of.questions:
        name = str(d.metadata["card"])
        texts.append(d.page_content)
        gold.append(found([r.article for r in cards[name].citations[:2]]) if name in cards else [])
        situation.append(labels.setdefault(name, len(labels)))
    added, heads = tune(Path(settings.encoder), documents, texts, gold, situation)
    save_file(added, e5.TUNED)
    write(Path(settings.encoder), heads)
    return 0


def tune(
    folder: Path, documents: torch.Tensor, texts: Sequence[str], gold: Sequence[list[int]], situation: Sequence[int]
) -> tuple[dict[str, np.ndarray], dict[str, tuple[torch.Tensor, torch.Tensor | None]]]:
    """The additions by the weight's name, and the three heads (`document` unchanged)."""
    pieces, normal = e5.tokenizer(), e5.package().normal
    read = [e5.windows(text, "query", pieces, normal)[0][:LONGEST] for text in texts]
    model = e5.bert("query").train()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for part in list(model.modules()):
        if isinstance(part, torch.nn.Linear):
            parametrize.register_parametrization(part, "weight", LowRank(part.weight))
    lowrank = [p for p in model.parameters() if p.requires_grad]
    head = {
        task: load_file(folder / f"{task}_1_Dense" / "model.safetensors") for task in ("query", "question", "document")
    }
    weight = {task: torch.from_numpy(file["linear.weight"].T.copy()) for task, file in head.items()}
    bias = torch.from_numpy(head["question"]["linear.bias"].copy()).requires_grad_()
    query, question = (weight[task].requires_grad_() for task in ("query", "question"))

    def vectors(rows: Sequence[int]) -> torch.Tensor:
        ids, mask = (torch.from_numpy(x) for x in e5.padded([read[i] for i in rows]))
        with torch.autocast("cpu", torch.bfloat16):
            states = model(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states.float() * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(mean, dim=1)

    points = torch.zeros(max(situation) + 1, question.shape[1])
    phrasings = [i for i, s in enumerate(situation) if s >= 0]
    with torch.no_grad():
        for start in range(0, len(phrasings), 256):
            rows = phrasings[start : start + 256]
            z = functional.normalize(vectors(rows) @ question + bias, dim=1)
            points.index_add_(0, torch.tensor([situation[i] for i in rows]), z)
    points = functional.normalize(points, dim=1).requires_grad_()
    steps = EPOCHS * (len(texts) // BATCH)
    groups = [(lowrank, RATE), ([query, question, bias], HEAD_RATE), ([points], POINT_RATE)]
    optimizer = torch.optim.AdamW([{"params": p, "lr": rate} for p, rate in groups], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / WARM) * max(0.02, 1 - step / steps)
    )
    progress = ProgressLine()
    for step, rows in zip(range(steps), batches(read), strict=False):
        v, loss = vectors(rows), torch.zeros(())
        asked = [j for j, i in enumerate(rows) if gold[i] and (situation[i] < 0 or torch.rand(()) < PHRASING_SHARE)]
        if asked:
            logits = ARTICLE_SCALE * functional.normalize(v[asked] @ query, dim=1) @ documents.T
            right = torch.stack([logits[k, gold[rows[j]]].logsumexp(0) for k, j in enumerate(asked)])
            loss = loss + (logits.logsumexp(1) - right).sum() / BATCH
        meant = [j for j, i in enumerate(rows) if situation[i] >= 0]
        if meant:
            z = functional.normalize(v[meant] @ question + bias, dim=1)
            logits = QUESTION_SCALE * z @ functional.normalize(points, dim=1).T
            truth = torch.tensor([situation[rows[j]] for j in meant])
            loss = loss + len(meant) / BATCH * functional.cross_entropy(logits, truth, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(lowrank, 1.0)
        optimizer.step()
        schedule.step()
        progress("query", step + 1, steps)
    added = {
        name.replace(".parametrizations.weight.0", ""): parameter.detach().numpy().astype(np.float16)
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }
    heads = {
        "query": (query.detach(), None),
        "document": (weight["document"], None),
        "question": (question.detach(), bias.detach()),
    }
    return added, heads


def batches(read: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Rows without end, an epoch after the other, those of like length together."""
    while True:
        order = torch.randperm(len(read)).tolist()
        cut = []
        for start in range(0, len(order), 20 * BATCH):
            block = sorted(order[start : start + 20 * BATCH], key=lambda i: len(read[i]))
            cut += [block[i : i + BATCH] for i in range(0, len(block), BATCH)]
        for place in torch.randperm(len(cut)).tolist():
            yield cut[place]


if __name__ == "__main__":
    sys.exit(main())
