"""No bytes make a parser do anything but refuse them, or take them as the only spelling of what they say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.ledger.audit import audit
from stocktake.ledger.canonical import canonical
from stocktake.ledger.errors import LedgerError
from stocktake.ledger.keys import COMPILER, key_record
from stocktake.ledger.keys import OPERATOR as OPERATES
from stocktake.ledger.notes import Note
from stocktake.ledger.proofs import Bundle
from stocktake.ledger.records import RECORD, Kind, entry_for
from stocktake.secretariat.log_reading import FilesReader, FolderReader
from stocktake.secretariat.log_storage import new_log
from tests.ledger.conftest import BIRTH, COMPILED, OPERATOR
from tests.ledger.parsers import PARSERS, samples

# What coverage-guided fuzzing (fuzz_parsers.py) found, and what is like it: the number of the parser, and the bytes.
FOUND = [
    (4, b'{"":{"e":"s"},"kind":{"e":"s"},"kinde":"","unit":""}'),
    (
        7,
        b'{"body":{"action":"admit","algorithm":"ed25519","name":"x","public":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",'
        b'"replaces":[],"role":"compiler"},"format":"stocktake.record/1","kind":"key","speaker":"x"}',
    ),
]


def take(which: int, data: bytes) -> bool:
    """Whether the parser takes the bytes; then they are the only spelling."""
    try:
        again = PARSERS[which](data)
    except LedgerError:
        return False
    assert again == data, "another spelling was taken"
    return True


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return samples(tmp_path_factory.mktemp("parsers"))


def test_every_sample_is_taken(valid: list[bytes]) -> None:
    assert len(valid) == len(PARSERS) and all(take(n, data) for n, data in enumerate(valid))


@pytest.mark.parametrize(("which", "data"), FOUND)
def test_what_fuzzing_found_stays_refused(which: int, data: bytes) -> None:
    assert not take(which, data)


@given(st.integers(0, len(PARSERS) - 1), st.binary(max_size=300))
def test_any_bytes(which: int, data: bytes) -> None:
    take(which, data)


@settings(max_examples=600)
@given(st.data())
def test_a_sample_with_parts_cut_doubled_or_changed(valid: list[bytes], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(PARSERS) - 1))
    take(which, mutated(valid[which], data))


def mutated(sample: bytes, data: st.DataObject) -> bytes:
    """The bytes after one to four cuts, repetitions, swaps and replacements."""
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, max(0, len(sample) - 1)))
        end = data.draw(st.integers(start, min(len(sample), start + 80)))
        part, new = (
            sample[start:end],
            data.draw(st.binary(max_size=4) | st.sampled_from([b"\n", b" ", b"0", b"=", b"+"])),
        )
        change = data.draw(st.sampled_from(["cut", "double", "replace", "case", "move"]))
        middle = {"cut": b"", "double": part * 2, "replace": new, "case": part.swapcase(), "move": b""}[change]
        sample = sample[:start] + middle + sample[end:] + (part if change == "move" else b"")
    return sample


@settings(max_examples=400)
@given(st.data())
def test_a_bundle_or_note_that_was_changed_proves_nothing_else(valid: list[bytes], data: st.DataObject) -> None:
    """If it still verifies, then record, entry, index, path and checkpoint are what they were."""
    key, whole = OPERATOR.verifier, Bundle.parse(valid[5])
    try:
        found = Bundle.parse(mutated(valid[5], data))
        found.verify(key)
    except LedgerError:
        return
    assert found.record in (whole.record, None), "only the content may be gone"
    assert (found.entry, found.proof.index, found.proof.path) == (whole.entry, whole.proof.index, whole.proof.path)
    assert found.proof.checkpoint.text == whole.proof.checkpoint.text


@settings(max_examples=400)
@given(st.data())
def test_a_checkpoint_that_was_changed_is_not_signed(valid: list[bytes], data: st.DataObject) -> None:
    changed = mutated(valid[0], data)
    try:
        note = Note.parse(changed)
        note.require(OPERATOR.verifier)
    except LedgerError:
        return
    assert note.text == Note.parse(valid[0]).text


@settings(max_examples=300)
@given(st.data())
def test_a_log_in_which_one_file_was_changed_does_not_hold(files: dict[str, bytes], data: st.DataObject) -> None:
    """Whatever was done to it; but a dated line may be taken off an old checkpoint, which then says less."""
    name = data.draw(st.sampled_from(sorted(files)))
    changed = mutated(files[name], data)
    found = audit(FilesReader(files | {name: changed}), OPERATOR.verifier)
    if found.holds and changed != files[name]:
        before, now = Note.parse(files[name]), Note.parse(changed)
        assert name.startswith("checkpoint") and now.text == before.text, name
        assert set(now.signatures) <= set(before.signatures)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    place = tmp_path_factory.mktemp("files")
    samples(place)
    reader = FolderReader(place / "log")
    return {name: reader.read(name) or b"" for name in reader.names() or ()}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "0" * 64, "admit", "revoke", "witness"]),
    lambda part: (
        st.lists(part, max_size=2) | st.dictionaries(st.sampled_from(["a", "unit", "value"]), part, max_size=2)
    ),
    max_leaves=4,
)
KINDS = st.sampled_from([str(k) for k in Kind]) | JSON
FIELDS = dict.fromkeys(("stated_on", "supersedes", "about", "reason", "unit", "best"), JSON)
BODY = dict.fromkeys(("action", "key", "role", "public", "name", "replaces", "for", "not_after", "content"), JSON)


@settings(max_examples=300)
@given(
    KINDS, st.fixed_dictionaries({}, optional=FIELDS), st.fixed_dictionaries({}, optional=BODY) | JSON, st.booleans()
)
def test_no_record_that_the_operator_signs_breaks_the_audit(
    kind: object, fields: dict[str, object], body: object, admits: bool
) -> None:
    if admits and isinstance(body, dict):
        admit = key_record(COMPILED.verifier, COMPILER).body
        body = admit | {k: v for k, v in body.items() if k not in ("action", "name", "public")}
    data = canonical(fields | {"format": RECORD, "kind": kind, "speaker": "x", "body": body})
    genesis = key_record(OPERATOR.verifier, OPERATES).data
    batches = [(BIRTH, [(entry_for(r, OPERATOR), r) for r in (genesis, data)])]
    audit(FilesReader(new_log(OPERATOR, batches)), OPERATOR.verifier)
