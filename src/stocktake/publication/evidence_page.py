"""The page of the evidence: what is stated differently, side by side; and how much is stated of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from stocktake.assessment.review import Catalogue
from stocktake.evidence.choice import VERSION, choose, conflicts
from stocktake.evidence.records import tally
from stocktake.evidence.statements import Statement
from stocktake.publication.phrases import Tongue


def evidence_view(catalogue: Catalogue, as_of: date, t: Tongue) -> dict[str, Any]:
    """Statements up to and on ``as_of``: conflicts with what the rule of choice puts forward, counts by quantity."""
    known = [s for s in catalogue.archive.statements if s.as_of.first <= as_of]
    counts = tally(known, catalogue.records)
    return {
        "conflicts": [_conflict(group, t) for group in conflicts(known)],
        "quantities": _quantities(known, t),
        "records": [(r.name.in_(t.code), r.about.in_(t.code), counts[r.id]) for r in catalogue.records if counts[r.id]],
        "rule": VERSION,
    }


def _conflict(group: Sequence[Statement], t: Tongue) -> dict[str, Any]:
    choice = choose(group)
    return {
        "what": t.occasion(group[0]),
        "rows": [
            {
                "said": t.stated(s),
                "speaker": t.speaker(s.speaker),
                "verification": t.of("verification", s.verification.value),
                "seen": t.of("seen", s.seen.value),
                "document": f"{s.publisher}, {s.document}",
                "url": s.url,
                "chosen": s is choice.chosen,
            }
            for s in group
        ],
    }


def _quantities(statements: Sequence[Statement], t: Tongue) -> list[tuple[str, str, int, str, str, int]]:
    """Quantity in words and by id, statements, first and last date, how many checked."""
    groups: dict[str, list[Statement]] = {}
    for s in statements:
        groups.setdefault(s.quantity, []).append(s)
    return [
        (
            t.quantity(quantity),
            quantity,
            len(rows),
            str(rows[0].as_of),
            str(max(s.as_of for s in rows)),
            sum(s.checked for s in rows),
        )
        for quantity, rows in sorted(groups.items())
    ]
