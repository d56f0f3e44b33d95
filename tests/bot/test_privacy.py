"""What is hidden before a text leaves the server, and what the answer needs and must stay."""

from __future__ import annotations

import functools
import gc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from opencc import OpenCC

from bot.chain import Bot
from bot.privacy import mask
from index.normalise import normalise


@pytest.mark.parametrize(
    "text",
    [
        "欠了10000-20000元",
        "每月还1500-2000元",
        "借1000 2000 3000元",
        "合同金额12345678.90元",
        "借款5000 10000块",
        "2024.12.5到期",
        "2023.10.1-2024.10.1期间",
        "2024-12-05 2024-12-06都打过",
        "2023.10-2024.10每月还",
        "从2024-01-05到20240605",
        "借了壹万贰仟叁佰元",
        "从支付宝2000块被强制扣了",
        "微信3500元转给他",
        "密码锁被他们换了",
        "第130、1234、1235条",
        "第12、133、1234、1235、1236条说的",
        "每月还150、2000、3000元",
        "2024/12/05到期,2024/12/06打来",
        "微信2024年加的",
        "账户2000元被冻结",
        "账户2024-01-05被冻结",
        "20241205一次还了1500元",
    ],
)
def test_sums_and_dates_stay(text: str) -> None:
    assert mask(text).text == text
    assert not mask(text).kinds


@pytest.mark.parametrize(
    "text",
    [
        "催收堵住村口骂人怎么办",
        "他拦住我在小区门口打了我一拳",
        "答应我住到六十岁写在离婚协议里,没去办登记",
        "最后半年和中间几年住院有区别吗",
        "不知道哪家在骚扰家里",
        "直播间我说过住哪个小区,讨债的就找来了",
    ],
)
def test_what_happened_is_no_address(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "我住在北京市朝阳区建国路88号3栋1201",
        "家在湖南省长沙市岳麓区麓山南路932号",
        "我家地址:上海市浦东新区张江镇",
        "住朝阳区望京西园三区",
        "我住望江花园5栋",
        "我家住城关镇李家村",
    ],
)
def test_where_somebody_lives_is_hidden(text: str) -> None:
    assert mask(text).kinds == ("住址",)
    assert not re.search("北京|长沙|张江|望|李家|城关", mask(text).text)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("打13800138000 2000元", "13800138000"),
        ("我电话壹叁捌零零壹叁捌零零零", "壹叁捌"),
        ("车牌京A12345", "京A12345"),
        ("（2024）京0105民初12345号判决", "12345"),
        ("镇上开超市的陈桂花", "陈桂花"),
        ("赵铁柱的儿子", "赵铁柱"),
        ("打138 0013 8000", "138 0013 8000"),
        ("打1380013800元那个", "1380013800"),
        ("电话010 12345678 5元", "12345678"),
        ("卡6222 0212 3456 7890 128 2000元", "0212"),
        ("卡6222 0212 3456", "6222"),
        ("证件11010519491231002X", "11010519491231002X"),
        ("工单2024.13.40.55", "2024.13"),
        ("转给1200 3400 5600", "3400"),
        ("微信号是：zhang_88", "zhang_88"),
        ("支付宝账号就是 zhang88", "zhang88"),
        ("密码是：abc12345", "abc12345"),
        ("微信zhang88天天骚扰我", "zhang88"),
        ("密码123456百度也用", "123456"),
        ("我的微信號ａｂｃ１２３", "123"),
        ("案號（2024）粵0105民初12345號", "12345"),
        ("車牌粵B12345", "B12345"),
        ("加vx zhangwei88", "zhangwei88"),
        ("VX:zhangwei88", "zhangwei88"),
        ("wx号 zhangwei88", "zhangwei88"),
        ("加V zhangwei88", "zhangwei88"),
        ("他是wxid_abcdefg", "abcdefg"),
        ("企鹅号12345", "12345"),
        ("支付宝账户zhangwei", "zhangwei"),
        ("卡号后四位1234", "1234"),
        ("或打138/0013/8000", "0013"),
        ("打138、0013、8000", "0013"),
        ("打138_0013_8000", "0013"),
        ("打138~0013~8000", "0013"),
        ("打138·0013·8000", "0013"),
        ("打138:0013:8000", "0013"),
        ("打138 (0013) 8000", "0013"),
        ("打+86(138)00138000", "0013"),
        ("打1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "8"),
        ("打138零零13八零零零", "13八"),
        ("打幺三八洞洞幺三八洞洞洞", "三八"),
        ("電話壹叄捌零零壹叄捌零零零", "零零"),
    ],
)
def test_numbers_that_name_somebody_are_hidden(text: str, hidden: str) -> None:
    assert hidden not in mask(text).text
    assert mask(text).kinds


def test_what_stands_around_a_mail_address_stays() -> None:
    assert mask("催收往我公司邮箱hr@abc.com发了我的借款合同").text == "催收往我公司邮箱［邮箱］发了我的借款合同"


@pytest.mark.parametrize("script", ["s2t", "t2s"])
def test_most_names_are_hidden_and_nothing_else_is_taken_for_one(script: str) -> None:
    found, missed = [], []
    lines, converter = (Path(__file__).parent / "names.txt").read_text("utf-8").splitlines(), OpenCC(script)
    for line in (converter.convert(line) for line in lines if not line.startswith("#")):
        names = [normalise(name) for name in re.findall("［(.+?)］", line)]
        hidden = mask(re.sub("[［］]", "", line)).text
        left = [name for name in names if name in hidden]
        missed += left
        found += [name for name in names if name not in left]
        assert hidden.count("［姓名］") == len(names) - len(left), line
    recall = len(found) / len(found + missed)
    assert recall >= 0.9, f"{recall:.3f}, missed {missed}"


def remembered() -> Iterator[str]:
    """The texts by which results are kept in any cache of functools."""
    gc.collect()
    for cache in gc.get_objects():
        if type(cache) is functools._lru_cache_wrapper:
            for key in gc.get_referents(cache):
                yield from (part for part in (key if isinstance(key, tuple) else [key]) if isinstance(part, str))


def test_nothing_that_a_person_wrote_stays_in_a_cache(bot: Bot) -> None:
    bot.check("霁月借了五十万元，《民法典》第六百七十条规定，霁月要还的利息不能先扣。", 1000)
    bot.ask("催收去霁月家里骂人，还打给她的同事，《民法典》第一千零三十三条管不管？")
    assert [words for words in remembered() if "霁月" in words] == []
