"""find: what is a citation, what is none, and where exactly it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import numerals
from corpus.citations import Found, check, find
from corpus.reference import Reference
from corpus.statutes import Statutes, load


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return load()


def shown(found: Found) -> str:
    """民法典 10.2(3)~15: law, article, paragraph, item, last of a range; "" parts left out."""
    law = found.law or f"?{found.name}"
    if found.reference is None:
        return law
    return f"{law} {place(found.reference)}" + (f"~{place(found.last)}" if found.last else "")


def place(r: Reference) -> str:
    return r.key + (f".{r.paragraph}" if r.paragraph else "") + (f"({r.item})" if r.item else "")


FOUND = [
    ("根据《个人信息保护法》第二十二条的规定", ["个人信息保护法 22"]),
    ("《中华人民共和国民法典》第一千零三十二条第二款", ["民法典 1032.2"]),
    ("中华人民共和国刑法第二百七十四条", ["刑法 274"]),
    ("我国民法典第670条", ["民法典 670"]),
    ("民法典第６７０条", ["民法典 670"]),
    ("民法典670条说", ["民法典 670"]),
    ("刑法293条之一", ["刑法 293-1"]),
    ("《刑法》第二百五十三条之一第一款", ["刑法 253-1.1"]),
    ("刑法第253之1条", ["刑法 253-1"]),
    ("刑法第二百九十三条之一般规定", ["刑法 293"]),
    ("《民法典》第百二十条", ["民法典 120"]),
    ("《民法典》第一百零十条", ["民法典 110"]),
    ("民法典第六百七〇条、第1千零33条", ["民法典 670", "民法典 1033"]),
    ("民法典第廿条", ["民法典 20"]),
    ("民法典第一〇三二条", ["民法典 1032"]),
    ("个保法第13条第1款第(2)项", ["个人信息保护法 13.1(2)"]),
    ("《个保法》第十三条第一款第（二）、（三）项", ["个人信息保护法 13.1(2)", "个人信息保护法 13.1(3)"]),
    ("《个保法》第十三条第二项至第四项", ["个人信息保护法 13(2)~13(4)"]),
    ("《个保法》第十三条第一款(二)至(四)、(六)项", ["个人信息保护法 13.1(2)~13.1(4)", "个人信息保护法 13.1(6)"]),
    ("《民法典》第680条第一款至第三款、第1-2款", ["民法典 680.1~680.3", "民法典 680.1~680.2"]),
    ("《民法典》第1195条第1、2款", ["民法典 1195.1", "民法典 1195.2"]),
    ("《治安管理处罚法》第五十条（五）", ["治安管理处罚法 50(5)"]),
    ("消法55条、治安处罚法第50条", ["消费者权益保护法 55", "治安管理处罚法 50"]),
    ("《民法典》第十条、第十三条至第十五条", ["民法典 10", "民法典 13~15"]),
    ("《民法典》第1032-1039条", ["民法典 1032~1039"]),
    ("《民法典》第三条至第五条第二款、第三款和第七条", ["民法典 3~5", "民法典 7"]),
    ("民法典第1032、1033条和第1165条", ["民法典 1032", "民法典 1033", "民法典 1165"]),
    ("《民法典》第六百七十五、六百七十六条", ["民法典 675", "民法典 676"]),
    ("《民法典》第一条和《刑法》第二条", ["民法典 1", "刑法 2"]),
    ("《民法典》第六百七十条 第一千零三十二条", ["民法典 670", "民法典 1032"]),
    ("《刑法》第二百九十三条之一\u3000第六百八十条 第253之1条", ["刑法 293-1", "刑法 680", "刑法 253-1"]),
    ("《民法典》第670条/680条·第1032条+第1165条", ["民法典 670", "民法典 680", "民法典 1032", "民法典 1165"]),
    ("《民法典》第六百七十条；第六百八十条第一款/第二款", ["民法典 670", "民法典 680.1", "民法典 680.2"]),
    ("| 《民法典》第670条 | 第680条 |", ["民法典 670", "民法典 680"]),
    ("《消费者权益保护法》第八条，同法第五十五条也规定", ["消费者权益保护法 8", "消费者权益保护法 55"]),
    ("《消费者权益保护法》规定，该法第十六条", ["消费者权益保护法", "消费者权益保护法 16"]),
    ("《民法典》第675条规定。该条第一款、前条规定", ["民法典 675", "民法典 675.1", "民法典 674"]),
    ("《刑法》第二百九十四条。前条第一款", ["刑法 294", "刑法 293-1.1"]),
    ("《民法典》第三条，《电信条例》第四条，违反本法第五条", ["民法典 3", "电信条例 4", "民法典 5"]),
    ("根据《民法典》第六百七十五条，第六百七十六条规定", ["民法典 675", "民法典 676"]),
    ("《民法典》第六百七十五条规定了还款；根据第六百七十六条，要付逾期利息", ["民法典 675", "民法典 676"]),
    ("法律依据：\n《民法典》\n第六百七十五条 借款人应当\n第六百七十六条 借款人未", ["民法典 675", "民法典 676"]),
    ("第 十 条 是这样：《民法典》第 六百七十 条", ["民法典 670"]),
    ("《个人信息\n保护法》第\n十条", ["个人信息保护法 10"]),
    ("《民法典》合同编第五百零九条", ["民法典 509"]),
    ("《民法典》第三编合同第五百零九条", ["民法典 509"]),
    ("民法典中的第五百零九条", ["民法典 509"]),
    ("《民法典第六百七十条》", ["民法典 670"]),
    ("<<个人信息保护法>>第十条，“民法典”第十条", ["个人信息保护法 10", "民法典 10"]),
    ("《网络安全法》（以下简称《网安》）第十条，《网安》第十一条", ["网络安全法 10", "网络安全法 11"]),
    ("社会保险法第三条", ["社会保险法 3"]),
    ("道路交通安全法实施条例第五条", ["道路交通安全法实施条例 5"]),
    ("合同法第五十二条；《侵权责任法》第三十六条；民法总则第188条", ["合同法 52", "侵权责任法 36", "民法总则 188"]),
    ("违反合同法。原《合同法》已废止。", ["合同法", "合同法"]),
    (
        "《最高人民法院关于适用《中华人民共和国民事诉讼法》的解释》第三百条",
        ["最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 300"],
    ),
    ("民诉法解释第三百条", ["?民诉法解释 300"]),
    ("《刑法修正案（十一）》第三条", ["?刑法修正案(十一) 3"]),
    ("婚姻法司法解释（二）第二十四条", ["最高人民法院关于适用《中华人民共和国婚姻法》若干问题的解释（二） 24"]),
    ("《催收管理法》第五条", ["?催收管理法 5"]),
    ("个人信息保护条例第五条", ["?个人信息保护条例 5"]),
    ("《中華人民共和國刑法》第二百九十三條之一", ["刑法 293-1"]),
    ("個人信息保護法第十條", ["个人信息保护法 10"]),
    ("﹁民法典﹂第10条", ["民法典 10"]),
    ("刑法第293-1条、第1-3条", ["刑法 293-1", "刑法 1~3"]),
    ("刑法293-1 催收非法债务罪", ["刑法 293-1"]),
    ("《民法典》9999禁止，民法典680：禁止，民法典 §680", ["民法典 9999", "民法典 680", "民法典 680"]),
    ("民法典 Art. 680；《民法典》1997年、民法典2021版", ["民法典 680", "民法典"]),
    ("《民法典》第零条", ["民法典"]),
    ("《刑法》第253条之一侵犯公民个人信息罪、第999条催收罪", ["刑法 253-1", "刑法 999"]),
    ("《民法典》第496条提示义务，第1300条格式条款", ["民法典 496", "民法典 1300"]),
    ("《民法典》第1032条（隐私权）第1300条（侵害隐私）", ["民法典 1032", "民法典 1300"]),
    ("《刑法》第二百六十六条【诈骗罪】第六百七十四条【敲诈勒索罪】", ["刑法 266", "刑法 674"]),
    ("《刑法》第246条（侮辱罪）、第9条", ["刑法 246", "刑法 9"]),
    ("民法典1032条1300条", ["民法典 1032", "民法典 1300"]),
    ("1.《民法典》第1032条 隐私权\n2.第1300条 名誉权\n3.第十条短信", ["民法典 1032", "民法典 1300"]),
    ("《民法典》第 6 7 0 条", ["民法典 670"]),
    ("刑法266、293条之一、264", ["刑法 266", "刑法 293-1", "刑法 264"]),
    ("《刑法》第二百六十六、二百九十三条之一、二百六十四条", ["刑法 266", "刑法 293-1", "刑法 264"]),
    ("《刑法》第二百八十七条之一、之二、之三", ["刑法 287-1", "刑法 287-2", "刑法 287-3"]),
    ("刑法第266条、2023年、264元", ["刑法 266"]),
    ("民法典第670/9999条，《民法典》第680条＆第9998条", ["民法典 670", "民法典 9999", "民法典 680", "民法典 9998"]),
    ("民法典 art. 9999；《民法典》第680条（ibid. 第681条）", ["民法典 9999", "民法典 680", "民法典 681"]),
    ("《民法典》第680条。〔2〕参见前引法第9999条", ["民法典 680", "民法典 9999"]),
    (
        "**《民法典》** *第九条*，__《民法典》__ `第8条`，《民法典》第\u202e99\u202c条",
        ["民法典 9", "民法典 8", "民法典 99"],
    ),
    ("> 《民法典》\n> 第9999条\n\n* 《刑法》第5条\n* 第6条", ["民法典 9999", "刑法 5", "刑法 6"]),
    ("《刑法》和《民法典》：前者第266条，后者第680条", ["刑法", "民法典", "刑法 266", "民法典 680"]),
    ("依法释〔2020〕17号第25条；《民法典》（法释〔2020〕17号）第6条", ["?法释(2020)17号 25", "民法典 6"]),
    ("民法典，第680条。同上，第681条", ["民法典 680", "民法典 681"]),
    ("《民法典》第680条禁止高利（见第1300条）", ["民法典 680", "民法典 1300"]),
    ("依据**《民法典》**第**680**条", ["民法典 680"]),
    ("<b>《民法典》</b>第<strong>六百八十</strong>条", ["民法典 680"]),
    ("- 《民法典》\n - 第六百七十条\n - 第一千九百条", ["民法典", "民法典 670", "民法典 1900"]),
    ("| 民法典 | 第1999条 |\n| 《民法典》 | 680 |", ["民法典 1999", "民法典 680"]),
    ("《催收业务指引》第6条", ["?催收业务指引 6"]),
    ("《德国民法典》第823条，日本民法典第709条", ["?德国民法典 823", "?日本民法典 709"]),
    ("《民法典》第670条（砍头息）；第9999条（高利贷）", ["民法典 670", "民法典 9999"]),
    ("《民事诉讼法》第252条报告财产；第253条查询", ["民事诉讼法 252", "民事诉讼法 253"]),
    ("查询，《民事诉讼法》第253条；扣工资，第254条", ["民事诉讼法 253", "民事诉讼法 254"]),
    ("一般保证（民法典第686条），先诉抗辩（第687条第2款）", ["民法典 686", "民法典 687.2"]),
    ("《刑法》第65条处理，并按第900条删除，诈骗看第266条", ["刑法 65", "刑法 900", "刑法 266"]),
    (
        "《个人信息保护法》：同意（第13条），删除（第47条）",
        ["个人信息保护法", "个人信息保护法 13", "个人信息保护法 47"],
    ),
    ("《劳动争议调解仲裁法》第二十七条是一年，该法53条说不收费", ["劳动争议调解仲裁法 27", "劳动争议调解仲裁法 53"]),
    ("治安处罚法新的第50条，民法典现行的第680条", ["治安管理处罚法 50", "民法典 680"]),
    ("《民法典》第1084条。同条还规定，满八周岁的要问他。", ["民法典 1084", "民法典 1084"]),
    (
        "《刑法》第232条。《民法典》第1076条讲离婚。起诉呢？第1079条列了情形。",
        ["刑法 232", "民法典 1076", "民法典 1079"],
    ),
    ("《民法典》第1076条讲自愿离婚。\n\n起诉的，第1079条列了情形。", ["民法典 1076", "民法典 1079"]),
    ("民法典第1034条、个保法第10条都管；隐私看第1032条", ["民法典 1034", "个人信息保护法 10"]),
    ("根据治安管理处罚\n法第五十条，个人信息保护\n法第四十七条", ["治安管理处罚法 50", "个人信息保护法 47"]),
    *((f"《民法典》第{sign}999{sign}99条", ["民法典 99999"]) for sign in "\u200e\u2063\u034f\ufe0f\U000e0100\u3164\0"),
    ("民法\u00ad典第6\ufeff80条，治安\u200d管理处罚法第50条", ["民法典 680", "治安管理处罚法 50"]),
    ("刑法第293条-1，刑法第266条-3年以下", ["刑法 293-1", "刑法 266"]),
    ("砍头息（民法典670），《民法典》（2020）", ["民法典 670", "民法典"]),
    ("《民法典》第577条；格式合同，第497条；没约定利息的，第680条第2款", ["民法典 577", "民法典 497", "民法典 680.2"]),
    (
        "《民法典》第585条管违约金；口头协议的（第9000条）；书面判决，第9001条",
        ["民法典 585", "民法典 9000", "民法典 9001"],
    ),
    ("《民法典》第680条。砍头息则由第9000条管，第700条写得明白", ["民法典 680", "民法典 9000", "民法典 700"]),
    (
        "《反家庭暴力法》第二十三条。告诫书见第十六条。强制报告看第十四条",
        ["反家庭暴力法 23", "反家庭暴力法 16", "反家庭暴力法 14"],
    ),
    ("《民法典》第十九条；第二十条，八周岁；第十八条第二款，十六周岁", ["民法典 19", "民法典 20", "民法典 18.2"]),
    ("《民法典》合同编第670条、人格权编第9000条", ["民法典 670", "民法典 9000"]),
    ("民法典（667、670、9999条）", ["民法典 667", "民法典 670", "民法典 9999"]),
    ("《民法典》第586条：定金；587条：双倍返还", ["民法典 586", "民法典 587"]),
    ("《红楼梦》《借款合同》《隐私政策》和《民法典》", ["民法典"]),
]

NONE = [
    "我只能走第三条路，没有第四条路",
    "第一款手机，第二款手机",
    "我有第五条建议",
    "收到第二条短信、第3条评论",
    "借款合同第三条约定的利息，协议第5条",
    "《借款合同》第三条约定，第四条约定",
    "根据本合同第三条",
    "按照平台规则第六条",
    "公司章程第三条",
    "合同法律关系、担保法律制度、继承法定顺序",
    "根据第三条",
    "第十条、第十一条",
    "他讲了三条，第一条是不要慌；第二条是留证据",
    "依法、违法、合法、办法第三条",
    "地铁第10条线和第三条生产线",
]


@pytest.mark.parametrize(("text", "wanted"), FOUND)
def test_found(text: str, wanted: list[str], statutes: Statutes) -> None:
    found = find(text, statutes)
    assert [shown(f) for f in found] == wanted
    for one in found:
        assert text[one.span[0] : one.span[1]] == one.written


def test_the_law_s_own_words_speak_of_their_own_law(statutes: Statutes) -> None:
    """刑法 is named in the article, and its 本法 is 刑事诉讼法 all the same."""
    article = statutes.by_name["刑事诉讼法"].by_key[282, 0]
    found = find(f"{article.reference}规定，{article.text}", statutes)
    assert [shown(f) for f in found] == ["刑事诉讼法 282", "刑事诉讼法 179", "刑事诉讼法 180"]


@pytest.mark.parametrize("text", NONE)
def test_no_citation(text: str, statutes: Statutes) -> None:
    assert find(text, statutes) == []


@pytest.mark.parametrize(
    "text",
    [
        "《民法典》第680条禁止高利贷，借款合同约定月息三分（第5条），太高",
        "《民法典》第680条。合同里，第三十二条约定了违约金",
        "《民法典》第680条。双方约定月息三分，第三十二条",
        "《民法典》第三条讲合法权益。建议：第一条，存证据；第二条，报警；第三条，找律师",
        "《民法典》第680条。他又发短信，587条，全是骂人的",
        "《民法典》第680条。他发了好多短信，第35条，还在发",
        "《民法典》规定了很多。我的建议：第一条，保存证据；第二条，报警。",
        "双方依照《民法典》订立本合同：\n第一条 借款金额\n第二条 利率",
        "双方依照《民法典》订立。\n\n"
        + "\n\n".join(f"第{n}条 甲方付款，乙方交货" for n in range(1, 31))
        + "，违反第18条的赔",
        "依据《民法典》告知贵方：去年签了一份租赁合同。\n\n按第二十六条，应在十日内付款",
        "《民法典》第六百七十条规定得很清楚，我走投无路，只有第三条路",
        "《民法典》第六百七十条。他发来第二条短信，内容很难听",
        "《民法典》第六百七十条管利息，第一条短信说要上门，第二条路是报警",
        "《民法典》第六百七十条 第三条短信说要上门",
        "《民法典》第六百七十条、合同第三条约定的利息",
        "《民法典》是依据。《借款合同》第三条约定利息，第五条约定违约金",
    ],
)
def test_only_the_law_carries_on(text: str, statutes: Statutes) -> None:
    """A law was named, and yet what follows is no article of it."""
    assert {f.anaphor for f in find(text, statutes)} == {None}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("《民法典》第六百七十条讲利息，《刑法》第二百六十六条讲诈骗。\n\n另外第三十四条也要注意。", ["第三十四条"]),
        ("《治安管理处罚法》第五十条管骚扰。\n\n另外第四百条也要注意。", ["第四百条"]),
        ("《治安管理处罚法》第五十条，旧法第四十二条管骚扰。", ["第四十二条"]),
        ("《民法典》第六百七十条。我的建议：第一条，存证据；第二条，报警。合同里，第三十二条是违约金。", []),
        ("第三十四条也要注意。", []),
        ("民法典很长，刑法也长。\n\n另外第三十四条也要注意。", ["第三十四条"]),  # no citation beside it
    ],
)
def test_numbers_whose_law_does_not_show(text: str, wanted: list[str], statutes: Statutes) -> None:
    assert [text[start:end] for start, end in check(text, statutes).unplaced] == wanted


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("请看《民法典》第六百七十条。", 2, 13),
        ("请看《民法典》第 六百 七十 条。", 2, 16),
        ("😀民法典第670条", 1, 9),
        ("依據**《民法典》**第**680**條。", 4, 20),
        ("依照中华人民共和国刑法第二百七十四条处理", 2, 18),
        ("《治安管理处罚法》（2012年修正）第四十二条", 0, 23),
    ],
)
def test_spans_are_exact(text: str, start: int, end: int, statutes: Statutes) -> None:
    assert find(text, statutes)[0].span == (start, end)


@pytest.mark.parametrize(
    ("text", "year", "old"),
    [
        ("《治安管理处罚法》（2012年修正）第四十二条", 2012, None),
        ("《民事诉讼法（2021修正）》第一百一十九条", 2021, None),
        ("2017年《民事诉讼法》第一百一十九条", 2017, None),
        ("2012年修正的《治安管理处罚法》第四十二条", 2012, None),
        ("旧《治安管理处罚法》第四十二条", None, True),
        ("原治安管理处罚法第四十二条", None, True),
        ("修订前的《治安管理处罚法》第四十二条", None, True),
        ("网络安全法以前44条讲不准偷信息", None, True),
        ("《治安管理处罚法》原来的第四十二条", None, True),
        ("新《治安管理处罚法》第五十条", None, False),
        ("修订后的《治安管理处罚法》第五十条", None, False),
        ("现行《治安管理处罚法》第五十条", None, False),
    ],
)
def test_version(text: str, year: int | None, old: bool | None, statutes: Statutes) -> None:
    version = find(text, statutes)[0].mentioned_version
    assert version is not None
    assert (version.year, version.old) == (year, old)


def test_no_version_where_none_is_named(statutes: Statutes) -> None:
    assert find("自2021年1月1日《民法典》第一条施行", statutes)[0].mentioned_version is None
    assert find("（以下简称《网安》）《网络安全法》第一条", statutes)[0].mentioned_version is None


# -- properties -----------------------------------------------------------------------------


def ways(r: Reference, official: str, aliases: tuple[str, ...]) -> list[str]:
    """Every way of writing a citation of an article that the grammar knows."""
    chinese = numerals.chinese(r.number)
    suffix = f"之{numerals.chinese(r.suffix)}" if r.suffix else ""
    wide = str(r.number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    digits = "".join("〇一二三四五六七八九"[int(c)] for c in str(r.number))
    numbers = [f"第{chinese}条{suffix}", f"第{r.number}条{suffix}", f"第{wide}条{suffix}", f"第 {chinese} 条{suffix}"]
    if r.number >= 100:
        numbers.append(f"第{digits}条{suffix}")
        numbers.append(f"{r.number}条{suffix}")
    if 10 <= r.number % 100 < 20 and r.number > 100:
        numbers.append(f"第{chinese.replace('百一十', '百十')}条{suffix}")
    if 20 <= r.number < 40:
        ones = numerals.chinese(r.number % 10) if r.number % 10 else ""
        numbers.append(f"第{'廿' if r.number < 30 else '卅'}{ones}条{suffix}")
    if r.suffix:
        numbers.append(f"第{chinese}条之{r.suffix}")
    names = [f"《{official}》", f"《{r.law}》", r.law, official, *(f"《{a}》" for a in aliases), *aliases]
    out = [f"{name}{number}" for name in names for number in numbers[:3]]
    out += [f"《{r.law}》{number}" for number in numbers[3:]]
    out += [f"《{r.law}》（2099年修正）{numbers[0]}", f"《{r.law}》的{numbers[0]}"]
    return [*out, f"《{r.law}》规定，该法{numbers[0]}"]


def test_every_article_every_way(statutes: Statutes) -> None:
    """All articles of all statutes in scope, a handful of ways each; some of them in every way."""
    for statute in statutes:
        for i, article in enumerate(statute.articles):
            r = article.reference
            written = ways(r, statute.official, statute.aliases)
            for way in written if i % 97 == 0 else written[i % 3 :: max(3, len(written) // 3)]:
                text = f"依照{way}的规定，可以投诉。"
                found = [f for f in find(text, statutes) if f.reference]
                assert [f.reference for f in found] == [r], way
                assert text[found[0].span[0] : found[0].span[1]] == found[0].written


@given(st.data())
def test_any_article_any_way(data: st.DataObject) -> None:
    statutes = load()
    statute = data.draw(st.sampled_from(statutes.all))
    article = data.draw(st.sampled_from(statute.articles))
    way = data.draw(st.sampled_from(ways(article.reference, statute.official, statute.aliases)))
    before = data.draw(st.sampled_from(["", "根据", "（见", "我查了", "请问\n", "依照 ", "是"]))
    after = data.draw(st.sampled_from(["", "。", "规定", "，", "）", " 的规定", "和"]))
    found = [f for f in find(before + way + after, statutes) if f.reference]
    assert [f.reference for f in found] == [article.reference]


PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from("第条款项十百《》（）“”、至〇廿\n \u3000\ud800"),
    st.sampled_from(["之一", "民法典", "本法", "该条", "前条", "同法", "10", "刑法", "合同法", "规定", "解释"]),
    st.sampled_from(["以下简称", "2012年修正", "第十条", "第十条第一款"]),
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    found = find(text, load())
    end = 0
    for one in found:
        assert end <= one.span[0] < one.span[1] <= len(text)
        assert text[one.span[0] : one.span[1]] == one.written
        end = one.span[1]
