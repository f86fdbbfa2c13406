"""Files from anyone: refused in bounded time and memory, nothing computed, followed or written."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.reporting.findings import FormRefused
from stocktake.secretariat.forms import open_report
from stocktake.secretariat.workbooks import MAX_FILE, open_workbook
from tests.reporting.cases import DESK
from tests.reporting.workbook_cases import filled, read, repacked

PLAIN = filled()
SHEET = "xl/worksheets/sheet3.xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(rows: str) -> bytes:
    return f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>".encode()


def with_rels(target: str, kind: str) -> bytes:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="{base}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


def many_rows(count: int) -> bytes:
    return sheet_of("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, count + 1)))


def ods(rows: str, more: str = "") -> bytes:
    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    names = " ".join(f'xmlns:{n}="{urn}{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="a">{rows}'
        f"</table:table>{more}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def ods_cell(text: str, **attributes: object) -> str:
    said = " ".join(f'table:{k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    return f'<table:table-cell office:value-type="string" {said}><text:p>{text}</text:p></table:table-cell>'


LONG = "x" * 30_000
MERGED = b'<mergeCell ref="I1:I5000"/>'
HOSTILE = {
    "random bytes": (b"\x8f\x02" * 5000, "not-a-form-file"),
    "nothing": (b"", "not-a-form-file"),
    "an old .xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not-a-form-file"),
    "JSON of another kind": (b'{"format": "stocktake.review/1"}', "wrong-form"),
    "JSON nested without end": (b"[" * 200_000, "not-a-form-file"),
    "a number without end": (b'{"a": ' + b"9" * 100_000 + b"}", "not-a-form-file"),
    "a ZIP that ends early": (PLAIN[: len(PLAIN) // 2], "broken-file"),
    "a ZIP without a workbook": (repacked(b"PK\x05\x06" + b"\0" * 18, {"a.txt": b"a"}), "not-a-form-file"),
    "macros": (repacked(PLAIN, {"xl/vbaProject.bin": b"x"}), "active-content"),
    "an embedded object": (repacked(PLAIN, {"xl/embeddings/oleObject1.bin": b"x"}), "active-content"),
    "a link to another workbook": (
        repacked(PLAIN, {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "external-content",
    ),
    "a connection to a database": (repacked(PLAIN, {"xl/connections.xml": b"<x/>"}), "external-content"),
    "a template from elsewhere": (
        repacked(PLAIN, {"xl/worksheets/_rels/sheet3.xml.rels": with_rels("http://203.0.113.1/x", "attachedTemplate")}),
        "external-content",
    ),
    "an entity": (
        repacked(PLAIN, {SHEET: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        "active-content",
    ),
    "a thousand million laughs": (
        repacked(PLAIN, {"xl/sharedStrings.xml": b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><l>&b;</l>'}),
        "active-content",
    ),
    "a part that unpacks to gigabytes": (
        repacked(PLAIN, {SHEET: sheet_of(" " * 60_000_000)}),
        "too-large",
    ),
    "100,000 rows": (repacked(PLAIN, {SHEET: many_rows(100_000)}), "too-many-rows"),
    "one cell at the far end of the sheet": (
        repacked(PLAIN, {SHEET: sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        "too-many-rows",
    ),
    "one long text in every cell": (
        repacked(
            PLAIN,
            {
                "xl/sharedStrings.xml": f"<sst {NS}><si><t>{LONG}</t></si>{'<si><t/></si>' * 3000}</sst>".encode(),
                SHEET: sheet_of(("<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>") * 900),
            },
            zipfile.ZIP_STORED,
        ),
        "too-many-rows",
    ),
    "a hundred thousand merged ranges": (
        repacked(
            PLAIN,
            {SHEET: f"<worksheet {NS}><mergeCells>".encode() + MERGED * 100_000 + b"</mergeCells></worksheet>"},
            zipfile.ZIP_STORED,
        ),
        "too-many-rows",
    ),
    "ODS: a full row repeated to the end": (
        ods(f'<table:table-row table:number-rows-repeated="1048576">{ods_cell("a")}</table:table-row>'),
        "too-many-rows",
    ),
    "ODS: a cell repeated without end": (
        ods(f"<table:table-row>{ods_cell('a', number_columns_repeated=2**40)}</table:table-row>"),
        "too-many-rows",
    ),
    "ODS: a long text repeated": (
        ods(
            f'<table:table-row table:number-rows-repeated="4000">{ods_cell(LONG, number_columns_repeated=50)}'
            "</table:table-row>"
        ),
        "too-many-rows",
    ),
    "ODS: content at the far end": (
        ods(
            '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
            f"<table:table-row>{ods_cell('a')}</table:table-row>"
        ),
        "too-many-rows",
    ),
    "ODS: a DDE link": (ods("", "<table:dde-links><table:dde-link/></table:dde-links>"), "external-content"),
    "ODS: an event script": (ods("", "<office:scripts><office:script/></office:scripts>"), "active-content"),
    "ODS: no form": (ods(f"<table:table-row>{ods_cell('a')}</table:table-row>"), "wrong-form"),
    "XML nested without end": (repacked(PLAIN, {SHEET: b"<a>" * 100_000}), "broken-file"),
    "XML in another encoding": (repacked(PLAIN, {SHEET: "<a/>".encode("utf-16")}), "broken-file"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_with_its_reason_in_seconds(name: str, tmp_path: Path) -> None:
    data, code = HOSTILE[name]
    path = tmp_path / "form.xlsx"
    path.write_bytes(data)
    began = time.monotonic()
    with pytest.raises(FormRefused) as refused:
        open_report(path, DESK)
    assert refused.value.problem.code == code
    assert time.monotonic() - began < 20
    assert list(tmp_path.iterdir()) == [path]


def test_a_dde_formula_is_a_problem_of_its_cell_and_is_never_run() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as packed:
        sheet = packed.read(SHEET).decode()
    attack = sheet.replace(
        "<sheetData>", '<sheetData><row r="1"><c r="Q1"><f>cmd|\' /C calc\'!A0</f><v>1</v></c></row>', 1
    )
    attack = attack.replace('<row r="1"><c r="Q1">', '<row r="900"><c r="Q900">')
    found = read(repacked(PLAIN, {SHEET: attack.encode()})).problems
    assert [(p.code, p.place.cell) for p in found] == [("formula", "Q900")]


def test_a_form_of_another_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as packed:
        strings = packed.read("xl/sharedStrings.xml").replace(b"1.0.0", b"9.9.9")
    path = tmp_path / "form.xlsx"
    path.write_bytes(repacked(PLAIN, {"xl/sharedStrings.xml": strings}))
    with pytest.raises(FormRefused) as refused:
        open_report(path, DESK)
    assert refused.value.problem.code == "wrong-version"


@settings(max_examples=150)
@given(st.binary(max_size=400), st.integers(0, len(PLAIN) - 1))
def test_no_damage_to_the_bytes_of_a_workbook_does_more_than_refuse_or_report(junk: bytes, at: int) -> None:
    damaged = PLAIN[:at] + junk + PLAIN[at + len(junk) :]
    try:
        read(damaged)
    except FormRefused as refused:
        assert refused.problem.code


@settings(max_examples=100)
@given(st.binary(max_size=2000))
def test_random_parts_inside_a_workbook_are_refused_or_reported(part: bytes) -> None:
    try:
        read(repacked(PLAIN, {SHEET: part}))
    except FormRefused as refused:
        assert refused.problem.code


def test_the_limits_are_those_of_memory_too(tmp_path: Path) -> None:
    """The worst of the hostile files together, in a process that may use one gigabyte of memory."""
    for n, (data, _) in enumerate(HOSTILE.values()):
        (tmp_path / f"{n}.xlsx").write_bytes(data)
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
        "from pathlib import Path\n"
        "from stocktake.reporting.findings import FormRefused\n"
        "from stocktake.secretariat.form_catalogue import load_form\n"
        "from stocktake.secretariat.forms import open_report\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    try: open_report(path, load_form()); sys.exit(f'{path} was let in')\n"
        "    except FormRefused: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2**20


def test_a_file_that_is_too_large_or_no_file_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.xlsx"
    with large.open("wb") as handle:
        handle.truncate(MAX_FILE + 1)
    with pytest.raises(FormRefused, match="too-large"):
        open_report(large, DESK)
    with pytest.raises(FormRefused, match="no regular file"):
        open_report(Path("/dev/zero"), DESK)


def test_what_a_workbook_says_of_its_own_sizes_is_not_believed() -> None:
    with pytest.raises(FormRefused):
        open_workbook("t.xlsx", PLAIN.replace(b"PK\x01\x02", b"PK\x01\x03", 1))
