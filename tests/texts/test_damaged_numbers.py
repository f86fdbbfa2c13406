"""A number without its point or its digits is a number only where its neighbours prove it; articles are numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from stocktake.secretariat.documents import languages, load_language, open_document
from stocktake.secretariat.reading import markdown_of
from stocktake.texts.model import Document, Source
from stocktake.texts.reader import read_document

EN = load_language("en")


def read(*paragraphs: str) -> Document:
    head = ["The General Assembly,", "Recalling that somebody counted,"]
    return read_document("\n\n".join([*head, *paragraphs]), EN, source=Source("x.txt", "0" * 64))


def ten(*, but: str) -> list[str]:
    """Twelve paragraphs of which the eleventh has its number as given."""
    words = [f"{n}. Urges all States to count to {n};" for n in range(1, 13)]
    words[10] = f"{but} Urges all States to count to eleven;"
    words[11] = "12. Urges them to stop."
    return words


@pytest.mark.parametrize(
    ("printed", "label"), [("11", "11"), ("ll.", "11."), ("I1.", "11."), ("1l", "11."), ("|1,", "11.")]
)
def test_a_damaged_number_counts_where_the_gap_proves_it(printed: str, label: str) -> None:
    found = read(*ten(but=printed))
    assert [p.n for p in found.operative] == list(range(1, 13))
    assert found.operative[10].label == label
    assert found.operative[10].text == "Urges all States to count to eleven;"
    assert not found.warnings


@pytest.mark.parametrize("printed", ["17", "lO.", "all", "oo."])
def test_what_is_not_the_number_that_is_missing_is_none(printed: str) -> None:
    found = read(*ten(but=printed))
    assert "11" not in [p.label.rstrip(".") for p in found.operative]


def test_a_bare_number_without_a_gap_belongs_to_the_text() -> None:
    found = read(
        "1. Urges all States to count;", "2. Urges all States to send in", "3 copies;", "3. Urges them to stop."
    )
    assert [p.n for p in found.operative] == [1, 2, 3]
    assert "3 copies" in found.operative[1].text


def test_a_recital_may_end_with_and_before_the_next_one() -> None:
    text = "The General Assembly,\n\nWhereas States count; and\n\nWhereas they add up; and\n\n1. Urges them to go on."
    found = read_document(text, EN, source=Source("x.txt", "0" * 64))
    assert [p.text for p in found.preambular] == ["Whereas States count; and", "Whereas they add up; and"]


def test_a_declaration_in_articles_keeps_the_numbers_within_them_in_their_text() -> None:
    text = "\n\n".join(
        (
            "The General Assembly",
            "Proclaims what follows.",
            "Article 1",
            "All may count.",
            "Article 2",
            "1. Urges and counts are free.",
            "2. Nobody shall be counted.",
            "Article 3",
            "All may stop.",
        )
    )
    found = read_document(text, EN, source=Source("x.txt", "0" * 64))
    assert [p.label for p in found.operative] == ["Article 1", "Article 2", "Article 3"]


@pytest.mark.shared
@pytest.mark.parametrize("code", ["ar", "en", "es", "fr", "ru", "zh"])
def test_the_universal_declaration_has_thirty_articles_in_every_language(code: str, shared: Path) -> None:
    found = open_document(shared / "texts" / "udhr" / f"A_RES_217_III_A_annex.{code}.xml")
    assert [p.n for p in found.operative] == list(range(1, 31))
    assert len(found.preambular) == (7 if code == "ar" else 8)  # the Arabic text has one recital fewer
    assert not found.warnings


@pytest.mark.parametrize("code", languages())
def test_our_markdown_gives_its_header_back_at_the_door(code: str, fixtures: Path, tmp_path: Path) -> None:
    document = open_document(fixtures / f"small_resolution.{code}.txt")
    copy = tmp_path / "copy.md"
    copy.write_text(markdown_of(document), encoding="utf-8")
    found = open_document(copy)
    assert found.header == document.header
    assert [p.text for p in found.operative] == [p.text for p in document.operative]
    assert markdown_of(found) == markdown_of(document)
