"""A folder of faces in two halves of people: ``python -m benchmarks.people --faces DIR --out DIR``.

DIR holds index.json (file, id, alpha …) as the Face Research Lab London Set does. Made are OUT/dev and OUT/report, each
with an index.json of its half and links to the pictures: what is fitted on one never meets the people of the other.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

SEED = 20261124


def main() -> int:
    """Halve; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.people", description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="folder with index.json")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    index = arguments.faces / "index.json"
    if not index.is_file():
        print(f"No index.json in {arguments.faces}; faces for measuring are not part of the project", file=sys.stderr)
        return 2
    rows = json.loads(index.read_text(encoding="utf-8"))
    people = sorted({str(row["id"]) for row in rows})
    half = {str(name) for name in np.random.default_rng(SEED).permutation(people)[: len(people) // 2]}
    for name, ours in (("dev", True), ("report", False)):
        folder = arguments.out / name
        folder.mkdir(parents=True, exist_ok=True)
        chosen = [row for row in rows if (str(row["id"]) in half) == ours]
        (folder / "index.json").write_text(json.dumps(chosen) + "\n", encoding="utf-8")
        for file in {Path(row[key]).name for row in chosen for key in ("file", "alpha") if key in row}:
            link = folder / file
            if not link.exists():
                link.symlink_to((arguments.faces / file).resolve())
        print(f"{folder}: {len({row['id'] for row in chosen})} people, {len(chosen)} pictures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
