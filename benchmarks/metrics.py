"""The measures, in plain numpy: what is counted, over what, and how sure a rate is.

Convention: a rate always knows its count and its 95 % Wilson interval. The interval takes cases as independent; several
pictures of one person or pairs that share a face are not quite, so it is the narrowest that could be stated.
A comparison is accepted when its score is at or above the threshold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import polygon_iou, signed_area

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
#: Two-sided 95 % quantile of the normal distribution.
Z95 = 1.959963984540054
#: A false match rate is stated only where this many false matches were to be expected: with none seen of n the upper
#: bound is 3 / n. Source: ISO/IEC 19795-1:2021, annex B (rule of three).
LEAST_EXPECTED = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """hits of n, with the bounds of the 95 % interval; without cases it says nothing (0 to 1)."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        """hits / n; None without cases."""
        return self.hits / self.n if self.n else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Lower and upper bound."""
        return wilson(self.hits, self.n)

    def as_json(self) -> dict[str, Any]:
        """Hits, n, rate and bounds."""
        value, (low, high) = self.value, self.bounds
        rate = None if value is None else round(value, 6)
        return {"hits": self.hits, "n": self.n, "rate": rate, "low": round(low, 6), "high": round(high, 6)}


def wilson(hits: float, n: float) -> tuple[float, float]:
    """The 95 % score interval of a proportion.

    Source: Wilson (1927), JASA 22:209–212, as in Brown, Cai & DasGupta (2001), eq. 4.
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(flags: Iterable[bool]) -> Rate:
    """How many of the flags are true."""
    listed = list(flags)
    return Rate(sum(listed), len(listed))


# --- where the card is -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placement:
    """A located card against the true one.

    Attributes:
        iou: intersection over union, whatever the order of the corners.
        corner_pct: mean distance of the corners in % of the true card's width, each held against its best partner.
        same_way_up: whether the corners come in the print's order, winding left aside.
        same_winding: whether the mirroring is right.
    """

    iou: float
    corner_pct: float
    same_way_up: bool
    same_winding: bool


def place(found: NDArray[np.floating], truth: NDArray[np.floating]) -> Placement:
    """Compare two (4, 2) quads, TL TR BR BL of the print."""
    there, here = np.asarray(truth, dtype=np.float64), np.asarray(found, dtype=np.float64)
    same_winding = signed_area(here) * signed_area(there) > 0
    # A wrong mirroring swaps left and right: undone, the way up can still be told.
    wound = here if same_winding else here[[1, 0, 3, 2]]
    errors = [float(np.linalg.norm(np.roll(wound, turn, axis=0) - there, axis=1).mean()) for turn in range(4)]
    top, bottom = np.linalg.norm(there[1] - there[0]), np.linalg.norm(there[2] - there[3])
    width = float(top + bottom) / 2
    return Placement(polygon_iou(here, there), 100 * min(errors) / width, errors[0] == min(errors), same_winding)


def recall_at(ious: Iterable[float], level: float) -> Rate:
    """Cards found at an IoU of at least level; a card that was not found counts with IoU 0."""
    return rate(iou >= level for iou in ious)


# --- what is printed -------------------------------------------------------------------------------------------


def edits(read: str, truth: str) -> int:
    """Levenshtein distance: fewest insertions, deletions and substitutions of one character."""
    above = list(range(len(truth) + 1))
    for i, got in enumerate(read, 1):
        row = [i]
        for j, wanted in enumerate(truth, 1):
            row.append(min(row[-1] + 1, above[j] + 1, above[j - 1] + (got != wanted)))
        above = row
    return above[-1]


def character_error_rate(counts: Iterable[tuple[int, int]]) -> float | None:
    """Edits over printed characters, pooled over (edits, printed characters); None where nothing is printed.

    Nothing read of a printed value costs all its characters. It may exceed 1.
    """
    listed = list(counts)
    printed = sum(characters for _, characters in listed)
    return sum(wrong for wrong, _ in listed) / printed if printed else None


# --- what a confidence is worth --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like confidence.

    Attributes:
        n: how many.
        weight: their share of all weight.
        confidence: their weighted mean confidence.
        accuracy: their weighted share that is right.
        effective_n: how many equally weighted cases would be as sure. Source: Kish (1965), Survey Sampling, §11.7.
    """

    n: int
    weight: float
    confidence: float
    accuracy: float
    effective_n: float

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the accuracy, 95 %."""
        return wilson(self.accuracy * self.effective_n, self.effective_n)


def reliability(
    confidence: Sequence[float], right: Sequence[bool], weights: Sequence[float] | None = None, bins: int = 10
) -> list[Bin]:
    """Bins of equal width that hold cases, lowest first; 1.0 belongs to the last.

    Source: Naeini, Cooper & Hauskrecht (2015), AAAI; Guo et al. (2017), ICML, §2.
    """
    c, r = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=bool)
    w = np.ones(len(c)) if weights is None else np.asarray(weights, dtype=np.float64)
    at = np.minimum((c * bins).astype(int), bins - 1)
    found = []
    for index in range(bins):
        inside = at == index
        if (weight := float(w[inside].sum())) > 0:
            mean, hit = float((c * w)[inside].sum() / weight), float((r * w)[inside].sum() / weight)
            effective = weight**2 / float((w[inside] ** 2).sum())
            found.append(Bin(int(inside.sum()), weight / float(w.sum()), mean, hit, effective))
    return found


def expected_calibration_error(bins: Iterable[Bin]) -> float:
    """Mean distance of confidence and accuracy, weighted by the bins' weight. Source: Guo et al. (2017), eq. 3."""
    return sum(one.weight * abs(one.confidence - one.accuracy) for one in bins)


def prior_weights(genuine: Sequence[bool], prior: float) -> list[float]:
    """Weights that make the genuine cases a share of prior of the whole, which is then 1."""
    good = sum(genuine)
    bad = len(genuine) - good
    if not good or not bad:
        return [1 / len(genuine)] * len(genuine)
    return [prior / good if each else (1 - prior) / bad for each in genuine]


# --- verdicts --------------------------------------------------------------------------------------------------


def attacks_approved(kinds: Sequence[str], approved: Sequence[bool]) -> dict[str, Rate]:
    """APCER: the share of each kind of attack that is approved; the worst kind is the one to quote.

    Source: ISO/IEC 30107-3:2023, §13.2 (attack presentation classification error rate, per species).
    """
    pairs = list(zip(kinds, approved, strict=True))
    return {kind: rate(yes for other, yes in pairs if other == kind) for kind in sorted(set(kinds))}


@dataclass(frozen=True, slots=True)
class Costs:
    """What mistakes cost, in units of one selfie that a person or a second try has to settle, and who comes.

    Assumptions, all three: nothing here was measured at a bank.
    """

    approved_fraud: float = 100.0
    handled: float = 1.0
    prior_genuine: float = 0.9


def approved_at(confidence: Floats, open_: Bools, threshold: float) -> Bools:
    """(N,) whether a verdict is an approval if that needs a confidence of at least threshold.

    Args:
        confidence: (N,) of the verdicts.
        open_: (N,) whether nothing but the confidence could stand against approval.
        threshold: 0 to 1; above 1 nothing is approved.
    """
    return open_ & (confidence >= threshold)


def expected_cost(confidence: Floats, open_: Bools, genuine: Bools, threshold: float, costs: Costs) -> float:
    """Mean cost of a selfie if approval needs a confidence of at least threshold.

    Args:
        confidence: (N,) of the verdicts.
        open_: (N,) whether nothing but the confidence could stand against approval.
        genuine: (N,) whether approval is right.
        threshold: the confidence that approval needs.
        costs: prior and prices.
    """
    approved = approved_at(confidence, open_, threshold)
    good, bad = float(approved[genuine].mean()), float(approved[~genuine].mean())
    handled = costs.prior_genuine * (1 - good) + (1 - costs.prior_genuine) * (1 - bad)
    return handled * costs.handled + (1 - costs.prior_genuine) * bad * costs.approved_fraud


# --- faces -----------------------------------------------------------------------------------------------------


def false_matches(impostor: Floats, threshold: float) -> Rate:
    """FMR: impostor comparisons accepted. Source: ISO/IEC 19795-1:2021, §8.3."""
    return Rate(int((impostor >= threshold).sum()), len(impostor))


def false_non_matches(genuine: Floats, threshold: float) -> Rate:
    """FNMR: genuine comparisons refused. Source: ISO/IEC 19795-1:2021, §8.3."""
    return Rate(int((genuine < threshold).sum()), len(genuine))


def threshold_at(impostor: Floats, fmr: float) -> float | None:
    """The lowest threshold at which at most fmr of the impostors are accepted; None when there are too few to say."""
    allowed = fmr * len(impostor)
    if allowed < LEAST_EXPECTED - 1e-9:  # 1e-3 × 3,000 is a hair under 3 in binary.
        return None
    highest = np.sort(impostor)[::-1]
    return float(np.nextafter(highest[int(allowed + 1e-9)], np.inf))


def true_accepts(genuine: Floats, impostor: Floats, fmr: float) -> Rate | None:
    """TAR at a false match rate; None when there are too few impostors to say."""
    threshold = threshold_at(impostor, fmr)
    return None if threshold is None else Rate(int((genuine >= threshold).sum()), len(genuine))


def det_points(genuine: Floats, impostor: Floats, fmrs: Iterable[float]) -> list[tuple[float, Rate, Rate]]:
    """(threshold, FMR, FNMR) for each wanted FMR that is measurable."""
    thresholds = (threshold_at(impostor, fmr) for fmr in fmrs)
    return [(t, false_matches(impostor, t), false_non_matches(genuine, t)) for t in thresholds if t is not None]
