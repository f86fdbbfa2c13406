"""Invented evidence of every kind on one State of the small catalogue, and how it is reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from stocktake.assessment.findings import Finding
from stocktake.assessment.review import Catalogue, Review, review
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Statement
from stocktake.secretariat.catalogue import load_catalogue
from tests.assessment.cases import statement

AS_OF = date(2045, 12, 31)
STATE = "XAA"
SMALL: Catalogue = load_catalogue(Path(__file__).parents[1] / "fixtures" / "catalogue")[0]


def reviewed(statements: list[Statement], as_of: date = AS_OF) -> Review:
    """The small review, with these statements on the stockpile of the State in place of its own."""
    return review(with_evidence(statements), as_of=as_of)


def with_evidence(statements: list[Statement]) -> Catalogue:
    others = [s for s in SMALL.archive.statements if not (s.quantity == "moon-stockpile" and s.subject == STATE)]
    return replace(SMALL, archive=Archive([*others, *statements], SMALL.archive.speakers.values()))


def of_the_state(made: Review) -> dict[str, Finding]:
    return {f.id: f for p in made.paragraphs for f in p.findings if f.subject == STATE}


def moon(id: str, as_of: str, **fields: Any) -> Statement:
    return statement(id, as_of, **{"quantity": "moon-stockpile", "subject": STATE} | fields)


DAYS = ("2040", "2043", "2044", "2044-06-30", "2044-11", "2045", "2045-02", "2045-06-30", "2045-10-01")
AMOUNTS = st.integers(0, 60).map(lambda n: n * 5)


@st.composite
def figures(draw: st.DrawFn, id: str) -> Statement:
    """A figure of somebody: of the State itself or of an estimator, bare or with bounds."""
    own = draw(st.booleans())
    speaker = STATE if own else draw(st.sampled_from(["INSTITUTE", "ALMANAC", "OBSERVATORY"]))
    best, below, above = draw(AMOUNTS), draw(st.integers(0, 8)), draw(st.integers(0, 8))
    as_of = draw(st.sampled_from(DAYS))
    vintage = draw(st.sampled_from([None, "2044", "2045"] if own else ["2044", "2045"]))
    kind = {} if own else {"series": speaker.lower(), "series_kind": draw(st.sampled_from(["snapshots", "back-cast"]))}
    return moon(
        id,
        as_of,
        best=str(best),
        low=str(max(best - below, 0)),
        high=str(best + above),
        speaker=speaker,
        verification="declared" if own else "estimated",
        vintage=vintage,
        **kind,
    )


@st.composite
def others(draw: st.DrawFn, id: str) -> Statement:
    """A ceiling, a range, an event with a direction, a refusal, a figure from memory."""
    as_of = draw(st.sampled_from(DAYS))
    own = {"speaker": STATE, "verification": "declared"}
    a, b = sorted([draw(AMOUNTS), draw(AMOUNTS)])
    choices: list[Mapping[str, Any]] = [
        {"form": "ceiling", "high": str(b), **own},
        {"form": "range", "low": str(a), "high": str(b), "speaker": "OBSERVATORY"},
        {"form": "event", "direction": draw(st.sampled_from(["up", "down"])), "speaker": "OBSERVATORY"},
        {"form": draw(st.sampled_from(["withheld", "withdrawn"])), **own},
        {"form": "number", "best": str(b), "seen": "memory", "speaker": "INSTITUTE", "series": "institute"},
    ]
    return moon(id, as_of, **draw(st.sampled_from(choices)))


EVIDENCE = (
    st.integers(0, 7)
    .flatmap(lambda n: st.tuples(*[st.one_of(figures(f"s{i}"), figures(f"s{i}"), others(f"s{i}")) for i in range(n)]))
    .map(list)
)
