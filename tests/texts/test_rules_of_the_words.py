"""Tables of cases: citations, verbs, addressees, numbers, sub-items, plain text."""

from __future__ import annotations

import pytest

from stocktake.secretariat.documents import load_language
from stocktake.texts.addressees import addressees
from stocktake.texts.citations import citations
from stocktake.texts.errors import InvalidLanguage
from stocktake.texts.language import Language
from stocktake.texts.layout import plain
from stocktake.texts.numbering import number, roman, sub_items
from stocktake.texts.verbs import acts

ZH = load_language("zh")

CITED = [
    ("第一(一)号决议", ["A/RES/1(I)"], "early sessions in Roman numerals"),
    ("第71/54号、第72/39号和第73/546号决定", ["A/DEC/71/54", "A/DEC/72/39", "A/DEC/73/546"], "the noun at the end"),
    ("2016年12月5日第71/54号、2017年12月4日第72/39号决议", ["A/RES/71/54", "A/RES/72/39"], "dates within the list"),
    ("第71/54号决议和第73/546号决定", ["A/RES/71/54", "A/DEC/73/546"], "each with its own noun"),
    ("第71/54和72/39号决议", ["A/RES/71/54", "A/RES/72/39"], "one ordinal for two numbers"),
    ("安全理事会第687(1991)号决议", ["S/RES/687(1991)"], "the year says which body"),
    ("第1540（2004）号决议", ["S/RES/1540(2004)"], "full-width brackets"),
    ("经济及社会理事会2003年7月21日第2003/14号决议", ["E/RES/2003/14"], "the body before the date"),
    ("社会发展委员会2004年2月13日第42/1号决议", [], "another body has no series that we know"),
    ("人权理事会2022年10月6日第51/4号决议", ["A/HRC/RES/51/4"], "a body with a series of its own"),
    ("J (70)号决定", [], "a letter without a body is nobody's"),
    ("见NPT/CONF.2000/28 (Parts I和II)", ["NPT/CONF.2000/28(PartsIandII)"], "no word of the language in a symbol"),
    ("(NPT/CONF.1995/32 (Part I)，附件", ["NPT/CONF.1995/32(PartI)"], "an unbalanced bracket"),
    ("A/53/138，A/53/138和COVID-19", ["A/53/138"], "each once, and no disease"),
    ("《条约汇编》，第729卷，第10485号", ["UNTS 729/10485"], "volume and registration number"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CITED, ids=[c[2] for c in CITED])
def test_a_citation_is_canonical(text: str, expected: list[str], reason: str) -> None:
    assert list(citations(text, ZH)) == expected, reason


MAIN_VERBS = [
    ("又严重关切地注意到灾害，", ["又严重关切地注意到"]),
    ("强调指出某事，并期待某会议，", ["强调指出", "期待"]),
    ("敦促甲做事，并在这方面再次敦促乙，", ["敦促", "再次敦促"]),
    ("鼓励甲制定办法，支持乙的工作；", ["鼓励"]),
    ("表示失望和严重关切的是某事；", ["表示"]),
    ("表示关切某事；", ["表示关切"]),
    ("回顾重申某事；", ["回顾"]),
    ("欢迎《办法，并敦促各国》，请甲；", ["欢迎", "请"]),
    ("注意到请求国；", ["注意到"]),
    ("天气很好；", []),
]


@pytest.mark.parametrize(("text", "verbs"), MAIN_VERBS, ids=[c[0] for c in MAIN_VERBS])
def test_main_verbs_open_clauses_and_never_titles(text: str, verbs: list[str]) -> None:
    assert [a.phrase for a in acts(text, ZH)] == verbs


ASKED = [
    ("促请核武器国家裁减；", ["NWS"]),
    ("促请无核武器国家裁减；", ["NNWS"]),
    ("促请拥有核武器的国家裁减；", ["STATES-POSSESSING-NW"]),
    ("鼓励成员中有核武器国家的区域联盟的所有国家裁减；", ["ALLIANCE-STATES"]),
    ("促请所有缔约国推动《全面禁止核试验条约》；", ["CTBT-SP"]),
    ("促请所有缔约国推动此事；", [None]),
    ("敦促印度、以色列和巴基斯坦加入；", ["IND", "ISR", "PAK"]),
    ("请秘书长并请裁军谈判会议审议；", ["SG"]),
    ("请秘书长报告，并请裁军谈判会议审议；", ["SG", "CD"]),
    ("敦促尚未加入公约的会员国加入；", [None]),
    ("呼吁在国家一级采取行动；", []),
    ("建议采取措施；", []),
    ("决定所有国家应予合作；", ["ALL-STATES"]),
    ("注意到核武器国家的声明；", []),
]


@pytest.mark.parametrize(("text", "keys"), ASKED, ids=[c[0] for c in ASKED])
def test_whom_a_main_verb_asks(text: str, keys: list[str | None]) -> None:
    assert [a.key for a in addressees(text, acts(text, ZH), ZH)] == keys


@pytest.mark.parametrize(
    ("text", "value"),
    [("七十五", 75), ("十", 10), ("二〇〇五", 2005), ("一百零二", 102), ("37", 37), ("x", None), ("", None)],
)
def test_numerals_are_multiplicative_or_positional(text: str, value: int | None) -> None:
    assert number(text, ZH) == value


def test_roman_numerals_of_early_sessions() -> None:
    assert [roman(n) for n in (1, 4, 9, 31)] == ["I", "IV", "IX", "XXXI"]


def test_sub_items_hang_below_each_other_and_a_reference_is_no_item() -> None:
    chapeau, items = sub_items("决定：\n(a) 甲：\n(i) 一；\n(ii) 二；\n(b) 乙，见9 (b)段；", ZH)
    assert chapeau == "决定：\n"
    assert [(i.label, i.text, [s.label for s in i.sub_items]) for i in items] == [
        ("(a)", "甲：", ["(i)", "(ii)"]),
        ("(b)", "乙，见9 (b)段；", []),
    ]
    assert sub_items("第一(一)号决议，见(a)段；", ZH) == ("第一(一)号决议，见(a)段；", ())


def test_i_after_h_is_a_letter() -> None:
    items = sub_items("决定：" + "".join(f"\n({c}) 甲；" for c in "abcdefghij"), ZH)[1]
    assert [i.label for i in items] == [f"({c})" for c in "abcdefghij"] and not any(i.sub_items for i in items)


def test_plain_text_has_no_markup_and_keeps_its_brackets() -> None:
    assert plain(r"**回顾**[A/1\(Vol. I\)](#)<sup>3</sup>、[^4]", ZH) == "回顾A/1(Vol. I)³、⁴"


def test_a_language_with_a_bad_pattern_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidLanguage, match=r"language: Field required"):
        Language.parse({"name": "x"})
    with pytest.raises(InvalidLanguage, match="does not compile"):
        Language.parse(ZH.model_dump() | {"furniture": ("(",)})
