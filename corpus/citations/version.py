"""What the writer says about the version of a law: （2012年修正）, 旧, 修订前的."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.citations.law_names import NameKind

_AFTER = re.compile(
    r"\((?P<text>[^()]*?(?:(?P<year>(?:19|20)\d\d)[^()]*|修[正订改][^()]*|已?废止|已?失效|旧[^()]*|新[^()]*))\)"
)
_BEFORE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年?(?:(?:\d{1,2}月)?(?:\d{1,2}日)?(?:新?修[正订改]|版|颁布|公布|通过|施行|实施|制定)后?)?的?|"
    r"(?P<old>以前的?|从前的?|过去的?|原先的?|原来的?|原|旧版?的?|老的?|(?:修[订正改]|修法|废止|施行)[之以]?前的?|已?(?:经)?(?:被)?(?:废止|失效)的?)|"
    r"(?P<new>新版?的?|现行的?|最新的?|新?修[订正改][之以]?后的?|新修[订正改]的?))(?:我国)?$"
)


@dataclass(frozen=True, slots=True)
class MentionedVersion:
    """What the writer says about the version: （2012年修正）, 旧, 修订前的.

    `year` as written, None if none; `old` True for 旧 / 原 / 修订前, False for 新 / 现行.
    """

    written: str
    year: int | None = None
    old: bool | None = None


def mentioned_version(
    before: str, written: str, connect: re.Match[str] | None, kind: NameKind
) -> MentionedVersion | None:
    """The version said within a law's name as `written`, after it or, last, before it; None where none is.

    `before` is the text that ends where the name begins. `connect` has what follows the name: the groups "notes"
    （2012年修正） and "former" (原先的).
    """
    inner = _AFTER.search(written)
    after = _AFTER.search(connect["notes"]) if connect else None
    for match in (inner, after):
        if match and kind != "unheld" and "称" not in match["text"]:
            words = match["text"]
            former, present = re.match("旧|已?废止|已?失效|修[订正改]前", words), re.match("新|现行", words)
            old = True if former else False if present else None
            return MentionedVersion(words, int(match["year"]) if match["year"] else None, old)
    if connect and connect["former"]:
        return MentionedVersion(connect["former"], None, True)
    if said := _BEFORE.search(before):
        words = said[0]
        if said["year"]:
            old = False if "后" in words else None
            return MentionedVersion(words, int(said["year"]), old)
        return MentionedVersion(words, None, bool(said["old"]))
    return None
