"""Whether a report agrees with itself and with what was said before: each rule, as a case with its outcome."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from stocktake.evidence.statements import Form as StatementForm
from stocktake.reporting.comparing import compare, comparison_csv
from stocktake.reporting.declared import declared_statements
from stocktake.reporting.findings import Severity
from stocktake.reporting.form import AnswerState
from stocktake.reporting.measures import comparability, completeness, withdrawals
from stocktake.reporting.reports import FORMAT, Report
from stocktake.reporting.rules import inconsistencies
from stocktake.terms.dates import PartialDate
from stocktake.terms.provenance import Verification
from tests.reporting.cases import DESK, FORM, full_document, report_documents, report_of, simple_answer


def answer(code: str, **said: Any) -> dict[str, Any]:
    line = FORM.by_code[code]
    found: dict[str, Any] = {"field": line.field} | ({"item": line.item} if line.item else {})
    if line.definition.kind == "quantity" and said["state"] in ("value", "range"):
        found["unit"] = line.definition.unit
    return found | said


def report(*answers: dict[str, Any], state: str = "FRA", cycle: str = "2026") -> Report:
    head: dict[str, Any] = {
        "format": FORMAT,
        "form": {"id": FORM.id, "version": FORM.version},
        "variant": "nuclear-weapon",
    }
    return report_of(head | {"state": state, "cycle": cycle, "language": "en", "answers": list(answers)})


def found(of: Report, **context: Any) -> set[tuple[str, str | None, str]]:
    return {(p.code, p.line, p.severity.value) for p in inconsistencies(of, FORM, **context)}


V = AnswerState.VALUE.value


@pytest.mark.parametrize(("answers", "expected"), [
    pytest.param([("2.1", "100"), ("2.2", "101")], ("part-over-total", "2.2"), id="more deployed than there are"),
    pytest.param([("2.1", "100"), ("2.2", "60"), ("2.3", "50")],
                 ("parts-not-total", "2.1"), id="parts beyond the whole"),
    pytest.param([("2.1", "100"), ("2.2", "60"), ("2.3", "0"), ("2.4a", "20"), ("2.4b", "10")],
                 ("parts-not-total", "2.1"), id="parts that do not make up the whole"),
    pytest.param([("2.6a", "9"), ("2.6b", "8")], ("part-over-total", "2.6a"), id="more in the period than ever"),
    pytest.param([("6.1a", "5.0"), ("6.1b", "5.1")], ("part-over-total", "6.1b"), id="more uranium-235 than uranium"),
])  # fmt: skip
def test_a_contradiction_blocks(answers: list[tuple[str, str]], expected: tuple[str, str]) -> None:
    made = report(*(answer(code, state=V, value=value) for code, value in answers))
    assert (*expected, "error") in found(made)


@pytest.mark.parametrize("answers", [
    pytest.param([answer("2.1", state=V, value="100"), answer("2.2", state=V, value="60")], id="a part is missing"),
    pytest.param([answer("2.1", state="range", high="100"), answer("2.2", state=V, value="60")], id="under a ceiling"),
    pytest.param([answer("2.1", state=V, value="100", as_of="2020"), answer("2.2", state=V, value="120", as_of="2021")],
                 id="figures of two dates"),
    pytest.param([answer("2.1", state="range", low="90", high="110"),
                  answer("2.2", state="range", low="50", high="120")], id="ranges that overlap"),
])  # fmt: skip
def test_what_may_be_so_does_not_block(answers: list[dict[str, Any]]) -> None:
    assert not [p for p in inconsistencies(report(*answers), FORM) if p.severity is Severity.ERROR]


def test_a_ceiling_is_no_value_but_a_part_above_it_is_a_contradiction() -> None:
    made = report(answer("2.1", state="range", high="100"), answer("2.2", state=V, value="101"))
    assert ("part-over-total", "2.2", "error") in found(made)


def test_included_elsewhere_leads_to_an_answer() -> None:
    lost = report(answer("2.5", state="included-elsewhere", where="2.1"))
    circle = report(
        answer("2.1", state="included-elsewhere", where="2.5"), answer("2.5", state="included-elsewhere", where="2.1")
    )
    assert ("where-unknown", "2.5", "error") in found(lost)
    assert {c for c, _, _ in found(circle)} >= {"where-unknown"}


def test_a_change_is_explained_or_asked_for_and_an_answer_to_the_warning_is_seen() -> None:
    before = report(answer("2.1", state=V, value="290"), cycle="2022")
    bare = report(answer("2.1", state=V, value="300"))
    said = report(answer("2.1", state=V, value="300", text="new submarines"))
    remarked = report(answer("2.1", state=V, value="300", remark="see page 4"))
    assert ("change-unexplained", "2.1", "warning") in found(bare, earlier=[before])
    assert ("change-unexplained", "2.1", "warning") not in found(said, earlier=[before])
    (warning,) = [p for p in inconsistencies(remarked, FORM, earlier=[before]) if p.code == "change-unexplained"]
    assert warning.answered


@pytest.mark.parametrize("state", ["withheld", "not-reported", "withdrawn"])
def test_what_was_public_and_is_closed_is_a_withdrawal_by_whatever_word(state: str) -> None:
    before = report(answer("2.1", state="range", high="300"), cycle="2022")
    now = report(answer("2.1", state=state))
    (lost,) = withdrawals(now, [before], FORM)
    assert (lost.line, lost.before_cycle) == ("2.1", "2022")
    assert ("now-withheld", "2.1", "warning") in found(now, earlier=[before])
    (statement,) = declared_statements(
        now, FORM, DESK.words, DESK.names["FRA"], earlier=[before], stated_on=PartialDate.parse("2026-03-02")
    )
    assert (statement.form, statement.quantity) == (StatementForm.WITHDRAWN, "stockpile-ceiling")


def test_silence_on_what_was_public_is_a_withdrawal_too_but_a_seal_is_none() -> None:
    before = report(answer("2.1", state=V, value="300"), cycle="2022")
    sealed = report(answer("2.1", state="sealed", seal="sha256:" + "0" * 64))
    assert [w.line for w in withdrawals(report(), [before], FORM)] == ["2.1"]
    assert withdrawals(sealed, [before], FORM) == ()


def test_what_a_report_yields_is_declared_by_the_state_itself() -> None:
    made = report(
        answer("2.1", state="range", high="290", as_of="2025-12-31", source="Report, p. 3"),
        answer("2.2", state=V, value="200", as_of="2025"),
        answer("4.3", state=V, value="not-excluded"),
        answer("6.2", state="sealed", seal="sha256:" + "0" * 64),
    )
    statements = declared_statements(made, FORM, DESK.words, DESK.names["FRA"], stated_on=PartialDate.parse("2026-04"))
    assert {(s.form, s.quantity) for s in statements} == {
        (StatementForm.CEILING, "stockpile-ceiling"),
        (StatementForm.NUMBER, "strategic-deployed-warheads"),
        (StatementForm.STATUS, "no-first-use"),
    }
    assert {(s.verification, s.speaker, s.subject) for s in statements} == {(Verification.DECLARED, "FRA", "FRA")}


@settings(max_examples=40)
@given(report_documents())
def test_every_valid_report_can_be_weighed_and_stated(document: dict[str, Any]) -> None:
    made = report_of(document)
    inconsistencies(made, FORM, earlier=[report_of(full_document(made.state, "2010"))])
    names = DESK.names[made.state]
    statements = declared_statements(made, FORM, DESK.words, names, stated_on=PartialDate.parse("2026"))
    assert len({s.id for s in statements}) == len(statements)
    share = completeness(made, FORM).share
    assert share is None or 0 <= share <= 1


def test_sealing_or_withholding_everything_scores_nothing() -> None:
    def closed(line: Any) -> dict[str, Any]:
        head = {"field": line.field} | ({"item": line.item} if line.item else {})
        if AnswerState.SEALED in line.states:
            return head | {"state": "sealed", "seal": "sha256:" + "0" * 64}
        return head | {"state": "withheld", "text": "security"}

    made = completeness(report(*map(closed, FORM.lines)), FORM)
    assert (made.score, made.sealed + made.refused) == (Decimal(0), made.of)


def test_a_range_counts_by_its_width_and_a_ceiling_is_shown_apart() -> None:
    def score(**said: Any) -> Decimal:
        return completeness(report(answer("2.1", **said)), FORM).score

    assert score(state=V, value="290") == 1
    assert score(state="range", low="280", high="290") > score(state="range", low="100", high="290") > 0
    assert score(state="range", high="290") == 0
    assert completeness(report(answer("2.1", state="range", high="290")), FORM).bounds == 1


def test_reports_are_comparable_where_definition_unit_and_year_agree() -> None:
    def one(state: str, definition: str) -> Report:
        return report(answer("2.1", state=V, value="9", as_of="2025", definition=definition), state=state)

    same = [one(s, "Stockpile, without retired") for s in ("CHN", "FRA", "GBR")]
    assert comparability(same, FORM)[0] == 1
    assert comparability([*same[:2], one("GBR", "Inventory")], FORM)[0] == 0
    assert comparability(same[:1], FORM)[0] == 0


def test_a_comparison_shows_every_column_also_one_without_a_report() -> None:
    made = compare([report(simple_answer(FORM.by_code["2.1"]))], FORM, [("FRA", "2026"), ("GBR", "2026")])
    row = next(r for r in made.rows if r.line.code == "2.1")
    assert [c.answer is not None for c in row.cells] == [True, False]
    assert len(made.rows) == len(FORM.lines)


def test_no_cell_of_the_csv_is_a_formula() -> None:
    made = report(answer("4.5", state="narrative", text="=cmd|' /C calc'!A0"))
    text = comparison_csv(compare([made], FORM, [("FRA", "2026")]), DESK.words["en"])
    assert "'=cmd" in text and ",=cmd" not in text
