"""Personal data hidden before a text goes to an outside model, into a file, or anywhere else.

Numbers are told apart by their checksums (ID card mod 11-2, bank card Luhn) to name them rightly;
one whose checksum fails is hidden all the same, since people mistype. Sums of money and dates stay:
the answer needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.cn import ric

from bot.names import hide_names
from index.normalise import normalise

_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\+?\d(?:[\d*]|[ .\-–—]{1,2}(?=[\d*])){5,}[xX]?(?!\d)")
_GAP = r"[ \-–—]{1,2}"
_DATE = r"(?:19|20)\d\d[.-](?:0?[1-9]|1[0-2])(?:[.-](?:0?[1-9]|[12]\d|3[01]))?"
#: 2024.12.5, 2023.10.1-2024.10.1; 12345678.90, 10000-20000: no number of anybody. Sums need a unit after them.
_DATES = re.compile(rf"{_DATE}(?:{_GAP}{_DATE})*")
_SUM = r"[1-9]\d{0,8}(?:\.\d{1,2})?"
_SUMS = re.compile(rf"{_SUM}(?:{_GAP}{_SUM})*")
#: What people put between the digits of a phone so that no filter sees it; no end of a sentence, no sign of a sum.
_BETWEEN = r"(?:[^\w。!?;¥$%]|_){0,3}"
#: A phone in its groups, 138/0013/8000; not one of a list of articles or sums: 第130、1234、1235条.
_PHONE = re.compile(
    rf"(?<![\d第])(?<!\d[、,./~-])(?:\+?86{_BETWEEN})?1[3-9]\d{_BETWEEN}\d{{4}}{_BETWEEN}\d{{4}}"
    r"(?![、,./~-]?\d)(?!\s*[多余]?[元块万千百亿条款项笔个人天年月日期])"
)
_DIGIT = r"[\d零〇一二三四五六七八九幺洞壹贰叁肆伍陆柒捌玖]"
#: A phone in figures and words: 138零零13八零零零.
_MIXED = re.compile(rf"(?<!{_DIGIT})(?<!\d\.)[1一幺壹][3-9三四五六七八九叁肆伍陆柒捌玖]{_DIGIT}{{9}}(?!{_DIGIT})")
_SPOKEN = re.compile(r"[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{7,}")
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_PLATE = re.compile(rf"{_PROVINCE}[A-Z][·.]?(?=[A-Z\d]*\d)[A-Z\d]{{5,6}}(?![A-Z\d])")
#: The number of a case: （2024）京0105民初12345号.
_CASE = re.compile(
    rf"(?:[(（〔]?(?:19|20)\d\d[)）〕]?)?{_PROVINCE}\d{{0,4}}[民刑行执破赔财][\u4e00-\u9fff]{{0,3}}(?:字第)?\d{{1,7}}号"
)
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_IS = r"(?:就?是|为)?\s*[:：]?\s*"
#: 支付宝2000块, 账户2024-01-05被冻结
_NO_SUM = rf"(?!\d{{1,7}}(?:\.\d{{1,2}})?多?[元块万千年]|{_DATE}(?!\w*[A-Za-z\d]))"
_ACCOUNT = re.compile(
    rf"((?:微信|薇信|V信|加V|(?<![A-Z])[VW]X|QQ|企鹅|扣扣|支付宝|抖音|快手|账号|帐号|账户|帐户|用户名|工号|学号|护照|案件编号|合同编号|订单)(?:号码?|编号)?{_IS}){_NO_SUM}([A-Za-z0-9][A-Za-z0-9_.@-]{{3,30}})",
    re.IGNORECASE,
)
_CODE = re.compile(rf"((?:验证码|密码|尾号|[后末]四位){_IS}){_NO_SUM}([A-Za-z0-9]{{3,20}})")
_ROAD = r"(?:路|街|大道|大街|巷|弄|胡同|里|村|屯|小区|花园|家园|苑|公寓|新城|广场|大厦)"
_HOUSE = r"[\dA-Za-z一二三四五六七八九十百零]{1,6}(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|组|队)"
#: A place with its name: 朝阳区, 望京西园, 建国路. A 里 or 村口 is none.
_NAMED = (
    r"[\u4e00-\u9fff]{2,20}?(?:[省市区县镇乡村屯路街巷弄苑]|大道|胡同|小区|花园|家园|公寓|新城|广场|大厦|街道)"
    r"(?![口里人民长门委])"
)
#: What is said before 住 or 家在 where somebody lives there: not 堵住, 保住, 住院, 哪家在.
_LIVES = (
    r"(?<![堵拦扣保忍记抓围拖绑止唯挡控按守关盯租居稳顶撑卡锁咬揪拽截憋唬镇哄骗劝叫喊逮裹不])住(?![院宿宅进到着处户得不了嘴哪这])在?(?![哪我隔别一])"
    r"|(?<![哪几别人])家在(?![骚哪])"
)
_ADDRESSES = (
    re.compile(
        rf"((?:[地住]址(?:是|为|[:：])|{_LIVES})\s*)((?=[^，。；,;\n]{{0,40}}?(?:{_NAMED}|{_HOUSE}))[^，。；,;\n！？!?]{{3,40}})"
    ),
    re.compile(
        rf"()((?:[\u4e00-\u9fff]{{2,4}}(?:省|自治区|市|州|盟|区|县|旗|镇|乡|街道)){{0,4}}[\u4e00-\u9fff]{{1,5}}{_ROAD}(?:{_HOUSE}[\s-]?)+\d*)"
    ),
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and what kinds of it were hidden, each once, in Chinese."""

    text: str
    kinds: tuple[str, ...] = ()


def mask(text: str) -> Masked:
    """Hide numbers of phones, cards, accounts, cars and cases, mail addresses, homes and most full names.

    What is left comes back as it was matched: normalised, so that 微信號 and ｗｘ１２３ are no way out.
    """
    kinds: dict[str, None] = {}

    def hide(kind: str) -> str:
        kinds[kind] = None
        return f"［{kind}］"

    def number(match: re.Match[str]) -> str:
        kind = _kind(match[0], text[match.end() : match.end() + 2])
        return hide(kind) if kind else match[0]

    def second(kind: str) -> Callable[[re.Match[str]], str]:
        return lambda m: m[1] + hide(kind)

    text = _MAIL.sub(lambda _: hide("邮箱"), normalise(text))
    text = _PLATE.sub(lambda _: hide("车牌"), text)
    text = _CASE.sub(lambda _: hide("案号"), text)
    for pattern in _ADDRESSES:
        text = pattern.sub(second("住址"), text)
    text = _ACCOUNT.sub(second("账号"), text)
    text = _CODE.sub(second("号码"), text)
    text = _PHONE.sub(lambda _: hide("手机号"), text)
    text = _NUMBER.sub(number, text)
    text = _MIXED.sub(lambda _: hide("手机号"), text)
    text = _SPOKEN.sub(lambda _: hide("号码"), text)
    text = hide_names(text, lambda: hide("姓名"))
    return Masked(text, tuple(kinds))


def _kind(written: str, following: str) -> str:
    """What a long number is; empty for a sum, a date or a number too short to name anybody."""
    digits = re.sub(r"[^\dXx*]", "", written)
    if ric.is_valid(digits) or (len(digits) == 15 and _birthday(digits[6:12], "19")):
        return "身份证号"
    if len(digits) in (11, 13) and re.fullmatch(r"(?:86)?1[3-9][\d*]{9}", digits):
        return "手机号"
    if 13 <= len(digits) <= 19 and "*" not in digits and digits.isdigit() and luhn.is_valid(digits):
        return "银行卡号"
    if len(digits) <= 9 and re.match(r"[元块万千百亿笔个人多余]|\.\d", following):
        return ""
    if len(digits) <= 12 and re.match(r"[元块万亿]", following) and _SUMS.fullmatch(written):
        return ""
    if (len(digits) == 8 and _birthday(digits[2:], digits[:2])) or _DATES.fullmatch(written):
        return ""
    if re.fullmatch(r"0\d{2,3}[ -]?\d{7,8}", written):
        return "电话号码"
    return "号码" if len(digits) >= 7 else ""


def _birthday(digits: str, century: str) -> bool:
    try:
        return 1900 <= date(int(century + digits[:2]), int(digits[2:4]), int(digits[4:6])).year <= 2100
    except ValueError:
        return False
