"""`stocktake evidence`: what is stated, and public data sets of your own taken in beside it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import AsJson, day_of

app = typer.Typer(help="Statements: who said what, and data sets that you take in.", no_args_is_help=True)

STORE = Path("imported-evidence")
KIND_HELP = (
    "warheads, tests, treaties, votes, new-start, fissile, spending, safeguards, protocols, names, codings or reports."
)
STORE_HELP = "Where imported files are kept; a file that is there is not kept twice."
GIVEN_HELP = "The date of the figures, for a file whose rows have none."
SPLIT_HELP = "Take the World rows of a warhead table as the total inventory, a series of their own."
CHECK_HELP = "Only say what is wrong with the files; keep nothing."
Store = Annotated[Path, typer.Option("--into", metavar="DIR", help=STORE_HELP)]


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help=KIND_HELP)],
    files: Annotated[list[Path], typer.Argument(help="Files as their publishers give them: CSV, tab-separated, JSON.")],
    into: Store = STORE,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=GIVEN_HELP)] = None,
    split_world: Annotated[bool, typer.Option("--split-world", help=SPLIT_HELP)] = False,
    check: Annotated[bool, typer.Option("--check", help=CHECK_HELP)] = False,
    as_json: AsJson = False,
) -> None:
    """Take in public data sets as they are found; say what is wrong with them, and repair nothing.

    Example: stocktake evidence import tests nuclear_weapons_tests_states.csv
    """
    from stocktake.evidence.remarks import RefusedImport
    from stocktake.secretariat.importing import check_files, import_files, to_json
    from stocktake.terminal.console import console
    from stocktake.terminal.evidence import print_import

    if as_of is not None:
        day_of(as_of)
    take = check_files if check else import_files
    try:
        read = take(files, kind, into, date.today(), as_of=as_of, split_world=split_world)
    except RefusedImport as refused:
        if as_json:
            typer.echo(json.dumps({"imported": False, "remarks": to_json(refused.remarks)}, ensure_ascii=False))
            raise typer.Exit(1) from None
        raise
    if as_json:
        files_ = [
            {"file": r.path, "sha256": r.sha256, "layout": r.layout, "size": r.size, "remarks": to_json(r.remarks)}
            for r in read
        ]
        typer.echo(json.dumps({"imported": not check, "files": files_}, ensure_ascii=False))
        return
    print_import(read, None if check else into, console())


@app.command("kinds")
def kinds() -> None:
    """The kinds of data set that can be imported, with their other names and their columns."""
    from stocktake.secretariat.importing import reference
    from stocktake.terminal.console import console
    from stocktake.terminal.evidence import print_kinds

    known = reference()
    print_kinds(known.kinds, known.layouts, console())
