"""A catalogue with a fault is refused with every fault, each with its file, its row and its code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from stocktake.assessment.review import Review, rests_on_evidence, review
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.desk import Desk
from stocktake.secretariat.reviewing import make_review, write_site
from stocktake.terms.problems import InvalidCatalogue, StocktakeError
from stocktake.terms.provenance import Seen
from stocktake.terms.words import Words

MOON = "evidence/moon.csv"
INDICATORS = "register/indicators.yaml"
COMMITMENTS = "register/commitments.csv"
LINEAGE = "register/lineage.csv"
REGISTER = "register/a-res-99-1/register.yaml"
OBJECTIONS = "register/a-res-99-1/objections.yaml"
AS_OF = date(2046, 12, 31)


@pytest.fixture
def copy(fixtures: Path, tmp_path: Path) -> Path:
    """A catalogue of our own that a test may break."""
    return shutil.copytree(fixtures / "catalogue", tmp_path / "catalogue")


@dataclass(frozen=True)
class Fault:
    """``old`` becomes ``new`` in ``file``; it is reported ``at`` the line with these words (None: the whole file).

    ``reported`` names the file of the report where it is another one; ``code`` None leaves the code open.
    """

    name: str
    file: str
    old: str
    new: str
    code: str | None
    at: str | None
    reported: str = ""


FAULTS = [
    Fault("an objection to no paragraph", OBJECTIONS, '"#op1"', '"#op9"', "broken-reference", "op1.aland"),
    Fault("an objection of nobody", OBJECTIONS, "of: XAA", "of: NOBODY", "broken-reference", "op1.aland"),
    Fault("a position that is not there", OBJECTIONS, "[d44-xbb]", "[d43-xbb]", "broken-reference", "op1.bland"),
    Fault("an outcome that cannot be", OBJECTIONS, "[reversed]", "[lapsed]", "broken-reference", "op1.aland"),
    Fault(
        "when: of another paragraph",
        OBJECTIONS,
        "indicator: est",
        "indicator: open-door, x: ",
        "invalid-row",
        "op1.aland",
    ),
    Fault("a side that is neither", OBJECTIONS, "side: asked", "side: judge", "invalid-row", "op1.aland"),
    Fault(
        "an objection without its answer",
        OBJECTIONS,
        "  answer: {en: The text",
        "  reply: {en: The text",
        "invalid-row",
        "op1.others",
    ),
    Fault(
        "an indicator that is not there",
        REGISTER,
        "[estimated, declared]",
        "[estimated, declared, nothing]",
        "broken-reference",
        '"#op1"',
    ),
    Fault(
        "an indicator that does not fit the duty",
        REGISTER,
        "[launches]",
        "[launches, work, report]",
        "broken-reference",
        '"#op1"',
    ),
    Fault("a roster that is not there", REGISTER, "STATES-POSSESSING-NW}", "NOBODIES}", "broken-reference", '"#op1"'),
    Fault(
        "a commitment that is not there",
        REGISTER,
        'recalls: "PACT#1"',
        'recalls: "PACT#9"',
        "broken-reference",
        '"#op2"',
    ),
    Fault("a paragraph twice", REGISTER, '"#op3"', '"#op2"', "repeated-id", "Takes note of a report@-1"),
    Fault("a paragraph id of no known form", REGISTER, '"#op3"', '"#op0"', None, '"#op0"'),
    Fault("a duty that is not known", REGISTER, "duty: act", "duty: perform", "invalid-row", '"#op4"'),
    Fault("a paraphrase without its Chinese", REGISTER, ", zh: 请秘书长提出报告。", "", "invalid-row", '"#op4"'),
    Fault("a head that is not complete", REGISTER, "session: 99\n", "", "invalid-row", None),
    Fault(
        "a tally that the roll-call does not give",
        REGISTER,
        "tally: {for: 1,",
        "tally: {for: 2,",
        "tally-differs",
        None,
        "votes.csv",
    ),
    Fault("a tally without those against", REGISTER, "against: 1, ", "", None, None),
    Fault("YAML that stops being YAML", REGISTER, "session: 99", "session: 99: 98", "broken-yaml", "session: 99: 98"),
    Fault(
        "an indicator twice",
        INDICATORS,
        "id: declared",
        "id: estimated",
        "repeated-id",
        "by the State itself@id: estimated",
    ),
    Fault("a verdict of another method", INDICATORS, "opened: done", "opened: met", "wrong-verdict", "id: open-door"),
    Fault(
        "an indicator without evidence", INDICATORS, "quantity: door", "quantity: gate", "no-evidence", "id: open-door"
    ),
    Fault(
        "an indicator that nobody asks for",
        REGISTER,
        "[open-door, disclosure]",
        "[open-door]",
        "unused",
        "id: disclosure",
        INDICATORS,
    ),
    Fault(
        "a deadline of no calendar", INDICATORS, 'deadline: "2046"', 'deadline: "2046-13"', "invalid-date", "id: report"
    ),
    Fault("an act by no date", INDICATORS, '  deadline: "2046"\n', "", "no-deadline", "id: report"),
    Fault(
        "a method that is not known", INDICATORS, "method: abstention", "method: guess", "invalid-row", "id: launches"
    ),
    Fault("a word where an indicator is expected", INDICATORS, "indicators:\n", "indicators:\n- hello\n", None, None),
    Fault("a statement twice", MOON, "i45-xbb,", "i44-xbb,", "repeated-id", "number,,20,,warheads,,,,,2045,,INSTITUTE"),
    Fault("a date of no calendar", MOON, ",2045-03-01,", ",2045-13-01,", "invalid-row", "o-dig"),
    Fault("a figure without a unit", MOON, ",300,,warheads", ",300,,", "invalid-row", "i45-xaa"),
    Fault("two units for one quantity", MOON, ",300,,warheads", ",300,,tonnes", "two-units", "i45-xaa"),
    Fault("a figure that no page can print", MOON, ",300,,warheads", ",1e9999,,warheads", "invalid-row", "i45-xaa"),
    Fault("a figure that is none", MOON, ",300,,warheads", ",NaN,,warheads", "invalid-row", "i45-xaa"),
    Fault(
        "a speaker that nobody knows", MOON, "2045-03-01,,OBSERVATORY", "2045-03-01,,NOBODY", "unknown-speaker", "o-dig"
    ),
    Fault("a text without its Chinese", MOON, ",甲国启用第二个库房,", ",,", "invalid-row", "o-dig"),
    Fault("an act that no rule reads", MOON, ",opened,", ",ajar,", "unknown-act", "door-xaa-1"),
    Fault("a statement without a publisher", MOON, "the Observatory,Plate 7", ",Plate 7", "invalid-row", "o-dig"),
    Fault("a link that runs a script", MOON, "Plate 7,,,", "Plate 7,,,javascript:alert(1)", "invalid-row", "o-dig"),
    Fault(
        "published before it was said",
        MOON,
        "2045-02-01,,REGISTRY,declared,original,,,,the Registry,Circular 5,",
        "2045-02-01,2045-02-01,REGISTRY,declared,original,,,,the Registry,Circular 5,2044",
        "dates-out-of-order",
        "Circular 5",
    ),
    Fault("it supersedes what is not there", MOON, "Plate 7,,,,", "Plate 7,,,,o-none", "broken-reference", "o-dig"),
    Fault("neither yes nor no", MOON, "Plate 7,,,,,no", "Plate 7,,,,,maybe", "invalid-row", "o-dig"),
    Fault("a cell too many", "votes.csv", "XAA,against", "XAA,against,loudly", "wrong-columns", "XAA,"),
    Fault("a cell too few", "votes.csv", "XAA,against", "XAA", "wrong-columns", "XAA"),
    Fault("a quotation mark that never closes", "votes.csv", "XCC,abstained", 'XCC,"abstained', "broken-csv", 'XCC,"'),
    Fault("a vote that is none", "votes.csv", "XAA,against", "XAA,loudly", "invalid-row", "XAA,"),
    Fault("a vote of no State", "votes.csv", "XAA,against", "XZZ,against", "unknown-state", "XZZ,"),
    Fault("a member that is no State", "rosters.csv", "NW,XCC", "NW,XZZ", "unknown-state", "NW,XZZ"),
    Fault("a membership without its source", "rosters.csv", "XCC,,,invented yearbook", "XCC,,,", "invalid-row", "XCC,"),
    Fault(
        "a membership that ends before it begins",
        "rosters.csv",
        "NWS,XAA,,",
        "NWS,XAA,2040,2030",
        "dates-out-of-order",
        "NWS,XAA",
    ),
    Fault("a State without its Chinese name", "states.csv", ",丙国,", ",,", "invalid-row", "XCC"),
    Fault(
        "a speaker of no kind", "speakers.csv", "OBSERVATORY,expert", "OBSERVATORY,oracle", "invalid-row", "OBSERVATORY"
    ),
    Fault("a link to nowhere", LINEAGE, "PACT#1,CONF", "PACT#9,CONF", "broken-reference", "PACT#9"),
    Fault("a link of no kind", LINEAGE, ",specifies,", ",inspires,", "invalid-row", "PACT#1"),
    Fault("a force that is none", COMMITMENTS, ",treaty,", ",custom,", "invalid-row", "PACT#1"),
    Fault("a year of no calendar", COMMITMENTS, ",2030,consensus", ",99999,consensus", "invalid-row", "step2"),
    Fault("a policy without rules", "policy.yaml", "rules:", "laws:", None, None),
    Fault("a policy without strengths", "policy.yaml", "strength:", "strong:", None, None),
    Fault("a margin that is no number", "policy.yaml", 'own_margin: "0.10"', 'own_margin: "some"', None, None),
    Fault("a margin that is not finite", "policy.yaml", 'own_margin: "0.10"', 'own_margin: "NaN"', None, None),
    Fault("a margin below nothing", "policy.yaml", 'own_margin: "0.10"', 'own_margin: "-1"', None, None),
]


def break_(folder: Path, fault: Fault) -> None:
    path = folder / fault.file
    text = path.read_text(encoding="utf-8")
    assert fault.old in text, f"the fixture has changed: {fault.old!r} is no longer in {fault.file}"
    path.write_text(text.replace(fault.old, fault.new, 1), encoding="utf-8")


def expected_row(folder: Path, fault: Fault) -> int:
    """The line of the words; ``words@-1`` is one line earlier, ``words@start`` the last line before with ``start``."""
    if fault.at is None:
        return 0
    words, _, before = fault.at.partition("@")
    lines = (folder / (fault.reported or fault.file)).read_text(encoding="utf-8").splitlines()
    n = max(i for i, line in enumerate(lines, start=1) if words in line)
    if before == "-1":
        return n - 1
    return max(i for i, line in enumerate(lines[:n], start=1) if before in line) if before else n


def problems_of(folder: Path) -> list[tuple[str, int, str]]:
    """Every problem that stands in the way of a whole site."""
    with pytest.raises(InvalidCatalogue) as raised:
        load_catalogue(folder)
    assert all(str(p) in str(raised.value) for p in raised.value.problems)
    return [(p.file, p.row, p.code) for p in raised.value.problems]


@pytest.mark.parametrize("fault", FAULTS, ids=[f.name for f in FAULTS])
def test_a_fault_is_reported_with_its_file_its_row_and_its_code(fault: Fault, copy: Path) -> None:
    break_(copy, fault)
    file, row = fault.reported or fault.file, expected_row(copy, fault)
    found = problems_of(copy)
    assert any((f, r) == (file, row) and c == (fault.code or c) for f, r, c in found), (file, row, fault.code, found)


def _without_votes(folder: Path) -> None:
    (folder / "votes.csv").unlink()


def _without_pack(folder: Path) -> None:
    shutil.rmtree(folder / "register/a-res-99-1")


def _without_evidence(folder: Path) -> None:
    shutil.rmtree(folder / "evidence")


def _in_latin_1(folder: Path) -> None:
    (folder / "speakers.csv").write_bytes("id,kind,name_en,name_zh,group\nX,expert,Café,,\n".encode("latin-1"))


def _a_folder_for_a_file(folder: Path) -> None:
    (folder / "states.csv").unlink()
    (folder / "states.csv").mkdir()


def _an_empty_policy(folder: Path) -> None:
    (folder / "policy.yaml").write_text("", encoding="utf-8")


WHOLE_FILES: list[tuple[Callable[[Path], None], str, str | None]] = [
    (_without_votes, "votes.csv", "missing-file"),
    (_without_evidence, "evidence", "missing-file"),
    (_without_pack, "register", "no-register"),
    (_in_latin_1, "speakers.csv", "unreadable-file"),
    (_a_folder_for_a_file, "states.csv", "unreadable-file"),
    (_an_empty_policy, "policy.yaml", None),
]


@pytest.mark.parametrize(("spoil", "file", "code"), WHOLE_FILES, ids=[c[0].__name__.strip("_") for c in WHOLE_FILES])
def test_a_file_that_cannot_be_used_is_reported_as_a_whole(
    spoil: Callable[[Path], None], file: str, code: str | None, copy: Path
) -> None:
    spoil(copy)
    found = problems_of(copy)
    assert any((f, r) == (file, 0) and c == (code or c) for f, r, c in found), found


TOGETHER = {
    "in rows": ["a date of no calendar", "a cell too many", "a method that is not known", "a speaker of no kind"],
    "between files": ["an indicator that is not there", "a verdict of another method", "two units for one quantity"],
    "of both kinds": ["a date of no calendar", "an indicator that is not there", "a verdict of another method"],
}


@pytest.mark.parametrize("names", TOGETHER.values(), ids=TOGETHER.keys())
def test_several_faults_are_all_reported_at_once(names: list[str], copy: Path) -> None:
    faults = [f for f in FAULTS if f.name in names]
    assert len(faults) == len(names)
    for fault in faults:
        break_(copy, fault)
    found = set(problems_of(copy))
    assert {(f.file, expected_row(copy, f), f.code) for f in faults} <= found


def test_a_table_that_a_spreadsheet_saved_with_a_byte_order_mark_loads(copy: Path) -> None:
    for name in (MOON, REGISTER):
        path = copy / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    load_catalogue(copy)


def _bomb(folder: Path) -> Path:
    """Nine aliases of nine aliases ..., nine deep: a few hundred bytes that unfold to gigabytes."""
    path = folder / REGISTER
    layers = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    path.write_text("\n".join(["a0: &a0 [lol]", *layers, path.read_text(encoding="utf-8")]), encoding="utf-8")
    return path


def _abyss(folder: Path) -> Path:
    path = folder / "policy.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "x: " + "[" * 100_000 + "]" * 100_000 + "\n", encoding="utf-8")
    return path


def _pipe(folder: Path) -> Path:
    path = folder / "votes.csv"
    path.unlink()
    os.mkfifo(path)
    return path


@pytest.mark.parametrize("set_trap", [_bomb, _abyss, _pipe])
def test_a_trap_in_a_catalogue_is_refused_soon_with_its_file(set_trap: Callable[[Path], Path], copy: Path) -> None:
    trap = set_trap(copy)
    command = [sys.executable, "-m", "stocktake.cli", "catalogue", "check", str(copy)]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -v 2000000; exec "$@"', "sh", *command], capture_output=True, text=True, timeout=10
    )
    assert done.returncode == 1 and trap.name in done.stderr and "Traceback" not in done.stderr


def test_the_small_catalogue_makes_a_whole_site(copy: Path, tmp_path: Path) -> None:
    made = make_review(as_of=AS_OF, folder=copy)
    assert write_site(made, tmp_path / "site", lang="en") <= sum(p.is_file() for p in (tmp_path / "site").rglob("*"))


@pytest.fixture(scope="module")
def bundled() -> Review:
    """The catalogue that ships with Stocktake, reviewed; to load is to find no problem in it."""
    catalogue, _, _ = load_catalogue()
    return review(catalogue, as_of=date(2026, 11, 22))


def test_the_bundled_register_has_thirty_preambular_and_twenty_seven_operative_paragraphs(bundled: Review) -> None:
    keys = [p.paragraph.key for p in bundled.paragraphs]
    assert sorted(k.n for k in keys if k.section == "operative") == list(range(1, 28))
    assert sorted(k.n for k in keys if k.section == "preambular") == list(range(1, 31))


def test_at_least_twenty_operative_paragraphs_rest_on_evidence(bundled: Review) -> None:
    operative = [p for p in bundled.paragraphs if p.paragraph.key.section == "operative"]
    assert sum(map(rests_on_evidence, operative)) >= 20


def test_no_finding_rests_on_what_was_seen_only_from_memory(bundled: Review) -> None:
    findings = [f for p in bundled.paragraphs for f in p.findings]
    assert findings
    assert not [(f.id, s.id) for f in findings for s in f.outcome.evidence if s.seen is Seen.MEMORY]
    ends = [
        (f.id, s.id) for f in findings for s in (f.outcome.baseline, f.outcome.value) if s and s.seen is Seen.MEMORY
    ]
    assert not ends


def test_every_statement_says_who_published_it_and_in_what_document(bundled: Review) -> None:
    statements = bundled.catalogue.archive.statements
    assert [s.id for s in statements if not (s.publisher.strip() and s.document.strip())] == []
    assert [s.id for s in statements if s.url and not s.url.startswith(("https://", "http://"))] == []


def test_a_review_of_a_day_before_the_adoption_is_refused_with_that_day() -> None:
    with pytest.raises(StocktakeError, match="2020-12-07"):
        make_review(as_of=date(2019, 12, 31))


@pytest.mark.parametrize(
    "written",
    ["title: !!int abc", "title: !!bool foo", "title: !!float x", "title: 0x_", "title: " + "9" * 5000],
    ids=["no integer", "no truth value", "no float", "no digits", "too many digits"],
)
def test_a_value_that_is_not_what_its_tag_says_is_a_problem_of_its_file(tmp_path: Path, written: str) -> None:
    (tmp_path / "mine.yaml").write_text(f"{written}\n", encoding="utf-8")
    desk = Desk(tmp_path)
    assert desk.yaml("mine.yaml") == {}
    assert [p.code for p in desk.problems] == ["broken-yaml"]


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("error_models.yaml", "models"),
        ("mirror.yaml", "asked"),
        ("register/benchmarks.yaml", "benchmarks"),
        ("records.yaml", "records"),
        ("register/indicators.yaml", "indicators"),
        ("register/a-res-99-1/preamble.yaml", "paragraphs"),
    ],
)
@pytest.mark.parametrize("value", ["5", "[5]", "{a: 1}"])
def test_what_should_be_a_list_of_rows_and_is_none_is_reported(copy: Path, file: str, key: str, value: str) -> None:
    (copy / file).write_text(f"{key}: {value}\n", encoding="utf-8")
    with pytest.raises(InvalidCatalogue) as refused:
        load_catalogue(copy)
    assert any(p.file == file for p in refused.value.problems)


def test_a_character_that_turns_the_direction_of_a_line_is_refused() -> None:
    with pytest.raises(ValidationError, match="202E"):
        Words(en="a \u202e b", zh="甲")
