"""A file of measurements evaluated: opened by what it says it is, then handed to the room that can judge it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stocktake.secretariat.balances import REFUSAL, checked, problems_of
from stocktake.secretariat.json_files import read_json
from stocktake.secretariat.significant_quantities import loss_of
from stocktake.verification import alarms, differences, report
from stocktake.verification.alarms import Alarms
from stocktake.verification.balance import Balance
from stocktake.verification.differences import DifferenceEvaluation
from stocktake.verification.errors import RefusedInput
from stocktake.verification.evaluation import Evaluation, evaluate
from stocktake.verification.intake import Fault, balance_from
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


@dataclass(frozen=True)
class DifferenceResult:
    """Evaluated pairs of measurements."""

    name: str
    evaluation: DifferenceEvaluation

    def to_json(self) -> dict[str, Any]:
        return differences.to_json(self.evaluation)


def evaluate_file(path: Path, *, question: AlarmQuestion | None) -> BalanceResult | DifferenceResult:
    """Evaluate the balances, or the paired measurements, in a file.

    Raises RefusedInput with all problems of the file, SingularCovariance, or ImpossiblePlan for an unfit question.
    """
    data, text = read_json(path, REFUSAL)
    if isinstance(data, dict) and data.get("format") == differences.FORMAT:
        return _differences(path.name, data, text, question)
    return _judged(path.name, checked(balance_from(data), path.name, data, text), question)


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
