"""The console that every command writes to, and how words, signs and indents look on it."""

from __future__ import annotations

import unicodedata

from rich.console import Console
from rich.table import Table
from rich.text import Text

FAVOURABLE = {"advanced", "done", "kept", "met"}
OPEN = {"unchanged", "pending", "undetermined"}


def console(*, stderr: bool = False) -> Console:
    """A console that shows words as they are: no markup, no emoji codes, nothing highlighted."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def printable(text: object) -> str:
    """A name as it may be shown: a control character in it could move the cursor."""
    shown = (" " if c.isspace() else c for c in str(text))
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c)[0] == "C" else c for c in shown)


def style_of(verdict: str | None) -> str:
    if verdict is None or verdict in OPEN:
        return ""
    return "blue" if verdict in FAVOURABLE else "yellow"


def hanging(sign: str, text: Text) -> Table:
    """Text with its sign before it and further lines indented; Chinese breaks anywhere."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(min_width=3, justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(sign, text)
    return grid
