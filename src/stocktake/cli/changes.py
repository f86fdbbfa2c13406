"""`stocktake changes`: what is answered otherwise on one day than on another, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from stocktake.cli.options import AsJson, Folder, Lang, Register, folder_of, known_of, language_of
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidTerm

FROM_HELP = "The earlier day (YYYY-MM-DD, YYYY-MM or YYYY: its last day)."
TO_HELP = "The later day."
KNOWN_FROM_HELP = "What was known at the earlier day: a size of the catalogue's log, or a date. Default: FROM."
KNOWN_TO_HELP = "What was known at the later day, likewise. Default: TO; from today on, all that the catalogue holds."


def changes(
    first: Annotated[str, typer.Argument(metavar="FROM", help=FROM_HELP)],
    second: Annotated[str, typer.Argument(metavar="TO", help=TO_HELP)],
    known_from: Annotated[str | None, typer.Option("--known-from", metavar="SIZE|DATE", help=KNOWN_FROM_HELP)] = None,
    known_to: Annotated[str | None, typer.Option("--known-to", metavar="SIZE|DATE", help=KNOWN_TO_HELP)] = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    register: Register = None,
) -> None:
    """Which findings changed between two days, and why: what would have been said then, against what is said now.

    Example: stocktake changes 2023-12-31 2026-11-22
    """
    from stocktake.secretariat.changing import make_changes
    from stocktake.terminal.changes import print_changes
    from stocktake.terminal.console import console

    lang = language_of(lang)
    made = make_changes(
        _day(first, "FROM"),
        _day(second, "TO"),
        today=date.today(),
        known_from=known_of(known_from),
        known_to=known_of(known_to),
        folder=folder_of(folder),
        register=register,
    )
    if as_json:
        typer.echo(made.document.model_dump_json(by_alias=True, indent=1))
    else:
        print_changes(made.comparison, made.document, made.tongue(lang), console())


def _day(text: str, name: str) -> date:
    """The last day that the text may mean, so that a year is reviewed whole."""
    try:
        return PartialDate.parse(text).last
    except InvalidTerm as error:
        raise typer.BadParameter(str(error), param_hint=name) from None
