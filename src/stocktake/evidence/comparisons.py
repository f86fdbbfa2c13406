"""What data sets say against each other: editions that restate, dates that conflict, rosters with strangers.

Both claims stay; which one a rule prefers is another question. Source of the defects that are looked for: the public
data sets themselves (docs/evidence.md, "What the importers look for").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stocktake.evidence.claims import Claims
from stocktake.evidence.remarks import Remark, Weight, defect, difference

# One year is far off when two editions differ there by more than this share, and agree in the years beside it.
FAR_OFF = 0.2
JOINING = frozenset({"ratification", "accession", "succession", "acceptance", "approval", "joined"})


@dataclass(frozen=True)
class Total:
    """How many events of a kind there were over some years, both included, by a source of its own."""

    quantity: str
    subject: str
    since: int
    until: int
    value: int
    source: str


def compare(claims: Claims, others: Iterable[Claims]) -> list[Remark]:
    """What other data sets say differently of what ``claims`` states, row by row; in whatever order they come."""
    ordered = sorted(
        (c for c in others if c is not claims and c.layout.kind == claims.layout.kind), key=lambda c: c.file
    )
    found: dict[tuple[Weight, str, tuple[int, ...], str], list[str]] = {}
    for other in ordered:
        for d in (*_values(claims, other), *_dates(claims, other)):
            found.setdefault((d.weight, d.code, d.rows, d.what), []).append(d.there)
    return sorted(
        Remark(claims.file, rows, code, weight, f"{what}; {', '.join(there)}")
        for (weight, code, rows, what), there in found.items()
    )


class _Difference(NamedTuple):
    weight: Weight
    code: str
    rows: tuple[int, ...]
    what: str
    there: str


def restated(claims: Claims) -> list[Remark]:
    """The same quantity, subject and date in several editions of one file, with different values."""
    if len(set(claims.vintage.tolist())) < 2:
        return []
    code = claims.identity("subject", "quantity", "key", "as_of", "place")
    many = np.flatnonzero(np.bincount(code)[code] > 1)
    order = many[np.lexsort((claims.row[many], code[many]))]
    cuts = np.flatnonzero(np.diff(code[order])) + 1
    remarks = []
    for group in np.split(order, cuts):
        one = claims.where(group)
        if len(set(one.vintage.tolist())) > 1 and len(set(one.written.tolist())) > 1:
            said = "; ".join(f"{w} ({v})" for w, v in zip(one.written.tolist(), one.vintage.tolist(), strict=True))
            what = " ".join(filter(None, (one.subject[0], one.quantity[0], one.key[0], one.as_of[0])))
            remarks.append(difference(claims.file, one.row.tolist(), "restated", f"{what}: {said}"))
    return remarks


def _values(one: Claims, other: Claims) -> Iterator[_Difference]:
    """Where two editions of one estimator give one figure differently: a year apart from its neighbours, or not."""
    if one.layout.speaker != other.layout.speaker:
        return
    here, there = _common(one, other)
    if not here.size:
        return
    a, b = one.number[here], other.number[there]
    differ = a != b
    if not differ.any():
        return
    ratio = _scale(a, b)
    if not 0.01 < ratio < 100:
        said = f"its figures are about {ratio:.3g} times those of another edition: another unit?"
        yield _Difference(Weight.DEFECT, "mixed-units", tuple(one.row[here].tolist()), said, other.file)
        return
    alone = differ & _stands_alone(one, here, differ) & (np.abs(a - b) > FAR_OFF * np.maximum(a, b))
    for n in np.flatnonzero(differ):
        what = f"{one.subject[here[n]]} {one.quantity[here[n]]} {one.as_of[here[n]]}: {one.written[here[n]]} here"
        far = bool(alone[n]) or one.layout.events
        weight, code = (Weight.DEFECT, "off-its-vintages") if far else (Weight.DIFFERENCE, "restated")
        there_ = f"{other.written[there[n]]} at {_place(other, int(there[n]))}"
        yield _Difference(weight, code, (int(one.row[here[n]]),), what, there_)


def _place(claims: Claims, n: int) -> str:
    return f"{claims.file}:{claims.row[n]}" if claims.row[n] else claims.file


def _scale(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """By how much the figures of one edition are larger, at the median; 1 where nothing can be compared."""
    both = (a > 0) & (b > 0)
    return float(np.median(a[both] / b[both])) if both.any() else 1.0


def _common(one: Claims, other: Claims) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of claims on the same subject, quantity, key and date, with numbers on both sides."""
    _, here, there = np.intersect1d(_labels(one), _labels(other), return_indices=True)
    both = ~np.isnan(one.number[here]) & ~np.isnan(other.number[there])
    return here[both], there[both]


def _labels(claims: Claims) -> NDArray[np.str_]:
    columns = zip(claims.subject, claims.quantity, claims.key, claims.as_of, strict=True)
    return np.array(["\x1f".join(parts) for parts in columns], dtype=np.str_)


def _stands_alone(one: Claims, here: NDArray[np.int64], differ: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the figures before and after, of the same subject, are the same in both editions."""
    columns = zip(one.subject[here], one.quantity[here], one.key[here], strict=True)
    series = np.array(["\x1f".join(parts) for parts in columns])
    order = np.lexsort((one.day[here], series))
    wrong, name = differ[order], series[order]
    before = np.zeros(len(order), dtype=bool)
    after = np.zeros(len(order), dtype=bool)
    same = name[1:] == name[:-1]
    before[1:] = same & ~wrong[:-1]
    after[:-1] = same & ~wrong[1:]
    alone = np.zeros(len(order), dtype=bool)
    alone[order] = before & after
    return alone


def _dates(one: Claims, other: Claims) -> Iterator[_Difference]:
    """The day on which a State joined a treaty, as two lists have it: each list's earliest deposit is compared."""
    ours, theirs = _joined(one), _joined(other)
    for key in sorted(ours.keys() & theirs.keys()):
        (day, row), (day2, row2) = ours[key], theirs[key]
        if day != day2 and min(len(day), len(day2)) == 10:
            what, there = f"{key[1]} {key[0]}: {day} here", f"{day2} at {other.file}:{row2}"
            yield _Difference(Weight.DIFFERENCE, "dates-conflict", (row,), what, there)


def _joined(claims: Claims) -> dict[tuple[str, str], tuple[str, int]]:
    found: dict[tuple[str, str], tuple[str, int]] = {}
    if not np.isnan(claims.number).all():
        return found
    for n, word in enumerate(claims.written.tolist()):
        if word not in JOINING or not claims.key[n]:
            continue
        key = str(claims.key[n]), str(claims.subject[n])
        found[key] = min(found.get(key, ("9", 0)), (str(claims.as_of[n]), int(claims.row[n])))
    return found


def strangers(claims: Claims, rosters: Mapping[str, Collection[str]]) -> list[Remark]:
    """A list of parties against the roster that we hold: who is on it and no party, and which party it leaves out.

    ``rosters`` maps a treaty to its parties. A list of a treaty without a roster is compared with nothing.
    """
    remarks = []
    for treaty in sorted(set(claims.key.tolist()) & rosters.keys()):
        ours = claims.key == treaty
        listed = set(claims.subject[ours].tolist())
        for subject in sorted(listed - set(rosters[treaty])):
            rows = claims.row[ours & (claims.subject == subject)].tolist()
            remarks.append(defect(claims.file, rows, "no-party", f"{subject} is listed, and is no party to {treaty}"))
        for subject in sorted(set(rosters[treaty]) - listed):
            remarks.append(
                defect(claims.file, (), "party-missing", f"{subject} is a party to {treaty}, and not listed")
            )
    return remarks


def unnamed(claims: Claims, members: Collection[str], rows: Mapping[str, int]) -> list[Remark]:
    """Member States for which a file of names has no name, by language; ``rows`` says where each stands."""
    remarks = []
    languages = sorted(set(claims.quantity.tolist()))
    absent: dict[str, list[str]] = {}
    for quantity in languages:
        named = set(claims.subject[claims.quantity == quantity].tolist())
        for code in sorted(set(members) - named):
            absent.setdefault(code, []).append(quantity)
    for code, quantities in absent.items():
        said = f"{code} is a Member State, and has no {', '.join(quantities)}"
        at = (rows[code],) if code in rows else ()
        remarks.append(defect(claims.file, at, "name-missing", said))
    return remarks


def against_totals(claims: Claims, totals: Collection[Total]) -> list[Remark]:
    """Counts of events by year against totals over a period that are established from another source."""
    remarks = []
    years = claims.day.astype("datetime64[Y]").astype(int) + 1970
    of = {subject: claims.subject == subject for subject in {t.subject for t in totals} & set(claims.subject.tolist())}
    for total in (t for t in totals if t.subject in of):
        ours = of[total.subject] & (years >= total.since) & (years <= total.until)
        ours[ours] = claims.quantity[ours] == total.quantity
        found = claims.number[ours]
        last = min(total.until, int(years[of[total.subject]].max(initial=0)))
        if not found.size or found.sum() == total.value or (total.value and last < total.until):
            continue
        rows = claims.row[ours & (claims.number > 0)] if found.sum() > total.value else claims.row[ours]
        period = f"{total.since}" if total.since == total.until else f"{total.since} to {total.until}"
        said = (
            f"{total.subject} {period}: {found.sum():,.10g} {total.quantity} in the file, {total.value:,} established"
            f" ({total.source})"
        )
        remarks.append(defect(claims.file, rows.tolist(), "off-the-record", said))
    return remarks


def not_states(claims: Claims, states: Collection[str]) -> list[Remark]:
    """Who is on a list of parties and on no list of States of the United Nations or its treaties."""
    strange = sorted(set(claims.subject.tolist()) - set(states))
    return [
        difference(
            claims.file,
            claims.row[claims.subject == subject].tolist(),
            "not-on-the-list-of-states",
            f"{subject} is listed as a party; it is neither a Member State nor on the depositaries' list of all States",
        )
        for subject in strange
    ]
