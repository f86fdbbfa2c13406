"""A whole review as one Markdown document: paragraph by paragraph, with sources, objections and our answers.

It says what the pages say, from the same value; the same review gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from stocktake.assessment.findings import NO_DATA, Finding
from stocktake.assessment.irreversibility import Undoing, undoings
from stocktake.assessment.review import ClauseReview, ParagraphReview, Review, asks_no_act, rests_on_evidence
from stocktake.evidence.statements import Statement
from stocktake.publication.objections import Exchange, objections_to
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import explain, plain, quoted
from stocktake.publication.summary import (
    asked_of,
    group_name,
    in_order,
    label_of,
    limits_of,
    ordered_paragraphs,
    outside_of,
    tally_of,
    to_whom,
    undetermined_line,
)
from stocktake.publication.undoing import undoing_view
from stocktake.register.commitments import Duty

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")


def review_markdown(review: Review, t: Tongue) -> str:
    """The review in the language of ``t``: a table, then each paragraph that is operative or asks something."""
    shown = [p for p in ordered_paragraphs(review) if p.paragraph.key.section == "operative" or p.clauses]
    parts = [_head(review, t), _table(shown, t), undetermined_line(review, t)]
    parts += [part for p in shown for part in _paragraph(review, p, t)]
    return "\n\n".join(filter(None, parts)) + "\n"


def escaped(text: str) -> str:
    r"""Text in which no character has a meaning of Markdown.

    >>> escaped("a*b [c]")
    'a\\*b \\[c\\]'
    """
    return _SPECIAL.sub(r"\\\1", text)


def _head(review: Review, t: Tongue) -> str:
    register = review.catalogue.register
    title = f"# {escaped(register.title.in_(t.code))}"
    facts = " · ".join(
        (
            t.page("unofficial"),
            register.symbol,
            f"{t.page('adopted')} {t.date(register.adopted)}",
            f"{t.page('reviewed')} {review.as_of}",
            t.page("computed").format(v=review.catalogue.rules.version),
        )
    )
    said = (register.summary.in_(t.code), limits_of(review, t))
    return "\n\n".join((title, facts, *(escaped(text) for text in said if text)))


def _table(shown: Iterable[ParagraphReview], t: Tongue) -> str:
    headings = [t.page(key) for key in ("col_n", "col_to", "col_asked", "col_findings")]
    rows = [
        [label_of(p, t), _lines(to_whom(p, t)), _lines(asked_of(p, t)) or t.page("no_act"), _signs(p, t)] for p in shown
    ]
    return "\n".join([_row(headings), _row(["---"] * 4), *(_row(row) for row in rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(map(escaped, texts))


def _signs(p: ParagraphReview, t: Tongue) -> str:
    tally = " ".join(f"{t.of('signs', v)}{n}" for v, n in tally_of(p).items())
    if tally or asks_no_act(p):
        return tally or "–"
    if not p.findings:
        return t.page("no_indicator")
    return t.of("reasons", "evidence only" if rests_on_evidence(p) else "no data")


def _paragraph(review: Review, p: ParagraphReview, t: Tongue) -> list[str]:
    colon = t.of("forms", "colon")
    parts = [f"## {label_of(p, t)}", escaped(p.paragraph.paraphrase.in_(t.code))]
    if p.paragraph.divergence:
        parts.append(f"*{t.page('differs')}*{colon}{escaped(p.paragraph.divergence.in_(t.code))}")
    parts += [part for c in p.clauses for part in _clause(p, c, t)]
    if asks_no_act(p):
        parts.append(f"– {t.page('no_act')}")
    undone = [u for u in undoings(review.catalogue, review.as_of) if p.paragraph.id in u.measure.paragraphs]
    if undone:
        parts += [f"### {t.page('undoing_here')}", escaped(t.page("undoing_note")), _undone(review, undone, t)]
    exchanges = objections_to(review, p.paragraph.id)
    if exchanges:
        parts += [f"### {t.page('sides')}", *(_exchange(e, t) for e in exchanges)]
    cited = [s for f in p.findings for s in quoted(f)] + [s for e in exchanges for s in e.positions]
    cited += [s for u in undone for a in u.axes for s in a.statements]
    rows = {s.id: _source(s, t) for s in cited}
    return [*parts, f"### {t.page('sources')}", "\n".join(rows.values())] if rows else parts


def _clause(p: ParagraphReview, c: ClauseReview, t: Tongue) -> list[str]:
    colon = t.of("forms", "colon")
    duty = (
        f"{t.of('forms', 'open')}{t.page('duty')}{colon}{t.of('duties', c.clause.duty.value)}{t.of('forms', 'close')}"
    )
    parts = [f"**{t.page('clause')} {c.clause.n}{colon}{escaped(c.clause.asked.in_(t.code))}**{duty}"]
    if c.clause.duty is Duty.NONE:
        return parts
    whom = []
    for r in c.readings:
        label = f"{t.of('readings', r.id)}{colon}" if t.of("readings", r.id) else ""
        tally = " ".join(f"{t.of('signs', v)}{n}" for v, n in in_order(dict(r.tally)).items())
        outside = f"{t.of('forms', 'semicolon')}{outside_of(r, t)}" if r.outside else ""
        whom.append(
            f"- {t.page('who')}{colon}{escaped(f'{label}{group_name(r, t)} {tally}'.strip())}{escaped(outside)}"
        )
    parts.append("\n".join(whom))
    if c.clause.without:
        parts.append(f"{t.page('without')}{colon}{escaped(c.clause.without.in_(t.code))}")
    asked = {f.question: f for f in p.findings if f.clause == c.clause.n}.values()
    for id in c.clause.indicators:
        own = [f for f in asked if f.indicator.id == id]
        if own:
            parts += [f"*{escaped(own[0].indicator.name.in_(t.code))}*", "\n".join(_findings(own, c, t))]
    return parts


def _findings(findings: list[Finding], c: ClauseReview, t: Tongue) -> list[str]:
    silent = [f for f in findings if f.outcome.reason == NO_DATA and not f.outcome.evidence]
    lines = []
    for f in findings:
        if f not in silent:
            sign = t.of("signs", f.outcome.verdict) if f.outcome.verdict else "·"
            cited = " ".join(f"`{s.id}`" for s in quoted(f))
            lines.append(f"- {escaped(sign)} {escaped(plain(explain(f, c.clause, t)).strip())} {cited}".rstrip())
    if silent:
        sign = t.of("signs", "undetermined") if silent[0].is_counted else "·"
        names = t.listed([t.subject(f.subject) for f in silent])
        lines.append(f"- {sign} {t.page('nothing_stated')} {escaped(names)}")
    return lines


def _undone(review: Review, undone: list[Undoing], t: Tongue) -> str:
    """Each measure with its word on every axis; then how many coders there were."""
    view, colon = undoing_view(review.catalogue, undone, t), t.of("forms", "colon")
    lines = []
    for m in view["measures"]:
        cells = (f"{c['axis']}{colon}{c['word']} {' '.join(f'`{id}`' for id in c['ids'])}".rstrip() for c in m["cells"])
        lines.append(f"- {escaped(m['subject'])}{colon}{escaped(m['name'])}. {t.of('forms', 'semicolon').join(cells)}")
    return "\n".join([*lines, f"- {view['axes'][0]['coders']}"])


def _exchange(e: Exchange, t: Tongue) -> str:
    colon = t.of("forms", "colon")
    said = f"- **{t.of('sides', e.said.side)}**{colon}{escaped(e.said.objection.in_(t.code))}"
    answer = f"  **{t.page('our_answer')}**{colon}{escaped(e.said.answer.in_(t.code))}"
    if not e.positions:
        return f"{said}\n\n{answer}"
    cited = " ".join(f"`{s.id}`" for s in e.positions)
    return f"{said}\n\n{answer}\n\n  {t.page('said_in_public')}{colon}{cited}"


def _source(s: Statement, t: Tongue) -> str:
    place = f", {escaped(s.place)}" if s.place else ""
    link = f" <{s.url}>" if s.url else ""
    facts = f"{t.speaker(s.speaker)}{t.of('forms', 'comma')}{t.verification(s)}"
    seen = f"{t.of('seen', s.seen)}{t.of('forms', 'comma')}{t.page('checked' if s.checked else 'unchecked')}"
    return f"- `{s.id}` {escaped(f'{s.publisher}: {s.document}')}{place} ({s.as_of}; {escaped(facts)}; {seen}){link}"
