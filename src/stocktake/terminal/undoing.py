"""Irreversibility in a terminal: a measure, then a line an axis."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from stocktake.assessment.irreversibility import Undoing
from stocktake.assessment.review import Catalogue
from stocktake.publication.phrases import Tongue
from stocktake.publication.undoing import undoing_view
from stocktake.terminal.console import hanging


def print_undoings(catalogue: Catalogue, made: Sequence[Undoing], t: Tongue, to: Console) -> None:
    """Each measure on its four axes, then how many coders there were and how far they agree."""
    view, colon = undoing_view(catalogue, made, t), t.of("forms", "colon")
    to.print(Text(f"{t.page('undoing_title')} · {t.page('unofficial')}", style="bold"))
    to.print(Text(t.page("undoing_note"), style="dim"))
    for m in view["measures"]:
        to.print(Text(f"\n{m['subject']}{colon}{m['name']}", style="bold"))
        for cell in m["cells"]:
            note = f"{t.of('forms', 'open')}{cell['note']}{t.of('forms', 'close')}" if cell["note"] else ""
            said = Text(f"{cell['axis']}{colon}{cell['word']}{note}")
            cited = Text("".join(f" [{id}]" for id in cell["ids"]), style="dim")
            to.print(hanging("·" if cell["known"] else "?", said + cited))
        to.print(hanging("", Text(f"{t.page('undoing_objection')}{colon}{m['objections']}", style="dim")))
    for axis in view["axes"]:
        to.print(Text(f"{axis['name']}{colon}{axis['coders']}", style="dim"))
