"""How near estimators came, as a document (``stocktake.calibration/1``), and in the words of a language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from stocktake.assessment.calibration import NEAR_DAYS, Calibration, Score, Standing
from stocktake.evidence.statements import Statement
from stocktake.publication.document import statement_document
from stocktake.publication.phrases import Tongue

FORMAT = "stocktake.calibration/1"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ScoreOut(_Part):
    """``error``: estimate minus revealed, in ``unit``; ``last_error``: of repeating ``last``, revealed before."""

    subject: str
    estimate: str
    revealed: str
    unit: str | None
    error: str
    share: float | None
    days_apart: int
    standing: str
    within: bool | None
    last: str | None
    last_error: str | None


class CalibrationOut(_Part):
    """Shares are of the revealed figure; null unless figures were revealed on several occasions."""

    speaker: str
    quantity: str
    figures: int
    occasions: int
    bias: float | None
    spread: float | None
    size: float | None
    repeated: float | None
    scores: list[ScoreOut]


class CalibrationsOut(_Part):
    format: str = FORMAT
    as_of: str
    near_days: int
    estimators: list[CalibrationOut]
    statements: dict[str, dict[str, Any]]


def calibration_document(found: Sequence[Calibration], as_of: date) -> CalibrationsOut:
    named = [s for c in found for x in c.scores for s in (x.estimate, x.revealed, x.last) if s is not None]
    return CalibrationsOut(
        as_of=as_of.isoformat(),
        near_days=NEAR_DAYS,
        estimators=[
            CalibrationOut(
                speaker=c.speaker,
                quantity=c.quantity,
                figures=c.figures,
                occasions=c.occasions,
                bias=_share(c.bias),
                spread=_share(c.spread),
                size=_share(c.size),
                repeated=_share(c.repeated),
                scores=[_score(s) for s in c.scores],
            )
            for c in found
        ],
        statements={s.id: statement_document(s) for s in sorted(named, key=lambda s: s.id)},
    )


def _share(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 4))


def _score(s: Score) -> ScoreOut:
    return ScoreOut(
        subject=s.revealed.subject,
        estimate=s.estimate.id,
        revealed=s.revealed.id,
        unit=s.revealed.unit,
        error=str(s.error),
        share=_share(s.share),
        days_apart=s.days,
        standing=s.standing.value,
        within=s.within,
        last=s.last.id if s.last else None,
        last_error=None if s.last_error is None else str(s.last_error),
    )


def calibration_view(found: Sequence[Calibration], t: Tongue) -> dict[str, Any]:
    """For a page or a terminal: each estimator with its summary in words, and a row for each reveal."""
    return {
        "estimators": [
            {
                "name": f"{t.speaker(c.speaker)} · {t.quantity(c.quantity)}",
                "summary": summary(c, t),
                "rows": [score_row(s, t) for s in c.scores],
            }
            for c in found
        ]
    }


def summary(c: Calibration, t: Tongue) -> str:
    """One reveal is called one; bias and spread where there are several, beside what repeating would have given."""
    if c.figures == 0:
        return t.page("cal_none")
    if c.bias is None or c.spread is None:
        return t.page("cal_one" if c.figures == 1 else "cal_one_occasion").format(n=c.figures)
    said = t.page("cal_several").format(
        n=c.figures, k=c.occasions, bias=signed_share(c.bias, t), spread=t.share(c.spread)
    )
    if c.size is None or c.repeated is None:
        return said
    return f"{said}{t.page('cal_repeated').format(size=t.share(c.size), repeated=t.share(c.repeated))}"


def score_row(s: Score, t: Tongue) -> dict[str, Any]:
    return {
        "subject": t.subject(s.revealed.subject),
        "estimated": _figure(s.estimate, t),
        "revealed": _figure(s.revealed, t),
        "error": t.signed(s.error),
        "share": signed_share(s.share, t) if s.share is not None else "–",
        "repeat": t.signed(s.last_error) if s.last_error is not None else "–",
        "standing": t.of("standings", s.standing.value),
        "scored": s.standing is Standing.SCORED,
        "sources": [(x.id, f"{x.publisher}, {x.document}", x.url or "") for x in (s.estimate, s.revealed)],
    }


def signed_share(value: Decimal, t: Tongue) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{t.share(value)}"


def _figure(s: Statement, t: Tongue) -> str:
    """A figure with the date that it is of, and the day on which it was said."""
    said = s.stated_on or s.vintage or s.published
    words = {"figure": t.figure(s), "as_of": t.date(s.as_of), "said": t.date(said) if said else "?"}
    return t.page("cal_figure").format(**words)
