"""Sampling plans, in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from stocktake.terminal.console import printable
from stocktake.verification.planning import Plan, Worst
from stocktake.verification.sampling_report import SinglePlan


def _table(first: str, *rest: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first, overflow="fold")
    for heading in rest:
        table.add_column(heading, justify="right", overflow="fold")
    return table


def _percent(p: Fraction) -> str:
    """Rounded down, so that 89.99 % is never shown as 90 %."""
    return f"{int(p * 10_000) / 100:.2f} %"


def print_single(rows: Sequence[SinglePlan], to: Console) -> None:
    to.print(f"{rows[0].sizes.items:,} items; to be found with at least {_percent(1 - rows[0].sizes.beta)}")
    table = _table("defect", "items falsified", "exact", "usual", "corrected", "to measure", "found with")
    for r in rows:
        s = r.sizes
        cells = (s.defects, s.exact, s.usual, s.corrected, r.needed)
        table.add_row(f"{100 * float(r.defect):g} %", *(f"{n:,}" for n in cells), _percent(r.detection))
    to.print(table)
    to.print("exact, usual, corrected: if every falsified item that is measured is recognised.")
    if any(r.identification != 1 for r in rows):
        to.print(f"to measure: if it is recognised with {_percent(rows[0].identification)}.")


def print_plan(plan: Plan, to: Console) -> None:
    q = plan.question
    to.print(
        f"Goal amount {float(q.goal):g} {printable(q.mass_unit)}; to be found with at least {_percent(q.detection)}"
    )
    table = _table("stratum", "items", "instrument", "defect class", "falsified alone", "exact alone", "to measure")
    for line in plan.lines:
        alone = f"{line.formulas.exact:,}" if line.formulas else "-"
        defects = f"{line.defects:,}" if line.formulas else "more than there are"
        table.add_row(
            printable(line.stratum.name), f"{line.stratum.items:,}", printable(line.instrument.name),
            printable(line.instrument.defect_class), defects, alone, f"{line.sample:,}",
        )  # fmt: skip
    to.print(table)
    to.print(f"Cost {float(plan.cost):g}. Items are measured once; a better instrument counts for coarser defects too.")
    print_worst(plan.worst, q.detection, to)


def print_worst(worst: Sequence[Worst], wanted: Fraction, to: Console) -> None:
    table = _table("defect class", "the mixture that is found least often", "found with")
    for w in worst:
        mixture = ", ".join(f"{d:,} of {name}" for name, d in w.mixture)
        table.add_row(printable(w.defect_class), printable(mixture), _percent(w.detection))
    to.print(table)
    short = [w.defect_class for w in worst if w.detection < wanted]
    if short:
        to.print(f"Below the wanted {_percent(wanted)}: {printable(', '.join(short))}.")
    to.print("Nothing found is not proof that nothing was falsified.")


def print_achieved(p: Fraction, to: Console) -> None:
    to.print(f"Detection probability {float(p):.9f}")
    to.print("Nothing found is not proof that nothing was falsified.")
