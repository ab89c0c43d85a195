"""The figures that must not fall: a small seeded set with the packaged portraits, held against floors.toml.

``python -m benchmarks.floors`` renders and judges the set and prints every figure, its interval and its bounds, to
take over when a floor is moved on purpose. Exit status 1 when one has fallen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy import judge
from benchmarks.cases import Case, case
from benchmarks.figures import figures
from kyc_vision.build import load_verifier
from samples.dataset import Plan, make_set

FLOORS = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True)
class Floor:
    """One rate and its bound.

    Attributes:
        figure: keys into benchmarks.figures, down to a rate.
        at_least, at_most: the bounds; the other one is 0 or 1.
        source: what was measured, when, on how many.
    """

    figure: tuple[str, ...]
    at_least: float
    at_most: float
    source: str

    def rate_in(self, measured: Mapping[str, Any]) -> Mapping[str, Any]:
        """The rate as JSON.

        Raises:
            KeyError: the figures do not have it.
        """
        found: Any = measured
        for key in self.figure:
            found = found[key]
        return dict(found)

    def holds(self, measured: Mapping[str, Any]) -> bool:
        """Whether the rate was measured at all and lies within the bounds."""
        value = self.rate_in(measured)["rate"]
        return value is not None and self.at_least <= value <= self.at_most


def load(path: Path = FLOORS) -> tuple[Plan, int, list[Floor]]:
    """The set to make, the version of the difficulty table that it belongs to, and the floors."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    made = table["set"]
    plan = Plan(made["n"], made["seed"], None, tuple(made["mix"].items()), made["megapixels"])
    floors = [
        Floor(tuple(row["figure"]), row.get("at_least", 0.0), row.get("at_most", 1.0), row["source"])
        for row in table["floor"]
    ]
    return plan, int(made["version"]), floors


def measure(plan: Plan, folder: Path) -> dict[str, Any]:
    """Render the set into the folder, judge it, and count."""
    return figures(list(_cases(plan, folder)))


def _cases(plan: Plan, folder: Path) -> Iterator[Case]:
    verifier = load_verifier()
    for index, label in make_set(plan, folder):
        yield case(label, judge(verifier, (folder / label["file"]).read_bytes()))
        print(f"\r{index + 1}/{plan.n} pictures", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Measure and compare; returns the exit status."""
    argparse.ArgumentParser(prog="python -m benchmarks.floors", description=__doc__).parse_args()
    plan, _, floors = load()
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(plan, Path(folder))
    print(file=sys.stderr)
    for floor in floors:
        row = floor.rate_in(measured)
        said = "holds" if floor.holds(measured) else "HAS FALLEN"
        interval = f"{row['hits']}/{row['n']} ({row['low']:.3f}–{row['high']:.3f})"
        bounds = f"bounds {floor.at_least:.3f}–{floor.at_most:.3f}"
        print(f"{said:10} {' / '.join(floor.figure)}: {interval}, {bounds}")
    return 0 if all(floor.holds(measured) for floor in floors) else 1


if __name__ == "__main__":
    sys.exit(main())
