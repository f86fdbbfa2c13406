"""A review, or one paragraph of it, in a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.assessment.findings import NO_DATA, Finding
from stocktake.assessment.review import ClauseReview, ParagraphReview, asks_no_act, rests_on_evidence
from stocktake.evidence.statements import Statement
from stocktake.publication.objections import exchange_rows
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import explain, plain, quoted, telling
from stocktake.publication.summary import (
    asked_of,
    group_name,
    in_order,
    most_telling,
    ordered_paragraphs,
    outside_of,
    tally_of,
    to_whom,
    undetermined_line,
    verdicts,
)
from stocktake.publication.undoing import coders_line
from stocktake.register.commitments import Duty
from stocktake.secretariat.reviewing import Made
from stocktake.terminal.console import hanging, printable, style_of
from stocktake.terminal.yardsticks import print_yardsticks

NARROW = 110  # columns; below, a paragraph takes two lines instead of a row of narrow cells


def print_summary(made: Made, lang: str, to: Console) -> None:
    """A line a paragraph: to whom, what was asked, the tally, the most telling figure; then what the signs mean."""
    t = made.tongue(lang)
    operative = [p for p in ordered_paragraphs(made.review) if p.paragraph.key.section == "operative"]
    rows = [(p, _signs(p, t), t.of("forms", "semicolon").join(_telling(p, t))) for p in operative]
    if to.width < NARROW:
        for p, signs, figure in rows:
            to.print(hanging(p.paragraph.key.number, _in_two_lines(p, signs, figure, t)))
    else:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for heading, ratio in (("op", None), ("col_to", 4), ("col_asked", 5), ("col_findings", 3), ("col_telling", 7)):
            table.add_column(t.page(heading) if ratio else heading, ratio=ratio, overflow="fold")
        for p, signs, figure in rows:
            table.add_row(p.paragraph.key.number, " | ".join(to_whom(p, t)), _asked(p, t), signs, figure)
        to.print(table)
    legend = [f"{t.of('signs', v)} {t.of('verdicts', v)}" for v in verdicts(made.review.questions)]
    to.print(Text("   ".join([*legend, f"– {t.page('no_act')}"]), style="dim"))
    to.print(undetermined_line(made.review, t))


def print_places(out: Path, made: Made, catalogue: Path | None, to: Console) -> None:
    """Where the site and the data are, and the command for one paragraph."""
    register = made.review.catalogue.register
    own = f" --catalogue {printable(catalogue)}" if catalogue else ""
    first = next(p.paragraph.key.anchor for p in ordered_paragraphs(made.review) if p.findings)
    place = printable(out.resolve())
    to.print(f"Site  {place}/index.html", soft_wrap=True)
    to.print(f"Data  {place}/review.json", soft_wrap=True)
    to.print(f"One paragraph:  stocktake show '{register.symbol}#{first}'{own}", soft_wrap=True)


def _asked(p: ParagraphReview, t: Tongue) -> str:
    return t.of("forms", "semicolon").join(asked_of(p, t)) or t.page("no_act")


def _telling(p: ParagraphReview, t: Tongue) -> list[str]:
    return [plain(telling(f, statement, t)) for f, statement in most_telling(p)]


def _signs(p: ParagraphReview, t: Tongue) -> Text:
    tally = [Text(f"{t.of('signs', v)}{n}", style=style_of(v)) for v, n in tally_of(p).items()]
    if tally:
        return Text(" ").join(tally)
    if asks_no_act(p):
        return Text("–")
    if not p.findings:
        return Text(t.page("no_indicator"), style="dim")
    return Text(t.of("reasons", "evidence only" if rests_on_evidence(p) else "no data"), style="dim")


def _in_two_lines(p: ParagraphReview, signs: Text, figure: str, t: Tongue) -> Text:
    if asks_no_act(p):
        return Text(f"– {t.page('no_act')}", style="dim")
    lines = [Text(f"{' | '.join(to_whom(p, t))}{t.of('forms', 'colon')}{_asked(p, t)}  ") + signs]
    return Text("\n").join([*lines, *([Text(figure, style="dim")] if figure else [])])


def print_paragraph(made: Made, lang: str, to: Console) -> None:
    """The answer of a review of one paragraph, made to be quoted: sentences by indicator, then their sources."""
    t = made.tongue(lang)
    (p,) = made.review.paragraphs
    wanted, colon = p.paragraph.id, t.of("forms", "colon")
    head = f"{wanted} · {t.page('reviewed')} {made.review.as_of} · {t.known(made.document.known_at)}"
    to.print(Text(f"{head} · {t.page('unofficial')}", style="bold"))
    to.print(p.paragraph.paraphrase.in_(lang))
    if p.paragraph.divergence:
        to.print(Text(f"{t.page('differs')}{colon}{p.paragraph.divergence.in_(lang)}", style="dim"))
    for c in p.clauses:
        _print_clause(made, p, c, t, to)
    if asks_no_act(p):
        to.print(f"– {t.page('no_act')}")
    _print_exchanges(made, p, t, to)
    sources = {s.id: s for f in p.findings for s in quoted(f)}
    if made.yardsticks:
        print_yardsticks(made.yardsticks, t, to)
    if sources:
        to.print(Text(f"\n{t.page('sources')}", style="bold"))
        for s in sources.values():
            to.print(hanging("", Text(source_line(s, t), style="dim")))


def source_line(s: Statement, t: Tongue) -> str:
    """Where a row stands, how it was seen, and whether we have looked it up."""
    checked = t.page("row_checked" if s.checked else "row_unchecked")
    return f"[{s.id}] {s.publisher}: {s.document}. {t.of('seen', s.seen)}; {checked}"


def _print_exchanges(made: Made, p: ParagraphReview, t: Tongue, to: Console) -> None:
    rows = exchange_rows(made.review, p, t)
    if rows:
        to.print(Text(f"\n{t.page('could_object')}", style="bold"))
        to.print(Text(t.page("could_object_note"), style="dim"))
    colon = t.of("forms", "colon")
    for row in rows:
        to.print(hanging("", Text(f"{row.official}{colon}", style="bold") + Text(row.objection)))
        cited = " ".join(f"[{s.id}]" for s in row.positions)
        to.print(
            hanging("", Text(f"{t.page('our_answer')}{colon}{row.answer}") + Text(f" {cited}".rstrip(), style="dim"))
        )


def _print_clause(made: Made, p: ParagraphReview, c: ClauseReview, t: Tongue, to: Console) -> None:
    colon = t.of("forms", "colon")
    duty = f"{t.page('duty')}{colon}{t.of('duties', c.clause.duty.value)}"
    to.print(Text(f"\n{t.page('clause')} {c.clause.n}{colon}{c.clause.asked.in_(t.code)} ({duty})", style="bold"))
    if c.clause.duty is Duty.NONE:
        return
    for r in c.readings:
        tally = " ".join(f"{t.of('signs', v)}{n}" for v, n in in_order(dict(r.tally)).items())
        label = f"{t.of('readings', r.id)}{colon}" if t.of("readings", r.id) else ""
        to.print(Text(f"  {t.page('who')}{colon}{label}{group_name(r, t)}  {tally}".rstrip(), style="dim"))
        if r.outside:
            to.print(hanging("", Text(outside_of(r, t), style="dim")))
    if c.clause.without:
        to.print(hanging("", Text(c.clause.without.in_(t.code))))
    asked = {f.question: f for f in p.findings if f.clause == c.clause.n}.values()
    for id in c.clause.indicators:
        _print_indicator(made, [f for f in asked if f.indicator.id == id], c, t, to)


def _print_indicator(made: Made, findings: list[Finding], c: ClauseReview, t: Tongue, to: Console) -> None:
    if not findings:
        return
    indicator = findings[0].indicator
    to.print(Text(f"\n  {indicator.name.in_(t.code)}", style="bold"))
    if indicator.coders:
        to.print(Text(f"  {coders_line(indicator.coders, None, t)}", style="dim"))
    silent = [f for f in findings if f.outcome.reason == NO_DATA and not f.outcome.evidence]
    for f in findings:
        if f not in silent:
            verdict = f.outcome.verdict
            sentence = plain(explain(f, c.clause, t)).strip()
            cited = " ".join(f"[{s.id}]" for s in quoted(f))
            line = Text(sentence, style=style_of(verdict)) + Text(f" {cited}", style="dim")
            to.print(hanging(t.of("signs", verdict) if verdict else "·", line))
    if silent:
        names = t.listed([t.subject(f.subject) for f in silent])
        to.print(hanging("?" if silent[0].is_counted else "·", Text(f"{t.page('nothing_stated')} {names}")))
