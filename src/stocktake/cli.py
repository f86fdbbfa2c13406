"""The command line: arguments; what they ask for is done by the secretariat and shown by the terminal."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from stocktake import __version__
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidTerm, StocktakeError
from stocktake.terms.words import LANGUAGES

app = typer.Typer(
    help="What States promised on nuclear disarmament, what they and others state, and what it amounts to. Unofficial.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
catalogue_app = typer.Typer(help="The facts: registers, indicators, statements with sources.", no_args_is_help=True)
app.add_typer(catalogue_app, name="catalogue")

DATE_HELP = "Review what was true on this day (YYYY-MM-DD, YYYY-MM or YYYY). Default: today."
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=DATE_HELP)]
Lang = Annotated[str, typer.Option("--lang", metavar="en|zh", help="Language of the terminal and of the first page.")]
FOLDER_HELP = "A catalogue of your own instead of the bundled one."
Folder = Annotated[Path | None, typer.Option("--catalogue", metavar="DIR", help=FOLDER_HELP)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


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
    from stocktake.terminal import printable

    return printable(line)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stocktake {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def _root(version: Version = False) -> None:
    pass


@app.command(short_help="A UN document into paragraphs, footnotes, citations.")
def read(
    file: Annotated[Path, typer.Argument(help="Text of a UN resolution in Chinese (UTF-8, UTF-16 or GB18030).")],
    as_json: AsJson = False,
    lines: Annotated[bool, typer.Option("--lines", help="Each line is one paragraph out of context.")] = False,
    language: Annotated[str, typer.Option("--lang", help="The language of the lines.")] = "zh",
) -> None:
    """Read a UN document into paragraphs, footnotes, verbs, citations and addressees.

    Example: stocktake read A_RES_75_65.zh.txt --json
    """
    from stocktake.secretariat.documents import open_document, open_lines

    if lines:
        for reading in open_lines(file, language):
            typer.echo(json.dumps(asdict(reading), ensure_ascii=False))
        return
    document = open_document(file)
    if as_json:
        from stocktake.texts.model import to_json

        typer.echo(json.dumps(to_json(document), ensure_ascii=False, indent=1))
    else:
        from stocktake.terminal import console, print_document

        print_document(document, console())


TEXT_HELP = "The text of the resolution, to show its words beside each answer."
OUT_HELP = "Where the site goes, also with --json; a review that is there is replaced whole."
GAPS_HELP = "Go on with a text in which a paragraph is missing."


@app.command(short_help="Review the resolution: summary, site, review.json.")
def review(
    text: Annotated[Path | None, typer.Argument(help=TEXT_HELP)] = None,
    as_of: AsOf = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=OUT_HELP)] = Path("build/review"),
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    allow_gaps: Annotated[bool, typer.Option("--allow-gaps", help=GAPS_HELP)] = False,
) -> None:
    """Review how A/RES/75/65 has been implemented: terminal summary, static site, review.json.

    Example: stocktake review A_RES_75_65.zh.txt --as-of 2026-11-22
    """
    from stocktake.secretariat.documents import open_document
    from stocktake.secretariat.reviewing import make_review, write_site
    from stocktake.terminal import console, print_places, print_summary, printable

    day, lang = _day(as_of), _language(lang)
    to = console(stderr=as_json)
    document = None
    began = time.perf_counter()
    if text is not None:
        document = open_document(text)
        size = f"{len(document.preambular)} + {len(document.operative)} paragraphs"
        notes = f"{len(document.footnotes)} footnotes"
        to.print(f"Reading {printable(text.name)} · {document.language} · {size} · {notes}  {_since(began)}")
    began = time.perf_counter()
    made = make_review(as_of=day, text=document, allow_gaps=allow_gaps, folder=_folder(folder))
    preamble = sum(p.paragraph.key.section == "preambular" for p in made.review.paragraphs)
    size = f"{preamble} + {len(made.review.paragraphs) - preamble} paragraphs"
    clauses = sum(len(p.clauses) for p in made.review.paragraphs)
    to.print(f"Weighing {size} · {clauses} clauses · as of {day}  {_since(began)}")
    began = time.perf_counter()
    count = write_site(made, out, lang=lang)
    to.print(f"Writing {count} files  {_since(began)}")
    if as_json:
        typer.echo(made.document.model_dump_json(by_alias=True))
    else:
        print_summary(made, lang, to)
        print_places(out, made, folder, to)


def _since(began: float) -> str:
    return f"{time.perf_counter() - began:.1f} s"


@app.command(short_help="One paragraph's whole answer, made to be quoted.")
def show(
    paragraph: Annotated[str, typer.Argument(help="Paragraph id: 'A/RES/75/65#op5', or op5.")],
    as_of: AsOf = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Print one paragraph's whole answer, made to be quoted.

    Example: stocktake show 'A/RES/75/65#op6' --lang zh
    """
    from stocktake.secretariat.reviewing import make_review

    day, lang = _day(as_of), _language(lang)
    made = make_review(as_of=day, folder=_folder(folder))
    wanted = made.review.catalogue.register.paragraph(paragraph).id
    if as_json:
        found = next(p for p in made.document.paragraphs if p.id == wanted)
        typer.echo(found.model_dump_json(by_alias=True, indent=1))
    else:
        from stocktake.terminal import console, print_paragraph

        print_paragraph(made, wanted, lang, console())


CHECKED_HELP = "A catalogue folder; default: the one that ships with Stocktake."


@catalogue_app.command("check")
def catalogue_check(folder: Annotated[Path | None, typer.Argument(help=CHECKED_HELP)] = None) -> None:
    """Validate ids, cross-references, units, dates and sources; report every problem with file and row."""
    from stocktake.secretariat.catalogue import load_catalogue

    catalogue, states, _ = load_catalogue(_folder(folder))
    statements = catalogue.archive.statements
    counts = {
        "paragraphs": len(catalogue.register.paragraphs),
        "indicators": len(catalogue.indicators),
        "commitments": len(catalogue.commitments),
        "links": len(catalogue.links),
        "statements": len(statements),
        "of them checked": sum(s.checked for s in statements),
        "speakers": len(catalogue.archive.speakers),
        "States": len(states),
    }
    typer.echo("No problem found: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ".")


def _folder(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is not a folder", param_hint="--catalogue")
    return folder


def _day(text: str | None) -> date:
    """The last day that the text may mean, so that a year is reviewed whole; today where there is none."""
    if text is None:
        return date.today()
    try:
        return PartialDate.parse(text).last
    except InvalidTerm as error:
        raise typer.BadParameter(str(error), param_hint="--as-of") from None


def _language(lang: str) -> str:
    if lang not in LANGUAGES:
        known = " or ".join(LANGUAGES)
        raise typer.BadParameter(f"{lang!r} is not a language of the site yet; choose {known}", param_hint="--lang")
    return lang


if __name__ == "__main__":
    main()
