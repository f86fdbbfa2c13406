"""The diagnosis page of evaluated balances: one HTML file, with its pictures and style in it, no script, no network."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from stocktake.publication import balance_charts as charts
from stocktake.verification.alarms import Alarms
from stocktake.verification.evaluation import Evaluation

MARK = '<meta name="generator" content="stocktake account">'
TESTS = {"page": "Page's test", "sitmuf": "largest SITMUF", "cumuf": "last CUMUF"}


def balance_page(name: str, evaluation: Evaluation, alarms: Alarms, loss: str | None) -> str:
    """The page for one file; ``loss`` says what the loss is. The same inputs give the same text."""
    e, limits = evaluation, {t.test: t.value for t in alarms.thresholds}
    edges = e.balance.boundaries
    masses = (e.muf, e.sigma_muf, e.cumuf, e.sigma_cumuf)
    rows = zip(edges[:-1], edges[1:], *masses, e.sitmuf, e.gemuf_v1, e.gemuf_v5b3, e.page, strict=True)
    environment = Environment(
        loader=PackageLoader("stocktake.publication"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    patterns = dict.fromkeys((d.pattern, d.period) for d in alarms.detections)
    found = {p: [d for d in alarms.detections if (d.pattern, d.period) == p] for p in patterns}
    return environment.get_template("balance.html").render(
        mark=Markup(MARK),
        name=name,
        balance=e.balance,
        rows=list(rows),
        notes=e.notes,
        alarms=alarms,
        tests=TESTS,
        loss=loss,
        detections=found,
        pictures=[
            Markup(picture)
            for picture in (
                charts.muf_chart(e),
                charts.cumuf_chart(e),
                charts.sitmuf_chart(e, limits["sitmuf"]),
                charts.page_chart(e, limits["page"]),
                charts.contribution_chart(e),
            )
        ],
        captions=[
            "MUF: positive where material is missing. Bars: two standard deviations.",
            "CUMUF in the band that it would keep to without loss, two standard deviations to each side.",
            "SITMUF: independent of each other without loss.",
            "Page's statistic, k = 0.5: adds up what is small and lasts.",
            "Where the variance of MUF comes from: random filled, systematic outlined.",
        ],
    )
