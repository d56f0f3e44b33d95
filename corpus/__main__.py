"""python -m corpus: read the law and check the cards, for those who write them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

from corpus import cards, conditions, links, replies, terminal
from corpus.citations import find, resolve, tables
from corpus.citations.law_names import behind_of
from corpus.replies import load_messages, load_replies
from corpus.sources import package_texts
from corpus.statutes import FINGERPRINTS, Article, Scope, Statutes, digest, load, load_fingerprints


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    parser.add_argument("--folder", type=Path, help="官方下载文本所在的文件夹")
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="打印条文原文，每一款前标出款号")
    show.add_argument("citation", nargs="+", help="如 民法典第六百七十条；只写法名则列出全部")
    grep = commands.add_parser("grep", help="找出含有全部词语的条文")
    grep.add_argument("words", nargs="+")
    grep.add_argument("--scope", choices=get_args(Scope), default="default")
    verify = commands.add_parser("verify", help="检查情形卡片：引注、引文、问法、结构；检查回答、例子和各张表")
    verify.add_argument("files", nargs="*", type=Path)
    commands.add_parser("fingerprint", help="换了数据包版本以后：重新记下每部法律的指纹，列出变了的")
    arguments = parser.parse_args(argv)
    return terminal.run(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "fingerprint":
        return _fingerprint()
    if arguments.command == "show":
        return _show(load("all", folder=arguments.folder), arguments.citation)
    if arguments.command == "grep":
        return _grep(load(arguments.scope, folder=arguments.folder), arguments.words)
    return _verify(load(folder=arguments.folder), arguments.files)


def _print(article: Article) -> None:
    print(f"{article.reference}  [{' / '.join(article.path)}]  {article.note}")
    for n, paragraph in enumerate(article.paragraphs, start=1):
        print(f"  款{n}：{paragraph.text}")


def _show(statutes: Statutes, citations: list[str]) -> int:
    """Print what each citation names and what there is to say of it; 1 where one does not stand."""
    wrong = False
    for citation in citations:
        found = find(citation, statutes) or find(f"《{citation}》", statutes)
        if not found:
            print(f"不是一条引注：{citation}。写法如：民法典第六百七十条第一款")
        wrong |= not found
        for one in (resolve(f, statutes) for f in found):
            wrong |= one.status != "ok"
            if one.note:
                print(f"{one.found.written}：{one.note}")
            if one.status == "ok" and one.found.reference is None:
                articles: Iterable[Article | None] = statutes.by_name[one.found.law or ""].articles
            else:
                articles = map(statutes.article, one.references)
            for article in filter(None, articles):
                _print(article)
    return int(wrong)


def _grep(statutes: Statutes, words: list[str]) -> int:
    for article in statutes.articles():
        if all(w in article.text or w == article.law for w in words):
            _print(article)
    return 0


def _verify(statutes: Statutes, files: list[Path]) -> int:
    known = {path.resolve() for path in cards.SITUATIONS.glob("*.md")}
    if strange := [str(file) for file in files if file.resolve() not in known]:
        print(f"只核对 {cards.SITUATIONS} 里的文件，那里没有 {'、'.join(strange)}", file=sys.stderr)
        return 2
    spoken, messages = load_replies(), load_messages()
    topics = {file.stem for file in files}
    loaded = [card for card in cards.load_cards().values() if not files or card.topic in topics]
    found = [f"{card.topic}.md {card.id}: {problem}" for card in loaded for problem in cards.problems(card, statutes)]
    found += cards.shared_problems(cards.load_cards())
    found += cards.branch_problems(cards.load_cards())
    found += cards.contents_problems(cards.load_contents(), cards.load_cards())
    found += conditions.condition_problems(conditions.load_conditions(), cards.load_cards())
    found += links.lost_links(cards.load_cards(), spoken)
    found += cards.merged_problems(cards.load_merged(), cards.load_cards())
    found += replies.problems(spoken)
    found += tables.problems(behind_of(statutes))
    for problem in found:
        print(problem)
    asked = sum(len(c.questions) for c in loaded)
    print(f"{len(loaded)} 张卡片，{asked} 个问法，{len(spoken)} 段回答，{len(messages)} 句例子，{len(found)} 个问题")
    return 1 if found else 0


def _fingerprint() -> int:
    """Write the digest of every text of the data package; print those that a person has to read before use."""
    known = load_fingerprints()
    texts = {text.label: digest(text) for text in package_texts()}
    for label in sorted(texts.keys() | known.texts.keys()):
        if texts.get(label) != known.texts.get(label):
            print(label if label in texts else f"{label}（已没有）")
    written = json.dumps(asdict(replace(known, texts=texts)), ensure_ascii=False, indent=0)
    partial = FINGERPRINTS.with_suffix(".partial")  # renamed, so that nobody is left with half of it
    partial.write_text(f"{written}\n", "utf-8")
    partial.replace(FINGERPRINTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
