"""What all tests share: the fixtures that we wrote, and the folder of real documents that only some machines have."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest
from hypothesis import settings

# `pytest --hypothesis-profile=long` looks harder; no example is too slow on a busy machine.
settings.register_profile("default", deadline=None)
settings.register_profile("long", max_examples=3000, deadline=None)
settings.load_profile("default")

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of the documents that we wrote ourselves."""
    return _ROOT / "tests" / "fixtures"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents (STOCKTAKE_SHARED or ``../shared``): missing, it fails in CI, else skips aloud."""
    folder = Path(os.environ.get("STOCKTAKE_SHARED") or _ROOT.parent / "shared")
    if folder.is_dir():
        return folder
    message = f"SKIPPED, NOT PASSED: no real documents at {folder}; set STOCKTAKE_SHARED to run these tests"
    if os.environ.get("CI"):
        pytest.fail(message)
    warnings.warn(message, stacklevel=1)
    pytest.skip(message)


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """The Python that can drive LibreOffice: missing, it fails in CI, else skips aloud."""
    python = Path("/usr/bin/python3")
    if shutil.which("soffice") and subprocess.run([python, "-c", "import uno"], capture_output=True).returncode == 0:
        return python
    message = "SKIPPED, NOT PASSED: no LibreOffice; install libreoffice-calc and python3-uno to run these tests"
    if os.environ.get("CI"):
        pytest.fail(message)
    warnings.warn(message, stacklevel=1)
    pytest.skip(message)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--approve", action="store_true", help="take what the golden tests found as approved")


@pytest.fixture(scope="session")
def approve(request: pytest.FixtureRequest) -> bool:
    """Whether what is found now is to be approved."""
    return bool(request.config.getoption("--approve"))
