"""What we transcribed agrees with what it was transcribed from, figure by figure.

The shared folder holds the sources; the catalogue holds our rows. A typing error here would be quoted against a
government, so every figure that has a source at hand is compared with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from stocktake.assessment.review import Catalogue
from stocktake.evidence.statements import Statement
from stocktake.secretariat.catalogue import load_catalogue

pytestmark = pytest.mark.shared

CATALOGUE: Catalogue = load_catalogue()[0]
KNOWN = {s.id: s for s in CATALOGUE.archive.statements}

# Rows whose number was changed on purpose; the note of each row says why.
OUR_BOUNDS = {
    "ars-op5-105": "low 200s read as 200 to 249",
    "ars-op5-108": "low 600s read as 600 to 649",
    "ars-op26-022": "four trillion written as 4,000 billion",
    "ars-op26-019": "2.7 trillion written as 2,700 billion",
}
# Rows dated otherwise on purpose: plans stand under the day of the plan, not of what is planned.
PLANS = {"ars-op9-004", "ars-op9-005", "ars-op9-024", "tpnw-revcon1"}
# Projections stand under the year that is projected: one paper projects several years.
PROJECTIONS = {"ars-op5-110", "ars-op5-111"}
OUR_DATES = PLANS | PROJECTIONS | {"ars-op5-133"}


def facts(shared: Path, name: str) -> dict[str, dict[str, Any]]:
    text = (shared / "reference" / name).read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {row["id"]: row for row in rows}


def table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def numbers(s: Statement) -> set[Decimal]:
    return {n for n in (s.low, s.best, s.high) if n is not None}


@pytest.mark.parametrize(("name", "day"), [("facts-arsenals.yaml", "as_of"), ("facts-institutions.yaml", "date")])
def test_a_row_with_the_id_of_a_fact_has_its_number_and_its_year(shared: Path, name: str, day: str) -> None:
    wrong: list[tuple[str, str, object, object]] = []
    compared = 0
    for id, fact in facts(shared, name).items():
        s = KNOWN.get(id)
        if s is None:
            continue
        value = fact["value"]
        stated = value if isinstance(value, list) else [value]
        if numbers(s) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in stated):
            compared += 1
            if numbers(s) != {Decimal(str(v)) for v in stated} and id not in OUR_BOUNDS:
                wrong.append((id, "number", value, numbers(s)))
        if str(s.as_of)[:4] not in str(fact[day]) and id not in OUR_DATES:
            wrong.append((id, "year", fact[day], str(s.as_of)))
    assert wrong == []
    assert compared >= 25


def test_the_estimates_of_each_state_and_year_are_those_of_the_series(shared: Path) -> None:
    source = shared / "data" / "warheads-fas-owid" / "owid_chart_stockpiles_1945_2023.csv"
    published = {(r["Code"].lower(), r["Year"]): Decimal(list(r.values())[-1]) for r in table(source) if r["Code"]}
    rows = [s for s in KNOWN.values() if s.id.startswith("fas23-") and s.quantity == "stockpile" and s.best is not None]
    compared = [(s.id, s.best, published[s.subject.lower(), str(s.as_of)]) for s in rows if s.subject != "WORLD"]
    assert len(compared) >= 60
    assert [c for c in compared if c[1] != c[2]] == []


def test_the_declared_numbers_of_new_start_are_those_exchanged(shared: Path) -> None:
    source = shared / "data" / "new-start" / "new_start_aggregate_numbers.csv"
    published = {(r["party_iso3"], r["as_of"][:7]): Decimal(r["deployed_warheads"]) for r in table(source)}
    rows = [s for s in KNOWN.values() if s.quantity == "new-start-deployed-warheads" and s.best is not None]
    compared = [(s.id, s.best, published[s.subject, str(s.as_of)[:7]]) for s in rows]
    assert len(compared) >= 20
    assert [c for c in compared if c[1] != c[2]] == []


def test_spending_is_that_of_the_report_named_as_its_vintage(shared: Path) -> None:
    source = shared / "data" / "spending-ican" / "ican_nuclear_weapons_spending.csv"
    published = {
        (r["iso3"], r["year"], r["vintage"].split()[3]): Decimal(r["usd_billion_current"]) for r in table(source)
    }
    rows = [s for s in KNOWN.values() if s.quantity == "nuclear-spending" and (s.series or "") == "ican-spending"]
    compared = [(s.id, s.best, published[s.subject, str(s.as_of), str(s.vintage)]) for s in rows]
    assert len(compared) >= 20
    assert [c for c in compared if c[1] != c[2]] == []


def test_the_roll_call_is_that_of_the_matrix(shared: Path) -> None:
    source = shared / "data" / "unga-votes" / "nac_resolution_rollcalls_1998_2020.csv"
    words = {"yes": "voted for", "no": "against", "abstain": "abstained", "absent": "absent"}
    official = {r["iso3"]: words[r["vote"]] for r in table(source) if r["resolution"] == "A/RES/75/65"}
    assert {iso: how for (_, iso), how in CATALOGUE.votes.items()} == official


def test_the_parties_to_the_treaty_are_those_of_the_depositaries(shared: Path) -> None:
    source = shared / "data" / "treaty-status-unoda-2018" / "nuclear_treaty_actions_derived.csv"
    joined = {r["iso3"] for r in table(source) if r["treaty"] == "NPT" and r["action"] != "signature"}
    assert {m.iso3 for m in CATALOGUE.memberships if m.roster == "NPT-SP"} == joined
    assert len(joined) == 191


def test_the_test_ban_treaty_is_ratified_by_whom_the_depositary_says(shared: Path) -> None:
    source = shared / "data" / "treaty-status-unoda-2018" / "nuclear_treaty_actions_derived.csv"
    joined = [("CTBT", "ratification"), ("CTBT", "succession")]
    ratified = {r["iso3"]: r["date"] for r in table(source) if (r["treaty"], r["action"]) in joined}
    deposits = [s for s in KNOWN.values() if s.quantity == "ctbt-ratification" and s.speaker == "UNODA-TREATIES"]
    rows = [s for s in deposits if s.act == "ratified"]
    assert len(rows) == 166
    assert [
        (s.id, str(s.as_of), ratified.get(s.subject)) for s in rows if ratified.get(s.subject) != str(s.as_of)
    ] == []


def test_the_wrong_table_that_sums_up_right_was_not_taken() -> None:
    assert "ars-op5-043" not in KNOWN
    assert not [s.id for s in KNOWN.values() if "NONE of five" in (s.note or "")]


def test_by_2010_the_dprk_had_tested_twice(shared: Path) -> None:
    """One public table has three tests in 2010; the other, with the right total of six, has none."""
    rows = [s for s in KNOWN.values() if s.quantity == "nuclear-test" and s.subject == "PRK" and s.best is not None]
    until_2010 = sum((s.best or Decimal(0) for s in rows if s.as_of.first.year <= 2010), Decimal(0))
    assert until_2010 == 2
    assert sum((s.best or Decimal(0) for s in rows), Decimal(0)) == 6
