"""How fast the log is, beside the bare hash loop and pymerkle of the same run: ``python bench/ledger.py [LEAVES]``."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from stocktake.ledger.keys import COMPILER, key_record
from stocktake.ledger.merkle import inclusion_proof, leaf_hash, verify_inclusion
from stocktake.ledger.notes import Signer
from stocktake.ledger.records import Kind, Record, entry_for
from stocktake.ledger.tiles import Edge, grow, nodes
from stocktake.secretariat.log_desk import audit_log, file_records, start_log
from stocktake.secretariat.log_reading import FolderReader
from stocktake.secretariat.log_storage import opened

OPERATOR, FILER = Signer("bench.example", bytes(32)), Signer("filer.example", bytes([1] * 32))


def rebuild(leaves: int, place: Path) -> None:
    """Rebuild the root from raw entries, twice with tiles; beside the same number of bare SHA-256 calls."""
    rng = random.Random(1)
    entries = [rng.randbytes(256) for _ in range(leaves)]
    began = perf_counter()
    for entry in entries:
        hashlib.sha256(entry).digest()
    pair = bytes(64)
    for _ in range(leaves - 1):
        hashlib.sha256(pair).digest()
    limit = perf_counter() - began
    began, edge = perf_counter(), Edge()
    for start in range(0, leaves, 65_536):
        edge, files = grow(edge, entries[start : start + 65_536])
    _ = edge.root
    ours = perf_counter() - began
    print(f"rebuild {leaves:,} leaves: {ours:.2f} s, bare hash loop {limit:.2f} s, ratio {ours / limit:.2f} (aim 2)")
    edge, files = grow(Edge(), entries)
    for name, data in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    prove(entries, edge, place)


def prove(entries: list[bytes], edge: Edge, place: Path) -> None:
    reader, rng, took = FolderReader(place), random.Random(2), list[float]()
    node = nodes(edge.size, reader.read)
    for index in (rng.randrange(edge.size) for _ in range(500)):
        began = perf_counter()
        path = inclusion_proof(index, edge.size, node)
        took.append(perf_counter() - began)
        verify_inclusion(leaf_hash(entries[index]), index, edge.size, path, edge.root)
    print(f"inclusion proof from tiles at {edge.size:,}: median {statistics.median(took) * 1000:.2f} ms (aim 1)")


def append(place: Path, batches: int, size: int) -> None:
    """Durable appends in batches: signed, staged, synced, published."""
    start_log(place, OPERATOR, 1)
    file_records(place, [key_record(FILER.verifier, COMPILER).data], OPERATOR, OPERATOR, 2)
    memory = list[int]()
    with opened(place) as store:
        began = perf_counter()
        for n in range(batches):
            rows = [Record.make(Kind.STATEMENT, "FRA", {"id": f"{n}-{k}"}).data for k in range(size)]
            store.append([(entry_for(row, FILER), row) for row in rows], OPERATOR, 3 + n)
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        took = perf_counter() - began
    print(f"durable appends: {batches * size / took:,.0f} a second in batches of {size} (aim 1,000)")
    print(f"peak memory after the first batch {memory[0] / 1000:.0f} MB, after the last {memory[-1] / 1000:.0f} MB")


def growth(place: Path, sizes: tuple[int, int]) -> None:
    """A whole append command and a whole audit in a process of their own, at two sizes of the log."""
    start_log(place, OPERATOR, 1)
    file_records(place, [key_record(FILER.verifier, COMPILER).data], OPERATOR, OPERATOR, 2)
    at = 0
    for size in sizes:
        for start in range(at, size, 1000):
            file_records(place, [_row(n) for n in range(start, min(start + 1000, size))], OPERATOR, FILER, 4)
        at = size
        for what in (_append_one, _audit):
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:
                took, memory = alone.submit(what, place).result()
            print(f"{what.__name__[1:]} at {size:,} records: {took * 1000:,.0f} ms, peak memory {memory / 1000:.0f} MB")


def _row(n: int) -> bytes:
    return Record.make(Kind.STATEMENT, "FRA", {"id": f"row {n}"}).data


def _append_one(place: Path) -> tuple[float, int]:
    began = perf_counter()
    file_records(place, [_row(0), Record.make(Kind.STATEMENT, "FRA", {"id": str(began)}).data], OPERATOR, FILER, 4)
    return perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _audit(place: Path) -> tuple[float, int]:
    began = perf_counter()
    assert audit_log(FolderReader(place), OPERATOR.verifier).holds
    return perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def peer(leaves: int) -> None:
    from pymerkle import InmemoryTree

    tree, entries = InmemoryTree(algorithm="sha256"), [os.urandom(256) for _ in range(leaves)]
    began = perf_counter()
    for entry in entries:
        tree.append_entry(entry)
    theirs = perf_counter() - began
    began = perf_counter()
    grow(Edge(), entries)
    print(f"pymerkle, {leaves:,} leaves in memory: {theirs / (perf_counter() - began):.1f} times our time")


def main() -> None:
    leaves = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory(dir=Path.cwd()) as name:
        append(Path(name) / "log", 5, 1000)
        growth(Path(name) / "growing", (2_000, 20_000))
        rebuild(leaves, Path(name) / "tiles")
    peer(min(leaves, 50_000))


if __name__ == "__main__":
    main()
