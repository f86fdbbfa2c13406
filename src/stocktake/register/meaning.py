"""Links by meaning: which known commitments a paragraph speaks of, with a score and its reasons, never by number.

The score is Tversky's index over weighted features: what both share, against that and a part of what only one of them
has. Features are weighted by how few commitments have them (inverse document frequency), so that what is said
everywhere says little. Source: A. Tversky, "Features of Similarity", Psychological Review 84 (1977), equation 5;
K. Spärck Jones, Journal of Documentation 28 (1972) for the weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import fsum, log
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from stocktake.register.commitments import Clause, Commitment, Link, Paragraph, Register
from stocktake.register.policy import Strength
from stocktake.register.strength import strengths
from stocktake.terms.words import LANGUAGES, Words
from stocktake.texts.citations import citations
from stocktake.texts.concepts import concepts, folded, states, treaties, without_quotations, years
from stocktake.texts.language import Language
from stocktake.texts.model import Document, SubItem
from stocktake.texts.model import Paragraph as Read

KINDS = ("concept", "treaty", "state", "year", "citation", "addressee", "strength", "section")


class Feature(NamedTuple):
    """One thing that a text says: its kind (``KINDS``) and a key that no language changes."""

    kind: str
    key: str


@dataclass(frozen=True)
class Profile:
    """A commitment as the features that it is known by; ``instrument`` is the text in which it stands."""

    id: str
    instrument: str
    features: frozenset[Feature]


class Scales(BaseModel):
    """How features count: the table ``meaning.yaml``. Shares and scores run from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(pattern=r"^stocktake\.meaning/1$")
    version: str
    effective: Any = None
    weights: dict[str, Decimal]
    only_adds: tuple[str, ...] = ()
    grounds: tuple[str, ...]
    missing: Decimal = Field(ge=0, le=1)
    extra: Decimal = Field(ge=0, le=1)
    doubt: Decimal = Field(ge=0)
    field: tuple[str, ...]
    threshold: Decimal = Field(gt=0, lt=1)
    margin: Decimal = Field(ge=0, lt=1)
    short_names: dict[str, dict[str, str]] = {}
    one_expression: dict[str, str] = {}


@dataclass(frozen=True)
class Likeness:
    """How like a paragraph is to a commitment, from 0 to 1, and what they share: the weightiest first."""

    to: str
    score: float
    reasons: tuple[tuple[Feature, float], ...]


@dataclass(frozen=True)
class Meant:
    """What a paragraph is linked to within one instrument: one commitment, or several that it is as like as."""

    instrument: str
    nearest: tuple[Likeness, ...]

    @property
    def is_ambiguous(self) -> bool:
        return len(self.nearest) > 1


@dataclass(frozen=True)
class Meanings:
    """The commitments that are known, ready to be compared with."""

    profiles: tuple[Profile, ...]
    scales: Scales
    strength: Strength

    @cached_property
    def _holders(self) -> Mapping[Feature, int]:
        return Counter(feature for profile in self.profiles for feature in profile.features)

    def weight(self, feature: Feature) -> float:
        """How much a feature counts; one that no commitment has counts as one that a single commitment has."""
        kind = float(self.scales.weights.get(feature.kind, Decimal(0)))
        return kind * log(1 + len(self.profiles) / max(1, self._holders.get(feature, 0)))

    def likeness(self, said: frozenset[Feature], profile: Profile) -> Likeness:
        """How like a paragraph that says this is to a commitment; neither the order nor a number has a part in it."""
        shared = {f: self.weight(f) for f in said & profile.features}
        both = fsum(shared.values()) if any(f.kind in self.scales.grounds for f in shared) else 0.0
        missing = self._sum(profile.features - said) * float(self.scales.missing)
        extra = self._sum(said - profile.features) * float(self.scales.extra)
        score = both / (both + missing + extra + float(self.scales.doubt)) if both else 0.0
        return Likeness(profile.id, round(score, 3), tuple(sorted(shared.items(), key=lambda r: (-r[1], r[0]))))

    def _sum(self, features: Iterable[Feature]) -> float:
        return fsum(self.weight(f) for f in features if f.kind not in self.scales.only_adds)  # in whatever order

    def meant(self, said: frozenset[Feature]) -> tuple[Meant, ...]:
        """The links of a paragraph that says this: at most one an instrument, the likest instrument first.

        Nothing below the threshold is a link. Commitments of one instrument within the margin of the best of them are
        all given: the words do not tell which of them is meant.
        """
        by_instrument: dict[str, list[Likeness]] = {}
        for profile in self.profiles:
            found = self.likeness(said, profile)
            if found.score >= self.scales.threshold:
                by_instrument.setdefault(profile.instrument, []).append(found)
        links = [Meant(instrument, self._nearest(some)) for instrument, some in by_instrument.items()]
        return tuple(sorted(links, key=lambda m: (-m.nearest[0].score, m.instrument)))

    def in_field(self, said: frozenset[Feature]) -> bool:
        """True if what is said has to do with the subject of the commitments at all."""
        return any(Feature("concept", key) in said for key in self.scales.field)

    def _nearest(self, some: Sequence[Likeness]) -> tuple[Likeness, ...]:
        ordered = sorted(some, key=lambda k: (-k.score, k.to))
        return tuple(k for k in ordered if ordered[0].score - k.score <= self.scales.margin)


def said_in(text: str, language: Language) -> frozenset[Feature]:
    """The features that the words of any text show by themselves; what stands in quotation marks is another's."""
    plain = folded(without_quotations(text))
    found = {
        "concept": concepts(plain, language),
        "treaty": treaties(plain, language),
        "state": states(plain, language),
        "year": years(plain),
        "citation": citations(text, language),
    }
    return frozenset(Feature(kind, key) for kind, keys in found.items() for key in keys)


def said_by(
    paragraph: Read, section: str | None, document: Document, language: Language, strength: Strength
) -> frozenset[Feature]:
    """The features of a paragraph that was read: its words and those of its items, whom it asks, what notes cite."""
    notes = {n.n: n.citations for n in document.footnotes}
    cited = (symbol for mark in paragraph.footnote_marks for symbol in notes.get(mark, ()))
    levels = (verb.level for verb in strengths(paragraph.verbs, strength, language))
    return (
        said_in(" ".join((paragraph.text, *_words(paragraph.sub_items))), language)
        | {Feature("citation", symbol) for symbol in cited}
        | {Feature("addressee", a.key) for a in paragraph.addressees if a.key}
        | {Feature("strength", str(level.level)) for level in levels if level}
        | ({Feature("section", section)} if section else frozenset())
    )


def _words(items: Sequence[SubItem]) -> list[str]:
    return [words for item in items for words in (item.text, *_words(item.sub_items))]


def profiles(
    registers: Iterable[Register],
    commitments: Iterable[Commitment],
    links: Iterable[Link],
    strength: Strength,
    languages: Mapping[str, Language],
    scales: Scales,
) -> tuple[Profile, ...]:
    """The profile of every paragraph of the registers, and of every adopted commitment that is none of them."""
    behind = _instruments_behind(links)
    words = _OwnWords(languages, scales)
    known = {
        p.id: Profile(p.id, register.symbol, _of_paragraph(p, behind.get(p.id, ()), strength, words))
        for register in registers
        for p in register.paragraphs
    }
    for c in commitments:
        if c.adopted and c.id not in known:
            known[c.id] = Profile(c.id, c.instrument, _of_commitment(c, behind.get(c.id, ()), words))
    return tuple(known[id] for id in sorted(known))


@dataclass(frozen=True)
class _OwnWords:
    """How the catalogue speaks: paraphrases in our languages, short names of treaties, rosters."""

    languages: Mapping[str, Language]
    scales: Scales

    def said(self, texts: Iterable[Words]) -> frozenset[Feature]:
        """What our words say in either language of the catalogue."""
        return frozenset(f for words in texts for code in LANGUAGES for f in self._said(words.in_(code), code))

    def _said(self, text: str, code: str) -> frozenset[Feature]:
        named = {Feature("treaty", key) for name, key in self.scales.short_names.get(code, {}).items() if name in text}
        return said_in(text, self.languages[code]) | named

    def asked(self, keys: Iterable[str]) -> set[Feature]:
        return {Feature("addressee", self.scales.one_expression.get(key, key)) for key in keys}


def _instruments_behind(links: Iterable[Link]) -> dict[str, list[str]]:
    """The instruments of the commitments that each one takes up directly: its own text may cite them."""
    behind: dict[str, list[str]] = {}
    for link in links:
        behind.setdefault(link.to, []).append(link.from_.partition("#")[0])
    return behind


def _of_paragraph(
    paragraph: Paragraph, behind: Iterable[str], strength: Strength, words: _OwnWords
) -> frozenset[Feature]:
    recalled = [c.recalls.partition("#")[0] for c in paragraph.clauses if c.recalls]
    levels = (strength.of(c.verb) for c in paragraph.clauses)
    return (
        words.said([paragraph.paraphrase, *(c.asked for c in paragraph.clauses)])
        | words.asked(key for c in paragraph.clauses for key in _addressees(c))
        | {Feature("citation", symbol) for symbol in (*behind, *recalled)}
        | {Feature("strength", str(level.level)) for level in levels if level}
        | {Feature("section", paragraph.key.section)}
    )


def _of_commitment(commitment: Commitment, behind: Iterable[str], words: _OwnWords) -> frozenset[Feature]:
    return (
        words.said([commitment.paraphrase])
        | words.asked((commitment.addressee or "").split())
        | {Feature("citation", symbol) for symbol in (commitment.instrument, *behind)}
    )


def _addressees(clause: Clause) -> Iterable[str]:
    for reading in clause.readings:
        yield from [reading.addressees] if isinstance(reading.addressees, str) else reading.addressees
