"""Charts of evaluated balances, as SVG: MUF, CUMUF with its band, SITMUF and Page with thresholds, contributions.

Bands are two standard deviations to each side. Colour is never the only sign: bands are tinted, thresholds dashed and
named, and every number stands in the table beneath.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

from stocktake.verification.evaluation import Contribution, Evaluation

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 628, 16, 184
BAND = 2.0  # standard deviations
MOST_BARS = 30


@dataclass(frozen=True)
class Scale:
    """Maps periods and amounts to the drawing; the zero line is always in it."""

    periods: int
    low: float
    high: float

    @classmethod
    def around(cls, periods: int, values: Sequence[float]) -> Scale:
        low, high = min(0.0, *values), max(0.0, *values)
        pad = 0.06 * (high - low or 1.0)
        return cls(periods, low - pad if low < 0 else 0.0, high + pad)

    def x(self, i: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (i + 0.5) / self.periods, 1)

    def y(self, value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low), 1)


def muf_chart(e: Evaluation) -> str:
    """MUF of each period as a dot with a bar of two standard deviations."""
    muf, sigma = e.muf.tolist(), e.sigma_muf.tolist()
    scale = Scale.around(len(muf), [m + s * BAND * k for m, s in zip(muf, sigma, strict=True) for k in (-1, 1)])
    bars = [_bar(scale, i, m - BAND * s, m + BAND * s) for i, (m, s) in enumerate(zip(muf, sigma, strict=True))]
    dots = [f'<circle class="dot" cx="{scale.x(i)}" cy="{scale.y(m)}" r="3"/>' for i, m in enumerate(muf)]
    return _svg(
        "muf", f"MUF a period, in {e.balance.mass_unit}, with two standard deviations", scale, e, [*bars, *dots]
    )


def cumuf_chart(e: Evaluation) -> str:
    """CUMUF as a line in a band of two standard deviations around zero: what no loss would look like."""
    cumuf, sigma = e.cumuf.tolist(), e.sigma_cumuf.tolist()
    scale = Scale.around(len(cumuf), [*cumuf, *(BAND * s for s in sigma), *(-BAND * s for s in sigma)])
    upper = [f"{scale.x(i)},{scale.y(BAND * s)}" for i, s in enumerate(sigma)]
    lower = [f"{scale.x(i)},{scale.y(-BAND * s)}" for i, s in enumerate(sigma)]
    band = f'<polygon class="band" points="{" ".join([*upper, *reversed(lower)])}"/>'
    title = f"CUMUF, in {e.balance.mass_unit}, and the band of two standard deviations without loss"
    return _svg("cumuf", title, scale, e, [band, *_line(scale, cumuf)])


def sitmuf_chart(e: Evaluation, threshold: float) -> str:
    values = e.sitmuf.tolist()
    scale = Scale.around(len(values), [*values, threshold])
    bars = [_bar(scale, i, 0.0, v, "over" if v > threshold else "bar") for i, v in enumerate(values)]
    return _svg("sitmuf", "SITMUF, in standard deviations", scale, e, [*bars, _limit(scale, threshold)])


def page_chart(e: Evaluation, threshold: float) -> str:
    values = e.page.tolist()
    scale = Scale.around(len(values), [*values, threshold])
    return _svg("page", "Page's statistic", scale, e, [*_line(scale, values, threshold), _limit(scale, threshold)])


def contribution_chart(e: Evaluation) -> str:
    """A bar a location: its random and its systematic part of the variance of MUF, summed over the periods."""
    total = float((e.sigma_muf**2).sum())
    rows = sorted(e.contributions, key=lambda c: -float((c.random + c.systematic).sum()))[:MOST_BARS]
    height = 24 * len(rows) + 30
    title = "Shares of the variance of MUF by location: random (filled) and systematic (outlined)"
    shapes = [shape for i, c in enumerate(rows) for shape in _shares(c, 24 * i + 8, total)]
    return _frame("contributions", title, height, shapes)


def _shares(c: Contribution, y: int, total: float) -> list[str]:
    random, systematic = (400 * float(part.sum()) / total for part in (c.random, c.systematic))
    name = f"{c.stratum} {c.location}"
    shown = name if len(name) <= 28 else f"{name[:27]}…"
    percent = f"{(random + systematic) / 4:.1f} %"
    return [
        f'<text x="186" y="{y + 12}" text-anchor="end">{escape(shown)}</text>',
        f'<rect class="bar" x="192" y="{y}" width="{random:.1f}" height="16"/>',
        f'<rect class="outline" x="{192 + random:.1f}" y="{y}" width="{systematic:.1f}" height="16"/>',
        f'<text x="{198 + random + systematic:.1f}" y="{y + 12}">{percent}</text>',
    ]


def _bar(scale: Scale, i: int, low: float, high: float, kind: str = "bar") -> str:
    width = min(14.0, 0.6 * (RIGHT - LEFT) / scale.periods)
    top, bottom = sorted((scale.y(low), scale.y(high)))
    x = round(scale.x(i) - width / 2, 1)
    return f'<rect class="{kind}" x="{x}" y="{top}" width="{width:.1f}" height="{max(bottom - top, 0.5):.1f}"/>'


def _line(scale: Scale, values: Sequence[float], threshold: float | None = None) -> list[str]:
    points = " ".join(f"{scale.x(i)},{scale.y(v)}" for i, v in enumerate(values))
    line = f'<polyline class="line" points="{points}"/>'
    dots = [
        f'<circle class="{"over" if threshold is not None and v > threshold else "dot"}" '
        f'cx="{scale.x(i)}" cy="{scale.y(v)}" r="3"/>'
        for i, v in enumerate(values)
    ]
    return [line, *(dots if len(dots) <= 120 else [])]


def _limit(scale: Scale, value: float) -> str:
    y = scale.y(value)
    return (
        f'<line class="limit" x1="{LEFT}" y1="{y}" x2="{RIGHT}" y2="{y}"/>'
        f'<text x="{RIGHT}" y="{y - 4}" text-anchor="end">threshold {value:.2f}</text>'
    )


def _svg(name: str, title: str, scale: Scale, e: Evaluation, shapes: Sequence[str]) -> str:
    edges, step = e.balance.boundaries, max(1, -(-scale.periods // 8))
    ticks = [
        f'<text x="{scale.x(i - 0.5)}" y="{BOTTOM + 16}" text-anchor="middle">{edges[i]:g}</text>'
        for i in range(0, scale.periods + 1, step)
    ]
    axis = [
        f'<line class="axis" x1="{LEFT}" y1="{scale.y(0)}" x2="{RIGHT}" y2="{scale.y(0)}"/>',
        *ticks,
        f'<text x="{RIGHT}" y="{BOTTOM + 32}" text-anchor="end">time, {escape(e.balance.time_unit)}</text>',
    ]
    return _frame(name, title, HEIGHT, [*_grid(scale), *shapes, *axis])


def _grid(scale: Scale) -> list[str]:
    step = _step((scale.high - scale.low) / 4)
    first = int(scale.low / step) - 1
    marks = [k * step for k in range(first, first + 12) if scale.low <= k * step <= scale.high]
    return [
        f'<line class="grid" x1="{LEFT}" y1="{scale.y(v)}" x2="{RIGHT}" y2="{scale.y(v)}"/>'
        f'<text x="{LEFT - 6}" y="{scale.y(v) + 4}" text-anchor="end">{v:g}</text>'
        for v in marks
    ]


def _step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``rough``."""
    power = 10.0 ** floor(log10(rough))
    return next(power * k for k in (1.0, 2.0, 5.0, 10.0) if power * k >= rough * 0.999)


def _frame(name: str, title: str, height: int, shapes: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t-{name}">'
        f'<title id="t-{name}">{escape(title)}</title>{"".join(shapes)}</svg>'
    )
