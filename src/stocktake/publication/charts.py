"""A small chart of one figure over time, as SVG: readable in grey, on paper and by a screen reader.

Snapshots are dots that nothing joins; a back-cast series is a line; earlier editions of the same figure are hollow.
The y axis begins at zero, for these are stocks. Adoption and 2010 are ticks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from stocktake.assessment.findings import Finding
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.phrases import Tongue
from stocktake.publication.sources import anchor

WIDTH, HEIGHT = 320, 160
LEFT, RIGHT, TOP, BOTTOM = 12, 308, 34, 132
SINCE = date(2009, 7, 1)
LABEL = 140  # half a label and a whole one


@dataclass(frozen=True)
class Frame:
    """Maps days and amounts to the drawing."""

    first: date
    last: date
    top: Decimal

    def x(self, day: date) -> float:
        span = max((self.last - self.first).days, 1)
        return round(LEFT + 14 + (RIGHT - LEFT - 28) * (day - self.first).days / span, 1)

    def y(self, amount: Decimal) -> float:
        return round(BOTTOM - float(amount / self.top) * (BOTTOM - TOP - 8), 1)


def plotted(finding: Finding) -> tuple[Statement, ...]:
    """The statements that a chart of this finding shows: the chosen series since 2010, with its earlier editions."""
    value = finding.outcome.value
    if value is None or value.form not in NUMERIC:
        return ()
    name = value.series or value.speaker
    rows = [s for s in (*finding.outcome.evidence, *finding.outcome.not_chosen) if (s.series or s.speaker) == name]
    return tuple(
        sorted(
            (s for s in rows if _height(s) is not None and s.as_of.first >= SINCE),
            key=lambda s: (s.as_of, str(s.vintage or ""), s.id),
        )
    )


def chart(finding: Finding, t: Tongue, *, adopted: date, title: str, describe: str) -> str:
    """SVG of the finding's series, or an empty string where there are not two figures to set side by side."""
    rows = plotted(finding)
    if len({s.as_of.first for s in rows}) < 2:
        return ""
    frame = Frame(
        min(s.as_of.first for s in rows),
        max(s.as_of.first for s in rows),
        max(h for s in rows if (h := _height(s)) is not None) or Decimal(1),
    )
    shapes = [
        *_axis(frame, adopted, t),
        *_line(rows, frame),
        *(_mark(s, rows, frame) for s in rows),
        *_labels(finding, rows, frame, t),
    ]
    ids = escape(finding.id, quote=True)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-labelledby="t-{ids} d-{ids}">'
        f'<title id="t-{ids}">{escape(title)}</title><desc id="d-{ids}">{escape(describe)}</desc>'
        + "".join(shapes)
        + "</svg>"
    )


def _height(s: Statement) -> Decimal | None:
    return next((n for n in (s.best, s.high, s.low) if n is not None), None)


def _axis(frame: Frame, adopted: date, t: Tongue) -> list[str]:
    ticks = [f'<line class="axis" x1="{LEFT}" y1="{BOTTOM}" x2="{RIGHT}" y2="{BOTTOM}"/>']
    if frame.first <= adopted <= frame.last:
        x = frame.x(adopted)
        side = "start" if x < 120 else "end" if x > WIDTH - 120 else "middle"
        ticks.append(
            f'<line class="tick" x1="{x}" y1="{TOP - 4}" x2="{x}" y2="{BOTTOM + 4}"/>'
            f'<text class="note" x="{x}" y="{BOTTOM + 20}" text-anchor="{side}">{escape(t.page("adopted"))}</text>'
        )
    return ticks


def _line(rows: Sequence[Statement], frame: Frame) -> list[str]:
    back_cast = [s for s in _current(rows) if s.series_kind == "back-cast"]
    if len(back_cast) < 2:
        return []
    points = " ".join(f"{frame.x(s.as_of.first)},{frame.y(_height(s) or Decimal(0))}" for s in back_cast)
    return [f'<polyline class="series" points="{points}"/>']


def _current(rows: Sequence[Statement]) -> list[Statement]:
    """The latest edition of each date."""
    return list({s.as_of: s for s in rows}.values())


def _mark(s: Statement, rows: Sequence[Statement], frame: Frame) -> str:
    x, y = frame.x(s.as_of.first), frame.y(_height(s) or Decimal(0))
    band = ""
    if s.low is not None and s.high is not None and s.low != s.high:
        band = f'<line class="band" x1="{x}" y1="{frame.y(s.low)}" x2="{x}" y2="{frame.y(s.high)}"/>'
    kind = "dot" if s in _current(rows) else "dot old"
    return f'{band}<circle class="{kind}" cx="{x}" cy="{y}" r="3.5"/>'


def _labels(finding: Finding, rows: Sequence[Statement], frame: Frame, t: Tongue) -> list[str]:
    """The two figures of the sentence, in place and linked; every other figure is in the table beneath."""
    pair = (finding.outcome.baseline, finding.outcome.value)
    labelled = list(dict.fromkeys(s for s in pair if s is not None and s in rows))
    spots = [(s, frame.x(s.as_of.first), frame.y(_height(s) or Decimal(0))) for s in labelled]
    crowded = len(spots) == 2 and abs(spots[0][1] - spots[1][1]) < LABEL and abs(spots[0][2] - spots[1][2]) < 16
    labels = []
    for i, (s, x, y) in enumerate(spots):
        side = "start" if x < 60 else "end" if x > WIDTH - 60 else "middle"
        place = y + 18 if crowded and i == 0 else max(y - 9, 12)
        text = f"{t.figure(s)} ({s.as_of.first.year})"
        labels.append(
            f'<a href="#{anchor(s.id)}"><text class="label" x="{x}" y="{place}" '
            f'text-anchor="{side}">{escape(text)}</text></a>'
        )
    return labels
