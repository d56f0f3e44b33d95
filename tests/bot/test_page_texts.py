"""What the product itself puts into people's mouths is answered, and without a doubt."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from bot.answer import Turn
from bot.chain import Bot
from bot.page_texts import in_trouble, load_page_texts, privacy_note
from bot.reading import Readings
from bot.settings import BotSettings
from corpus.cards import load_cards

ROOT = Path(__file__).parents[2]
#: Where a question is printed, and how it stands there.
PRINTED = (
    ("README.md", r'bot ask "([^…]+?)"'),
    ("README.md", r"问一句「(.+?)」"),
    ("bot/__main__.py", r'bot ask "(.+?)"'),
    ("bot/templates/api.html", r'/api/ask .+?"question": "(.+?)"'),
    ("bot/static/demo.js", r'ask\("(.+?)"\)'),
    ("bot/chain.py", r"没有看到问题。.+?比如：(.+?)\""),
    ("corpus/replies/out_of_scope.md", r"(?m)^- ([^\n]+？)$"),
    ("corpus/replies/out_of_scope.md", r"比如“(.+?)”"),
)


@pytest.mark.parametrize(("place", "pattern"), PRINTED)
def test_a_question_that_we_print_is_answered_without_doubt(bot: Bot, place: str, pattern: str) -> None:
    questions = re.findall(pattern, (ROOT / place).read_text("utf-8"), re.DOTALL)
    answers = {question: bot.ask(question) for question in questions}
    assert answers
    assert {q: a.situation for q, a in answers.items() if a.kind != "answer" or a.unsure} == {}


@pytest.mark.parametrize(("situation", "question"), load_page_texts().examples.items())
def test_an_example_is_answered_by_its_card(bot: Bot, situation: str, question: str) -> None:
    answer = bot.ask(question)
    assert (answer.situation, answer.unsure) == (situation, False)


@pytest.mark.parametrize(
    ("situation", "danger"),
    [("acts-false-papers-submitted", False), ("family-held-for-debt", True), ("urged-to-die", True)],
)
def test_a_choice_that_is_tapped_gives_its_card(bot: Bot, situation: str, danger: bool) -> None:
    title = load_cards()[situation].title  # by its words alone a refusal, or help for danger
    answer = bot.ask(title, situation=situation)
    assert (answer.kind, answer.situation, answer.danger) == ("answer", situation, danger)
    assert answer.warnings[:1] == ([load_page_texts().doubts.care] if danger else [])
    assert situation not in [choice.situation for choice in answer.choices]
    said = [Turn(role="user", content=title), Turn(role="assistant", content=answer.conclusion)]
    assert bot.ask("谢谢", said).kind == "out_of_scope"


@pytest.mark.parametrize(
    ("words", "kind"), [("我吃了一瓶安眠药", "crisis"), ("教我怎么轰炸他手机", "refuse"), ("借条丢了咋办", "answer")]
)
def test_a_situation_sent_with_other_words_hides_no_danger_and_no_harm(bot: Bot, words: str, kind: str) -> None:
    assert bot.ask(words, situation="iou-lost").kind == kind


#: Nothing but a call for help or a worry: no matter is named.
CRIES = (
    "怎么办",
    "那怎么办",
    "那，怎么办才好？",
    "现在咋办啊",
    "那我要做什么",
    "下一步呢",
    "帮帮我！",
    "能帮我吗",
    "我好怕",
    "吓死我了",
    "我快崩溃了😭",
    "我睡不着",
    "真的好累",
    "我很焦虑，不知道怎么办",
    "后悔死了",
)


@pytest.mark.parametrize("cry", CRIES)
def test_a_cry_for_help_is_asked_about_and_later_leads_on(bot: Bot, cry: str) -> None:
    answer = bot.ask(cry)
    assert (answer.situation, len(answer.choices)) == ("out-help", len(load_page_texts().examples))
    for situation, question in load_page_texts().examples.items():
        said = [Turn(role="user", content=question), Turn(role="assistant", content=bot.ask(question).answer)]
        answer = bot.ask(cry, said)
        assert (answer.situation, answer.warnings) == (situation, [load_page_texts().doubts.cries])
        said += [Turn(role="user", content=cry), Turn(role="assistant", content=answer.answer)]
        assert bot.ask("然后呢", said).situation == situation
    assert bot.ask(cry, [Turn(role="user", content="我不想活了")]).situation == "crisis-suicide"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("我怕坐牢，怎么办", "answer"),
        ("借条丢了怎么办", "answer"),
        ("红烧肉怎么做", "out_of_scope"),
    ],
)
def test_a_question_is_no_mere_cry_for_help(bot: Bot, said: str, kind: str) -> None:
    example, question = next(iter(load_page_texts().examples.items()))
    answer = bot.ask(said, [Turn(role="user", content=question)])
    assert answer.kind == kind
    assert answer.situation != example
    assert load_page_texts().doubts.cries not in answer.warnings


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("哦", "out-ack"),
        ("好的，谢谢", "out-ack"),
        ("我知道了", "out-ack"),
        ("垃圾玩意儿", "out-scolded"),
        ("你好", "out-chat"),
    ],
)
def test_what_names_no_matter_gets_a_short_word_and_leads_on(bot: Bot, said: str, reply: str) -> None:
    example, question = next(iter(load_page_texts().examples.items()))
    history = [Turn(role="user", content=question)]
    assert bot.ask(said, history).situation == reply
    assert bot.ask("那怎么办", [*history, Turn(role="user", content=said)]).situation == example


def test_who_names_no_child_is_not_told_to_spare_his_own(bot: Bot) -> None:
    readings = Readings(bot.index, bot.longest)
    assert readings["我好怕我自己"].reply("crisis").id != "crisis-take-child"
    assert readings["脑子里有个声音说把孩子也带上，我好怕我自己"].reply("crisis").id == "crisis-take-child"


def test_what_tells_of_danger_is_no_mere_cry_for_help(bot: Bot) -> None:
    assert {bot.ask(cry).kind for cry in ("救救我", "撑不住了", "他要打我，怎么办")} == {"crisis"}


def test_who_gets_no_answer_reads_whom_to_call(server: str) -> None:
    page = httpx.get(server).text
    trouble, scriptless = page.partition('id="trouble"')[2].split("</p>")[:2]
    for number in ("110", "12356", "12348"):
        told = [in_trouble(what) for what in ("own_line", "everybody", "away", "failed")]
        assert all(f"打 {number}" in words for words in told)
        assert all(f'<a href="tel:{number}">{number}</a>' in words for words in (trouble, scriptless))


def test_what_becomes_of_what_a_person_says_is_said_truly(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for page in ("/", "/embed"):  # of a server that keeps what it could not answer
        text = httpx.get(server + page).text
        assert "不存" not in text
        assert "留 30 天" in text
    assert "不存" in privacy_note(BotSettings(_env_file=None))
    outside = BotSettings(_env_file=None, model="qwen", model_url="https://api.example/v1")
    assert "发给外面的语言模型（qwen）" in privacy_note(outside)
    assert "不发到外面" in privacy_note(BotSettings(_env_file=None, model="qwen", model_url="http://127.0.0.1:8000/v1"))
    assert "不发到外面" in privacy_note(BotSettings(_env_file=None, model="ollama:qwen3"))
    monkeypatch.setenv("OLLAMA_HOST", "http://gpu.example:11434")
    assert "外面的语言模型" in privacy_note(BotSettings(_env_file=None, model="ollama:qwen3"))
