"""What was spoken of before, put right by the message after it: another matter, another number, done after all."""

from __future__ import annotations

import re

from bot.question_patterns import heard, question_patterns, without


def put_right(before: str, text: str) -> str:
    """Both in one, without what the message takes back.

    房贷还不上怎么办 >> 不是房贷，是车贷: 车贷还不上怎么办. 年利率30%合法吗 >> 写错了，是13%: 年利率13%合法吗.
    借条没写利息 >> 写了月息三分: 借条写了利息 写了月息三分. Where nothing of it stands there, it is put behind, but for
    the lender: 年化36%合法吗 >> 是私人借的: 私人之间借款 年化36%合法吗. A number that may be meant for any of several
    changes nothing: a third one would be another matter.
    """
    swapped = heard("not_but", text)
    loan = _loan(text)
    if loan:
        return f"{loan} {before.replace(swapped['wrong'], '') if swapped else before}"
    if swapped and swapped["wrong"] in before:
        return before.replace(swapped["wrong"], swapped["right"])
    if heard("takes_number", text):
        return _with_number(before, text) or f"{before} {without(text, 'mistake')}"
    done = re.match(r"(?:其实|那|可|但|要是|如果)*([\u4e00-\u9fff])(?:过|好)?了", text)
    if done and re.search(f"没有?{done[1]}", before):
        before = re.sub(f"没有?{done[1]}", f"{done[1]}了", before)
    return f"{before} {text}"


def _loan(text: str) -> str | None:
    """The kind of loan, where the text tells who lent the money."""
    if heard("private_lender", text):
        return "私人之间借款"
    licensed = heard("licensed_lender", text)
    return f"{licensed['lender']}贷款" if licensed else None


def _with_number(before: str, text: str) -> str | None:
    """What was said before with the message's number for the one of its kind, as it was where there are several.

    None where there is none.
    """
    *_, new = [None, *_numbers(text)]
    old = [one for one in _numbers(before) if new and one["unit"] == new["unit"]]
    if new is None or not old:
        return None
    return before if len(old) > 1 else before[: old[0].start()] + new.group() + before[old[0].end() :]


def _numbers(text: str) -> list[re.Match[str]]:
    """The numbers in a text that have a unit, and amounts: 三千."""
    found = [match for row in question_patterns()["number"] for match in row.pattern.finditer(text)]
    return [m for m in found if m["unit"] or re.search("[百千万]|\\d{3}", m["figure"])]
