"""Reading the files of a catalogue: every problem noted with its place, and no file that can do harm.

A catalogue may come from anyone. Files are read up to a size, never from a pipe or a device; YAML has no aliases (a few
hundred bytes of them unfold to gigabytes) and no depth that a person would write.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from stocktake.terms.problems import InvalidTerm, Problem

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)
LINE = "__line__"
MAX_BYTES = 5_000_000
MAX_DEPTH = 40
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
            self.report(file, row, "repeated-id", f"{kind} {id!r} stands already at {earlier[0]}:{earlier[1]}")

    def __contains__(self, name: str) -> bool:
        """Whether the catalogue has this file; for files that a small catalogue may do without."""
        return self.folder.joinpath(*name.split("/")).is_file()

    def names(self, folder: str, ending: str) -> list[str]:
        """Names of the files with this ending in a folder of the catalogue, in order."""
        home = self.folder.joinpath(folder)
        return sorted(f.name for f in home.iterdir() if f.name.endswith(ending)) if home.is_dir() else []

    def text(self, name: str) -> str:
        """The text of a file; empty, with a problem noted, where there is none that can be read."""
        path = self.folder.joinpath(*name.split("/"))
        try:
            if not path.is_file():
                missing = not getattr(path, "exists", path.is_dir)()
                code, what = (
                    ("missing-file", "the file is missing") if missing else ("unreadable-file", "this is no file")
                )
                self.report(name, 0, code, f"{what}; every catalogue has one")
                return ""
            with path.open("rb") as handle:
                data = handle.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                self.report(name, 0, "unreadable-file", f"the file is larger than {MAX_BYTES:,} bytes")
                return ""
            return data.decode("utf-8-sig")
        except (UnicodeDecodeError, OSError) as error:
            self.report(name, 0, "unreadable-file", f"the file cannot be read as UTF-8 text ({error})")
        return ""

    def rows(self, name: str, parse: Callable[[dict[str, Any]], T]) -> Iterator[tuple[int, T]]:
        """Parsed rows of a CSV file; a row that does not parse is reported with every fault in it, and left out."""
        for line, row in self._csv(name):
            try:
                yield line, parse(row)
            except ValidationError as error:
                for fault in error.errors():
                    column = ".".join(map(str, fault["loc"])) or "row"
                    self.report(name, line, "invalid-row", f"{row.get('id') or 'row'}: {column}: {plain(fault)}")
            except (InvalidTerm, KeyError, ValueError) as error:
                self.report(name, line, "invalid-row", f"{row.get('id') or 'row'}: {error}")

    def _csv(self, name: str) -> Iterator[tuple[int, dict[str, str | None]]]:
        """Rows with the line on which they end, as an editor counts; an empty cell is None."""
        reader = csv.DictReader(io.StringIO(self.text(name)), strict=True)
        try:
            for row in reader:
                if None in row or None in row.values():
                    width = len(reader.fieldnames or ())
                    self.report(
                        name, reader.line_num, "wrong-columns", f"the row has not the {width} columns of the header"
                    )
                    continue
                yield reader.line_num, {k: v.strip() or None for k, v in row.items() if v is not None}
        except csv.Error as error:
            self.report(name, reader.reader.line_num, "broken-csv", f"the file stops being CSV here ({error})")

    def yaml(self, name: str) -> dict[str, Any]:
        """A mapping in which every mapping knows its line (under LINE); empty where there is none."""
        text = self.text(name)
        try:
            self._refuse_traps(name, text)
            data = yaml.load(text, Loader=_Lines)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or error
            self.report(name, mark.line + 1 if mark else 0, "broken-yaml", f"the file stops being YAML here ({reason})")
            return {}
        except (ValueError, LookupError, TypeError, OverflowError) as error:  # a tag whose value is not of its kind
            self.report(name, 0, "broken-yaml", f"a value is not what its tag or form says ({error}); quote it")
            return {}
        if not isinstance(data, dict) and text:
            self.report(name, 0, "broken-yaml", "a mapping of names to values is expected")
        return data if isinstance(data, dict) else {}

    @staticmethod
    def _refuse_traps(name: str, text: str) -> None:
        """Refuse what would unfold or nest without end, by its events, before anything is built from it."""
        depth = 0
        for event in yaml.parse(text, Loader=_FAST):
            mark: Any = event.start_mark
            if isinstance(event, yaml.AliasEvent):
                raise yaml.composer.ComposerError(None, None, "aliases are not used in a catalogue", mark)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise yaml.composer.ComposerError(None, None, f"more than {MAX_DEPTH} levels deep", mark)

    def models(self, name: str, kind: str, rows: Any, model: type[Model]) -> Iterator[Model]:
        """Each row as a model; a row that is none is reported with its line."""
        for row in self.listed(name, kind, rows):
            found = self.model(name, row.get(LINE, 0), model, row)
            if found is not None:
                self.place(kind, str(row.get("id")), name, row.get(LINE, 0))
                yield found

    def listed(self, name: str, kind: str, rows: Any) -> Iterator[dict[str, Any]]:
        """The rows of a list that are mappings; what is no list, and each row that is none, is reported."""
        if rows is not None and not isinstance(rows, list):
            self.report(name, 0, "invalid-list", f"{rows!r:.80} is no list; a list of {kind}s is expected")
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                yield row
            else:
                self.report(name, 0, "invalid-row", f"{row!r:.80} is no mapping; a row of {kind}s is expected")

    def model(self, name: str, line: int, model: type[Model], row: Any) -> Model | None:
        try:
            return model.model_validate(bare(row))
        except ValidationError as error:
            label = row.get("id") if isinstance(row, dict) else None
            for fault in error.errors():
                place = ".".join(map(str, fault["loc"]))
                said = ": ".join(filter(None, (str(label or ""), place, plain(fault))))
                self.report(name, line, "invalid-row", said)
        return None


def plain(fault: Any) -> str:
    """What a model says is wrong, in words for people."""
    match fault["type"]:
        case "missing":
            return "it is missing"
        case "extra_forbidden":
            return "there is no such field"
        case "string_pattern_mismatch":
            return f"{fault['input']!r} does not fit; expected {fault['ctx']['pattern']}"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


def bare(value: Any) -> Any:
    """The same data without the line numbers."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k != LINE}
    return [bare(v) for v in value] if isinstance(value, list) else value


class _Lines(_FAST):  # type: ignore[misc]
    """Safe YAML that remembers on which line each mapping stands and keeps dates as they are written."""


def _with_line(loader: Any, node: Any) -> dict[Any, Any]:
    mapping: dict[Any, Any] = yaml.SafeLoader.construct_mapping(loader, node, deep=True)
    mapping[LINE] = node.start_mark.line + 1
    return mapping


_Lines.add_constructor("tag:yaml.org,2002:map", _with_line)
_Lines.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
