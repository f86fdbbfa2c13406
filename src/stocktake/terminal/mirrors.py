"""The mirror in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from stocktake.assessment.mirror import Mirrored
from stocktake.publication.mirrors import mirror_view
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import plain
from stocktake.terminal.console import hanging, style_of


def print_mirror(made: Mirrored, t: Tongue, to: Console) -> None:
    """Each question with an answer a State; who else is addressed; the reports of all parties by cycle."""
    view, colon = mirror_view(made, t), t.of("forms", "colon")
    to.print(
        Text(f"{t.page('mirror_title')} · {t.page('reviewed')} {made.as_of} · {t.page('unofficial')}", style="bold")
    )
    to.print(view["who"])
    to.print(Text(t.page("mirror_note"), style="dim"))
    for part in view["parts"]:
        to.print(Text(f"\n{part['label']}{colon}{part['asked']} ({part['duty']})", style="bold"))
        for line in part["lines"]:
            cited = " ".join(f"[{id}]" for id in line["ids"])
            text = Text(plain(line["sentence"]).strip(), style=style_of(line["verdict"])) + Text(
                f" {cited}", style="dim"
            )
            to.print(hanging(line["sign"], text))
    to.print(Text(f"\n{t.page('mirror_also')}", style="bold"))
    for line in view["also"]:
        to.print(hanging("", Text(line, style="dim")))
    to.print(Text(f"\n{t.page('mirror_reports')}", style="bold"))
    to.print(Text(t.page("mirror_reports_note"), style="dim"))
    for cycle in view["cycles"]:
        named = t.listed([f"{r['name']} {r['word']}" for r in cycle["on_record"]]) or t.page("nobody")
        said = (
            f"{cycle['name']}{colon}{named}{t.of('forms', 'semicolon')}{t.of('forms', 'semicolon').join(cycle['rest'])}"
        )
        to.print(hanging("", Text(said)))
