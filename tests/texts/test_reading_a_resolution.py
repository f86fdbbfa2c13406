"""A small invented resolution, read from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from stocktake.secretariat.documents import load_language
from stocktake.texts.errors import EmptyDocument, NotAResolution, OversizedDocument, TruncatedDocument
from stocktake.texts.model import Document, Source, to_json
from stocktake.texts.reader import MAX_CHARACTERS, MAX_LINES, read_document, read_line

ZH = load_language("zh")
RAISED = str.maketrans("¹²", "12")


@pytest.fixture(scope="module")
def text(fixtures: Path) -> str:
    return (fixtures / "small_resolution.zh.txt").read_text(encoding="utf-8")


def read(text: str) -> Document:
    return read_document(text, ZH, source=Source("small.txt", "0" * 64))


def said(document: Document) -> list[tuple[int, str]]:
    return [(p.n, p.text) for p in (*document.preambular, *document.operative)]


def test_section_follows_numbering_and_punctuation(text: str) -> None:
    document = read(text)
    assert [p.n for p in document.preambular] == [1, 2, 3, 4]
    assert [p.label for p in document.operative] == ["1.", "2.", "3.", "4.", "5."]
    assert document.warnings == ()


def test_the_header_says_what_is_printed_and_nothing_else(text: str) -> None:
    shown = to_json(read(text))
    assert {k: shown[k] for k in list(shown)[1:10]} == {
        "symbol": "A/RES/99/1",
        "language": "zh",
        "title": "虚构的测试文本：月面核武器登记册",
        "session": 99,
        "agenda_item": "7(b)",
        "adopted": "2044-12-05",
        "meeting": "第12次全体会议",
        "report_symbol": "A/99/12",
        "report_paragraph": 34,
    }
    bare = to_json(read(text[text.index("大会，") :]))
    assert [bare[k] for k in ("symbol", "title", "session", "agenda_item", "report_symbol")] == [None] * 5


def test_a_paragraph_is_stitched_over_footnote_page_number_and_symbol(text: str) -> None:
    paragraph = read(text).preambular[2]
    assert "无论其身在何处" in paragraph.text and "A/98/77" not in paragraph.text and "2/3" not in paragraph.text
    assert len(paragraph.spans) == 2
    assert text[slice(*paragraph.spans[1])].startswith("何处")


def test_a_footnote_mark_joins_paragraph_and_footnote_and_a_number_of_the_text_stays(text: str) -> None:
    document = read(text)
    assert [p.footnote_marks for p in document.preambular] == [(), (1,), (), ()]
    assert document.operative[2].footnote_marks == (2,)
    assert "减至3枚以下" in document.operative[0].text
    assert [f.citations for f in document.footnotes] == [("A/98/77",), ("UNTS 9999/99",)]
    assert all("A/98/77" not in p.citations for p in document.preambular)


def test_verbs_addressees_and_citations_of_each_paragraph(text: str) -> None:
    document = read(text)
    assert document.preambular[0].citations == ("A/RES/96/14", "A/RES/98/2", "A/DEC/97/501")
    assert document.preambular[1].verbs == ("赞赏地注意到", "强调")
    assert [p.verbs[0] for p in document.operative] == ["促请", "又敦促", "表示注意到", "请", "决定"]
    assert [[a.key for a in p.addressees] for p in document.operative] == [["NWS"], ["ALL-STATES"], [], ["SG"], []]
    assert [i.label for i in document.operative[1].sub_items] == ["(a)", "(b)"]


def test_every_character_is_in_a_paragraph_a_footnote_or_the_furniture_once(text: str) -> None:
    document = read(text)
    paragraphs = (*document.preambular, *document.operative)
    notes = (s for n in document.footnotes for s in n.spans)
    spans = sorted([*(s for p in paragraphs for s in p.spans), *notes, *document.furniture])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


CHANGES: dict[str, Callable[[str], str]] = {
    "CRLF line ends": lambda t: t.replace("\n", "\r\n"),
    "no bold": lambda t: t.replace("**", ""),
    "plain digits for footnote marks": lambda t: t.translate(RAISED),
    "no empty lines": lambda t: re.sub(r"\n+", "\n", t),
    "operative paragraphs joined in one line": lambda t: re.sub(r"；\n+(\d\.)", r"；\1", t),
    "full-width numbers": lambda t: re.sub(r"\n(\d)\. ", r"\n\1．", t),
    "numbers on lines of their own": lambda t: re.sub(r"\n(\d)\. ", r"\n\1.\n", t),
    "no page break": lambda t: t.replace("\n\n¹ 见 A/98/77，附件二。\n\nA/RES/99/1\n\n2/3\n\n", ""),
    "a form feed and a running title": lambda t: t.replace("A/RES/99/1\n\n2/3", "2/3\n\fA/RES/99/1\n月面核武器登记册"),
    "symbol and title in one running line": lambda t: t.replace("\nA/RES/99/1\n", "\nA/RES/99/1 月面核武器登记册\n"),
    "no spaces beside digits": lambda t: re.sub(r"(?<=[\u4e00-\u9fff]) | (?=[\u4e00-\u9fff])", "", t),
    "markdown link": lambda t: t.replace("96/14", "[96/14](#)"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_layout_does_not_change_what_was_said(name: str, text: str) -> None:
    before, after = read(text), read(CHANGES[name](text))
    assert said(after) == said(before)
    assert [p.citations for p in after.preambular] == [p.citations for p in before.preambular]


def test_a_missing_number_is_a_warning_with_its_place_and_nothing_fills_the_gap(text: str) -> None:
    lost = re.sub(r"\n3\. .*\n", "\n", text)
    document = read(lost)
    assert [p.n for p in document.operative] == [1, 2, 4, 5] and len(document.preambular) == 4
    [gap] = [w for w in document.warnings if w.code == "numbering-gap"]
    assert "operative paragraph 3 is missing between 2 and 4 (characters" in gap.message
    assert "--allow-gaps" in gap.message
    [(start, end)] = gap.spans
    assert lost[start:end].strip() == "" and lost[end:].startswith("4.")


def test_a_lost_first_paragraph_is_a_gap_before_the_second(text: str) -> None:
    document = read(re.sub(r"\n1\. .*\n", "\n", text))
    assert [w.code for w in document.warnings] == ["numbering-gap"] and len(document.preambular) == 4


def test_headings_stand_over_the_next_paragraph_and_in_no_other(text: str) -> None:
    before, after = read(text), read(text.replace("\n3. ", "\n一\n\n登记册的工作\n\n3. "))
    assert said(after) == said(before)
    assert [p.heading for p in after.operative] == [None, None, "一 登记册的工作", None, None]


def test_a_verb_after_a_lead_is_still_the_opening_verb() -> None:
    assert read_line("4. 在这方面，促请各国合作；", ZH).verbs == ("促请",)


def test_an_annex_keeps_its_own_paragraphs(text: str) -> None:
    document = read(text.replace("\n² 联合国", "\n附件\n\n登记册的格式\n\n1. 每年一行。\n\n2. 每行一国。\n\n² 联合国"))
    assert [(a.title, [p.text for p in a.paragraphs]) for a in document.annexes] == [
        ("登记册的格式", ["每年一行。", "每行一国。"])
    ]
    assert len(document.operative) == 5 and document.warnings == ()


def test_a_number_that_comes_twice_is_a_warning(text: str) -> None:
    document = read(re.sub(r"(\n4\. .*\n)", r"\1\1", text))
    assert [w.code for w in document.warnings] == ["numbering-repeat"]


def test_an_end_without_full_stop_and_no_operative_part_are_warnings_and_no_paragraph_an_error(text: str) -> None:
    assert "truncated" in [w.code for w in read(text[: text.index("临时议程。")]).warnings]
    assert "operative-missing" in [w.code for w in read(text[: text.index("1. **")]).warnings]
    with pytest.raises(TruncatedDocument, match="no paragraph after the organ"):
        read("大会，")


def test_without_any_number_the_preamble_lasts_to_the_last_comma(text: str) -> None:
    document = read(re.sub(r"\n\d\. ", "\n", text))
    assert (len(document.preambular), len(document.operative)) == (4, 5)
    assert {p.label for p in document.operative} == {""} and [p.n for p in document.operative] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "error"),
    [(" \n\t", EmptyDocument), ("今天天气很好。", NotAResolution), ("大" * (MAX_CHARACTERS + 1), OversizedDocument),
     ("大会，\n" * (MAX_LINES + 1), OversizedDocument)],
    ids=["white space", "no resolution", "too many characters", "too many lines"],
)  # fmt: skip
def test_what_is_no_resolution_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"small\.txt: .*[Gg]ive"):
        read(text)


def test_one_line_out_of_context() -> None:
    line = read_line("4. 邀请会员国和秘书长考虑第 98/2 号决议；", ZH)
    assert (line.section, line.label, line.verbs, line.citations) == ("operative", "4.", ("邀请",), ("A/RES/98/2",))
    assert [a.key for a in line.addressees] == ["UN-MS", "SG"]
    assert read_line("又欢迎登记册开放，", ZH).section == "preambular"
