"""How far each value of a series lies from what the others say, in units of the others' own scatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
#: A value further off than so many scatters loses its weight in the fit (Huber-like).
_REACH = 1.5


def smooth(x: Values, values: Values, degree: int) -> tuple[Values, float]:
    """Coefficients of the polynomial that most of (N,) values follow, highest power first, and their scatter about it.

    Source: iteratively reweighted least squares; Huber & Ronchetti, Robust Statistics, 2nd ed., §7.8.
    """
    basis = np.vander(x, degree + 1)
    weight = np.ones(len(x))
    for _ in range(5):
        weighted = basis.T * weight**2
        coefficients = np.linalg.solve(weighted @ basis, weighted @ values)
        rest = values - basis @ coefficients
        scatter = 1.4826 * float(np.median(np.abs(rest)))
        weight = 1 / np.sqrt(1 + (rest / (_REACH * scatter + 1e-9)) ** 2)
    return np.asarray(coefficients, dtype=np.float64), scatter


def oddness(values: Values, degree: int, floor: float | Values) -> Values:
    """(N,) signed distance from the common polynomial over hypot(scatter, floor).

    Args:
        values: (N,) evenly spaced.
        degree: of the polynomial that bend, tilt and uneven light may follow.
        floor: what a single value is off on genuine cards however alike the others are; one, or one for each.
    """
    x = np.linspace(-1, 1, len(values))
    coefficients, scatter = smooth(x, values, degree)
    return np.asarray((values - np.polyval(coefficients, x)) / np.hypot(scatter, floor))


@dataclass(frozen=True, slots=True)
class Prediction:
    """One value against what the others say of it.

    Attributes:
        rest: the value less its prediction.
        scatter: of the others about their polynomial.
        leverage: variance of the prediction over that of one value.
    """

    rest: float
    scatter: float
    leverage: float

    def odd(self, floor: float) -> float:
        """Distance in units of what it is known to; floor is what a single value is off however alike the others are.

        Source: variance of a prediction; Draper & Smith, Applied Regression Analysis, 3rd ed., §3.1.
        """
        return float(self.rest / (np.hypot(self.scatter, floor) * np.sqrt(1 + self.leverage)))


def left_out(x: Values, values: Values, at: int, degree: int) -> Prediction:
    """The value at a place against the polynomial that the others follow."""
    others = np.arange(len(values)) != at
    coefficients, scatter = smooth(x[others], values[others], degree)
    basis, here = np.vander(x[others], degree + 1), np.vander(x[at : at + 1], degree + 1)[0]
    leverage = float(here @ np.linalg.solve(basis.T @ basis, here))
    return Prediction(float(values[at] - here @ coefficients), scatter, leverage)
