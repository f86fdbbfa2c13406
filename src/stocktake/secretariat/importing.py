"""Taking public data sets in as they are found: read, check, refuse or keep; all files of one call, or none.

What is kept is the file itself, byte for byte, under its SHA-256, with what was noticed about it. Claims are read from
it again whenever they are asked for. So the same file twice is one file, order does not matter, and a later edition
stands beside the earlier one.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from stocktake.evidence import rollcalls
from stocktake.evidence.archive import Archive
from stocktake.evidence.checks import check
from stocktake.evidence.claims import Claims, claims_from, claims_of
from stocktake.evidence.comparisons import against_totals, compare, not_states, restated, strangers, unnamed
from stocktake.evidence.layouts import Layout, fitting
from stocktake.evidence.remarks import RefusedImport, Remark, fault, faults
from stocktake.evidence.rollcalls import RollCalls
from stocktake.evidence.tables import MAX_BYTES, Table, read_table, turned
from stocktake.evidence.treaty_export import read_export
from stocktake.secretariat.reference import Reference, reference
from stocktake.terms.problems import InvalidTerm


@dataclass(frozen=True)
class Reading:
    """One file read: its bytes, its layout, its claims or its roll-calls, and what was noticed."""

    path: str
    data: bytes
    kind: str
    layout: str
    as_of: str | None
    split_world: bool
    claims: Claims | None
    calls: RollCalls | None
    remarks: tuple[Remark, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def size(self) -> str:
        """How much it states, in words for a summary."""
        if self.calls is not None:
            return f"{len(self.calls.ids):,} roll-calls of {len(self.calls.states)} States"
        return f"{len(self.claims) if self.claims is not None else 0:,} claims"


def read_file(path: Path, kind: str, today: date, *, as_of: str | None = None, split_world: bool = False) -> Reading:
    """One file as claims, with every remark on it; faults among them when it cannot be taken."""
    data, trouble = _bytes(path)
    if data is None:
        return Reading(str(path), b"", kind, "", as_of, split_world, None, None, tuple(trouble))
    return read_bytes(data, str(path), kind, today, as_of=as_of, split_world=split_world)


def read_bytes(
    data: bytes, file: str, kind: str, today: date, *, as_of: str | None = None, split_world: bool = False
) -> Reading:
    """As ``read_file``, of bytes that are there already."""
    known = reference()
    wanted = known.kind(kind).id

    def refused(*remarks: Remark) -> Reading:
        return Reading(file, data, wanted, "", as_of, split_world, None, None, remarks)

    if wanted == "votes" and data.removeprefix(codecs.BOM_UTF8)[:10] == b"rcid,date," and b"\0" not in data:
        text = data.decode("utf-8-sig", "replace")
        if rollcalls.is_matrix(text[: text.find("\n")].strip().split(",")):
            calls, found = rollcalls.read_matrix(text, file)
            if calls is not None and not faults(found):
                found += rollcalls.check_matrix(calls, list(known.names.states), today)
                found += _recounted(calls, known)
            return Reading(file, data, wanted, "votes-matrix", as_of, split_world, None, calls, tuple(sorted(found)))
    if data[:1] in (b"{", b"["):
        table, trouble = read_export(data, file)
    else:
        table, trouble = read_table(data, file)
    if table is None:
        return refused(*trouble)
    table, layout = _laid_out(table, wanted, known.layouts)
    if layout is None:
        return refused(*trouble, _no_layout(table, wanted, known.layouts))
    if layout.as_of == "given" and as_of is None:
        said = "no column says the date of these figures; give it with --as-of"
        return refused(*trouble, fault(file, (), "no-date", said))
    claims, found = claims_from(table, layout, known.names, as_of)
    if not faults([*trouble, *found]):
        found += [*check(claims, today, known.names.groups), *restated(claims), *_against_rosters(claims, known)]
        found += against_totals(claims, known.totals) if layout.events else []
        found += _unnamed(table, claims, known) if layout.members else []
        found += _recount_rows(table, claims, known)
    if split_world:
        claims, found = _split(claims), [r for r in found if r.code != "mixed-kinds"]
    remarks = tuple(sorted({*trouble, *found}))
    return Reading(file, data, wanted, layout.id, as_of, split_world, claims, None, remarks)


def _bytes(path: Path) -> tuple[bytes | None, list[Remark]]:
    try:
        if not path.is_file():
            what = "this is no file" if path.exists() else "there is no such file"
            return None, [fault(str(path), (), "unreadable-file", what)]
        if path.stat().st_size > MAX_BYTES:
            return None, [fault(str(path), (), "too-large", f"the file is larger than {MAX_BYTES:,} bytes; split it")]
        return path.read_bytes(), []
    except OSError as error:
        return None, [fault(str(path), (), "unreadable-file", f"the file cannot be read ({error.strerror})")]


def _laid_out(table: Table, kind: str, layouts: Sequence[Layout]) -> tuple[Table, Layout | None]:
    of_kind = [layout for layout in layouts if layout.kind == kind]
    layout = fitting(table.header, [row for row in of_kind if not row.turned])
    if layout is None and table.columns and len(table) < 50:
        other = turned(table)
        layout = fitting(other.header, [row for row in of_kind if row.turned])
        if layout is not None:
            return other, layout
    return table, layout


def _no_layout(table: Table, kind: str, layouts: Sequence[Layout]) -> Remark:
    elsewhere = fitting(table.header, layouts)
    if elsewhere is not None:
        said = f"this looks like the kind {elsewhere.kind!r}, not {kind!r}"
        return fault(table.file, (1,), "other-kind", said)
    forms = "; ".join(", ".join(layout.header) for layout in layouts if layout.kind == kind)
    said = (
        f"no layout of the kind {kind!r} has these columns ({', '.join(table.header):.200}); known are: {forms:.1500}"
    )
    return fault(table.file, (1,), "unknown-layout", said)


def _split(claims: Claims) -> Claims:
    """The World rows of a warhead table as the inventory that they are, by decision of the user."""
    quantity = claims.quantity.astype("U32")
    quantity[claims.subject == "WORLD"] = "inventory"
    return replace(claims, quantity=quantity)


def _unnamed(table: Table, claims: Claims, known: Reference) -> list[Remark]:
    rows = dict(zip(table.columns[claims.layout.subject.column], table.rows, strict=True))
    return unnamed(claims, known.members, rows)


def _against_rosters(claims: Claims, known: Reference) -> list[Remark]:
    if not claims.layout.roster:
        return []
    if not len(claims):
        return []
    today = claims.day.max().astype(date)
    parties = {m.iso3 for m in known.memberships if m.roster == "NPT-SP" and m.holds(today)}
    disputed = {m.iso3 for m in known.memberships if m.roster == "NPT-SP-DISPUTED"}
    listed = set(claims.subject[claims.key == "NPT"].tolist())
    rosters = {"NPT": parties | (disputed & listed)} if parties else {}
    codes = [*known.names.states]
    return [*strangers(claims, rosters), *not_states(claims, codes)]


def _recounted(calls: RollCalls, known: Reference) -> list[Remark]:
    """The votes of the matrix whose official tally we hold."""
    tally = calls.tally()
    remarks = []
    for n, id in enumerate(calls.ids):
        symbol = known.roll_calls.get(id)
        if symbol is None:
            continue
        words = [w for w in ("yes", "no", "abstain") for _ in range(int(tally[w][n]))]
        row = int(calls.rows[n])
        remarks += rollcalls.recount([symbol] * len(words), words, [row] * len(words), known.tallies, calls.file)
    return remarks


def _recount_rows(table: Table, claims: Claims, known: Reference) -> list[Remark]:
    """Votes on whole texts against their published tallies; votes on single paragraphs have none here."""
    if claims.layout.kind != "votes" or "vote" not in claims.quantity:
        return []
    parts = table.columns.get("paragraph", [""] * len(table))
    whole = {row for row, part in zip(table.rows, parts, strict=True) if not part.strip()}
    claims = claims.where(np.array([row in whole for row in claims.row.tolist()], dtype=bool))
    symbols = [key.split(" ")[0] for key in claims.key.tolist()]
    return rollcalls.recount(symbols, claims.written.tolist(), claims.row.tolist(), known.tallies, claims.file)


def check_files(
    paths: Iterable[Path],
    kind: str,
    store: Path,
    today: date,
    *,
    as_of: str | None = None,
    split_world: bool = False,
) -> list[Reading]:
    """Read and check all files, and compare them with each other and with what ``store`` keeps; keep nothing.

    Raises RefusedImport with every remark when one of them has a fault.
    """
    read = [read_file(path, kind, today, as_of=as_of, split_world=split_world) for path in paths]
    there = {r.sha256: r for r in stored(store, today)}
    everything = [r.claims for r in {**there, **{r.sha256: r for r in read}}.values() if r.claims is not None]
    read = [replace(r, remarks=tuple(sorted({*r.remarks, *_beside(r, everything)}))) for r in read]
    remarks = [remark for r in read for remark in r.remarks]
    if faults(remarks):
        raise RefusedImport(remarks, _advice(remarks))
    return read


def import_files(
    paths: Iterable[Path],
    kind: str,
    store: Path,
    today: date,
    *,
    as_of: str | None = None,
    split_world: bool = False,
) -> list[Reading]:
    """As ``check_files``, and keep every file in ``store``: all of them, or none."""
    read = check_files(paths, kind, store, today, as_of=as_of, split_world=split_world)
    for reading in {r.sha256: r for r in read}.values():
        _keep(reading, store)
    return read


def _beside(reading: Reading, everything: Iterable[Claims]) -> list[Remark]:
    """Remarks from other data sets; a count that the established totals bear out is not held against this file."""
    if reading.claims is None:
        return []
    curated = _curated(reading.claims) if reading.claims.layout.steady else []
    found = compare(reading.claims, [*everything, *curated])
    if reading.claims.layout.events and reference().totals:
        return [r for r in found if r.code != "off-its-vintages"]
    return found


def _curated(claims: Claims) -> list[Claims]:
    """The catalogue's own figures of the same estimator, an edition more to compare with."""
    speaker = claims.layout.speaker
    of_speaker = [s for s in _archive().statements if s.speaker == speaker]
    found = []
    for vintage in sorted({str(s.vintage) for s in of_speaker if s.vintage}):
        rows = [s for s in of_speaker if str(s.vintage) == vintage]
        found.append(claims_of(rows, claims.layout, f"the catalogue, edition of {vintage}"))
    return found


@cache
def _archive() -> Archive:
    from stocktake.secretariat.catalogue import load_catalogue

    return load_catalogue()[0].archive


def _advice(remarks: Iterable[Remark]) -> str:
    if any(r.code == "mixed-kinds" for r in remarks):
        return (
            "It is refused as one series. To take the State rows as the stockpile and the World rows as the total"
            " inventory, two series, say so: --split-world"
        )
    return "Mend the file, or ask its publisher; then import it again."


def _keep(reading: Reading, store: Path) -> None:
    """Write one import whole, or not at all; what is there already stays as it is."""
    home = store / reading.sha256[:16]
    if home.exists():
        return
    store.mkdir(parents=True, exist_ok=True)
    record = {
        "format": "stocktake.import/1",
        "file": Path(reading.path).name,
        "sha256": reading.sha256,
        "bytes": len(reading.data),
        "kind": reading.kind,
        "layout": reading.layout,
        "as_of": reading.as_of,
        "split_world": reading.split_world,
        "remarks": [{**remark, "file": Path(reading.path).name} for remark in to_json(reading.remarks)],
    }
    draft = Path(tempfile.mkdtemp(prefix=".import-", dir=store))
    try:
        (draft / "source").write_bytes(reading.data)
        (draft / "import.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(home)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not home.exists():
            raise


def stored(store: Path, today: date) -> list[Reading]:
    """Every import that is kept, read again from its bytes, in the order of their hashes."""
    if not store.is_dir():
        return []
    found = []
    for home in sorted(p for p in store.iterdir() if (p / "import.json").is_file()):
        try:
            record = json.loads((home / "import.json").read_text(encoding="utf-8"))
            data = (home / "source").read_bytes()
            changed = hashlib.sha256(data).hexdigest() != record["sha256"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidTerm(f"{home}: what is kept there cannot be read ({error}); move it away") from None
        if changed:
            raise InvalidTerm(f"{home}: the file kept there is no longer the one that was imported; move it away")
        reading = read_bytes(
            data,
            record["file"],
            record["kind"],
            today,
            as_of=record["as_of"],
            split_world=record["split_world"],
        )
        found.append(reading)
    return found


def to_json(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    """Remarks as plain data, with every row."""
    return [
        {"file": r.file, "rows": list(r.rows), "code": r.code, "weight": r.weight.value, "message": r.message}
        for r in remarks
    ]
