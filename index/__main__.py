"""python -m index: build the index, search it, measure it. Results go to stdout, the rest to stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, get_args

from corpus.statutes import Scope
from index import command, evaluate
from index.build import build, read, ship
from index.encoder import open_encoder
from index.normalise import has_words, normalise
from index.progress import ProgressLine
from index.question_files import cards, gold, read_questions
from index.retriever import NOTHING_ASKED, Index, StatuteRetriever
from index.settings import IndexSettings, own, read_settings


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    return command.run(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    settings = read_settings(IndexSettings, **({"scope": arguments.scope} if arguments.scope else {}))
    return int(arguments.run(arguments, settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def added(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(run=run, scope=None)
        return sub

    making = added("build", _build, "建立索引；没有变化就跳过")
    making.add_argument("--rebuild", action="store_true", help="即使没有变化也重建")
    added("ship", _ship, "把默认范围的向量写进仓库，让新克隆的第一次启动很快")
    search = added("search", _search, "按问题找法条")
    search.add_argument("question", nargs="?")
    search.add_argument("--batch", type=Path, help='每行一个 {"id","q"} 的文件')
    search.add_argument("--top", type=int, default=10)
    search.add_argument("--no-cards", action="store_true", help="只用法条检索")
    search.add_argument("--json", action="store_true")
    measure = added("evaluate", _evaluate, "在有答案的问题上打分")
    measure.add_argument("file", type=Path)
    measure.add_argument("--no-cards", action="store_true")
    measure.add_argument("--save", type=Path, help="把这一次的结果存下来")
    measure.add_argument("--against", type=Path, help="与存下来的一次比较，列出变差的问题")
    for sub in (making, search, measure):
        sub.add_argument("--scope", choices=get_args(Scope))
    return parser


def _build(arguments: argparse.Namespace, settings: IndexSettings) -> int:
    begin = time.monotonic()
    made_of, folder = build(settings, open_encoder(settings), ProgressLine(), again=arguments.rebuild)
    read(folder, settings.chroma)  # what was there may have been damaged since
    print(
        json.dumps(
            {
                "index": folder.name,
                "statutes": len(made_of.statutes.all),
                "articles": sum(1 for _ in made_of.statutes.articles()),
                "chunks": len(made_of.articles),
                "phrasings": len(made_of.questions),
                "seconds": round(time.monotonic() - begin, 1),
            },
            ensure_ascii=False,
        )
    )
    return 0


def _ship(_: argparse.Namespace, settings: IndexSettings) -> int:
    if changed := own(settings, "scope", "statutes", "encoder"):
        print(f"仓库里只放默认设置的向量，请先去掉 {changed}", file=sys.stderr)
        return 2
    for path in ship(settings, open_encoder(settings)):
        print(path.name, path.stat().st_size)
    return 0


def _search(arguments: argparse.Namespace, settings: IndexSettings) -> int:
    if (arguments.question is None) == (arguments.batch is None):
        print('请给一个问题，或者 --batch 文件。例：python -m index search "砍头息合法吗"', file=sys.stderr)
        return 2
    if not 1 <= arguments.top <= 100:
        print("--top 要在 1 到 100 之间", file=sys.stderr)
        return 2
    if arguments.question is not None and not has_words(arguments.question):
        print(NOTHING_ASKED, file=sys.stderr)
        return 2
    if len(arguments.question or "") > settings.longest:
        print(f"问题太长，最多 {settings.longest} 字", file=sys.stderr)
        return 2
    batch = arguments.batch
    rows = list(read_questions(batch, settings.longest)) if batch else [{"id": None, "q": arguments.question}]
    index = Index.open(settings, ProgressLine())
    retriever = StatuteRetriever(index=index, top=arguments.top, use_cards=not arguments.no_cards)
    for row in rows:
        hits = retriever.search(row["q"])
        if batch or arguments.json:
            print(
                json.dumps({"id": row["id"], "hits": [hit.to_json() for hit in hits]}, ensure_ascii=False), flush=True
            )
        else:
            for hit in hits:
                article = index.statutes.article(hit.reference)
                text = f"{article.note}{article.text}".replace("\n", " ") if article else ""
                print(f"{hit.score:.3f} {hit.reference} {text[:60]}")
    return 0


def _situations(index: Index, question: str) -> list[str]:
    """The ids of those that fit best, best first."""
    return [match.situation.id for match in index.matches(index.query(normalise(question)))]


def _evaluate(arguments: argparse.Namespace, settings: IndexSettings) -> int:
    # a follow-up means little by itself
    rows = [r for r in read_questions(arguments.file, settings.longest) if not r.get("history")]
    asked, named = ([r for r in rows if r.get(key)] for key in ("gold", "cards"))
    before = evaluate.Run.load(arguments.against) if arguments.against else None
    # said before the work
    for row in named:
        cards(row)
    right = {reference for row in asked for reference in gold(row)}
    if not asked and (arguments.save or arguments.against):
        raise evaluate.EvaluationError(f"{arguments.file} 里没有带 gold 的问题，没有可以存、可以比的")
    save = arguments.save
    if save and (save.is_dir() or not os.access(save if save.exists() else save.parent, os.W_OK)):
        raise evaluate.EvaluationError(f"写不了 {save}：没有这个文件夹，或者不许写，或者它自己是文件夹")
    index = Index.open(settings, ProgressLine())
    if strange := sorted(f"{r.law} {r.key}" for r in right if index.statutes.article(r) is None):
        lost = f"gold 里有 {len(strange)} 条不在这个范围的法律里，总算没有找到：{'、'.join(strange[:3])}"
        print(lost, file=sys.stderr)
    if named:
        print(evaluate.situation_report(named, lambda q: _situations(index, q)))
    if named and not asked:
        return 0
    retriever = StatuteRetriever(index=index, top=100, use_cards=not arguments.no_cards)
    run = evaluate.Run.of(asked, lambda q: [h.reference for h in retriever.search(q)])
    print(run.report())
    if before:
        print(run.compare(before))
    if save:
        run.save(save)
    return 0


if __name__ == "__main__":
    sys.exit(main())
