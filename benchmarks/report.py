"""Results → docs/benchmarks.md and its plots: ``python -m benchmarks.report [--no-plots]``.

Reads what is there of benchmarks/results: NAME.json of benchmarks.accuracy, faces_*.json of benchmarks.faces and
peers_*.json of benchmarks.peers. A part whose result is absent is named as missing, never left out in silence.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import bootstrap, plots, sections
from benchmarks.markdown import Json

RESULTS, PAGE = Path("benchmarks/results"), Path("docs/benchmarks.md")


def main() -> int:
    """Read, draw, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--accuracy", type=Path, default=RESULTS / "bench.json", help="of benchmarks.accuracy")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page; plots go beside it under images/bench")
    parser.add_argument("--no-plots", action="store_true", help="tables only; matplotlib is not needed")
    arguments = parser.parse_args()
    if not arguments.accuracy.is_file():
        print(f"{arguments.accuracy} is not there; make it: python -m benchmarks.accuracy --help", file=sys.stderr)
        return 2
    accuracy = _load(arguments.accuracy)
    peers = RESULTS / f"peers_{arguments.accuracy.stem}.json"
    parts = [
        head(accuracy, arguments.accuracy),
        sections.verdicts(accuracy["figures"]["verdicts"]),
        sections.localisation(accuracy["figures"]["localisation"]),
        locating(arguments.accuracy.stem),
        sections.fields(accuracy["figures"]["fields"]),
        reading(),
        *(sections.faces(_load(path), plot_of(path)) for path in sorted(RESULTS.glob("faces_*.json"))),
        sections.peers_table(_load(peers)) if peers.is_file() else f"## Peers\n\nMissing: `{peers}`.\n",
        sections.speed(accuracy["figures"]["speed"], accuracy["run"]["judging"]),
    ]
    try:
        if not arguments.no_plots:
            draw(accuracy["figures"], arguments.out.parent / sections.PLOTS)
    except plots.PlottingUnavailable as error:
        print(f"benchmarks.report: {error}", file=sys.stderr)
        return 2
    arguments.out.write_text("\n".join(parts), encoding="utf-8")
    print(arguments.out)
    return 0


def reading() -> str:
    """The section on cards alone, as benchmarks.reading wrote it; without it, what to run."""
    path = RESULTS / "reading.md"
    if not path.is_file():
        return f"## Reading, cards alone\n\nMissing: `{path}` (`python -m benchmarks.reading --out {path}`).\n"
    return path.read_text(encoding="utf-8")


def locating(name: str) -> str:
    """The section on locating alone; without its result, what to run."""
    path, cardless = RESULTS / f"locating_{name}.json", RESULTS / "locating_cardless.json"
    if not path.is_file():
        return f"### Part by part\n\nMissing: `{path}` (`python -m benchmarks.locating`).\n"
    return sections.locating(_load(path), _load(cardless) if cardless.is_file() else None)


def draw(figures: Json, folder: Path) -> None:
    """All plots."""
    found, read, said = figures["localisation"], figures["fields"], figures["verdicts"]
    width = "card's width in the picture"
    by_width = {
        f"IoU ≥ {level}": {k: row[f"IoU {level}"] for k, row in found["by card width"].items()}
        for level in ("0.8", "0.9", "0.95")
    }
    plots.rates(folder / "localisation.png", "Cards found", width, "recall, %", by_width)
    exact = {
        name.replace("_", " "): {k: row["exact_spaceless"] for k, row in rows.items()}
        for name, rows in read["by card width"].items()
    }
    plots.rates(folder / "fields.png", "Fields right, spaces left out", width, "share of printed fields, %", exact)
    through = {
        name: {k: row[name] for k, row in said["genuine by card width"].items()} for name in ("approved", "rejected")
    }
    plots.rates(folder / "genuine.png", "Genuine selfies", width, "share of genuine selfies, %", through)
    plots.bars(folder / "decisions.png", "Decisions by kind of picture", said["by kind"], sections.DECISIONS)
    plots.reliability(folder / "reliability_fields.png", "Readers' confidence", read["reliability"])
    if confidence := said["confidence"]:
        prior = {"verdicts, 90 % genuine": confidence["at the prior"]}
        plots.reliability(folder / "reliability_verdicts.png", "Confidence of verdicts", prior)
        axes = (
            "Cost of a selfie by threshold",
            "confidence that approval needs",
            "mean cost, selfies handled by a person",
        )
        curves = {
            f"an approved fraud costs {dear}": [row for row in rows if row[0] <= 1]
            for dear, rows in confidence["cost curves"].items()
        }
        plots.lines(folder / "cost.png", axes, curves)
    for path in sorted(RESULTS.glob("faces_*.json")):
        result = _load(path)
        if seen := sections.drawable(result["figures"]):
            points = {name: result["figures"][name]["det"] for name in seen}
            plots.det(folder / Path(plot_of(path)).name, f"Faces, {result['set']['name']}", points)


def head(result: Json, source: Path) -> str:
    """What was measured, with what, and how to do it again."""
    made, run = result["set"], result["run"]
    machine, kinds = run["machine"], result["figures"]["kinds"]
    seeds = made["seeds"] or ["not stated"]
    the_set = (
        f"`{made['name']}`: {made['pictures']} pictures, {len(kinds)} kinds, {made['people']} people; difficulty table "
    )
    the_set += f"version {', '.join(made['versions'])}, renderer {', '.join(made['renderers'])}; "
    the_set += f"seed {seeds[0]}; labels {made['labels_sha256']}"
    shared = "--faces ../shared/faces/london_dev --backgrounds ../shared/backgrounds --hands ../shared/hands"
    make = f"--n {made['pictures']} --seed {seeds[0]} {shared} --out var/{made['name']}"
    return f"""# Benchmarks

Generated by `python -m benchmarks.report` from `{source}`; do not edit. All pictures are generated and all identities
invented: these figures compare versions and methods, they do not say how the service does on customers' phones.
Every rate stands with its count and its 95 % Wilson interval, in %. The interval takes pictures as independent; here
{made["people"]} people appear again and again, so it is the narrowest that could be stated. Headline rates have a
second interval, for which people, each with all their pictures, are drawn anew {bootstrap.RESAMPLES} times; where no
error was seen, or nothing but errors, it would have no width and is left out.

| | |
|---|---|
| Set | {the_set} |
| Measured | {run["measured_at"]}, judged as of {run["today"]} |
| Machine | {machine["cpu"]}, {machine["cores"]} cores, {machine["system"]}, Python {machine["python"]} |
| Code | {run["code"]}, source {run["source_sha256"]}, policy {run["policy"]}, calibration {run["calibration"]} |
| Weights | {", ".join(f"{name} {sha}" for name, sha in run["weights"].items())} |
| Engines | {", ".join(f"{name} {number}" for name, number in run["engines"].items())} |

Kinds: {", ".join(f"{kind} {n}" for kind, n in kinds.items())}.

How to make it again (each stops and goes on where it stopped):

```sh
python -m samples make {make}
python -m benchmarks.accuracy --labels var/{made["name"]} --out {source}
python -m benchmarks.faces --faces ../shared/faces/lfw_dev --out benchmarks/results/faces_lfw.json
python -m benchmarks.faces --faces ../shared/faces/london_dev --out benchmarks/results/faces_london.json
PEERS/bin/python -m benchmarks.peers --labels var/{made["name"]} --out benchmarks/results/peers_{source.stem}.json
python -m benchmarks.report --accuracy {source}
```
"""


def plot_of(path: Path) -> str:
    """The plot of a result of benchmarks.faces, from the page."""
    return f"{sections.PLOTS}/det_{path.stem.removeprefix('faces_')}.png"


def _load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main())
