"""Opening yardsticks: a file of anyone's, or a bundled one by its name; every problem at once, with its line."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from stocktake.assessment.review import Catalogue
from stocktake.assessment.yardsticks import indicator_of, measure, subjects_of
from stocktake.evidence.archive import is_numeric
from stocktake.publication.yardsticks import Laid
from stocktake.register.benchmarks import Benchmark
from stocktake.register.yardsticks import FORMAT, Unit, Yardstick, conversion
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.desk import LINE, Desk, bare, plain
from stocktake.secretariat.json_files import lines_of, read_json
from stocktake.terms.problems import Problem, StocktakeError
from stocktake.verification.errors import RefusedInput

_HOME = "yardsticks"
_WORDS = ("title", "name", "note", "without")
# What a benchmark takes from the head of its file where it says nothing of its own.
_COMMON = ("author", "basis", "source", "seen", "checked")
_BODIES = frozenset({"CD", "NPT-RC", "GA", "WORLD", "UNDC", "P5", "ME-CONF"})
_MOST_SUBJECTS = 100
MOST_MARKS = 2_000  # of one file; a few seconds


class RefusedYardstick(RefusedInput):
    """A yardstick with problems, all of them at once."""

    code = "refused-yardstick"


class UnknownYardstick(StocktakeError):
    """Neither a file nor the name of a bundled yardstick."""

    code = "unknown-yardstick"


@dataclass(frozen=True)
class Opened:
    """A yardstick as it was read: ``name`` of the file, ``digest`` the SHA-256 of its bytes."""

    name: str
    digest: str
    yardstick: Yardstick


def bundled() -> dict[str, Opened]:
    """The yardsticks that ship with the package, by name."""
    return {name: open_yardstick(name) for name in _bundled_names()}


def _bundled_names() -> list[str]:
    return sorted(
        p.name.removesuffix(".yaml") for p in _home().iterdir() if p.name.endswith(".yaml") and p.name != "units.yaml"
    )


def _home() -> Traversable:
    return files("stocktake").joinpath("catalogue", _HOME)


@cache
def known_units() -> Mapping[str, Unit]:
    """The units that every yardstick may use."""
    desk = Desk(_home())
    found = {u.id: u for u in desk.models("units.yaml", "unit", desk.yaml("units.yaml").get("units"), Unit)}
    if desk.problems:
        raise RefusedYardstick("the bundled units are not used", desk.problems)
    return found


def open_yardstick(given: str | Path) -> Opened:
    """The yardstick in a file (YAML, or JSON by its ending), or the bundled one of that name.

    Raises RefusedYardstick with every problem in the file, UnknownYardstick where there is neither.
    """
    path = Path(given)
    if path.exists():
        return _open(path.parent, path.name)
    names = _bundled_names()
    if str(given) in names:
        return _open(_home(), f"{given}.yaml")
    near = difflib.get_close_matches(str(given), names, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Bundled are {', '.join(names)}."
    raise UnknownYardstick(f"{given}: there is no such file, and no bundled yardstick of that name. {hint}")


def _open(folder: Traversable, name: str) -> Opened:
    desk, data = read_mapping(folder, name, FORMAT)
    yardstick = _built(desk, name, data) if not desk.problems else None
    if yardstick is None or desk.problems:
        raise RefusedYardstick("it is not used", desk.problems)
    return Opened(name, digest_of(folder.joinpath(name)), yardstick)


def digest_of(file: Traversable) -> str:
    """SHA-256 of a file that has been read already, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_mapping(folder: Traversable, name: str, form: str) -> tuple[Desk, dict[str, Any]]:
    """A file that people write, YAML or JSON by its ending, as a mapping of the format ``form``; problems on a desk."""
    desk = Desk(folder)
    data = _json(desk, name) if name.casefold().endswith(".json") else _yaml(desk, name)
    if not desk.problems and data.get("format") != form:
        desk.report(name, 1, "wrong-format", f"`format: {form}` is expected, not {str(data.get('format'))[:60]!r}")
    return desk, data


def _yaml(desk: Desk, name: str) -> dict[str, Any]:
    data = desk.yaml(name)
    if not desk.problems:
        if not data:
            desk.report(name, 0, "empty", "the file is empty; a mapping that begins with `format:` is expected")
        for line, key in _repeated(desk.text(name)):
            desk.report(name, line, "repeated-key", f"{key!r} stands twice in one mapping; keep one of them")
    return data


def _repeated(text: str) -> Iterator[tuple[int, str]]:
    """Keys that stand twice in one mapping: YAML keeps the last and says nothing."""
    waiting = [yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    yield key.start_mark.line + 1, str(key.value)[:60]
                seen.add(str(key.value))
                waiting.append(value)


def _json(desk: Desk, name: str) -> dict[str, Any]:
    data, text = read_json(Path(str(desk.folder)) / name, "it is not used")
    if not isinstance(data, dict):
        desk.report(name, 1, "broken-json", "an object of names to values is expected")
        return {}
    rows = data.get("benchmarks")
    places = [("benchmarks", n) for n in range(len(rows))] if isinstance(rows, list) else []
    lines = lines_of(text, places)
    if isinstance(rows, list):
        named = [{**r, LINE: lines.get(p, 0)} if isinstance(r, dict) else r for r, p in zip(rows, places, strict=True)]
        data = {**data, "benchmarks": named}
    return data


def _built(desk: Desk, name: str, data: dict[str, Any]) -> Yardstick | None:
    """The model of the file; rows and head are judged apart, so that every fault is told with its own line."""
    given = data.get("benchmarks")
    if given is not None and not isinstance(given, list):
        desk.report(name, 0, "invalid-row", "benchmarks: a list of benchmarks is expected")
        return None
    common = {k: data[k] for k in _COMMON if k in data}
    common = {"basis": "proposed", "seen": "original"} | common
    rows = [_completed(row, common) for row in given or []]
    benchmarks = tuple(desk.models(name, "benchmark", rows, Benchmark))
    head = {k: v for k, v in _in_words(data).items() if k not in ("benchmarks", LINE)}
    try:
        found = Yardstick.model_validate({**bare(head), "benchmarks": benchmarks})
    except ValidationError as error:
        for fault in error.errors():
            desk.report(name, 1, "invalid-head", f"{'.'.join(map(str, fault['loc']))}: {plain(fault)}")
        return None
    if not given and found.without is None:
        desk.report(name, 1, "nothing-to-measure", "no benchmarks; give some, or `without`: why there are none")
    return found


def _completed(row: Any, common: dict[str, Any]) -> Any:
    """A benchmark with what the head of its file says for all, a source for each mark, a name in both languages."""
    if not isinstance(row, dict):
        return row
    row = {**common, **_in_words(row)}
    marks = row.get("milestones")
    if isinstance(marks, list):
        row["milestones"] = [_sourced(m, row) for m in marks]
    if "baseline" in row:
        row["baseline"] = _sourced(row["baseline"], row)
    return row


def _sourced(mark: Any, row: dict[str, Any]) -> Any:
    return {"source": row.get("source"), **mark} if isinstance(mark, dict) else mark


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    """Words in one language serve for both: nobody has to translate a yardstick of their own."""
    return {k: {"en": v, "zh": v} if k in _WORDS and isinstance(v, str) else v for k, v in row.items()}


def refuse_unfit(opened: Sequence[Opened], catalogue: Catalogue) -> None:
    """Raise RefusedYardstick for everything that a yardstick names and the catalogue does not have."""
    problems = [
        Problem(o.name, 0, "broken-reference", f"{b.id}: {message}")
        for o in opened
        for b in o.yardstick.benchmarks
        for message in _unfit(b, o.yardstick, catalogue)
    ]
    problems += [
        Problem(o.name, 0, "too-much", message) for o in opened for message in _too_much(o.yardstick, catalogue)
    ]
    if problems:
        raise RefusedYardstick("it is not used", problems)


def _too_much(yardstick: Yardstick, catalogue: Catalogue) -> Iterator[str]:
    marks = sum(len(subjects_of(b, catalogue, date.max)) * (len(b.milestones) + 1) for b in yardstick.benchmarks)
    if marks > MOST_MARKS:
        yield f"{marks:,} marks (subjects times milestones); at most {MOST_MARKS:,} are measured, so split the file"
    for unit in yardstick.units:
        if unit.id in known_units():
            yield f"the unit {unit.id!r} is known already; give yours another name"


def _unfit(b: Benchmark, yardstick: Yardstick, catalogue: Catalogue) -> Iterator[str]:
    if b.indicator is not None and b.indicator not in catalogue.indicators:
        yield f"there is no indicator {b.indicator!r}{_near(b.indicator, catalogue.indicators)}"
        return
    rows = [s for s in catalogue.archive.statements if s.quantity == indicator_of(b, catalogue).quantity]
    if not rows:
        quantities = {s.quantity for s in catalogue.archive.statements}
        yield f"no statement is about the quantity {b.quantity!r}{_near(b.quantity or '', quantities)}"
    units = {s.unit for s in rows if is_numeric(s) and s.unit}
    known = {**known_units(), **{u.id: u for u in yardstick.units}}
    if b.unit and units and not any(conversion(known, b.unit, u) for u in units):
        yield f"the unit {b.unit!r} cannot be converted to {' or '.join(sorted(units))}; give it under `units`"
    if b.direction != "event" and not units:
        yield "the evidence holds no numbers on it, so only `direction: event` can be measured"
    yield from _of_subjects(b, catalogue)
    for id in b.commitments:
        if id not in catalogue.commitments:
            yield f"there is no commitment {id!r}{_near(id, catalogue.commitments)}"


def _of_subjects(b: Benchmark, catalogue: Catalogue) -> Iterator[str]:
    rosters = {m.roster for m in catalogue.memberships}
    if isinstance(b.applies_to, str):
        if b.applies_to not in rosters:
            near = _near(b.applies_to, rosters)
            yield f"there is no roster {b.applies_to!r}{near}; States stand in a list, as [CHN, USA]"
        elif len({m.iso3 for m in catalogue.memberships if m.roster == b.applies_to}) > _MOST_SUBJECTS:
            yield f"the roster {b.applies_to} has more than {_MOST_SUBJECTS} States; name those that are meant"
        return
    known = {m.iso3 for m in catalogue.memberships} | {s.subject for s in catalogue.archive.statements} | _BODIES
    for subject in b.applies_to:
        if subject not in known:
            yield f"{subject!r} is no State of the catalogue{_near(subject, known)}"


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=2)
    return f" (perhaps {' or '.join(near)})" if near else ""


def checked_against(given: Sequence[str], folder: Traversable | None) -> list[Opened]:
    """Yardsticks that fit a catalogue. Raises RefusedYardstick with every problem."""
    opened = [open_yardstick(name) for name in given]
    refuse_unfit(opened, load_catalogue(folder)[0])
    return opened


def laid(opened: Sequence[Opened], catalogue: Catalogue, as_of: date) -> tuple[Laid, ...]:
    """Each yardstick laid against the evidence as of that day.

    Raises RefusedYardstick where one names what the catalogue does not have.
    """
    refuse_unfit(opened, catalogue)
    return tuple(Laid(o.name, o.digest, measure(o.yardstick, catalogue, known_units(), as_of=as_of)) for o in opened)


def file_schema() -> dict[str, Any]:
    """JSON Schema of ``stocktake.yardstick/1`` as people write it: a name may be in one language, and what the head of
    the file says need not be said again."""
    found = Yardstick.model_json_schema()
    words = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Words"}]}
    for name, fields in (("", found), ("Benchmark", found["$defs"]["Benchmark"])):
        properties = fields["properties"]
        properties |= {
            k: words if properties[k].get("$ref") else {**properties[k], **words} for k in _WORDS if k in properties
        }
        if name:
            fields["required"] = [k for k in fields["required"] if k not in _COMMON]
    found["$defs"]["Mark"]["required"] = ["date"]
    for fields in ("Mark", "Benchmark"):
        for key in ("date", "deadline", "until"):
            if key in found["$defs"][fields]["properties"]:
                found["$defs"][fields]["properties"][key] = {"type": ["string", "integer", "null"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
