"""Main verbs: what opens a paragraph, and what opens a further half of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stocktake.texts.language import Language, VerbForm


@dataclass(frozen=True)
class Act:
    """A main verb in a paragraph: its phrase with adverbs, where the phrase ends, the forms that it may be."""

    phrase: str
    end: int
    forms: tuple[VerbForm, ...]


def opens(text: str, language: Language) -> bool:
    """True if the text begins as paragraphs of resolutions begin."""
    return language.opener.match(text) is not None


def acts(text: str, language: Language) -> tuple[Act, ...]:
    """The main verbs of a clean paragraph, the opening one first.

    A further verb counts where a clause begins, after connectors of the language or without; not inside quotation
    marks or titles, where it is somebody else's. Forms marked ``joined`` need a connector or an adverb before them:
    without one they mostly go on with what the clause before asks.
    """
    masked = language.quotes.sub(lambda m: "\N{WHITE SQUARE}" * len(m[0]), text)
    lead = language.lead.match(masked)
    opening = language.opener.match(masked) or (language.opener.match(masked, lead.end()) if lead else None)
    found = [_act(opening, language)] if opening else []
    for match in language.further.finditer(masked, opening.end() if opening else 0):
        act = _act(match, language)
        if match["connect"] or match["before"] or any(f.further == "always" for f in act.forms):
            found.append(act)
    return tuple(found)


def _act(match: re.Match[str], language: Language) -> Act:
    return Act(match["before"] + match["form"] + match["after"], match.end(), language.forms_of(match["form"]))
