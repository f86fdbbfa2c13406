"""Statements, imports and what was noticed about them, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from stocktake.evidence.layouts import Kind, Layout
from stocktake.evidence.remarks import Remark, Weight
from stocktake.secretariat.importing import Reading
from stocktake.terminal.console import printable

HEADINGS = {
    Weight.FAULT: "Faults",
    Weight.DEFECT: "Defects, kept with the rows and not repaired",
    Weight.DIFFERENCE: "Differences between editions or sources; each is kept",
}
MOST_LINES = 40  # of one kind of remark in a terminal; --json has them all


def print_import(read: Sequence[Reading], into: Path | None, to: Console) -> None:
    """What was read from each file, and every remark on it, the heavy ones first."""
    for reading in read:
        to.print(Text(printable(f"{Path(reading.path).name} · {reading.layout} · {reading.size}"), style="bold"))
    remarks = sorted({remark for reading in read for remark in reading.remarks})
    print_remarks(remarks, to)
    if not remarks:
        to.print("Nothing to remark on.")
    if into is not None:
        to.print(f"Kept in {printable(into)}; the same file again changes nothing.")


def print_remarks(remarks: Iterable[Remark], to: Console) -> None:
    """Remarks by weight, each with its file and row."""
    found = list(remarks)
    for weight, heading in HEADINGS.items():
        some = [r for r in found if r.weight is weight]
        if not some:
            continue
        to.print(f"{heading} ({len(some)}):")
        for remark in some[:MOST_LINES]:
            style = "" if weight is Weight.DIFFERENCE else "yellow"
            to.print(Text(f"  {printable(remark)}", style=style), soft_wrap=True)
        if len(some) > MOST_LINES:
            to.print(f"  and {len(some) - MOST_LINES} more; --json prints all of them")


def print_kinds(kinds: Iterable[Kind], layouts: Sequence[Layout], to: Console) -> None:
    """A paragraph a kind: its names, what it is, and the columns by which its files are known."""
    for kind in kinds:
        also = f" (also {', '.join(kind.also)})" if kind.also else ""
        to.print(Text(f"{kind.id}{also}", style="bold"))
        to.print(f"  {kind.about}")
        for layout in layouts:
            if layout.kind == kind.id:
                to.print(Text(f"  · {', '.join(layout.header)}", style="dim"), soft_wrap=True)
