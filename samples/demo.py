"""``python -m samples.demo``: the service judges the gallery, asked over HTTP as a booking system would.

Starts ``python -m api`` on a free loopback port with a database in a temporary folder, posts every selfie of
``samples/gallery``, prints one table and stops the service. Exit status 0 when every decision is an expected one,
1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import tomllib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import httpx

from samples.errors import SampleError
from samples.gallery import FOLDER

#: Loading the weights takes 2 s on an idle machine with two cores, 10 s on a crowded one.
START_TIMEOUT_S = 120.0
#: A selfie takes about 1 s; the service itself waits longer for nothing.
REQUEST_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 30.0
_LISTENS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass(frozen=True, slots=True)
class Selfie:
    """One picture of the gallery.

    Attributes:
        path: the JPEG.
        expected: the decisions that are right.
    """

    path: Path
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said of one selfie, as the table shows it.

    Attributes:
        decision: its decision; empty when the request failed.
        confidence: 0–1.
        nik: the NIK that was read, masked; empty when none was.
        name: the name that was read.
        probability: that the two faces are one person's, 0–1; None when they were not compared.
        reasons: codes; of a failed request the problem.
        elapsed_ms: wall clock of the request.
    """

    decision: str
    confidence: float
    nik: str
    name: str
    probability: float | None
    reasons: tuple[str, ...]
    elapsed_ms: float


def main(argv: Sequence[str] | None = None) -> int:
    """Start, post, print, stop; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m samples.demo", description=__doc__)
    parser.add_argument("--gallery", type=Path, default=FOLDER, help="a folder of pictures with its expected.toml")
    arguments = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _leave)
    try:
        selfies = load_gallery(arguments.gallery)
        with running_service() as service, httpx.Client(base_url=service.url, trust_env=False) as client:
            print(f"The service is ready at {service.url}; {len(selfies)} selfies are sent to it, one at a time.\n")
            return report(selfies, lambda selfie: post(client, selfie.path))
    except SampleError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("demo: interrupted; the service is stopped", file=sys.stderr)
        return 130


def load_gallery(folder: Path) -> list[Selfie]:
    """The pictures that expected.toml lists, in its order.

    Raises:
        SampleError: the list or a picture of it is not there.
    """
    listed = folder / "expected.toml"
    if not listed.is_file():
        raise SampleError(f"{listed} is not there; `make gallery` makes the gallery again")
    rows = tomllib.loads(listed.read_text(encoding="utf-8")).values()
    selfies = [Selfie(folder / row["file"], tuple(row["expected"])) for row in rows]
    for selfie in selfies:
        if not selfie.path.is_file():
            raise SampleError(f"{selfie.path} is not there; `make gallery` makes the gallery again")
    return selfies


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service process of our own."""

    url: str
    pid: int


@contextmanager
def running_service() -> Iterator[RunningService]:
    """``python -m api`` on a free loopback port, ready; stopped at the end, however that comes.

    Raises:
        SampleError: it does not start; the message carries the end of its log.
    """
    with tempfile.TemporaryDirectory(prefix="kyc-demo-") as folder:
        log = Path(folder) / "service.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KYC_")}
        environment |= {"KYC_PORT": "0", "KYC_DATABASE_URL": f"sqlite:///{folder}/kyc.db"}
        with log.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "api"], env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
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
    """The address of the service, once /readyz answers 200; the service logs its port when it listens."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        written = log.read_text(encoding="utf-8", errors="replace")
        if address := _LISTENS.search(written):
            response = httpx.get(f"{address[0]}/readyz", timeout=REQUEST_TIMEOUT_S, trust_env=False)
            if response.status_code == httpx.codes.OK:
                return address[0]
            break  # it knows why it is not ready, and so does its log
        time.sleep(0.05)
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
    raise SampleError(f"the service is not ready; `make setup` repairs an installation. The end of its log:\n{tail}")


def post(client: httpx.Client, picture: Path) -> Answer:
    """Submit one selfie as docs/api.md says."""
    consent = {
        "text_version": "2026-01-id",
        "granted_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "purpose": "booking-kyc",
    }
    begin = time.perf_counter()
    try:
        response = client.post(
            "/v1/verifications",
            headers={"Idempotency-Key": str(uuid.uuid4())},
            files={"selfie": ("selfie.jpg", picture.read_bytes(), "image/jpeg")},
            data={"customer_id": f"demo-{picture.stem}", "consent": json.dumps(consent)},
            timeout=REQUEST_TIMEOUT_S,
        )
        return read_answer(response, (time.perf_counter() - begin) * 1000)
    except httpx.TransportError as error:
        return Answer("", 0.0, "", "", None, (f"no answer: {error!r}",), (time.perf_counter() - begin) * 1000)


def read_answer(response: httpx.Response, elapsed_ms: float) -> Answer:
    """A verification, or the problem that came instead."""
    if response.status_code != httpx.codes.CREATED:
        what = " ".join(response.text.split())[:300]
        return Answer("", 0.0, "", "", None, (f"HTTP {response.status_code}: {what}",), elapsed_ms)
    said = response.json()
    fields = said["fields"]
    return Answer(
        decision=said["decision"],
        confidence=said["confidence"],
        nik=mask((fields.get("nik") or {}).get("text") or ""),
        name=(fields.get("name") or {}).get("text") or "",
        probability=said["face"]["probability"] if said["face"] else None,
        reasons=tuple(said["reasons"]),
        elapsed_ms=elapsed_ms,
    )


def mask(nik: str) -> str:
    """The province's two digits, the rest starred."""
    return nik[:2] + "*" * (len(nik) - 2)


#: Heading, width and side of each column but the last; two spaces between. The last one wraps.
_COLUMNS = (
    ("", 1, "<"),
    ("file", 28, "<"),
    ("expected", 15, "<"),
    ("decision", 8, "<"),
    ("conf.", 5, ">"),
    ("NIK", 16, "<"),
    ("name", 28, "<"),
    ("face", 5, ">"),
    ("ms", 5, ">"),
)
_INDENT = sum(width + 2 for _, width, _ in _COLUMNS)
_REASONS_WIDTH = 34


def report(selfies: Sequence[Selfie], judge: Callable[[Selfie], Answer]) -> int:
    """Judge every selfie and print its row at once; returns the exit status."""
    print(_line([heading for heading, _, _ in _COLUMNS], "reasons"))
    print("─" * (_INDENT + _REASONS_WIDTH))
    answers = []
    for selfie in selfies:
        answer = judge(selfie)
        answers.append(answer)
        print(row(selfie, answer), flush=True)
    right = sum(answer.decision in selfie.expected for selfie, answer in zip(selfies, answers, strict=True))
    median = statistics.median(answer.elapsed_ms for answer in answers)
    print(
        f"\n{'✓' if right == len(selfies) else '✗'} {right} of {len(selfies)} decisions are as expected; "
        f"median {median:.0f} ms a selfie over HTTP. The gallery is a demonstration, not a measurement."
    )
    return 0 if right == len(selfies) else 1


def row(selfie: Selfie, answer: Answer) -> str:
    """One selfie's line of the table, or lines where the reasons need them."""
    cells = [
        "✓" if answer.decision in selfie.expected else "✗",
        selfie.path.name,
        "/".join(selfie.expected),
        answer.decision or "none",
        f"{answer.confidence:.3f}" if answer.decision else "",
        answer.nik,
        answer.name,
        "" if answer.probability is None else f"{answer.probability:.3f}",
        f"{answer.elapsed_ms:.0f}",
    ]
    first, *more = textwrap.wrap(" ".join(answer.reasons), _REASONS_WIDTH) or [""]
    return "\n".join([_line(cells, first), *(" " * _INDENT + text for text in more)])


def _line(cells: Sequence[str], last: str) -> str:
    fitted = (
        f"{cell if len(cell) <= width else cell[: width - 1] + '…':{side}{width}}  "
        for cell, (_, width, side) in zip(cells, _COLUMNS, strict=True)
    )
    return ("".join(fitted) + last).rstrip()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Turn SIGTERM into an orderly end, so that the service is stopped too."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
