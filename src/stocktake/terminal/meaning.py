"""What is said of paragraphs beside their words, as lines of a terminal: strength of verbs, links to commitments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from stocktake.register.meaning import Meant
from stocktake.register.policy import Force
from stocktake.register.strength import Verb, strongest
from stocktake.secretariat.meaning import SECTIONS, Links, Strengths

REASONS = 4  # of a link, the weightiest; all of them are in the JSON


@dataclass(frozen=True)
class Beside:
    """Lines for each paragraph, preamble first, those of annexes last; and a line for the whole document."""

    paragraphs: tuple[tuple[str, ...], ...]
    whole: str | None = None


def beside(links: Links | None, strengths: Strengths | None, force: tuple[Force | None, str | None] | None) -> Beside:
    """What there is to say: the strength of a paragraph first, then its links."""
    linked = chain.from_iterable(links[section] for section in SECTIONS) if links else iter(())
    verbs = chain.from_iterable(strengths[section] for section in SECTIONS) if strengths else iter(())
    lines = tuple((*_strength(v or ()), *_links(m or ())) for v, m in zip_longest(verbs, linked))
    return Beside(lines, _force(*force) if force else None)


def _strength(verbs: Sequence[Verb]) -> Iterator[str]:
    top = strongest(verbs)
    if top is not None and top.level is not None:
        yield f"strength {top.level.level} {top.level.en} ({top.text})"
    elif verbs:
        yield f"strength not ranked ({', '.join(v.text for v in verbs)})"


def _links(links: Sequence[Meant]) -> Iterator[str]:
    for meant in links:
        name = "either" if meant.is_ambiguous else "links"
        for near in meant.nearest:
            why = ", ".join(feature.key for feature, _ in near.reasons[:REASONS])
            yield f"{name} {near.to} {near.score:.2f} ({why})"


def _force(force: Force | None, reason: str | None) -> str:
    return f"force: {force.en} ({force.source})" if force else f"force: not said ({reason})"
