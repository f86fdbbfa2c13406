"""The written reviews: kept in docs/reviews as they would be written now, whole, and readable as Markdown."""

from __future__ import annotations

import difflib
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stocktake.publication.markdown_review import escaped
from stocktake.publication.sentences import explain, plain
from stocktake.secretariat.reviewing import Made, make_review, written
from stocktake.terms.words import LANGUAGES

ROOT = Path(__file__).parents[2]
MEND = "run: make reviews"
DAYS = ["2021-12-31", "2023-12-31", "2026-11-22"]


@cache
def made(day: str) -> Made:
    return make_review(as_of=date.fromisoformat(day))


@cache
def text(day: str, lang: str) -> str:
    return written(made(day), lang)


def shown(markdown: str) -> str:
    """What a reader of the rendered document sees, without white space."""
    blocks = (t.children or [] for t in MarkdownIt("commonmark").parse(markdown) if t.type == "inline")
    return "".join("".join(t.content for block in blocks for t in block).split())


@pytest.mark.parametrize("day", DAYS)
def test_a_written_review_is_kept_as_it_would_be_written_now(day: str) -> None:
    kept = ROOT / "docs" / "reviews" / f"{day}.md"
    changed = difflib.unified_diff(
        kept.read_text(encoding="utf-8").splitlines(), text(day, "en").splitlines(), "kept", "now", lineterm="", n=0
    )
    assert not (lines := list(changed)), "\n".join([f"{kept} is not as it would be written now; {MEND}", *lines[:20]])


def test_make_reviews_writes_exactly_the_reviews_that_are_kept() -> None:
    days = re.search(r"^REVIEWS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    kept = sorted(p.stem for p in (ROOT / "docs" / "reviews").glob("????-??-??.md"))
    assert days is not None and sorted(days[1].split()) == kept == DAYS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_paragraph_finding_objection_and_answer_can_be_read_in_the_rendered_document(lang: str) -> None:
    review, t = made(DAYS[-1]).review, made(DAYS[-1]).tongue(lang)
    page = shown(text(DAYS[-1], lang))
    wanted = [p.paragraph.paraphrase.in_(lang) for p in review.paragraphs if p.clauses]
    clauses = {(p.paragraph.id, c.clause.n): c.clause for p in review.paragraphs for c in p.clauses}
    wanted += [
        plain(explain(f, clauses[p.paragraph.id, f.clause], t))
        for p in review.paragraphs
        for f in p.findings
        if f.outcome.evidence
    ]
    paragraphs = {o.paragraph: o for o in review.catalogue.register.objections if o.when is None}
    wanted += [words.in_(lang) for o in paragraphs.values() for words in (o.objection, o.answer)]
    assert [w for w in wanted if "".join(w.split()) not in page] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", DAYS)
def test_no_mark_of_markdown_is_left_over_in_the_text(day: str, lang: str) -> None:
    """An emphasis that does not close, as can happen between Chinese characters, would show its asterisks."""
    assert "**" not in shown(text(day, lang)) and "`" not in shown(text(day, lang))


@pytest.mark.parametrize("day", DAYS)
def test_every_statement_that_is_named_is_listed_with_its_publisher_in_the_same_paragraph(day: str) -> None:
    archive = made(day).review.catalogue.archive
    for part in re.split(r"^## ", text(day, "en"), flags=re.MULTILINE):
        listed = dict(re.findall(r"^- `([^`]+)` · (.*)$", part, re.MULTILINE))
        assert set(re.findall(r"`([^`]+)`", part)) == set(listed)
        assert all(escaped(archive[id].publisher) in row for id, row in listed.items())


def test_both_languages_have_the_same_headings() -> None:
    levels = [re.findall(r"^#+", text(DAYS[-1], lang), re.MULTILINE) for lang in LANGUAGES]
    assert levels[0] == levels[1]


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Z")), min_size=1))
def test_any_text_is_shown_as_it_is(words: str) -> None:
    assert shown(f"**x** {escaped(words)}") == f"x{words}"
