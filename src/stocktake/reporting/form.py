"""The definition of the form: fields, lines, columns, choices; and the words for them in six languages.

A field has one *line*, or one for each of its items: field 2.4 (reserve, active and inactive apart) has the lines 2.4a
and 2.4b. A line carries one answer. Source of fields and answer states: reference of the field list in
``catalogue/form/form.yaml``; the states follow the notation keys of the UNFCCC reporting tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FORM_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


class AnswerState(StrEnum):
    """What kind of answer was given. No answer at all is silence, and is none of these."""

    VALUE = "value"
    RANGE = "range"
    NARRATIVE = "narrative"
    INCLUDED_ELSEWHERE = "included-elsewhere"
    NOT_APPLICABLE = "not-applicable"
    WITHHELD = "withheld"
    NOT_REPORTED = "not-reported"
    WITHDRAWN = "withdrawn"
    SEALED = "sealed"


# One letter or two, as in the notation keys that reporting officers know.
NOTATION = {
    AnswerState.VALUE: "V",
    AnswerState.RANGE: "R",
    AnswerState.NARRATIVE: "N",
    AnswerState.INCLUDED_ELSEWHERE: "IE",
    AnswerState.NOT_APPLICABLE: "NA",
    AnswerState.WITHHELD: "C",
    AnswerState.NOT_REPORTED: "NR",
    AnswerState.WITHDRAWN: "W",
    AnswerState.SEALED: "E",
}

Kind = Literal["quantity", "text", "choice", "state", "symbol", "period", "table"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Model):
    """Under which quantity an answer becomes a statement: a value under one, a bound under another.

    ``also`` are quantities under which States have stated the same, or nearly the same, elsewhere.
    """

    value: str
    bound: str
    also: tuple[str, ...] = ()


class FieldDefinition(_Model):
    """One row of the form. ``framework``: items of the common framework of 2014; ``npdi``: a heading of that draft."""

    kind: Kind
    unit: str | None = None
    choice: str | None = None
    core: bool = False
    sealable: bool = False
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    npdi: str | None = None
    framework: tuple[int, ...] = ()
    evidence: Evidence | None = None


class Variant(_Model):
    rosters: tuple[str, ...]
    fields: Literal["all"] | tuple[str, ...]


class Total(_Model):
    """``parts`` are contained in ``whole``; where ``exact``, they make it up."""

    whole: str
    parts: tuple[str, ...]
    exact: bool = False


class ChoiceColumn(_Model):
    choice: str


ColumnKind = Literal["text", "number", "year", "date", "state"] | ChoiceColumn


@dataclass(frozen=True)
class Line:
    """What one answer belongs to. ``code`` is ``2.1``, or ``2.4a`` for the first item of field 2.4."""

    code: str
    field: str
    item: str | None
    definition: FieldDefinition

    @property
    def section(self) -> str:
        return self.field.split(".")[0]

    @cached_property
    def states(self) -> tuple[AnswerState, ...]:
        """The kinds of answer that this line can have, in the order of the form."""
        kind = self.definition.kind
        never = {AnswerState.VALUE} if kind == "text" else set()
        if kind != "quantity":
            never.add(AnswerState.RANGE)
        if not self.definition.sealable:
            never.add(AnswerState.SEALED)
        return tuple(s for s in AnswerState if s not in never)


class Form(_Model):
    """The whole form. ``reads`` are the versions of it whose files this definition can read."""

    id: str
    version: str
    reads: tuple[str, ...]
    currency_unit: str
    whole_units: tuple[str, ...]
    variants: dict[str, Variant]
    choices: dict[str, tuple[str, ...]]
    columns: dict[str, ColumnKind]
    totals: tuple[Total, ...] = ()
    fields: dict[str, FieldDefinition] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_exist(self) -> Form:
        for id, field in self.fields.items():
            unknown = [c for c in field.columns if c not in self.columns]
            if unknown:
                raise ValueError(f"field {id}: no column {', '.join(unknown)}")
            if (field.kind == "table") != bool(field.columns) or (field.kind == "choice") != bool(field.choice):
                raise ValueError(f"field {id}: a table has columns, a choice has its list, and nothing else has")
            if field.kind == "quantity" and not field.unit:
                raise ValueError(f"field {id}: a quantity has a unit")
        codes = {line.code for line in self.lines}
        if unknown := [c for t in self.totals for c in (t.whole, *t.parts) if c not in codes]:
            raise ValueError(f"totals name lines that do not exist: {', '.join(unknown)}")
        lists = [f.choice for f in self.fields.values() if f.choice]
        lists += [c.choice for c in self.columns.values() if isinstance(c, ChoiceColumn)]
        if missing := sorted(set(lists) - self.choices.keys()):
            raise ValueError(f"no list of choices {', '.join(missing)}")
        return self

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        found = []
        for id, field in self.fields.items():
            if field.items:
                found += [Line(f"{id}{chr(97 + n)}", id, item, field) for n, item in enumerate(field.items)]
            else:
                found.append(Line(id, id, None, field))
        return tuple(found)

    @cached_property
    def by_code(self) -> Mapping[str, Line]:
        return {line.code: line for line in self.lines}

    @cached_property
    def by_address(self) -> Mapping[tuple[str, str | None], Line]:
        """Lines by field and item, as a JSON report names them."""
        return {(line.field, line.item): line for line in self.lines}

    def lines_of(self, variant: str) -> tuple[Line, ...]:
        """The lines that a variant of the form asks for, in order."""
        patterns = self.variants[variant].fields
        if patterns == "all":
            return self.lines
        return tuple(line for line in self.lines if any(fnmatchcase(line.field, p) for p in patterns))

    @cached_property
    def sections(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.section for line in self.lines))

    def whole(self, line: Line) -> bool:
        """Whether what the line counts comes in whole numbers only."""
        return line.definition.unit in self.whole_units


class FormWords(_Model):
    """Every word of the form in one language. ``status`` says whether a translator has reviewed it."""

    status: str
    name: str
    direction: Literal["ltr", "rtl"]
    decimal: str
    day_first: bool
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    until: str
    form: dict[str, str | tuple[str, ...]]
    variants: dict[str, str]
    columns: dict[str, str]
    states: dict[AnswerState, tuple[str, str]]
    units: dict[str, str]
    items: dict[str, str]
    choices: dict[str, dict[str, str]]
    table_columns: dict[str, str]
    sections: dict[str, str]
    fields: dict[str, tuple[str, str]]
    problems: dict[str, tuple[str, str]]
    severities: dict[str, str]
    page: dict[str, str]

    def phrase(self, key: str) -> str:
        found = self.form[key]
        return found if isinstance(found, str) else " ".join(found)

    def label(self, line: Line) -> str:
        label = self.fields[line.field][0]
        return f"{label}: {self.items[line.item]}" if line.item else label

    def guidance(self, line: Line) -> str:
        return self.fields[line.field][1]

    def state(self, state: AnswerState) -> str:
        return self.states[state][0]

    def unit(self, line: Line) -> str:
        return self.units.get(line.definition.unit or "", line.definition.unit or "")


def missing_words(form: Form, words: FormWords) -> list[str]:
    """What a language does not say of this form; empty when it is whole."""

    def gaps(kind: str, wanted: Iterable[str], had: Iterable[str]) -> list[str]:
        return [f"{kind} {name}" for name in sorted(set(wanted) - set(had))]

    return [
        *gaps("field", form.fields, words.fields),
        *gaps("section", form.sections, words.sections),
        *gaps("state", AnswerState, words.states),
        *gaps("column", form.columns, words.table_columns),
        *gaps("variant", form.variants, words.variants),
        *gaps("unit", (f.unit for f in form.fields.values() if f.unit), words.units),
        *gaps("item", (i for f in form.fields.values() for i in f.items), words.items),
        *(g for name, keys in form.choices.items() for g in gaps(name, keys, words.choices.get(name, {}))),
    ]
