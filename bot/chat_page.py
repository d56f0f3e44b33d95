"""The page around the chat. Gradio's own page is in English, advertises Gradio, and is empty until its scripts run.

Ours keeps Gradio's scripts and gives it a head of our own, and the header, the conversation's place and the
footer as plain HTML: read at once, also where scripts are slow or off.
"""

from __future__ import annotations

import re

from gradio import routes
from jinja2 import ChoiceLoader, DictLoader
from markupsafe import Markup

from bot import render
from bot.page_texts import load_page_texts

PAGE = "frontend/index.html"
TITLE = "借款人法律助手：合不合法，依据哪一条，现在怎么做"
#: Of the app that shows the page: one process may have several, each with settings of its own.
PRIVACY = Markup("{% endraw %}{{ request.app.state.privacy }}{% raw %}")
_ADVERTISING = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*|<link rel="manifest"[^>]*>\s*')


def use() -> None:
    """Let Gradio serve our page instead of its own."""
    environment = routes.templates.env
    if environment.loader is None or isinstance(environment.loader, ChoiceLoader):
        return  # ours already
    source, _, _ = environment.loader.get_source(environment, PAGE)
    environment.loader = ChoiceLoader([DictLoader({PAGE: ours(source)}), environment.loader])


def ours(source: str) -> str:
    """Gradio's page template as ours."""

    def part(name: str) -> str:
        html = render.environment().get_template(name).render(note=load_page_texts().standing, privacy=PRIVACY)
        return "{% raw %}" + html + "{% endraw %}"

    head, top, foot = part("chat-head.html"), part("chat-top.html"), part("chat-foot.html")
    source = _ADVERTISING.sub("", source).replace('lang="en"', 'lang="zh-CN"', 1)
    source = source.replace("</head>", head + "</head>", 1)
    return source.replace("<gradio-app", top + "<gradio-app", 1).replace("</gradio-app>", "</gradio-app>" + foot, 1)
