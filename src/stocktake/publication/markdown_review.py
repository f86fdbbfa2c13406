"""The written review: a whole review as one Markdown document, paragraph by paragraph, for a delegation's file.

It is made from the review value and the phrases alone; the same review gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stocktake.assessment.findings import NO_DATA, UNDETERMINED, Finding
from stocktake.assessment.review import ClauseReview, ParagraphReview, Review, asks_no_act
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.objections import ExchangeRow, exchange_rows
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import explain, fill, plain, quoted, telling
from stocktake.publication.summary import (
    group_name,
    in_order,
    label_of,
    most_telling,
    moved,
    ordered_paragraphs,
    outside_of,
    tally_of,
    undetermined_line,
    verdicts,
    what_moved,
)
from stocktake.register.commitments import Duty
from stocktake.register.indicators import Method
from stocktake.register.policy import Policy

# Characters that Markdown or HTML would take for more than text.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|#~&]")
MOST_NAMED = 9  # a reading of more States is named by its roster and its size


def markdown_review(review: Review, t: Tongue, policy: Policy, known_at: Mapping[str, Any]) -> str:
    """Every operative paragraph and those of the preamble that ask something, in the language of ``t``."""
    reviewed = [p for p in ordered_paragraphs(review) if p.paragraph.key.section != "preambular" or p.clauses]
    blocks = [*_head(review, t, known_at), *_moved(review, t)]
    section = None
    for p in reviewed:
        if p.paragraph.key.section != section:
            section = p.paragraph.key.section
            blocks.append(f"# {t.page(section)}")
        blocks += _paragraph(review, p, t, policy)
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """Text as Markdown that shows exactly that text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _label(words: str, t: Tongue) -> str:
    """A bold label with its colon; what follows needs a space, or Markdown would not see where the bold ends."""
    return f"**{words}{t.of('forms', 'colon').strip()}**"


def _head(review: Review, t: Tongue, known_at: Mapping[str, Any]) -> Iterator[str]:
    register, colon = review.catalogue.register, t.of("forms", "colon")
    vote = register.tally
    how = f"{vote['for']}-{vote['against']}-{vote['abstained']}" if vote else t.page("consensus")
    yield f"# {register.symbol} · {t.page('reviewed')} {review.as_of}"
    yield f"**{escaped(register.title.in_(t.code))}**"
    known = (
        f"{t.page('reconstructed')}, {known_at['date']}"
        if known_at["reconstructed"]
        else f"{t.page('known_checkpoint')} {known_at['tree_size']:,}"
    )
    yield " · ".join((
        f"**{t.page('unofficial')}**",
        f"{t.page('adopted')} {t.date(register.adopted)}{t.of('forms', 'comma')}{how}",
        known,
        t.page("computed").format(v=review.catalogue.rules.version),
    ))  # fmt: skip
    yield escaped(register.summary.in_(t.code))
    yield escaped(t.page("written_how"))
    yield f"{t.page('sum_signs')}{colon}{_signs(verdicts(review.questions), t, words=True)}"
    yield escaped(undetermined_line(review, t))


def _moved(review: Review, t: Tongue) -> Iterator[str]:
    found = moved(review)
    if found:
        yield f"## {t.page('moved')}"
        yield "\n".join(
            f"- {t.of('signs', verdict)} {t.of('verdicts', verdict)}{t.of('forms', 'colon')}{escaped(line)}"
            for verdict, rows in found.items()
            for line in dict.fromkeys(
                plain(fill(t, "moved_line", {"label": label_of(p, t), "what": what_moved(f, t)})) for p, f in rows
            )
        )


def _signs(tally: Mapping[str, int], t: Tongue, *, words: bool = False) -> str:
    listed = [
        f"{t.of('signs', v)}{n}" + (f" {t.of('verdicts', v)}" if words else "")
        for v, n in in_order(dict(tally)).items()
    ]
    return (t.of("forms", "comma") if words else " ").join(listed)


def _paragraph(review: Review, p: ParagraphReview, t: Tongue, policy: Policy) -> Iterator[str]:
    """Paraphrase, clauses, what stands behind the duty, objections with answers, sources."""
    asked = t.of("forms", "semicolon").join(c.clause.asked.in_(t.code) for c in p.clauses)
    yield f"## {label_of(p, t)} · {escaped(asked)}"
    yield f"{_label(t.page('our_words'), t)} {escaped(p.paragraph.paraphrase.in_(t.code))}"
    if p.paragraph.divergence:
        yield f"{_label(t.page('differs'), t)} {escaped(p.paragraph.divergence.in_(t.code))}"
    if asks_no_act(p):
        yield f"– {t.page('no_act')}"
    if signs := _signs(tally_of(p), t, words=True):
        yield f"{_label(t.page('sum_signs'), t)} {signs}"
    if figures := [escaped(plain(telling(f, statement, t))) for f, statement in most_telling(p)]:
        yield f"{_label(t.page('col_telling'), t)} {t.of('forms', 'semicolon').join(figures)}"
    for c in p.clauses:
        if c.clause.duty is not Duty.NONE:
            yield from _clause(review, p, c, t, policy)
    rows = exchange_rows(review, p, t)
    if rows:
        yield f"### {t.page('could_object')}"
        yield from _exchanges(rows, t)
    sources = {s.id: s for f in p.findings for s in (*quoted(f), *_told_beside(f))}
    sources |= {s.id: s for row in rows for s in row.positions}
    if sources:
        yield f"### {t.page('sources')}"
        yield "\n".join(_source(s, t) for s in sources.values())


def _clause(review: Review, p: ParagraphReview, c: ClauseReview, t: Tongue, policy: Policy) -> Iterator[str]:
    colon = t.of("forms", "colon")
    yield f"### {t.page('clause')} {c.clause.n}{colon}{escaped(c.clause.asked.in_(t.code))}"
    yield "\n".join((*_facts(review, c, t, policy), *(_reading(r, t) for r in c.readings)))
    if c.clause.without:
        yield f"{_label(t.page('without'), t)} {escaped(c.clause.without.in_(t.code))}"
    own = list({f.question: f for f in p.findings if f.clause == c.clause.n}.values())
    for id in c.clause.indicators:
        yield from _indicator([f for f in own if f.indicator.id == id], c, t)
    if standing := _standing(own, t):
        yield _label(t.page("accepted"), t)
        yield "\n".join(standing)


def _facts(review: Review, c: ClauseReview, t: Tongue, policy: Policy) -> Iterator[str]:
    """Kind of duty, strength of the verb, force of what it rests on: whose measure it is."""
    colon, clause = t.of("forms", "colon"), c.clause
    strength = policy.strength.of(clause.verb)
    said = f"{t.of('forms', 'open')}{strength.in_(t.code)}{t.of('forms', 'close')}" if strength else ""
    yield f"- {t.page('duty')}{colon}{t.of('duties', clause.duty.value)}"
    yield f"- {t.page('strength')}{colon}{t.of('verbs', clause.verb)}{said}"
    recalled = review.catalogue.commitments.get(clause.recalls or "")
    force = t.of("forces", recalled.force if recalled else review.catalogue.register.force)
    extra = f"{t.of('forms', 'semicolon')}{t.of('forces', 'derived')}" if clause.derived else ""
    yield f"- {t.page('basis')}{colon}{force}{extra}"


def _reading(r: Any, t: Tongue) -> str:
    label = f"{t.of('readings', r.id)}{t.of('forms', 'colon')}" if t.of("readings", r.id) else ""
    named = sorted(t.subject(a) for a in r.addressees) if 1 < len(r.addressees) <= MOST_NAMED else []
    listed = f"{t.of('forms', 'colon')}{t.listed(named)}" if named and r.key in t.phrases["groups"] else ""
    signs = f" {_signs(r.tally, t)}" if r.tally else ""
    outside = f"{t.of('forms', 'semicolon')}{outside_of(r, t)}" if r.outside else ""
    said = escaped(f"{label}{group_name(r, t)}{listed}")
    return f"- {t.page('who')}{t.of('forms', 'colon')}{said}{escaped(outside)}{signs}"


def _indicator(findings: Sequence[Finding], c: ClauseReview, t: Tongue) -> Iterator[str]:
    """The findings of one indicator; States of which nothing is on record are named together."""
    if not findings:
        return
    indicator = findings[0].indicator
    findings = sorted(findings, key=lambda f: (f.context, t.subject(f.subject), f.part or ""))
    silent = [f for f in findings if f.outcome.reason == NO_DATA and not f.outcome.evidence]
    yield f"#### {escaped(indicator.name.in_(t.code))}"
    lines = [_finding(f, c, t) for f in findings if f not in silent]
    if silent:
        word = f"? {t.of('verdicts', UNDETERMINED)}{t.of('forms', 'colon')}" if silent[0].is_counted else ""
        said = f"{t.page('nothing_stated')} {t.listed([t.subject(f.subject) for f in silent])}"
        lines.append(f"- {word}{escaped(said)}")
    yield "\n".join(lines)
    if indicator.objections:
        yield f"*{t.page('objections')}{t.of('forms', 'colon')}{escaped(indicator.objections.in_(t.code))}*"


def _finding(f: Finding, c: ClauseReview, t: Tongue) -> str:
    """Subject and verdict, the sentence, the margin, and the statements behind it."""
    o, colon = f.outcome, t.of("forms", "colon")
    subject = " · ".join(filter(None, (t.subject(f.subject), t.of("parts", f.part) if f.part else None)))
    beside = f"{t.of('forms', 'open')}{t.page('beside')}{t.of('forms', 'close')}" if f.context else ""
    verdict = f" {t.of('signs', o.verdict)} {t.of('verdicts', o.verdict)}" if o.verdict else ""
    reason = f"{colon}{t.of('reasons', o.reason)}" if o.verdict and o.reason else ""
    parts = [
        f"- **{escaped(subject)}**{escaped(beside)}{verdict}{reason}",
        escaped(plain(explain(f, c.clause, t)).strip()),
    ]
    if o.margin is not None:
        margin = {"amount": t.number(round(o.margin.amount, 1)), "unit": t.unit(f.indicator.unit)}
        said = plain(fill(t, "margin", {**margin, "reason": t.of("margins", o.margin.reason)}))
        parts.append(f"{t.page('margin')}{colon}{escaped(said)}")
    shown = quoted(f)
    others = len({s.id for s in o.evidence} - {s.id for s in shown})
    if shown:
        refs = [f"`{s.id}`" for s in shown] + ([f"+{others}"] if others else [])
        parts.append(f"{t.page('evidence')}{colon}{' '.join(refs)}")
    if told := [f"{_telling_event(s, t)} `{s.id}`" for s in _told_beside(f)]:
        parts.append(f"{t.page('not_chosen')}{colon}{t.of('forms', 'semicolon').join(told)}")
    return " · ".join(parts)


def _told_beside(f: Finding) -> list[Statement]:
    """Events and words on a quantity that its figures were not weighed with: shown, so that nothing is hidden."""
    if f.indicator.method is not Method.CHANGE:
        return []
    return [s for s in f.outcome.not_chosen if s.form not in NUMERIC]


def _telling_event(s: Statement, t: Tongue) -> str:
    text = t.text(s) or f"{t.figure(s)} {t.unit(s.unit)}".strip()
    return escaped(plain(fill(t, "telling_event", {"text": text, "date": t.date(s.as_of)})))


def _standing(findings: Iterable[Finding], t: Tongue) -> list[str]:
    """How those who are addressed stand to each instrument behind the duty, an instrument a line."""
    stand: dict[str, dict[str, dict[str, None]]] = {}
    for f in (f for f in findings if not f.context):
        for a in f.acceptance:
            stand.setdefault(a.instrument, {}).setdefault(a.how, {})[t.subject(f.subject)] = None
    return [
        f"- {escaped(plain(fill(t, 'accepted', {'how': t.of('accepted', how), 'instrument': instrument})))}"
        f"{t.of('forms', 'colon')}{escaped(t.listed(sorted(who)))}"
        for instrument, by_how in stand.items()
        for how, who in sorted(by_how.items())
    ]


def _exchanges(rows: Sequence[ExchangeRow], t: Tongue) -> Iterator[str]:
    colon, side = t.of("forms", "colon"), None
    for row in rows:
        if row.side != side:
            side = row.side
            yield f"#### {side}"
        yield f"> {_label(escaped(row.official), t)} {escaped(row.objection)}"
        cited = [f"{_telling_event(s, t)} `{s.id}`" for s in row.positions]
        if cited:
            yield f"{t.page('said_in_public')}{colon}{t.of('forms', 'semicolon').join(cited)}"
        yield f"{_label(t.page('our_answer'), t)} {escaped(row.answer)}"


def _source(s: Statement, t: Tongue) -> str:
    """A statement with its speaker, how it is established, publisher, document and place."""
    semicolon = t.of("forms", "semicolon")
    figure = f"{t.figure(s)} {t.unit(s.unit)}".strip() if s.form in NUMERIC else ""
    what = semicolon.join(filter(None, (figure, t.text(s))))
    place = f", {s.place}" if s.place else ""
    seen = f"{t.page('src_seen')}{t.of('forms', 'colon')}{t.of('seen', s.seen)}"
    checked = f"{t.page('src_checked')}{t.of('forms', 'colon')}{t.page('yes' if s.checked else 'no')}"
    said = f"{what}{semicolon}{t.date(s.as_of)}{semicolon}{t.speaker(s.speaker)}, {t.verification(s)}"
    where = f"{s.publisher}: {s.document}{place}"
    link = f" <{s.url}>" if s.url else ""
    return f"- `{s.id}` · {escaped(said)} · {escaped(where)} · {seen}, {checked}{link}"
