"""What imports are compared with: the bundled names, layouts, rosters, tallies and totals."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from stocktake.evidence.comparisons import Total
from stocktake.evidence.layouts import Kind, Layout
from stocktake.evidence.names import Name, Names
from stocktake.secretariat.catalogue import load_states
from stocktake.terms.problems import StocktakeError
from stocktake.terms.states import Membership, State


class UnknownKind(StocktakeError):
    """A kind of data set for which there is no importer."""

    code = "unknown-kind"


@dataclass(frozen=True)
class Reference:
    """What imports are compared with: names, layouts, rosters, tallies and the States."""

    kinds: tuple[Kind, ...]
    layouts: tuple[Layout, ...]
    names: Names
    states: tuple[State, ...]
    memberships: tuple[Membership, ...]
    tallies: dict[str, dict[str, int]]
    roll_calls: dict[str, str]
    totals: tuple[Total, ...]

    @property
    def members(self) -> frozenset[str]:
        return frozenset(s.iso3 for s in self.states if s.un_member)

    def kind(self, text: str) -> Kind:
        for kind in self.kinds:
            if text == kind.id or text in kind.also:
                return kind
        known = ", ".join(k.id for k in self.kinds)
        raise UnknownKind(f"There is no importer for {text!r}; there are: {known}.")


@cache
def reference() -> Reference:
    """The bundled names, layouts and tallies."""
    home = files("stocktake").joinpath("catalogue")
    data: Any = yaml.load(home.joinpath("layouts.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    states, memberships = load_states()
    rows = list(csv.DictReader(io.StringIO(home.joinpath("names.csv").read_text(encoding="utf-8"))))
    names = Names(
        states,
        (Name(r["name"], r["code"], r["source"]) for r in rows if r["form"] == "name"),
        {r["name"]: r["code"] for r in rows if r["form"] == "iso2"},
    )
    tallies = list(csv.DictReader(io.StringIO(home.joinpath("tallies.csv").read_text(encoding="utf-8"))))
    return Reference(
        tuple(Kind.model_validate(k) for k in data["kinds"]),
        tuple(
            Layout.model_validate(
                {**row, "translate": {**data["translate"].get(row["kind"], {}), **row.get("translate", {})}}
            )
            for row in data["layouts"]
        ),
        names,
        states,
        memberships,
        {t["symbol"]: {word: int(t[word]) for word in ("yes", "no", "abstain")} for t in tallies},
        {t["roll_call"]: t["symbol"] for t in tallies},
        tuple(
            Total(r["quantity"], r["subject"], int(r["since"]), int(r["until"]), int(r["value"]), r["source"])
            for r in csv.DictReader(io.StringIO(home.joinpath("totals.csv").read_text(encoding="utf-8")))
        ),
    )
