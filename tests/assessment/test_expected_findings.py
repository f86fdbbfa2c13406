"""Expected findings, written from the sources before any rule was run on them: tests/vectors/findings.csv.

Each row asks the whole way from the bundled facts to the finding what an expert would conclude, and why. Two words of
the table are no verdicts: ``not addressed`` (the clause does not speak to that subject) and ``disputed`` (its place on
the roster is contested: named, not counted).
"""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from operator import itemgetter
from pathlib import Path

import pytest

from stocktake.assessment.findings import Finding
from stocktake.assessment.review import ParagraphReview, Review, review
from stocktake.secretariat.log_catalogue import what_was_known

ROWS = list(csv.DictReader((Path(__file__).parents[1] / "vectors" / "findings.csv").open(encoding="utf-8")))

# Expected findings that the rules or the facts do not give yet, each with what is at fault.
# What begins with "engine" is a rule, with "facts" a row or act that the catalogue lacks.
KNOWN_FAULTS: dict[str, str] = {
    "usa-2010-2023-est": "engine: neither the State's own fall of the same size nor treaty counts second an estimate",
    "gbr-excess-2026": "facts: the designation of 1998 has no act of disposition (gbr-excess-1998 is an amount only)",
    "rus-dec-2026": "facts: the statement of 7 May 2025 on the limits of transparency is no row on the stockpile",
    "rus-pelindaba-2010": "facts: the signature of 1996 is no row, and a protocol without a row has no finding",
    "rus-action4-2010": "facts: the signature of 2010 is no row, and signed is no act of new-start-successor",
}


@cache
def reviewed(register: str, as_of: str, known_at: str) -> Review:
    known = what_was_known(None, date.fromisoformat(known_at) if known_at else None, register)
    return review(known.catalogue, as_of=date.fromisoformat(as_of))


def paragraph_of(row: dict[str, str]) -> ParagraphReview:
    made = reviewed(row["register"], row["as_of"], row["known_at"])
    [found] = [p for p in made.paragraphs if f"#{p.paragraph.key.anchor}" == row["paragraph"]]
    return found


def of_subject(row: dict[str, str]) -> list[Finding]:
    return [
        f
        for f in paragraph_of(row).findings
        if (f.clause, f.indicator.id) == (int(row["clause"]), row["indicator"])
        and row["subject"] in {f.subject, *(f.subject.split("+") if f.indicator.subjects == "any" else ())}
        and row["part"] in ("", f.part)
        and (f.context or row["reading"] in ("", f.reading))
    ]


def answer(row: dict[str, str]) -> tuple[str, str]:
    """Verdict and reason as the review gives them, in the words of the table."""
    clause = paragraph_of(row).clauses[int(row["clause"]) - 1]
    readings = [r for r in clause.readings if row["reading"] in ("", r.id)]
    if any(row["subject"] in r.disputed for r in readings):
        return "disputed", ""
    if clause.clause.duty == "none":
        return "no act asked", ""
    found = of_subject(row)
    addressed = any(row["subject"] in (*r.addressees, r.key) for r in readings)
    if not addressed and not any(f.context or f.reading == row["reading"] or not row["reading"] for f in found):
        return "not addressed", ""
    if not found:
        return "no finding", ""
    assert len(found) == 1, f"{len(found)} findings answer {row['id']}"
    outcome = found[0].outcome
    if found[0].indicator.method == "record" and outcome.evidence:
        return "no verdict", ""
    return outcome.verdict or "no verdict", (outcome.reason or "") if outcome.verdict == "undetermined" else ""


def test_the_table_covers_what_was_asked() -> None:
    subjects = {row["subject"] for row in ROWS}
    assert len(ROWS) >= 40
    assert subjects >= {"CHN", "FRA", "GBR", "RUS", "USA", "IND", "ISR", "PAK", "PRK", "SSD", "WORLD"}
    assert all(row["why"] and row["source"] and row["confidence"] for row in ROWS)
    assert all(row["naive"] != row["verdict"] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=itemgetter("id"))
def test_the_review_finds_what_an_expert_concludes(row: dict[str, str]) -> None:
    found, expected = answer(row), (row["verdict"], row["undetermined_reason"])
    if fault := KNOWN_FAULTS.get(row["id"]):
        assert found != expected, f"mended: take {row['id']} off the known faults ({fault})"
        return
    assert found == expected, row["why"]
    if row["tolerance"]:
        share = Fraction(row["tolerance"])
        [finding] = of_subject(row)
        assert finding.outcome.tolerance is not None
        assert abs(finding.outcome.tolerance - Decimal(share.numerator) / share.denominator) < Decimal("1e-9")


FIGURE = re.compile(r"(\d+) \((\d{4})")
PAIRS = [row for row in ROWS if row["indicator"].startswith("stockpile-") and len(FIGURE.findall(row["figures"])) == 2]


@pytest.mark.parametrize(
    "row",
    [r for r in PAIRS if r["verdict"] != "not addressed" and r["id"] not in KNOWN_FAULTS],
    ids=itemgetter("id"),
)
def test_a_change_is_weighed_on_the_figures_that_the_sources_give(row: dict[str, str]) -> None:
    if row["undetermined_reason"] in ("withheld", "no data"):
        return
    [found] = of_subject(row)
    pair = [s for s in (found.outcome.baseline, found.outcome.value) if s]
    stated = [(str(s.best if s.best is not None else s.high), str(s.as_of.first.year)) for s in pair]
    assert stated == FIGURE.findall(row["figures"])


@pytest.mark.parametrize("row", [r for r in ROWS if r["indicator"] == "nuclear-spending"], ids=itemgetter("id"))
def test_spending_of_one_year_is_shown_as_it_was_known(row: dict[str, str]) -> None:
    [found] = of_subject(row)
    of_2019 = [s for s in found.outcome.evidence if str(s.as_of) == "2019"]
    latest = max(of_2019, key=lambda s: str(s.vintage))
    assert str(latest.best) == row["figures"].split()[0]


def test_the_total_of_the_world_falls_while_its_stockpiles_rise() -> None:
    moved = {}
    for row in (r for r in ROWS if r["id"] in ("world-inventory", "world-stockpile")):
        [found] = of_subject(row)
        before, after = found.outcome.baseline, found.outcome.value
        assert before and after and before.best and after.best
        moved[row["id"]] = "falls" if after.best < before.best else "rises"
    assert moved == {"world-inventory": "falls", "world-stockpile": "rises"}


def test_a_refusal_that_was_lifted_withholds_nothing() -> None:
    [row] = [r for r in ROWS if r["id"] == "usa-dec-2021-known-then"]
    [found] = of_subject(row)
    assert "ars-op5-131" not in {s.id for s in found.outcome.evidence}


def test_abstention_is_kept_only_over_the_years_that_a_count_covers() -> None:
    [row] = [r for r in ROWS if r["id"] == "rus-tests-2021"]
    [found] = of_subject(row)
    assert {s.as_of.first.year for s in found.outcome.evidence} >= set(range(2011, 2022))


def test_no_fault_is_listed_that_the_table_does_not_have() -> None:
    assert set(KNOWN_FAULTS) <= {row["id"] for row in ROWS}
