"""``python -m samples.demo``: the service judges the gallery, asked over HTTP as a booking system would.

Starts the service, posts every selfie of ``samples/gallery``, prints one table and stops the service. Exit status 0
when every decision is an expected one, 1 otherwise.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import textwrap
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx

from samples.client import running_service, submit
from samples.errors import SampleError

GALLERY = Path(__file__).parent / "gallery"


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
        confidence: 0–1; None when the request failed.
        nik: the NIK that was read, masked; empty when none was.
        name: the name that was read; empty when none was.
        probability: that the two faces are one person's, 0–1; None when they were not compared.
        reasons: codes; of a failed request the problem.
        elapsed_ms: wall clock of the request.
    """

    decision: str = ""
    confidence: float | None = None
    nik: str = ""
    name: str = ""
    probability: float | None = None
    reasons: tuple[str, ...] = ()
    elapsed_ms: float = 0.0


def main(argv: Sequence[str] | None = None) -> int:
    """Start, post, print, stop; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m samples.demo", description=__doc__)
    parser.add_argument("--gallery", type=Path, default=GALLERY, help="a folder of pictures with its expected.toml")
    arguments = parser.parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGINT):  # explicitly: a shell's background jobs inherit SIGINT as ignored
        signal.signal(number, _leave)
    try:
        selfies = load_gallery(arguments.gallery)
        with running_service() as service, httpx.Client(base_url=service.url, trust_env=False) as client:
            print(f"The service is ready at {service.url}; {len(selfies)} selfies are sent to it, one at a time.\n")
            return report(selfies, lambda selfie: ask(client, selfie.path))
    except SampleError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


def load_gallery(folder: Path) -> list[Selfie]:
    """The pictures that expected.toml lists, in its order.

    Raises:
        SampleError: the list or a picture of it is not there, or the list is empty.
    """
    listed = folder / "expected.toml"
    if not listed.is_file():
        raise SampleError(f"{listed} is not there; `make gallery` makes the gallery again")
    rows = tomllib.loads(listed.read_text(encoding="utf-8")).values()
    selfies = [Selfie(folder / row["file"], tuple(row["expected"])) for row in rows]
    absent = [selfie.path.name for selfie in selfies if not selfie.path.is_file()]
    if absent or not selfies:
        raise SampleError(f"{folder} lacks {', '.join(absent) or 'every picture'}; `make gallery` makes it again")
    return selfies


def ask(client: httpx.Client, picture: Path) -> Answer:
    """Submit one selfie and time it."""
    begin = time.perf_counter()
    try:
        response = submit(client, picture)
    except httpx.TransportError as error:
        return Answer(reasons=("no answer:", repr(error)), elapsed_ms=(time.perf_counter() - begin) * 1000)
    return read_answer(response, (time.perf_counter() - begin) * 1000)


def read_answer(response: httpx.Response, elapsed_ms: float) -> Answer:
    """A verification, or the problem that came instead."""
    if response.status_code != httpx.codes.CREATED:
        is_problem = response.headers.get("Content-Type") == "application/problem+json"
        told = (response.json()["type"], response.json()["detail"]) if is_problem else (response.text[:300],)
        return Answer(reasons=(f"HTTP {response.status_code}:", *told), elapsed_ms=elapsed_ms)
    said = response.json()
    read = {name: field["text"] for name, field in said["fields"].items() if field}
    return Answer(
        decision=said["decision"],
        confidence=said["confidence"],
        nik=mask(read.get("nik", "")),
        name=read.get("name", ""),
        probability=said["face"]["probability"] if said["face"] else None,
        reasons=tuple(said["reasons"]),
        elapsed_ms=elapsed_ms,
    )


def mask(nik: str) -> str:
    """The province's two digits, the rest starred."""
    return nik[:2] + "*" * (len(nik) - 2)


#: Heading, width and side of each column but the last; two spaces between them. 160 characters with the last one.
_COLUMNS = (
    ("", 1, "<"),
    ("file", 28, "<"),
    ("expected", 15, "<"),
    ("decision", 8, "<"),
    ("conf.", 5, ">"),
    ("NIK", 16, "<"),
    ("name", 29, "<"),
    ("face", 5, ">"),
    ("ms", 5, ">"),
)
_INDENT = sum(width + 2 for _, width, _ in _COLUMNS)
_REASONS_WIDTH = 160 - _INDENT


def report(selfies: Sequence[Selfie], judge: Callable[[Selfie], Answer]) -> int:
    """Judge every selfie and print its row at once; returns the exit status."""
    print(_line([heading for heading, _, _ in _COLUMNS], "reasons"))
    print("─" * 160)
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
        _three_digits(answer.confidence),
        answer.nik,
        answer.name,
        _three_digits(answer.probability),
        f"{answer.elapsed_ms:.0f}",
    ]
    first, *more = textwrap.wrap(" ".join(answer.reasons), _REASONS_WIDTH) or [""]
    return "\n".join([_line(cells, first), *(" " * _INDENT + text for text in more)])


def _three_digits(number: float | None) -> str:
    return "" if number is None else f"{number:.3f}"


def _line(cells: Sequence[str], last: str) -> str:
    fitted = (
        f"{cell if len(cell) <= width else cell[: width - 1] + '…':{side}{width}}  "
        for cell, (_, width, side) in zip(cells, _COLUMNS, strict=True)
    )
    return ("".join(fitted) + last).rstrip()


def _leave(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an orderly end, so that the service is stopped too."""
    print("demo: interrupted; the service is stopped too", file=sys.stderr)
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
