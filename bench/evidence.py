"""Speed of importing and checking, beside frictionless and beside the plain reading of the same bytes, in one run.

    python bench/evidence.py [--votes FILE] [--rows N] [--without-peer]

Prints seconds and ratios. The vote matrix is `ungaVoting_003.csv` (6,551 roll-calls of 194 States), or one made up in
that shape when no file is given. The 100,000 rows are a made-up table of tests by State and year.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.importing import read_bytes
from stocktake.secretariat.reference import reference

TODAY = date(2026, 11, 22)


def seconds(work: Callable[[], Any], repeat: int = 3) -> float:
    """The best of some runs."""
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def rows_of_tests(count: int) -> bytes:
    """A clean table of States and years, ``count`` rows; every pair once."""
    names = [
        s.name("en")
        for s in reference().states
        if s.iso3 not in {"PRK", "IND", "PAK", "USA", "RUS", "GBR", "FRA", "CHN"}
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("country_name", "year", "nuclear_weapons_tests"))
    writer.writerows((names[n % len(names)], 1000 + n // len(names), 0) for n in range(count))
    return out.getvalue().encode()


def matrix(votes: int) -> bytes:
    """A matrix in the shape of the voting data."""
    chance = random.Random(1)
    states = sorted(reference().names.states)[:194]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("rcid", "date", "me", "nu", "di", "hr", "co", "ec", *states))
    for n in range(votes):
        day = date.fromordinal(date(1946, 1, 1).toordinal() + 4 * n)
        writer.writerow((100_000 + n, day, *["FALSE"] * 6, *chance.choices("12389", k=len(states))))
    return out.getvalue().encode()


def plain(data: bytes) -> int:
    """The limit: the same bytes decoded and cut into cells, nothing checked."""
    return sum(1 for _ in csv.reader(io.StringIO(data.decode())))


def peer(data: bytes) -> float:
    """Frictionless on the same file, with the schema that says as much as our layout does."""
    from frictionless import Resource, Schema

    schema = Schema.from_descriptor(
        {
            "fields": [
                {"name": "country_name", "type": "string", "constraints": {"required": True}},
                {"name": "year", "type": "integer", "constraints": {"maximum": TODAY.year}},
                {"name": "nuclear_weapons_tests", "type": "integer", "constraints": {"minimum": 0}},
            ],
            "primaryKey": ["country_name", "year"],
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes(data)
        began = time.perf_counter()
        report = Resource(path=path.name, basepath=folder, schema=schema).validate(limit_errors=10)
        took = time.perf_counter() - began
    if report.stats.get("errors") and any(e.type not in ("constraint-error",) for t in report.tasks for e in t.errors):
        print(f"  (frictionless says: {report.tasks[0].errors[0].message})")
    return took


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--votes", type=Path, help="ungaVoting_003.csv, or another matrix of that shape")
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--without-peer", action="store_true")
    chosen = options.parse_args()
    reference()

    place = files("stocktake").joinpath("catalogue")  # named, it is read anew each time; the bundled one is kept
    took = seconds(lambda: load_catalogue(place))
    print(f"whole catalogue, loaded and checked: {took:.2f} s (limit 1 s)")

    votes = chosen.votes.read_bytes() if chosen.votes else matrix(6551)
    took, limit = seconds(lambda: read_bytes(votes, "votes.csv", "votes", TODAY)), seconds(lambda: plain(votes))
    calls = read_bytes(votes, "votes.csv", "votes", TODAY).size
    print(f"{calls}: {took:.2f} s (limit 5 s), {took / limit:.1f} times the csv reader alone ({limit:.2f} s)")

    rows = rows_of_tests(chosen.rows)
    took, limit = seconds(lambda: read_bytes(rows, "rows.csv", "tests", TODAY)), seconds(lambda: plain(rows))
    print(
        f"{chosen.rows:,} rows: {took:.2f} s (limit 1 s), {took / limit:.1f} times the csv reader alone ({limit:.2f} s)"
    )
    if not chosen.without_peer:
        other = peer(rows)
        print(f"frictionless, the same rows: {other:.1f} s; {other / took:.0f} times as long")


if __name__ == "__main__":
    main()
