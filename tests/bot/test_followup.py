"""How a message is read after another one: the rules in their order, over the real index."""

from __future__ import annotations

import pytest

from bot import compose, followup, triage
from bot.answer import Kind, Turn
from bot.chain import Bot
from bot.conversation import Conversation
from bot.followup import FOLLOWS, FollowUp
from bot.reading import Readings
from corpus.reference import Reference

#: What was spoken of before, a message after it, and the place of the rule that decides, in the order of FOLLOWS.
ROWS = (
    ("催收正在砸门", "带刀了", 0),
    ("女儿分期买了手机", "她才15", 1),
    ("我爸去世了", "留下一套房子", 2),
    ("催收说明天到我家来", "要是硬往里闯呢", 3),
    ("催收给我妈打电话", "药我买好了,今晚就吃", 5),
    ("怎么查到他的住址", "那请律师查行吗", 6),
    ("他欠我五万不还", "他跑了", 7),
    ("开庭我去不了", "那会怎么样", 7),
    ("网贷还不上", "太多了", 7),
    ("房贷还不上怎么办", "不是房贷，是车贷", 8),
    ("我17岁，借了网贷", "平台给我妈打电话合法吗", 9),
    ("他写了欠条给我，是赌博赢的", "我能告吗", 10),
    ("催收打我妈违法吗", "今晚吃什么", 11),
    ("砍头息合法吗", "对方冒充法院发传票给我", 12),
    ("借款合同里没约定利息", "他们拿我裸照威胁我", 13),
    ("帮我查一下欠我钱的人住哪", "催收上门来了", 14),
    ("被裁员了网贷还不上", "他起诉我了", 15),
    ("借款合同里没约定利息", "那利息呢", 16),
    ("帮我查一下欠我钱的人住哪", "那他老婆的呢", 16),
)


@pytest.mark.parametrize(("before", "said", "place"), ROWS)
def test_the_first_rule_that_holds_decides_how_a_message_is_read(before: str, said: str, place: int, bot: Bot) -> None:
    readings = Readings(bot.index, bot.longest)

    def kind_of(text: str) -> Kind:
        return triage.decide(Conversation(readings).message(text)).kind

    message = FollowUp(readings[readings.normalised(said)], readings.normalised(before), kind_of)
    rule = followup.decide(message)
    assert rule.why == FOLLOWS[place].why
    text = message.text if rule.read == "alone" else message.both
    assert followup.meant(message).text == text


ASKED = (
    (
        "开庭的传票我没收到，法院就判了",
        "送达回证上是谁签的？",
        "我舅签的，他在老家，我们三年没来往了",
        "court-family-signs-or-refuses",
    ),
    (
        "给堂弟做了连带担保，债主要我还",
        "借款哪天到期？债主哪天第一次找你？",
        "上礼拜头一回，三年没来过电话",
        "guarantee-period",
    ),
)


@pytest.mark.parametrize(("before", "asked", "said", "situation"), ASKED)
def test_what_was_asked_for_belongs_to_the_matter(before: str, asked: str, said: str, situation: str, bot: Bot) -> None:
    history = [Turn(role="user", content=before), Turn(role="assistant", content=asked)]
    assert bot.ask(said, history).situation == situation
    cited = compose.from_articles([Reference("民法典", 680)], bot.index.statutes, asked)
    history[1] = Turn(role="assistant", content=compose.remembered(cited))
    assert bot.ask(said, history).situation == situation
    history[1] = Turn(role="assistant", content="知道了。")
    assert bot.ask(said, history).situation != situation
    history[1] = Turn(role="assistant", content=asked)
    assert bot.ask("砍头息合法吗", history).situation == "upfront-deduction"
    assert bot.ask("我不想活了", history).kind == "crisis"
