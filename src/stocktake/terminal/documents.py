"""A document that was read, in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.terminal.console import printable
from stocktake.texts.model import Document


def print_document(document: Document, to: Console) -> None:
    """A document that was read: a row a paragraph, then the footnotes and warnings."""
    head = document.header
    title = printable(f"{head.symbol or 'no symbol'} · {document.language} · {head.title or 'no title'}")
    to.print(Text(title, style="bold"))
    to.print(f"{len(document.preambular)} + {len(document.operative)} paragraphs · {len(document.footnotes)} footnotes")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", "verbs", "to whom", "cites", "notes", "begins"):
        fixed = heading in ("", "notes", "begins")
        table.add_column(heading, overflow="fold", no_wrap=fixed, max_width=None if fixed else to.width // 4)
    for prefix, rows in (("pp", document.preambular), ("op", document.operative)):
        for p in rows:
            whom = ", ".join(f"{a.text} {a.key}" if a.key else a.text for a in p.addressees)
            marks = " ".join(map(str, p.footnote_marks))
            cells = (f"{prefix} {p.n}", ", ".join(p.verbs), whom, ", ".join(p.citations), marks, f"{p.text[:8]}…")
            table.add_row(*map(printable, cells))
    to.print(table)
    for n in document.footnotes:
        to.print(Text(printable(f"{n.n:>3}  {n.text[:90]}  {', '.join(n.citations)}"), style="dim"))
    for w in document.warnings:
        to.print(Text(printable(f"warning [{w.code}]: {w.message}"), style="yellow"))
