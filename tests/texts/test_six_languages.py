"""The same document of ours says the same in the six official languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from stocktake.secretariat.documents import languages, open_document
from stocktake.texts.model import Document, SubItem


def bare(label: str) -> str:
    return "".join(c for c in label if c.isalnum())


def depth(items: tuple[SubItem, ...]) -> tuple[object, ...]:
    return tuple(depth(item.sub_items) for item in items)


def structure(document: Document) -> dict[str, object]:
    """All that must not hang on the language: numbers, citations, marks, keys of addressees, items, dates."""
    paragraphs = (*document.preambular, *document.operative)
    return {
        "symbol": document.header.symbol,
        "session": document.header.session,
        "adopted": document.header.adopted,
        "report": (document.header.report_symbol, document.header.report_paragraph),
        "paragraphs": (len(document.preambular), [p.n for p in document.operative]),
        "citations": [set(p.citations) for p in paragraphs],
        "marks": [p.footnote_marks for p in paragraphs],
        "addressees": [[a.key for a in p.addressees] for p in paragraphs],
        "items": [depth(p.sub_items) for p in paragraphs],
        "footnotes": [(f.n, f.citations) for f in document.footnotes],
        "warnings": document.warnings,
    }


def test_the_official_languages_are_read() -> None:
    assert languages() == ("ar", "en", "es", "fr", "ru", "zh")


@pytest.mark.parametrize("code", ["ar", "en", "es", "fr", "ru"])
def test_one_document_has_one_structure(code: str, fixtures: Path) -> None:
    master = open_document(fixtures / "small_resolution.zh.txt")
    found = open_document(fixtures / f"small_resolution.{code}.txt")
    assert found.language == code
    assert structure(found) == structure(master)
    assert all(p.verbs for p in (*found.preambular, *found.operative))
