"""The reviews in docs/reviews are what the command writes, and each side has its say on every paragraph."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stocktake.publication.review_markdown import escaped, review_markdown
from stocktake.secretariat.catalogue import load_registers
from stocktake.secretariat.reviewing import make_review, write_markdown

REVIEWS = Path(__file__).parents[2] / "docs" / "reviews"
DAYS = [date(2021, 12, 31), date(2023, 12, 31), date(2026, 11, 22)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_reviews_in_the_docs_are_those_that_the_catalogue_gives(day: date, tmp_path: Path) -> None:
    files = write_markdown(make_review(as_of=day), tmp_path, lang="en")
    assert [f.name for f in files] == [f"{day}.md", f"{day}.zh.md"]
    for file in files:
        assert file.read_text(encoding="utf-8") == (REVIEWS / file.name).read_text(encoding="utf-8"), "make reviews"


def test_both_sides_have_their_say_once_on_every_paragraph_that_is_operative_or_takes_a_duty() -> None:
    register = load_registers()["a-res-75-65"]
    due = [p.id for p in register.paragraphs if p.key.section == "operative" or p.clauses]
    said = [(o.paragraph, o.side) for o in register.objections]
    assert sorted(said) == sorted((id, side) for id in due for side in ("nws", "sponsor"))


def test_a_review_as_of_a_day_says_nothing_of_the_days_after_it() -> None:
    made = make_review(as_of=DAYS[0])
    text = review_markdown(made.review, made.tongue("en"))
    assert "expired" not in text
    assert "Since 5 February 2026" not in text


def test_one_file_is_written_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    made = make_review(as_of=DAYS[0])
    (file,) = write_markdown(made, tmp_path / "one.md", lang="zh")
    assert file.read_text(encoding="utf-8") == review_markdown(made.review, made.tongue("zh"))


def test_text_of_the_catalogue_is_text_in_the_document() -> None:
    assert escaped("a|b *c* <d> [e](f)") == r"a\|b \*c\* \<d\> \[e\](f)"
