"""`stocktake yardstick`: anyone's benchmarks and timeline, laid against the same evidence."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from stocktake.cli.options import AsJson, Folder, KnownAt, Lang, Register, day_of, folder_of, known_of, language_of

app = typer.Typer(help="Anyone's benchmarks and timeline, laid against the same evidence.", no_args_is_help=True)

FILES_HELP = (
    "A yardstick file (stocktake.yardstick/1, YAML or JSON), or the name of a bundled one; several side by side."
)
DAYS_HELP = (
    "Lay it against what was so on this day (YYYY-MM-DD, YYYY-MM or YYYY); repeat it for several. Default: today."
)


@app.command("list")
def list_(as_json: AsJson = False, lang: Lang = "en") -> None:
    """List the bundled yardsticks."""
    from stocktake.secretariat.yardstick_runs import bundled_tongue
    from stocktake.secretariat.yardsticks import bundled
    from stocktake.terminal.console import console
    from stocktake.terminal.yardsticks import print_list

    lang = language_of(lang)
    known = bundled()
    if as_json:
        rows = [{"name": n, "digest": o.digest, **o.yardstick.model_dump(mode="json")} for n, o in known.items()]
        typer.echo(json.dumps({"format": "stocktake.yardstick-list/1", "yardsticks": rows}, ensure_ascii=False))
        return
    print_list(known, bundled_tongue(lang), console())


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help=FILES_HELP)], folder: Folder = None
) -> None:
    """Report every problem of a yardstick with its line; say nothing more where there is none."""
    from stocktake.secretariat.yardsticks import checked_against
    from stocktake.terminal.console import printable

    for opened in checked_against(files, folder_of(folder)):
        count = len(opened.yardstick.benchmarks)
        typer.echo(f"No problem found: {printable(opened.name)}, {count} benchmark(s), SHA-256 {opened.digest}.")


@app.command()
def run(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help=FILES_HELP)],
    as_of: Annotated[list[str] | None, typer.Option("--as-of", metavar="DATE", help=DAYS_HELP)] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    register: Register = None,
) -> None:
    """Lay yardsticks against the evidence: what was met and missed, and when the present pace arrives.

    Example: stocktake yardstick run global-zero-2010 my-own.yaml --as-of 2020 --as-of 2026
    """
    from stocktake.publication.yardsticks import yardstick_document
    from stocktake.secretariat.yardstick_runs import run_yardsticks
    from stocktake.terminal.console import console
    from stocktake.terminal.yardsticks import print_yardsticks

    days, lang = [day_of(day) for day in as_of] if as_of else [day_of(None)], language_of(lang)
    made = run_yardsticks(files, days, folder=folder_of(folder), register=register, known_at=known_of(known_at))
    if as_json:
        rows = [yardstick_document(y, made.tongues).model_dump() for run in made.runs for y in run]
        typer.echo(json.dumps({"format": "stocktake.yardstick-run/1", "yardsticks": rows}, ensure_ascii=False))
        return
    for laid in made.runs:
        print_yardsticks(laid, made.tongue(lang), console())


@app.command("schema")
def schema_(
    file: Annotated[bool, typer.Option("--file", help="The schema of the file that people write.")] = False,
) -> None:
    """Print the JSON Schema of what `run --json` gives for one yardstick; with --file, of the file itself."""
    from stocktake.publication.yardsticks import schema
    from stocktake.secretariat.yardsticks import file_schema

    typer.echo(json.dumps(file_schema() if file else schema(), indent=1, ensure_ascii=False))
