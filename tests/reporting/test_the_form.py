"""The form itself, its words, and what the five have really said."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stocktake.reporting.form import FORM_LANGUAGES, AnswerState, missing_words
from stocktake.reporting.record import read_record
from stocktake.reporting.reports import report_document
from stocktake.secretariat.disclosures import load_disclosures
from stocktake.secretariat.reports_desk import compared
from tests.reporting.cases import DESK, FORM


def test_the_form_has_61_fields_of_which_35_are_core_in_9_sections() -> None:
    assert len(FORM.fields) == 61
    assert sum(f.core for f in FORM.fields.values()) == 35
    assert FORM.sections == tuple("123456789")


def test_the_short_variants_ask_only_what_concerns_states_without_such_weapons() -> None:
    for variant in ("alliance", "non-nuclear"):
        sections = {line.section for line in FORM.lines_of(variant)}
        assert sections == {"1", "4", "7", "8", "9"}
    assert [DESK.variant_of(s) for s in ("FRA", "DEU", "BRA")] == ["nuclear-weapon", "alliance", "non-nuclear"]


@pytest.mark.parametrize("language", FORM_LANGUAGES)
def test_every_word_of_the_form_exists_in_six_languages(language: str) -> None:
    words, english = DESK.words[language], DESK.words["en"]
    assert missing_words(FORM, words) == []
    for name in ("problems", "page", "severities", "columns", "form"):
        assert getattr(words, name).keys() == getattr(english, name).keys()
    assert words.status == "unreviewed"


def gaps(text: Any) -> set[str]:
    return set(re.findall(r"\{\w+\}", str(text)))


@pytest.mark.parametrize("language", FORM_LANGUAGES)
def test_no_translation_loses_what_a_sentence_has_to_say(language: str) -> None:
    words, english = DESK.words[language], DESK.words["en"]
    for code, said in english.problems.items():
        assert gaps(words.problems[code]) == gaps(said), code
    for key, text in english.page.items():
        assert gaps(words.page[key]) == gaps(text), key


@pytest.mark.parametrize("language", [lang for lang in FORM_LANGUAGES if lang != "en"])
def test_a_language_is_no_copy_of_the_english(language: str) -> None:
    words, english = DESK.words[language], DESK.words["en"]
    same = [code for code in FORM.fields if words.fields[code] == english.fields[code]]
    assert same == []


def test_every_row_of_the_record_is_a_valid_answer_with_a_source() -> None:
    for report in load_disclosures().reports:
        assert read_record("r", report_document(report, FORM), FORM, DESK.states)[1] == ()
        assert all(a.rows or a.source for a in report.answers if a.line != "1.1")
        assert all("x-checked" in a.extra for a in report.answers if a.line != "1.1")


def test_the_record_holds_refusals_and_withdrawals_and_meetings_without_a_report() -> None:
    known = load_disclosures()
    states = {(r.state, r.cycle, a.line): a.state for r in known.reports for a in r.answers}
    assert states["FRA", "2026", "2.1"] is AnswerState.WITHDRAWN
    assert states["GBR", "2022", "2.2"] is AnswerState.WITHDRAWN
    assert states["RUS", "2026", "2.2"] is AnswerState.WITHHELD
    assert states["CHN", "2026", "2.1"] is AnswerState.NOT_REPORTED, "no number was given, and no refusal was seen"
    assert [f for f in known.filings if not f.filed]


def test_the_comparison_of_the_five_starts_full_and_marks_what_was_withdrawn() -> None:
    made = compared(DESK, [(s, "2026") for s in ("CHN", "FRA", "GBR", "RUS", "USA")], [])
    stockpile = next(r for r in made.rows if r.line.code == "2.1")
    by_state = dict(zip([c.state for c in made.columns], stockpile.cells, strict=True))
    assert by_state["FRA"].before is not None and by_state["FRA"].before.before.high == "300"
    assert by_state["USA"].answer is not None and by_state["USA"].answer.value == "3748"
    assert all(cell.estimate for cell in stockpile.cells)


def test_what_our_record_does_not_know_is_not_held_against_a_state() -> None:
    made = compared(DESK, [("GBR", "2026")], [])
    assert "2.1" not in made.columns[0].withdrawn
