"""The command line: arguments; what they ask for is done by the secretariat and shown by the terminal."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from stocktake import __version__
from stocktake.cli import (
    accountancy,
    calibration,
    catalogue,
    chains,
    changes,
    corrections,
    disclosure,
    documents,
    evidence,
    excess,
    form,
    ledger,
    mirrors,
    ranks,
    reviews,
    sampling,
    undoing,
    yardstick,
)
from stocktake.terms.problems import StocktakeError

app = typer.Typer(
    help="What States promised on nuclear disarmament, what they and others state, and what it amounts to. Unofficial.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(short_help="A UN document into paragraphs, footnotes, citations.")(documents.read)
app.command(short_help="Review the resolution: summary, site, review.json.")(reviews.review)
app.command(short_help="One paragraph's whole answer, made to be quoted.")(reviews.show)
app.command(short_help="How a finding came about, number by number.")(reviews.explain)
app.command(short_help="How each question was answered through time.")(reviews.history)
app.command(short_help="What is answered otherwise than before, and why.")(changes.changes)
app.command(short_help="What took the place of what, our own corrections too.")(corrections.corrections)
app.command(short_help="How near estimates came to figures revealed later.")(calibration.calibration)
app.command(short_help="What each State makes public of itself.")(disclosure.disclosure)
app.command(short_help="Material balances: MUF, SITMUF, Page's test.")(accountancy.account)
app.command(short_help="Excess fissile material: designated, verified, disposed of.")(excess.excess)
app.add_typer(sampling.app, name="sample")
app.command(short_help="The same questions to those who ask them of others.")(mirrors.mirror)
app.command(short_help="How hard measures would be to undo, on four axes.")(undoing.irreversibility)
app.command(short_help="What was promised before a paragraph, link by link.")(chains.chain)
app.add_typer(catalogue.app, name="catalogue", short_help="The facts: registers, indicators, statements.")
app.add_typer(evidence.app, name="evidence", short_help="Statements: who said what; data sets you take in.")
app.add_typer(form.app, name="form", short_help="The standard reporting form, filled and compared.")
app.add_typer(ledger.app, name="ledger", short_help="The record: a signed log that anyone can audit.")
app.command(short_help="Ranges of ranks, by your own weights only.")(ranks.rank)
app.add_typer(yardstick.app, name="yardstick", short_help="Anyone's benchmarks and timeline, on this evidence.")


def main() -> None:
    """Entry point: errors that we foresee end with their message and exit code 1, misuse with 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without these letters shows a question mark, and goes on
            stream.reconfigure(errors="replace")
    try:
        app()
    except StocktakeError as error:
        typer.echo("\n".join(map(_printable, str(error).splitlines())), err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        typer.echo(f"{error.filename or 'output'}: {error.strerror or error}", err=True)
        sys.exit(1)


def _printable(line: str) -> str:
    from stocktake.terminal.console import printable

    return printable(line)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stocktake {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def _root(version: Version = False) -> None:
    pass
