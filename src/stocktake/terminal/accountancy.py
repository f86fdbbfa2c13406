"""Evaluated balances and differences, in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.secretariat.accounting import BalanceResult, DifferenceResult, ListingResult, Result
from stocktake.terminal.console import hanging, printable

SHOWN = 40  # periods; more are in the JSON
NAMES = {"page": "Page's test", "sitmuf": "largest SITMUF", "cumuf": "last CUMUF"}


def print_result(result: Result, to: Console) -> None:
    if isinstance(result, DifferenceResult):
        _print_differences(result, to)
    elif isinstance(result, ListingResult):
        _print_listing(result, to)
    else:
        _print_balance(result, to)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for i, heading in enumerate(headings):
        table.add_column(heading, justify="left" if i == 0 else "right", overflow="fold")
    return table


def _print_balance(result: BalanceResult, to: Console) -> None:
    e, b = result.evaluation, result.evaluation.balance
    to.print(Text(printable(f"{result.name} · {b.element} in {b.mass_unit} · {b.periods} periods"), style="bold"))
    table = _table(f"period, {b.time_unit}", "MUF", "σ", "CUMUF", "σ", "SITMUF", "GEMUF", "Page")
    sigma, cumuf, sigma_cumuf = e.sigma_muf, e.cumuf, e.sigma_cumuf
    for i in range(min(b.periods, SHOWN)):
        masses = (f"{v:,.4g}" for v in (e.muf[i], sigma[i], cumuf[i], sigma_cumuf[i]))
        rest = (f"{v:.2f}" for v in (e.sitmuf[i], e.gemuf_v1[i], e.page[i]))
        table.add_row(f"{b.boundaries[i]:g} to {b.boundaries[i + 1]:g}", *masses, *rest)
    to.print(table)
    if b.periods > SHOWN:
        to.print(f"... and {b.periods - SHOWN} more periods: --json has all")
    _print_contributions(result, to)
    _print_decision(result, to)
    _print_behaviour(result, to)
    for note in e.notes:
        to.print(hanging("·", Text(printable(note), style="dim")))


def _print_contributions(result: BalanceResult, to: Console) -> None:
    e = result.evaluation
    total = float((e.sigma_muf**2).sum())
    to.print(Text("\nWhere the variance of MUF comes from, over all periods", style="bold"))
    table = _table("location", "random", "systematic", "source of the errors")
    rows = sorted(e.contributions, key=lambda c: -float(c.random.sum() + c.systematic.sum()))
    for c in rows[:SHOWN]:
        parts = (f"{100 * float(part.sum()) / total:.1f} %" for part in (c.random, c.systematic))
        table.add_row(printable(f"{c.stratum} {c.location}"), *parts, printable(c.source or "given in the file"))
    to.print(table)


def _print_decision(result: BalanceResult, to: Console) -> None:
    a = result.alarms
    if a is None:
        return
    said = f"\nTests, each with a false-alarm probability of {100 * a.false_alarm:g} % over all periods"
    to.print(Text(said, style="bold"))
    for t in a.thresholds:
        verdict = "ALARM" if t.test in a.passed else "no alarm"
        error = f" ± {100 * t.error:.2f} %" if t.error else ", exact"
        line = f"{NAMES[t.test]}: {verdict}; threshold {t.value:.3f} (probability {100 * t.false_alarm:g} %{error})"
        to.print(hanging("▲" if t.test in a.passed else "=", Text(line)))
    words = (
        "An alarm asks for an explanation and for follow-up; it does not prove a loss."
        if a.passed
        else "No alarm is not proof that nothing is missing: see below what would have been detected."
    )
    to.print(words)
    if a.loss is None:
        to.print("No loss was named, so nothing is said about detection: give --loss or --material.")
        return
    unit = result.evaluation.balance.mass_unit
    head = f"\nProbability to detect a loss of {a.loss:g} {unit}"
    to.print(Text(head + (f": {result.loss}" if result.loss else ""), style="bold"))
    table = _table("loss", *(NAMES[t.test] for t in a.thresholds))
    for pattern in dict.fromkeys((d.pattern, d.period) for d in a.detections):
        cells = [
            f"{100 * d.probability:.1f} %" + (f" ± {100 * d.error:.1f}" if d.error else "")
            for d in a.detections
            if (d.pattern, d.period) == pattern
        ]
        where = "" if pattern[1] is None else f" (period {pattern[1] + 1})"
        table.add_row(pattern[0] + where, *cells)
    to.print(table)
    to.print(f"Simulated {a.realisations:,} times, seed {a.seed}; ± is one standard error.")


def _print_behaviour(result: BalanceResult, to: Console) -> None:
    b = result.behaviour
    if b is None:
        return
    lag = "" if b.sitmuf_lag is None else f", correlation of neighbours {b.sitmuf_lag:+.3f} (0)"
    alarms = ", ".join(f"{NAMES[name]} {100 * rate:.2f} %" for name, rate in b.alarms.items())
    to.print(Text(f"\n{b.realisations:,} whole histories, measured and evaluated each", style="bold"))
    to.print(f"SITMUF: standard deviation {b.sitmuf_deviation:.3f} (1 in theory){lag}. False alarms: {alarms}.")


def _print_differences(result: DifferenceResult, to: Console) -> None:
    e = result.evaluation
    to.print(Text(printable(f"{result.name} · {e.element} in {e.mass_unit} · operator minus inspector"), style="bold"))
    table = _table("stratum", "items", "measured", "D", "σ", "D/σ", "outliers")
    for s in e.strata:
        ratio = f"{s.difference / s.sigma:.2f}" if s.sigma else "-"
        table.add_row(
            printable(s.stratum), f"{s.items:,}", f"{s.measured:,}", f"{s.difference:,.4g}", f"{s.sigma:,.4g}", ratio,
            printable(", ".join(s.outliers)) or "none",
        )  # fmt: skip
    to.print(table)
    verdict = "beyond" if e.significant else "within"
    unit, share = printable(e.mass_unit), 100 * e.false_alarm
    to.print(
        f"D = {e.difference:,.4g} ± {e.sigma:,.4g} {unit}, {e.standardised:.2f} standard deviations: {verdict} the "
        f"threshold of {e.threshold:.2f} (false-alarm probability {share:g} %)."
    )
    to.print(
        "The difference asks for an explanation and for follow-up; it does not prove a falsification."
        if e.significant
        else "No significant difference is not proof that the declarations are right."
    )


def _print_listing(result: ListingResult, to: Console) -> None:
    listing = result.listing
    to.print(Text(printable(f"{result.name} · {listing.mba} · {len(listing.effective)} effective lines"), style="bold"))
    table = _table("category, KMP", "lines", "element weight")
    for total in result.to_json()["totals"]:
        at = total["element_category"], total["kmp"]
        lines = sum((x.cells["element_category"], x.cells["kmp"]) == at for x in listing.effective)
        table.add_row(printable(", ".join(at)), f"{lines:,}", total["element_weight"])
    to.print(table)
    for x, by in listing.deleted:
        to.print(f"Report {x.report}, line {x.number} was deleted by report {by.report}, line {by.number}; it is kept.")
