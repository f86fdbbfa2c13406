"""What each State makes public, in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from stocktake.publication.phrases import Tongue
from stocktake.terminal.console import hanging


def print_disclosure(view: Mapping[str, Any], t: Tongue, to: Console) -> None:
    """State by State a line for each quantity, in words; then the refusals and withdrawals in their order."""
    colon, semicolon = t.of("forms", "colon"), t.of("forms", "semicolon")
    to.print(Text(f"{t.page('dis_title')} · {t.page('unofficial')}", style="bold"))
    to.print(t.page("dis_note"))
    for row in view["rows"]:
        to.print(Text(f"\n{row['state']}", style="bold"))
        for cell in row["cells"]:
            first = f"{cell['status']} {cell['figure']}".strip()
            said = semicolon.join(part for part in (first, cell["comparable"], cell["measurable"]) if part)
            to.print(hanging("", Text(f"{cell['quantity']}{colon}{said}")))
        to.print(hanging("", Text(" ".join((row["complete"], row["sealed"])).strip(), style="dim")))
    if view["refusals"]:
        to.print(Text(f"\n{t.page('dis_refusals')}", style="bold"))
    for r in view["refusals"]:
        line = Text(f"{r['when']} · {r['what']}{colon}{r['kind']}")
        to.print(hanging("", line + Text(f"\n{r['words']} [{r['id']}]", style="dim")))
