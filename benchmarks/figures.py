"""Cases → the figures of one result: tables of rates, nothing that a card says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.bootstrap import rate_by_people
from benchmarks.cases import ATTACK, BEYOND_PX, GENUINE, QUALITY, Case
from benchmarks.confidence import calibration, confidence_figures
from benchmarks.metrics import Rate, attacks_approved, character_error_rate, rate, recall_at

WIDTHS_PX = (0, 200, 280, 320, 400, 480, 640, 10_000)
#: Shares of the card that fingers cover.
OCCLUSIONS = (0.0, 0.02, 0.04, 0.08, 1.01)
IOU_LEVELS = (0.8, 0.9, 0.95)
#: An untouched card in a hand: where it lies and what it says is measured on these.
PLAIN = ("genuine", "impostor")
DECISIONS = ("approved", "review", "retake", "rejected", "refused")
KEY_FIELDS = ("nik", "name", "birth_date")
Table = dict[str, dict[str, Any]]


def figures(cases: Sequence[Case]) -> dict[str, Any]:
    """All figures as plain JSON."""
    # By width, a large card whose text was lost on purpose says nothing of the width.
    plain = [c for c in cases if c.kind in PLAIN and c.fields]
    legible = [c for c in plain if c.difficulty != "beyond"]
    sized = [c for c in plain if c.difficulty != "beyond" or (c.card_px or 0) < BEYOND_PX]
    return {
        "kinds": {k: sum(c.kind == k for c in cases) for k in sorted({c.kind for c in cases})},
        "localisation": localisation(cases),
        "fields": fields(legible, sized),
        "verdicts": verdicts(cases),
        "speed": speed(cases),
    }


# --- where the card is -----------------------------------------------------------------------------------------


def localisation(cases: Sequence[Case]) -> dict[str, Any]:
    """Recall, corner error, way up and mirroring, cut in several ways; and cards seen where there is none."""
    there = [c for c in cases if c.card_px is not None and c.kind != "other_document"]
    plain = [c for c in there if c.kind in PLAIN]
    legible = [c for c in plain if c.difficulty != "beyond"]
    sized = [c for c in plain if c.difficulty != "beyond" or (c.card_px or 0) < BEYOND_PX]
    hidden = {
        f"{low:.1%}–{high:.1%}": [c for c in legible if c.occlusion is not None and low <= c.occlusion < high]
        for low, high in pairwise(OCCLUSIONS)
    }
    no_ektp = [c for c in cases if c.card_px is None or c.kind == "other_document"]
    return {
        "legible": located(legible),
        "by card width": {label: located(part) for label, part in by_width(sized).items()},
        "by occlusion": {label: located(part) for label, part in hidden.items() if part},
        "by difficulty": {label: located(part) for label, part in _by(plain, lambda c: c.difficulty).items()},
        "by kind": {label: located(part) for label, part in _by(there, lambda c: c.kind).items()},
        "found where there is none": rate(c.card_found for c in no_ektp).as_json(),
    }


def located(cases: Sequence[Case]) -> dict[str, Any]:
    """One row: recall over all cards; the rest over those that were found."""
    found = [c.placement for c in cases if c.placement]
    ious = [c.placement.iou if c.placement else 0.0 for c in cases]
    return {
        "n": len(cases),
        "found": Rate(len(found), len(cases)).as_json(),
        **{f"IoU {level:g}": recall_at(ious, level).as_json() for level in IOU_LEVELS},
        "corner_pct": percentiles([p.corner_pct for p in found]),
        "way_up": rate(p.same_way_up for p in found).as_json(),
        "mirroring": rate(p.same_winding for p in found).as_json(),
    }


# --- what is printed -------------------------------------------------------------------------------------------


def fields(legible: Sequence[Case], sized: Sequence[Case]) -> dict[str, Any]:
    """All fields of the legible cards; the key fields by card width too, over those whose size alone may blur them."""
    with_nik = [c for c in legible if "nik" in c.fields]
    read = [c.fields["nik"] for c in with_nik if c.fields["nik"].read]
    return {
        "nik right": by_people(with_nik, lambda c: c.fields["nik"].exact_spaceless),
        "nik digits wrong": Rate(sum(s.edits for s in read), sum(s.characters for s in read)).as_json(),
        "legible": {name: field_figures(legible, name) for name in _field_names(legible)},
        "by card width": {
            name: {label: field_figures(part, name) for label, part in by_width(sized).items()} for name in KEY_FIELDS
        },
        "reliability": {name: field_reliability(legible, name) for name in KEY_FIELDS},
    }


def field_figures(cases: Sequence[Case], name: str) -> dict[str, Any]:
    """One field: how often a value is given, and right; edits per printed character, of all and of what was read."""
    scores = [c.fields[name] for c in cases if name in c.fields]
    given = [s for s in scores if s.read]
    return {
        "n": len(scores),
        "read": Rate(len(given), len(scores)).as_json(),
        "exact": rate(s.exact for s in scores).as_json(),
        "exact_spaceless": rate(s.exact_spaceless for s in scores).as_json(),
        "right_of_read": rate(s.exact_spaceless for s in given).as_json(),
        "cer": character_error_rate((s.edits, s.characters) for s in scores),
        "cer_of_read": character_error_rate((s.edits, s.characters) for s in given),
    }


def field_reliability(cases: Sequence[Case], name: str) -> dict[str, Any]:
    """The reader's confidence against being right, spaces left out, over the values that were given."""
    given = [s for c in cases if (s := c.fields.get(name)) and s.read]
    return calibration([s.confidence for s in given], [s.exact_spaceless for s in given])


# --- verdicts --------------------------------------------------------------------------------------------------


def verdicts(cases: Sequence[Case]) -> dict[str, Any]:
    """Decisions by kind, who is approved, what stops the genuine, and what the confidence is worth."""
    genuine = [c for c in cases if c.group == GENUINE]
    attacks = [c for c in cases if c.group == ATTACK]
    beyond = [c for c in cases if c.kind == "genuine" and c.group == QUALITY]
    stopped = Counter(code for c in genuine if not c.approved for code in c.reasons)
    per_attack = attacks_approved([c.kind for c in attacks], [c.approved for c in attacks])
    return {
        "by kind": {kind: decisions(part) for kind, part in _by(cases, _kind_and_group).items()},
        "genuine": decisions(genuine)
        | {
            "approved": by_people(genuine, lambda c: c.approved),
            "rejected": by_people(genuine, lambda c: c.decision == "rejected"),
        },
        "genuine by difficulty": {k: decisions(v) for k, v in _by(genuine, lambda c: c.difficulty).items()},
        "genuine by card width": {
            k: decisions(v)
            for k, v in by_width([*genuine, *(c for c in beyond if (c.card_px or 0) < BEYOND_PX)]).items()
        },
        "not to be judged": decisions([c for c in cases if c.group == QUALITY]),
        "attacks approved": {kind: one.as_json() for kind, one in per_attack.items()},
        "all attacks approved": by_people(attacks, lambda c: c.approved),
        "approved with NIK or name wrong": rate(not c.read_right for c in cases if c.approved and c.fields).as_json(),
        "reasons of genuine not approved": dict(stopped.most_common(15)),
        "confidence": confidence_figures(genuine, attacks),
    }


def decisions(cases: Sequence[Case]) -> dict[str, Any]:
    """How often each decision was given, and whether it was one of the expected ones."""
    given = Counter(c.decision for c in cases)
    return {
        "n": len(cases),
        "right": rate(c.decision in c.expected for c in cases).as_json(),
        **{name: Rate(given[name], len(cases)).as_json() for name in DECISIONS if name != "refused" or given[name]},
    }


# --- speed -----------------------------------------------------------------------------------------------------


def speed(cases: Sequence[Case]) -> dict[str, Any]:
    """Milliseconds by stage over the pictures that reached it, and of the whole by picture size."""
    timed = [c for c in cases if c.timings_ms]
    stages = dict.fromkeys(stage for c in sorted(timed, key=lambda c: -len(c.timings_ms)) for stage in c.timings_ms)
    sizes = _by(timed, lambda c: f"{c.megapixels:4.1f} MP")
    return {
        "stages_ms": {s: percentiles([c.timings_ms[s] for c in timed if s in c.timings_ms]) for s in stages},
        "total_ms_by_size": {
            label: percentiles([c.timings_ms["total"] for c in part]) for label, part in sizes.items()
        },
    }


# --- cutting ---------------------------------------------------------------------------------------------------


def by_width(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases with a card, by its true width in the picture; classes that hold any, narrowest first."""
    listed = [c for c in cases if c.card_px is not None]
    found = {}
    for low, high in pairwise(WIDTHS_PX):
        label = f"≥ {low} px" if high == WIDTHS_PX[-1] else f"{low}–{high} px"
        if part := [c for c in listed if low <= (c.card_px or 0) < high]:
            found[label] = part
    return found


def by_people(cases: Sequence[Case], hit: Callable[[Case], bool]) -> dict[str, Any]:
    """A headline rate as JSON, with the interval that draws people besides."""
    return rate_by_people([hit(c) for c in cases], [c.person for c in cases])


def percentiles(values: Sequence[float]) -> dict[str, float | int | None]:
    """Count, p50 and p95."""
    if not values:
        return {"n": 0, "p50": None, "p95": None}
    p50, p95 = np.percentile(values, [50, 95])
    return {"n": len(values), "p50": round(float(p50), 3), "p95": round(float(p95), 3)}


def _by(cases: Iterable[Case], key: Callable[[Case], str]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for c in cases:
        found.setdefault(key(c), []).append(c)
    return dict(sorted(found.items()))


def _kind_and_group(c: Case) -> str:
    """Sorts attacks first, then the genuine, then what cannot be judged."""
    return f"{c.group}: {c.kind}, beyond" if c.kind == "genuine" and c.group == QUALITY else f"{c.group}: {c.kind}"


def _field_names(cases: Sequence[Case]) -> list[str]:
    return list(dict.fromkeys(name for c in cases for name in c.fields))
