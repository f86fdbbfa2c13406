"""Markdown of a document, read again, is the same document: in every language that has a fixture of ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.secretariat.documents import languages, load_language
from stocktake.texts.markdown import facts_of, read_markdown, to_markdown
from stocktake.texts.model import Document, Header, Source
from stocktake.texts.reader import read_document

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
SOURCE = Source("own.md", "0" * 64)
HELD = [code for code in languages() if (FIXTURES / f"small_resolution.{code}.txt").is_file()]


def small(code: str) -> Document:
    text = (FIXTURES / f"small_resolution.{code}.txt").read_text(encoding="utf-8")
    return read_document(text, load_language(code), source=SOURCE)


def bare(document: Document) -> Document:
    """The document without the places in its source."""
    everything = (*document.preambular, *document.operative)
    without = [replace(p, spans=()) for p in everything]
    at = len(document.preambular)
    return replace(
        document,
        source=SOURCE,
        preambular=tuple(without[:at]),
        operative=tuple(without[at:]),
        footnotes=tuple(replace(n, spans=()) for n in document.footnotes),
        annexes=tuple(
            replace(a, paragraphs=tuple(replace(p, spans=()) for p in a.paragraphs)) for a in document.annexes
        ),
        furniture=(),
        warnings=tuple(replace(w, spans=(), message="") for w in document.warnings),
    )


def again(document: Document) -> Document:
    language = load_language(document.language)
    return read_markdown(to_markdown(document, language), language, source=SOURCE)


@pytest.mark.parametrize("code", HELD)
def test_the_small_resolution_is_the_same_after_a_round_trip(code: str) -> None:
    assert bare(again(small(code))) == bare(small(code))


@given(st.data())
def test_a_document_with_other_paragraphs_is_the_same_after_a_round_trip(data: st.DataObject) -> None:
    document = small(data.draw(st.sampled_from(HELD)))
    some = data.draw(st.lists(st.sampled_from(document.preambular), max_size=5))
    asked = data.draw(st.lists(st.sampled_from(document.operative[:-1]), max_size=8))
    operative = [replace(p, n=i, label=f"{i}.", footnote_marks=()) for i, p in enumerate(asked, 1)]
    last = replace(document.operative[-1], n=len(operative) + 1, label=f"{len(operative) + 1}.")
    preambular = tuple(replace(p, n=i, footnote_marks=()) for i, p in enumerate(some, 1))
    made = replace(document, preambular=preambular, operative=(*operative, last), footnotes=(), warnings=())
    assert bare(again(made)) == bare(made)


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(st.builds(Header, symbol=words, title=words, session=st.integers(1, 999) | st.none(), meeting=words | st.none()))
def test_the_facts_of_the_header_are_the_same_after_a_round_trip(header: Header) -> None:
    document = replace(small(HELD[0]), header=header)
    assert facts_of(to_markdown(document, load_language(HELD[0]))) == header


@given(st.text(alphabet="-\nsymboltionge: 09/A", max_size=60))
def test_a_block_of_others_is_no_header_and_no_fault(text: str) -> None:
    assert facts_of(text) is None or text.startswith("---\n")
