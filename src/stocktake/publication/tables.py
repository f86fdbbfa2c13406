"""The findings of one paragraph as CSV, a row a finding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from stocktake.assessment.findings import Finding
from stocktake.assessment.review import ParagraphReview
from stocktake.evidence.statements import Statement

COLUMNS = (
    "id",
    "clause",
    "reading",
    "indicator",
    "subject",
    "context",
    "verdict",
    "reason",
    "baseline",
    "baseline_as_of",
    "value",
    "value_as_of",
    "unit",
    "speaker",
    "verification",
    "tolerance",
    "basis",
    "accepted_by_subject",
    "evidence",
    "not_chosen",
)


def findings_csv(p: ParagraphReview) -> str:
    """A number stands alone, an interval as ``low..high`` with an open side empty, an act as its keyword."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tuple(_cells(f)) for f in p.findings)
    return out.getvalue()


def _cells(f: Finding) -> Iterator[object]:
    o = f.outcome
    yield from (f.id, f.clause, f.reading or "", f.indicator.id, f.subject, f.context, o.verdict or "", o.reason or "")
    for s in (o.baseline, o.value):
        yield from (_value(s), s.as_of) if s else ("", "")
    last = o.value or o.baseline
    yield from (f.indicator.unit or "", last.speaker if last else "", last.verification.value if last else "")
    yield "" if o.tolerance is None else f"{o.tolerance:.4f}"
    yield from (f.basis, f.accepted_by_subject or "")
    yield from (" ".join(s.id for s in rows) for rows in (o.evidence, o.not_chosen))


def _value(s: Statement) -> str:
    interval = s.interval
    if interval is None:
        return s.act or ""
    if interval.best is not None:
        return str(interval.best)
    return "..".join("" if n is None else str(n) for n in (interval.low, interval.high))
