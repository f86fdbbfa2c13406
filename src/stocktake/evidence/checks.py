"""What one data set says against itself: repeated rows, sums that do not fit, mixed kinds, dates to come, jumps.

Each check is vectorised over all claims and returns remarks with rows. Nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stocktake.evidence.claims import SAME, Claims, rounding_unit
from stocktake.evidence.remarks import Remark, defect, difference, fault

WORLD = "WORLD"
# The World row is no sum of the others when it departs from it by more than this share in most of the years.
MIXED_SHARE = 0.02
# A stock that is a thousand times its neighbours on both sides is written in another unit.
JUMP = 100.0
# A stock that stays level over two years and is elsewhere in between by half: a slip of the pen rather than a change.
LEVEL, FAR = 0.1, 0.5


def check(claims: Claims, today: date, groups: Collection[str] = ()) -> list[Remark]:
    """Every remark on this data set alone, by row. ``groups`` are subjects that hold others and are in no sum."""
    return sorted(
        [
            *_future(claims, today),
            *_repeated(claims),
            *_world(claims, groups),
            *_row_sums(claims),
            *_not_agreed(claims),
            *_moved(claims),
            *_jumps(claims),
            *_above_limits(claims),
            *_acts_in_order(claims),
        ]
    )


def _rows(claims: Claims, chosen: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(row) for row in np.unique(claims.row[chosen]))


def _future(claims: Claims, today: date) -> Iterator[Remark]:
    late = claims.day > np.datetime64(today, "D")
    if late.any():
        last = claims.as_of[late][np.argmax(claims.day[late])]
        yield defect(claims.file, _rows(claims, late), "future-date", f"a date to come, up to {last}; today is {today}")


def _repeated(claims: Claims) -> Iterator[Remark]:
    """The same claim twice: alike, one row too many; unlike, a contradiction within one edition."""
    names = SAME if not _is_acts(claims) else (*SAME, "written")
    code = claims.identity(*names)
    _, counts = np.unique(code, return_counts=True)
    if not (counts > 1).any():
        return
    many = np.flatnonzero(counts[code] > 1)
    for chosen in _groups(code[many], many):
        one = claims.where(chosen)
        what = f"{one.subject[0]} {one.quantity[0]} {one.key[0]} {one.as_of[0]}".replace("  ", " ")
        if len(set(one.written.tolist())) == 1:
            said = f"{what}: the same claim stands {len(one)} times"
            yield defect(claims.file, one.row.tolist(), "repeated-claim", said)
        else:
            said = f"{what}: {' and '.join(one.written.tolist())} in one edition"
            yield defect(claims.file, one.row.tolist(), "contradiction", said)


def _is_acts(claims: Claims) -> bool:
    return bool(len(claims)) and bool(np.isnan(claims.number).all())


def _groups(code: NDArray[np.int64], index: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """The indices of each group, in the order of the codes."""
    order = np.argsort(code, kind="stable")
    cuts = np.flatnonzero(np.diff(code[order])) + 1
    yield from np.split(index[order], cuts)


def _world(claims: Claims, groups: Collection[str]) -> Iterator[Remark]:
    """World rows against the sum of the other rows of the same quantity, edition and date."""
    world = claims.subject == WORLD
    if not world.any() or world.all() or _is_acts(claims):
        return
    code = claims.identity("quantity", "key", "vintage", "as_of")
    size = int(code.max()) + 1
    others = ~world & ~np.isin(claims.subject, list(groups)) & ~np.isnan(claims.number)
    total = np.bincount(code[others], weights=claims.number[others], minlength=size)
    count = np.bincount(code[others], minlength=size)
    slack = np.zeros(size)
    np.add.at(slack, code, _rounding(claims))
    at = np.flatnonzero(world & (count[code] > 0))
    printed, summed = claims.number[at], total[code[at]].astype(np.float64)
    tolerance = slack[code[at]] * (1 + 1e-9)
    mixed = _mixed(claims, at, printed, summed, count[code[at]])
    yield from mixed
    above = summed - printed > tolerance
    for n in np.flatnonzero(above):
        one = claims.where(at[n : n + 1])
        more = "" if not mixed else "; the World row counts more kinds of warheads and should not be the smaller"
        yield defect(
            claims.file,
            one.row.tolist(),
            "sum-above-world",
            f"{one.as_of[0]}: the States add up to {summed[n]:,.10g}, the World row has {one.written[0]}{more}",
        )
    yield from _short(claims, at, printed, summed, tolerance, code)


def _rounding(claims: Claims) -> NDArray[np.float64]:
    """Half of the unit to which each figure is printed; the States' own whole counts are taken as exact."""
    exact = {v.quantity for v in claims.layout.values if v.whole}
    printed = zip(claims.written.tolist(), claims.subject.tolist(), claims.quantity.tolist(), strict=True)
    return np.array([0.0 if s != WORLD and q in exact else rounding_unit(w) / 2 for w, s, q in printed])


def _mixed(
    claims: Claims,
    at: NDArray[np.int64],
    printed: NDArray[np.float64],
    summed: NDArray[np.float64],
    count: NDArray[np.int64],
) -> list[Remark]:
    """Whether the World rows are another quantity: a complete set of States that, mostly, does not add up to them."""
    complete = count >= claims.layout.nations if claims.layout.nations else np.zeros(len(at), dtype=bool)
    apart = complete & (np.abs(printed - summed) > MIXED_SHARE * np.maximum(printed, 1))
    if apart.sum() * 2 <= complete.sum():
        return []
    worst = int(np.argmax(np.where(apart, np.abs(printed - summed), -1)))
    one = claims.where(at[worst : worst + 1])
    said = (
        f"two kinds of number in one column: in {one.as_of[0]} the States add up to {summed[worst]:,.10g}, the World"
        f" row has {one.written[0]}. The State rows are {claims.layout.values[0].quantity}, the World rows something"
        " wider (for warheads: the total inventory, with those retired and awaiting dismantlement). As one series its"
        " world total would fall where its States rise"
    )
    return [fault(claims.file, claims.row[at[apart]].tolist(), "mixed-kinds", said)]


def _short(
    claims: Claims,
    at: NDArray[np.int64],
    printed: NDArray[np.float64],
    summed: NDArray[np.float64],
    tolerance: NDArray[np.float64],
    code: NDArray[np.int64],
) -> Iterator[Remark]:
    """A world total above a sum that is complete, because the file has a row for the rest of the world."""
    if not claims.layout.rest:
        return
    whole = np.isin(code[at], code[claims.subject == claims.layout.rest])
    for n in np.flatnonzero(whole & (printed - summed > tolerance)):
        one = claims.where(at[n : n + 1])
        yield defect(
            claims.file,
            one.row.tolist(),
            "sum-below-world",
            f"{one.key[0]} {one.as_of[0]}: all rows add up to {summed[n]:,.10g}, the world row has {one.written[0]};"
            " more than rounding",
        )


def _by_row(claims: Claims) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
    """Rows, and the numbers of each quantity in them; NaN where the row has none."""
    rows, where = np.unique(claims.row, return_inverse=True)
    columns = {}
    for quantity in sorted(set(claims.quantity.tolist())):
        column = np.full(len(rows), np.nan)
        chosen = claims.quantity == quantity
        column[where[chosen]] = claims.number[chosen]
        columns[str(quantity)] = column
    return rows, columns


def _row_sums(claims: Claims) -> Iterator[Remark]:
    """Parts of a row against their whole; a row with an empty part is not judged, for unknown is not zero."""
    if not claims.layout.sums:
        return
    rows, columns = _by_row(claims)
    for rule in claims.layout.sums:
        if not {rule.whole, *rule.parts} <= columns.keys():
            continue
        added = np.sum([columns[part] for part in rule.parts], axis=0)
        for n in np.flatnonzero(np.abs(added - columns[rule.whole]) > 0.5):
            said = f"{' + '.join(rule.parts)} = {added[n]:,.10g}, {rule.whole} is {columns[rule.whole][n]:,.10g}"
            yield defect(claims.file, [int(rows[n])], "parts-do-not-sum", said)


def _not_agreed(claims: Claims) -> Iterator[Remark]:
    """Quantities of a row that count the same thing, such as a published tally and a recount of the roll-call."""
    if not claims.layout.agree:
        return
    rows, columns = _by_row(claims)
    wrong = np.zeros(len(rows), dtype=bool)
    judged = np.zeros(len(rows), dtype=bool)
    for one, other in claims.layout.agree:
        if {one, other} <= columns.keys():
            both = ~np.isnan(columns[one]) & ~np.isnan(columns[other])
            judged |= both
            wrong |= both & (columns[one] != columns[other])
    if wrong.any():
        names = ", ".join(f"{one} and {other}" for one, other in claims.layout.agree)
        said = f"in {wrong.sum():,} of {judged.sum():,} rows two counts of one thing differ ({names})"
        yield defect(claims.file, rows[wrong].tolist(), "counts-differ", said)


def _above_limits(claims: Claims) -> Iterator[Remark]:
    """More than a treaty allowed while it held: a breach, or a figure of another kind."""
    for limit in claims.layout.most:
        held = (claims.day >= np.datetime64(limit.since, "D")) & (claims.day < np.datetime64(limit.until, "D"))
        over = held & (claims.quantity == limit.quantity) & (claims.number > limit.limit)
        for n in np.flatnonzero(over):
            said = f"{claims.subject[n]} {claims.as_of[n]}: {claims.written[n]} is above the limit of {limit.limit:,}"
            yield defect(claims.file, [int(claims.row[n])], "above-limit", f"{said} for {limit.quantity}")


def _moved(claims: Claims) -> Iterator[Remark]:
    """The whole stays and one part loses exactly what another gains: sorted anew, not changed."""
    for rule in claims.layout.sums:
        rows, columns = _by_row(claims)
        if not {rule.whole, *rule.parts} <= columns.keys():
            continue
        first = np.searchsorted(claims.row, rows)
        subject, day = claims.subject[first], claims.day[first]
        order = np.lexsort((day, subject))
        for a, b in pairwise(order):
            if subject[a] != subject[b] or columns[rule.whole][a] != columns[rule.whole][b]:
                continue
            steps = {part: columns[part][b] - columns[part][a] for part in rule.parts}
            changed = {part: step for part, step in steps.items() if step}
            if len(changed) == 2 and sum(changed.values()) == 0:
                down, up = sorted(changed, key=lambda part: float(changed[part]))
                said = f"{subject[b]}: {changed[up]:,.10g} went from {down} to {up} within the same total: sorted anew"
                yield difference(claims.file, [int(rows[a]), int(rows[b])], "sorted-anew", said)


def _jumps(claims: Claims) -> Iterator[Remark]:
    """One value a hundred times both of its neighbours, or a hundredth of them: most likely another unit."""
    if not claims.layout.steady or len(claims) < 3:
        return
    code = claims.identity("quantity", "key", "vintage", "subject")
    order = np.lexsort((claims.day, code))
    series, values = code[order], claims.number[order]
    inside = (series[:-2] == series[1:-1]) & (series[1:-1] == series[2:])
    before, here, after = values[:-2], values[1:-1], values[2:]
    with np.errstate(divide="ignore", invalid="ignore"):
        high = (here > JUMP * before) & (here > JUMP * after) & (before > 0) & (after > 0)
        low = (here > 0) & (here * JUMP < before) & (here * JUMP < after)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.abs(before - after) <= LEVEL * np.maximum(before, after)
        far = np.minimum(np.abs(here - before), np.abs(here - after)) > np.maximum(FAR * np.maximum(before, after), 20)
    for n in np.flatnonzero(inside & (high | low | (level & far))):
        one = claims.where(order[n : n + 3])
        unit = bool(high[n] or low[n])
        asked = "is it in another unit?" if unit else "is it a slip?"
        yield defect(
            claims.file,
            [int(one.row[1])],
            "mixed-units" if unit else "stands-out",
            f"{one.subject[1]} {one.as_of[1]}: {one.written[1]} between {one.written[0]} and {one.written[2]}; {asked}",
        )


def _acts_in_order(claims: Claims) -> Iterator[Remark]:
    """A ratification before the signature at the same place."""
    if not _is_acts(claims) or not {"ratification", "signature"} <= set(claims.written.tolist()):
        return
    code = claims.identity("subject", "quantity", "key", "place")
    signed = claims.written == "signature"
    bound = claims.written == "ratification"
    for group in _groups(code, np.arange(len(claims))):
        ours = group[signed[group]], group[bound[group]]
        if ours[0].size and ours[1].size and claims.day[ours[1]].min() < claims.day[ours[0]].min():
            one = claims.where(np.concatenate(ours))
            said = f"{one.subject[0]} {one.key[0]}: ratified before it was signed"
            yield defect(claims.file, one.row.tolist(), "acts-out-of-order", said)
