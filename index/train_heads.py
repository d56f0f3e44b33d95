"""Train the heads that search articles, and nothing else: python -m index.train_heads PAIRS.jsonl...

What reads questions stays as it is, and with it all that kinds and situations go by, so that no limit has to be set
anew; and it takes minutes. Learnt from as in `index.train`: the lay questions, the PAIRS, a share of the phrasings with
their cards' first citations. The heads begin where they are and are held near that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from index import command
from index.build import encode, material
from index.chunks import lay_questions
from index.encoder import read_heads
from index.progress import ProgressLine
from index.settings import IndexSettings, read_settings
from index.swap import restore, rewritten
from index.train import SEED, Heads, article_loss, gather_examples, save_model, trainable
from index.vectors import VectorCache, Vectors

EPOCHS = 2
BATCH = 256  # questions a step: what it costs is the articles', however many read them
RATE = 6e-4  # falls to nothing
NEAR_BEGINNING = 0.0125  # how much the heads' distance from where they began counts beside the loss
#: How often the PAIRS are learnt in an epoch, and which share of the phrasings.
PAIRS_TIMES, PHRASING_SHARE = 4, 0.25


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.train_heads", description="只训练找法条的两个线性头")
    parser.add_argument("pairs", nargs="*", type=Path, help='问题和法条的配对，每行 {"q","gold"}')
    arguments = parser.parse_args(argv)
    return command.run(lambda: _run(arguments.pairs))


def _run(paths: Sequence[Path]) -> int:
    torch.manual_seed(SEED)
    settings, pairs = read_settings(IndexSettings, scope="all"), list(lay_questions(paths))
    folder = Path(settings.encoder)
    restore(folder)
    encoder = trainable(settings)
    if encoder is None:
        return 2
    made_of, cache = material(settings, encoder), VectorCache(settings.data / "vectors.sqlite")
    examples = gather_examples(made_of, PAIRS_TIMES * pairs)
    share = torch.rand(len(examples.texts)) < PHRASING_SHARE
    rows = [i for i, right in enumerate(examples.articles) if right and (examples.verdicts[i] < 0 or share[i])]
    progress = ProgressLine()
    articles = encode(cache, encoder, made_of, "passage", progress)
    texts = [examples.texts[i] for i in rows]
    questions = cache.encode(
        texts,
        encoder.name("query"),
        "query",
        lambda some: encoder.base(some, side="query"),
        lambda done, total: progress("问法", done, total),
    )
    begin: Heads = {
        task: (torch.from_numpy(weight), torch.from_numpy(bias) if bias.ndim else None)
        for task, (weight, bias) in read_heads(folder).items()
    }
    heads = learn(questions, [examples.articles[i] for i in rows], articles, begin)
    with rewritten(folder) as partial:
        save_model(partial, heads)
    return 0


def learn(questions: Vectors, right: Sequence[list[list[int]]], articles: Vectors, begin: Heads) -> Heads:
    """The heads, of which `query` and `document` have learnt from base vectors (n, d) of questions and of chunks.

    `right`: of each question the chunks of each of its articles.
    """
    asked, base = torch.from_numpy(questions), torch.from_numpy(articles)
    began = torch.stack([begin["query"][0], begin["document"][0]])
    learnt = torch.nn.Parameter(began.clone())
    optimizer = torch.optim.AdamW([learnt], lr=RATE, weight_decay=0.0)
    total = EPOCHS * (len(asked) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.02, 1 - step / total))
    progress = ProgressLine("训练")
    for step in range(total):
        start = BATCH * (step % (total // EPOCHS))
        if start == 0:
            order = torch.randperm(len(asked)).tolist()
        rows = order[start : start + BATCH]
        loss = article_loss(asked[rows], base, learnt[0], learnt[1], [right[i] for i in rows])
        apart = (learnt - began).square().sum() / learnt.shape[1]
        optimizer.zero_grad()
        torch.autograd.backward(loss / BATCH + NEAR_BEGINNING * apart)
        optimizer.step()
        schedule.step()
        progress("找法条", step + 1, total)
    query, document = learnt.detach().clone()
    return {**begin, "query": (query, None), "document": (document, None)}


if __name__ == "__main__":
    sys.exit(main())
