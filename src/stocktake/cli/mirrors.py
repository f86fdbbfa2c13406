"""`stocktake mirror`: the same questions, by the same rules, to those who ask them of others."""

from __future__ import annotations

from typing import Annotated

import typer

from stocktake.cli.options import AsJson, AsOf, Folder, KnownAt, Lang, day_of, folder_of, known_of, language_of

SUBJECTS_HELP = "Groups (NAC, NWS) and States by ISO code, with commas. Default: NAC, the sponsors of the resolution."


def mirror(
    subjects: Annotated[str, typer.Option("--subjects", metavar="NAMES", help=SUBJECTS_HELP)] = "NAC",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Hold the mirror up: every clause of every register that addresses these States, by the same rules.

    Example: stocktake mirror --subjects NAC,JPN
    """
    from stocktake.secretariat.mirrors import make_mirror

    day, lang = day_of(as_of), language_of(lang)
    names = [name.strip() for name in subjects.split(",") if name.strip()]
    if not names:
        raise typer.BadParameter("name at least one group or State", param_hint="--subjects")
    made = make_mirror(names, as_of=day, folder=folder_of(folder), known_at=known_of(known_at))
    if as_json:
        typer.echo(made.document.model_dump_json(by_alias=True, indent=1))
    else:
        from stocktake.terminal.console import console
        from stocktake.terminal.mirrors import print_mirror

        print_mirror(made.mirrored, made.tongue(lang), console())
