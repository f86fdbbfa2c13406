"""The catalogue in its log: each release extends the one before, the same bytes for all, and a review from any size."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from stocktake.ledger.audit import audit
from stocktake.ledger.errors import LogRefused
from stocktake.ledger.notes import Checkpoint, Note
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.log_catalogue import (
    audit_review,
    broken_release,
    catalogue_log,
    catalogue_of,
    releases,
    what_was_known,
    write_release,
)
from stocktake.secretariat.log_reading import FilesReader
from stocktake.secretariat.reviewing import make_review, write_site

pytestmark = pytest.mark.xdist_group("log-catalogue")  # one review and one look into history for all
BUNDLED = Path(str(files("stocktake") / "catalogue"))
RELEASES = "src/stocktake/catalogue/ledger"
# Drafts of release 0001, made anew on branches before the first was joined: nobody was told of them.
DRAFTS = {"dd547609ea95917be17b12878850da7234225d01", "54b0d137a69bd7be4b35faef99f6c7f9fe0dceaf"}


def git(*arguments: str) -> str:
    root = Path(__file__).parents[2]
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def held() -> dict[str, list[Note]]:
    """Every checkpoint that the history of the repository holds, by its file: what others may have kept."""
    try:
        commits = git("log", "--full-history", "--format=%H", "HEAD", "--", RELEASES).split()
        shallow = git("rev-parse", "--is-shallow-repository").strip() == "true"
    except (OSError, subprocess.CalledProcessError) as error:
        commits, shallow = [], True
        warnings.warn(f"NOT PROVED AGAINST HISTORY: no git history here ({error})", stacklevel=1)
    if shallow:
        warnings.warn("NOT PROVED AGAINST ALL OF HISTORY: fetch it with: git fetch --unshallow", stacklevel=1)
    blobs = dict[str, str]()
    for commit in commits:
        for row in git("ls-tree", commit, f"{RELEASES}/").splitlines():
            _, _, blob, name = row.split()
            if name.endswith(".checkpoint") and blob not in DRAFTS:
                blobs[blob] = Path(name).name
    found: dict[str, list[Note]] = {}
    for blob, name in blobs.items():
        found.setdefault(name, []).append(Note.parse(git("cat-file", "blob", blob).encode()))
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the catalogue, all of it released."""
    place = tmp_path / "catalogue"
    shutil.copytree(BUNDLED, place)
    if catalogue_log(load_catalogue(place)[0], place).size > sum(len(r.records) for r in releases(place)):
        write_release(place, 1_890_000_000)
    return place


def change(copy: Path) -> None:
    """Change one row of the evidence."""
    table = copy / "evidence" / "arsenals.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("FAS", "F.A.S.", 1), encoding="utf-8")


def test_each_release_extends_the_one_before_and_what_history_holds(held: dict[str, list[Note]]) -> None:
    notes = [note for kept in held.values() for note in kept]
    assert releases(BUNDLED) and broken_release(BUNDLED, notes) is None
    for name, kept in held.items():
        now = (BUNDLED / "ledger" / name).read_text(encoding="utf-8")
        assert {str(note) for note in kept} == {now}, f"{name} was published, and is not to be made anew"


def test_a_release_that_was_made_anew_fits_itself_but_not_what_was_held(copy: Path) -> None:
    published = [r.checkpoint for r in releases(copy)]
    change(copy)
    for path in (copy / "ledger").iterdir():
        path.unlink()
    write_release(copy, 1_900_000_000)
    assert broken_release(copy) is None
    fault = broken_release(copy, published)
    assert fault is not None and str(published[0]) in fault, "the evidence is in the message"


def test_a_release_whose_records_were_edited_is_named(copy: Path) -> None:
    rows = copy / "ledger" / "0001.jsonl"
    rows.write_bytes(rows.read_bytes().replace(b'"speaker":"FAS"', b'"speaker":"SIPRI"', 1))
    assert (broken_release(copy) or "").startswith("release 0001")


def test_the_log_alone_gives_the_catalogue_back() -> None:
    catalogue, _, _ = load_catalogue()
    log = catalogue_log(catalogue, None)
    again, _, _ = catalogue_of(log)
    assert again.archive.statements == catalogue.archive.statements
    assert again.register == catalogue.register and again.indicators == catalogue.indicators


@pytest.mark.slow
def test_a_changed_row_is_a_correction_and_a_release_goes_back(copy: Path) -> None:
    before = what_was_known(copy, None)
    change(copy)
    after = what_was_known(copy, None)
    assert after.at["tree_size"] == before.at["tree_size"] + 1
    write_release(copy, 1_900_000_000)
    assert broken_release(copy, [r.checkpoint for r in releases(copy)]) is None
    back = what_was_known(copy, before.at["tree_size"])
    assert back.log == before.log and audit(FilesReader(after.log)).holds
    assert back.catalogue.archive.statements == before.catalogue.archive.statements
    assert what_was_known(copy, date(2020, 1, 1)).at["reconstructed"]


def test_a_size_inside_a_release_is_refused_with_the_sizes_that_were_published(copy: Path) -> None:
    sizes = [Checkpoint.parse(r.checkpoint.text).size for r in releases(copy)]
    for inside in (1, sizes[0] // 2):
        with pytest.raises(LogRefused, match=", ".join(map(str, sizes))):
            what_was_known(copy, inside)
    with pytest.raises(LogRefused, match=f"1 to {sizes[-1]}"):
        what_was_known(copy, sizes[-1] + 1)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "review"
    write_site(make_review(as_of=date(2026, 11, 22)), out, lang="en")
    return out


def edited(published: Path, tmp_path: Path, old: str, new: str, after: str = "") -> set[str]:
    """What the audit finds once a word of the review, the first one after ``after``, was changed."""
    place = tmp_path / "review"
    shutil.copytree(published / "log", place / "log")
    shutil.copy(published / "review.json", place)
    head, mark, tail = (place / "review.json").read_text(encoding="utf-8").partition(after or '"format"')
    assert old in tail
    (place / "review.json").write_text(head + mark + tail.replace(old, new, 1), encoding="utf-8")
    return {f"{f.sort}: {f.code}" for f in audit_review(place).found if f.sort != "note"}


def test_a_published_review_is_a_record_of_the_log_with_its_inputs(published: Path) -> None:
    found = audit_review(published)
    assert found.holds, found.found
    known = what_was_known(None, None)
    assert found.size == known.at["tree_size"] + 1


def test_a_review_that_was_changed_is_not_the_one_that_was_signed(published: Path, tmp_path: Path) -> None:
    found = edited(published, tmp_path, '"as_of": "2026-11-22"', '"as_of": "2026-11-23"')
    assert found == {"wrong: review-differs"}


def test_a_figure_of_a_review_that_was_changed_differs_from_the_log(published: Path, tmp_path: Path) -> None:
    found = edited(published, tmp_path, '"unit": "warheads"', '"unit": "bombs"', '"statements": {')
    assert found == {"wrong: review-differs", "wrong: input-differs"}


def test_a_review_of_another_checkpoint_is_found(published: Path, tmp_path: Path) -> None:
    found = edited(published, tmp_path, "\\n", "2\\n", '"checkpoint": "stocktake/catalogue')
    assert found == {"wrong: other-checkpoint", "wrong: review-differs"}
