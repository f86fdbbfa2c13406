"""A paragraph in a line: to whom, what was asked, the tally, the most telling figure. For tables and terminals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from stocktake.assessment.findings import Finding
from stocktake.assessment.review import ParagraphReview, ReadingReview, Review, asks_no_act, undetermined
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import Sentence, fill, telling
from stocktake.register.commitments import Duty

ORDER = (
    "advanced",
    "kept",
    "met",
    "done",
    "unchanged",
    "pending",
    "reversed",
    "broken",
    "late",
    "missed",
    "withdrawn",
    "lapsed",
    "undetermined",
)

# Verdicts that say that something changed since adoption, either way; what is done or pending stands in the table.
MOVED = ("advanced", "reversed", "broken", "withdrawn", "lapsed")


def ordered_paragraphs(review: Review) -> list[ParagraphReview]:
    """Operative paragraphs first, then the preamble; each in its own numbering."""
    return sorted(review.paragraphs, key=lambda p: (p.paragraph.key.section != "operative", p.paragraph.key.place))


def label_of(p: ParagraphReview, t: Tongue) -> str:
    return t.page(p.paragraph.key.prefix).format(n=p.paragraph.key.number)


def in_order(tally: dict[str, int]) -> dict[str, int]:
    """A tally in the fixed order of the signs."""
    return {verdict: tally[verdict] for verdict in ORDER if verdict in tally}


def verdicts(findings: Iterable[Finding]) -> dict[str, int]:
    return in_order(Counter(f.outcome.verdict or "" for f in findings))


def tally_of(p: ParagraphReview) -> dict[str, int]:
    """The tally of a paragraph's questions, each counted once however many readings ask it."""
    return verdicts({f.question: f for f in p.findings if f.is_counted}.values())


def most_telling(p: ParagraphReview) -> list[tuple[Finding, str | None]]:
    """The findings that the register names for one line, with the statement to show; empty where none may stand alone.

    Nothing is chosen by accident: a line that singles out one State of five is worse than no line.
    """
    found: list[tuple[Finding, str | None]] = []
    for c in p.clauses:
        for named in c.clause.telling:
            wanted = (c.clause.n, named.indicator, named.subject)
            own = [f for f in p.findings if (f.clause, f.indicator.id, f.subject) == wanted and f.outcome.evidence]
            found += [(f, named.statement) for f in own[:1]]
    return found


def moved(review: Review) -> dict[str, list[tuple[ParagraphReview, Finding]]]:
    """What moved since adoption: every counted finding with such a word, by word, in the order of the paragraphs."""
    rows: dict[str, list[tuple[ParagraphReview, Finding]]] = {verdict: [] for verdict in MOVED}
    for p in ordered_paragraphs(review):
        for f in {f.question: f for f in p.findings if f.is_counted}.values():
            if f.outcome.verdict in rows:
                rows[f.outcome.verdict].append((p, f))
    return {verdict: found for verdict, found in rows.items() if found}


def what_moved(f: Finding, t: Tongue) -> Sentence:
    """A figure before and after, with dates and speaker; an act by its name."""
    if f.outcome.change is not None:
        tolerance = f.outcome.tolerance
        share = fill(t, "moved_holds", {"share": t.tolerance(tolerance)}) if tolerance is not None else ()
        return (*telling(f, None, t), *share, *(fill(t, "moved_stale", {}) if f.stale else ()))
    return fill(t, "moved_act", {"subject": t.subject(f.subject), "what": f.indicator.name.in_(t.code)})


def to_whom(p: ParagraphReview, t: Tongue) -> list[str]:
    """Whom the paragraph addresses, a line a reading, with the number of States where it is a roster."""
    if asks_no_act(p):
        return ["–"]
    asking = [c for c in p.clauses if c.clause.duty is not Duty.NONE]
    return list(dict.fromkeys(group_name(r, t) for c in asking for r in c.readings))


def asked_of(p: ParagraphReview, t: Tongue) -> list[str]:
    return [c.clause.asked.in_(t.code) for c in p.clauses if c.clause.duty is not Duty.NONE]


def outside_of(reading: ReadingReview, t: Tongue) -> str:
    """Who stands outside, those named by the text first; empty where the clause is not about them."""
    if not reading.outside:
        return ""
    groups = (
        ("outside", [s for s in reading.outside if s not in reading.unnamed]),
        ("outside_unnamed", list(reading.unnamed)),
        ("outside_disputed", list(reading.disputed)),
    )
    said = (f"{t.page(key)}{t.of('forms', 'colon')}{t.listed(list(map(t.subject, who)))}" for key, who in groups if who)
    return t.of("forms", "semicolon").join(said)


def group_name(reading: ReadingReview, t: Tongue) -> str:
    """The name of a roster with its size, and the size with those whose place on it is disputed; States by name."""
    key, size = reading.key, len(reading.addressees)
    if key not in t.phrases["groups"]:
        return t.listed([t.subject(a) for a in reading.addressees]) or t.subject(key)
    if size < 2:
        return t.subject(key)
    number = t.of("forms", "or").format(low=size, high=size + len(reading.disputed)) if reading.disputed else size
    return f"{t.subject(key)} ({number})"


def limits_of(review: Review, t: Tongue) -> str:
    """What cannot be known, as the register says it; empty on a day before what it rests on."""
    register, archive = review.catalogue.register, review.catalogue.archive
    later = (id for id in register.limits_evidence if id in archive and archive[id].as_of.first > review.as_of)
    return "" if any(later) else register.limits.in_(t.code)


def undetermined_line(review: Review, t: Tongue) -> str:
    """Not determined: so many of so many questions, and why."""
    questions = review.questions
    reasons = sorted(undetermined(questions).items(), key=lambda r: (-r[1], r[0]))
    listed = [t.page("counted_reason").format(n=n, reason=t.of("reasons", reason)) for reason, n in reasons]
    counts = {"n": sum(n for _, n in reasons), "all": len(questions)}
    return t.page("undetermined_line").format(**counts, reasons=t.listed(listed))
