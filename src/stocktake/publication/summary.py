"""A paragraph in a line: to whom, what was asked, the tally, the most telling figure. For tables and terminals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from stocktake.assessment.findings import Finding
from stocktake.assessment.review import ParagraphReview, Review, asks_no_act, undetermined
from stocktake.publication.phrases import Tongue
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


def ordered_paragraphs(review: Review) -> list[ParagraphReview]:
    """Operative paragraphs first, then the preamble; each in its own numbering."""
    return sorted(review.paragraphs, key=lambda p: (p.paragraph.key.section != "operative", p.paragraph.key.n))


def label_of(p: ParagraphReview) -> str:
    return f"{'op' if p.paragraph.key.section == 'operative' else 'pp'} {p.paragraph.key.n}"


def in_order(tally: dict[str, int]) -> dict[str, int]:
    """A tally in the fixed order of the signs."""
    return {verdict: tally[verdict] for verdict in ORDER if verdict in tally}


def verdicts(findings: Iterable[Finding]) -> dict[str, int]:
    return in_order(Counter(f.outcome.verdict or "" for f in findings))


def tally_of(p: ParagraphReview) -> dict[str, int]:
    """The tally of a paragraph's questions, each counted once however many readings ask it."""
    return verdicts({f.question: f for f in p.findings if f.is_counted}.values())


def most_telling(p: ParagraphReview) -> Finding | None:
    """The finding for one line: the one that the register names, else the latest stated, verdicts before records."""
    for c in p.clauses:
        if c.clause.telling:
            wanted = (c.clause.n, c.clause.telling.indicator, c.clause.telling.subject)
            named = [f for f in p.findings if (f.clause, f.indicator.id, f.subject) == wanted and f.outcome.evidence]
            if named:
                return named[0]
    with_evidence = [f for f in p.findings if f.outcome.evidence]
    counted = [f for f in with_evidence if f.is_counted]
    return max(counted or with_evidence, key=lambda f: (max(s.as_of for s in f.outcome.evidence), f.id), default=None)


def to_whom(p: ParagraphReview, t: Tongue) -> list[str]:
    """Whom the paragraph addresses, a line a reading, with the number of States where it is a roster."""
    if asks_no_act(p):
        return ["–"]
    asking = [c for c in p.clauses if c.clause.duty is not Duty.NONE]
    return list(dict.fromkeys(group_name(r.key, r.addressees, t) for c in asking for r in c.readings))


def asked_of(p: ParagraphReview, t: Tongue) -> list[str]:
    return [c.clause.asked.in_(t.code) for c in p.clauses if c.clause.duty is not Duty.NONE]


def group_name(key: str, addressees: Sequence[str], t: Tongue) -> str:
    """The name of a roster with its size; single States by their names."""
    if key not in t.phrases["groups"]:
        return t.listed([t.subject(a) for a in addressees]) or t.subject(key)
    return f"{t.subject(key)} ({len(addressees)})" if len(addressees) > 1 else t.subject(key)


def undetermined_line(review: Review, t: Tongue) -> str:
    """Not determined: so many of so many questions, and why."""
    questions = review.questions
    reasons = sorted(undetermined(questions).items(), key=lambda r: (-r[1], r[0]))
    listed = [t.page("counted_reason").format(n=n, reason=t.of("reasons", reason)) for reason, n in reasons]
    counts = {"n": sum(n for _, n in reasons), "all": len(questions)}
    return t.page("undetermined_line").format(**counts, reasons=t.listed(listed))
