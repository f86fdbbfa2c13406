"""A finding as a sentence that can be quoted alone: subject, what, from when to when, how sure, who says so.

A sentence is a sequence of segments. A segment with a ``source`` is a link to the row that proves it: no figure stands
outside one. The patterns are phrases of the language; this module says which pattern a finding takes and what fills it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from stocktake.assessment.findings import CONTRADICT, NO_DATA, UNDETERMINED, WITHHELD, Finding
from stocktake.assessment.probability import in_words
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.phrases import Tongue
from stocktake.register.commitments import Clause
from stocktake.register.indicators import Method
from stocktake.terms.dates import PartialDate

SHOWN_WITNESSES = 2
SHOWN_ACTS = 3


@dataclass(frozen=True)
class Segment:
    """A piece of a sentence and the id of the source row behind it, if it says something that needs one."""

    text: str
    source: str | None = None


Sentence = tuple[Segment, ...]


def plain(sentence: Iterable[Segment]) -> str:
    return "".join(s.text for s in sentence)


def computed(finding: Finding) -> str:
    """Id of the row that says how the computed figures of a finding came about."""
    return f"computed.{finding.id}"


def explain(finding: Finding, clause: Clause, t: Tongue) -> Sentence:
    """The finding in one to four sentences, in the language of ``t``."""
    outcome = finding.outcome
    if outcome.reason == NO_DATA and not outcome.evidence:
        return _no_data(finding, t)
    if outcome.reason == WITHHELD:
        return _withheld(finding, t)
    match finding.indicator.method:
        case Method.CHANGE:
            return _change(finding, clause, t)
        case Method.RECORD:
            return _record(finding, t)
        case Method.ABSTENTION:
            return _count(finding, clause, t)
        case _:
            return _act(finding, clause, t)


def quoted(finding: Finding) -> list[Statement]:
    """The statements that the sentence of a finding quotes, each once."""
    o = finding.outcome
    said: Iterable[Statement | None] = (o.baseline, o.value, *o.support)
    if finding.indicator.method is Method.RECORD and (counts := yearly_counts(finding)):
        said = counts
    elif finding.indicator.method is Method.RECORD and _is_of_acts(finding):
        said = o.evidence[-SHOWN_ACTS:]
    elif o.value is None:
        said = (o.baseline, *o.evidence[-SHOWN_ACTS:])
    return list({s.id: s for s in said if s is not None}.values())


def telling(finding: Finding, statement: str | None, t: Tongue) -> Sentence:
    """A finding in a few words, for a table: kind, before and after, who; or the one statement that is named."""
    outcome = finding.outcome
    named = [s for s in outcome.evidence if s.id == statement]
    if not named and outcome.value is not None and outcome.value.form in NUMERIC:
        return fill(t, "telling_pair" if outcome.baseline else "telling_one", _numbers(finding, t))
    latest = max(named or outcome.evidence, key=lambda s: (s.as_of, s.id))
    said = plain(fill(t, "telling_event", {"text": t.text(latest) or t.figure(latest), "date": t.date(latest.as_of)}))
    return (Segment(said, latest.id),)


def fill(t: Tongue, pattern: str, values: Mapping[str, str | Sentence]) -> Sentence:
    """A pattern of the language with its gaps filled; a gap takes text, or segments with their links."""
    filled: list[Segment] = []
    for text, gap, _, _ in Formatter().parse(t.of("sentences", pattern)):
        if text:
            filled.append(Segment(text))
        if gap:
            value = values[gap]
            filled += [Segment(value)] if isinstance(value, str) else value
    return tuple(filled)


def _joined(t: Tongue, sentences: Iterable[Sentence]) -> Sentence:
    joined: list[Segment] = []
    for sentence in sentences:
        joined += [Segment(t.of("forms", "semicolon")), *sentence] if joined else sentence
    return tuple(joined)


def figure_of(s: Statement, t: Tongue) -> Sentence:
    """A stated figure with its as-of date, linked to its row."""
    return (
        Segment(
            plain(fill(t, "figure", {"figure": t.figure(s), "unit": t.unit(s.unit), "date": t.date(s.as_of)})), s.id
        ),
    )


def _said(s: Statement, t: Tongue) -> str:
    """FAS, estimated: the speaker and how it is established, in words each time."""
    return plain(fill(t, "said", {"speaker": t.speaker(s.speaker), "verification": t.verification(s)}))


def _voices(t: Tongue, *statements: Statement | None) -> str:
    return t.of("forms", "semicolon").join(dict.fromkeys(_said(s, t) for s in statements if s is not None))


def _happened(s: Statement, t: Tongue) -> Sentence:
    figure = f"{t.figure(s)} {t.unit(s.unit)}".strip() if s.form in NUMERIC else ""
    text = t.of("forms", "colon").join(filter(None, (t.text(s), figure)))
    return (Segment(plain(fill(t, "happened", {"text": text, "date": t.date(s.as_of), "said": _said(s, t)})), s.id),)


def _kind(finding: Finding, t: Tongue) -> str:
    return (finding.indicator.kind or finding.indicator.name).in_(t.code)


def _numbers(finding: Finding, t: Tongue) -> dict[str, str | Sentence]:
    """What fills a sentence on a number before and after."""
    before, after = finding.outcome.baseline, finding.outcome.value
    return {
        "owner": t.owner(finding.subject),
        "subject": t.subject(finding.subject),
        "kind": _kind(finding, t),
        "adverb": t.of("adverbs", after.verification) if after and not finding.indicator.ceiling else "",
        "before": figure_of(before, t) if before else (),
        "after": figure_of(after, t) if after else (),
        "voices": _voices(t, before, after),
    }


def _no_data(finding: Finding, t: Tongue) -> Sentence:
    name = finding.indicator.name.in_(t.code)
    return fill(
        t, "no_data", {"subject": t.subject_in_text(finding.subject), "indicator": f"{name[0].lower()}{name[1:]}"}
    )


def _change(finding: Finding, clause: Clause, t: Tongue) -> Sentence:
    outcome = finding.outcome
    if outcome.reason == NO_DATA:
        return fill(
            t,
            "one_figure",
            {
                "owner": t.owner(finding.subject),
                "kind": _kind(finding, t),
                "figure": figure_of(outcome.evidence[-1], t),
            },
        )
    best = outcome.change.best if outcome.change else None
    moved = "went" if best is None else "rose" if best > 0 else "fell" if best < 0 else "stood"
    open_ = outcome.verdict == UNDETERMINED  # a sentence that says "rose" and "cannot be determined" contradicts itself
    pair = fill(t, "put" if open_ else moved, _numbers(finding, t))
    if open_:
        against = [_happened(s, t) for s in outcome.evidence if s.direction][-SHOWN_WITNESSES:]
        said = fill(t, outcome.reason or "", {"witnesses": _joined(t, against)})
        return (*pair, *said, *_probable(finding, t))
    return (
        *pair,
        *_asked(finding, clause, t),
        *_holds(finding, t),
        *_probable(finding, t),
        *_support(finding, t),
        *(fill(t, "stale", {}) if finding.stale else ()),
    )


def _asked(finding: Finding, clause: Clause, t: Tongue) -> Sentence:
    verdict = t.of("verdicts", finding.outcome.verdict or "")
    return fill(t, "recalled" if clause.recalls else "asked", {"asked": clause.asked.in_(t.code), "verdict": verdict})


def _holds(finding: Finding, t: Tongue) -> Sentence:
    tolerance = finding.outcome.tolerance
    if tolerance is None:
        return ()
    return fill(t, "holds", {"share": (Segment(t.tolerance(tolerance), computed(finding)),)})


def _probable(finding: Finding, t: Tongue) -> Sentence:
    """The probability beside its words, with the error model that it comes from."""
    found = finding.probability
    if found is None:
        return ()
    shown = {"p": t.probability(found.p), "words": t.of("likelihoods", in_words(found.p))}
    model = found.model
    source = {"correlation": str(model.correlation), "source": f"{model.publisher}, {model.document}"}
    return fill(t, f"probable_{finding.indicator.polarity or 'down'}", {**shown, **source})


def _support(finding: Finding, t: Tongue) -> Sentence:
    """The independent statements that show the direction: each speaker's own figures first, then dated events."""
    events = [s for s in finding.outcome.support if s.direction]
    figures: dict[str, list[Statement]] = {}
    for s in finding.outcome.support:
        if not s.direction:
            figures.setdefault(s.speaker, []).append(s)
    witnesses: list[Sentence] = []
    for rows in figures.values():
        values: dict[str, str | Sentence] = {
            "before": figure_of(rows[0], t),
            "after": figure_of(rows[-1], t),
            "said": _said(rows[-1], t),
        }
        witnesses.append(fill(t, "moved", values))
    witnesses += [_happened(s, t) for s in events]
    return fill(t, "support", {"witnesses": _joined(t, witnesses)}) if witnesses else ()


def _withheld(finding: Finding, t: Tongue) -> Sentence:
    refusal = [s for s in finding.outcome.evidence if s.form not in NUMERIC][-1]
    last = finding.outcome.baseline
    said = fill(t, "withheld", {"refusal": _happened(refusal, t)})
    return said if last is None else (*said, *fill(t, "last_figure", {"figure": figure_of(last, t)}))


def _act(finding: Finding, clause: Clause, t: Tongue) -> Sentence:
    outcome = finding.outcome
    if outcome.verdict == "pending" and not outcome.evidence:
        until = t.date(PartialDate.parse(finding.indicator.deadline or ""))
        said = fill(t, "time_runs", {"subject": t.subject_in_text(finding.subject), "deadline": until})
        return (*said, *_asked(finding, clause, t))
    if outcome.reason == CONTRADICT or outcome.value is None:
        return fill(t, "accounts_differ", {"witnesses": _joined(t, (_happened(s, t) for s in outcome.evidence))})
    s = outcome.value
    if s.form in NUMERIC:
        said = fill(
            t, "own_figure", {"owner": t.owner(finding.subject), "figure": figure_of(s, t), "said": _said(s, t)}
        )
    else:
        said = fill(t, "act", {"happened": _happened(s, t)})
    return (*said, *_asked(finding, clause, t))


def _count(finding: Finding, clause: Clause, t: Tongue) -> Sentence:
    """What was counted, figure by figure; where nothing was, from when to when."""
    open_ = finding.outcome.verdict == UNDETERMINED
    said = _counted(finding, finding.outcome.evidence, t)
    return (*said, *(fill(t, "count_ends", {}) if open_ else _asked(finding, clause, t)))


def _counted(finding: Finding, rows: Sequence[Statement], t: Tongue) -> Sentence:
    nothing = len(rows) > 1 and all(s.interval is not None and s.interval.high == 0 for s in rows)
    return fill(
        t,
        "count_none" if nothing else "count",
        {
            "owner": t.owner(finding.subject),
            "kind": _kind(finding, t),
            "figures": _joined(t, (figure_of(s, t) for s in rows)),
            "first": (Segment(t.date(rows[0].as_of), rows[0].id),),
            "last": (Segment(t.date(rows[-1].as_of), rows[-1].id),),
            "said": _voices(t, *rows),
        },
    )


def _record(finding: Finding, t: Tongue) -> Sentence:
    outcome = finding.outcome
    if counts := yearly_counts(finding):
        return _counted(finding, counts, t)
    if _is_of_acts(finding):
        latest = outcome.evidence[-SHOWN_ACTS:]
        happened = fill(t, "act", {"happened": _joined(t, (_happened(s, t) for s in reversed(latest)))})
        earlier = fill(t, "and_earlier", {}) if len(outcome.evidence) > len(latest) else ()
        return (*_outcomes(finding, t), *happened, *earlier)
    return (
        *fill(t, "record_pair" if outcome.baseline else "record_one", _numbers(finding, t)),
        *_restated(finding, t),
    )


def _is_of_acts(finding: Finding) -> bool:
    """Whether a record is told as what was said and done, the latest first, and not as a number before and after."""
    value = finding.outcome.value
    return value is None or value.form not in NUMERIC or value.text_en is not None


def yearly_counts(finding: Finding) -> list[Statement]:
    """Of an indicator that counts by the year: the years with something in them, or all where nothing was counted."""
    counts = [s for s in finding.outcome.evidence if s.form in NUMERIC] if finding.indicator.yearly else []
    return [s for s in counts if s.interval is None or s.interval.high != 0] or counts


def _outcomes(finding: Finding, t: Tongue) -> Sentence:
    """What came of it year by year, the latest first; nothing where the indicator has no words for it."""
    by_year: dict[tuple[int, str], Statement] = {}
    for s in finding.outcome.evidence:
        if s.act in finding.indicator.outcomes:
            by_year[s.as_of.first.year, s.act] = s
    if not by_year:
        return ()
    said = (
        (Segment(f"{year} {finding.indicator.outcomes[act].in_(t.code)}", s.id),)
        for (year, act), s in sorted(by_year.items(), reverse=True)
    )
    return fill(t, "outcomes", {"outcomes": _joined(t, said)})


def _restated(finding: Finding, t: Tongue) -> Sentence:
    """Figures of one date that differ between editions, in the order of these: a revision, shown as one."""
    editions: dict[tuple[str, str, str | None], list[Statement]] = {}
    for s in finding.outcome.evidence:
        if s.form in NUMERIC and s.vintage is not None:
            editions.setdefault((str(s.as_of), s.speaker, s.series), []).append(s)
    said: list[Segment] = []
    for rows in editions.values():
        ordered = sorted(rows, key=lambda s: (str(s.vintage), s.id))
        if len({s.best for s in ordered}) > 1:
            figures = [(Segment(plain(_edition(s, t)), s.id),) for s in ordered]
            date = (Segment(t.date(ordered[0].as_of), ordered[0].id),)
            said += fill(t, "restated", {"date": date, "figures": _joined(t, figures)})
    return tuple(said)


def _edition(s: Statement, t: Tongue) -> Sentence:
    edition = t.date(s.vintage) if s.vintage else ""
    return fill(t, "edition", {"figure": t.figure(s), "unit": t.unit(s.unit), "edition": edition})
