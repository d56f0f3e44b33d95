"""python -m corpus: read the law and check the cards, for those who write them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from corpus import cards
from corpus.files import CardError
from corpus.reference import Reference
from corpus.replies import load_messages, load_replies
from corpus.sources import SourceError, package_texts
from corpus.statutes import FINGERPRINTS, Statutes, digest, load


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    parser.add_argument("--scope", choices=("default", "all"), default="default")
    parser.add_argument("--folder", type=Path, help="官方下载文本所在的文件夹")
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="打印条文原文，每一款前标出款号")
    show.add_argument("citation", nargs="+", help="如 民法典第六百七十条；只写法名则列出全部")
    grep = commands.add_parser("grep", help="找出含有全部词语的条文")
    grep.add_argument("words", nargs="+")
    verify = commands.add_parser("verify", help="检查情形卡片：引注、引文、问法、结构；回答和例子读得出来")
    verify.add_argument("files", nargs="*", type=Path)
    commands.add_parser("fingerprint", help="换了数据包版本以后：重新记下每部法律的指纹，列出变了的")
    arguments = parser.parse_args(argv)
    try:
        if arguments.command == "fingerprint":
            return _fingerprint()
        statutes = load(arguments.scope, folder=arguments.folder)
        if arguments.command == "show":
            return _show(statutes, arguments.citation)
        if arguments.command == "grep":
            return _grep(statutes, arguments.words)
        return _verify(statutes, arguments.files)
    except (SourceError, CardError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def _print(statutes: Statutes, reference: Reference) -> None:
    article = statutes.article(reference)
    if article is None:
        print(f"{reference}：没有这一条")
        return
    print(f"{article.reference}  [{' / '.join(article.path)}]  {article.note}")
    for n, paragraph in enumerate(article.paragraphs, start=1):
        print(f"  款{n}：{paragraph.text}")


def _show(statutes: Statutes, citations: list[str]) -> int:
    for citation in citations:
        if statute := statutes.by_name.get(citation):
            for article in statute.articles:
                _print(statutes, article.reference)
        else:
            _print(statutes, Reference.parse(citation).article)
    return 0


def _grep(statutes: Statutes, words: list[str]) -> int:
    for article in statutes.articles():
        if all(w in article.text or w == article.law for w in words):
            _print(statutes, article.reference)
    return 0


def _verify(statutes: Statutes, files: list[Path]) -> int:
    spoken, messages = load_replies(), load_messages()
    topics = {f.stem for f in files}
    loaded = [card for card in cards.load_cards().values() if not files or card.topic in topics]
    if unknown := topics - {card.topic for card in loaded}:
        print(f"corpus/situations/ 里没有 {'、'.join(sorted(unknown))}.md", file=sys.stderr)
        return 2
    found = [f"{card.topic}.md {card.id}: {problem}" for card in loaded for problem in cards.problems(card, statutes)]
    found += cards.contents_problems(cards.load_contents(), cards.load_cards())
    for problem in found:
        print(problem)
    asked = sum(len(c.questions) for c in loaded)
    print(f"{len(loaded)} 张卡片，{asked} 个问法，{len(spoken)} 段回答，{len(messages)} 句例子，{len(found)} 个问题")
    return 1 if found else 0


def _fingerprint() -> int:
    """Write the digest of every text of the data package; print those that a person has to read before use."""
    known = json.loads(FINGERPRINTS.read_text("utf-8"))
    texts = {text.version: digest(text) for text in package_texts()}
    for version in sorted(texts.keys() | known["texts"].keys()):
        if texts.get(version) != known["texts"].get(version):
            print(version if version in texts else f"{version}（已没有）")
    FINGERPRINTS.write_text(json.dumps(known | {"texts": texts}, ensure_ascii=False, indent=0) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
