"""How fast texts are read and in how much memory, each beside its limit measured in the same run: ``make bench``.

Every figure is a ratio to a peer or to a physical limit: PDF to pypdfium2's bare extraction of the same pages, text to
one pass of ``\\w+`` over it, memory to the size of the text, two processes to a loop that does nothing but count. The
real documents beside the project are read where they are there, else text of our own. Exit code 1 if a limit is broken.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from stocktake.secretariat.reading import documents_of
from stocktake.terms.problems import StocktakeError

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("STOCKTAKE_SHARED") or ROOT.parent / "shared")
RUNS = 15
WORDS = re.compile(r"\w+")
LOOP = 3_000_000
PEAK = """
import sys
from functools import partial
from pathlib import Path
from stocktake.secretariat.reading import documents_of
documents_of(Path(sys.argv[1]))
documents_of(Path(sys.argv[2]))
status = Path("/proc/self/status")
if status.is_file():  # ru_maxrss of a child begins with that of its parent on Linux
    print(1000 * int(next(r for r in status.read_text().splitlines() if r.startswith("VmHWM")).split()[1]))
else:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
# ratios; resolutions a second and core; bytes a byte of text
LIMITS = {"pdf": 2.0, "text": 25.0, "rate": 100.0, "linear": 1.3, "memory": 20.0, "processes": 0.9}


@dataclass(frozen=True)
class Row:
    """A measurement: what it is, its value with the unit, the limit; ``least`` is true where more is better."""

    name: str
    value: float | None
    unit: str
    limit: float
    least: bool = False

    @property
    def broken(self) -> bool:
        return self.value is None or (self.value < self.limit if self.least else self.value > self.limit)


def best(*works: Callable[[], object], runs: int = RUNS, clock: Callable[[], float] = process_time) -> list[float]:
    """The best seconds of each work, turn by turn, so that a busy machine is busy for everyone.

    Seconds of this process alone are counted, unless the work is done by others.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, taken in zip(works, seconds, strict=True):
            began = clock()
            work()
            taken.append(clock() - began)
    return [min(taken) for taken in seconds]


def readable(paths: Sequence[Path]) -> list[Path]:
    """Those that are read at all; what is refused is no measure of speed."""

    def is_read(path: Path) -> bool:
        try:
            return bool(documents_of(path))
        except StocktakeError:
            return False

    return [path for path in paths if is_read(path)]


def own_text(characters: int) -> str:
    """A resolution of our own words with nine hundred operative paragraphs and about so many characters."""
    small = (ROOT / "tests" / "fixtures" / "small_resolution.zh.txt").read_text(encoding="utf-8")
    head, body = small.split("1. **", 1)
    clause = "，并回顾其第 98/2 号决议以及秘书长关于月面核武器登记册的报告"
    times = max(1, characters // 900 // len(clause))
    paragraphs = (f"{n}. 促请所有国家公布其列入登记册的弹头{clause * times}；\n\n" for n in range(1, 900))
    return f"{head}{''.join(paragraphs)}900. 决定继续审议此事。\n\n{body[body.index('2044 年 12 月 5 日') :]}"


def pdf() -> Iterator[Row]:
    import pypdfium2

    paths = readable(sorted(SHARED.rglob("*.pdf")))

    def bare() -> None:
        for path in paths:
            document = pypdfium2.PdfDocument(path)
            for page in document:
                page.get_textpage().get_text_bounded()
            document.close()

    whole, alone = best(lambda: [documents_of(p) for p in paths], bare) if paths else (0.0, 0.0)
    yield Row(f"{len(paths)} PDF, total", whole / alone if paths else None, "x pypdfium2", LIMITS["pdf"])


def text(folder: Path) -> Iterator[Row]:
    paths = readable(sorted(SHARED.rglob("*.txt")))
    if not paths:
        paths = [folder / f"own{i}.txt" for i in range(10)]
        for path in paths:
            path.write_text(own_text(20_000), encoding="utf-8")
    texts = [path.read_bytes().decode() for path in paths]
    whole, words = best(lambda: [documents_of(p) for p in paths], lambda: [WORDS.findall(t) for t in texts])
    typical = sum(map(len, texts)) / len(texts)
    name = f"{len(paths)} texts of {typical:,.0f} characters"
    yield Row(name, whole / words, "x one pass of \\w+", LIMITS["text"])
    yield Row("resolutions a second and core", len(paths) / whole, "/s", LIMITS["rate"], least=True)
    size = sum(path.stat().st_size for path in paths)
    yield Row("the same in resolutions of 20 kB", size / 20_000 / whole, "/s", LIMITS["rate"], least=True)


def linear(folder: Path) -> Iterator[Row]:
    """Seconds a byte at ten megabytes, against those of the smaller sizes in the middle."""
    rates = []
    for size in (1_250_000, 2_500_000, 5_000_000, 10_000_000):
        path = folder / f"{size}.txt"
        path.write_text(own_text(size // 3), encoding="utf-8")  # three bytes a character
        [seconds] = best(partial(documents_of, path), runs=2)
        rates.append(seconds / path.stat().st_size)
        print(f"  {path.stat().st_size / 1e6:5.1f} MB {seconds:7.2f} s {seconds * 1e6 / path.stat().st_size:6.2f} s/MB")
    yield Row("seconds a byte, 10 MB to less", rates[-1] / median(rates[:-1]), "x", LIMITS["linear"])


def memory(folder: Path) -> Iterator[Row]:
    """Peak of a process that reads a small and a large text, less that of one that reads the small one twice."""
    small, large = folder / "small.txt", folder / "large.txt"
    small.write_text(own_text(10_000), encoding="utf-8")
    large.write_text(own_text(10_000_000 // 3), encoding="utf-8")
    grown = peak(small, large) - peak(small, small)
    yield Row("memory a byte of text, 10 MB", grown / large.stat().st_size, "x", LIMITS["memory"])


def peak(*paths: Path) -> int:
    """The most bytes that a process of its own held while it read these files."""
    done = subprocess.run([sys.executable, "-c", PEAK, *map(str, paths)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def count(_: object) -> int:
    total = 0
    for n in range(LOOP):
        total += n
    return total


def read_often(path: Path) -> int:
    return sum(len(documents_of(path)) for _ in range(4))


def processes(folder: Path) -> Iterator[Row]:
    """How much faster two processes are than one, for reading and for a loop that only counts."""
    path = folder / "typical.txt"
    path.write_text(own_text(60_000), encoding="utf-8")
    with mp.get_context("spawn").Pool(1) as one, mp.get_context("spawn").Pool(2) as two:
        for pool in (one, two):
            pool.map(read_often, [path] * 4, chunksize=1)  # everything is imported and compiled
        read1, read2, loop1, loop2 = best(
            lambda: one.map(read_often, [path] * 4, chunksize=1),
            lambda: two.map(read_often, [path] * 4, chunksize=1),
            lambda: one.map(count, range(4), chunksize=1),
            lambda: two.map(count, range(4), chunksize=1),
            runs=3,
            clock=perf_counter,
        )
    name = f"speed-up of two processes, {read1 / read2:.2f}"
    yield Row(name, (read1 / read2) / (loop1 / loop2), "x that of a loop", LIMITS["processes"], least=True)


def main() -> int:
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with TemporaryDirectory() as name:
        folder = Path(name)
        rows = [*pdf(), *text(folder), *linear(folder), *memory(folder), *processes(folder)]
    print(f"\n{'':<42}{'value':>9} {'':<18}{'limit':>8}")
    for row in rows:
        value = "none" if row.value is None else f"{row.value:.2f}"
        limit = f"{'>=' if row.least else '<='} {row.limit:g}"
        print(f"{row.name:<42}{value:>9} {row.unit:<18}{limit:>8}  {'FAIL' if row.broken else 'PASS'}")
    return 1 if any(row.broken for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
