"""Statements, imports and what was noticed about them, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.evidence.choice import VERSION, Choice, choose
from stocktake.evidence.layouts import Kind, Layout
from stocktake.evidence.remarks import Remark, Weight
from stocktake.evidence.statements import Statement
from stocktake.publication.phrases import Tongue
from stocktake.secretariat.importing import Reading
from stocktake.terminal.console import printable

HEADINGS = {
    Weight.FAULT: "Faults",
    Weight.DEFECT: "Defects, kept with the rows and not repaired",
    Weight.DIFFERENCE: "Differences between editions or sources; each is kept",
}
NARROW = 130  # columns; below, a statement takes two lines
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


def print_quantities(statements: Iterable[Statement], t: Tongue, to: Console) -> None:
    """Each quantity by id and name: statements, subjects, first and last date, share checked; two lines if narrow."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("quantity", "statements", "subjects", "from", "to", "checked", "what it is"):
        table.add_column(heading, justify="right" if heading in ("statements", "subjects", "checked") else "left")
    narrow = to.width < NARROW
    groups: dict[str, list[Statement]] = {}
    for s in statements:
        groups.setdefault(s.quantity, []).append(s)
    for quantity, rows in sorted(groups.items()):
        checked = f"{100 * sum(s.checked for s in rows) // len(rows)} %"
        subjects = len({s.subject for s in rows})
        counts = (str(len(rows)), str(subjects), str(rows[0].as_of), str(max(s.as_of for s in rows)), checked)
        name = printable(t.quantity(quantity))
        if narrow:
            to.print(Text(f"{quantity} · {name}"), soft_wrap=True)
            to.print(Text("    {} statements · {} subjects · {} to {} · {} checked".format(*counts), style="dim"))
        else:
            table.add_row(quantity, *counts, name)
    if not narrow:
        to.print(table)


def print_statements(statements: Iterable[Statement], t: Tongue, to: Console) -> None:
    """A line a statement: of whom, as of when, what, who says it and how it is established; two where it is narrow."""
    if to.width < NARROW:
        for s in statements:
            to.print(Text(printable(f"{s.as_of} · {t.subject(s.subject)} · {t.stated(s)}")), soft_wrap=True)
            seen = f"{t.of('seen', s.seen)}, {'checked' if s.checked else 'not checked'}"
            who = f"    {t.speaker(s.speaker)} · {t.of('verification', s.verification)} · {seen} · {s.id}"
            to.print(Text(printable(who), style="dim"), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("as of", "of", "stated", "speaker", "established", "seen", "checked", "id"):
        table.add_column(heading, overflow="fold")
    for s in statements:
        table.add_row(
            *map(printable, (s.as_of, t.subject(s.subject), t.stated(s), t.speaker(s.speaker))),
            *map(printable, (t.of("verification", s.verification), t.of("seen", s.seen))),
            *map(printable, ("yes" if s.checked else "no", s.id)),
        )
    to.print(table)


def print_conflicts(groups: Sequence[Sequence[Statement]], t: Tongue, to: Console) -> None:
    """Each group of statements that differ, and which of them the rule puts forward."""
    for group in groups:
        choice = choose(group)
        to.print(Text(printable(t.occasion(group[0])), style="bold"))
        for s in group:
            mark = ">" if choice.chosen is s else " "
            how = f"{t.of('verification', s.verification)} · {t.of('seen', s.seen)}"
            to.print(Text(printable(f"  {mark} {t.stated(s)} · {t.speaker(s.speaker)} · {how} · {s.id}")))
        to.print(Text(f"    rule of choice {VERSION}: {choice.reason}", style="dim"))
    to.print(f"{len(groups)} occasions are stated differently; every statement is kept.")


def print_statement(s: Statement, choice: Choice, t: Tongue, to: Console) -> None:
    """Every field that is given, then what else is stated of the same thing."""
    what = f"{t.quantity(s.quantity)} · {t.subject(s.subject)} · as of {s.as_of}: {t.stated(s)}"
    to.print(Text(printable(what), style="bold"))
    for name, value in s:
        if value not in (None, "") and name not in ("text_en", "text_zh", "as_of"):
            to.print(Text(printable(f"  {name}: {value}")), soft_wrap=True)
    others = [o for o in (choice.chosen, *choice.beside) if o is not None and o.id != s.id]
    if others:
        to.print("Also stated of it:")
        for other in others:
            how = t.of("verification", other.verification)
            to.print(Text(printable(f"  {t.stated(other)} · {t.speaker(other.speaker)} · {how} · {other.id}")))
        put = choice.chosen.id if choice.chosen else "none"
        to.print(Text(printable(f"Put forward by rule of choice {VERSION}: {put} ({choice.reason})"), style="dim"))


def print_tally(found: Mapping[str, Statement | None], roster: str, day: str, t: Tongue, to: Console) -> None:
    """How many have which status, most frequent first, with their names."""
    groups: dict[str, list[str]] = {}
    for iso3, s in found.items():
        groups.setdefault((s.act or "") if s else "nothing stated", []).append(iso3)
    for act, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        to.print(
            Text(printable(f"{act}: {len(members)} of {len(found)} ({t.listed(sorted(map(t.subject, members)))})"))
        )
    to.print(Text(printable(f"{roster} on {day}"), style="dim"))
