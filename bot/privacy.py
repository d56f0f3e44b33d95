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

_WIDE = str.maketrans("０１２３４５６７８９－＋", "0123456789-+")
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
    "邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆"
    "岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
)
_NAME = rf"(?:(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|夏侯)[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"  # noqa: E501
_NAME_ENDS = r"(?=$|[\s，。,.;；:：、！？!?（）()“”\"']|的|是|在|和|跟|打|说|电话|手机|身份证|欠|借|住|今年|号码|男|女|先生|女士)"  # noqa: E501
_NO_NAME = re.compile(
    r"(?:人|生|员|户|方|主|家|的|贷|呗|款|钱|金融|平台|公司|利|信用|么|时|上|便|心|全|装|何|且)$|^(?:高利|高中|马上|任何|方便|安心|安全|时间|单位|关于|包括|成年|成人|文件|向往|强制|解释|路上|路边|位置|常常|白天|白条|花呗|于是|程序|安逸|强行)"
)
_NAMES = (
    re.compile(rf"((?:姓名|名字|全名|真名|户名|大名)(?:就?是|叫做?|为|[:：])?\s*)({_NAME}){_NAME_ENDS}"),
    re.compile(
        rf"((?<!不)(?:我|他|她|人|本人|家人|爸|妈|老公|老婆|朋友|员|经理|名|来|也|，|^)就?(?:叫做?|名叫)\s*)({_NAME}){_NAME_ENDS}"
    ),
    re.compile(rf"((?:叫做?|名叫)\s*)({_NAME})(?=的(?:人|催收|男|女|经理|律师))"),
    re.compile(
        rf"((?:我是|本人是?|借款人是?|欠款人是?|债务人是?|联系人是?|担保人是?|收款人是?|联系人[:：]|借款人[:：])\s*)({_NAME})(?=$|[\s，。,.;；、！？!?（(]|身份证|电话|手机)"
    ),
)
_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\+?\d(?:[\d*]|[ .\-–—]{1,2}(?=[\d*])){5,}[xX]?(?!\d)")
_GAP = r"[ \-–—]{1,2}"
_DATE = r"(?:19|20)\d\d[.-](?:0?[1-9]|1[0-2])(?:[.-](?:0?[1-9]|[12]\d|3[01]))?"
#: 2024.12.5, 2023.10.1-2024.10.1; 12345678.90, 10000-20000: no number of anybody. Sums need a unit after them.
_DATES = re.compile(rf"{_DATE}(?:{_GAP}{_DATE})*")
_SUM = r"[1-9]\d{0,8}(?:\.\d{1,2})?"
_SUMS = re.compile(rf"{_SUM}(?:{_GAP}{_SUM})*")
_SPOKEN = re.compile(r"[零〇一二三四五六七八九幺]{7,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ACCOUNT = re.compile(
    r"((?:微信|薇信|V信|QQ|支付宝|抖音|快手|账号|帐号|用户名|工号|学号|护照|案件编号|合同编号|订单)(?:号码?|编号)?(?:是|为|[:：])?\s*)([A-Za-z0-9][\w.@-]{3,30})",
    re.IGNORECASE,
)
_CODE = re.compile(r"((?:验证码|密码|尾号)(?:是|为|[:：])?\s*)(\d{3,8})")
_ROAD = r"(?:路|街|大道|大街|巷|弄|胡同|里|村|屯|小区|花园|家园|苑|公寓|新城|广场|大厦)"
_HOUSE = r"[\dA-Za-z一二三四五六七八九十百零]{1,6}(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|组|队)"
_ADDRESSES = (
    re.compile(
        rf"((?:地址|住址|住在|家在|住)(?:是|为|[:：])?\s*)((?=[^，。；,;\n]*(?:{_ROAD}|{_HOUSE}|[省市区县镇乡]))[^，。；,;\n！？!?]{{3,40}})"
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
    """Hide phone, ID card, bank card and other account numbers, mail addresses, homes and names."""
    kinds: dict[str, None] = {}

    def hide(kind: str) -> str:
        kinds[kind] = None
        return f"［{kind}］"

    def number(match: re.Match[str]) -> str:
        kind = _kind(match[0], text[match.end() : match.end() + 2])
        return hide(kind) if kind else match[0]

    def second(kind: str) -> Callable[[re.Match[str]], str]:
        return lambda m: m[1] + hide(kind)

    def name(match: re.Match[str]) -> str:
        return match[0] if _NO_NAME.search(match[2]) else match[1] + hide("姓名")

    text = _MAIL.sub(lambda m: hide("邮箱"), text.translate(_WIDE))
    for pattern in _ADDRESSES:
        text = pattern.sub(second("住址"), text)
    text = _ACCOUNT.sub(second("账号"), text)
    text = _CODE.sub(second("号码"), text)
    text = _NUMBER.sub(number, text)
    text = _SPOKEN.sub(lambda m: hide("号码"), text)
    for pattern in _NAMES:
        text = pattern.sub(name, text)
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
