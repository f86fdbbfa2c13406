"""The table of sources: one row for everything that a figure on a page links to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stocktake.assessment.findings import Acceptance, Finding
from stocktake.assessment.review import Catalogue
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import computed

ROLL_CALLS = "United Nations General Assembly Voting Data (Voeten, Strezhnev, Bailey)"


def anchor(id: str) -> str:
    """The fragment of a source row on a page: letters, digits, dots and hyphens, whatever symbol the id holds."""
    return "s-" + re.sub(r"[^A-Za-z0-9.-]+", "-", id)


@dataclass(frozen=True)
class SourceRow:
    """What is stated, by whom, how it is established, as of when, and where it can be read. ``rows`` are the inputs."""

    id: str
    what: str
    publisher: str
    document: str
    date: str
    speaker: str
    verification: str
    url: str | None = None
    place: str | None = None
    seen: str | None = None
    checked: str | None = None
    note: str | None = None
    rows: tuple[str, ...] = ()


def statement_row(s: Statement, t: Tongue) -> SourceRow:
    """A statement of the catalogue."""
    figure = " ".join(filter(None, (t.figure(s), t.unit(s.unit)))) if s.form in NUMERIC else ""
    return SourceRow(
        s.id,
        t.of("forms", "semicolon").join(filter(None, (figure, t.text(s)))),
        s.publisher,
        s.document,
        str(s.as_of),
        t.speaker(s.speaker),
        t.verification(s),
        s.url,
        s.place,
        t.of("seen", s.seen),
        t.page("yes" if s.checked else "no"),
        s.note,
    )


def computed_row(f: Finding, version: str, as_of: str, t: Tongue) -> SourceRow:
    """What we computed: it names its inputs, and never outranks them."""
    return SourceRow(
        computed(f),
        t.page("computed").format(v=version),
        "Stocktake",
        f"rules v{version}",
        as_of,
        "Stocktake",
        t.of("verification", "inferred"),
        rows=tuple(s.id for s in f.outcome.evidence),
    )


def acceptance_row(a: Acceptance, catalogue: Catalogue, t: Tongue) -> SourceRow:
    """The record of how States stand to an instrument: a roll-call, or the text that a conference adopted."""
    register = catalogue.register
    if a.instrument == register.symbol:
        return SourceRow(
            "roll-call",
            f"{t.page('roll_call')} {register.symbol}",
            ROLL_CALLS,
            register.symbol,
            str(register.adopted),
            t.page("general_assembly"),
            t.of("verification", "verified"),
            seen=t.of("seen", "copy"),
            checked=t.page("yes"),
        )
    commitment = catalogue.commitments[a.instrument]
    return SourceRow(
        f"instrument.{a.instrument}",
        f"{t.page('instrument')}{t.of('forms', 'colon')}{commitment.paraphrase.in_(t.code)}",
        "United Nations",
        f"{commitment.instrument}, {commitment.source}",
        str(commitment.year),
        t.page("depositary" if commitment.force == "treaty" else "review_conference"),
        t.of("verification", "declared"),
        seen=t.of("seen", commitment.seen),
        checked=t.page("yes" if commitment.checked else "no"),
    )
