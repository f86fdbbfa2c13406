"""Vectors that others published: notes, checkpoints, cosignatures, tiles, proofs. Each says where it stands."""

from __future__ import annotations

import pytest

from stocktake.ledger.canonical import base64_of, from_base64
from stocktake.ledger.errors import LedgerError, Malformed, SignatureFails
from stocktake.ledger.merkle import leaf_hash
from stocktake.ledger.notes import COSIGNATURE, Checkpoint, Note, Signer, Verifier, signed_checkpoint
from stocktake.ledger.proofs import Proof
from stocktake.ledger.tiles import bundle_of, edge_tiles, entries_of, entries_path, tile_path

# golang.org/x/mod, sumdb/note/note_test.go (TestSign, TestOpen, TestNewVerifier).
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = from_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "private key")[1:]
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"

# c2sp.org/signed-note, test vector of the specification.
EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)

# A checkpoint of a Certificate Transparency log of 23 May 2026 with the cosignatures of four witnesses, as the tests of
# tlog_scales (tests/test_signing.py) hold it with the keys of the log and of one witness.
LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
COSIGNED = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501


def test_a_text_is_signed_as_go_signs_it() -> None:
    signer = Signer("PeterNeumann", PETER_SEED)
    assert str(signer.verifier) == PETER
    assert str(Note(TEXT, ()).signed(signer)) == f"{TEXT}\n{PETER_LINE}"


def test_a_note_of_two_signers_is_opened_by_each_key_alone() -> None:
    note = Note.parse(f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}".encode())
    note.require(Verifier.parse(PETER))
    note.require(Verifier.parse(ENOCH))
    with pytest.raises(SignatureFails, match="not signed by"):
        Note.parse(f"{TEXT}\n{PETER_LINE}".encode()).require(Verifier.parse(ENOCH))


@pytest.mark.parametrize(
    "bad",
    [
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{PETER_LINE[:-1]}",
        f"\x01{TEXT}\n{PETER_LINE}",
        f"{TEXT}\n{PETER_LINE.replace('PeterNeumann', 'Bad Name')}",
        f"{TEXT}\n{PETER_LINE}Unexpected line.\n",
        f"{TEXT}\n{PETER_LINE * 101}",
    ],
)
def test_a_note_that_go_calls_malformed_is_refused(bad: str) -> None:
    for data in (bad.encode(), b"\xff" + bad.encode()):
        with pytest.raises(Malformed):
            Note.parse(data)


def test_a_signature_with_bytes_in_between_does_not_verify() -> None:
    with pytest.raises(LedgerError):
        Note.parse(f"{TEXT}\n{PETER_LINE[:60]}ABCD{PETER_LINE[60:]}".encode()).require(Verifier.parse(PETER))


@pytest.mark.parametrize(
    "bad",
    [
        f"{PETER}BADKEY==",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
    ids=["longer", "longer, of the right hash", "of an unknown algorithm"],
)
def test_a_key_that_go_refuses_is_refused(bad: str) -> None:
    with pytest.raises(Malformed):
        Verifier.parse(bad)


def test_the_vector_of_the_signed_note_specification() -> None:
    key = Verifier.parse(EXAMPLE)
    assert key.public.hex() == "e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4"
    Note.parse(EXAMPLE_NOTE.encode()).require(key)


def test_a_real_checkpoint_with_a_real_cosignature() -> None:
    note, log, witness = Note.parse(COSIGNED.encode()), Verifier.parse(LOG), Verifier.parse(WITNESS)
    assert str(note) == COSIGNED
    note.require(log)
    assert witness.key_hash(COSIGNATURE).hex() == "da77ade7"
    assert note.time_by(witness) == 0x6A122120  # 23 May 2026
    assert Checkpoint.parse(note.text).size == 1_432_088_532
    changed = Note.parse(COSIGNED.replace("1432088532", "1432088533").encode())
    with pytest.raises(SignatureFails):
        changed.require(log)
    with pytest.raises(SignatureFails):
        changed.time_by(witness)


def test_a_checkpoint_has_the_form_of_go() -> None:
    """golang.org/x/mod, sumdb/tlog/note_test.go (TestFormatTree): the hash is that of the record "hello world"."""
    point = Checkpoint("go.sum", 123456789012, leaf_hash(b"hello world"))
    assert point.text == "go.sum\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n"
    assert Checkpoint.parse(signed_checkpoint(point, Signer("go.sum", bytes(32)), 1).text) == point


ROOT = base64_of(bytes(32))


@pytest.mark.parametrize(
    "bad",
    [
        "Head\n9944\n",
        f"\n9944\n{ROOT}\n",
        f"Log\n123\n{ROOT}",
        f"Log\nbananas\n{ROOT}\n",
        f"Log\n-34\n{ROOT}\n",
        f"Log\n3438945738945739845734895735\n{ROOT}\n",
        "Log\n123\nThisIsn'tBase64\n",
        f"go.sum database tree\n0xabcdef\n{ROOT}\n",
        "Log\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBTOOBIG=\n",
        f"Log\n0123\n{ROOT}\n",
        f"Log\n123\n{ROOT}\n\n\n",
        f"Log\n9944\n{ROOT}\nHere's some associated data.\n",
    ],
)
def test_a_checkpoint_that_others_refuse_is_refused_and_extension_lines_too(bad: str) -> None:
    """transparency-dev/formats, log/checkpoint_test.go; sumdb/tlog/note_test.go.

    C2SP allows extension lines but does not recommend them, since nobody audits them; a log of ours never has one.
    """
    with pytest.raises(Malformed):
        Checkpoint.parse(bad)


@pytest.mark.parametrize(("n", "path"), [(0, "000"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")])
def test_a_tile_lies_where_the_specification_says(n: int, path: str) -> None:
    """C2SP tlog-tiles, "Merkle Tree"."""
    assert (tile_path(3, n), entries_path(n, 7)) == (f"tile/3/{path}", f"tile/entries/{path}.p/7")


def test_a_tree_of_70000_and_one_of_256_have_the_tiles_of_the_specification() -> None:
    """C2SP tlog-tiles, "Partial Tiles": full tiles of a level and the width of its partial one."""
    assert list(edge_tiles(70_000)) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(edge_tiles(256)) == [(0, 1, 0), (1, 0, 1)]


def test_a_bundle_is_entries_after_their_length_in_two_bytes() -> None:
    """C2SP tlog-tiles, "Log entries"."""
    assert bundle_of([b"abc", b""]) == b"\x00\x03abc\x00\x00"
    assert entries_of(b"\x00\x03abc\x00\x00", 2) == [b"abc", b""]


def test_a_proof_has_the_form_of_transparency_dev() -> None:
    """transparency-dev/formats, proof/tlog_proof_test.go (TestMarshal)."""
    one, two = leaf_hash(b"1"), leaf_hash(b"2")
    text = f"c2sp.org/tlog-proof@v1\nindex 5\n{base64_of(one)}\n{base64_of(two)}\n\n{COSIGNED}"
    proof = Proof.parse(text)
    assert (proof.index, proof.path, str(proof)) == (5, (one, two), text)


@pytest.mark.parametrize(
    "head",
    [
        "wrong-header\nindex 0\n",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v1\nindex notanumber\n",
        "c2sp.org/tlog-proof@v1\nindex -5\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{base64_of(bytes(64))}\n",
    ],
)
def test_a_proof_that_transparency_dev_refuses_is_refused(head: str) -> None:
    with pytest.raises(LedgerError):
        Proof.parse(f"{head}\n{COSIGNED}")
