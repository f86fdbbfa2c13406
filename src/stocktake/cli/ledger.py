"""`stocktake ledger`: the record that is kept; made, proved, audited, watched."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from stocktake.ledger.notes import Verifier

app = typer.Typer(help="The record: an append-only signed log that anyone can audit.", no_args_is_help=True)

Log = Annotated[str, typer.Argument(metavar="DIR|URL", help="The folder or address of a log.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a log.")]
Operator = Annotated[Path, typer.Option("--key", metavar="FILE", help="The private key of the log's operator.")]
Trusted = Annotated[
    str | None, typer.Option("--vkey", metavar="KEY", help="The log's key, as you know it (or a file).")
]
State = Annotated[
    Path, typer.Option("--state", metavar="FILE", help="Where the last checkpoint that was seen is kept.")
]


def _verifier(text: str | None) -> Verifier | None:
    from stocktake.ledger.notes import Verifier

    if text is not None and "+" not in text and Path(text).is_file():
        text = Path(text).read_text(encoding="utf-8").strip()
    return Verifier.parse(text) if text is not None else None


def _moment(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-11-25", param_hint=option) from None
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())


@app.command()
def keygen(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; never over a file.")],
    name: Annotated[str, typer.Option("--name", help="Whose key: for a log its origin, such as example.org/record.")],
) -> None:
    """Make a key; prints its public part."""
    from stocktake.secretariat.log_reading import new_key

    typer.echo(str(new_key(file, name).verifier))


@app.command()
def init(folder: Folder, key: Operator) -> None:
    """Make a log; its name is that of the key, its first record admits the key."""
    from stocktake.secretariat.log_desk import clock, start_log
    from stocktake.secretariat.log_reading import read_key

    operator = read_key(key)
    start_log(folder, operator, clock())
    typer.echo(f"Log {operator.name} in {folder}, 1 record. Its key: {operator.verifier}")


@app.command()
def sign(
    record: Annotated[Path, typer.Argument(help="A record: JSON of stocktake.record/1.")],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The private key of who files it.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the signed envelope goes.")],
) -> None:
    """Sign a record away from the log; it is appended with --envelope."""
    from stocktake.ledger.records import Record, entry_for
    from stocktake.secretariat.log_reading import read_key

    data = record.read_bytes()
    Record.parse(data)
    out.write_bytes(entry_for(data, read_key(key)).data)


@app.command()
def append(
    folder: Folder,
    records: Annotated[list[Path], typer.Argument(help="Records: canonical JSON, or JSON that is made so.")],
    key: Operator,
    signer: Annotated[
        Path | None, typer.Option("--signer", metavar="FILE", help="Key of who files; default: --key.")
    ] = None,
    envelope: Annotated[
        Path | None, typer.Option("--envelope", metavar="FILE", help="The record's envelope, signed elsewhere.")
    ] = None,
) -> None:
    """File records, all or none; a record that is in the log already keeps its place."""
    from stocktake.ledger.records import Entry
    from stocktake.secretariat.log_desk import clock, file_entries, file_records
    from stocktake.secretariat.log_reading import read_key

    operator = read_key(key)
    if envelope is not None:
        if len(records) != 1 or signer is not None:
            raise typer.BadParameter("one record, and no --signer, goes with an envelope", param_hint="--envelope")
        data = records[0].read_bytes()
        indices = file_entries(folder, [(Entry.parse(envelope.read_bytes()), data)], operator, clock())
    else:
        filed = [_canonical_record(path) for path in records]
        indices = file_records(folder, filed, operator, read_key(signer) if signer else operator, clock())
    for path, index in zip(records, indices, strict=True):
        typer.echo(f"{index}\t{path}")


def _canonical_record(path: Path) -> bytes:
    import json

    from stocktake.ledger.canonical import canonical
    from stocktake.ledger.errors import Malformed
    from stocktake.ledger.records import Record

    try:
        data = canonical(json.loads(path.read_bytes()))
        return Record.parse(data).data
    except (ValueError, RecursionError, Malformed) as error:
        raise Malformed(f"{path}: {error}") from None


@app.command()
def admit(
    folder: Folder,
    vkey: Annotated[str, typer.Argument(help="The public key: name+hash+base64.")],
    key: Operator,
    role: Annotated[str, typer.Option("--role", help="focal-point, compiler, reviewer or witness.")],
    speaker: Annotated[str | None, typer.Option("--for", help="The State that a focal point speaks for.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Valid from this moment.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Valid before this moment.")] = None,
    replaces: Annotated[
        str | None, typer.Option("--replaces", metavar="ID", help="The key in whose place it comes.")
    ] = None,
) -> None:
    """Admit a key, or rotate one (--replaces); prints the key's id."""
    from stocktake.ledger.keys import key_record
    from stocktake.ledger.records import key_id
    from stocktake.secretariat.log_desk import clock, file_records
    from stocktake.secretariat.log_reading import read_key

    verifier, operator = _verifier(vkey), read_key(key)
    assert verifier is not None
    times = {"since": _moment(since, "--from"), "until": _moment(until, "--until")}
    record = key_record(verifier, role, speaker=speaker, replaces=replaces, **times)
    [index] = file_records(folder, [record.data], operator, operator, clock())
    typer.echo(f"{index}\t{key_id(verifier.public)}")


@app.command()
def revoke(
    folder: Folder,
    key_id: Annotated[str, typer.Argument(help="The id of the key, as admit printed it.")],
    key: Operator,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the log.")],
) -> None:
    """Revoke a key: it files nothing more; what it filed stays valid."""
    from stocktake.ledger.keys import revocation
    from stocktake.secretariat.log_desk import clock, file_records
    from stocktake.secretariat.log_reading import read_key

    operator = read_key(key)
    [index] = file_records(folder, [revocation(key_id, reason).data], operator, operator, clock())
    typer.echo(f"{index}\trevoked {key_id}")


@app.command()
def rotate(
    folder: Folder,
    key: Operator,
    new: Annotated[Path, typer.Option("--new", metavar="FILE", help="The new private key, under the same name.")],
) -> None:
    """Hand the log to a new key of its operator."""
    from stocktake.secretariat.log_desk import clock, rotate_operator
    from stocktake.secretariat.log_reading import read_key

    fresh = read_key(new)
    index = rotate_operator(folder, read_key(key), fresh, clock())
    typer.echo(f"{index}\tthe key of the log is now {fresh.verifier}")


@app.command()
def remove(
    folder: Folder,
    record: Annotated[str, typer.Argument(help="Index, id or SHA-256 of the record.")],
    key: Operator,
    reason: Annotated[str, typer.Option("--reason", help="The law or order; it stays in the log.")],
) -> None:
    """Take the content of a record off the disk, as the law may demand; its leaf and the reason stay."""
    from stocktake.secretariat.log_desk import checkpoint_of, clock, file_records, removal
    from stocktake.secretariat.log_reading import FolderReader, read_key

    operator, reader = read_key(key), FolderReader(folder)
    filed = removal(reader.read, record, checkpoint_of(reader, None)[1].size, reason)
    [index] = file_records(folder, [filed.data], operator, operator, clock())
    typer.echo(f"{index}\tremoved the content of {record}")


@app.command()
def prove(
    log: Log,
    record: Annotated[str | None, typer.Argument(help="Index, id or SHA-256 of a record.")] = None,
    old: Annotated[int | None, typer.Option("--from", metavar="SIZE", help="Prove growth from this size ...")] = None,
    new: Annotated[int | None, typer.Option("--to", metavar="SIZE", help="... to this one.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the bundle goes.")] = None,
    vkey: Trusted = None,
) -> None:
    """A proof bundle of a record; or the consistency proof of two sizes, as JSON."""
    from stocktake.ledger.canonical import base64_of, canonical
    from stocktake.secretariat.log_desk import bundle_of_record, consistency
    from stocktake.secretariat.log_reading import reader_of

    if (record is None) == (old is None or new is None):
        raise typer.BadParameter("give a record, or --from and --to", param_hint="RECORD")
    if record is not None:
        data = bytes(bundle_of_record(reader_of(log), record, _verifier(vkey)))
    else:
        one, other, path = consistency(reader_of(log), old or 0, new or 0)
        roots = {"old_root": base64_of(one), "new_root": base64_of(other), "proof": [base64_of(h) for h in path]}
        data = canonical({"format": "stocktake.consistency-proof/1", "old_size": old, "new_size": new, **roots})
    if out is None:
        typer.echo(data.decode("utf-8"))
    else:
        out.write_bytes(data)


@app.command("verify-bundle")
def verify_bundle(
    file: Annotated[Path, typer.Argument(help="A proof bundle.")],
    vkey: Trusted = None,
) -> None:
    """Check a proof bundle offline: record, signature, proof, checkpoint."""
    from stocktake.ledger.notes import Verifier
    from stocktake.ledger.proofs import Bundle
    from stocktake.terminal.ledger import print_bundle

    bundle = Bundle.parse(file.read_bytes().removesuffix(b"\n"))
    trusted = _verifier(vkey)
    point = bundle.verify(trusted or Verifier.parse(bundle.vkey))
    print_bundle(bundle, point, own_key=trusted is None)


@app.command()
def audit(
    log: Log,
    vkey: Trusted = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every finding as JSON.")] = False,
) -> None:
    """Check all that a log publishes; exit code 1 if anything is wrong or missing."""
    from stocktake.secretariat.log_catalogue import audit_review
    from stocktake.secretariat.log_desk import audit_log
    from stocktake.secretariat.log_reading import reader_of
    from stocktake.terminal.ledger import audit_json, print_audit

    place, trusted = Path(log), _verifier(vkey)
    review = place.parent if place.resolve().name == "log" and (place.parent / "review.json").is_file() else place
    published = (review / "review.json").is_file() and (review / "log").is_dir()
    found = audit_review(review, trusted) if published else audit_log(reader_of(log), trusted)
    typer.echo(audit_json(found)) if as_json else print_audit(found)
    if not found.holds:
        raise typer.Exit(1)


@app.command()
def monitor(
    log: Log,
    state: State,
    vkey: Trusted = None,
    every: Annotated[int | None, typer.Option("--every", metavar="SECONDS", help="Look again and again.")] = None,
) -> None:
    """Follow a log: report rollback and split views, with both checkpoints as evidence."""
    from stocktake.secretariat.log_desk import watch
    from stocktake.secretariat.log_reading import reader_of

    while True:
        before, size = watch(reader_of(log), state, _verifier(vkey))
        typer.echo(f"{size} records; " + ("first look" if before is None else f"{size - before} more, consistent"))
        if every is None:
            return
        time.sleep(max(1, every))


@app.command("witness")
def cosign(
    log: Log,
    state: State,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The witness's private key.")],
    vkey: Trusted = None,
    add: Annotated[bool, typer.Option("--add", help="Put the cosignature into the log's checkpoint (folder).")] = False,
) -> None:
    """Cosign the checkpoint of a log, if it only grew since the last time; prints the cosigned checkpoint."""
    from stocktake.secretariat.log_desk import clock, witness
    from stocktake.secretariat.log_reading import read_key, reader_of
    from stocktake.secretariat.log_storage import opened

    note = witness(reader_of(log), state, _verifier(vkey), read_key(key), clock())
    if add:
        with opened(Path(log)) as store:
            store.cosign(note)
    typer.echo(str(note), nl=False)
