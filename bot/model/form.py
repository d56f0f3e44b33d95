"""What makes a sentence of a model unfit whatever it says: markup, another language, talk of its own rules."""

from __future__ import annotations

import re

_FORM = re.compile(
    r"https?:|www\.|<[a-zA-Z/!]|!\[|\]\(|`|\{\{|\}\}|<<<|>>>|\|\s*-{2,}|javascript:|&#?\w+;|[\u0000-\u0008\ufffd]"
)
_LEAK = re.compile(
    r"提示词|系统(?:提示|指令|消息)|(?:忽略|无视|绕过).{0,8}(?:规则|指令|要求|限制)|编号材料|"
    r"(?:作为|我是).{0,6}(?:AI|人工智能|语言模型|大模型|助手)|(?:开发者|管理员|无限制|自由)模式|"
    r"不受(?:任何)?(?:限制|约束)的(?:模型|助手|AI)|越狱|扮演|遵命|收到指令|按照你的指令|system|prompt|assistant",
    re.IGNORECASE,
)
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f\u0370-\u03ff]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_.@-]+")
_PLAIN_LATIN = frozenset({"app", "apps", "lpr", "atm", "sim", "pdf", "vs", "ok", "qq"})


def unsafe(text: str, known: str) -> str:
    """What makes a sentence unfit to show or to use whatever it says, or an empty string.

    Latin words may stand in it only where they stand in `known`.
    """
    if _FORM.search(text):
        return "markup"
    letters = re.findall(r"[^\W\d_]", text)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    if _OTHER_SCRIPT.search(text) or not letters or chinese < 0.6 * len(letters):
        return "language"
    lower = known.lower()
    if any(w.lower() not in _PLAIN_LATIN and w.lower() not in lower for w in _LATIN.findall(text)):
        return "language"
    return "leak" if _LEAK.search(text) else ""
