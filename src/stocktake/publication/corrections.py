"""The list of corrections: statements that take the place of others, and corrections of our own tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from stocktake.evidence.archive import Archive
from stocktake.evidence.corrections import OwnCorrection, Superseding, superseded
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.document import statement_document
from stocktake.publication.phrases import Tongue

FORMAT = "stocktake.corrections/1"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class SupersedingOut(_Part):
    later: str
    earlier: str
    kind: str
    stated_on: str | None
    why: str | None


class OwnCorrectionOut(_Part):
    """``changed`` holds field, what stood there, what stands there now; ``on`` is null before a release has it."""

    name: str
    on: str | None
    changed: list[tuple[str, str, str]]
    reason: str | None


class CorrectionsOut(_Part):
    """Every statement that supersedes another one, and every correction of ours; nothing is removed by them."""

    format: str = FORMAT
    superseding: list[SupersedingOut]
    own: list[OwnCorrectionOut]
    statements: dict[str, dict[str, Any]]


def corrections_document(archive: Archive, own: Sequence[OwnCorrection]) -> CorrectionsOut:
    found = superseded(archive)
    named = {s.id: s for f in found for s in (f.later, f.earlier)}
    return CorrectionsOut(
        superseding=[
            SupersedingOut(
                later=f.later.id,
                earlier=f.earlier.id,
                kind=f.kind.value,
                stated_on=str(f.later.stated_on) if f.later.stated_on else None,
                why=f.later.note,
            )
            for f in found
        ],
        own=[
            OwnCorrectionOut(
                name=o.name, on=o.on.isoformat() if o.on else None, changed=list(o.changed), reason=o.reason
            )
            for o in own
        ],
        statements={id: statement_document(s) for id, s in sorted(named.items())},
    )


def corrections_view(archive: Archive, own: Sequence[OwnCorrection], t: Tongue) -> dict[str, Any]:
    """The same for a page or a terminal, in the words of the language."""
    return {
        "superseding": [superseding_row(f, t) for f in superseded(archive)],
        "own": [own_row(o, t) for o in own],
    }


def superseding_row(found: Superseding, t: Tongue) -> dict[str, Any]:
    when = found.later.stated_on or found.later.as_of
    return {
        "what": f"{t.quantity(found.later.quantity)} · {t.subject(found.later.subject)}",
        "kind": t.of("superseding", found.kind.value),
        "when": t.date(when),
        "earlier": _side(found.earlier, t),
        "later": _side(found.later, t),
        "why": found.later.note or "",
    }


def _side(s: Statement, t: Tongue) -> dict[str, str]:
    said = t.stated(s) if s.form in NUMERIC else t.text(s)
    voice = t.of("forms", "semicolon").join((t.date(s.as_of), t.speaker(s.speaker), t.verification(s)))
    return {
        "id": s.id,
        "said": f"{said}{t.of('forms', 'open')}{voice}{t.of('forms', 'close')}",
        "document": f"{s.publisher}, {s.document}",
        "url": s.url or "",
    }


def own_row(o: OwnCorrection, t: Tongue) -> dict[str, Any]:
    return {
        "name": o.name,
        "on": o.on.isoformat() if o.on else t.page("not_released"),
        "changed": [
            t.page("lines_changed").format(gone=was, new=now)
            if field == "lines"
            else f"{field}: {was or '–'} → {now or '–'}"
            for field, was, now in o.changed
        ],
        "reason": o.reason or "",
    }
