"""Accounts of excess material, in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.assessment.excess import AXES, AccountLine, ExcessAccount, established
from stocktake.terminal.console import hanging, printable
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import SpeakerKind

WORDS = {
    AccountLine.HELD: "held",
    AccountLine.IN_WEAPONS: "still in weapons",
    AccountLine.DESIGNATED: "designated as excess",
    AccountLine.UNDER_VERIFICATION: "under verification",
    AccountLine.DISPOSED: "disposed of",
    AccountLine.PHYSICAL: "irreversibility: physical state",
    AccountLine.VERIFICATION: "irreversibility: verification",
    AccountLine.BOND: "irreversibility: legal bond",
    AccountLine.REVERSAL: "irreversibility: time and cost to reverse",
}


def print_accounts(
    accounts: Sequence[ExcessAccount], kinds: Mapping[str, SpeakerKind], names: Mapping[str, str], state: str | None,
    to: Console,
) -> None:  # fmt: skip
    if not accounts:
        to.print(f"{printable(state or 'Nobody')}: nothing stated. That is neither zero nor a refusal.")
    for a in accounts:
        to.print(Text(printable(f"\n{names.get(a.state, a.state)} · {a.material} · {a.word}"), style="bold"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        for heading in ("line", "t", "as of", "who, how established", "statement"):
            table.add_column(heading, overflow="fold", justify="right" if heading == "t" else "left")
        for line in AccountLine:
            rows = a.of(line)
            for e in rows:
                s = e.statement
                label = WORDS[line] + (f": {e.detail}" if e.detail else "")
                mark = f"{s.speaker}, {established(s, kinds)}"
                figure = "" if line in AXES else figure_of(e.value)
                table.add_row(*map(printable, (label, figure, str(s.as_of), mark, s.id)))
        to.print(table)
        for note in dict.fromkeys(e.note or e.statement.note for e in a.entries):
            if note:
                to.print(hanging("·", Text(printable(note), style="dim")))
        missing = [WORDS[line] for line in AccountLine if not a.of(line)]
        if missing:
            to.print(f"Not stated: {', '.join(missing)}. Unknown, not zero.")
        left = figure_of(a.remaining) if a.remaining is not None else "?"
        how = f"; no better established than {a.verification}" if a.verification else ""
        dates = ", ".join(str(e.statement.as_of) for e in a.of(AccountLine.DESIGNATED))
        of = f" by {dates}" if dates else ""
        to.print(f"Left of what was designated{of}: {left} t{how}.")
        if a.remaining is not None and a.remaining.high is not None and a.remaining.high < 0:
            to.print("More was disposed of than this designation: more must have been designated later.")


def figure_of(value: Interval | None) -> str:
    if value is None:
        return "?"
    if value.low == value.high and value.low is not None:
        return f"{value.low:f}"
    low, high = (f"{n:f}" if n is not None else "?" for n in (value.low, value.high))
    return f"{low} to {high}"
