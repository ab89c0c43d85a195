"""Starting, readiness, back-pressure, and the documents."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pytest
from api_support import parts
from fastapi.routing import APIRoute
from test_bad_input import problem

import api.__main__ as main
from api import errors
from api.app import create_app
from api.settings import Settings
from kyc_vision.errors import WeightsMissing

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


class TestStart:
    def test_settings_need_no_environment(self) -> None:
        settings = Settings()
        assert (settings.host, settings.port) == ("127.0.0.1", 8000)

    def test_settings_are_read_from_the_environment(self, monkeypatch) -> None:
        monkeypatch.setenv("KYC_PORT", "8123")
        assert Settings().port == 8123

    def test_importing_the_app_loads_no_engine_and_opens_no_file(self, tmp_path) -> None:
        code = "import sys, api.app; sys.exit(any(m in sys.modules for m in ('onnxruntime', 'kyc_vision.build')))"
        root = Path(__file__).parents[2]
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(root)}, check=False)
        assert done.returncode == 0
        assert list(tmp_path.iterdir()) == []

    def test_the_verifier_is_built_once(self, start, verifier) -> None:
        built = []
        client = start(factory=lambda: built.append(1) or verifier)
        for key in "ab":
            client.post("/v1/verifications", files=parts(), headers={"Idempotency-Key": key})
        assert built == [1]

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
    def test_loopback_is_served(self, host) -> None:
        assert main.is_loopback(host)

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "kyc.example", ""])
    def test_any_other_address_is_refused_with_a_reason(self, host, monkeypatch) -> None:
        monkeypatch.setenv("KYC_HOST", host)
        with pytest.raises(SystemExit, match="no API keys yet"):
            main.main()


class TestReadiness:
    def test_a_loaded_service_is_alive_and_ready(self, client) -> None:
        assert client.get("/healthz").json() == {"status": "alive"}
        assert client.get("/readyz").json() == {"status": "ready"}

    def test_without_weights_it_is_alive_and_says_what_to_do(self, start, caplog) -> None:
        def factory():
            raise WeightsMissing("yunet is not at /srv/models/yunet.onnx")

        client = start(factory=factory)
        assert client.get("/healthz").status_code == 200
        body = problem(client.get("/readyz"), 503, "not-ready")
        assert "make setup" in body["detail"]
        assert "/srv" not in body["detail"]
        assert "/srv/models/yunet.onnx" in caplog.text
        problem(client.post("/v1/verifications", files=parts(), headers={"Idempotency-Key": "k"}), 503, "not-ready")
        problem(client.get("/v1/verifications/x"), 404, "not-found")


class TestLoad:
    def test_the_event_loop_answers_while_a_selfie_is_judged(self, client, post, verifier) -> None:
        judging, go = threading.Event(), threading.Event()
        verifier.before = lambda: (judging.set(), go.wait(10))
        with ThreadPoolExecutor() as threads:
            slow = threads.submit(post)
            assert judging.wait(10)
            try:
                started = time.perf_counter()
                assert client.get("/healthz").status_code == 200
                assert time.perf_counter() - started < 1
                assert not slow.done()
            finally:
                go.set()
            assert slow.result().status_code == 201

    def test_more_than_may_wait_are_told_to_come_back_and_can(self, start, settings, verifier) -> None:
        client = start(settings.model_copy(update={"workers": 1, "queue_bound": 1}))
        go, judging = threading.Event(), threading.Event()
        verifier.before = lambda: (judging.set(), go.wait(10))

        def send(key: str):
            return client.post("/v1/verifications", files=parts(), headers={"Idempotency-Key": key})

        with ThreadPoolExecutor() as threads:
            sent = {"judged": threads.submit(send, "judged")}
            assert judging.wait(10)
            sent |= {key: threads.submit(send, key) for key in "abc"}  # room for one of them
            try:
                answered = list(itertools.islice(as_completed(sent.values(), timeout=10), 2))
                for one in answered:
                    problem(one.result(), 503, "busy")
                    assert int(one.result().headers["retry-after"]) > 0
            finally:
                go.set()
            assert sorted(one.result().status_code for one in sent.values()) == [201, 201, 503, 503]
        assert {send(key).status_code for key in sent} == {201}


class TestReasons:
    def test_the_catalogue_is_served_without_what_only_reviewers_see(self, client) -> None:
        response = client.get("/v1/reasons")
        codes = {reason["code"] for reason in response.json()}
        assert {"CANNOT_VERIFY", "CARD_NOT_FOUND"} <= codes
        assert not any(code.startswith("FRAUD_") for code in codes)
        assert all(reason["next_id"] and reason["next_en"] for reason in response.json())


class TestDocuments:
    def test_the_docs_page_and_the_schema_are_served(self, client) -> None:
        assert client.get("/docs").status_code == 200
        schema = client.get("/openapi.json").json()
        operation = schema["paths"]["/v1/verifications"]["post"]
        form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert form["required"] == ["selfie", "customer_id", "consent"]
        assert set(form["properties"]) == {"selfie", "customer_id", "consent", "booking_id", "claim"}
        header = next(p for p in operation["parameters"] if p["name"] == "idempotency-key")
        assert header["required"]
        assert {"201", "400", "409", "413", "415", "422", "500", "503"} == set(operation["responses"])
        for status, response in operation["responses"].items():
            assert set(response["content"]) == {"application/json" if status == "201" else "application/problem+json"}

    def test_every_route_is_documented(self) -> None:
        text = DOCS.read_text()
        for route in create_app(Settings()).routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in route.methods:
                    assert f"{method} {re.sub('{.*}', '{id}', route.path)}" in text, route.path

    def test_every_setting_is_documented_with_its_default(self) -> None:
        text = DOCS.read_text()
        for name, setting in Settings.model_fields.items():
            assert f"| `KYC_{name.upper()}` | `{setting.default}` |" in text, name

    def test_every_problem_type_is_documented_with_its_status(self) -> None:
        text = DOCS.read_text()
        for kind in errors.KINDS:
            assert f"| `/problems/{kind.slug}` | {kind.status} |" in text, kind.slug

    def test_problem_types_are_distinct(self) -> None:
        assert len({kind.slug for kind in errors.KINDS}) == len(errors.KINDS)
