"""`stocktake evidence`: what is stated, and public data sets of your own taken in beside it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import AsJson, AsOf, Folder, Lang, day_of, folder_of, language_of
from stocktake.terms.problems import StocktakeError

app = typer.Typer(help="Statements: who said what, and data sets that you take in.", no_args_is_help=True)


class NothingStated(StocktakeError):
    """An id, a quantity or a roster of which the catalogue says nothing."""

    code = "nothing-stated"


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
    from stocktake.secretariat.reference import reference
    from stocktake.terminal.console import console
    from stocktake.terminal.evidence import print_kinds

    known = reference()
    print_kinds(known.kinds, known.layouts, console())


KINDS_SHOWN = "What is spoken of, such as stockpile or ctbt-ratification; without it, a line for each."


@app.command("list")
def list_(
    quantity: Annotated[str | None, typer.Argument(help=KINDS_SHOWN)] = None,
    subject: Annotated[str | None, typer.Option("--subject", metavar="ID", help="Only of this State or body.")] = None,
    as_of: AsOf = None,
    conflicting: Annotated[bool, typer.Option("--conflicting", help="Only what is stated differently.")] = False,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """What is stated: by quantity, then each statement with its speaker, date and value.

    Example: stocktake evidence list stockpile --subject CHN
    """
    from stocktake.evidence.choice import conflicts
    from stocktake.secretariat.catalogue import load_catalogue
    from stocktake.secretariat.reviewing import tongue_of
    from stocktake.terminal.console import console
    from stocktake.terminal.evidence import print_conflicts, print_quantities, print_statements

    day, lang = day_of(as_of), language_of(lang)
    catalogue, states, _ = load_catalogue(folder_of(folder))
    archive = catalogue.archive
    found = [
        s
        for s in archive.statements
        if quantity in (None, s.quantity) and subject in (None, s.subject) and s.as_of.first <= day
    ]
    if not found:
        raise NothingStated(f"Nothing is stated of {quantity or 'anything'}; see `stocktake evidence list`.")
    groups, tongue = conflicts(found), tongue_of(archive, states, lang)
    if as_json:
        chosen = [s for group in groups for s in group] if conflicting else found
        for s in chosen:
            typer.echo(s.model_dump_json(exclude_none=True))
    elif conflicting:
        print_conflicts(groups, tongue, console())
    elif quantity is None and subject is None:
        print_quantities(found, tongue, console())
    else:
        print_statements(found, tongue, console())


@app.command("show")
def show(
    id: Annotated[str, typer.Argument(help="Id of a statement, as `stocktake evidence list` prints it.")],
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """One statement whole, what else is stated of the same thing, and which one the rule puts forward.

    Example: stocktake evidence show ars-op5-112
    """
    from stocktake.evidence.choice import choose, occasion
    from stocktake.secretariat.catalogue import load_catalogue
    from stocktake.secretariat.reviewing import tongue_of
    from stocktake.terminal.console import console
    from stocktake.terminal.evidence import print_statement

    lang = language_of(lang)
    catalogue, states, _ = load_catalogue(folder_of(folder))
    archive = catalogue.archive
    if id not in archive:
        raise NothingStated(f"There is no statement {id!r}; `stocktake evidence list QUANTITY` prints the ids.")
    same = [s for s in archive.statements if occasion(s) == occasion(archive[id])]
    choice = choose(same)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "statement": archive[id].model_dump(mode="json", exclude_none=True),
                    "beside": [s.id for s in same if s.id != id],
                    "put_forward": choice.chosen.id if choice.chosen else None,
                    "reason": choice.reason,
                },
                ensure_ascii=False,
                default=str,
            )
        )
        return
    print_statement(archive[id], choice, tongue_of(archive, states, lang), console())


@app.command("tally")
def tally(
    quantity: Annotated[str, typer.Argument(help="A status, such as ctbt-ratification.")],
    roster: Annotated[str, typer.Option("--roster", metavar="NAME", help="A roster, such as CTBT-ANNEX2 or NWS.")],
    as_of: AsOf = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """How many States of a roster have which status on a day, and who.

    Example: stocktake evidence tally ctbt-ratification --roster CTBT-ANNEX2 --as-of 2022-12-31
    """
    from stocktake.evidence.choice import standing
    from stocktake.secretariat.catalogue import load_catalogue
    from stocktake.secretariat.reviewing import tongue_of
    from stocktake.terminal.console import console
    from stocktake.terminal.evidence import print_tally
    from stocktake.terms.states import roster as members_of

    day, lang = day_of(as_of), language_of(lang)
    catalogue, states, _ = load_catalogue(folder_of(folder))
    members = members_of(catalogue.memberships, roster, day)
    if not members:
        known = ", ".join(sorted({m.roster for m in catalogue.memberships}))
        raise NothingStated(f"There is no roster {roster!r} on {day}; there are: {known}.")
    found = standing(catalogue.archive, quantity, members, day)
    if as_json:
        held = {iso: None if s is None else {"act": s.act, "statement": s.id} for iso, s in found.items()}
        typer.echo(json.dumps({"roster": roster, "as_of": str(day), "standing": held}))
        return
    print_tally(found, roster, str(day), tongue_of(catalogue.archive, states, lang), console())
