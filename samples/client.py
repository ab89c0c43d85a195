"""A service process of our own, and the request that a booking system sends to it (docs/api.md)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from samples.errors import SampleError

ROOT = Path(__file__).resolve().parent.parent
#: Loading the weights takes 2 s on an idle machine with two cores, 10 s on a crowded one.
START_TIMEOUT_S = 120.0
#: A selfie takes 1 to 2 s there, and up to ten may be before it.
REQUEST_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 30.0
_LISTENS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True, slots=True)
class RunningService:
    """Where a service of our own answers, and its process."""

    url: str
    pid: int


@contextmanager
def running_service() -> Iterator[RunningService]:
    """``python -m api`` on a free loopback port, ready; stopped at the end, however that comes.

    Its database lies in a temporary folder and goes with it. The caller's ``KYC_*`` environment has no effect.

    Raises:
        SampleError: it does not become ready; the message carries the end of its log.
    """
    with tempfile.TemporaryDirectory(prefix="kyc-") as folder:
        log = Path(folder) / "service.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KYC_")}
        environment |= {"KYC_PORT": "0", "KYC_DATABASE_URL": f"sqlite:///{folder}/kyc.db"}
        command = [sys.executable, "-m", "api"]
        with log.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        try:
            yield RunningService(_wait_until_ready(process, log), process.pid)
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address of the service, once /readyz answers 200; it took a free port and logs which."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if address := _LISTENS.search(log.read_text(encoding="utf-8", errors="replace")):
            response = httpx.get(f"{address[0]}/readyz", timeout=REQUEST_TIMEOUT_S, trust_env=False)
            if response.status_code == httpx.codes.OK:
                return address[0]
            break  # it knows why it is not ready; so does its log
        time.sleep(0.05)
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
    raise SampleError(f"the service is not ready; `make setup` mends an installation. The end of its log:\n{tail}")


def submit(client: httpx.Client, picture: Path) -> httpx.Response:
    """POST one selfie with all that a submission must have.

    Raises:
        httpx.TransportError: no answer came.
    """
    consent = {
        "text_version": "2026-01-id",
        "granted_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "purpose": "booking-kyc",
    }
    return client.post(
        "/v1/verifications",
        headers={"Idempotency-Key": str(uuid.uuid4())},
        files={"selfie": ("selfie.jpg", picture.read_bytes(), "image/jpeg")},
        data={"customer_id": f"demo-{picture.stem}", "consent": json.dumps(consent)},
        timeout=REQUEST_TIMEOUT_S,
    )
