"""A log on a web server: what is missing, what is wrong, and what nobody can tell because the server does not say."""

from __future__ import annotations

import gzip
import shutil
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from stocktake.ledger.audit import Audit, Sort, audit
from stocktake.ledger.errors import Missing, NoAnswer, SplitView
from stocktake.secretariat import log_reading
from stocktake.secretariat.log_desk import bundle_of_record, file_records, watch
from stocktake.secretariat.log_reading import WebReader
from tests.ledger.conftest import BIRTH, COMPILED, OPERATOR, statement

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]
RECORDS = 5


class Server:
    """A web server on this machine that serves a folder, and misbehaves at the paths that it is told."""

    def __init__(self, place: Path) -> None:
        self.place, self.odd = place, dict[str, Answer]()
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.lstrip("/").removeprefix("moved/")
                file = served.place / path
                if not file.is_file():
                    self.send_error(404)
                elif path in served.odd and not self.path.startswith("/moved/"):
                    served.odd[path](self, file.read_bytes())
                else:
                    send(self, file.read_bytes())

            def log_message(self, format: str, *args: object) -> None:
                """Nothing is printed."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def reader(self, timeout_s: float = 20) -> WebReader:
        return WebReader(self.url, timeout_s)

    def audit(self, path: str, answer: Answer, timeout_s: float = 20) -> Audit:
        self.odd = {path: answer}
        return audit(self.reader(timeout_s), OPERATOR.verifier)


def send(to: BaseHTTPRequestHandler, data: bytes, length: int | None = None, **headers: str) -> None:
    to.send_response(200)
    to.send_header("Content-Length", str(len(data) if length is None else length))
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(data)


@pytest.fixture
def server(log: Callable[[int], Path]) -> Iterator[Server]:
    made = Server(log(RECORDS - 2))
    Thread(target=made.http.serve_forever, daemon=True).start()
    yield made
    made.http.shutdown()
    made.http.server_close()


FILES = [f"tile/entries/000.p/{RECORDS}", f"tile/0/000.p/{RECORDS}", "checkpoint", f"checkpoints/{RECORDS}"]


def test_a_log_is_audited_watched_and_proved_over_the_web(server: Server, tmp_path: Path) -> None:
    found = audit(server.reader(), OPERATOR.verifier)
    assert (found.holds, found.size) == (True, RECORDS)
    assert bundle_of_record(server.reader(), "3", OPERATOR.verifier).verify(OPERATOR.verifier).size == RECORDS
    assert watch(server.reader(), tmp_path / "seen", OPERATOR.verifier) == (None, RECORDS)
    file_records(server.place, [statement(50)], OPERATOR, COMPILED, BIRTH + 900)
    assert watch(server.reader(), tmp_path / "seen", OPERATOR.verifier) == (RECORDS, RECORDS + 1)


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_the_server_does_not_have_is_missing(server: Server, path: str) -> None:
    for status in (404, 410):
        found = server.audit(path, lambda to, data, status=status: to.send_error(status))  # type: ignore[misc]
        assert not found.holds and found.count(Sort.MISSING) and not found.count(Sort.WRONG), found.found


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_other_bytes_or_of_another_length_is_wrong(server: Server, path: str) -> None:
    for change in (lambda d: d[:-1], lambda d: d + b"x", lambda d: bytes([d[0] ^ 1]) + d[1:], lambda d: b"<html>"):
        found = server.audit(path, lambda to, data, change=change: send(to, change(data)))  # type: ignore[misc]
        assert not found.holds and found.count(Sort.WRONG), (path, found.found)


def refuse(status: int) -> Answer:
    return lambda to, data: to.send_error(status)


def cut_off(to: BaseHTTPRequestHandler, data: bytes) -> None:
    send(to, data[: len(data) // 2], len(data))


def hang_up(to: BaseHTTPRequestHandler, data: bytes) -> None:
    to.connection.close()


def no_http(to: BaseHTTPRequestHandler, data: bytes) -> None:
    to.wfile.write(b"\x00\xff nonsense\r\n\r\n")


def to_itself(to: BaseHTTPRequestHandler, data: bytes) -> None:
    to.send_response(302)
    to.send_header("Location", to.path)
    to.end_headers()


def to_a_file(to: BaseHTTPRequestHandler, data: bytes) -> None:
    to.send_response(301)
    to.send_header("Location", "file:///etc/hostname")
    to.end_headers()


def not_the_gzip_it_says(to: BaseHTTPRequestHandler, data: bytes) -> None:
    send(to, data, Content_Encoding="gzip")


def half_a_gzip(to: BaseHTTPRequestHandler, data: bytes) -> None:
    send(to, gzip.compress(data)[:-9], Content_Encoding="gzip")


@pytest.mark.parametrize(
    "answer",
    [refuse(403), refuse(500), refuse(503), cut_off, hang_up, no_http, to_itself, to_a_file, not_the_gzip_it_says,
     half_a_gzip],
)  # fmt: skip
@pytest.mark.parametrize("path", ["checkpoint", f"tile/entries/000.p/{RECORDS}"])
def test_a_server_that_does_not_answer_is_no_fault_of_the_log(server: Server, path: str, answer: Answer) -> None:
    found = server.audit(path, answer)
    assert (found.count(Sort.WRONG), found.count(Sort.MISSING), found.count(Sort.CANNOT_TELL)) == (0, 0, 1), found.found
    assert not found.holds and "COULD NOT BE AUDITED TO ITS END" in found.line
    assert path in found.found[-1].message, "it says which file"


def test_a_server_that_drips_is_not_waited_for(server: Server) -> None:
    def drip_body(to: BaseHTTPRequestHandler, data: bytes) -> None:
        send(to, data[:1], len(data))
        drip(to)

    def drip_head(to: BaseHTTPRequestHandler, data: bytes) -> None:
        to.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        drip(to)

    def drip(to: BaseHTTPRequestHandler) -> None:
        for _ in range(100):
            try:
                to.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.1)

    for answer in (drip_body, drip_head):
        began = time.monotonic()
        found = server.audit("checkpoint", answer, timeout_s=0.5)
        assert "0.5 seconds" in found.found[-1].message and not found.holds
        assert time.monotonic() - began < 60


def test_more_than_any_file_of_a_log_is_not_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reading, "MAX_FILE", 100_000)

    def endless(to: BaseHTTPRequestHandler, data: bytes) -> None:
        send(to, bytes(200_000), 1 << 40)

    def bomb(to: BaseHTTPRequestHandler, data: bytes) -> None:
        send(to, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    for answer in (endless, bomb):
        found = server.audit("checkpoint", answer)
        assert "more than 100,000 bytes" in found.found[-1].message and not found.count(Sort.WRONG)


def test_a_redirect_and_gzip_are_followed(server: Server) -> None:
    def moved(to: BaseHTTPRequestHandler, data: bytes) -> None:
        to.send_response(302)
        to.send_header("Location", f"/moved{to.path}")
        to.end_headers()

    def zipped(to: BaseHTTPRequestHandler, data: bytes) -> None:
        send(to, gzip.compress(data), Content_Encoding="gzip")

    for answer in (moved, zipped):
        assert server.audit(f"tile/entries/000.p/{RECORDS}", answer).holds


def test_a_monitor_keeps_what_it_saw_when_the_server_fails_and_finds_a_rollback(server: Server, tmp_path: Path) -> None:
    state, old = tmp_path / "seen", tmp_path / "old"
    shutil.copytree(server.place, old)
    file_records(server.place, [statement(50)], OPERATOR, COMPILED, BIRTH + 900)
    watch(server.reader(), state, OPERATOR.verifier)
    kept = state.read_bytes()
    server.odd = {"checkpoint": cut_off}
    with pytest.raises(NoAnswer, match="cut off"):
        watch(server.reader(), state, OPERATOR.verifier)
    server.odd = {}
    file_records(server.place, [statement(51)], OPERATOR, COMPILED, BIRTH + 901)
    (server.place / f"tile/0/000.p/{RECORDS + 2}").unlink()
    with pytest.raises(Missing, match="does not show that they extend"):
        watch(server.reader(), state, OPERATOR.verifier)
    server.place = old
    with pytest.raises(SplitView, match="ROLLBACK"):
        watch(server.reader(), state, OPERATOR.verifier)
    assert state.read_bytes() == kept
