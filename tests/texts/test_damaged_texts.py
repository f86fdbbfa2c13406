"""What must still hold when the layout of a text was changed or damaged: a table, on our own text and a real one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from stocktake.secretariat.documents import load_language, open_document
from stocktake.texts.errors import LanguageNotRead
from stocktake.texts.model import Document, Paragraph, Source, SubItem, to_json
from stocktake.texts.reader import read_document

ZH = load_language("zh")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
DIGITS = str.maketrans(RAISED, "0123456789")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
Damage = Callable[[str], str]


def read(text: str) -> Document:
    return read_document(text, ZH, source=Source("copy.txt", "0" * 64))


def folded(text: str) -> str:
    """Without white space: of a space at the end of a cut line nobody can tell."""
    return "".join(text.split())


def words(part: Paragraph | SubItem) -> str:
    return folded(part.text + "".join(words(item) for item in part.sub_items))


def facts(document: Document) -> list[object]:
    """Everything but the labels, the header and the places."""
    paragraphs = (*document.preambular, *document.operative)
    return [
        [(p.n, words(p), p.verbs, p.citations, p.footnote_marks, [a.key for a in p.addressees]) for p in paragraphs],
        [(n.n, folded(n.text), n.citations) for n in document.footnotes],
        [w.code for w in document.warnings],
    ]


def wrap(width: int, *, blank: bool = True) -> Damage:
    """Every line cut after so many characters, whatever stands there; with or without empty lines."""

    def damage(text: str) -> str:
        lines = [line for line in text.split("\n") if blank or line.strip()]
        return "\n".join(line[i : i + width] for line in lines for i in range(0, max(len(line), 1), width))

    return damage


def unmarked(text: str) -> str:
    """Without markdown: what a page of paper says."""
    link = re.compile(r"\[((?:\\.|[^\[\]\\\n])*)\]\([^()\s]*\)")
    return link.sub(lambda m: m[1].replace("\\", ""), text).replace("**", "")


def numbered(form: str) -> Damage:
    return lambda text: re.sub(r"(?m)^(\d+)\. ", lambda m: form.format(m[1], full=m[1].translate(FULL_WIDTH)), text)


def marked(form: str) -> Damage:
    return lambda text: re.sub(f"[{RAISED}]+", lambda m: form.format(m[0].translate(DIGITS)), text)


def circled(text: str) -> str:
    return re.sub(f"[{RAISED}]+", lambda m: chr(0x245F + int(m[0].translate(DIGITS))), text)


def header(change: Damage) -> Damage:
    return lambda text: change(text[: text.index("大会，")]) + text[text.index("大会，") :]


def notes_last(rule: str) -> Damage:
    def damage(text: str) -> str:
        lines = text.split("\n")
        notes = [line for line in lines if re.match(f"[{RAISED}]", line)]
        rest = [line for line in lines if line not in notes]
        return "\n".join([*rest, "", rule, "", *notes])

    return damage


def plain_and_cut(width: int) -> Damage:
    return lambda text: wrap(width)(unmarked(text))


def no_empty_lines(text: str) -> str:
    return re.sub(r"\n+", "\n", text.lstrip())


WRAPPED: dict[str, Damage] = {f"cut at {n} characters, empty lines kept": wrap(n) for n in range(28, 47)}
WRAPPED |= {f"plain text cut at {n} characters": plain_and_cut(n) for n in range(28, 47)}
SAME: dict[str, Damage] = {
    "no empty lines": no_empty_lines,
    "no markdown": unmarked,
    "CR LF": lambda t: t.replace("\n", "\r\n"),
    "tabs after numbers": lambda t: re.sub(r"(?m)^(\d+\.) ", r"\1\t", t),
    "indented with ideographic spaces": lambda t: re.sub(r"(?m)^(?=\S)", "\u3000\u3000", t),
    "number 1.": numbered("{0}."),
    "number 1 and full-width point": numbered("{0}．"),
    "number 1 and enumeration comma": numbered("{0}、"),
    "number (1)": numbered("({0})"),
    "number in full-width brackets": numbered("（{full}）"),
    "number 1)": numbered("{0}) "),
    "full-width number and point": numbered("{full}．"),
    "marks [1]": marked("[{0}]"),
    "marks 1)": marked("{0})"),
    "marks (1)": marked("({0})"),
    "marks in full-width brackets": marked("［{0}］"),
    "marks as plain digits": marked("{0}"),
    "marks <sup>": marked("<sup>{0}</sup>"),
    "marks [^1]": marked("[^{0}]"),
    "marks in circles": circled,
    "marks before the punctuation": lambda t: re.sub(f"([，；])([{RAISED}]+)", r"\2\1", t),
    "footnotes last, under a rule": notes_last("____________"),
    "footnotes last, under a heading": notes_last("脚注"),
    "footnotes last, marks [1]": lambda t: marked("[{0}]")(notes_last("* * *")(t)),
    "the body on the line of its first paragraph": lambda t: re.sub(r"(?m)^大会，\n+", "大会， ", t, count=1),
    "header without empty lines": header(no_empty_lines),
    "header without spaces": header(lambda h: re.sub(r"[ \u3000]", "", h)),
    "header with full-width brackets": header(lambda h: h.replace("(", "（").replace(")", "）")),
    "header on one line": header(lambda h: re.sub(r"\s*\n\s*", "  ", h.strip()) + "\n\n"),
    "report line in other brackets": header(lambda h: h.replace("[", "〔").replace("]", "〕")),
}


@pytest.fixture(scope="module")
def small(fixtures: Path) -> str:
    return (fixtures / "small_resolution.zh.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRAPPED | SAME)
def test_a_change_of_layout_changes_nothing_that_was_said(name: str, small: str) -> None:
    before, after = read(small), read((WRAPPED | SAME)[name](small))
    assert facts(after) == facts(before)
    assert after.header == before.header


@pytest.mark.shared
@pytest.mark.parametrize("name", WRAPPED | SAME)
def test_a_real_resolution_is_read_the_same_in_another_layout(name: str, shared: Path) -> None:
    text = (shared / "texts" / "A_RES_75_65.zh.txt").read_text(encoding="utf-8")
    before, after = read(text), read((WRAPPED | SAME)[name](text))
    assert facts(after) == facts(before)
    assert after.header == before.header


@pytest.mark.shared
@pytest.mark.parametrize("width", range(28, 47))
def test_lines_cut_without_empty_lines_lose_little_and_promote_nothing(
    width: int, shared: Path, scorer: ModuleType
) -> None:
    gold = json.loads((shared / "texts" / "gold" / "A_RES_75_65.zh.json").read_text(encoding="utf-8"))
    text = (shared / "texts" / "A_RES_75_65.zh.txt").read_text(encoding="utf-8")
    document = read(wrap(width, blank=False)(text))
    scores = scorer.score(gold, to_json(document))
    # where a paragraph fills its last line, nothing shows that it ended
    assert scores["segments"] > 0.9 and scores["labels"] == scores["meta"] == scores["footnotes"] == 1.0, scores
    whole = read(text)
    for fact in (lambda p: p.citations, lambda p: p.footnote_marks):
        assert everything(document, fact) == everything(whole, fact)
    assert [p.label for p in document.operative] == [p["label"] for p in gold["operative"]]
    assert "footnote-missing" not in [w.code for w in document.warnings]


def everything(document: Document, fact: Callable[[Paragraph], tuple[object, ...]]) -> set[object]:
    return {value for p in (*document.preambular, *document.operative) for value in fact(p)}


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("layout", ["as it is", "no empty lines", "cut at 38"])
def test_a_lost_number_is_supplied_with_a_warning(n: int, layout: str, small: str) -> None:
    change = {"as it is": lambda t: t, "no empty lines": no_empty_lines, "cut at 38": wrap(38)}[layout]
    text = change(small.replace(f"\n{n}. ", "\n"))
    document = read(text)
    assert [p.n for p in document.operative] == [1, 2, 3, 4, 5]
    assert document.operative[n - 1].label == ""
    [notice] = document.warnings
    assert notice.code == "numbering-supplied" and notice.spans == document.operative[n - 1].spans
    assert f"counted as {n} (characters" in notice.message and "Compare another copy" in notice.message


def test_a_text_without_any_number_has_no_such_warning(small: str) -> None:
    assert read(re.sub(r"\n\d\. ", "\n", small)).warnings == ()


ASCII = {
    "commas": str.maketrans("，；：", ",;:"),
    "all": str.maketrans("，；：。（）、", ",;:.(),"),
}


@pytest.mark.parametrize("name", ASCII)
def test_punctuation_of_ascii_promotes_no_preambular_paragraph(name: str, small: str) -> None:
    before, after = read(small), read(small.translate(ASCII[name]))
    assert len(after.preambular) == len(before.preambular)
    assert [(p.n, p.label, p.verbs[0]) for p in after.operative] == [
        (p.n, p.label, p.verbs[0]) for p in before.operative
    ]


def test_traditional_characters_are_refused_with_the_next_step(small: str, tmp_path: Path) -> None:
    known = {ours: others for others, ours in ZH.writing.other_forms.items()}
    file = tmp_path / "traditional.txt"
    file.write_text(small.translate(str.maketrans("".join(known), "".join(known.values()))), encoding="utf-8")
    with pytest.raises(LanguageNotRead, match=r"會 at character \d+ where 会 is known.*simplified"):
        open_document(file)


DRAFT = """联合国 A/C.1/99/L.4

大 会 Distr.: Limited

第九十九届会议

第一委员会

议程项目 7(b)

甲国和乙国：决议草案

月面核武器登记册

"""


def test_a_draft_has_its_own_symbol_and_the_title_below_the_words_that_it_is_one(small: str) -> None:
    found = read(header(lambda _: DRAFT)(small)).header
    assert (found.symbol, found.title, found.session, found.agenda_item, found.report_symbol) == (
        "A/C.1/99/L.4", "月面核武器登记册", 99, "7(b)", None,
    )  # fmt: skip


HEADERS = [
    ("第一委员会", "特别政治和非殖民化委员会(第四委员会)", "another Main Committee"),
    ("的报告(A/99/12，第 34 段)通过", "报告(A/99/12，第34段)通过", "no particle"),
]


@pytest.mark.parametrize(("words_of", "instead", "reason"), HEADERS, ids=[h[2] for h in HEADERS])
def test_the_report_is_found_however_it_is_named(words_of: str, instead: str, reason: str, small: str) -> None:
    found = read(small.replace(words_of, instead)).header
    assert (found.report_symbol, found.report_paragraph) == ("A/99/12", 34), reason


ITEMS = [
    ("(a) {};(b) {}", ["(a)", "(b)"]),
    ("(一) {};(二) {}", ["(一)", "(二)"]),
    ("㈠ {};㈡ {}", ["㈠", "㈡"]),
    ("1) {};2) {}", ["1)", "2)"]),
    ("① {};② {}", ["①", "②"]),
    ("a) {};b) {}", ["a)", "b)"]),
]


@pytest.mark.parametrize(("form", "labels"), ITEMS, ids=[i[0] for i in ITEMS])
def test_sub_items_in_any_form(form: str, labels: list[str], small: str) -> None:
    first, second = "交换查对所用的表格", "公布查对的结果"
    items = form.format(first, second).replace(";", "；\n\n")
    text = small.replace(f"(a) {first}；\n\n(b) {second}", items)
    paragraph = read(text).operative[1]
    assert [(i.label, i.text) for i in paragraph.sub_items] == [(labels[0], f"{first}；"), (labels[1], f"{second}；")]


def test_sub_items_hang_three_deep(small: str) -> None:
    deep = "(a) 甲：\n\n(一) 乙：\n\n1) 丙；\n\n2) 丁；\n\n(二) 戊；\n\n(b) 己；\n\n"
    paragraph = read(re.sub(r"\(a\) [^\0]*?(?=3\. )", deep, small)).operative[1]
    [(first, second)] = [paragraph.sub_items]
    assert [i.label for i in first.sub_items] == ["(一)", "(二)"] and second.label == "(b)"
    assert [i.label for i in first.sub_items[0].sub_items] == ["1)", "2)"]


@pytest.mark.parametrize("symbol", ["A/RES/75/65", "NPT/CONF.2010/50(Vol. I)", "NPT/CONF.2000/28 (Parts I 和 II)"])
def test_a_symbol_is_whole_wherever_its_line_was_cut(symbol: str, small: str) -> None:
    [want] = read(small.replace("回顾其", f"回顾{symbol}，又回顾其")).preambular[0].citations[:1]
    assert len(want) >= len("A/RES/75/65")
    for at in range(1, len(symbol)):
        cut = f"{symbol[:at]}\n{symbol[at:]}"
        found = read(small.replace("回顾其", f"回顾{cut}，又回顾其")).preambular[0].citations
        assert found[0] == want, cut
