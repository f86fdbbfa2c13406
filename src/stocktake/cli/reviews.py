"""`stocktake review` and `stocktake show`: a register reviewed whole, and one paragraph of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import (
    AsJson,
    AsOf,
    ErrorModel,
    Folder,
    KnownAt,
    Lang,
    Register,
    Yardsticks,
    day_of,
    folder_of,
    known_of,
    language_of,
)

TEXT_HELP = "The text of the resolution, to show its words beside each answer."
OUT_HELP = "Where the site goes, also with --json; a review that is there is replaced whole."
READING_HELP = "One reading of whom the paragraph addresses, such as zh or en for op 6."
MARKDOWN_HELP = "Write the review as one Markdown document to this file, and no site."
GAPS_HELP = "Go on with a text in which a paragraph is missing."


def review(
    text: Annotated[Path | None, typer.Argument(help=TEXT_HELP)] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=OUT_HELP)] = Path("build/review"),
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    register: Register = None,
    error_model: ErrorModel = None,
    yardstick: Yardsticks = None,
    allow_gaps: Annotated[bool, typer.Option("--allow-gaps", help=GAPS_HELP)] = False,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help=MARKDOWN_HELP)] = None,
) -> None:
    """Review how a register (A/RES/75/65) has been implemented: terminal summary, static site, review.json.

    Example: stocktake review A_RES_75_65.zh.txt --as-of 2026-11-22
    """
    from stocktake.secretariat.apart import documents_apart
    from stocktake.secretariat.log_catalogue import audit_review
    from stocktake.secretariat.reviewing import make_review, write_markdown, write_site
    from stocktake.terminal.console import console, printable
    from stocktake.terminal.reviews import print_places, print_summary

    day, lang = day_of(as_of), language_of(lang)
    to = console(stderr=as_json)
    document = None
    began = time.perf_counter()
    if text is not None:
        document = documents_apart(text)[0]
        size = f"{len(document.preambular)} + {len(document.operative)} paragraphs"
        notes = f"{len(document.footnotes)} footnotes"
        to.print(f"Reading {printable(text.name)} · {document.language} · {size} · {notes}  {_since(began)}")
    began = time.perf_counter()
    made = make_review(
        as_of=day,
        text=document,
        allow_gaps=allow_gaps,
        folder=folder_of(folder),
        register=register,
        known_at=known_of(known_at),
        error_models=error_model,
        yardsticks=yardstick or (),
    )
    preamble = sum(p.paragraph.key.section == "preambular" for p in made.review.paragraphs)
    size = f"{preamble} + {len(made.review.paragraphs) - preamble} paragraphs"
    clauses = sum(len(p.clauses) for p in made.review.paragraphs)
    to.print(f"Weighing {size} · {clauses} clauses · as of {day}  {_since(began)}")
    began = time.perf_counter()
    if markdown is not None:
        write_markdown(made, markdown, lang=lang)
        to.print(f"Writing {printable(markdown)}  {_since(began)}", soft_wrap=True)
    else:
        count = write_site(made, out, lang=lang)
        to.print(f"Writing {count} files  {_since(began)}")
    if as_json:
        typer.echo(made.document.model_dump_json(by_alias=True))
    else:
        print_summary(made, lang, to)
    if markdown is not None:
        return
    if not as_json:
        print_places(out, made, folder, to)
    found = audit_review(out)
    to.print(printable(found.line), soft_wrap=True)
    if not found.holds:
        raise typer.Exit(1)


def explain(
    finding: Annotated[str, typer.Argument(help="Finding id, as in review.json: op5.1.stockpile-estimated.CHN.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    register: Register = None,
) -> None:
    """How a finding came about, number by number, and what would turn it.

    Example: stocktake explain op5.1.stockpile-estimated.CHN
    """
    from stocktake.assessment.explaining import explained
    from stocktake.secretariat.reviewing import find_finding, make_review

    day, lang = day_of(as_of), language_of(lang)
    symbol = finding.partition("#")[0] if "#" in finding else None
    made = make_review(as_of=day, folder=folder_of(folder), register=register or symbol, known_at=known_of(known_at))
    place, wanted = find_finding(made.review, finding)
    found = explained(made.review.catalogue, wanted, day)
    clause = next(c.clause for c in place.clauses if c.clause.n == wanted.clause)
    if as_json:
        from stocktake.publication.explanation import explanation_document

        document = explanation_document(found, made.review, place.paragraph.id, clause)
        typer.echo(document.model_dump_json(indent=1))
    else:
        from stocktake.terminal.console import console
        from stocktake.terminal.explanations import print_explanation

        rules, t = made.review.catalogue.rules, made.tongue(lang)
        when = f"{day} · {t.known(made.document.known_at)}"
        print_explanation(found, place.paragraph.id, clause, rules, when, t, console())


def history(
    paragraph: Annotated[
        str | None, typer.Argument(help="Paragraph id: 'A/RES/75/65#op5', or op5. Default: all.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    register: Register = None,
) -> None:
    """How each question was answered through time: every answer with the day from which it holds.

    Example: stocktake history op5
    """
    from stocktake.secretariat.reviewing import make_history

    day, lang = day_of(as_of), language_of(lang)
    symbol = paragraph.partition("#")[0] if paragraph and "#" in paragraph else None
    made = make_history(
        paragraph, until=day, folder=folder_of(folder), register=register or symbol, known_at=known_of(known_at)
    )
    if as_json:
        typer.echo(made.document.model_dump_json(by_alias=True, indent=1))
    else:
        from stocktake.terminal.console import console
        from stocktake.terminal.history import print_history

        print_history(made.document, dict(made.catalogue.indicators), made.tongue(lang), console())


def _since(began: float) -> str:
    return f"{time.perf_counter() - began:.1f} s"


def show(
    paragraph: Annotated[str, typer.Argument(help="Paragraph id: 'A/RES/75/65#op5', or op5.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    register: Register = None,
    reading: Annotated[str | None, typer.Option("--reading", metavar="ID", help=READING_HELP)] = None,
    error_model: ErrorModel = None,
    yardstick: Yardsticks = None,
) -> None:
    """Print one paragraph's whole answer, made to be quoted.

    Example: stocktake show 'A/RES/75/65#op6' --reading zh --lang zh
    """
    from stocktake.secretariat.reviewing import make_review, narrowed, paragraph_answer

    day, lang = day_of(as_of), language_of(lang)
    symbol = paragraph.partition("#")[0] if "#" in paragraph else None
    whole = make_review(
        as_of=day,
        folder=folder_of(folder),
        register=register or symbol,
        known_at=known_of(known_at),
        error_models=error_model,
        yardsticks=yardstick or (),
    )
    made = narrowed(whole, paragraph, reading)
    if as_json:
        typer.echo(paragraph_answer(made).model_dump_json(by_alias=True, indent=1))
    else:
        from stocktake.terminal.console import console
        from stocktake.terminal.reviews import print_paragraph

        print_paragraph(made, lang, console())
