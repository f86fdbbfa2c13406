"""Short ways to say a statement, an indicator and an archive in a test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from stocktake.evidence.archive import Archive, Speaker
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import Indicator
from stocktake.register.policy import Rules
from stocktake.terms.provenance import SpeakerKind

ADOPTED = date(2020, 12, 7)
RULES = Rules(version="1", effective=ADOPTED, own_margin=Decimal("0.10"), current_years=2, baseline_grace_days=120)
SECOND = RULES.model_copy(
    update={
        "version": "2",
        "closed_figures_first": True,
        "open_bounds_conclude": True,
        "lifted_refusals_yield": True,
        "pending_before_deadline": True,
        "year_of_adoption_counts": True,
        "count_covers_every_year": True,
        "own_revisions_widen_nothing": True,
    }
)
SPEAKERS = (
    Speaker("FAS", SpeakerKind.EXPERT, (("en", "FAS"), ("zh", "FAS")), "fas-sipri"),
    Speaker("SIPRI", SpeakerKind.EXPERT, (("en", "SIPRI"), ("zh", "SIPRI")), "fas-sipri"),
    Speaker("WATCH", SpeakerKind.EXPERT, (("en", "Watch"), ("zh", "Watch")), ""),
)


def statement(id: str, as_of: str, best: str | None = None, **fields: Any) -> Statement:
    """A statement on CHN's stockpile by FAS unless said otherwise; an event or a refusal where there is no number."""
    number = any(fields.get(name) is not None for name in ("low", "high")) or best is not None
    base: dict[str, Any] = {
        "id": id,
        "quantity": "stockpile",
        "subject": "CHN",
        "form": "number" if number else "event",
        "best": best,
        "unit": "warheads" if number else None,
        "as_of": as_of,
        "speaker": "FAS",
        "verification": "estimated",
        "seen": "copy",
        "publisher": "P",
        "document": "D",
        "text_en": None if number else "it happened",
        "text_zh": None if number else "发生了",
    }
    return Statement(**base | fields)


def estimate(id: str, as_of: str, best: str, **fields: Any) -> Statement:
    """One figure of the estimator's series of snapshots."""
    return statement(id, as_of, best, **{"series": "fas", "series_kind": "snapshots", "vintage": as_of[:4]} | fields)


def declared(id: str, as_of: str, best: str, **fields: Any) -> Statement:
    return statement(id, as_of, best, **{"speaker": "CHN", "verification": "declared"} | fields)


def refusal(id: str, as_of: str, form: str = "withheld") -> Statement:
    return statement(id, as_of, form=form, speaker="CHN", verification="declared")


def archive(statements: Iterable[Statement]) -> Archive:
    return Archive(statements, SPEAKERS)


def indicator(**fields: Any) -> Indicator:
    base: dict[str, Any] = {
        "id": "stockpile-estimated",
        "code": "A1",
        "name": {"en": "stockpile", "zh": "库存"},
        "method": "change",
        "quantity": "stockpile",
        "speakers": "others",
        "unit": "warheads",
        "polarity": "down",
        "definition": {"en": "d", "zh": "d"},
    }
    return Indicator(**base | fields)
