"""Whether the bot says so where no card is about the matter: `uncovered.jsonl`, by two authors who read the titles.

`cards` are those a lawyer would be content with, none for two thirds of the questions. Thresholds were chosen on them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import compose
from bot.chain import Bot
from bot.conversation import Conversation
from bot.page_texts import load_page_texts
from bot.reading import Reading, Readings
from bot.triage import Message
from corpus.cards import Card, load_cards
from corpus.conditions import load_conditions, turned
from index.question_files import read_questions
from index.situations import Match

QUESTIONS = Path(__file__).parents[1] / "uncovered.jsonl"


def test_most_of_what_no_card_covers_is_doubted_and_little_of_what_one_does(bot: Bot) -> None:
    doubted: dict[bool, list[bool]] = {True: [], False: []}
    for row in read_questions(QUESTIONS):
        answer = bot.ask(row["q"])
        doubted[bool(row["cards"])].append(answer.unsure or answer.kind in {"clarify", "out_of_scope"})
    assert (len(doubted[False]), len(doubted[True])) == (160, 80)
    assert sum(doubted[False]) >= 0.7 * len(doubted[False])
    assert sum(doubted[True]) <= 0.2 * len(doubted[True])


def test_the_doubt_says_which_card_it_is_and_offers_others(bot: Bot) -> None:
    answer = bot.ask("我妈找姨借了两根金条周转，现在金价翻倍，是还金条还是还钱")
    assert answer.unsure
    assert len(answer.choices) == 3
    assert f"如果是「{answer.title}」" in answer.answer
    assert answer.warnings


def test_a_doubted_answer_has_a_provision_found_by_the_persons_words(bot: Bot) -> None:
    """The card is of somebody who claims what his debtor is owed; he wants to give his claim to his cousin."""
    sure, doubted = bot.ask("借条没写利息能要吗"), bot.ask("想把别人欠我的五万转给我表哥去要，得他同意吗")
    assert not any(cited.searched for cited in sure.citations)
    assert [n for n, cited in enumerate(doubted.citations) if cited.searched] == [compose.CARDS_FIRST]
    assert load_page_texts().doubts.searched in doubted.answer


def found_first(bot: Bot, card: Card, text: str) -> Message:
    """A message for which the search finds a card beyond doubt, whatever it is about."""
    message = Conversation(Readings(bot.index, bot.longest)).message(text)
    others = [match for match in message.said.matches if match.situation.id != card.id]
    matches = [Match(card, score=1.0, probability=0.9, covered=True), *others]
    return replace(message, follow=lambda: Reading(message.said.readings, text, matches))


@pytest.mark.parametrize(
    ("name", "condition"), [(card.id, condition) for card in load_cards().values() for condition in card.unless]
)
def test_a_card_that_a_condition_turns_is_no_sure_answer(name: str, condition: str, bot: Bot) -> None:
    """The card that the condition names is read instead, if there is one."""
    card, stated, doubts = bot.index.cards[name], load_conditions()[condition], load_page_texts().doubts
    text = next(text for text in stated.yes if turned(card, text) == condition)
    answer = bot.from_likeliest_card(found_first(bot, card, text))
    instead, offered = card.unless[condition], [choice.situation for choice in answer.choices]
    assert answer.unsure
    assert answer.warnings[0] == (doubts.unlikely if instead else doubts.turned.format(says=stated.says))
    assert answer.situation == (instead or name)
    assert (answer.situation in offered, name in offered) == (False, bool(instead))
