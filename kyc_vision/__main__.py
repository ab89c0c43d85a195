"""``python -m kyc_vision PATH… [--jsonl] [--overlay DIR]``: judge pictures, print JSON.

Standard output carries only JSON; everything else goes to standard error. Exit status 0 when every picture was
judged, 3 when any was not, 2 when the installation is incomplete.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kyc_vision.build import load_verifier
from kyc_vision.errors import InputError, ModelError
from kyc_vision.image import read
from kyc_vision.pipeline import Stopwatch, Verifier
from kyc_vision.report import describe

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff"}


def main() -> int:
    """Judge every picture that was named; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m kyc_vision", description="Judge selfies that show an e-KTP.")
    parser.add_argument("paths", metavar="PATH", type=Path, nargs="+", help="pictures, or folders of pictures")
    parser.add_argument("--jsonl", action="store_true", help="one compact line for each picture, as it is judged")
    parser.add_argument(
        "--overlay", metavar="DIR", type=Path, help="also draw what was found, one PNG for each picture"
    )
    arguments = parser.parse_args()
    try:
        verifier = load_verifier()
    except ModelError as error:
        print(f"kyc_vision: {error}", file=sys.stderr)
        return 2
    all_judged, taken = True, set[Path]()
    for path in _pictures(arguments.paths):
        overlay = _overlay_path(arguments.overlay, path, taken) if arguments.overlay else None
        answer = _judge(verifier, path, overlay)
        all_judged &= "error" not in answer
        print(json.dumps(answer, ensure_ascii=False, indent=None if arguments.jsonl else 2), flush=True)
    return 0 if all_judged else 3


def _pictures(paths: list[Path]) -> Iterator[Path]:
    """Files as they are named, folders by their pictures in order of name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURES and p.is_file())
        else:
            yield path


def _judge(verifier: Verifier, path: Path, overlay: Path | None) -> dict[str, Any]:
    watch = Stopwatch()
    try:
        with watch.stage("decode"):
            selfie = read(path.read_bytes())
    except (InputError, OSError) as error:
        message = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return {"file": str(path), "error": {"type": type(error).__name__, "message": message}}
    verification = verifier.verify(selfie, today=datetime.now().astimezone().date(), stopwatch=watch)
    if overlay:
        from kyc_vision.overlay import save_overlay  # noqa: PLC0415 - drawing is not needed to judge

        save_overlay(verification, overlay, verifier.policy.thresholds.approve_confidence)
    return {"file": str(path), **describe(verification)}


def _overlay_path(folder: Path, picture: Path, taken: set[Path]) -> Path:
    """selfie.jpg → folder/selfie.png; a second selfie of one run → folder/selfie-2.png."""
    path, number = folder / f"{picture.stem}.png", 2
    while path in taken:
        path, number = folder / f"{picture.stem}-{number}.png", number + 1
    taken.add(path)
    return path


if __name__ == "__main__":
    sys.exit(main())
