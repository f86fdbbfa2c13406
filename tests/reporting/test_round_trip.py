"""A report goes into a workbook and into JSON, and comes back as it was."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.reporting.findings import Severity
from stocktake.reporting.form import AnswerState
from stocktake.reporting.reading import read_workbook
from stocktake.reporting.record import read_record
from stocktake.reporting.reports import report_document
from stocktake.reporting.schema import report_schema
from stocktake.secretariat.form_workbook import write_form
from stocktake.secretariat.workbooks import open_workbook
from tests.reporting.cases import DESK, FORM, full_document, report_documents, report_of

SCHEMA = report_schema(FORM)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def through_a_workbook(document: dict[str, Any], language: str) -> tuple[dict[str, Any], list[str]]:
    data = write_form(DESK, report_of(document), None, language)
    read = read_workbook("t.xlsx", open_workbook("t.xlsx", data).sheets, FORM, DESK.words, DESK.states)
    assert read.report is not None
    errors = [f"{p.place} {p.code} {p.said}" for p in read.problems if p.severity is Severity.ERROR]
    return report_document(read.report, FORM), errors


@settings(max_examples=35)
@given(report_documents(), st.sampled_from(sorted(DESK.words)))
def test_any_valid_report_survives_json_to_workbook_to_json_exactly(document: dict[str, Any], language: str) -> None:
    again, errors = through_a_workbook(document, language)
    assert errors == []
    assert again == document


@given(report_documents())
def test_json_survives_itself_with_every_key_that_we_do_not_know(document: dict[str, Any]) -> None:
    assert report_document(report_of(document), FORM) == document


@settings(max_examples=40)
@given(report_documents(most=4))
def test_the_published_schema_accepts_every_valid_report(document: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(document)) == []


def test_the_published_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("state", list(AnswerState))
def test_every_kind_of_answer_is_possible_somewhere_and_survives(state: AnswerState) -> None:
    assert any(state in line.states for line in FORM.lines)


def test_a_full_report_survives_in_every_language() -> None:
    document = full_document()
    for language in DESK.words:
        again, errors = through_a_workbook(document, language)
        assert (again, errors) == (document, []), language


@pytest.mark.parametrize(("change", "code"), [
    pytest.param({"state": "secret"}, "unknown-kind", id="a kind of answer that does not exist"),
    pytest.param({"value": 12}, "not-a-number", id="a number that is no decimal string"),
    pytest.param({"value": "012"}, "not-a-number", id="a number that is not canonical"),
    pytest.param({"value": "-1"}, "not-a-number", id="a negative stockpile"),
    pytest.param({"value": "1.5"}, "not-whole", id="half a warhead"),
    pytest.param({"unit": "kg"}, "wrong-unit", id="another unit"),
    pytest.param({"unit": None}, "missing-content", id="no unit"),
    pytest.param({"as_of": "31/12/2025"}, "not-a-date", id="a date as people write it"),
    pytest.param({"state": "withheld"}, "spare-content", id="withheld, and yet there"),
    pytest.param({"state": "sealed", "value": None, "unit": None}, "missing-content", id="sealed without a seal"),
    pytest.param({"source": "a\u0000b"}, "control-character", id="an invisible character"),
    pytest.param({"field": "2.99"}, "unknown-line", id="a field that does not exist"),
])  # fmt: skip
def test_json_with_one_fault_names_it_and_the_schema_refuses_it_too(change: dict[str, Any], code: str) -> None:
    document = full_document()
    n = next(n for n, a in enumerate(document["answers"]) if a["field"] == "2.1")
    answer = document["answers"][n] | change
    document["answers"][n] = {k: v for k, v in answer.items() if v is not None}
    _, problems, _ = read_record("t", document, FORM, DESK.states)
    assert code in [p.code for p in problems]
    assert all(str(p.place).startswith(f"answers[{n}]") for p in problems)
    if code != "control-character":
        assert not VALIDATOR.is_valid(document)


def test_all_problems_of_a_report_are_listed_at_once() -> None:
    document = full_document()
    for answer in document["answers"]:
        answer["as_of"] = "yesterday"
    _, problems, _ = read_record("t", document, FORM, DESK.states)
    assert len(problems) == len(FORM.lines)
