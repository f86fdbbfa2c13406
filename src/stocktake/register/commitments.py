"""The register of one resolution, and the chains of earlier commitments that it restates."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from stocktake.register.objections import Objection
from stocktake.terms.dates import PartialDate
from stocktake.terms.ids import ParagraphId
from stocktake.terms.problems import StocktakeError
from stocktake.terms.words import Words


class UnknownParagraph(StocktakeError):
    """An id or a symbol that no register holds."""

    code = "unknown-paragraph"


class Duty(StrEnum):
    """What kind of thing is asked; the words of a verdict follow from it (architecture: duties differ)."""

    REDUCE = "reduce"
    ACHIEVE = "achieve"
    ABSTAIN = "abstain"
    ACT = "act"
    EFFORT = "effort"
    NONE = "none"


class Edge(StrEnum):
    """What the later commitment does with the earlier one."""

    REAFFIRMS = "reaffirms"
    RESTATES_WEAKER = "restates_weaker"
    RESTATES_STRONGER = "restates_stronger"
    SPECIFIES = "specifies"
    SUPERSEDES = "supersedes"
    DEPENDS_ON = "depends_on"
    CONFLICTS_WITH = "conflicts_with"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Reading(_Row):
    """Whom a clause addresses, as one language version or one expert reading has it: a roster, or ISO codes.

    ``outside`` names a wider roster where the clause is about those of it who are not among the addressees.
    """

    id: str
    addressees: str | tuple[str, ...]
    outside: str | None = None


class Telling(_Row):
    """Which finding, and which of its statements, stands for the paragraph in a one-line summary."""

    indicator: str
    subject: str
    statement: str | None = None


class Clause(_Row):
    """One thing asked. ``recalls`` names the earlier commitment from which a preambular clause takes its duty.

    ``derived`` marks what the paragraph does not say in so many words and we read out of it.
    """

    n: int = 0
    duty: Duty
    verb: str
    asked: Words
    readings: tuple[Reading, ...] = Field(min_length=1)
    indicators: tuple[str, ...] = ()
    recalls: str | None = None
    derived: bool = False
    without: Words | None = None
    telling: tuple[Telling, ...] = ()

    @model_validator(mode="after")
    def _evidence_fits_the_duty(self) -> Self:
        if self.duty is Duty.NONE and self.indicators:
            raise ValueError("a clause that asks no act has no indicators: it is not decorated")
        if self.duty is not Duty.NONE and not self.indicators and self.without is None:
            raise ValueError(
                "a clause that asks something needs indicators, or `without`: the reason why none can be given"
            )
        return self


class Paragraph(_Row):
    """One paragraph: our paraphrase, what it asks, and where its language versions differ."""

    id: Annotated[str, AfterValidator(lambda text: str(ParagraphId.parse(text)))]
    systems: tuple[str, ...] = ()
    paraphrase: Words
    divergence: Words | None = None
    clauses: tuple[Clause, ...] = ()

    @property
    def key(self) -> ParagraphId:
        return ParagraphId.parse(self.id)


class Commitment(_Row):
    """A node of a chain: an earlier commitment, with its force and whether it is still live.

    ``event`` says what ended it: what is done, overtaken or lapsed stays, with the event that made it so. ``adopted``
    is false for drafts that were negotiated and not agreed. ``pillar`` other than disarmament: not evaluated.
    """

    id: str
    instrument: str
    year: int = Field(ge=1900, le=2200)
    force: str = Field(pattern="^(treaty|consensus|vote|proposed)$")
    validity: str = Field(pattern="^(live|done|overtaken|lapsed)$")
    event: Words | None = None
    event_date: str | None = None
    addressee: str | None = None
    pillar: str = Field(default="disarmament", pattern="^(disarmament|non-proliferation|peaceful uses)$")
    adopted: bool = True
    paraphrase: Words
    source: str
    seen: str = Field(pattern="^(original|copy|press|memory)$")
    checked: bool = False
    checked_by: str | None = None
    checked_against: str | None = None

    @model_validator(mode="after")
    def _ended_by_something(self) -> Self:
        if self.validity == "live" and self.event is not None:
            raise ValueError("validity: what is live has not been ended by an event")
        if self.checked and self.seen == "memory":
            raise ValueError("a row seen only from memory is not checked")
        return self


class Link(_Row):
    """An edge of a chain: what ``to``, or one clause of it, does with ``from_``, the earlier commitment."""

    from_: str
    to: str
    clause: int | None = None
    edge: Edge
    checked: bool
    source: str


class Register(_Row):
    """One resolution as a data pack; next year's is another file and no code."""

    symbol: str
    title: Words
    adopted: PartialDate
    session: int | None = None
    force: str = Field(pattern="^(treaty|consensus|vote)$")
    tally: dict[str, int] = Field(default_factory=dict)
    source: dict[str, str]
    summary: Words
    limits: Words
    limits_evidence: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...]
    objections: tuple[Objection, ...] = ()

    @field_validator("tally")
    @classmethod
    def _complete(cls, tally: dict[str, int]) -> dict[str, int]:
        if tally and (tally.keys() != {"for", "against", "abstained"} or min(tally.values()) < 0):
            raise ValueError("a tally counts for, against and abstained")
        return tally

    @model_validator(mode="after")
    def _voted_or_agreed(self) -> Self:
        if bool(self.tally) != (self.force == "vote"):
            raise ValueError("a register adopted by vote has its tally; one adopted by consensus has none")
        if self.force == "vote" and self.session is None:
            raise ValueError("session: a resolution has the session at which it was adopted")
        return self

    def paragraph(self, id: str) -> Paragraph:
        """The paragraph with this id (``A/RES/75/65#op5``, or ``op5``); refused with the ids that there are."""
        key = ParagraphId.parse(id if "#" in id else f"{self.symbol}#{id}")
        if key.symbol.casefold() != self.symbol.casefold():
            raise UnknownParagraph(f"No register for {key.symbol}; there is one for {self.symbol}.")
        own = [p for p in self.paragraphs if p.key.prefix == key.prefix]
        for paragraph in own:
            if paragraph.key.place == key.place:
                return paragraph
        if not own:
            raise UnknownParagraph(f"{self.symbol} has no {key.anchor}: it has no {_kind(key)} paragraphs.")
        numbers = [p.key.n for p in own]
        if sorted(numbers) != list(range(1, len(own) + 1)):
            known = ", ".join(p.key.anchor for p in own)
            raise UnknownParagraph(f"{self.symbol} has no {key.anchor} here: it has {known}.")
        last = max(numbers)
        raise UnknownParagraph(f"{self.symbol} has no {key.anchor}: its {_kind(key)} paragraphs run from 1 to {last}.")


def _kind(key: ParagraphId) -> str:
    return key.section if key.prefix in ("op", "pp") else key.prefix


def register_from(head: dict[str, Any], rows: Iterable[dict[str, Any]]) -> Register:
    """Build a register from plain mappings; ids are completed with the symbol, clauses numbered from 1."""
    symbol = head["symbol"]

    def completed(row: dict[str, Any]) -> dict[str, Any]:
        clauses = [{**clause, "n": n} for n, clause in enumerate(row.get("clauses") or [], start=1)]
        return {**row, "id": f"{symbol}{row['id']}", "clauses": clauses}

    fields = {k: v for k, v in head.items() if k not in ("format", "paragraphs", "adopted")}
    return Register(
        **fields,
        adopted=PartialDate.parse(str(head["adopted"])),
        paragraphs=tuple(completed(row) for row in rows),
    )


def chain_ahead(paragraph: str, links: Iterable[Link]) -> tuple[Link, ...]:
    """Every link on a way from ``paragraph`` to what later texts made of it, each once: nearest first, then by id."""
    known = {(k.to, k.from_): k for k in links}
    turned = [k.model_copy(update={"from_": k.to, "to": k.from_}) for k in known.values()]
    return tuple(known[k.from_, k.to] for k in reversed(chain_behind(paragraph, turned)))


def chain_behind(paragraph: str, links: Iterable[Link]) -> tuple[Link, ...]:
    """Every link on a way to ``paragraph``, each once: farthest from it first, then by id."""
    known = list(links)
    steps = {paragraph: 0}
    found: dict[tuple[str, str], Link] = {}
    for step in range(1, len(known) + 1):  # no way without a circle is longer
        reached = [k for k in known if steps.get(k.to) == step - 1 and (k.from_, k.to) not in found]
        for link in reached:
            found[link.from_, link.to] = link
            steps[link.from_] = step
    return tuple(sorted(found.values(), key=lambda k: (-steps[k.from_], k.from_, k.to)))
