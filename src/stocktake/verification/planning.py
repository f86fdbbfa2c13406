"""A plan for a whole inspection: several strata, several instruments, and an adversary who knows the plan.

An instrument recognises defects of at least its smallest defect. The finest measures as many items as its own
class of defects needs; the next one only what its class needs beyond these, and so on: an item that was measured well
also counts for coarser defects. Across strata the goal amount may be put together from any of them, so the plan is made
to hold against the worst mixture, and then made cheaper where it can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import inf, lcm, log, prod

import numpy as np

from stocktake.verification.balance import Floats, Integers
from stocktake.verification.errors import ImpossiblePlan
from stocktake.verification.sampling import (
    MOST_DEFECTS,
    Measured,
    SampleSizes,
    detection_probability,
    items_to_falsify,
    least,
    non_detection,
    sample_size,
    sample_sizes,
)

MOST_FRONT = 20_000  # mixtures kept while the worst is looked for
MOST_COMPARED = 10_000_000
MOST_STRATA, MOST_INSTRUMENTS = 8, 6
COARSE = 16  # a step while a plan grows is this part of what is left; trimming makes it exact


@dataclass(frozen=True)
class Stratum:
    """Items alike: how many, and the mean content of one in the unit of the goal amount."""

    name: str
    items: int
    content: Fraction


@dataclass(frozen=True)
class Instrument:
    """Recognises a defect of ``smallest_defect`` (a share of the content) or more with ``identification``."""

    name: str
    defect_class: str
    smallest_defect: Fraction
    identification: Fraction = Fraction(1)
    cost: Fraction = Fraction(1)


@dataclass(frozen=True)
class Question:
    """Find a diversion of ``goal`` with at least the probability ``detection``, whatever its defect class."""

    goal: Fraction
    mass_unit: str
    detection: Fraction
    strata: tuple[Stratum, ...]
    instruments: tuple[Instrument, ...]

    @property
    def beta(self) -> Fraction:
        return 1 - self.detection


@dataclass(frozen=True)
class Line:
    """What to measure in one stratum with one instrument, and what its defect class alone would have asked.

    ``formulas`` is None where the goal amount does not fit into the stratum: then it only adds to a mixture.
    """

    stratum: Stratum
    instrument: Instrument
    defects: int
    sample: int
    formulas: SampleSizes | None


@dataclass(frozen=True)
class Worst:
    """The mixture of falsified items that is found least often in one defect class, and how often it is found."""

    defect_class: str
    mixture: tuple[tuple[str, int], ...]
    detection: Fraction


@dataclass(frozen=True)
class Plan:
    """What to measure, a line for each stratum and instrument, and the worst mixture of each defect class."""

    question: Question
    lines: tuple[Line, ...]
    worst: tuple[Worst, ...]

    @property
    def cost(self) -> Fraction:
        return sum((line.sample * line.instrument.cost for line in self.lines), Fraction(0))


Samples = dict[tuple[str, str], int]  # (stratum, instrument) -> how many items


@dataclass(frozen=True, eq=False)
class Front:
    """Mixtures that no other one beats: by falling mass (whole units), each with more non-detection than those before.

    ``missed`` is the logarithm of the probability not to be detected; ``counts`` has the items of each stratum so far.
    """

    mass: Integers
    missed: Floats
    counts: Integers

    def joined(self, missed: Sequence[float], unit: int, goal: int) -> Front:
        """With 0, 1, 2, ... items of one more stratum; mass above the goal does not count."""
        items = np.arange(len(missed), dtype=np.int64)
        mass = np.minimum(self.mass[:, None] + items * unit, goal).ravel()
        logs = (self.missed[:, None] + np.array(missed)).ravel()
        order = np.lexsort((-logs, -mass))
        best = np.maximum.accumulate(logs[order])
        kept = order[np.concatenate(([True], logs[order][1:] > best[:-1]))]
        if len(kept) > MOST_FRONT:
            raise ImpossiblePlan(f"more than {MOST_FRONT:,} mixtures of strata to compare. Join strata that are alike.")
        counts = np.column_stack((self.counts[kept // len(missed)], kept % len(missed)))
        return Front(mass[kept], logs[kept], counts)


def plan(question: Question) -> Plan:
    """The samples for each stratum and instrument; no single one of them can be made smaller.

    Raises ImpossiblePlan where no sample reaches the wanted probability, or all strata together lack the goal amount.
    """
    _check(question)
    finest_first = sorted(question.instruments, key=lambda i: (i.smallest_defect, i.name))
    samples = {(s.name, i.name): 0 for s in question.strata for i in question.instruments}
    for instrument in finest_first:
        _fill(question, instrument, samples)
    for instrument in sorted(question.instruments, key=lambda i: (-i.cost, i.smallest_defect, i.name)):
        _trim(question, instrument, samples)
    lines = tuple(
        Line(s, i, defects := items_to_falsify(question.goal, s.content, i.smallest_defect), samples[s.name, i.name],
             sample_sizes(s.items, defects, question.beta) if defects <= s.items else None)
        for s in question.strata for i in question.instruments
    )  # fmt: skip
    return Plan(question, lines, tuple(worst_mixture(question, i, samples) for i in question.instruments))


def worst_mixture(question: Question, instrument: Instrument, samples: Samples) -> Worst:
    """The diversion of the goal by defects of this instrument's size that the samples would find least often.

    All mixtures are compared, without those that another one beats in mass and in non-detection.
    """
    able = [i for i in question.instruments if i.smallest_defect <= instrument.smallest_defect]
    masses = [instrument.smallest_defect * s.content for s in question.strata]
    whole_units = lcm(question.goal.denominator, *(m.denominator for m in masses))
    goal, units = int(question.goal * whole_units), [int(m * whole_units) for m in masses]
    if goal >= 2**62 or max(units) >= 2**62:
        raise ImpossiblePlan("masses with so many digits cannot be compared. Round the contents and the goal amount.")
    front = Front(np.zeros(1, np.int64), np.zeros(1), np.zeros((1, 0), np.int64))
    for s, unit in zip(question.strata, units, strict=True):
        most = min(s.items, -(-goal // unit))
        if most > MOST_DEFECTS or len(front.mass) * most > MOST_COMPARED:
            raise ImpossiblePlan(
                f"{s.name}: {most:,} falsified items are too many to compare all mixtures (at most {MOST_DEFECTS:,}). "
                "Leave out a stratum of very small contents, or plan it by itself."
            )
        front = front.joined(_logs(s.items, most, _measured(s, able, samples)), unit, goal)
    whole = front.mass >= goal
    if not whole.any():
        raise ImpossiblePlan(
            f"all strata together hold less than {float(question.goal):g} {question.mass_unit} in defects of "
            f"{float(instrument.smallest_defect):g}: there is nothing to detect. Set a smaller goal."
        )
    mixture = front.counts[whole][int(np.argmax(front.missed[whole]))].tolist()
    missed_all = prod(
        (1 - detection_probability(s.items, d, _measured(s, able, samples)))
        for s, d in zip(question.strata, mixture, strict=True)
    )
    named = tuple((s.name, d) for s, d in zip(question.strata, mixture, strict=True) if d)
    return Worst(instrument.defect_class, named, 1 - Fraction(missed_all))


@lru_cache(maxsize=4096)
def _logs(items: int, most: int, measured: tuple[Measured, ...]) -> tuple[float, ...]:
    """Logarithms of the probabilities to miss 0, 1, ... ``most`` falsified items; -inf where they cannot be missed."""
    missed = non_detection(items, most, measured)
    return tuple(log(q.numerator) - log(q.denominator) if q > 0 else -inf for q in missed)


def _measured(s: Stratum, able: Sequence[Instrument], samples: Samples) -> tuple[Measured, ...]:
    return tuple(Measured(samples[s.name, i.name], i.identification) for i in able)


def _fill(question: Question, instrument: Instrument, samples: Samples) -> None:
    """Give an instrument what its class needs beyond the finer ones: each stratum alone, then the mixture."""
    for s in question.strata:
        defects = items_to_falsify(question.goal, s.content, instrument.smallest_defect)
        finer = sum(samples[s.name, i.name] for i in question.instruments)
        if defects <= s.items:
            need = sample_size(s.items, defects, question.beta, instrument.identification)
            samples[s.name, instrument.name] = max(need - finer, 0)
    while worst_mixture(question, instrument, samples).detection < question.detection:
        room = [s for s in question.strata if sum(samples[s.name, i.name] for i in question.instruments) < s.items]
        if not room:
            raise ImpossiblePlan(
                f"measuring every item does not find {instrument.defect_class} defects with "
                f"{float(question.detection):g}. Use a better instrument, or a smaller probability."
            )
        weakest = max(room, key=lambda s: _gain(question, instrument, samples, s))
        left = weakest.items - sum(samples[weakest.name, i.name] for i in question.instruments)
        samples[weakest.name, instrument.name] += max(left // COARSE, 1)


def _gain(question: Question, instrument: Instrument, samples: Samples, s: Stratum) -> Fraction:
    more = {**samples, (s.name, instrument.name): samples[s.name, instrument.name] + 1}
    return worst_mixture(question, instrument, more).detection


def _trim(question: Question, instrument: Instrument, samples: Samples) -> None:
    """Take items away as long as every class still holds."""
    for s in sorted(question.strata, key=lambda s: s.name):
        key = s.name, instrument.name

        def holds(n: int, key: tuple[str, str] = key) -> bool:
            fewer = {**samples, key: n}
            return all(worst_mixture(question, i, fewer).detection >= question.detection for i in question.instruments)

        samples[key] = least(samples[key], holds)


def _check(question: Question) -> None:
    if not 0 < question.detection < 1:
        raise ImpossiblePlan(f"a detection probability lies between 0 and 1, not {float(question.detection):g}.")
    for s in question.strata:
        if s.items < 1:
            raise ImpossiblePlan(f"{s.name}: a stratum has at least one item.")
        for i in question.instruments:
            items_to_falsify(question.goal, s.content, i.smallest_defect)
    if any(not 0 <= i.identification <= 1 for i in question.instruments):
        raise ImpossiblePlan("a probability to recognise a defect is 0 to 1.")
    if not question.strata or not question.instruments:
        raise ImpossiblePlan("a plan needs at least one stratum and one instrument.")
    if len(question.strata) > MOST_STRATA or len(question.instruments) > MOST_INSTRUMENTS:
        raise ImpossiblePlan(
            f"at most {MOST_STRATA} strata and {MOST_INSTRUMENTS} instruments; join those that are alike."
        )
    for names, what in (
        ([s.name for s in question.strata], "strata"),
        ([i.name for i in question.instruments], "instruments"),
    ):
        if len(set(names)) != len(names):
            raise ImpossiblePlan(f"two {what} have one name: {', '.join(sorted(names))}.")


def achieved(question: Question, samples: Samples) -> tuple[Worst, ...]:
    """What a finished inspection with these samples would have found of the worst mixture, for each defect class."""
    _check(question)
    known = {(s.name, i.name) for s in question.strata for i in question.instruments}
    if unknown := sorted(samples.keys() - known):
        raise ImpossiblePlan(f"no such stratum and instrument: {', '.join(' / '.join(u) for u in unknown)}.")
    whole = {key: samples.get(key, 0) for key in known}
    return tuple(worst_mixture(question, i, whole) for i in question.instruments)
