"""Open the bundled catalogue, or one in a folder: parse every file, report every problem with file and row.

A catalogue is a folder: ``policy.yaml``, ``states.csv``, ``rosters.csv``, ``votes.csv``, ``speakers.csv``,
``evidence/*.csv``, ``register/indicators.yaml``, ``register/commitments.csv``, ``register/lineage.csv`` and
``register/<pack>/*.yaml``, ``objections.yaml`` of a pack among them. It is the only place that knows these paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stocktake.assessment.review import Catalogue
from stocktake.evidence.archive import Archive, Speaker
from stocktake.evidence.error_models import ErrorModel
from stocktake.evidence.irreversibility import Irreversibility
from stocktake.evidence.records import RecordType
from stocktake.evidence.statements import Statement
from stocktake.register.benchmarks import Benchmark
from stocktake.register.commitments import Commitment, Link, Register, UnknownParagraph, register_from
from stocktake.register.indicators import Indicator
from stocktake.register.mirrors import Mirror
from stocktake.register.objections import Objection
from stocktake.register.policy import Policy
from stocktake.secretariat.checks import cross_references
from stocktake.secretariat.desk import LINE, Desk, bare, plain
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidCatalogue, InvalidTerm
from stocktake.terms.provenance import SpeakerKind
from stocktake.terms.states import Membership, State

OBJECTIONS = "objections.yaml"


def load_catalogue(
    folder: Traversable | None = None, register: str | None = None
) -> tuple[Catalogue, tuple[State, ...], Policy]:
    """The catalogue, the States with their names, and the policy table.

    Raises InvalidCatalogue with every problem found, in rows and between files. ``folder`` defaults to the catalogue
    that ships with the package. ``register`` names one of its packs (``npt-2010``); without it, the one that the policy
    names, or the only one. Every pack is checked, whichever is asked for.
    """
    return _load(folder, register) if folder is not None else _bundled(register)


@cache
def _bundled(register: str | None) -> tuple[Catalogue, tuple[State, ...], Policy]:
    """What ships with the package is read once: it does not change while a command runs."""
    return _load(None, register)


def _load(folder: Traversable | None, register: str | None) -> tuple[Catalogue, tuple[State, ...], Policy]:
    desk = Desk(folder or files("stocktake").joinpath("catalogue"))
    policy = desk.model("policy.yaml", 0, Policy, desk.yaml("policy.yaml"))
    states = _states(desk)
    listed = tuple(_memberships(desk))
    memberships = (*listed, *_of_the_treaty(listed), *_universal(states))
    speakers, votes = _speakers(desk), _votes(desk)
    statements, indicators = list(_statements(desk)), _indicators(desk)
    commitments, links = _commitments(desk), _links(desk)
    registers = _registers(desk)
    if policy is None or not registers:
        raise InvalidCatalogue(desk.problems, _command(folder))
    catalogue = Catalogue(
        _chosen(registers, register or policy.default_register, folder),
        indicators,
        commitments,
        links,
        memberships,
        votes,
        Archive(statements, speakers),
        policy.rules_on(None),
        _benchmarks(desk),
        _records(desk),
        _error_models(desk),
        registers,
        _mirror(desk),
        _irreversibility(desk),
    )
    problems = [*desk.problems, *cross_references(catalogue, list(registers.values()), states, desk.places)]
    if problems:
        raise InvalidCatalogue(problems, _command(folder))
    return catalogue, tuple(states), policy


def load_registers(folder: Traversable | None = None) -> dict[str, Register]:
    """Every register of the catalogue, by the name of its pack. Raises InvalidCatalogue with every problem in them."""
    desk = Desk(folder or files("stocktake").joinpath("catalogue"))
    registers = _registers(desk)
    if desk.problems:
        raise InvalidCatalogue(desk.problems, _command(folder))
    return registers


def load_states(folder: Traversable | None = None) -> tuple[tuple[State, ...], tuple[Membership, ...]]:
    """Only the States and the rosters: what an importer needs. Raises InvalidCatalogue with every problem in them."""
    desk = Desk(folder or files("stocktake").joinpath("catalogue"))
    states, memberships = tuple(_states(desk)), tuple(_memberships(desk))
    if desk.problems:
        raise InvalidCatalogue(desk.problems, _command(folder))
    return states, memberships


def _command(folder: Traversable | None) -> str:
    return "stocktake catalogue check" if folder is None else f"stocktake catalogue check {folder}"


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}


def _states(desk: Desk) -> list[State]:
    found = []
    for row, state in desk.rows("states.csv", _state):
        desk.place("State", state.iso3, "states.csv", row)
        found.append(state)
    return found


def _state(row: dict[str, Any]) -> State:
    names = tuple((language, row[language]) for language in ("en", "zh", "fr", "es", "ru", "ar") if row.get(language))
    missing = {"en", "zh"} - dict(names).keys()
    if missing:
        raise ValueError(f"no name in {', '.join(sorted(missing))}")
    return State(row["iso3"], names, _yes(row["un_member"]))


def _yes(value: str | None) -> bool:
    if value not in ("yes", "no"):
        raise ValueError(f"write yes or no, not {value!r}")
    return value == "yes"


def _day(value: str | None) -> date | None:
    return PartialDate.parse(value).first if value else None


def _memberships(desk: Desk) -> Iterator[Membership]:
    for line, m in desk.rows("rosters.csv", _membership):
        desk.places.setdefault(("membership", f"{m.roster} {m.iso3}"), ("rosters.csv", line))
        yield m


def _membership(row: dict[str, Any]) -> Membership:
    if not row["source"]:
        raise ValueError(f"{row['roster']} {row['iso3']}: a membership needs its source")
    return Membership(row["roster"], row["iso3"], _day(row["since"]), _day(row["until"]), row["source"])


def _universal(states: Iterable[State]) -> Iterator[Membership]:
    """UN-MS: the Member States. ALL-STATES: these and the other States that take part in treaties."""
    for state in states:
        yield Membership("ALL-STATES", state.iso3, None, None, "states.csv")
        if state.un_member:
            yield Membership("UN-MS", state.iso3, None, None, "states.csv")


def _of_the_treaty(listed: Iterable[Membership]) -> Iterator[Membership]:
    """NPT-NWS, NPT-NNWS: the parties that article IX.3 calls nuclear-weapon States, and the other parties."""
    rows = list(listed)
    named = {m.iso3 for m in rows if m.roster == "NWS"}
    for m in rows:
        if m.roster == "NPT-SP":
            kind = "NPT-NWS" if m.iso3 in named else "NPT-NNWS"
            yield Membership(kind, m.iso3, m.since, m.until, m.source)


def _speakers(desk: Desk) -> list[Speaker]:
    found = []
    for row, speaker in desk.rows("speakers.csv", _speaker):
        desk.place("speaker", speaker.id, "speakers.csv", row)
        found.append(speaker)
    return found


def _speaker(row: dict[str, Any]) -> Speaker:
    names = (("en", row["name_en"] or row["id"]), ("zh", row["name_zh"] or row["id"]))
    return Speaker(row["id"], SpeakerKind(row["kind"]), names, row["group"] or "")


_VOTES = {"for": "voted for", "against": "against", "abstained": "abstained", "absent": "absent"}


def _votes(desk: Desk) -> dict[tuple[str, str], str]:
    votes = {}
    for line, (key, how) in desk.rows("votes.csv", lambda r: ((r["symbol"], r["iso3"]), _vote(r["vote"]))):
        desk.place("vote", " ".join(key), "votes.csv", line)
        votes[key] = how
    return votes


def _vote(word: str) -> str:
    if word not in _VOTES:
        raise ValueError(f"a vote is for, against, abstained or absent, not {word!r}")
    return _VOTES[word]


def _statements(desk: Desk) -> Iterator[Statement]:
    names = desk.names("evidence", ".csv")
    if not names:
        desk.report("evidence", 0, "missing-file", "no evidence/*.csv; a review without statements says nothing")
    for name in (f"evidence/{n}" for n in names):
        for row, statement in desk.rows(name, _statement):
            desk.place("statement", statement.id, name, row)
            yield statement


def _statement(row: dict[str, Any]) -> Statement:
    return Statement(**{**_present(row), "checked": _yes(row["checked"])})


def _indicators(desk: Desk) -> dict[str, Indicator]:
    name = "register/indicators.yaml"
    table = desk.yaml(name)
    methods = bare(table.get("by_method") or {})
    common = methods if isinstance(methods, dict) else {}
    rows = [_completed(row, common) for row in desk.listed(name, "indicator", table.get("indicators"))]
    return {i.id: i for i in desk.models(name, "indicator", rows, Indicator)}


def _completed(row: Any, common: dict[str, Any]) -> Any:
    """An indicator with what holds for all indicators of its method, where it says nothing of its own."""
    shared = common.get(str(row.get("method")))
    return {**(shared if isinstance(shared, dict) else {}), **row}


def _benchmarks(desk: Desk) -> dict[str, Benchmark]:
    name = "register/benchmarks.yaml"
    rows = desk.yaml(name).get("benchmarks") if name in desk else []
    return {b.id: b for b in desk.models(name, "benchmark", rows, Benchmark)}


def _records(desk: Desk) -> tuple[RecordType, ...]:
    name = "records.yaml"
    return tuple(desk.models(name, "record", desk.yaml(name).get("records") if name in desk else [], RecordType))


def _mirror(desk: Desk) -> Mirror:
    name = "mirror.yaml"
    if name not in desk:
        return Mirror()
    rows = desk.yaml(name)
    for part in desk.listed(name, "register", rows.get("asked")):
        for paragraph in desk.listed(name, "paragraph", part.get("paragraphs")):
            for n, clause in enumerate(desk.listed(name, "clause", paragraph.get("clauses")), start=1):
                clause["n"] = n
    found = desk.model(name, 0, Mirror, {k: v for k, v in bare(rows).items() if k != "format"})
    return found or Mirror()


def _irreversibility(desk: Desk) -> Irreversibility:
    name = "irreversibility.yaml"
    rows = bare(desk.yaml(name)) if name in desk else {}
    found = desk.model(name, 0, Irreversibility, {k: v for k, v in rows.items() if k != "format"})
    return found or Irreversibility()


ERROR_MODELS = "stocktake.error-models/1"


def load_error_models(file: Path) -> tuple[ErrorModel, ...]:
    """Error models of your own. Raises InvalidCatalogue with every problem in the file."""
    desk = Desk(file.parent)
    models = _error_models(desk, file.name)
    given = desk.yaml(file.name).get("format") if not desk.problems else ERROR_MODELS
    if given != ERROR_MODELS:
        desk.report(file.name, 0, "wrong-format", f"format: {given!r:.80}; expected {ERROR_MODELS!r}")
    if not models and not desk.problems:
        desk.report(file.name, 0, "no-error-model", "a list `models` with at least one error model is expected")
    if desk.problems:
        raise InvalidCatalogue(desk.problems, "the same command again")
    return models


def _error_models(desk: Desk, name: str = "error_models.yaml") -> tuple[ErrorModel, ...]:
    table = desk.yaml(name) if name in desk else {"models": []}
    if table and "models" not in table:
        desk.report(name, 0, "invalid-list", "a list `models` is expected, empty where there is none")
    return tuple(desk.models(name, "error model", table.get("models"), ErrorModel))


def _commitments(desk: Desk) -> dict[str, Commitment]:
    name = "register/commitments.csv"
    found = {}
    for row, commitment in desk.rows(name, _commitment):
        desk.place("commitment", commitment.id, name, row)
        found[commitment.id] = commitment
    return found


def _commitment(row: dict[str, Any]) -> Commitment:
    words = {"en": row["paraphrase_en"], "zh": row["paraphrase_zh"]}
    fields = {k: v for k, v in _present(row).items() if not k.startswith(("paraphrase_", "event_en", "event_zh"))}
    event = {"en": row["event_en"], "zh": row["event_zh"]} if row.get("event_en") else None
    adopted = _yes(row.get("adopted") or "yes")
    return Commitment(
        **{**fields, "checked": _yes(row["checked"]), "adopted": adopted, "paraphrase": words, "event": event}
    )


def _links(desk: Desk) -> tuple[Link, ...]:
    found = []
    for line, link in desk.rows("register/lineage.csv", _link):
        desk.place("link", f"{link.from_} -> {link.to}", "register/lineage.csv", line)
        found.append(link)
    return tuple(found)


def _link(row: dict[str, Any]) -> Link:
    clause = int(row["clause"]) if row.get("clause") else None
    checked, source = _yes(row["checked"]), row["source"] or ""
    return Link(from_=row["from"], to=row["to"], clause=clause, edge=row["edge"], checked=checked, source=source)


def _packs(desk: Desk) -> list[str]:
    """The folders of the registers, each a data pack."""
    home = desk.folder.joinpath("register")
    packs = sorted(p.name for p in home.iterdir() if p.is_dir()) if home.is_dir() else []
    if not packs:
        desk.report("register", 0, "no-register", "a folder with a register.yaml is expected; there is none")
    return packs


def _registers(desk: Desk) -> dict[str, Register]:
    """Every pack by its name; one that cannot be read is reported and left out."""
    read = {pack: _register(desk, f"register/{pack}") for pack in _packs(desk)}
    return {pack: register for pack, register in read.items() if register is not None}


def _chosen(registers: dict[str, Register], wanted: str | None, folder: Traversable | None) -> Register:
    if wanted is None and len(registers) == 1:
        return next(iter(registers.values()))
    for pack, register in registers.items():
        if wanted is not None and wanted.casefold() in (pack, register.symbol.casefold()):
            return register
    known = ", ".join(f"{register.symbol} ({pack})" for pack, register in sorted(registers.items()))
    raise UnknownParagraph(f"No register {wanted or 'named'}; there is one for {known}.")


def _register(desk: Desk, pack: str) -> Register | None:
    names = [n for n in desk.names(pack, ".yaml") if n not in ("register.yaml", OBJECTIONS)]
    parts = {name: desk.yaml(name) for name in (f"{pack}/register.yaml", *(f"{pack}/{n}" for n in names))}
    rows = [
        (name, row) for name, part in parts.items() for row in desk.listed(name, "paragraph", part.get("paragraphs"))
    ]
    main, head = next(iter(parts.items()))
    if not head:
        return None
    for name, row in rows:
        desk.place("paragraph", f"{head.get('symbol')}{row.get('id')}", name, row.get(LINE, 0))
    try:
        register = register_from(bare(head), [bare(row) for _, row in rows])
        return register.model_copy(update={"objections": _objections(desk, pack, register.symbol)})
    except ValidationError as error:
        for fault in error.errors():
            match fault["loc"]:
                case ("paragraphs", int(n), *_):
                    name, line = rows[n][0], rows[n][1].get(LINE, 0)
                case _:
                    name, line = main, 0
            desk.report(name, line, "invalid-row", f"{'.'.join(map(str, fault['loc']))}: {plain(fault)}")
    except (KeyError, InvalidTerm, TypeError, AttributeError) as error:
        desk.report(main, 0, "invalid-register", f"the head of the register is not complete: {error}")
    return None


def _objections(desk: Desk, pack: str, symbol: str) -> tuple[Objection, ...]:
    """What either side could object, and our answers; a pack may do without. Paragraphs are completed as elsewhere."""
    name = f"{pack}/{OBJECTIONS}"
    rows = desk.yaml(name).get("objections") if name in desk else []
    completed = [
        {**row, "paragraph": f"{symbol}{row.get('paragraph')}"} if isinstance(row, dict) else row for row in rows or []
    ]
    return tuple(desk.models(name, "objection", completed, Objection))
