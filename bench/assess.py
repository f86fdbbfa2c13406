"""Speed of the evaluation through time, beside a plain Python loop and pandas, with the same results; in one run.

    python bench/assess.py

Every question (clause x State) on the last day of every year since 1945: ours weighs a question only on the days on
which its answer can change, judges all changes in columns, and reads the years off. The loop reviews each year afresh.
Pandas judges and reads off the same cases (it needs the development set-up; left out where it is missing). The dense
catalogue is made up: all States on the roster of the five, with a figure every year. Draws are beside NumPy drawing as
many normals.
"""

from __future__ import annotations

import importlib.util
import random
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from stocktake.assessment.change import Case, Pair, columns, material, prepare
from stocktake.assessment.history import Grid, History
from stocktake.assessment.judging import ANSWERS, Changes, judge
from stocktake.assessment.probability import DRAWS, chance_of_fall
from stocktake.assessment.review import Catalogue, review
from stocktake.evidence.archive import Archive
from stocktake.evidence.error_models import ErrorModel
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import Indicator
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.terms.dates import PartialDate
from stocktake.terms.states import Membership

T = TypeVar("T")
YEARS = [date(year, 12, 31) for year in range(1945, 2027)]
LIMIT_SECONDS, LIMIT_MB, LIMIT_DRAWS = 2.0, 500.0, 1.5


def timed(work: Callable[[], T], repeat: int = 3) -> tuple[float, T]:
    """The best of some runs, and the result."""
    best = float("inf")
    for _ in range(repeat):
        began = perf_counter()
        result = work()
        best = min(best, perf_counter() - began)
    return best, result


def dense(catalogue: Catalogue) -> Catalogue:
    """All States of the world asked what the five are asked, each with a made-up figure every year since 1945."""
    chance = random.Random(1)
    like = next(s for s in catalogue.archive.statements if s.quantity == "stockpile" and s.series == "fas-stockpile")
    everyone = sorted({m.iso3 for m in catalogue.memberships if m.roster == "ALL-STATES"})

    def figure(state: str, year: int) -> Statement:
        day = PartialDate.parse(str(year))
        made: dict[str, Any] = {"id": f"{state}-{year}", "subject": state, "as_of": day, "vintage": day}
        return like.model_copy(update=made | {"best": Decimal(chance.randrange(1, 9999)), "series_kind": "snapshots"})

    rows = [figure(state, day.year) for state in everyone for day in YEARS]
    rosters = [m for m in catalogue.memberships if m.roster != "NWS"]
    rosters += [Membership("NWS", state, None, None, "made up") for state in everyone]
    register = catalogue.register.model_copy(update={"adopted": PartialDate.parse("1945")})
    archive = Archive(rows, catalogue.archive.speakers.values())
    return replace(catalogue, archive=archive, memberships=tuple(rosters), register=register)


def by_loop(catalogue: Catalogue) -> dict[tuple[str, ...], list[tuple[str | None, str | None]]]:
    """A review of each year."""
    found: dict[tuple[str, ...], list[tuple[str | None, str | None]]] = {}
    for day in YEARS:
        if day >= catalogue.register.adopted.first:
            for p in review(catalogue, as_of=day).paragraphs:
                for f in p.findings:
                    if not f.context:
                        key = (p.paragraph.id, str(f.clause), f.reading or "", f.indicator.id, f.subject, f.part or "")
                        found.setdefault(key, []).append((f.outcome.verdict, f.outcome.reason))
    return found


def by_history(grid: Grid) -> dict[tuple[str, ...], list[tuple[str | None, str | None]]]:
    found: dict[tuple[str, ...], list[tuple[str | None, str | None]]] = {}
    for q, codes in zip(grid.questions, grid.codes, strict=True):
        key = (q.paragraph, str(q.clause), q.reading, q.indicator, q.subject, (q.part or "").removeprefix("protocol:"))
        if codes.any():
            found[key] = [grid.answers[code] for code in codes if code]
    return found


def cases_of(catalogue: Catalogue) -> list[Case]:
    """The cases of change of every State on the roster, on every year."""
    indicator: Indicator = catalogue.indicators["stockpile-estimated"]
    archive, rules, adopted = catalogue.archive, catalogue.rules, catalogue.register.adopted.first
    found = []
    for state in sorted({m.iso3 for m in catalogue.memberships if m.roster == "NWS"}):
        whole = material(indicator, archive.about("stockpile", state, as_of=date.max), archive)
        found += [prepare(indicator, whole.until(day), archive, rules, adopted=adopted) for day in YEARS]
    return [c for c in found if isinstance(c, Case)]


def by_row(changes: Changes) -> list[int]:
    """The same rule a row at a time, as a plain loop would have it."""
    codes = []
    for i in range(len(changes.low)):
        low, best, high, margin = changes.low[i], changes.best[i], changes.high[i], changes.margin[i]
        down, up = high < -margin, low > margin
        moved = 0 if down == bool(changes.falls[i]) else 2
        within, same = low >= -margin and high <= margin, changes.has_best[i] and best == 0
        if changes.comparable[i]:
            codes.append(moved if down or up else 1 if within else 3)
        elif changes.opposed[i] and (same or ((down or up) and changes.supported[i])):
            codes.append(5)
        elif same and within:
            codes.append(1)
        elif (down or up) and changes.supported[i]:
            codes.append(moved)
        else:
            codes.append(3 if same or not changes.has_best[i] else 4)
    return codes


def by_pandas(changes: Changes) -> list[int]:
    """The same rule on a data frame, a row at a time by ``apply``."""
    import pandas  # type: ignore[import-untyped]

    frame = pandas.DataFrame({name: getattr(changes, name) for name in Changes.__dataclass_fields__})

    def one(row: Any) -> int:
        single = Changes(*(np.array([row[name]], dtype=getattr(changes, name).dtype) for name in frame.columns))
        return by_row(single)[0]

    return [int(code) for code in frame.apply(one, axis=1)]


def line(what: str, seconds: float, against: str = "") -> None:
    print(f"  {what:58} {seconds * 1000:9.1f} ms  {against}")


def verdict(holds: bool) -> str:
    return "PASS" if holds else "FAIL"


def main() -> None:
    pandas_is_here = importlib.util.find_spec("pandas") is not None
    print("Every question on the last day of each year 1945 to 2026")
    for name in ("a-res-75-65", "npt-2010"):
        catalogue, _, _ = load_catalogue(register=name)
        ours, grid = timed(lambda c=catalogue: History(c).grid(YEARS))  # type: ignore[misc]
        loop, reviews = timed(lambda c=catalogue: by_loop(c), 1)  # type: ignore[misc]
        same = by_history(grid) == reviews
        line(f"{name}: {len(grid.questions)} questions", ours, f"plain loop {loop / ours:.0f}x; same results: {same}")
        assert same
    catalogue, _, _ = load_catalogue()
    made = dense(catalogue)
    ours, grid = timed(lambda: History(made).grid(YEARS))
    cells = grid.codes.size
    line(
        f"dense: {len(grid.questions):,} questions, {cells:,} cells",
        ours,
        f"limit 2 s: {verdict(ours < LIMIT_SECONDS)}",
    )

    changes = columns(cases_of(made))
    vector, codes = timed(lambda: judge(changes).tolist())
    plain, rows = timed(lambda: by_row(changes))
    print(f"Judging {len(codes):,} changes, exact")
    line("columns", vector, f"plain loop {plain / vector:.1f}x; same results: {rows == codes}")
    assert rows == codes and max(codes) < len(ANSWERS)
    if pandas_is_here:
        frame, framed = timed(lambda: by_pandas(changes), 1)
        line("pandas", frame, f"{frame / vector:.0f}x ours; same results: {framed == codes}")
        assert framed == codes

    print("One changed claim")
    whole, before = timed(lambda: History(made))
    one = made.archive.statements[100]
    changed = one.model_copy(update={"best": (one.best or 0) + 1})
    rows_ = [changed if s is one else s for s in made.archive.statements]
    after = replace(made, archive=Archive(rows_, made.archive.speakers.values()))
    again, history = timed(lambda: History(after, before))
    line(f"{history.weighed} of {before.weighed:,} weighed again", again, f"the whole {whole / again:.0f}x")

    print(f"{DRAWS:,} draws of two figures with a published error")
    rng = np.random.default_rng(1)
    model = ErrorModel(
        id="made-up", speaker="FAS", quantity="stockpile", distribution="lognormal", sigma=Decimal("0.1"),
        correlation=Decimal("0.5"), correlation_reason="made up", publisher="P", document="D", place="1",
        seen="original",
    )  # fmt: skip
    pair = Pair(made.archive.statements[0], made.archive.statements[1])
    bare, _ = timed(lambda: rng.standard_normal((2, DRAWS)), 200)
    drawn, _ = timed(lambda: chance_of_fall(pair, model, rng.standard_normal((2, DRAWS))), 200)
    line(
        "draws and answer",
        drawn,
        f"{drawn / bare:.2f}x as many normals alone; limit 1.5: {verdict(drawn / bare <= LIMIT_DRAWS)}",
    )

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)
    print(f"Peak memory of all this: {peak:.0f} MB; limit 500: {verdict(peak < LIMIT_MB)}")


if __name__ == "__main__":
    main()
