"""Documents that were read, in a terminal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from unicodedata import bidirectional

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from stocktake.secretariat.reading import Outcome
from stocktake.terminal.console import printable
from stocktake.terminal.meaning import Beside
from stocktake.texts.model import Document, Paragraph, SubItem

LABEL, INDENT = 8, 2
WHERE = {"agenda_item": "agenda item", "report_symbol": "report", "report_paragraph": "report paragraph"}
FIRST, ISOLATE, POP = 60, "\u2068", "\u2069"  # cells of a first line; a name in another direction stays in its place


def print_document(document: Document, to: Console, beside: Beside | None = None) -> None:
    """What the masthead says, then each paragraph with its verbs, addressees, citations and first words; notes last.

    With ``beside``, also what is said of each paragraph and of the whole beside the words.
    """
    head = document.header
    to.print(Text(printable(f"{head.symbol or 'no symbol'} · {document.language}"), style="bold"))
    if head.title:
        to.print(Text(printable(head.title), style="bold"))
    stated = {k: v for k, v in asdict(head).items() if k not in ("symbol", "title")}
    facts = [f"{WHERE.get(k, k)} {v}" for k, v in stated.items() if v is not None]
    if facts:
        to.print(Text(printable(" · ".join(facts))))
    missing = [WHERE.get(k, k) for k, v in stated.items() if v is None]
    if missing:
        to.print(Text(f"not stated: {', '.join(missing)}", style="dim"))
    if beside and beside.whole:
        to.print(Text(printable(beside.whole)))
    said = iter(beside.paragraphs if beside else ())
    to.print(f"{len(document.preambular)} + {len(document.operative)} paragraphs · {len(document.footnotes)} footnotes")
    for name, prefix, some in (("Preamble", "pp", document.preambular), ("Operative part", "op", document.operative)):
        if some:
            to.print(Text(f"\n{name}", style="bold"))
        for p in some:
            _print_paragraph(p, f"{prefix} {p.n}", to)
            _print_beside(next(said, ()), to)
    for annex in document.annexes:
        to.print(Text(printable(f"\nAnnex: {annex.title or 'no title'}".strip()), style="bold"))
        for p in annex.paragraphs:
            _print_paragraph(p, str(p.n), to)
            _print_beside(next(said, ()), to)
    if document.footnotes:
        to.print(Text("\nFootnotes", style="bold"))
    for n in document.footnotes:
        cited = f"  cites {', '.join(n.citations)}" if n.citations else ""
        to.print(_row(str(n.n), Text(_first_words(n.text, to) + printable(cited))))
    for w in document.warnings:
        to.print(Text("warning " + " ".join(printable(f"[{w.code}] {w.message}").split()), style="yellow"))


def _print_beside(lines: Sequence[str], to: Console) -> None:
    for line in lines:
        to.print(_row("", Text(printable(line), style="dim")))


def _print_paragraph(p: Paragraph, place: str, to: Console) -> None:
    if p.heading:
        to.print(Text(printable(p.heading), style="italic"))
    label = printable(f" {p.label}") if p.label and p.label.rstrip(".") != str(p.n) else ""
    lines = [Text(_first_words(p.text, to))]
    whom = ", ".join(f"{a.text} {a.key}" if a.key else a.text for a in p.addressees)
    marks = " ".join(map(str, p.footnote_marks))
    items = _count(p.sub_items)
    said = [
        ("verbs", ", ".join(p.verbs)),
        ("to", whom),
        ("cites", ", ".join(p.citations)),
        ("notes", marks),
        ("items", f"{items}" if items else ""),
    ]
    told = "  ".join(f"{name} {_isolated(printable(value))}" for name, value in said if value)
    if told:
        lines.append(Text(told, style="dim"))
    to.print(_row(place + label, Text("\n").join(lines)))


def _isolated(text: str) -> str:
    """Words that run from right to left, kept apart from what stands beside them."""
    return f"{ISOLATE}{text}{POP}" if any(bidirectional(c) in ("R", "AL") for c in text) else text


def _row(label: str, text: Text) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=max(LABEL - INDENT, cell_len(label)))
    grid.add_column(overflow="fold")
    grid.add_row(label, text)
    return grid


def _first_words(text: str, to: Console) -> str:
    """As much of a text as one line of this terminal holds, at most a little more than half a line of print."""
    shown, room = printable(text), max(8, min(FIRST, to.width - LABEL - 3))
    return shown if cell_len(shown) <= room else f"{set_cell_size(shown, room - 1).rstrip()}…"


def _count(items: Sequence[SubItem]) -> int:
    return sum(1 + _count(item.sub_items) for item in items)


def followed(outcomes: Iterator[Outcome], total: int, to: Console) -> Iterator[Outcome]:
    """The outcomes as they come, with a bar where someone looks at a terminal."""
    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[file]}"),
    )
    with Progress(*columns, console=to, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=total, file="")
        for outcome in outcomes:
            bar.update(task, advance=1, file=printable(Path(outcome.file).name)[:30])
            yield outcome


def print_outcomes(outcomes: Sequence[Outcome], to: Console) -> None:
    """A row a document that was read."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading, justify in (
        ("file", "left"),
        ("symbol", "left"),
        ("", "left"),
        ("pp", "right"),
        ("op", "right"),
        ("notes", "right"),
        ("warnings", "left"),
    ):
        table.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
    for o in outcomes:
        for d in o.documents:
            figures = (d.preambular, d.operative, d.footnotes)
            cells = (Path(o.file).name, d.symbol or "–", d.language, *figures, ", ".join(d.warnings))
            table.add_row(*map(printable, cells))
    if table.row_count:
        to.print(table)


def print_failures(outcomes: Sequence[Outcome], to: Console) -> None:
    """What was not read: each code and reason with what to do, and the files of which it is said."""
    said: dict[tuple[str, str, str], list[str]] = {}
    for o in outcomes:
        if o.failure:
            reason = o.failure.reason.removeprefix(f"{Path(o.file).name}: ")
            said.setdefault((o.failure.code, reason, o.failure.remedy), []).append(o.file)
    if not said:
        return
    table = Table(box=None, pad_edge=False, header_style="dim", title="Not read", title_justify="left")
    for heading, ratio in (("code, files", 4), ("reason", 5), ("what to do", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for (code, reason, remedy), files in said.items():
        table.add_row(*map(printable, (f"{code} ({len(files)})", reason, remedy)))
    to.print(table)
    for (code, _, _), files in said.items():
        for file in files:
            to.print(Text(printable(f"{code}: {file}"), style="dim"), soft_wrap=True)


def print_total(outcomes: Sequence[Outcome], total: int, to: Console, *, out: Path | None, interrupted: bool) -> None:
    """How many files were read, stood already, failed."""
    count = Counter("failed" if o.failure else "kept" if o.kept else "read" for o in outcomes)
    words = [f"{count['read']} of {total} files read"]
    words += [f"{count['kept']} unchanged since an earlier run"] if count["kept"] else []
    words += [f"{count['failed']} not read"] if count["failed"] else []
    words += [f"results in {out}"] if out else []
    to.print(printable(" · ".join(words)), soft_wrap=True)
    if interrupted:
        again = "the same command goes on from here" if out else "with --out DIR a later run goes on from here"
        to.print(f"Stopped by you; {again}.", soft_wrap=True)
