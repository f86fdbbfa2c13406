"""A sum of ours is the sum of its rows, and is not there where a row is missing."""

from __future__ import annotations

from decimal import Decimal

from stocktake.secretariat.catalogue import load_catalogue
from stocktake.terms.states import roster

SUMS, PARTS = "fas-stockpile-sum", "fas-stockpile"


def test_the_stockpile_of_the_world_is_the_sum_of_the_states_of_its_edition() -> None:
    catalogue, _, _ = load_catalogue()
    statements = catalogue.archive.statements
    sums = [s for s in statements if s.series == SUMS]
    assert len(sums) >= 9
    for total in sums:
        states = roster(catalogue.memberships, "STATES-POSSESSING-NW", total.as_of.first)
        rows = {
            s.subject: s.best or Decimal(0)
            for s in statements
            if (s.series, s.as_of, s.vintage) == (PARTS, total.as_of, total.vintage) and s.subject in states
        }
        assert rows.keys() == set(states)
        assert sum(rows.values()) == total.best
