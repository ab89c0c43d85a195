"""The demo's table, its exit status, and that it leaves no process behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from samples import client, demo
from samples.demo import GALLERY, Answer, Selfie
from samples.errors import SampleError

SELFIE = Selfie(GALLERY / "genuine_1.jpg", ("approved",))
APPROVED = {
    "decision": "approved",
    "confidence": 0.9981,
    "fields": {"nik": {"text": "5171012104990012"}, "name": {"text": "EKO NUGROHO"}, "village": None},
    "face": {"probability": 0.99951},
    "reasons": [],
}


def client_that(answers) -> httpx.Client:
    return httpx.Client(base_url="http://service", transport=httpx.MockTransport(answers))


def test_the_request_is_what_the_api_asks_for() -> None:
    seen: list[httpx.Request] = []

    def answers(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json=APPROVED)

    with client_that(answers) as http:
        first, again = demo.ask(http, SELFIE.path), demo.ask(http, SELFIE.path)
    assert first.decision == again.decision == "approved"
    assert seen[0].url.path == "/v1/verifications"
    assert seen[0].headers["Idempotency-Key"] != seen[1].headers["Idempotency-Key"]
    body = seen[0].content
    assert b'name="selfie"; filename="selfie.jpg"' in body
    assert SELFIE.path.read_bytes() in body
    consent = json.loads(body.split(b'name="consent"\r\n\r\n')[1].split(b"\r\n")[0])
    assert set(consent) == {"text_version", "granted_at", "purpose"}
    assert consent["granted_at"].endswith("+00:00")


def test_the_table_shows_the_nik_masked_only() -> None:
    answer = demo.read_answer(httpx.Response(201, json=APPROVED), 1234.4)
    line = demo.row(SELFIE, answer)
    assert line.split() == (
        ["✓", "genuine_1.jpg", "approved", "approved", "0.998", "51**************", "EKO", "NUGROHO", "1.000", "1234"]
    )
    assert "5171" not in repr(answer)


@pytest.mark.parametrize(("nik", "shown"), [("", ""), ("31", "31"), ("3171234509870001", "31" + "*" * 14)])
def test_mask_keeps_the_province(nik: str, shown: str) -> None:
    assert demo.mask(nik) == shown


def test_without_a_card_and_a_face_the_columns_stay_empty() -> None:
    said = {**APPROVED, "decision": "retake", "confidence": 0.0, "face": None, "reasons": ["CARD_NOT_FOUND"]}
    said["fields"] = {"nik": None, "name": None}
    answer = demo.read_answer(httpx.Response(201, json=said), 5)
    assert answer == Answer("retake", 0.0, reasons=("CARD_NOT_FOUND",), elapsed_ms=5)
    assert demo.row(SELFIE, answer).split() == (
        ["✗", "genuine_1.jpg", "approved", "retake", "0.000", "5", "CARD_NOT_FOUND"]
    )


def test_rows_are_aligned_and_fit_160_columns_whatever_comes() -> None:
    codes = ("QUALITY_TOO_DARK", "CARD_NOT_FOUND", "FACE_NOT_FOUND", "OCR_NIK_UNREADABLE")
    answer = Answer("approved", 1.0, "1" * 16, "N" * 40, 1.0, codes, 123_456)
    lines = demo.row(Selfie(Path("f" * 40 + ".jpg"), ("review", "rejected")), answer).split("\n")
    assert len(lines) > 1
    assert max(map(len, lines)) <= 160
    assert " ".join(line[demo._INDENT :] for line in lines).split()[-4:] == list(codes)


def test_every_name_of_the_gallery_fits_its_column() -> None:
    assert max(len(selfie.path.name) for selfie in demo.load_gallery(GALLERY)) <= 28


@pytest.mark.parametrize(
    ("decisions", "status", "closing"),
    [
        (["approved", "approved"], 0, "✓ 2 of 2"),
        (["approved", "review"], 1, "✗ 1 of 2"),
        (["", "approved"], 1, "✗ 1 of 2"),
    ],
)
def test_the_exit_status_says_whether_all_is_as_expected(decisions, status, closing, capsys) -> None:
    answers = iter(decisions)
    assert demo.report([SELFIE, SELFIE], lambda _: Answer(next(answers))) == status
    assert capsys.readouterr().out.splitlines()[-1].startswith(closing)


def test_a_problem_or_no_answer_is_a_row_and_not_a_crash() -> None:
    def refuses(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with client_that(refuses) as http:
        assert "refused" in demo.row(SELFIE, demo.ask(http, SELFIE.path))
    headers = {"Content-Type": "application/problem+json"}
    problem = httpx.Response(503, headers=headers, json={"type": "/problems/busy", "detail": "Wait, send it again."})
    row = demo.row(SELFIE, demo.read_answer(problem, 1))
    assert row.startswith("✗")
    assert row.split()[-7:] == ["HTTP", "503:", "/problems/busy", "Wait,", "send", "it", "again."]
    assert "Bad Gateway" in demo.row(SELFIE, demo.read_answer(httpx.Response(502, text="Bad Gateway"), 1))


def test_an_absent_or_incomplete_gallery_says_how_to_make_it(tmp_path: Path, capsys) -> None:
    with pytest.raises(SampleError, match="make gallery"):
        demo.load_gallery(tmp_path)
    (tmp_path / "expected.toml").write_text("")
    with pytest.raises(SampleError, match="every picture"):
        demo.load_gallery(tmp_path)
    (tmp_path / "expected.toml").write_text('[a]\nfile = "a.jpg"\nexpected = ["review"]\n')
    with pytest.raises(SampleError, match=r"lacks a\.jpg"):
        demo.load_gallery(tmp_path)
    assert demo.main(["--gallery", str(tmp_path)]) == 1
    assert "make gallery" in capsys.readouterr().err


def test_a_service_that_does_not_start_is_reported_with_its_log(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "api.py").write_text("raise SystemExit('the weights are not there')")
    monkeypatch.setattr(client, "ROOT", tmp_path)
    with pytest.raises(SampleError, match="the weights are not there"), client.running_service():
        pass


@pytest.mark.server
def test_the_service_ignores_the_callers_settings_and_is_gone_afterwards(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KYC_HOST", "0.0.0.0")
    monkeypatch.setenv("KYC_DATABASE_URL", f"sqlite:///{tmp_path}/caller.db")
    monkeypatch.setattr(client, "_wait_until_ready", lambda process, _log: f"pid {process.pid}")
    with client.running_service() as service:
        os.kill(service.pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(service.pid, 0)
    assert not list(tmp_path.iterdir())


@pytest.mark.weights
@pytest.mark.server
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, None])
def test_the_demo_runs_and_stops_its_service_however_it_ends(number, tmp_path: Path) -> None:
    shutil.copy(GALLERY / "no_card.jpg", tmp_path)
    (tmp_path / "expected.toml").write_text('[a]\nfile = "no_card.jpg"\nexpected = ["retake"]\n')
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "samples.demo", "--gallery", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    if number:
        process.send_signal(number)
    rest, errors = process.communicate(timeout=60)
    with pytest.raises(httpx.ConnectError):
        httpx.get(ready.split()[5].rstrip(";") + "/healthz", trust_env=False)
    if number:
        assert process.returncode == 128 + number
    else:
        assert (process.returncode, errors) == (0, "")
        assert "✓ 1 of 1 decisions are as expected" in rest
