"""Public data sets as they are found: their known defects are said with file and row, and nothing is repaired."""

from __future__ import annotations

import codecs
import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.evidence.remarks import RefusedImport, Remark, Weight
from stocktake.secretariat.importing import Reading, import_files, read_bytes, read_file, stored
from stocktake.secretariat.reference import UnknownKind

TODAY = date(2026, 11, 22)
Row = tuple[object, ...]


def table(header: str, *rows: Row) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue().encode()


TESTS = "country_name,year,nuclear_weapons_tests"
STOCKS = "Entity,Code,Year,Number of nuclear warheads"
ROSTER = "treaty,iso3,status"
NINE = ("USA", "RUS", "GBR", "FRA", "CHN", "IND", "PAK", "ISR", "PRK")


def stocks(world: int, *, year: int = 2020, each: int = 100) -> list[Row]:
    from stocktake.secretariat.reference import reference

    states = reference().names.states
    return [*((states[c].name("en"), c, year, each) for c in NINE), ("World", "OWID_WRL", year, world)]


def read(data: bytes, kind: str = "tests", **options: object) -> Reading:
    return read_bytes(data, "file.csv", kind, TODAY, **options)  # type: ignore[arg-type]


def codes(reading: Reading, weight: Weight | None = None) -> list[tuple[str, tuple[int, ...]]]:
    return [(r.code, r.rows) for r in reading.remarks if weight is None or r.weight is weight]


def test_a_test_that_nobody_recorded_is_found_at_its_row() -> None:
    rows = [("North Korea", year, 3 if year == 2010 else 0) for year in range(2007, 2013) if year != 2009]
    assert codes(read(table(TESTS, *rows))) == [("off-the-record", (4,))]


def test_world_rows_that_count_another_kind_are_refused_as_one_series_and_taken_as_two() -> None:
    rows = [row for year in range(2000, 2006) for row in stocks(1300, year=year)]
    one = read(table(STOCKS, *rows), "warheads")
    assert [code for code, _ in codes(one, Weight.FAULT)] == ["mixed-kinds"]
    two = read(table(STOCKS, *rows), "warheads", split_world=True)
    assert two.claims is not None and codes(two) == []
    kinds = dict(zip(two.claims.subject.tolist(), two.claims.quantity.tolist(), strict=True))
    assert kinds["WORLD"] == "inventory" and kinds["USA"] == "stockpile"


def test_world_rows_that_are_the_sum_are_one_series() -> None:
    rows = [row for year in range(2000, 2006) for row in stocks(900, year=year)]
    assert codes(read(table(STOCKS, *rows), "warheads")) == []


def test_a_sum_of_states_above_the_world_is_found_at_the_row_of_the_world() -> None:
    rows = [row for year in range(2000, 2006) for row in stocks(891 if year == 2003 else 900, year=year)]
    assert codes(read(table(STOCKS, *rows), "warheads")) == [("sum-above-world", (41,))]


def test_a_rounded_world_total_is_no_contradiction() -> None:
    header = "year,iso3,usd_billion_current,vintage"
    parts = [(2021, code, 1.14, "June") for code in NINE]
    assert codes(read(table(header, *parts, (2021, "WORLD", "10.3", "June")), "spending")) == []


def test_a_roster_with_a_stranger_and_without_a_party_says_both() -> None:
    from stocktake.secretariat.reference import reference

    parties = sorted({m.iso3 for m in reference().memberships if m.roster == "NPT-SP"} - {"DNK"})
    reading = read(table(ROSTER, *(("NPT", code, "party") for code in [*parties, "SSD"])), "treaties", as_of="2026")
    said = {r.message.split()[0]: r for r in reading.remarks}
    assert said.keys() == {"SSD", "DNK"}
    assert (said["SSD"].code, said["SSD"].rows) == ("no-party", (len(parties) + 2,))
    assert said["DNK"].code == "party-missing"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("Atlantis", 2000, 0)], [("unknown-name", (2,))], id="a name on no list"),
        pytest.param([("North  Korea", 2000, 0)], [("odd-spelling", (2,))], id="two spaces"),
        pytest.param([("Viet Nam", 2027, 0)], [("future-date", (2,))], id="a date to come"),
        pytest.param([("Japan", 2000, 0), ("Japan", 2000, 0)], [("repeated-claim", (2, 3))], id="the same row twice"),
        pytest.param([("Japan", 2000, 0), ("Japan", 2000, 1)], [("contradiction", (2, 3))], id="two values"),
        pytest.param([("Japan", 2000, "")], [], id="an empty cell claims nothing"),
    ],
)
def test_each_kind_of_defect_is_said_once_with_its_rows(
    rows: list[Row], expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert codes(read(table(TESTS, *rows))) == expected


def test_one_value_in_thousands_stands_out_between_its_neighbours() -> None:
    values = [(("United States", "USA", y, v)) for y, v in ((2000, 10000), (2001, 10), (2002, 9900))]
    assert codes(read(table(STOCKS, *values), "warheads")) == [("mixed-units", (3,))]


def test_a_value_that_leaves_a_level_series_for_one_year_stands_out() -> None:
    values = [("United States", "USA", y, v) for y, v in ((2000, 10000), (2001, 3000), (2002, 9900))]
    assert codes(read(table(STOCKS, *values), "warheads")) == [("stands-out", (3,))]


def test_one_year_far_off_the_edition_in_the_catalogue_is_found_in_a_single_file(tmp_path: Path) -> None:
    rows = [("China", "CHN", y, v) for y, v in ((2019, 290), (2020, 500), (2021, 350))]
    (tmp_path / "a.csv").write_bytes(table(STOCKS, *rows))
    (reading,) = import_files([tmp_path / "a.csv"], "warheads", tmp_path / "store", TODAY)
    assert ("restated", (3,)) in codes(reading) or ("off-its-vintages", (3,)) in codes(reading)


def test_a_vote_that_is_none_is_refused_at_its_row() -> None:
    rows = [("A/RES/99/9", "2020-12-07", code, vote) for code, vote in (("FRA", "no"), ("JPN", "perhaps"))]
    assert codes(read(table("resolution,date,iso3,vote", *rows), "votes")) == [("not-a-vote", (3,))]


LIBRARY = (
    "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,subjects,"
    "total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link"
)


def test_the_file_of_the_united_nations_library_is_read_by_its_columns_as_public_loaders_document_them() -> None:
    def row(code: str, name: str, vote: str, resolution: str = "A/RES/75/65") -> Row:
        return (4000000, code, name, vote, "2020-12-07", 75, resolution, "", "", "", "", "", "", 4, 3, 1, 1, 9, "")

    states = [("FRA", "FRANCE", "N"), ("JPN", "JAPAN", "A"), ("NZL", "NEW ZEALAND", "Y"), ("SSD", "SOUTH SUDAN", "X")]
    whole = read(codecs.BOM_UTF8 + table(LIBRARY, *(row(*s) for s in states)), "votes")
    assert whole.layout == "votes-library"
    assert codes(whole, Weight.FAULT) == []
    assert [code for code, _ in codes(whole)] == ["tally-differs"], "four rows are not the whole roll-call"
    other = read(table(LIBRARY, *(row(*s, resolution="A/RES/99/9") for s in states)), "votes")
    assert codes(other) == [], "we hold no tally of it"
    assert codes(read(table(LIBRARY, row("FRA", "FRANCE", "?")), "votes"))[0][0] == "not-a-vote"


def test_votes_on_a_paragraph_are_not_counted_with_those_on_the_whole_text() -> None:
    header = "resolution,paragraph,date,iso3,vote"
    rows = [("A/RES/75/65", "op9", "2020-12-07", code, "no") for code in NINE]
    assert codes(read(table(header, *rows), "votes")) == []
    whole = [("A/RES/75/65", "", "2020-12-07", code, "no") for code in NINE]
    assert [code for code, _ in codes(read(table(header, *whole), "votes"))] == ["tally-differs"]


def test_a_roster_without_a_date_asks_for_one() -> None:
    assert {code for code, _ in codes(read(table(ROSTER, ("NPT", "JPN", "party")), "treaties"))} == {"no-date"}


def test_a_whole_edition_in_thousands_is_another_unit(tmp_path: Path) -> None:
    years = range(2000, 2010)
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(table(STOCKS, *(("Japan", "JPN", y, 300 + y - 2000) for y in years)))
    second.write_bytes(table("Entity,Year,Stockpiled nuclear warheads", *(("Japan", y, 300_000) for y in years)))
    found = import_files([first, second], "warheads", tmp_path / "store", TODAY)
    assert {r.code for reading in found for r in reading.remarks} == {"mixed-units"}


def test_one_year_far_off_its_other_edition_is_a_defect_and_a_revised_run_of_years_is_not(tmp_path: Path) -> None:
    old = {2000: 100, 2001: 100, 2002: 60, 2003: 100, 2004: 100, 2005: 110, 2006: 110}
    new = {2000: 100, 2001: 100, 2002: 100, 2003: 100, 2004: 140, 2005: 150, 2006: 150}
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(table(STOCKS, *(("Japan", "JPN", y, v) for y, v in old.items())))
    second.write_bytes(table("Entity,Year,Stockpiled nuclear warheads", *(("Japan", y, v) for y, v in new.items())))
    found = import_files([first, second], "warheads", tmp_path / "store", TODAY)
    by_code = {(r.code, r.rows) for r in found[0].remarks}
    assert by_code == {
        ("off-its-vintages", (4,)), ("restated", (6,)), ("restated", (7,)), ("restated", (8,)),
    }  # fmt: skip


BAD = {
    "wrong type": (table(TESTS, ("Japan", 2000, "many"), ("Japan", 2001, -1), ("Japan", 2002, "nan")), 3),
    "part of a test": (table(TESTS, ("Japan", 2000, "0.5")), 1),
    "no date": (table(TESTS, ("Japan", "20000", 0), ("Japan", "", 0), ("Japan", "2000-13", 0)), 3),
    "formula": (table(TESTS, ("=HYPERLINK(A1)", 2000, 0), ("@SUM(A1)", 2000, 0), ("+cmd|' /C calc'!A0", 2000, 0)), 1),
    "wrong encoding": (table(TESTS, ("Japan", 2000, 0)) + "Türkiye,2000,0\n".encode("latin-1"), 1),
    "zero bytes": (b"country_name,year,nuclear_weapons_tests\nJapan\0,2000,0\n", 1),
    "torn": (b"country_name,year,nuclear_weapons_tests\nJapan,2000\nJapan,2000,0,7\n", 1),
    "quote never closed": (b'country_name,year,nuclear_weapons_tests\n"Japan,2000,0\n', 1),
    "empty": (b"", 1),
    "other columns": (b"a,b\n1,2\n", 1),
    "another kind": (table(STOCKS, ("France", "FRA", 2000, 0)), 1),
    "header joined to the first row": (b"country_name,year,testsJapan,2000,0\nJapan,2001,0\n", 1),
    "endless nesting": (b"[" * 200_000, 1),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_its_problems_with_rows_and_changes_nothing(name: str, tmp_path: Path) -> None:
    data, count = BAD[name]
    good, bad, store = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "store"
    good.write_bytes(table(TESTS, ("Japan", 2000, 0)))
    bad.write_bytes(data)
    with pytest.raises(RefusedImport) as refused:
        import_files([good, bad], "tests", store, TODAY)
    found = [r for r in refused.value.remarks if r.weight is Weight.FAULT]
    assert len(found) == count and all(r.file == str(bad) for r in found)
    assert not store.exists()


@pytest.mark.slow
def test_a_million_bad_rows_are_one_problem() -> None:
    data = f"{TESTS}\n".encode() + b"Japan,2000,many\n" * 1_000_000
    assert [(r.code, len(r.rows)) for r in read(data).remarks] == [("not-a-number", 1_000_000)]


def test_a_missing_file_and_an_unknown_kind_are_said(tmp_path: Path) -> None:
    with pytest.raises(RefusedImport, match="no such file"):
        import_files([tmp_path / "none.csv"], "tests", tmp_path / "store", TODAY)
    with pytest.raises(UnknownKind, match="warheads"):
        read(b"x", "horoscopes")


@given(st.permutations(range(3)), st.lists(st.integers(0, 2), max_size=4))
def test_importing_again_or_in_another_order_changes_nothing(order: list[int], again: list[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        files = []
        for n in range(3):
            files.append(home / f"{n}.csv")
            files[n].write_bytes(table(TESTS, ("Japan", 2000 + n, 0), ("North Korea", 2010, n)))
        stores = home / "one", home / "other"
        import_files(files, "tests", stores[0], TODAY)
        for n in [*order, *again]:
            import_files([files[n]], "tests", stores[1], TODAY)
        kept = [{p.name: (p / "source").read_bytes() for p in store.iterdir()} for store in stores]
        assert kept[0] == kept[1] and len(kept[0]) == 3


def test_a_correction_stands_beside_what_it_corrects(tmp_path: Path) -> None:
    for name, count in (("first.csv", 3), ("corrected.csv", 0)):
        (tmp_path / name).write_bytes(table(TESTS, ("North Korea", 2010, count), ("North Korea", 2011, 0)))
        import_files([tmp_path / name], "tests", tmp_path / "store", TODAY)
    kept = stored(tmp_path / "store", TODAY)
    values = sorted(float(r.claims.number[0]) for r in kept if r.claims is not None)
    assert values == [0.0, 3.0]


def test_what_was_noticed_is_kept_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(table(TESTS, ("North Korea", 2010, 3)))
    import_files([tmp_path / "a.csv"], "tests", tmp_path / "store", TODAY)
    record = json.loads(next((tmp_path / "store").glob("*/import.json")).read_text(encoding="utf-8"))
    assert [(r["code"], r["rows"]) for r in record["remarks"]] == [("off-the-record", [2])]


# What is known to be wrong in the data that was collected (data/*/SOURCE.md), and what was found on looking.
KNOWN = {
    "warheads-fas-owid/nuclear_weapons_stockpiles.csv": (
        "warheads",
        {("odd-spelling", 318)} | {("sum-above-world", row) for row in (814, 815, 816, 823, 824, 825, 827)},
    ),
    "warheads-fas-owid/owid_chart_stockpiles_1945_2023.csv": (
        "warheads",
        {("sum-above-world", row) for row in (814, 815, 816, 823, 824, 825, 827)},
    ),
    "warheads-fas-owid/bulletin_stockpiles_1945_2017_2022snapshot.csv": ("warheads", set()),
    "warheads-fas-owid/nuclear_weapons_inventories.csv": ("warheads", {("sorted-anew", 16)}),
    "warheads-fas-owid/owid_chart_status_2023.csv": ("warheads", set()),
    "warheads-recent/warheads_2015_2026_press.csv": ("warheads", set()),
    "nuclear-tests-aca/nuclear_weapons_tests_states.csv": ("tests", {("off-the-record", 292)}),
    "nuclear-tests-aca/owid_chart_tests_1945_2022.csv": ("tests", set()),
    "treaty-status-unoda-2018/nuclear_treaty_actions_derived.csv": ("treaties", set()),
    "treaty-status-unoda-2018/treatydata.json": ("treaties", {("odd-spelling", 24)}),
    "treaty-updates-2018-2026/rosters_july_2026.csv": ("treaties", {("not-on-the-list-of-states", 118)}),
    "treaty-updates-2018-2026/treaty_actions_after_july_2018.csv": ("treaties", set()),
    "treaty-updates-2018-2026/participation_counts.csv": ("treaties", set()),
    "ctbt-untc-2015/ctbt_untc_26-4.csv": ("treaties", set()),
    "spending-ican/ican_nuclear_weapons_spending.csv": ("spending", {("restated", 11)}),
    "milex-sipri/military_expenditure_owid_cow_sipri.csv": ("spending", set()),
    "fissile-material/fissile_material_stocks.csv": ("fissile", {("sum-below-world", 63), ("sum-below-world", 64)}),
    "new-start/new_start_aggregate_numbers.csv": ("new-start", set()),
    "iaea-safeguards/iaea_safeguards_counts.csv": ("safeguards", set()),
    "country-names/country-codes.csv": ("names", {("name-missing", 115), ("name-missing", 229)}),
    "country-names/UNSD-ar.csv": ("names", set()),
    "proliferation-status-owid/proliferation_by_country_year.csv": ("codings", set()),
    "strategic-forces-suh/nuclear_weapons_forces.csv": ("codings", set()),
    "nwfz-protocols/nwfz_protocols_nuclear_weapon_states.csv": ("protocols", set()),
    "unga-votes/nac_resolution_rollcalls_1998_2020.csv": ("votes", {("tally-differs", 3251)}),
    "unga-votes/rollcalls_nuclear_disarmament_1946_2020.csv": ("votes", {("counts-differ", 2)}),
    "unga-votes/ungaVoting_003.csv": (
        "votes",
        {("contradiction", row) for row in (426, 439, 459, 535)}
        | {("tally-differs", 5801), ("not-on-the-list-of-states", 1)},
    ),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", KNOWN)
def test_the_known_defects_of_public_data_are_found_and_nothing_else(shared: Path, name: str) -> None:
    kind, expected = KNOWN[name]
    reading = read_file(shared / "data" / name, kind, TODAY, split_world=kind == "warheads")
    assert {(r.code, first(r)) for r in reading.remarks} == expected


def first(remark: Remark) -> int:
    return remark.rows[0] if remark.rows else 0


@pytest.mark.shared
def test_the_public_warhead_series_is_refused_as_one_series(shared: Path) -> None:
    folder = shared / "data" / "warheads-fas-owid"
    for name in ("nuclear_weapons_stockpiles.csv", "nuclear_weapons_stockpiles_raw.csv"):
        faults = [r for r in read_file(folder / name, "warheads", TODAY).remarks if r.weight is Weight.FAULT]
        assert [r.code for r in faults] == ["mixed-kinds"]


@pytest.mark.shared
def test_three_rarotonga_dates_conflict_between_the_depositary_lists(shared: Path, tmp_path: Path) -> None:
    home = shared / "data"
    unoda = home / "treaty-status-unoda-2018" / "nuclear_treaty_actions_derived.csv"
    rosters = home / "treaty-updates-2018-2026" / "rosters_july_2026.csv"
    untc = home / "ctbt-untc-2015" / "ctbt_untc_26-4.csv"
    import_files([unoda, untc], "treaties", tmp_path / "store", TODAY)
    (reading,) = import_files([rosters], "treaties", tmp_path / "store", TODAY)
    conflicts = [r for r in reading.remarks if r.code == "dates-conflict"]
    assert [(r.message.split(":")[0], r.rows) for r in conflicts] == [
        ("NIU RAROTONGA", (127,)), ("SLB RAROTONGA", (130,)), ("TUV RAROTONGA", (132,)),
    ]  # fmt: skip


@pytest.mark.shared
def test_the_resolution_recounts_to_its_tally(shared: Path) -> None:
    home = shared / "data" / "unga-votes"
    matrix = read_file(home / "ungaVoting_003.csv", "votes", TODAY).calls
    assert matrix is not None
    tally = matrix.tally()
    n = matrix.ids.index("9212")
    assert [int(tally[word][n]) for word in ("yes", "no", "abstain")] == [138, 33, 15]


@pytest.mark.shared
def test_a_header_that_runs_into_its_first_row_is_refused_at_row_one(shared: Path) -> None:
    name = shared / "data" / "treaty-status-unoda-2018" / "countrytreatydata.csv"
    assert codes(read_file(name, "treaties", TODAY)) == [("joined-header", (1,))]


SAMPLE = table(STOCKS, *(row for year in range(2000, 2004) for row in stocks(900, year=year)))
DAMAGE = [
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"=",
    b"\xff",
    b"nan",
    b"-",
    b"9" * 30,
    b"\t",
    b"{",
    b"World",
    b"\xef\xbb\xbf",
]


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.sampled_from(DAMAGE), st.integers(0, 40)), max_size=6))
def test_no_damage_to_a_file_makes_it_crash(damage: list[tuple[int, bytes, int]]) -> None:
    data = SAMPLE
    for at, piece, gone in damage:
        data = data[:at] + piece + data[at + gone :]
    for kind in ("warheads", "votes", "treaties"):
        for remark in read(data, kind).remarks:
            assert remark.message and "file.csv" in str(remark)


YEARS = st.lists(st.tuples(st.integers(0, 400), st.integers(-60, 900)), min_size=4, max_size=8)


@given(YEARS, st.sampled_from([3, 7, 9, 11, 13, 27, 33]))
def test_the_same_figures_in_another_scale_give_the_same_remarks(years: list[tuple[int, int]], scale: int) -> None:
    def remarks(by: int) -> list[tuple[str, tuple[int, ...]]]:
        rows = [
            row
            for n, (each, more) in enumerate(years)
            for row in stocks(max(0, 9 * each + more) * by, year=2000 + n, each=each * by)
        ]
        return [(c, r) for c, r in codes(read(table(STOCKS, *rows), "warheads")) if c != "stands-out"]

    # A printed zero at the end is taken as rounding, so only scales that add none are compared.
    assert {c for c, _ in remarks(scale)} >= {c for c, _ in remarks(1)} - {"mixed-units"}


@given(st.permutations(range(12)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    rows: list[Row] = [("North Korea", 2005 + n, 3 if n == 5 else 0) for n in range(12)]
    found = read(table(TESTS, *(rows[n] for n in order))).remarks
    assert {r.code for r in found} == {r.code for r in read(table(TESTS, *rows)).remarks}
    at = order.index(5) + 2
    assert any(at in r.rows for r in found)
