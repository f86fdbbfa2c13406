"""Every character has one place: paragraph, footnote or furniture; and what a page adds changes nothing in the text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.secretariat.documents import languages, load_language
from stocktake.texts.model import Document, Paragraph, Source, SubItem
from stocktake.texts.reader import read_document

CODES = languages()
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
MARKS = str.maketrans("", "", f"*{RAISED}")
FOLDER = Path(__file__).resolve().parent.parent / "fixtures"
TEXTS = {
    (name, code): (FOLDER / f"{name}.{code}.txt").read_text(encoding="utf-8")
    for name in ("small_resolution", "successor")
    for code in CODES
}


def read(text: str, code: str) -> Document:
    return read_document(text, load_language(code), source=Source("x.txt", "0" * 64))


def packed(text: str) -> str:
    return "".join(text.split())


def paragraphs(document: Document) -> tuple[Paragraph, ...]:
    return (*document.preambular, *document.operative, *(p for a in document.annexes for p in a.paragraphs))


def words(part: Paragraph | SubItem) -> str:
    return packed(part.text + "".join(item.label + words(item) for item in part.sub_items))


@pytest.mark.parametrize(("name", "code"), sorted(TEXTS))
def test_paragraphs_footnotes_and_furniture_cover_the_document_without_overlap(name: str, code: str) -> None:
    text, document = TEXTS[name, code], read(TEXTS[name, code], code)
    noted = [s for note in document.footnotes for s in note.spans]
    spans = sorted([*(s for p in paragraphs(document) for s in p.spans), *noted, *document.furniture])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join(packed(text[a:b]) for a, b in spans) == packed(text)


@pytest.mark.parametrize(("name", "code"), sorted(TEXTS))
def test_spans_point_at_the_text_that_they_claim(name: str, code: str) -> None:
    text = TEXTS[name, code]
    for p in paragraphs(read(text, code)):
        place = packed("".join(text[a:b] for a, b in p.spans)).translate(MARKS)
        assert words(p)[:12] in place and words(p)[-12:] in place, p.n


def said(document: Document) -> list[tuple[int, str, tuple[str, ...], list[str | None]]]:
    return [(p.n, words(p), p.verbs, [a.key for a in p.addressees]) for p in paragraphs(document)]


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, str, int]:
    """A text of ours with page breaks at random, between paragraphs or within one, and footnotes at the foot of some.

    Returns the language, the text, and how many footnotes were put in.
    """
    code = draw(st.sampled_from(CODES))
    lines = TEXTS["successor", code].split("\n")
    first = next(i for i, line in enumerate(lines) if line[:1] in ("1", "١"))
    out, page, notes = lines[:first], 1, 0
    for line in lines[first:]:
        if not line or not draw(st.booleans()):
            out.append(line)
            continue
        page += 1
        noted = draw(st.booleans())
        foot = [""]
        if noted:
            notes += 1
            mark = str(notes).translate(str.maketrans("0123456789", RAISED))
            line += mark
            foot = ["", f"{mark} A/98/{notes}.", ""]
        turn = [*foot, "A/RES/99/2", "", f"{page}/9", ""]
        spaces = [i for i, c in enumerate(line) if c == " " and 20 < i < len(line) - 20]
        at = draw(st.sampled_from([0, *spaces]))
        out += [*([line[:at]] if at else []), *turn, line[at:].lstrip()] if not noted else [line, *turn]
    return code, "\n".join(out), notes


@settings(max_examples=60)
@given(broken())
def test_page_breaks_footnotes_and_furniture_at_random_change_nothing(case: tuple[str, str, int]) -> None:
    code, text, notes = case
    found, clean = read(text, code), read(TEXTS["successor", code], code)
    assert said(found) == said(clean)
    assert len(found.footnotes) == notes
    assert not found.warnings
