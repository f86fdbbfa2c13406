"""Making a review: the catalogue opened, the text read and linked, the findings made, the site put in place whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

from stocktake.assessment.findings import Finding
from stocktake.assessment.history import History
from stocktake.assessment.review import Catalogue, ParagraphReview, Review, of_reading, refuse_before_adoption, review
from stocktake.assessment.yardsticks import indicator_of
from stocktake.evidence.archive import Archive
from stocktake.publication.document import ParagraphOut, ReviewOut, review_document, statement_document
from stocktake.publication.history import HistoryOut, history_document
from stocktake.publication.markdown_review import markdown_review
from stocktake.publication.phrases import Tongue
from stocktake.publication.side_pages import Beside
from stocktake.publication.yardsticks import Laid, documents
from stocktake.register.commitments import Register, UnknownParagraph
from stocktake.register.policy import Policy
from stocktake.secretariat.catalogue import load_error_models
from stocktake.secretariat.correcting import own_corrections
from stocktake.secretariat.disclosures import what_is_public
from stocktake.secretariat.log_catalogue import REVIEW, what_was_known, with_review
from stocktake.secretariat.output import OutputRefused, whole_directory
from stocktake.secretariat.yardsticks import laid, open_yardstick
from stocktake.terms.problems import StocktakeError
from stocktake.terms.states import State
from stocktake.terms.words import LANGUAGES
from stocktake.texts.model import Document

GO_ON = "--allow-gaps"
BREAKS = ("numbering-gap", "numbering-repeat", "truncated", "operative-missing")
COMPARE = f"Compare another copy of the document, or go on with {GO_ON}."


class UnknownFinding(StocktakeError):
    """An id that no finding of the review has."""

    code = "unknown-finding"


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
    beside: Beside
    yardsticks: tuple[Laid, ...] = ()

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
    error_models: Path | None = None,
    yardsticks: Sequence[str] = (),
) -> Made:
    """Review a register as of that day; with ``text``, show the words of its paragraphs.

    ``folder`` is a catalogue of your own; the bundled one otherwise. ``register`` names one of its packs. ``known_at``
    goes back to what its log held at that size or on that day. ``error_models`` are published errors of estimators.
    ``yardsticks`` are files, or names of bundled ones, to be laid against the same evidence.

    Raises UnknownParagraph for a text that has no register, NumberingGap for one with a paragraph missing,
    RefusedYardstick for a yardstick with problems.
    """
    opened = [open_yardstick(name) for name in yardsticks]
    known = what_was_known(folder, known_at, register)
    catalogue, states, policy = known.catalogue, known.states, known.policy
    if error_models is not None:
        own = load_error_models(error_models)
        catalogue = replace(catalogue, error_models=(*own, *catalogue.error_models))
    if text is not None:
        accept(text, catalogue.register, allow_gaps=allow_gaps)
    made = review(catalogue, as_of=as_of)
    tongues = tongues_of(catalogue.archive, states)
    sticks = laid(opened, catalogue, as_of)
    document = with_yardsticks(review_document(made, list(tongues), known.at, text), sticks, tongues)
    beside = Beside(own_corrections(known.records), what_is_public(catalogue, as_of))
    return Made(made, document, tongues, policy, text, known.log, beside, sticks)


def with_yardsticks(document: ReviewOut, sticks: Sequence[Laid], tongues: Sequence[Tongue]) -> ReviewOut:
    """The document of a review with what yardsticks give, and the statements that they rest on."""
    own = {s.id: statement_document(s) for y in sticks for s in y.statements}
    statements = dict(sorted({**own, **document.statements}.items()))
    return document.model_copy(update={"yardstick": documents(sticks, tongues), "statements": statements})


def tongues_of(archive: Archive, states: Iterable[State]) -> tuple[Tongue, ...]:
    """The languages of the site, with their phrases and the names that the catalogue uses."""
    phrases = yaml.load(
        files("stocktake.publication").joinpath("phrases.yaml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    by_code = {s.iso3: s for s in states}
    return tuple(Tongue(code, phrases[code], by_code, archive) for code in LANGUAGES)


def tongue_of(archive: Archive, states: Iterable[State], lang: str) -> Tongue:
    """One of these languages."""
    return next(t for t in tongues_of(archive, states) if t.code == lang)


@dataclass(frozen=True)
class MadeHistory:
    """The answers through time, and what is needed to show them."""

    catalogue: Catalogue
    document: HistoryOut
    tongues: tuple[Tongue, ...]

    def tongue(self, lang: str) -> Tongue:
        return next(t for t in self.tongues if t.code == lang)


def make_history(
    paragraph: str | None = None,
    *,
    until: date,
    folder: Traversable | None = None,
    register: str | None = None,
    known_at: int | date | None = None,
) -> MadeHistory:
    """Every answer of a register, or of one paragraph, with the day from which it holds, by what was ``known_at``.

    Raises UnknownParagraph, and NothingToReview where ``until`` lies before the adoption.
    """
    known = what_was_known(folder, known_at, register)
    wanted = known.catalogue.register.paragraph(paragraph).id if paragraph else None
    refuse_before_adoption(known.catalogue, until)
    document = history_document(History(known.catalogue), until, wanted)
    return MadeHistory(known.catalogue, document, tongues_of(known.catalogue.archive, known.states))


def find_finding(review: Review, wanted: str) -> tuple[ParagraphReview, Finding]:
    """The finding with this id, with the symbol of its register or without. Raises UnknownFinding with what is near."""
    symbol = f"{review.catalogue.register.symbol}#"
    id = wanted[len(symbol) :] if wanted.casefold().startswith(symbol.casefold()) else wanted
    known = {f.id: (p, f) for p in review.paragraphs for f in p.findings}
    if id in known:
        return known[id]
    near = [k for k in known if k.startswith(f"{id}.")][:5] or get_close_matches(id, known, n=5, cutoff=0.4)
    ids = f"Near it: {', '.join(near)}." if near else f"The first of {len(known)} is {next(iter(known), 'none')}."
    raise UnknownFinding(f"There is no finding {wanted!r} in the review of {symbol[:-1]} as of {review.as_of}. {ids}")


def narrowed(made: Made, paragraph: str, reading: str | None) -> Made:
    """The review of one paragraph alone (``A/RES/75/65#op5``, or ``op5``), under one of its readings if one is named.

    Raises UnknownParagraph and UnknownReading, with what there is.
    """
    wanted = made.review.catalogue.register.paragraph(paragraph).id
    found = next(p for p in made.review.paragraphs if p.paragraph.id == wanted)
    part = replace(made.review, paragraphs=(of_reading(found, reading) if reading else found,))
    quantities = {made.review.catalogue.indicators[id].quantity for c in found.paragraph.clauses for id in c.indicators}
    sticks = tuple(y for s in made.yardsticks if (y := _on(s, quantities, made.review.catalogue)).measured.findings)
    document = review_document(part, list(made.tongues), made.document.known_at)
    return replace(made, review=part, document=with_yardsticks(document, sticks, made.tongues), yardsticks=sticks)


def paragraph_answer(made: Made) -> ParagraphOut:
    """The answer of a review of one paragraph, with what yardsticks say of it where some were given."""
    answer = made.document.paragraphs[0]
    stick = made.document.yardstick
    return answer.model_copy(update={"yardstick": stick}) if stick is not None else answer


def _on(stick: Laid, quantities: Collection[str], catalogue: Catalogue) -> Laid:
    """What a yardstick says of these quantities alone."""
    m = stick.measured
    kept = tuple(f for f in m.findings if indicator_of(f.benchmark, catalogue).quantity in quantities)
    return replace(stick, measured=replace(m, findings=kept))


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


def written(made: Made, lang: str) -> str:
    """The review as one Markdown document."""
    return markdown_review(made.review, made.tongue(lang), made.policy, made.document.known_at)


def write_markdown(made: Made, file: Path, *, lang: str) -> None:
    """Write the review as one Markdown document. Raises OutputRefused where no file can be written."""
    try:
        file.write_text(written(made, lang), encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputRefused(f"{file}: the review cannot be written there ({reason}). Name another file.") from error


def write_site(made: Made, out: Path, *, lang: str) -> int:
    """Write the site beside ``out`` and swap it in whole; a killed run leaves the previous one.

    Returns how many files were written.
    """
    from stocktake.publication.site import render_site  # templates are loaded only when a site is written

    files_ = render_site(
        made.review, made.document, made.tongues, made.policy, made.text, lang, made.beside, made.yardsticks
    )
    files_ |= {f"log/{name}": data for name, data in with_review(made.log, files_[REVIEW]).items()}
    with whole_directory(out) as fresh:
        for name, data in files_.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return len(files_)
