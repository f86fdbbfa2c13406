"""The derivation of a finding, in a terminal: what was asked, each step with its numbers, and what would turn it."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Console
from rich.text import Text

from stocktake.assessment.explaining import Explanation, Limit, Step, Trial
from stocktake.evidence.statements import Statement
from stocktake.publication.explanation import DIGITS, step_text, sum_text
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import explain, plain
from stocktake.register.commitments import Clause
from stocktake.register.policy import Rules
from stocktake.terminal.console import hanging, style_of
from stocktake.terminal.reviews import source_line
from stocktake.terms.dates import PartialDate

SHOWN_LEFT = 4


def print_explanation(
    found: Explanation, paragraph: str, clause: Clause, rules: Rules, when: str, t: Tongue, to: Console
) -> None:
    """The whole derivation, made to be followed with a pencil."""
    f, known = found.finding, {s.id: s for s in (*found.inputs, *(s for s, _ in found.left))}
    colon = t.of("forms", "colon")
    to.print(Text(f"{paragraph} · {f.id} · {t.page('reviewed')} {when}", style="bold"))
    to.print(f"{t.page('asked_is')}{colon}{clause.asked.in_(t.code)} ({t.of('duties', clause.duty.value)})")
    to.print(f"{t.page('looked_at')}{colon}{f.indicator.name.in_(t.code)}{colon}{f.indicator.definition.in_(t.code)}")
    to.print(t.page("rules_used").format(version=rules.version, day=t.date(_day(rules.effective.isoformat()))))
    to.print(Text(plain(explain(f, clause, t)).strip(), style=style_of(f.outcome.verdict)))
    _heading("derivation", t, to)
    for n, step in enumerate(found.steps, start=1):
        to.print(hanging(f"{n}", _step(step, known, t)))
    if found.limits:
        _heading("one_figure_wrong", t, to)
        for limit in found.limits:
            to.print(hanging("", _limit(limit, t)))
    _trials("without_claim", found.claims, known, t, to)
    _trials("without_source", found.sources, {}, t, to)
    if found.left:
        _heading("left_out", t, to)
        for why in dict.fromkeys(why for _, why in found.left):
            rows = [s for s, other in found.left if other == why]
            to.print(hanging("", Text(f"{t.of('left', why)}{colon}{_several(rows, t)}", style="dim")))
    _heading("sources", t, to)
    for s in found.inputs:
        to.print(hanging("", Text(source_line(s, t), style="dim")))


def _heading(key: str, t: Tongue, to: Console) -> None:
    to.print(Text(f"\n{t.page(key)}", style="bold"))


def _day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def _step(step: Step, known: dict[str, Statement], t: Tongue) -> Text:
    said = Text(step_text(step, t)) + Text(f" {sum_text(step)}" if step.sum_ else "", style="bold")
    for id in step.statements:
        said += Text(f"\n{_cited(known[id], t)}", style="dim")
    return said


def _cited(s: Statement, t: Tongue) -> str:
    figure = f"{t.figure(s)} {t.unit(s.unit)}".rstrip()
    return f"[{s.id}] {figure} ({t.date(s.as_of)}; {t.speaker(s.speaker)}, {t.verification(s)})"


def _several(rows: list[Statement], t: Tongue) -> str:
    """Each statement, or of many how many, and from when to when."""
    if len(rows) <= SHOWN_LEFT:
        return t.of("forms", "semicolon").join(_cited(s, t) for s in rows)
    return t.page("and_more").format(n=len(rows), first=t.date(rows[0].as_of), last=t.date(rows[-1].as_of))


def _limit(limit: Limit, t: Tongue) -> Text:
    numbers = {"stated": t.number(limit.stated), "limit": t.number(Decimal(f"{limit.limit:.{DIGITS}g}"))}
    return Text(t.page("one_figure").format(id=limit.statement, share=t.tolerance(limit.share), **numbers))


def _trials(key: str, trials: tuple[Trial, ...], known: dict[str, Statement], t: Tongue, to: Console) -> None:
    if not trials:
        return
    _heading(key, t, to)
    for trial in trials:
        reason = (
            f"{t.of('forms', 'open')}{t.of('reasons', trial.reason)}{t.of('forms', 'close')}" if trial.reason else ""
        )
        word = (t.of("verdicts", trial.verdict) if trial.verdict else t.page("no_verdict")) + reason
        kind, _, name = trial.without.partition(": ")
        shown = (
            f"{t.page(f'by_{kind}')} {t.speaker(name) if kind == 'speaker' else name}" if name else f"[{trial.without}]"
        )
        turned = t.page("turns") if trial.turns else t.page("stands")
        style = "yellow" if trial.turns else ""
        to.print(hanging("", Text(f"{shown}{t.of('forms', 'colon')}{word}. {turned}", style=style)))
