"""A Verification as plain JSON: the one shape that the command line prints and the HTTP service answers."""

from __future__ import annotations

from typing import Any

from kyc_vision.advice import Advice, advice
from kyc_vision.types import (
    CardFields,
    CardLocation,
    CardNotFound,
    Change,
    Check,
    Evidence,
    FaceMatch,
    Field,
    Suspicion,
    Verification,
)


def describe(verification: Verification) -> dict[str, Any]:
    """The JSON object of one verification; docs/api.md describes each member."""
    verdict, evidence = verification.verdict, verification.evidence
    fields, missing = _fields(evidence)
    return {
        "decision": verdict.decision.value,
        "confidence": verdict.confidence,
        "card": _card(evidence.location) if isinstance(evidence.location, CardLocation) else None,
        "fields": fields,
        "fields_missing": missing,
        "face": _face(evidence.match) if isinstance(evidence.match, FaceMatch) else None,
        "checks": [_check(check) for check in verdict.checks],
        "reasons": list(verdict.reasons),
        "doubts": [{"cause": one.cause, "odds": float(f"{one.odds:.4g}"), "lost": one.lost} for one in verdict.doubts],
        "suspicions": [_suspicion(one) for one in evidence.suspicions],
        "nearest_change": _change(verification.nearest) if verification.nearest else None,
        "advice": [_advice(one) for one in advice(verification)],
        "timings_ms": dict(verification.timings_ms),
        "provenance": {
            "image_sha256": verification.provenance.image_sha256,
            "code": verification.provenance.code,
            "weights": dict(verification.provenance.weights),
            "policy": verification.provenance.policy,
            "calibration": verification.provenance.calibration,
            "engines": dict(verification.provenance.engines),
        },
    }


def _fields(evidence: Evidence) -> tuple[dict[str, Any], dict[str, str]]:
    """Every field by name, null where it was not read, and beside them the reason of each null."""
    fields = evidence.fields
    if fields is None:
        names = list(CardFields.__dataclass_fields__)
        reason = evidence.location.reason if isinstance(evidence.location, CardNotFound) else "OCR_FIELD_NOT_FOUND"
        return dict.fromkeys(names), dict.fromkeys(names, reason)
    values: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for name, value in fields.items():
        if isinstance(value, Field):
            values[name] = {"text": value.text, "read": value.read, "confidence": value.confidence}
            if name == "nik":
                values[name]["repaired"] = list(value.repaired)
            if len(value.readings) > 1:
                values[name]["readings"] = dict(value.readings)
        else:
            values[name] = None
            missing[name] = value.reason
    return values, missing


def _card(location: CardLocation) -> dict[str, Any]:
    return {
        "quad": [[round(float(x), 1), round(float(y), 1)] for x, y in location.quad],
        "mirrored": location.mirrored,
        "confidence": location.confidence,
        "anchors": location.anchors,
        "residual_mm": round(location.residual_mm, 3),
        "edges": location.edges,
    }


def _face(match: FaceMatch) -> dict[str, Any]:
    return {
        "similarity": round(match.similarity, 4),
        "probability": round(match.probability, 4),
        "probe": [round(value, 1) for value in match.probe.box],
        "reference": [round(value, 1) for value in match.reference.box],
        "reference_height_px": round(match.reference_height_px, 1),
    }


def _change(change: Change) -> dict[str, Any]:
    return {"checks": list(change.checks), "decision": change.decision and change.decision.value}


def _suspicion(suspicion: Suspicion) -> dict[str, Any]:
    return {
        "attack": suspicion.attack,
        "probability": round(suspicion.probability, 5),
        "log_ratio": suspicion.log_ratio,
        "cues": [
            {"name": cue.name, "score": cue.score, "weight": weight, "place": cue.place, "detail": cue.detail}
            for cue, weight in suspicion.shares
        ],
        "cannot_tell": list(suspicion.blind),
    }


def _advice(one: Advice) -> dict[str, Any]:
    return {"code": one.code, "text_id": one.text_id, "text_en": one.text_en, "place": one.place}


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "outcome": check.outcome.value,
        "score": check.score,
        "threshold": check.threshold,
        "reasons": list(check.reasons),
        "detail": check.detail,
    }
