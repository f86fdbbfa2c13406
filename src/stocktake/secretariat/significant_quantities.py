"""One significant quantity of a material, from the bundled table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from stocktake.verification.errors import ImpossiblePlan

KILOGRAMS = {"mg": 1e-6, "g": 1e-3, "kg": 1.0, "t": 1e3}


@dataclass(frozen=True)
class SignificantQuantity:
    """The approximate amount from which a weapon cannot be excluded (IAEA Safeguards Glossary), in kg of ``of``."""

    material: str
    mass_kg: float
    of: str
    source: str


def significant_quantities() -> dict[str, SignificantQuantity]:
    place = files("stocktake").joinpath("catalogue/accountancy/significant_quantities.csv")
    with place.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {r["material"]: SignificantQuantity(r["material"], float(r["mass_kg"]), r["of"], r["source"]) for r in rows}


def loss_of(material: str | None, element: str, mass_unit: str) -> tuple[float, SignificantQuantity] | None:
    """One significant quantity in ``mass_unit``, of ``material`` or of the one material that ``element`` names.

    None where no material was named and the element alone does not say it (uranium). Raises ImpossiblePlan for a
    material that is not in the table or is counted in another element than the balance.
    """
    known = significant_quantities()
    if material is None and element not in known:
        return None
    found = known.get(material or element)
    if found is None:
        raise ImpossiblePlan(f"no significant quantity of {material!r}; known: {', '.join(known)}.")
    if found.of != element:
        raise ImpossiblePlan(
            f"a significant quantity of {found.material} is counted in {found.of}, this balance in {element}. "
            "Give the loss as a mass, with --loss."
        )
    return found.mass_kg / KILOGRAMS[mass_unit], found
