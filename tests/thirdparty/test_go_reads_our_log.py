"""Software that we did not write reads our log: Debian's golang.org/x/mod/sumdb, packages note and tlog."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from stocktake.ledger.notes import Signer
from tests.ledger.conftest import OPERATOR, log, memory

__all__ = ["log", "memory"]
HERE = Path(__file__).parent
PACKAGES = "golang-go golang-golang-x-mod-dev"


@pytest.fixture(scope="session")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built offline from Debian's packages; missing, they fail in CI, else skip aloud."""
    sources = Path("/usr/share/gocode")
    if shutil.which("go") is None or not (sources / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        message = f"SKIPPED, NOT PASSED: no independent verifier; apt-get install {PACKAGES}"
        if os.environ.get("CI"):
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("go")
    env = os.environ | {
        "GO111MODULE": "off", "GOPATH": str(sources), "GOCACHE": str(folder / "cache"), "GOFLAGS": "", "GOPROXY": "off",
    }  # fmt: skip
    command = ["go", "build", "-o", str(folder / "verifier"), str(HERE / "verifier" / "main.go")]
    subprocess.run(command, env=env, check=True, timeout=300)
    return folder / "verifier"


def run(verifier: Path, place: Path, key: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([verifier, place, key], capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 5, 254, 255, 700])
def test_go_verifies_checkpoint_root_every_record_and_growth(
    count: int, log: Callable[[int], Path], verifier: Path
) -> None:
    done = run(verifier, log(count), str(OPERATOR.verifier))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"holds: {count + 2} records")


@pytest.mark.slow
def test_go_refuses_what_was_changed(log: Callable[[int], Path], verifier: Path) -> None:
    place, key = log(300), str(OPERATOR.verifier)
    for name, at in (("tile/0/000", 40), ("tile/entries/000", 500), ("tile/1/000.p/1", 3), ("checkpoint", 110)):
        path = place / name
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)
        assert run(verifier, place, key).returncode == 1, name
        data[at] ^= 1
        path.write_bytes(data)
    text = (place / "checkpoint").read_text(encoding="utf-8")
    (place / "checkpoint").write_text(text.replace("\n302\n", "\n301\n"), encoding="utf-8")
    assert "302" in text and run(verifier, place, key).returncode == 1, "an edited size"
    (place / "checkpoint").write_text(text, encoding="utf-8")
    other = Signer(OPERATOR.name, bytes(32)).verifier
    assert run(verifier, place, str(other)).returncode == 1, "a wrong key"
    assert run(verifier, place, key).returncode == 0
