"""The list of corrections, in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from stocktake.publication.phrases import Tongue
from stocktake.terminal.console import hanging, printable

MOST = 160  # characters of one change; the whole stands in the JSON


def print_corrections(view: Mapping[str, Any], t: Tongue, to: Console) -> None:
    """What took the place of what, then the corrections of our own tables; each with when and why."""
    colon = t.of("forms", "colon")
    to.print(Text(f"{t.page('corrections_title')} · {t.page('unofficial')}", style="bold"))
    to.print(Text(f"\n{t.page('superseding_title')}{colon}{len(view['superseding'])}", style="bold"))
    for row in view["superseding"]:
        line = Text(f"{row['when']} · {row['what']}{colon}{row['kind']}")
        for key in ("earlier", "later"):
            side = row[key]
            line += Text(f"\n{t.page(f'corrections_{key}')}{colon}{side['said']} [{side['id']}]", style="dim")
        line += Text(f"\n{t.page('corrections_why')}{colon}{row['why']}" if row["why"] else "", style="dim")
        to.print(hanging("", line))
    to.print(Text(f"\n{t.page('own_title')}{colon}{len(view['own'])}", style="bold"))
    for row in view["own"]:
        said = "; ".join(row["changed"]) or row["reason"]
        to.print(hanging("", Text(printable(f"{row['on']} · {row['name']}{colon}{_short(said)}"))))
    to.print(Text(t.page("corrections_kept"), style="dim"))


def _short(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
