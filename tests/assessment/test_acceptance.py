"""Whose measure is it? Computed from roll-calls and dated rosters, never assumed."""

from __future__ import annotations

from datetime import date

import pytest

from stocktake.assessment.review import review
from stocktake.secretariat.catalogue import load_catalogue

BUNDLED = review(load_catalogue()[0], as_of=date(2026, 11, 22))


def accepted(anchor: str, subject: str) -> dict[str, str]:
    [p] = [p for p in BUNDLED.paragraphs if p.paragraph.key.anchor == anchor]
    finding = next(f for f in p.findings if f.subject == subject)
    return {a.instrument: a.how for a in finding.acceptance}


@pytest.mark.parametrize("state", ["CHN", "FRA", "GBR", "RUS", "USA"])
def test_the_five_voted_against_and_had_joined_the_consensus(state: str) -> None:
    assert accepted("op5", state) == {
        "A/RES/75/65": "against",
        "NPT/CONF.2010/50(Vol.I)#action3": "joined the consensus",
    }


@pytest.mark.parametrize(("state", "vote"), [("IND", "against"), ("ISR", "against"), ("PAK", "abstained")])
def test_those_outside_the_treaty_joined_no_consensus_of_its_parties(state: str, vote: str) -> None:
    assert accepted("op6", state) == {"A/RES/75/65": vote, "NPT/CONF.2010/50(Vol.I)#action5e": "not party"}


def test_a_disputed_withdrawal_is_called_disputed() -> None:
    assert accepted("op6", "PRK")["NPT/CONF.2010/50(Vol.I)#action5e"] == "disputed"


def test_a_body_accepts_nothing() -> None:
    assert accepted("op17", "CD") == {}


def test_the_roll_call_counts_as_the_register_says() -> None:
    votes = [how for (symbol, _), how in BUNDLED.catalogue.votes.items() if symbol == "A/RES/75/65"]
    assert [votes.count(how) for how in ("voted for", "against", "abstained")] == [138, 33, 15]
