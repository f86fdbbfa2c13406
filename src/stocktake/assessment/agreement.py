"""How far coders agree beyond chance: Cohen's kappa, weighted for ordered words, and Fleiss' for several coders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stocktake.terms.problems import StocktakeError


class NoAgreement(StocktakeError):
    """Ratings from which no kappa can be computed."""

    code = "no-agreement"


def cohen_kappa(table: Sequence[Sequence[float]], weights: str = "linear") -> float:
    """Cohen's kappa of two coders, from 1 (agreement) through 0 (chance) to negative values.

    ``table[i][j]`` counts what the first coder gave word i and the second word j, words in their order. ``weights``:
    ``none`` counts only equal words; ``linear`` 1 - |i - j| / (k - 1); ``quadratic`` 1 - (i - j)^2 / (k - 1)^2.

    Raises NoAgreement where the table is not square or empty, or chance alone would make the coders agree always.
    Source: J. Cohen, Psychological Bulletin 70 (1968) 213-220.
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.shape[0] < 2 or counts.sum() <= 0:
        raise NoAgreement("a square table of counts is expected, with two words at least and something counted")
    shares = counts / counts.sum()
    size = len(counts)
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    agreed = {"none": np.eye(size), "linear": 1 - distance, "quadratic": 1 - distance**2}[weights]
    observed = float((agreed * shares).sum())
    expected = float((agreed * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum())
    return _beyond_chance(observed, expected)


def fleiss_kappa(counts: Sequence[Sequence[int]]) -> float:
    """Fleiss' kappa of several coders: ``counts[i][j]`` is how many gave item i the word j.

    Every item is coded by the same number of coders, two at least. The words have no order here.

    Raises NoAgreement where that is not so. Source: J. L. Fleiss, Psychological Bulletin 76 (1971) 378-382.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or not table.size or len(set(table.sum(axis=1))) != 1 or table[0].sum() < 2:
        raise NoAgreement("every item needs the same number of coders, two at least")
    coders = table[0].sum()
    shares = table.sum(axis=0) / table.sum()
    observed = float(((table**2).sum(axis=1) - coders).mean() / (coders * (coders - 1)))
    return _beyond_chance(observed, float((shares**2).sum()))


def _beyond_chance(observed: float, expected: float) -> float:
    if 1 - expected < 1e-12:
        raise NoAgreement("every rating is the same word: chance alone would give full agreement")
    return (observed - expected) / (1 - expected)
