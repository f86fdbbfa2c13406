"""Reduce or limit: a number before and after, and whether the difference is a change.

The rules are those of the design's "rules of the field", version 1 (catalogue/policy.yaml):
tolerance as the headline, margins in the open, and differences between estimates that are not read as change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from stocktake.assessment.findings import CONTRADICT, NO_DATA, REVISED, UNDETERMINED, WITHHELD, WITHIN, Margin, Outcome
from stocktake.evidence.archive import Archive, carries, is_numeric
from stocktake.evidence.statements import SILENT, Form, Statement
from stocktake.register.indicators import Indicator
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import SpeakerKind, Verification

# A first figure this soon after adoption may stand for the figure at adoption (yearbooks date from January).
BASELINE_GRACE = timedelta(days=120)


@dataclass(frozen=True)
class Pair:
    """A figure at adoption and the latest one, of one series."""

    baseline: Statement
    value: Statement


def weigh_change(
    indicator: Indicator, statements: Sequence[Statement], archive: Archive, *, adopted: date, own_margin: Decimal
) -> Outcome:
    """Weigh one subject's number against the duty to reduce it.

    ``advanced`` or ``reversed`` when the whole interval of change lies beyond the margin; ``unchanged`` when it lies
    within it; else undetermined, with the reason. Between snapshots a difference counts only when a dated event or an
    independent speaker's own figures show the same direction.
    """
    seen = [s for s in statements if is_numeric(s) or s.form in SILENT or s.direction]
    usable = [s for s in seen if carries(s)]
    silent = [s for s in usable if s.form in SILENT]
    figures = [s for s in usable if is_numeric(s) and _speaks(indicator, s, archive)]
    if indicator.speakers == "self" and silent and (not figures or _latest(silent).as_of >= _latest(figures).as_of):
        refusal = _latest(silent)
        last = _latest(figures) if figures else None
        return _outcome(seen, UNDETERMINED, WITHHELD, baseline=last, rests_on=[refusal, *([last] if last else [])])
    pair = _pair(indicator, figures, adopted)
    if pair is None:
        # Refusals and events are listed as left over, so that nothing unlisted could have changed this.
        return _outcome(seen, UNDETERMINED, NO_DATA)
    return _weigh_pair(indicator, pair, seen, usable, archive, own_margin)


def _weigh_pair(
    indicator: Indicator,
    pair: Pair,
    seen: Sequence[Statement],
    usable: Sequence[Statement],
    archive: Archive,
    own_margin: Decimal,
) -> Outcome:
    before, after = bounds(indicator, pair.baseline), bounds(indicator, pair.value)
    change = after - before
    if change is None or not change.is_closed:
        return _outcome(seen, UNDETERMINED, WITHIN, pair=pair, change=change, rests_on=[pair.baseline, pair.value])
    margin, revisions = margin_of(indicator, pair, usable, own_margin)
    direction = _direction(change)
    falls, rises = (
        ((), ())
        if comparable(pair)
        else (_witnesses(pair, usable, archive, "down"), _witnesses(pair, usable, archive, "up"))
    )
    support, against = {"down": (falls, rises), "up": (rises, falls)}.get(direction or "", ((), falls + rises))
    rests_on = [pair.baseline, pair.value, *revisions, *support, *against]
    verdict, reason = _judge(indicator, pair, change, margin.amount, bool(support), bool(against))
    return _outcome(
        seen,
        verdict,
        reason,
        pair=pair,
        change=change,
        margin=margin,
        support=support,
        rests_on=rests_on,
        tolerance=tolerance(before, after) if verdict in ("advanced", "reversed") else None,
    )


def _judge(
    indicator: Indicator, pair: Pair, change: Interval, margin: Decimal, supported: bool, opposed: bool
) -> tuple[str, str | None]:
    assert change.low is not None and change.high is not None
    beyond = "down" if change.high < -margin else "up" if change.low > margin else None
    within = -margin <= change.low and change.high <= margin
    if comparable(pair):
        verdict = _word(indicator, beyond) if beyond else "unchanged" if within else None
        return (verdict, None) if verdict else (UNDETERMINED, WITHIN)
    same = change.best == 0
    if opposed and (same or (beyond and supported)):
        return UNDETERMINED, CONTRADICT
    if same and within:
        return "unchanged", None
    if beyond and supported:
        return _word(indicator, beyond), None
    return UNDETERMINED, WITHIN if change.best is None or same else REVISED


def _word(indicator: Indicator, beyond: str) -> str:
    return "advanced" if beyond == (indicator.polarity or "down") else "reversed"


def bounds(indicator: Indicator, statement: Statement) -> Interval:
    """The stated interval; a ceiling is compared with a ceiling, and only where the indicator is about limits."""
    interval = statement.interval
    assert interval is not None
    if indicator.ceiling and interval.high is not None:
        return Interval.point(interval.high)
    return interval


def tolerance(before: Interval, after: Interval) -> Decimal | None:
    """The share x by which both figures must err, in opposite directions, to be equal: a (1 + x) = b (1 - x).

    For stocks, which are never negative; None where there is no best figure or both are zero.

    >>> round(tolerance(Interval.point(Decimal(350)), Interval.point(Decimal(600))), 3)
    Decimal('0.263')
    """
    a, b = before.best, after.best
    if a is None or b is None or a + b <= 0:
        return None
    return abs(b - a) / (a + b)


def margin_of(
    indicator: Indicator, pair: Pair, usable: Iterable[Statement], own_margin: Decimal
) -> tuple[Margin, list[Statement]]:
    """How large a change must be to count, and the statements that show it.

    The largest revision that this speaker has made to the same figures; else half the unit to which a declared figure
    is rounded; else a share of the baseline that is ours. A published error enters through the interval of change.
    """
    baseline = bounds(indicator, pair.baseline)
    size = next(abs(n) for n in (baseline.best, baseline.high, baseline.low) if n is not None)
    revision = largest_revision(s for s in usable if s.speaker == pair.baseline.speaker)
    if revision is not None:
        share, pair_of_rows = revision
        return Margin(share * size, "revision"), list(pair_of_rows)
    if indicator.rounding is not None and pair.value.verification in (Verification.DECLARED, Verification.VERIFIED):
        return Margin(indicator.rounding / 2, "rounding"), []
    return Margin(own_margin * size, "own"), []


def largest_revision(statements: Iterable[Statement]) -> tuple[Decimal, tuple[Statement, Statement]] | None:
    """The largest relative difference between two vintages of one figure, as a share of the larger of the two."""
    by_date: dict[str, list[Statement]] = {}
    for s in statements:
        if s.best is not None and s.vintage is not None:
            by_date.setdefault(str(s.as_of), []).append(s)
    found: list[tuple[Decimal, tuple[Statement, Statement]]] = []
    for rows in by_date.values():
        low = min(rows, key=lambda s: (s.best or Decimal(0), s.id))
        high = max(rows, key=lambda s: (s.best or Decimal(0), s.id))
        if low.best is not None and high.best and low.vintage != high.vintage and low.best != high.best:
            found.append(((high.best - low.best) / high.best, (low, high)))
    return max(found, key=lambda f: (f[0], f[1][0].id), default=None)


def baselines(outcome: Outcome) -> tuple[tuple[str, Statement], ...]:
    """The figures that stand beside the one at adoption: of 2010, and the peak of the same speaker's figures.

    Shown together, so that nobody chooses the baseline that suits (architecture: even-handed).
    """
    value = outcome.value
    if value is None or value.best is None or outcome.baseline is None:
        return ()
    rows = [s for s in (*outcome.evidence, *outcome.not_chosen) if s.speaker == value.speaker and s.best is not None]
    of_2010 = [s for s in rows if s.as_of.first.year == 2010]
    found = [("adoption", outcome.baseline)]
    found += [("2010", max(of_2010, key=lambda s: (str(s.vintage or ""), s.id)))] if of_2010 else []
    peak = max(rows, key=lambda s: (s.best or Decimal(0), s.id))
    return tuple(found + ([("peak", peak)] if peak.best is not None and peak.best > value.best else []))


def comparable(pair: Pair) -> bool:
    """One speaker's own declarations, or one series restated for all years by one vintage."""
    a, b = pair.baseline, pair.value
    if a.speaker == b.speaker and {a.verification, b.verification} <= {Verification.DECLARED, Verification.VERIFIED}:
        return True
    return a.series == b.series and a.vintage == b.vintage and a.series_kind == b.series_kind == "back-cast"


def _speaks(indicator: Indicator, s: Statement, archive: Archive) -> bool:
    if indicator.verification and s.verification not in indicator.verification:
        return False
    if indicator.ceiling is not (s.form is Form.CEILING):
        return False
    own = archive.speaker_kind(s) is SpeakerKind.SELF
    return {"self": own, "others": not own}.get(indicator.speakers, True)


def _pair(indicator: Indicator, figures: Sequence[Statement], adopted: date) -> Pair | None:
    """The pair of the series with the latest figure; between equals, of the one that the indicator prefers."""
    series: dict[str, list[Statement]] = {}
    for s in figures:
        series.setdefault(s.series or f"{s.speaker}:{s.quantity}", []).append(s)
    pairs = [(name, pair) for name, rows in series.items() if (pair := _pair_in(rows, adopted))]

    def order(item: tuple[str, Pair]) -> tuple[int, int, str]:
        name, pair = item
        rank = indicator.prefer.index(name) if name in indicator.prefer else len(indicator.prefer)
        return (-pair.value.as_of.first.toordinal(), rank, name)

    return min(pairs, key=order)[1] if pairs else None


def _pair_in(rows: Sequence[Statement], adopted: date) -> Pair | None:
    until = [s for s in rows if s.as_of.first <= adopted]
    early = [s for s in rows if adopted < s.as_of.first <= adopted + BASELINE_GRACE]
    baseline = _latest(until) if until else min(early, key=lambda s: s.as_of) if early else None
    if baseline is None:
        return None
    later = [s for s in rows if s.as_of.first > max(adopted, baseline.as_of.first)]
    return Pair(baseline, _latest(later)) if later else None


def _latest(rows: Sequence[Statement]) -> Statement:
    """The latest by date of the fact, then by vintage, then by id."""
    return max(rows, key=lambda s: (s.as_of, str(s.vintage or ""), s.id))


def _direction(change: Interval) -> str | None:
    if change.best:
        return "down" if change.best < 0 else "up"
    if change.high is not None and change.high < 0:
        return "down"
    return "up" if change.low is not None and change.low > 0 else None


def _witnesses(pair: Pair, usable: Sequence[Statement], archive: Archive, direction: str) -> tuple[Statement, ...]:
    """Dated events since the baseline, and independent speakers' own figures, that show this direction."""
    others = [
        s for s in usable if archive.independent(s, pair.baseline) and s.id not in (pair.baseline.id, pair.value.id)
    ]
    events = [s for s in others if s.direction == direction and s.as_of.first > pair.baseline.as_of.first]
    figures: dict[str, list[Statement]] = {}
    for s in others:
        if (
            is_numeric(s)
            and s.form is not Form.CEILING
            and s.as_of.first >= pair.baseline.as_of.first.replace(month=1, day=1)
        ):
            figures.setdefault(s.speaker, []).append(s)
    moved = [s for rows in figures.values() for s in _moved(rows, direction)]
    return tuple(sorted({s.id: s for s in (*events, *moved)}.values(), key=lambda s: (s.as_of, s.id)))


def _moved(rows: Sequence[Statement], direction: str) -> tuple[Statement, ...]:
    first, last = rows[0], rows[-1]
    if first.interval is None or last.interval is None or first.as_of >= last.as_of:
        return ()
    change = last.interval - first.interval
    if change is None:
        return ()
    down = change.high is not None and change.high < 0
    up = change.low is not None and change.low > 0
    return (first, last) if (down if direction == "down" else up) else ()


def _outcome(
    seen: Sequence[Statement],
    verdict: str,
    reason: str | None,
    *,
    pair: Pair | None = None,
    baseline: Statement | None = None,
    rests_on: Sequence[Statement] = (),
    change: Interval | None = None,
    margin: Margin | None = None,
    support: tuple[Statement, ...] = (),
    tolerance: Decimal | None = None,
) -> Outcome:
    evidence = tuple(sorted({s.id: s for s in rests_on}.values(), key=lambda s: (s.as_of, s.id)))
    chosen = {s.id for s in evidence}
    return Outcome(
        verdict,
        reason,
        pair.baseline if pair else baseline,
        pair.value if pair else None,
        change,
        tolerance,
        margin,
        support,
        evidence,
        tuple(s for s in seen if s.id not in chosen),
    )
