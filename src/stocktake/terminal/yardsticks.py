"""Yardsticks in a terminal: a benchmark after the other, its subjects below, two yardsticks side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.assessment.yardsticks import BenchmarkFinding, MarkFinding, Measured
from stocktake.publication.phrases import Tongue
from stocktake.publication.yardsticks import Laid, accepted, grouped, sentences, verdict_word
from stocktake.secretariat.yardsticks import Opened
from stocktake.terminal.console import hanging, style_of


def print_yardsticks(laid: Sequence[Laid], t: Tongue, to: Console) -> None:
    """Each yardstick under its title; of two, the marks of the same subject also in one table."""
    if len(laid) > 1:
        print_side_by_side(laid, t, to)
    for y in laid:
        _print_head(y.measured, t, to)
        print_findings(y.measured.findings, t, to)


def _print_head(m: Measured, t: Tongue, to: Console) -> None:
    y = m.yardstick
    colon = t.of("forms", "colon")
    to.print(Text(f"\n{y.title.in_(t.code)} · {t.page('reviewed')} {m.as_of}", style="bold"))
    who = f"{t.of('yardsticks', 'author')}{colon}{y.author} · {t.page('basis')}{colon}{t.of('forces', y.basis)}"
    to.print(hanging("", Text(f"{who} · {y.source}", style="dim")))
    if y.seen == "memory":
        to.print(hanging("!", Text(t.of("yardsticks", "from_memory"), style="yellow")))
    for words in (y.note, y.without):
        if words is not None:
            to.print(hanging("", Text(words.in_(t.code))))


def print_findings(findings: Sequence[BenchmarkFinding], t: Tongue, to: Console) -> None:
    """A paragraph a benchmark, a line a subject; subjects about whom the same is said share a line."""
    for b, rows in grouped(findings):
        to.print(Text(f"\n  {b.name.in_(t.code)} [{b.id}]", style="bold"))
        basis = f"{t.page('basis')}{t.of('forms', 'colon')}{t.of('forces', b.basis)} · {b.author} · {b.source}"
        to.print(hanging("", Text(basis, style="dim")))
        same: dict[tuple[str, str], list[BenchmarkFinding]] = {}
        for f in rows:
            same.setdefault((" ".join(s.strip() for s in sentences(f, t)), accepted(f, t)), []).append(f)
        for (said, stands), found in same.items():
            names = t.listed([t.subject(f.subject) for f in found])
            line = Text(f"{names}{t.of('forms', 'colon')}", style="bold") + Text(said, style=_style(found[0].marks))
            to.print(hanging(_signs(found[0].marks, t), line + Text(f" {stands}", style="dim")))


def print_side_by_side(laid: Sequence[Laid], t: Tongue, to: Console) -> None:
    """A row a subject, a column a yardstick: what each says of it, in words."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(t.of("yardsticks", "subject"), overflow="fold")
    for y in laid:
        table.add_column(y.measured.yardstick.title.in_(t.code), overflow="fold", ratio=1)
    subjects = dict.fromkeys(f.subject for y in laid for f in y.measured.findings)
    for subject in subjects:
        table.add_row(t.subject(subject), *(_cell(subject, y.measured, t) for y in laid))
    to.print(table)


def _cell(subject: str, m: Measured, t: Tongue) -> Text:
    rows = [f for f in m.findings if f.subject == subject]
    lines = [Text(f"{f.benchmark.name.in_(t.code)}{t.of('forms', 'colon')}{short(f, t)}") for f in rows]
    return Text("\n").join(lines) if lines else Text("–")


def short(f: BenchmarkFinding, t: Tongue) -> str:
    """The marks of a finding in a few words: the date and the word of each."""
    return t.of("forms", "semicolon").join(
        f"{t.date(m.date) if m.date else t.of('yardsticks', 'undated')} {word_of(m, t)}" for m in f.marks
    )


def word_of(m: MarkFinding, t: Tongue) -> str:
    if m.verdict is None:
        return "–"
    why = f"{t.of('forms', 'open')}{t.of('reasons', m.reason)}{t.of('forms', 'close')}" if m.reason else ""
    return f"{t.of('signs', m.verdict)} {verdict_word(m.verdict, t)}{why}"


def _signs(marks: Sequence[MarkFinding], t: Tongue) -> str:
    return "".join(t.of("signs", m.verdict) for m in marks if m.verdict)[-3:] or "–"


def _style(marks: Sequence[MarkFinding]) -> str:
    return style_of(marks[-1].verdict) if marks else ""


def print_list(known: Mapping[str, Opened], t: Tongue, to: Console) -> None:
    """The bundled yardsticks: name, title, author, and whether there is anything to measure."""
    for name, opened in known.items():
        y = opened.yardstick
        what = f"{len(y.benchmarks)}" if y.benchmarks else "–"
        memory = f" · {t.of('yardsticks', 'from_memory')}" if y.seen == "memory" else ""
        to.print(hanging(what, Text(name, style="bold") + Text(f"  {y.title.in_(t.code)} · {y.author}{memory}")))
