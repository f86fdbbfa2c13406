"""How near estimators came, in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from stocktake.publication.phrases import Tongue
from stocktake.terminal.console import hanging


def print_calibration(view: Mapping[str, Any], t: Tongue, to: Console) -> None:
    """For each estimator and quantity the summary, then each estimate beside what was revealed."""
    colon = t.of("forms", "colon")
    to.print(Text(f"{t.page('cal_title')} · {t.page('unofficial')}", style="bold"))
    to.print(t.page("cal_note"))
    for e in view["estimators"]:
        to.print(Text(f"\n{e['name']}", style="bold"))
        to.print(e["summary"])
        for row in e["rows"]:
            error = f"{row['error']}{t.of('forms', 'open')}{row['share']}{t.of('forms', 'close')}"
            line = Text(
                f"{row['subject']}{colon}{t.page('cal_estimated')} {row['estimated']}{t.of('forms', 'semicolon')}"
                f"{t.page('cal_revealed')} {row['revealed']}{t.of('forms', 'semicolon')}{t.page('cal_error')} {error}",
                style="" if row["scored"] else "dim",
            )
            more = [] if row["scored"] else [row["standing"]]
            more += [f"{t.page('cal_repeat')} {row['repeat']}"] if row["repeat"] != "–" else []
            ids = " ".join(f"[{id}]" for id, _, _ in row["sources"])
            to.print(hanging("", line + Text(f"\n{t.of('forms', 'semicolon').join([*more, ids])}", style="dim")))
    if not view["estimators"]:
        to.print(t.page("cal_nothing"))
