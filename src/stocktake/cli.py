"""The command line: arguments and terminal output; all else is asked of the secretariat."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stocktake import __version__
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import StocktakeError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from stocktake.secretariat.reviewing import Made
    from stocktake.texts.model import Document

app = typer.Typer(
    help="What States promised on nuclear disarmament, what they and others state, and what it amounts to. Unofficial.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
catalogue_app = typer.Typer(
    help="The bundled facts: registers, indicators, statements, each with its source.", no_args_is_help=True
)
app.add_typer(catalogue_app, name="catalogue")

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Review what was true on this day (YYYY-MM-DD, YYYY-MM or YYYY). Default: today.",
    ),
]
Lang = Annotated[str, typer.Option("--lang", metavar="en|zh", help="Language of the terminal and of the first page.")]
Folder = Annotated[
    Path | None, typer.Option("--catalogue", metavar="DIR", help="A catalogue of your own instead of the bundled one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
SHOWN_IDS = 8
SIGN_STYLE = {
    "advanced": "blue",
    "done": "blue",
    "kept": "blue",
    "met": "blue",
    "reversed": "yellow",
    "broken": "yellow",
    "missed": "yellow",
    "late": "yellow",
    "lapsed": "yellow",
    "withdrawn": "yellow",
}


def main() -> None:
    """Entry point: errors that we foresee end with their message and exit code 1, misuse with 2."""
    try:
        app()
    except StocktakeError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stocktake {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="Text of a UN resolution (UTF-8).")], as_json: AsJson = False
) -> None:
    """Read a UN document into paragraphs, footnotes, citations and addressees."""
    from stocktake.secretariat.documents import open_document
    from stocktake.texts.model import to_json

    document = open_document(file)
    if as_json:
        typer.echo(json.dumps(to_json(document), ensure_ascii=False, indent=1))
        return
    _show_document(document)


def _show_document(document: Document) -> None:
    from rich.table import Table
    from rich.text import Text

    console = _console()
    console.print(
        Text(
            f"{document.header.symbol or 'no symbol'} · {document.language} · {document.header.title or 'no title'}",
            style="bold",
        )
    )
    console.print(
        f"{len(document.preambular)} + {len(document.operative)} paragraphs · {len(document.footnotes)} footnotes",
        highlight=False,
    )
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for heading in ("", "verbs", "to whom", "cites", "notes", "begins"):
        table.add_column(heading, overflow="fold")
    for prefix, rows in (("pp", document.preambular), ("op", document.operative)):
        for p in rows:
            to = ", ".join(f"{a.text} {a.key}" if a.key else a.text for a in p.addressees)
            table.add_row(
                f"{prefix} {p.n}",
                ", ".join(p.verbs),
                to,
                ", ".join(p.citations),
                " ".join(map(str, p.footnote_marks)),
                Text(p.text[:40] + ("…" if len(p.text) > 40 else "")),
            )
    console.print(table)
    for n in document.footnotes:
        console.print(Text(f"{n.n:>3}  {n.text[:90]}  {', '.join(n.citations)}", style="dim"))
    for w in document.warnings:
        console.print(Text(f"warning [{w.code}]: {w.message}", style="yellow"))


@app.command()
def review(
    text: Annotated[
        Path | None, typer.Argument(help="The text of the resolution, to show its words beside each answer.")
    ] = None,
    as_of: AsOf = None,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Where the site goes; a review that is there is replaced whole."),
    ] = Path("build/review"),
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    allow_gaps: Annotated[
        bool, typer.Option("--allow-gaps", help="Go on with a text in which a paragraph is missing.")
    ] = False,
) -> None:
    """Review how A/RES/75/65 has been implemented: terminal summary, static site, review.json."""
    from stocktake.secretariat.documents import open_document
    from stocktake.secretariat.reviewing import make_review, write_site

    day, lang = _day(as_of), _language(lang)
    console = _console(stderr=as_json)
    began = time.perf_counter()
    document = None
    if text is not None:
        document = open_document(text)
        size = (
            f"{len(document.preambular)} + {len(document.operative)} paragraphs · {len(document.footnotes)} footnotes"
        )
        _progress(console, f"Reading {text.name} · {document.language} · {size}", began)
    began = time.perf_counter()
    made = make_review(as_of=day, text=document, allow_gaps=allow_gaps, folder=_folder(folder))
    clauses = sum(len(p.clauses) for p in made.review.paragraphs)
    _progress(console, f"Weighing {len(made.review.paragraphs)} paragraphs · {clauses} clauses · as of {day}", began)
    began = time.perf_counter()
    count = write_site(made, out, lang=lang)
    _progress(console, f"Writing {count} files", began)
    if as_json:
        typer.echo(made.document.model_dump_json(by_alias=True))
    else:
        _summary(console, made, lang)
        show_one = f"stocktake show {made.review.catalogue.register.symbol}#op5"
        line = f"Site  {out / 'index.html'}      Data  {out / 'review.json'}      One paragraph:  {show_one}"
        console.print(line, soft_wrap=True, highlight=False)


def _progress(console: Console, line: str, began: float) -> None:
    console.print(f"{line}  [dim]{time.perf_counter() - began:.1f} s[/dim]", highlight=False)


def _summary(console: Console, made: Made, lang: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from stocktake.assessment.review import asks_no_act
    from stocktake.publication.sentences import plain, telling
    from stocktake.publication.summary import (
        asked_of,
        most_telling,
        ordered_paragraphs,
        tally_of,
        to_whom,
        undetermined_line,
    )

    t = made.tongue(lang)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading, ratio in (("col_n", None), ("col_to", 4), ("col_asked", 5), ("col_findings", 3), ("col_telling", 7)):
        table.add_column(t.page(heading) if heading != "col_n" else "op", ratio=ratio, overflow="fold")
    for p in ordered_paragraphs(made.review):
        if p.paragraph.key.section != "operative":
            continue
        lines = [plain(telling(f, id, t)) for f, id in most_telling(p)]
        signs = Text(" ").join(
            Text(f"{t.of('signs', v)}{n}", style=SIGN_STYLE.get(v, "")) for v, n in tally_of(p).items()
        )
        no_act = t.page("no_act").rstrip("。.")
        if not signs.plain:
            signs = Text(
                "–" if asks_no_act(p) else t.of("reasons", "evidence only") if p.findings else t.page("no_indicator"),
                style="dim",
            )
        table.add_row(
            str(p.paragraph.key.n),
            " | ".join(to_whom(p, t)),
            "; ".join(asked_of(p, t)) or no_act,
            signs,
            t.of("forms", "semicolon").join(lines),
        )
    console.print(table)
    console.print(f"{undetermined_line(made.review, t)}", highlight=False)


@app.command()
def show(
    paragraph: Annotated[str, typer.Argument(help="Paragraph id, such as A/RES/75/65#op5.")],
    as_of: AsOf = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Print one paragraph's whole answer, made to be quoted."""
    from stocktake.secretariat.reviewing import make_review

    day, lang = _day(as_of), _language(lang)
    made = make_review(as_of=day, folder=_folder(folder))
    wanted = made.review.catalogue.register.paragraph(paragraph).id
    if as_json:
        found = next(p for p in made.document.paragraphs if p.id == wanted)
        typer.echo(found.model_dump_json(by_alias=True, indent=1))
    else:
        _show_paragraph(_console(), made, wanted, lang)


def _show_paragraph(console: Console, made: Made, wanted: str, lang: str) -> None:
    from rich.text import Text

    from stocktake.publication.sentences import explain, plain
    from stocktake.publication.summary import group_name, in_order
    from stocktake.register.commitments import Duty
    from stocktake.register.indicators import Method

    t = made.tongue(lang)
    p = next(r for r in made.review.paragraphs if r.paragraph.id == wanted)

    def line(text: str, style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=False)

    line(f"{wanted} · {t.page('reviewed')} {made.review.as_of} · {t.page('unofficial')}", "bold")
    line(p.paragraph.paraphrase.in_(lang))
    if p.paragraph.divergence:
        line(f"{t.page('differs')}: {p.paragraph.divergence.in_(lang)}", "dim")
    for c in p.clauses:
        line("")
        duty = f"{t.page('duty')}: {t.of('duties', c.clause.duty.value)}"
        line(f"{t.page('clause')} {c.clause.n}: {c.clause.asked.in_(lang)}  ({duty})", "bold")
        if c.clause.duty is Duty.NONE:
            continue
        for r in c.readings:
            label = t.of("readings", r.id)
            tally = " ".join(f"{t.of('signs', v)}{n}" for v, n in in_order(dict(r.tally)).items())
            reading = f"{label}{t.of('forms', 'colon')}" if label else ""
            line(f"  {t.page('who')}: {reading}{group_name(r, t)}  {tally}".rstrip(), "dim")
        if c.clause.without:
            line(f"  {c.clause.without.in_(lang)}")
        shown = {f.question: f for f in p.findings if f.clause == c.clause.n}
        for f in shown.values():
            silent = f.indicator.method is Method.RECORD and not f.outcome.evidence
            if not silent:
                sign = t.of("signs", f.outcome.verdict) if f.outcome.verdict else "·"
                sentence = plain(explain(f, c.clause, t, made.review.as_of)).strip()
                console.print(_hanging(sign, sentence, SIGN_STYLE.get(f.outcome.verdict or "", "")))
                ids = [s.id for s in f.outcome.evidence]
                if ids:
                    more = " …" if len(ids) > SHOWN_IDS else ""
                    line(f"      {t.page('evidence')}: {' '.join(ids[:SHOWN_IDS])}{more}", "dim")
    if not p.clauses:
        line(f"– {t.page('no_act')}")


def _hanging(sign: str, sentence: str, style: str) -> Table:
    """A sentence with its sign before it, its further lines indented; Chinese breaks anywhere."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3, justify="right")
    grid.add_column(overflow="fold")
    grid.add_row(sign, sentence, style=style)
    return grid


@catalogue_app.command("check")
def catalogue_check(
    folder: Annotated[
        Path | None, typer.Argument(help="A catalogue folder; default: the one that ships with Stocktake.")
    ] = None,
) -> None:
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
        raise typer.BadParameter(f"{folder} is not a folder")
    return folder


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    return PartialDate.parse(text).last


def _language(lang: str) -> str:
    from stocktake.terms.words import LANGUAGES

    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is not a language of the site yet; choose {' or '.join(LANGUAGES)}")
    return lang


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, soft_wrap=False)


if __name__ == "__main__":
    main()
