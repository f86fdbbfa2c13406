"""The audit finds whatever was changed, and says what is wrong, what is missing, what nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.ledger.audit import Sort, audit
from stocktake.ledger.errors import LedgerError, NotAllowed, SplitView
from stocktake.ledger.keys import COMPILER, FOCAL_POINT, WITNESS, key_record, revocation
from stocktake.ledger.notes import Signer, Verifier
from stocktake.ledger.proofs import Bundle
from stocktake.ledger.records import Kind, Record, key_id
from stocktake.secretariat.log_desk import bundle_of_record, file_records, removal, rotate_operator, watch, witness
from stocktake.secretariat.log_reading import FilesReader, FolderReader
from stocktake.secretariat.log_storage import opened
from tests.ledger.conftest import BIRTH, COMPILED, OPERATOR, statement

LATER = BIRTH + 10_000
Make = Callable[[int], Path]


def files_of(place: Path) -> dict[str, bytes]:
    reader = FolderReader(place)
    return {name: reader.read(name) or b"" for name in reader.names() or ()}


@pytest.mark.slow
def test_flipping_any_byte_of_any_public_file_is_found(log: Make) -> None:
    files = files_of(log(1))
    assert audit(FilesReader(files), OPERATOR.verifier).holds
    for name, data in files.items():
        for at in range(len(data)):
            changed = bytearray(data)
            changed[at] ^= 1 + at % 255
            found = audit(FilesReader(files | {name: bytes(changed)}), OPERATOR.verifier)
            assert not found.holds, (name, at)


def test_a_file_that_is_gone_is_missing_or_superseded(log: Make) -> None:
    files = files_of(log(3))
    for name in files:
        found = audit(FilesReader({n: d for n, d in files.items() if n != name}), OPERATOR.verifier)
        superseded = (".p/" in name and not name.endswith("/5")) or name in ("checkpoints/1", "checkpoints/2")
        assert found.holds == superseded, name
        assert superseded or found.count(Sort.MISSING), name


def test_a_file_that_no_entry_accounts_for_is_found(log: Make) -> None:
    found = audit(FilesReader(files_of(log(1)) | {"blob/extra": b"x"}), OPERATOR.verifier)
    assert [f.code for f in found.found] == ["foreign-file"]


def test_a_wrong_key_is_found(log: Make) -> None:
    found = audit(FolderReader(log(1)), Signer(OPERATOR.name, bytes(32)).verifier)
    assert "wrong-key" in {f.code for f in found.found} and not found.holds


def test_the_cosignature_of_a_witness_whose_key_is_unknown_cannot_be_told(log: Make, tmp_path: Path) -> None:
    place, who = log(1), Signer("witness.example", bytes(32))
    with opened(place) as store:
        store.cosign(store.note.cosigned(who, LATER))
    found = audit(FolderReader(place), OPERATOR.verifier)
    assert (found.holds, found.count(Sort.CANNOT_TELL)) == (True, 1)
    file_records(place, [key_record(who.verifier, WITNESS).data], OPERATOR, OPERATOR, LATER)
    note = witness(FolderReader(place), tmp_path / "w", OPERATOR.verifier, who, LATER)
    with opened(place) as store:
        store.cosign(note)
    found = audit(FolderReader(place), OPERATOR.verifier)
    assert (found.holds, found.count(Sort.CANNOT_TELL)) == (True, 0)


@pytest.mark.parametrize("why", ["unknown", "expired", "not yet", "revoked", "wrong role", "another State"])
def test_a_key_that_may_not_cannot_add(log: Make, why: str) -> None:
    place, who = log(1), Signer("focal.example", bytes(32))
    since, until = (LATER + 9 if why == "not yet" else None), (LATER if why == "expired" else None)
    role = WITNESS if why == "wrong role" else FOCAL_POINT
    speaker = None if role == WITNESS else "GBR" if why == "another State" else "FRA"
    if why != "unknown":
        record = key_record(who.verifier, role, speaker=speaker, since=since, until=until)
        file_records(place, [record.data], OPERATOR, OPERATOR, BIRTH + 500)
    if why == "revoked":
        file_records(place, [statement(7)], OPERATOR, who, BIRTH + 600)
        gone = revocation(key_id(who.verifier.public), "lost")
        file_records(place, [gone.data], OPERATOR, OPERATOR, BIRTH + 700)
    before = files_of(place)
    with pytest.raises(NotAllowed):
        file_records(place, [statement(8)], OPERATOR, who, LATER)
    assert files_of(place) == before
    assert audit(FolderReader(place), OPERATOR.verifier).holds, "what was filed before the revocation stays valid"


def test_a_record_is_kept_once_and_a_correction_hides_nothing(log: Make) -> None:
    place = log(2)
    assert file_records(place, [statement(0), statement(9)], OPERATOR, COMPILED, LATER) == [2, 4]
    first = Record.parse(statement(0))
    fixed = Record.make(Kind.CORRECTION, "FRA", {"best": "1", "unit": "warheads"}, supersedes=first.id)
    assert file_records(place, [fixed.data], OPERATOR, COMPILED, LATER) == [5]
    assert bundle_of_record(FolderReader(place), "2", None).record == first.data
    lost = Record.make(Kind.CORRECTION, "FRA", {}, supersedes="0" * 64)
    with pytest.raises(NotAllowed, match="points to"):
        file_records(place, [lost.data], OPERATOR, COMPILED, LATER)


def test_content_that_the_law_removes_leaves_leaf_and_reason(log: Make) -> None:
    place = log(2)
    gone = removal(FolderReader(place).read, "2", 4, "court order")
    file_records(place, [gone.data], OPERATOR, OPERATOR, LATER)
    found = audit(FolderReader(place), OPERATOR.verifier)
    assert found.holds and found.removed == 1
    bundle = bundle_of_record(FolderReader(place), "2", None)
    assert bundle.record is None and bundle.verify(OPERATOR.verifier).size == 5


def test_a_rotated_operator_key_keeps_the_log(log: Make) -> None:
    place, new = log(1), Signer(OPERATOR.name, bytes(32))
    rotate_operator(place, OPERATOR, new, LATER)
    file_records(place, [statement(50)], new, COMPILED, LATER)
    for key in (OPERATOR.verifier, new.verifier):
        assert audit(FolderReader(place), key).holds
    with pytest.raises(NotAllowed):
        file_records(place, [statement(51)], OPERATOR, COMPILED, LATER)


def test_rollback_and_split_views_are_found_with_both_checkpoints(log: Make, tmp_path: Path) -> None:
    place, state = log(3), tmp_path / "seen"
    old = files_of(place)
    assert watch(FilesReader(old), state, OPERATOR.verifier) == (None, 5)
    file_records(place, [statement(60)], OPERATOR, COMPILED, LATER)
    assert watch(FolderReader(place), state, OPERATOR.verifier) == (5, 6)
    with pytest.raises(SplitView, match="ROLLBACK"):
        watch(FilesReader(old), state, OPERATOR.verifier)
    kept = place.rename(place.with_name("kept"))
    other = log(3)
    file_records(other, [statement(61)], OPERATOR, COMPILED, LATER)
    with pytest.raises(SplitView) as caught:
        watch(FolderReader(other), state, OPERATOR.verifier)
    assert caught.value.one == (kept / "checkpoint").read_text(encoding="utf-8")
    assert caught.value.other == (other / "checkpoint").read_text(encoding="utf-8")
    with pytest.raises(SplitView):
        witness(FolderReader(other), state, OPERATOR.verifier, COMPILED, LATER)


def test_a_bundle_with_any_byte_changed_never_verifies(log: Make) -> None:
    data = bytes(bundle_of_record(FolderReader(log(5)), "4", OPERATOR.verifier))
    assert Bundle.parse(data).verify(OPERATOR.verifier).size == 7
    harmless = b"".join([b'"vkey":"', str(OPERATOR.verifier).encode()])
    vkey = range(data.index(harmless) + 8, len(data))
    cosigned = data.rindex("—".encode())
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1
        if at in vkey or cosigned <= at < vkey.start:
            continue  # the key comes from elsewhere here; the date beside the signature is no part of the proof
        with pytest.raises(LedgerError):
            Bundle.parse(bytes(changed)).verify(OPERATOR.verifier)


@given(st.binary(max_size=300))
def test_no_bytes_make_a_parser_do_anything_but_refuse(data: bytes) -> None:
    for parse in (Bundle.parse, Record.parse):
        with pytest.raises(LedgerError):
            parse(data)
    with pytest.raises(LedgerError):
        Verifier.parse(data.decode("latin-1"))


def test_a_compiler_admitted_by_nobody_but_the_operator(log: Make) -> None:
    place = log(0)
    record = key_record(Signer("x.example", bytes(32)).verifier, COMPILER)
    with pytest.raises(NotAllowed, match="role compiler"):
        file_records(place, [record.data], OPERATOR, COMPILED, LATER)
