"""A file of measurements evaluated: opened by what it says it is, then handed to the room that can judge it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from stocktake.publication.balance_page import MARK, balance_page
from stocktake.secretariat.balances import REFUSAL, checked, problems_of, said
from stocktake.secretariat.json_files import read_json
from stocktake.secretariat.output import OutputRefused
from stocktake.secretariat.significant_quantities import loss_of
from stocktake.secretariat.tables import read_error_table, read_table
from stocktake.terms.problems import Problem
from stocktake.verification import alarms, differences, euratom, report, tidy
from stocktake.verification.alarms import Alarms
from stocktake.verification.balance import Balance
from stocktake.verification.differences import DifferenceEvaluation
from stocktake.verification.errors import RefusedInput
from stocktake.verification.euratom import Listing
from stocktake.verification.evaluation import Evaluation, evaluate
from stocktake.verification.faults import Fault
from stocktake.verification.intake import ErrorTable, balance_from
from stocktake.verification.sweep import Behaviour, behaviour_of, sweep


@dataclass(frozen=True)
class AlarmQuestion:
    """With which false-alarm probability the tests are set, against which loss, and how long to simulate."""

    false_alarm: float
    loss: float | None
    material: str | None
    seed: int
    realisations: int
    sweep: int | None = None
    workers: int = 1


@dataclass(frozen=True)
class BalanceResult:
    """An evaluated run of balances; ``alarms`` where they were asked for. ``loss`` says what the loss is."""

    name: str
    evaluation: Evaluation
    alarms: Alarms | None
    loss: str | None
    behaviour: Behaviour | None = None

    def to_json(self) -> dict[str, Any]:
        found = report.to_json(self.evaluation)
        if self.alarms is not None:
            found["decision"] = alarms.to_json(self.alarms)
        if self.behaviour is not None:
            found["sweep"] = vars(self.behaviour)
        return found

    def write_page(self, out: Path) -> None:
        """Write the diagnosis page whole or not at all, and never over a file that is no such page."""
        if self.alarms is None:
            raise OutputRefused("a diagnosis page needs the tests; give --false-alarm")
        write_page(balance_page(self.name, self.evaluation, self.alarms, self.loss), out)


@dataclass(frozen=True)
class DifferenceResult:
    """Evaluated pairs of measurements."""

    name: str
    evaluation: DifferenceEvaluation

    def to_json(self) -> dict[str, Any]:
        return differences.to_json(self.evaluation)

    def write_page(self, out: Path) -> None:
        raise OutputRefused(f"{out}: paired measurements have no diagnosis page. Leave --page out.")


@dataclass(frozen=True)
class ListingResult:
    """A physical inventory listing with its corrections applied."""

    name: str
    listing: Listing

    def to_json(self) -> dict[str, Any]:
        return euratom.to_json(self.listing)

    def write_page(self, out: Path) -> None:
        raise OutputRefused(f"{out}: a listing has no diagnosis page. Leave --page out.")


Result = BalanceResult | DifferenceResult | ListingResult


def evaluate_file(path: Path, *, question: AlarmQuestion | None, errors: Path | None = None) -> Result:
    """Evaluate the balances, the paired measurements or the inventory listing in a file, by what it says it is.

    Raises RefusedInput with all problems of the file, SingularCovariance, or ImpossiblePlan for an unfit question.
    """
    table = read_error_table(errors, REFUSAL) if errors is not None else {}
    if path.suffix.lower() == ".csv":
        return _from_table(path, table, question)
    data, text = read_json(path, REFUSAL)
    if isinstance(data, dict) and data.get("format") == differences.FORMAT:
        return _differences(path.name, data, text, question)
    return _judged(path.name, checked(balance_from(data, table), path.name, data, text), question)


def _from_table(path: Path, table: ErrorTable, question: AlarmQuestion | None) -> Result:
    header, rows = read_table(path, REFUSAL)

    def refuse(faults: Iterable[tuple[int, str, str]]) -> RefusedInput:
        return RefusedInput(REFUSAL, [Problem(path.name, *fault) for fault in faults])

    if euratom.is_listing(header):
        listing = euratom.listing_from(rows)
        if isinstance(listing, list):
            raise refuse(listing)
        return ListingResult(path.name, listing)
    if not tidy.is_tidy(header):
        raise refuse([(1, "header", "expected columns role and time (a balance), or mba and line_number (a listing)")])
    read = tidy.read_tidy(rows)
    found = balance_from(read.data, table)
    faults = [] if isinstance(found, Balance) else [(read.row_of(f), f.code, said(f, read.data)) for f in found]
    if read.faults or not isinstance(found, Balance):
        raise refuse([*read.faults, *faults])
    return _judged(path.name, found, question)


def _judged(name: str, balance: Balance, question: AlarmQuestion | None) -> BalanceResult:
    evaluation = evaluate(balance)
    if question is None:
        return BalanceResult(name, evaluation, None, None)
    loss, said = question.loss, None
    if loss is None:
        found = loss_of(question.material, balance.element, balance.mass_unit)
        if found is not None:
            loss, quantity = found
            said = f"one significant quantity of {quantity.material}, {quantity.mass_kg:g} kg of {quantity.of}"
            said += f" ({quantity.source})"
    judged = alarms.assess(
        evaluation,
        false_alarm=question.false_alarm,
        loss=loss,
        seed=question.seed,
        realisations=question.realisations,
    )
    histories = None
    if question.sweep is not None:
        histories = behaviour_of(
            sweep(balance, question.sweep, seed=question.seed, workers=question.workers), judged.thresholds
        )
    return BalanceResult(name, evaluation, judged, said, histories)


def write_page(text: str, out: Path) -> None:
    if out.exists() and (not out.is_file() or MARK not in out.read_text(encoding="utf-8", errors="replace")[:2000]):
        raise OutputRefused(f"{out} is there and is no diagnosis page. Choose another --page.")
    with NamedTemporaryFile("w", encoding="utf-8", dir=out.parent, prefix=f".{out.name[:80]}.", delete=False) as fresh:
        fresh.write(text)
    place = Path(fresh.name)
    place.chmod(0o644)
    place.replace(out)


def _differences(name: str, data: dict[str, Any], text: str, question: AlarmQuestion | None) -> DifferenceResult:
    strata = differences.strata_from(data)
    if isinstance(strata, list):
        faults = [Fault(*f) for f in strata]
        raise RefusedInput(REFUSAL, problems_of(faults, name, data, text))
    evaluation = differences.evaluate_differences(
        strata,
        mass_unit=data["mass_unit"],
        element=data["element"],
        false_alarm=question.false_alarm if question else 0.05,
    )
    return DifferenceResult(name, evaluation)
