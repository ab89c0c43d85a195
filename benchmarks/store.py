"""Labels, answers kept beside them, and progress: what every runner shares. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def load_labels(folder: Path, limit: int | None = None) -> list[Row]:
    """The lines of labels.jsonl.

    Raises:
        OSError: there is none.
    """
    return rows(folder / "labels.jsonl", required=True)[:limit]


def rows(path: Path, *, required: bool = False) -> list[Row]:
    """The objects of a .jsonl; a last line that was cut off is left out, a file that is not there is empty.

    Raises:
        OSError: it is required and not there.
    """
    if not required and not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class Judge:
    """Who answers, and where the answers are kept.

    Attributes:
        store: a .jsonl of answers, keyed by the picture's SHA-256 and by made_by.
        made_by: digest of everything that can change an answer.
        answer: a file's bytes → answer.
    """

    store: Path
    made_by: str
    answer: Callable[[bytes], Row]


def judged(folder: Path, labels: list[Row], judge: Judge, *, seconds: float | None = None) -> Iterator[tuple[Row, Row]]:
    """(label, answer) of each picture of the folder: from the store where it is there, else judged and appended.

    Judging stops after so many seconds; the pictures that are left are not yielded.
    """
    known = {row["key"]: row for row in rows(judge.store) if row["made_by"] == judge.made_by}
    begin, judged_now = time.monotonic(), 0
    with judge.store.open("a", encoding="utf-8") as out:
        for done, label in enumerate(labels, 1):
            data = (folder / label["file"]).read_bytes()
            key = hashlib.sha256(data).hexdigest()
            if key not in known:
                if seconds is not None and time.monotonic() - begin > seconds:
                    break
                known[key] = {"key": key, "made_by": judge.made_by, **judge.answer(data)}
                out.write(json.dumps(known[key], ensure_ascii=False) + "\n")
                out.flush()
                judged_now += 1
            rest = (time.monotonic() - begin) / judged_now * (len(labels) - done) if judged_now else 0
            print(f"\r{done}/{len(labels)} pictures, {rest:.0f} s to go    ", end="", file=sys.stderr, flush=True)
            yield label, known[key]
    print(file=sys.stderr)


def described(folder: Path, labels: list[Row]) -> Row:
    """Which set this is: its name, size, versions of the difficulty table, seeds, and the digest of its labels."""
    seeds = sorted({label["seed"] for label in labels if "seed" in label})
    return {
        "name": folder.name,
        "pictures": len(labels),
        "versions": sorted({str(label.get("version", "before versions")) for label in labels}),
        "renderers": sorted({str(label.get("renderer", "before versions")) for label in labels}),
        "seeds": [seeds[0], seeds[-1]] if seeds else [],
        "people": len(
            {person(str(label[side])) for label in labels for side in ("probe", "reference") if label.get(side)}
        ),
        "labels_sha256": hashlib.sha256(json.dumps(labels, sort_keys=True).encode()).hexdigest()[:16],
    }


def person(photo: str) -> str:
    """The person of a photograph: ANN_LEE_0001 (LFW) → ANN_LEE, 013s (London, smiling) → 013, obama2 (ours) → obama."""
    if "_" in photo:
        return photo.rsplit("_", 1)[0]
    return photo.rstrip("ns") if photo[:1].isdigit() else photo.rstrip("0123456789")


def digest(what: Row) -> str:
    """First 16 hex digits of the SHA-256 of a JSON object."""
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def tree_digest(folder: Path) -> str:
    """First 16 hex digits of the SHA-256 over a folder's source and tables, in order of name."""
    seen = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".toml", ".txt", ".json"}):
        seen.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()[:16]
