"""The page of the measures: yardsticks side by side, and the benchmarks of the catalogue, each with whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stocktake.assessment.review import Review
from stocktake.assessment.yardsticks import BenchmarkFinding, MarkFinding, measure_all
from stocktake.publication.phrases import Tongue
from stocktake.publication.sources import statement_row
from stocktake.publication.yardsticks import Laid, accepted, grouped, sentences, verdict_word

# Statements that one line links to; the rest stand in the data.
_LINKED = 6


def yardstick_view(review: Review, laid: Sequence[Laid], t: Tongue) -> dict[str, Any]:
    """What the page shows, as of the day of the review."""
    own = measure_all(review.catalogue.benchmarks.values(), review.catalogue, {}, as_of=review.as_of)
    findings = [*own, *(f for y in laid for f in y.measured.findings)]
    rows = {s.id: s for f in findings for s in f.evidence[-_LINKED:]}
    return {
        "yardsticks": [_head(y, t) for y in laid],
        "subjects": _side_by_side(laid, t),
        "bundled": [_benchmark(rows, t) for _, rows in grouped(own)],
        "sources": [statement_row(s, t) for s in sorted(rows.values(), key=lambda s: (s.quantity, s.as_of, s.id))],
    }


def _head(y: Laid, t: Tongue) -> dict[str, Any]:
    stick = y.measured.yardstick
    return {
        "title": stick.title.in_(t.code),
        "author": stick.author,
        "basis": t.of("forces", stick.basis),
        "source": stick.source,
        "url": stick.url,
        "digest": t.of("yardsticks", "digest").format(name=y.name, digest=y.digest),
        "memory": stick.seen == "memory",
        "words": [w.in_(t.code) for w in (stick.note, stick.without) if w],
    }


def _side_by_side(laid: Sequence[Laid], t: Tongue) -> list[dict[str, Any]]:
    """A row a subject, a cell a yardstick."""
    subjects = dict.fromkeys(f.subject for y in laid for f in y.measured.findings)
    return [
        {
            "subject": t.subject(subject),
            "cells": [
                {
                    "title": y.measured.yardstick.title.in_(t.code),
                    "rows": [_line(f, t) for f in y.measured.findings if f.subject == subject],
                }
                for y in laid
            ],
        }
        for subject in subjects
    ]


def _line(f: BenchmarkFinding, t: Tongue) -> dict[str, Any]:
    return {
        "name": f.benchmark.name.in_(t.code),
        "signs": [_sign(m, t) for m in f.marks if m.verdict],
        "said": [s.strip() for s in sentences(f, t)],
        "accepted": accepted(f, t),
        "basis": t.of("forces", f.benchmark.basis),
        "evidence": [s.id for s in f.evidence[-_LINKED:]],
    }


def _sign(m: MarkFinding, t: Tongue) -> dict[str, str]:
    verdict = m.verdict or ""
    return {
        "key": verdict,
        "sign": t.of("signs", verdict),
        "word": verdict_word(verdict, t),
        "date": t.date(m.date) if m.date else "",
        "reason": t.of("reasons", m.reason) if m.reason else "",
    }


def _benchmark(rows: Sequence[BenchmarkFinding], t: Tongue) -> dict[str, Any]:
    """A benchmark with its lines; subjects of whom the same is said share one."""
    b = rows[0].benchmark
    same: dict[tuple[str, ...], list[BenchmarkFinding]] = {}
    for f in rows:
        same.setdefault((accepted(f, t), *sentences(f, t)), []).append(f)
    return {
        "id": b.id,
        "name": b.name.in_(t.code),
        "author": b.author,
        "basis": t.of("forces", b.basis),
        "source": b.source,
        "memory": b.seen == "memory",
        "note": b.note.in_(t.code) if b.note else "",
        "lines": [
            {**_line(found[0], t), "subject": t.listed([t.subject(f.subject) for f in found])}
            for found in same.values()
        ],
    }
