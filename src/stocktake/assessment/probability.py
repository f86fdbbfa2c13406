"""How probable it is that a number moved the way that was asked, where its errors are published.

The true figure is the stated one times an error: 1 + sigma z (normal), or exp(sigma z) (lognormal). The errors of the
two figures are correlated as the model states. Words of likelihood are those of the IPCC (Guidance Note for Lead
Authors of the Fifth Assessment Report on Consistent Treatment of Uncertainties, 2010, table 1).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from stocktake.assessment.change import Pair
from stocktake.assessment.findings import Outcome, Probability
from stocktake.evidence.error_models import ErrorModel
from stocktake.register.indicators import Indicator

DRAWS = 10_000
# Lower bounds of the scale, widest words first where they overlap: a word is used only where its whole range holds.
LIKELIHOODS: tuple[tuple[float, str], ...] = (
    (0.99, "virtually certain"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.10, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "exceptionally unlikely"),
)


def in_words(p: float) -> str:
    """The word of the scale for a probability.

    >>> in_words(0.95), in_words(0.5), in_words(0.003)
    ('very likely', 'about as likely as not', 'exceptionally unlikely')
    """
    return next(word for least, word in LIKELIHOODS if p >= least)


def probability_of(
    id: str, indicator: Indicator, outcome: Outcome, models: Iterable[ErrorModel], draws: int = DRAWS
) -> Probability | None:
    """The probability that the true number moved in the direction asked; None without a published error of both.

    ``id`` seeds the draws, so that the same finding always has the same figure. A ceiling has no error.
    """
    baseline, value = outcome.baseline, outcome.value
    if baseline is None or value is None or outcome.change is None or indicator.ceiling:
        return None
    model = next((m for m in models if m.covers(baseline) and m.covers(value)), None)
    if model is None or not baseline.best or not value.best:
        return None  # a share of zero is zero: a relative error says nothing of a figure of zero
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(id.encode()).digest()[:8]))
    fell = chance_of_fall(Pair(baseline, value), model, rng.standard_normal((2, draws)))
    p = fell if (indicator.polarity or "down") == "down" else 1 - fell
    return Probability(p, model, draws)


def chance_of_fall(pair: Pair, model: ErrorModel, normals: NDArray[np.float64]) -> float:
    """The share of draws in which the later true figure is the smaller one. ``normals``: 2 x n, and is used up.

    Both error laws come down to one comparison of correlated normals: for the lognormal, of logarithms.
    """
    a, b = float(pair.baseline.best or 0), float(pair.value.best or 0)
    sigma, rho = float(model.sigma), float(model.correlation)
    if model.distribution == "lognormal":
        scale_a, scale_b, gap = sigma, sigma, math.log(a) - math.log(b)
    else:
        scale_a, scale_b, gap = a * sigma, b * sigma, a - b
    first, second = normals
    # b + scale_b (rho z1 + sqrt(1 - rho^2) z2)  <  a + scale_a z1
    first *= scale_b * rho - scale_a
    second *= scale_b * math.sqrt(1 - rho * rho)
    second += first
    return int(np.count_nonzero(second < gap)) / int(second.size)
