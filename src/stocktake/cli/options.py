"""Options that several commands take, and what they mean."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidTerm
from stocktake.terms.words import LANGUAGES

DATE_HELP = "Review what was true on this day (YYYY-MM-DD, YYYY-MM or YYYY). Default: today."
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=DATE_HELP)]
Lang = Annotated[str, typer.Option("--lang", metavar="en|zh", help="Language of the terminal and of the first page.")]
FOLDER_HELP = "A catalogue of your own instead of the bundled one."
Folder = Annotated[Path | None, typer.Option("--catalogue", metavar="DIR", help=FOLDER_HELP)]
REGISTER_HELP = "The register to review: the folder of a pack, such as npt-2010, or its symbol."
Register = Annotated[str | None, typer.Option("--register", metavar="NAME", help=REGISTER_HELP)]
KNOWN_HELP = "What had been said by then: a size of the catalogue's log, or a date (YYYY-MM-DD). Default: all."
KnownAt = Annotated[str | None, typer.Option("--known-at", metavar="SIZE|DATE", help=KNOWN_HELP)]
ERRORS_HELP = "Published errors of an estimator, for probabilities (stocktake.error-models/1; docs/rules.md)."
ErrorModel = Annotated[Path | None, typer.Option("--error-model", metavar="FILE", help=ERRORS_HELP)]
STICK_HELP = (
    "Benchmarks of anyone's: a file (stocktake.yardstick/1) or the name of a bundled one; repeat it for several."
)
Yardsticks = Annotated[list[str] | None, typer.Option("--yardstick", metavar="FILE|NAME", help=STICK_HELP)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def folder_of(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is not a folder", param_hint="--catalogue")
    return folder


def day_of(text: str | None) -> date:
    """The last day that the text may mean, so that a year is reviewed whole; today where there is none."""
    if text is None:
        return date.today()
    try:
        return PartialDate.parse(text).last
    except InvalidTerm as error:
        raise typer.BadParameter(str(error), param_hint="--as-of") from None


def known_of(text: str | None) -> int | date | None:
    """A size of the log or the last day that the text may mean; four digits alone are a size, as no log is a year."""
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text)
    try:
        return PartialDate.parse(text).last
    except InvalidTerm as error:
        raise typer.BadParameter(f"a size, or: {error}", param_hint="--known-at") from None


def language_of(lang: str) -> str:
    if lang not in LANGUAGES:
        known = " or ".join(LANGUAGES)
        raise typer.BadParameter(f"{lang!r} is not a language of the site yet; choose {known}", param_hint="--lang")
    return lang
