"""Open the bundled catalogue, or one in a folder: parse every file, report every problem with file and row.

A catalogue is a folder: ``policy.yaml``, ``states.csv``, ``rosters.csv``, ``votes.csv``, ``speakers.csv``,
``evidence/*.csv``, ``register/indicators.yaml``, ``register/commitments.csv``, ``register/lineage.csv`` and
``register/<pack>/*.yaml``. It is the only place that knows these paths.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from stocktake.assessment.review import Catalogue
from stocktake.evidence.archive import Archive, Speaker
from stocktake.evidence.statements import Statement
from stocktake.register.commitments import Commitment, Link, Register, register_from
from stocktake.register.indicators import Indicator
from stocktake.secretariat.checks import cross_references
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidCatalogue, InvalidTerm, Problem
from stocktake.terms.provenance import SpeakerKind
from stocktake.terms.states import Membership, State

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)
LINE = "__line__"


@dataclass
class Desk:
    """What lies on the table while a catalogue is read: its folder, where each thing came from, what is wrong."""

    folder: Traversable
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def report(self, file: str, row: int, code: str, message: str) -> None:
        self.problems.append(Problem(file, row, code, message))

    def place(self, kind: str, id: str, file: str, row: int) -> None:
        """Remember where ``id`` stands; a second one of the same kind is a problem of its row."""
        earlier = self.places.setdefault((kind, id), (file, row))
        if earlier != (file, row):
            self.report(
                file,
                row,
                "repeated-id",
                f"{kind} {id!r} stands already at {earlier[0]}:{earlier[1]}; ids are never reused",
            )

    def text(self, name: str) -> str:
        try:
            return self.folder.joinpath(*name.split("/")).read_text(encoding="utf-8")
        except FileNotFoundError:
            self.report(name, 0, "missing-file", "the file is missing; every catalogue has one")
        except (UnicodeDecodeError, OSError) as error:
            self.report(name, 0, "unreadable-file", f"the file cannot be read as UTF-8 text ({error})")
        return ""


def load_catalogue(folder: Traversable | None = None) -> tuple[Catalogue, tuple[State, ...], dict[str, Any]]:
    """The catalogue, the States with their names, and the policy table.

    Raises InvalidCatalogue with every problem found. ``folder`` defaults to the catalogue that ships with the package.
    """
    desk = Desk(folder or files("stocktake").joinpath("catalogue"))
    policy = _yaml(desk, "policy.yaml")
    states = _states(desk)
    memberships = (*_memberships(desk), *_universal(states))
    speakers = _speakers(desk)
    votes = dict(v for _, v in _rows(desk, "votes.csv", lambda r: ((r["symbol"], r["iso3"]), _vote(r["vote"]))))
    statements = list(_statements(desk))
    indicators = _indicators(desk)
    commitments = _commitments(desk)
    links = [link for _, link in _rows(desk, "register/lineage.csv", _link)]
    register = _register(desk)
    if register is None or desk.problems:
        raise InvalidCatalogue(desk.problems)
    rules = policy["rules"]
    catalogue = Catalogue(
        register,
        indicators,
        commitments,
        tuple(links),
        memberships,
        votes,
        Archive(statements, speakers),
        Decimal(rules["own_margin"]),
        str(rules["version"]),
    )
    desk.problems += cross_references(catalogue, states, desk.places)
    if desk.problems:
        raise InvalidCatalogue(desk.problems)
    return catalogue, tuple(states), policy


def _csv(desk: Desk, name: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Rows with the line on which they end, as an editor counts; an empty cell is None."""
    reader = csv.DictReader(io.StringIO(desk.text(name)), strict=True)
    try:
        for row in reader:
            if None in row or None in row.values():
                desk.report(
                    name,
                    reader.line_num,
                    "wrong-columns",
                    f"the row has not the {len(reader.fieldnames or ())} columns of the header",
                )
                continue
            yield reader.line_num, {k: v.strip() or None for k, v in row.items() if v is not None}
    except csv.Error as error:
        desk.report(name, reader.line_num, "broken-csv", f"the file stops being CSV here ({error})")


def _rows(desk: Desk, name: str, parse: Callable[[dict[str, Any]], T]) -> Iterator[tuple[int, T]]:
    """Parsed rows; a row that does not parse is reported with every fault in it, and left out."""
    for line, row in _csv(desk, name):
        try:
            yield line, parse(row)
        except ValidationError as error:
            for fault in error.errors():
                column = ".".join(map(str, fault["loc"])) or "row"
                desk.report(name, line, "invalid-row", f"{row.get('id') or 'row'}: {column}: {_plain(fault['msg'])}")
        except (InvalidTerm, KeyError, ValueError) as error:
            desk.report(name, line, "invalid-row", f"{row.get('id') or 'row'}: {error}")


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}


def _states(desk: Desk) -> list[State]:
    found = []
    for row, state in _rows(desk, "states.csv", _state):
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


def _memberships(desk: Desk) -> list[Membership]:
    def parse(r: dict[str, Any]) -> Membership:
        if not r["source"]:
            raise ValueError(f"{r['roster']} {r['iso3']}: a membership needs its source")
        return Membership(r["roster"], r["iso3"], _day(r["since"]), _day(r["until"]), r["source"])

    return [m for _, m in _rows(desk, "rosters.csv", parse)]


def _universal(states: Iterable[State]) -> Iterator[Membership]:
    """UN-MS: the Member States. ALL-STATES: these and the other States that take part in treaties."""
    for state in states:
        yield Membership("ALL-STATES", state.iso3, None, None, "states.csv")
        if state.un_member:
            yield Membership("UN-MS", state.iso3, None, None, "states.csv")


def _speakers(desk: Desk) -> list[Speaker]:
    found = []
    for row, speaker in _rows(desk, "speakers.csv", _speaker):
        desk.place("speaker", speaker.id, "speakers.csv", row)
        found.append(speaker)
    return found


def _speaker(row: dict[str, Any]) -> Speaker:
    return Speaker(
        row["id"],
        SpeakerKind(row["kind"]),
        (("en", row["name_en"] or row["id"]), ("zh", row["name_zh"] or row["id"])),
        row["group"] or "",
    )


_VOTES = {"for": "voted for", "against": "against", "abstained": "abstained", "absent": "absent"}


def _vote(word: str) -> str:
    if word not in _VOTES:
        raise ValueError(f"a vote is for, against, abstained or absent, not {word!r}")
    return _VOTES[word]


def _statements(desk: Desk) -> Iterator[Statement]:
    home = desk.folder.joinpath("evidence")
    names = sorted(f.name for f in home.iterdir() if f.name.endswith(".csv")) if home.is_dir() else []
    if not names:
        desk.report("evidence", 0, "missing-file", "no evidence/*.csv; a review without statements says nothing")
    for name in (f"evidence/{n}" for n in names):
        for row, statement in _rows(desk, name, lambda r: Statement(**{**_present(r), "checked": _yes(r["checked"])})):
            desk.place("statement", statement.id, name, row)
            yield statement


def _indicators(desk: Desk) -> dict[str, Indicator]:
    name = "register/indicators.yaml"
    found = {}
    for row in _yaml(desk, name).get("indicators") or []:
        line = row.get(LINE, 0)
        if indicator := _model(desk, name, line, Indicator, row):
            desk.place("indicator", indicator.id, name, line)
            found[indicator.id] = indicator
    return found


def _commitments(desk: Desk) -> dict[str, Commitment]:
    name = "register/commitments.csv"

    def parse(r: dict[str, Any]) -> Commitment:
        words = {"en": r.pop("paraphrase_en"), "zh": r.pop("paraphrase_zh")}
        return Commitment(**{**_present(r), "checked": _yes(r["checked"]), "paraphrase": words})

    found = {}
    for row, commitment in _rows(desk, name, parse):
        desk.place("commitment", commitment.id, name, row)
        found[commitment.id] = commitment
    return found


def _link(row: dict[str, Any]) -> Link:
    clause = int(row["clause"]) if row.get("clause") else None
    checked, source = _yes(row["checked"]), row["source"] or ""
    return Link(from_=row["from"], to=row["to"], clause=clause, edge=row["edge"], checked=checked, source=source)


def _pack(desk: Desk) -> str | None:
    """The folder of the register: a data pack. A catalogue holds one for now."""
    home = desk.folder.joinpath("register")
    packs = sorted(p.name for p in home.iterdir() if p.is_dir()) if home.is_dir() else []
    if len(packs) != 1:
        found = ", ".join(packs) or "none"
        desk.report("register", 0, "no-single-register", f"one folder with a register.yaml is expected; found: {found}")
        return None
    return f"register/{packs[0]}"


def _register(desk: Desk) -> Register | None:
    pack = _pack(desk)
    if pack is None:
        return None
    name, preamble = f"{pack}/register.yaml", f"{pack}/preamble.yaml"
    data, before = _yaml(desk, name), _yaml(desk, preamble)
    for file, rows in ((name, data.get("paragraphs") or []), (preamble, before.get("paragraphs") or [])):
        for row in rows:
            desk.place("paragraph", f"{data.get('symbol')}{row.get('id')}", file, row.get(LINE, 0))
    try:
        return register_from(_bare(data), _bare(before).get("paragraphs") or [])
    except ValidationError as error:
        for fault in error.errors():
            where, line = _within(fault["loc"], data, before)
            desk.report(
                name if where is data else preamble,
                line,
                "invalid-row",
                f"{'.'.join(map(str, fault['loc']))}: {_plain(fault['msg'])}",
            )
    except (KeyError, InvalidTerm, TypeError) as error:
        desk.report(name, 0, "invalid-register", f"the head of the register is not complete: {error}")
    return None


def _within(loc: tuple[int | str, ...], data: dict[str, Any], before: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The file and line of a fault in ``paragraphs[n]``, where the preamble's rows follow the operative ones."""
    if len(loc) > 1 and loc[0] == "paragraphs" and isinstance(loc[1], int):
        rows, n = data.get("paragraphs") or [], loc[1]
        home, index = (data, n) if n < len(rows) else (before, n - len(rows))
        return home, home["paragraphs"][index].get(LINE, 0)
    return data, 0


def _model(desk: Desk, name: str, line: int, model: type[Model], row: dict[str, Any]) -> Model | None:
    try:
        return model(**_bare(row))
    except ValidationError as error:
        for fault in error.errors():
            desk.report(
                name,
                line,
                "invalid-row",
                f"{row.get('id')}: {'.'.join(map(str, fault['loc']))}: {_plain(fault['msg'])}",
            )
    return None


class _Lines(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML that remembers on which line each mapping stands and keeps dates as they are written."""


def _with_line(loader: Any, node: Any) -> dict[str, Any]:
    mapping: dict[Any, Any] = yaml.SafeLoader.construct_mapping(loader, node, deep=True)
    mapping[LINE] = node.start_mark.line + 1
    return mapping


_Lines.add_constructor("tag:yaml.org,2002:map", _with_line)
_Lines.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def _yaml(desk: Desk, name: str) -> dict[str, Any]:
    try:
        data = yaml.load(desk.text(name), Loader=_Lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        desk.report(
            name,
            mark.line + 1 if mark else 0,
            "broken-yaml",
            f"the file stops being YAML here ({getattr(error, 'problem', error)})",
        )
        return {}
    return data if isinstance(data, dict) else {}


def _bare(value: Any) -> Any:
    """The same data without the line numbers."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if k != LINE}
    return [_bare(v) for v in value] if isinstance(value, list) else value
