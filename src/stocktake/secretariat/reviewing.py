"""Making a review: the catalogue opened, the text read and linked, the findings made, the site put in place whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

from stocktake.assessment.review import Review, review
from stocktake.publication.document import ReviewOut, review_document
from stocktake.publication.phrases import Tongue
from stocktake.register.commitments import Register, UnknownParagraph
from stocktake.register.policy import Policy
from stocktake.secretariat.log_catalogue import what_was_known
from stocktake.secretariat.output import whole_directory
from stocktake.terms.problems import StocktakeError
from stocktake.terms.words import LANGUAGES
from stocktake.texts.model import Document

GO_ON = "--allow-gaps"
BREAKS = ("numbering-gap", "numbering-repeat", "truncated", "operative-missing")
COMPARE = f"Compare another copy of the document, or go on with {GO_ON}."


class NumberingGap(StocktakeError):
    """A text in which a paragraph is missing; it is reviewed only on demand."""

    code = "numbering-gap"


@dataclass(frozen=True)
class Made:
    """A review that has been made, and what is needed to show it."""

    review: Review
    document: ReviewOut
    tongues: tuple[Tongue, ...]
    policy: Policy
    text: Document | None
    log: dict[str, bytes]

    def tongue(self, lang: str) -> Tongue:
        return next(t for t in self.tongues if t.code == lang)


def make_review(
    *,
    as_of: date,
    text: Document | None = None,
    allow_gaps: bool = False,
    folder: Traversable | None = None,
    register: str | None = None,
    known_at: int | date | None = None,
) -> Made:
    """Review a register as of that day; with ``text``, show the words of its paragraphs.

    ``folder`` is a catalogue of your own; the bundled one otherwise. ``register`` names one of its packs. ``known_at``
    goes back to what its log held at that size or on that day.

    Raises UnknownParagraph for a text that has no register, NumberingGap for one with a paragraph missing.
    """
    known = what_was_known(folder, known_at, register)
    catalogue, states, policy = known.catalogue, known.states, known.policy
    if text is not None:
        accept(text, catalogue.register, allow_gaps=allow_gaps)
    made = review(catalogue, as_of=as_of)
    by_code = {s.iso3: s for s in states}
    phrases = yaml.load(
        files("stocktake.publication").joinpath("phrases.yaml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    tongues = tuple(Tongue(code, phrases[code], by_code, catalogue.archive) for code in LANGUAGES)
    return Made(made, review_document(made, list(tongues), known.at, text), tongues, policy, text, known.log)


def accept(text: Document, register: Register, *, allow_gaps: bool) -> None:
    """Refuse a text that the register does not cover: another symbol, no symbol, a paragraph missing or too many."""
    name = text.source.name
    symbol = text.header.symbol
    if symbol is None:
        raise UnknownParagraph(
            f"{name}: the document gives no symbol, so no register can be chosen. Expected {register.symbol}."
        )
    if symbol != register.symbol:
        raise UnknownParagraph(
            f"{name}: there is no register for {symbol}; there is one for {register.symbol}. "
            "A register is a data pack: see docs/adr/0001-the-house.md for how one is added. "
            f"To see which known commitments the text speaks of: stocktake read --links {name}"
        )
    broken = [w for w in text.warnings if w.code in BREAKS]
    if broken and not allow_gaps:
        said = "\n".join(w.message if w.message.startswith(name) else f"{name}: {w.message}" for w in broken)
        raise NumberingGap(said if GO_ON in said else f"{said}\n{COMPARE}")
    for section, rows in (("operative", text.operative), ("preambular", text.preambular)):
        expected = max((p.key.n for p in register.paragraphs if p.key.section == section), default=0)
        if len(rows) != expected and not allow_gaps:
            raise NumberingGap(
                f"{name}: {len(rows)} {section} paragraphs were read where {register.symbol} has {expected}. "
                f"Its words would stand beside the wrong paragraphs. {COMPARE}"
            )


def write_site(made: Made, out: Path, *, lang: str) -> int:
    """Write the site beside ``out`` and swap it in whole; a killed run leaves the previous one.

    Returns how many files were written.
    """
    from stocktake.publication.site import render_site  # templates are loaded only when a site is written

    files_ = render_site(made.review, made.document, made.tongues, made.policy, made.text, lang)
    files_ |= {f"log/{name}": data for name, data in made.log.items()}
    with whole_directory(out) as fresh:
        for name, data in files_.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return len(files_)
