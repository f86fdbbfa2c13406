"""Any text gives a Document with spans inside it, or an error that says why; soon."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.secretariat.documents import load_language
from stocktake.texts.errors import UnreadableDocument
from stocktake.texts.model import Document, Source, to_json
from stocktake.texts.reader import read_document

ZH = load_language("zh")
START = "大会，\n回顾第71/54号决议，\n1. 决定"
PIECES = [
    *("大会，", "\n", "\n\n", "\f", "1. ", "2．", "(a) ", "(i)", "促请", "所有国家", "，并", "；", "。", "¹ "),
    *("⁹", "3 "),
    *("第71/54号", "决议", "2020年12月7日", "第37次全体会议", "附件", "A/RES/1/1", "**"),
    *("[x](#)", "\\", "\0", "\ud800"),
    *("《", "》", "(", ")", "\u3000", "回顾"),
]


def read(text: str) -> Document | None:
    try:
        return read_document(text, ZH, source=Source("hostile.txt", "0" * 64))
    except UnreadableDocument as error:
        assert str(error).startswith("hostile.txt: ")
        return None


def assert_sound(document: Document, text: str) -> None:
    paragraphs = (*document.preambular, *document.operative)
    spans = [*document.furniture, *(s for p in paragraphs for s in p.spans)]
    spans += [*(s for n in document.footnotes for s in n.spans), *(s for w in document.warnings for s in w.spans)]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert document.operative or "operative-missing" in [w.code for w in document.warnings]
    json.dumps(to_json(document))


ANY = st.text(st.characters(exclude_categories=()))
LIKELY = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(ANY | LIKELY)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_document_or_an_error_that_says_why(text: str) -> None:
    for candidate in (text, START + text):
        document = read(candidate)
        if document is not None:
            assert_sound(document, candidate)


@given(LIKELY)
@settings(max_examples=100, deadline=None)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read(START + text) == read(START + text)


LONG = {
    "brackets": "(" * 1_000_000,
    "open links": "[a](" * 250_000,
    "open links that escape the next": "[\\" * 250_000,
    "open links on lines of their own": "\n[甲" * 15_000,
    "numbers of footnotes in brackets": "[1]" * 300_000,
    "heads of a draft": "决议草案" * 250_000,
    "items in circles": "：" + "\n㈠ 甲；① 乙；" * 15_000,
    "open titles": "《" * 1_000_000,
    "numbers of a list": "第71/54、" * 140_000,
    "halves of a symbol": "A/" * 500_000,
    "adverbs": "又还也" * 330_000,
    "connectors": "，" + "在上" * 500_000,
    "heads": "，促请" + "有关的国家的" * 160_000,
    "numerals": "一" * 1_000_000,
    "marks": "¹" * 1_000_000,
    "spaces": " " * 1_000_000,
    "lines": "\n甲" * 500_000,
    "lines of one paragraph": "\n甲" * 15_000,
    "lines of one footnote": "。\n¹ 见甲" + "\n乙" * 15_000,
    "lines of sub-items": "：" + "\n(a) 甲；" * 15_000,
    "numbered lines": "；\n1. 促请所有国家" * 5_000,
    "blank lines": "\n" * 1_000_000,
    "paragraphs": "".join(f"；\n{n % 999 + 1}. 促请所有国家" for n in range(60_000)),
    "sub-items": "：" + "\n(a) 甲；" * 120_000,
    "emphasis": "_" * 1_000_000,
    "lone surrogates": "\ud800" * 1_000_000,
    "NUL": "\0" * 1_000_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_megabyte_of_the_worst_is_read_or_refused_within_seconds(name: str) -> None:
    text = START + LONG[name]
    begin = time.perf_counter()
    document = read(text)
    assert time.perf_counter() - begin < 60, "linear code takes about one second here; a minute is a hang"
    if document is not None:
        assert_sound(document, text)
