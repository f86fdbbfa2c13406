"""How long a whole review takes and how much memory, beside the limit of its parts: ``make bench``.

Every figure is the best of five fresh processes of one run. The peer is the import of the chosen parts alone (typer,
rich, jinja2, pydantic, yaml): no review by these parts can be faster from the shell than that.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

RUNS = 5
AS_OF = "2026-11-22"
PARTS = "import typer, rich, jinja2, pydantic, yaml"
MODULES = "import stocktake.cli, stocktake.secretariat.reviewing, stocktake.publication.site"
TIMED = """
from time import perf_counter
began = perf_counter()
{modules}
imported = perf_counter()
from datetime import date
from pathlib import Path
from stocktake.secretariat.reviewing import make_review, write_site
write_site(make_review(as_of=date.fromisoformat({as_of!r})), Path({out!r}), lang="en")
print(imported - began, perf_counter() - imported)
"""
# What a first-time user is promised: seconds, seconds, megabytes.
AIMS = {"review, after import": 2.0, "stocktake review, from the shell": 5.0, "peak memory of the review": 300.0}


@dataclass(frozen=True)
class Run:
    """One process: wall time in seconds, peak of its resident memory in MB, what it printed."""

    seconds: float
    peak_mb: float
    output: str


def run(command: Sequence[str]) -> Run:
    """Run to the end and measure; a process that fails ends the benchmark with its own message."""
    began = perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{' '.join(command)[:80]} ended with {process.returncode}")
    unit = 1_000_000 if sys.platform == "darwin" else 1_000  # ru_maxrss: bytes on macOS, kilobytes on Linux
    return Run(seconds, usage.ru_maxrss / unit, output)


def measure(out: Path) -> dict[str, float]:
    """The best of five, by name; all in one run, turn by turn, so that a busy machine is busy for everyone."""
    shell = [str(Path(sys.executable).with_name("stocktake")), "review", "--out", str(out), "--as-of", AS_OF]
    timed = TIMED.format(modules=MODULES, as_of=AS_OF, out=str(out))
    rows: dict[str, list[float]] = {}
    for _ in range(RUNS):
        parts, cold, inside = run([sys.executable, "-c", PARTS]), run(shell), run([sys.executable, "-c", timed])
        imports, review = map(float, inside.output.split())
        found = {
            "limit: import of the parts": parts.seconds,
            "import of stocktake": imports,
            "review, after import": review,
            "stocktake review, from the shell": cold.seconds,
            "memory of the parts": parts.peak_mb,
            "peak memory of the review": cold.peak_mb,
        }
        for name, value in found.items():
            rows.setdefault(name, []).append(value)
    return {name: min(values) for name, values in rows.items()}


def table(found: dict[str, float]) -> str:
    """A row a measurement: the figure, its ratio to the limit in the same unit, and the aim."""
    lines = [f"{'best of ' + str(RUNS):<34}{'':>11}{'x limit':>9}{'aim':>9}"]
    for name, value in found.items():
        memory = "memory" in name
        limit = found["memory of the parts" if memory else "limit: import of the parts"]
        unit, digits = ("MB", 0) if memory else ("s", 2)
        aim = AIMS.get(name)
        said = "" if aim is None else f"< {aim:.0f} {unit}{'' if value < aim else ' MISSED'}"
        lines.append(f"{name:<34}{value:>8.{digits}f} {unit:<2}{value / limit:>9.1f}{said:>9}")
    return "\n".join(lines)


def main() -> None:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "review"
        found = measure(out)
        files = [path for path in out.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1_000_000
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    print(f"A/RES/75/65 from the bundled catalogue, as of {AS_OF}: {len(files)} files, {size:.1f} MB\n")
    print(table(found))


if __name__ == "__main__":
    main()
