"""What changed between two reviews, in a terminal: each finding before and after, and what made it change."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from rich.console import Console
from rich.text import Text

from stocktake.assessment.changes import Cause, Change, Comparison, Extent, Reason
from stocktake.assessment.findings import Finding
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.changes import ChangesOut, MomentOut, statement_of
from stocktake.publication.phrases import Tongue
from stocktake.terminal.console import hanging, style_of
from stocktake.terms.dates import PartialDate

SHOWN = 3  # statements of one reason that are told; the others are named


def print_changes(found: Comparison, document: ChangesOut, t: Tongue, to: Console) -> None:
    """The two moments, every changed finding by paragraph and indicator, and how many of each kind there are."""
    to.print(Text(f"{document.register_symbol} · {t.page('unofficial')}", style="bold"))
    for key, moment in (("changes_from", document.from_), ("changes_to", document.to)):
        to.print(f"{t.page(key)}{t.of('forms', 'colon')}{moment_text(moment, t)}")
    for (paragraph, _), changes in groupby(found.changes, key=lambda c: (c.question.paragraph, c.question.indicator)):
        rows = list(changes)
        shown = rows[0].after or rows[0].before
        assert shown is not None
        to.print(Text(f"\n{paragraph} · {shown.indicator.name.in_(t.code)}", style="bold"))
        for change in rows:
            _print_change(change, found, t, to)
    to.print()
    to.print(summary(found, t))


def moment_text(moment: MomentOut, t: Tongue) -> str:
    """A day, what was known then and how that is known, the rules in force."""
    known = moment.known_at
    day = f" {t.date(PartialDate.parse(known['date']))}" if known["date"] else ""
    how = t.page("reconstructed") if known["reconstructed"] else t.page("records").format(n=known["tree_size"])
    rules = t.page("changes_rules").format(version=moment.rules["version"])
    parts = [t.date(PartialDate.parse(moment.as_of)), f"{t.page('known')}{day}{t.of('forms', 'colon')}{how}", rules]
    return t.of("forms", "semicolon").join(parts)


def summary(found: Comparison, t: Tongue) -> str:
    """How many findings changed, in what, and for what reasons (one may have several)."""
    extents = Counter(c.extent for c in found.changes)
    causes = Counter(r.cause for c in found.changes for r in c.reasons)
    parts = t.listed([f"{t.of('extents', e.value)} {n}" for e, n in extents.items()])
    why = t.listed([f"{t.of('causes', c.value)} {n}" for c, n in causes.most_common()])
    key = "changes_sum" if found.changes else "changes_none"
    return t.page(key).format(n=len(found.changes), all=found.questions, parts=parts, why=why)


def _print_change(c: Change, found: Comparison, t: Tongue, to: Console) -> None:
    part = f"{t.of('forms', 'comma')}{t.of('parts', c.question.part)}" if c.question.part else ""
    after = c.after.outcome.verdict if c.after else None
    said = _moved(c, t)
    line = Text(f"{t.subject(c.question.subject)}{part}{t.of('forms', 'colon')}{said}", style=style_of(after))
    to.print(hanging(t.of("signs", after) if after else "·", line))
    for reason in c.reasons:
        to.print(hanging("", Text(_reason(reason, found, t), style="dim")))
    if len(c.stages) > 1:
        steps = " → ".join(
            f"{t.of('causes', s.cause.value)}{_aside(_word(s.verdict, s.reason, t), t)}" for s in c.stages
        )
        to.print(hanging("", Text(f"{t.page('changes_steps')}{t.of('forms', 'colon')}{steps}", style="dim")))


def _aside(text: str, t: Tongue) -> str:
    return f"{t.of('forms', 'open')}{text}{t.of('forms', 'close')}"


def _moved(c: Change, t: Tongue) -> str:
    if c.extent is Extent.EVIDENCE:
        return f"{_answer(c.after, t)}{t.of('forms', 'semicolon')}{t.page('changes_rests')}"
    if c.extent is Extent.FIGURES and (c.before, c.after) != (None, None):
        before, after = (_figures(f, t) for f in (c.before, c.after))
        return f"{_answer(c.after, t)}{t.of('forms', 'semicolon')}{before} → {after}"
    return f"{_answer(c.before, t)} → {_answer(c.after, t)}"


def _answer(f: Finding | None, t: Tongue) -> str:
    return t.page("not_asked") if f is None else _word(f.outcome.verdict, f.outcome.reason, t)


def _word(verdict: str | None, reason: str | None, t: Tongue) -> str:
    if verdict is None:
        return t.page("not_asked") if reason == "not asked" else t.of("reasons", reason or "")
    return f"{t.of('verdicts', verdict)}{_aside(t.of('reasons', reason), t) if reason else ''}"


def _figures(f: Finding | None, t: Tongue) -> str:
    """Baseline and value of a finding in short."""
    figures = (f.outcome.baseline, f.outcome.value) if f else ()
    return " … ".join(_short(s, t) for s in figures if s is not None) or "–"


def _short(s: Statement, t: Tongue) -> str:
    what = f"{t.figure(s)} {t.unit(s.unit)}".strip() if s.form in NUMERIC else (t.text(s) or t.figure(s))
    return f"{what}{_aside(t.date(s.as_of), t)}"


def _reason(reason: Reason, found: Comparison, t: Tongue) -> str:
    told = [
        f"[{id}] {_told(statement_of(id, found.before.catalogue.archive, found.after.catalogue.archive), t)}"
        for id in reason.statements[:SHOWN]
    ]
    rest = " ".join(f"[{id}]" for id in reason.statements[SHOWN:])
    versions = f"{reason.was} → {reason.now}" if reason.cause is Cause.RULE and reason.now else ""
    said = t.of("forms", "semicolon").join(part for part in (versions, *told, rest) if part)
    return f"{t.of('causes', reason.cause.value)}{t.of('forms', 'colon') + said if said else ''}"


def _told(s: Statement, t: Tongue) -> str:
    what = t.text(s) or f"{t.figure(s)} {t.unit(s.unit)}".strip()
    return f"{what}{_aside(t.of('forms', 'semicolon').join((t.date(s.as_of), t.speaker(s.speaker))), t)}"
