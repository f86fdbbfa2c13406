"""The form and its words as they ship with the package, and the States that a report may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from stocktake.reporting.form import FORM_LANGUAGES, Form, FormWords, missing_words
from stocktake.secretariat.desk import Desk
from stocktake.terms.problems import InvalidCatalogue


@dataclass(frozen=True)
class FormDesk:
    """The form, its words by language, and the names of States by code and language."""

    form: Form
    words: Mapping[str, FormWords]
    names: Mapping[str, Mapping[str, str]]
    rosters: Mapping[str, frozenset[str]]

    @property
    def states(self) -> frozenset[str]:
        return frozenset(self.names)

    def variant_of(self, state: str) -> str:
        """The variant of the form that is meant for a State: the first whose roster lists it, else the last."""
        for name, variant in self.form.variants.items():
            if any(state in self.rosters.get(roster, frozenset()) for roster in variant.rosters):
                return name
        return name


def load_form(folder: Traversable | None = None) -> FormDesk:
    """The form as it ships, or that of a catalogue of your own; raises InvalidCatalogue with every problem."""
    return _bundled() if folder is None else _load(folder)


@cache
def _bundled() -> FormDesk:
    return _load(files("stocktake").joinpath("catalogue"))


def _load(folder: Traversable) -> FormDesk:
    desk = Desk(folder)
    name = "form/form.yaml"
    form = desk.model(name, 0, Form, desk.yaml(name))
    words: dict[str, FormWords] = {}
    for language in FORM_LANGUAGES:
        name = f"form/words/{language}.yaml"
        found = desk.model(name, 0, FormWords, desk.yaml(name))
        if found is not None and form is not None:
            words[language] = found
            for gap in missing_words(form, found):
                desk.report(name, 0, "missing-words", f"no words for {gap}")
    names = {
        row["iso3"]: {lang: row[lang] for lang in FORM_LANGUAGES}
        for _, row in desk.rows("states.csv", lambda r: {k: v or "" for k, v in r.items()})
    }
    rosters: dict[str, set[str]] = {}
    for _, row in desk.rows("rosters.csv", dict):
        if not row["until"]:
            rosters.setdefault(str(row["roster"]), set()).add(str(row["iso3"]))
    if desk.problems or form is None:
        raise InvalidCatalogue(desk.problems)
    return FormDesk(form, words, names, {k: frozenset(v) for k, v in rosters.items()})
