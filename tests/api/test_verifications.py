"""A good request, its answer, and what a booking system may see of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from hashlib import sha256

from api_support import CLAIM, NAME, NIK, PLANTED, SELFIE, parts, verification, without_card

from api.verifications.schemas import VerificationOut
from kyc_vision.reasons import Audience, public_code
from kyc_vision.report import describe
from kyc_vision.types import Claim


def test_a_selfie_is_answered_with_its_verdict(post) -> None:
    response = post(parts(booking_id="book-9"))
    assert response.status_code == 201
    body = response.json()
    assert response.headers["location"] == f"/v1/verifications/{body['id']}"
    assert "idempotency-replayed" not in response.headers
    assert (body["status"], body["decision"], body["confidence"]) == ("completed", "review", 0.42)
    assert (body["customer_id"], body["booking_id"]) == ("cust-1", "book-9")
    assert body["fields"]["nik"]["text"] == NIK
    assert body["fields"]["name"] == {**body["fields"]["name"], "text": NAME, "withheld": False}
    assert body["fields"]["religion"] is None
    assert body["fields_missing"]["religion"] == public_code("OCR_FIELD_NOT_FOUND", Audience.BOOKING)
    assert body["card"]["quad"][0] == [10, 10]
    assert body["face"]["probe"] == [100, 20, 50, 60]
    assert body["created_at"].endswith("Z")


def test_the_time_to_decode_is_a_stage_and_part_of_the_total(post) -> None:
    timings = post().json()["timings_ms"]
    assert timings["decode"] > 0
    assert timings["total"] >= timings["decode"]


def test_the_answer_keeps_every_key_of_the_core_description(post, verifier) -> None:
    body = post().json()
    described = describe(verification(verifier.images[0]))
    # How a forgery was noticed is for reviewers.
    assert set(described) - {"suspicions"} <= set(body)
    assert set(described) - {"suspicions"} <= set(VerificationOut.model_fields)
    assert set(described["fields"]) == set(body["fields"])
    for name in ("card", "face", "provenance"):
        assert set(described[name]) <= set(body[name]), name
    assert set(described["fields"]["nik"]) <= set(body["fields"]["nik"])
    assert set(described["checks"][0]) <= set(body["checks"][0])


def test_the_claim_reaches_the_verifier(post, verifier) -> None:
    post(parts(claim=CLAIM))
    assert verifier.claims == [Claim(**CLAIM)]


def test_without_a_claim_there_is_none(post, verifier) -> None:
    post()
    assert verifier.claims == [None]


def test_the_very_bytes_are_judged(post, verifier) -> None:
    post()
    assert verifier.images[0].sha256 == sha256(SELFIE).hexdigest()


def test_the_day_is_that_of_jakarta(post, verifier) -> None:
    created = datetime.fromisoformat(post().json()["created_at"])
    assert verifier.days == [created.astimezone(timezone(timedelta(hours=7))).date()]


def test_fraud_reasons_are_shown_as_cannot_verify_once(post) -> None:
    response = post()
    body = response.json()
    assert "FRAUD_" not in response.text
    assert body["reasons"] == ["CANNOT_VERIFY", "QUALITY_BLURRED"]
    colour = next(check for check in body["checks"] if check["name"] == "card_colour")
    assert (colour["reasons"], colour["detail"]) == (["CANNOT_VERIFY"], "")


def test_a_later_look_withholds_what_is_printed_and_keeps_the_rest(client, post) -> None:
    answered = post().json()
    looked_up = client.get(f"/v1/verifications/{answered['id']}")
    assert looked_up.status_code == 200
    body = looked_up.json()
    assert {k: v for k, v in body.items() if k != "fields"} == {k: v for k, v in answered.items() if k != "fields"}
    assert set(body["fields"]) == set(answered["fields"])
    for name in PLANTED:
        field = body["fields"][name]
        assert (field["text"], field["read"], field["withheld"], field["confidence"]) == (None, None, True, 0.9)
        assert field["readings"] == {}


def test_a_selfie_without_a_card_has_every_field_null_with_its_reason(client, post, verifier) -> None:
    verifier.answer = lambda image: without_card(verification(image))
    body = post().json()
    assert (body["card"], body["face"]) == (None, None)
    assert set(body["fields"].values()) == {None}
    assert set(body["fields_missing"]) == set(body["fields"])
    assert client.get(f"/v1/verifications/{body['id']}").json() == body
