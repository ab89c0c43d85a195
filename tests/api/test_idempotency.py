"""One Idempotency-Key, one judgement: replayed, refused, raced, crashed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from api_support import SELFIE, parts, selfie
from test_bad_input import problem

from api.db.session import open_database
from api.verifications.store import Lease, Refusal, VerificationStore


def test_without_a_key_nothing_is_judged(post, verifier) -> None:
    assert "Idempotency-Key" in problem(post(key=None), 400, "idempotency-key-missing")["detail"]
    assert verifier.images == []


@pytest.mark.parametrize("key", ["x" * 129, "a\tb", "caf\u00e9"])
def test_a_key_of_another_form_is_refused(post, key) -> None:
    problem(post(key=key.encode("latin-1")), 400, "idempotency-key-invalid")


def test_the_same_request_is_answered_again_without_judging(post, verifier) -> None:
    first, second = post(), post()
    assert second.status_code == 201
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["location"] == first.headers["location"]
    assert second.json()["id"] == first.json()["id"]
    assert second.json()["fields"]["nik"]["withheld"] is True
    assert len(verifier.images) == 1


@pytest.mark.parametrize(
    "other", [parts(selfie(quality=50)), parts(customer_id="cust-2"), parts(claim={"name": "X"}), parts(booking_id="b")]
)
def test_the_same_key_with_other_content_is_refused(post, verifier, other) -> None:
    post()
    problem(post(other), 422, "idempotency-key-reused")
    assert len(verifier.images) == 1


def test_the_order_and_spacing_of_json_is_not_content(post, verifier) -> None:
    post(parts(claim='{"name":"X","birth_date":"1990-01-01"}'))
    assert post(parts(claim='{ "birth_date": "1990-01-01", "name": "X" }')).headers["idempotency-replayed"] == "true"


def test_another_key_is_another_verification(post, verifier) -> None:
    assert post(key="a").json()["id"] != post(key="b").json()["id"]
    assert len(verifier.images) == 2


def test_a_picture_that_was_not_judged_leaves_the_key_free(post) -> None:
    problem(post(parts(b"text")), 415, "unknown-format")
    assert post(parts(SELFIE)).status_code == 201


def test_while_one_is_judged_the_same_key_is_in_flight(post, verifier) -> None:
    judging, go = threading.Event(), threading.Event()
    verifier.before = lambda: (judging.set(), go.wait(10))
    with ThreadPoolExecutor() as threads:
        first = threads.submit(post)
        assert judging.wait(10)
        try:
            response = post()
            problem(response, 409, "idempotency-key-in-flight")
            assert int(response.headers["retry-after"]) > 0
        finally:
            go.set()
        assert first.result().status_code == 201


def test_of_many_racing_requests_one_is_judged(start, verifier) -> None:
    """Two services on one database, eight threads at once: the unique row decides."""
    clients = [start(), start()]
    barrier = threading.Barrier(8)

    def send(number: int):
        barrier.wait(10)
        return clients[number % 2].post("/v1/verifications", files=parts(), headers={"Idempotency-Key": "race"})

    for _ in range(3):
        with ThreadPoolExecutor(8) as threads:
            responses = list(threads.map(send, range(8)))
        assert {r.status_code for r in responses} <= {201, 409}
    assert len(verifier.images) == 1
    assert len({r.json()["id"] for r in responses if r.status_code == 201}) == 1


def test_the_answer_is_replayed_after_a_restart(start, verifier) -> None:
    headers = {"Idempotency-Key": "k"}
    first = start().post("/v1/verifications", files=parts(), headers=headers)
    second = start().post("/v1/verifications", files=parts(), headers=headers)
    assert second.headers["idempotency-replayed"] == "true"
    assert second.json()["id"] == first.json()["id"]
    assert len(verifier.images) == 1


class TestLease:
    """A process that dies while it judges must not block the key for ever."""

    @pytest.fixture
    def clock(self):
        return [datetime(2026, 1, 1, tzinfo=UTC)]

    @pytest.fixture
    def store(self, settings, clock):
        engine = open_database(settings.database_url)
        yield VerificationStore(engine, 60, lambda: clock[0])
        engine.dispose()

    def test_it_holds_until_its_time_is_up(self, store, clock) -> None:
        assert isinstance(store.reserve("k", "c"), Lease)
        clock[0] += timedelta(seconds=59)
        assert store.reserve("k", "c") is Refusal.IN_FLIGHT

    def test_after_that_one_other_request_takes_over(self, store, clock) -> None:
        dead = store.reserve("k", "c")
        clock[0] += timedelta(seconds=61)
        heir = store.reserve("k", "c")
        assert isinstance(heir, Lease)
        assert heir.verification_id != dead.verification_id
        assert store.reserve("k", "c") is Refusal.IN_FLIGHT

    def test_of_many_that_want_to_take_over_one_does(self, store, clock) -> None:
        store.reserve("k", "c")
        clock[0] += timedelta(seconds=61)
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: store.reserve("k", "c"), range(8)))
        assert sum(isinstance(one, Lease) for one in found) == 1

    def test_one_that_was_slow_and_not_dead_stores_nothing_and_frees_nothing(self, store, clock) -> None:
        slow = store.reserve("k", "c")
        clock[0] += timedelta(seconds=61)
        store.reserve("k", "c")
        assert store.complete(slow, None) is False
        store.release(slow)
        assert store.reserve("k", "c") is Refusal.IN_FLIGHT

    def test_a_released_key_is_free(self, store) -> None:
        store.release(store.reserve("k", "c"))
        assert isinstance(store.reserve("k", "other"), Lease)
