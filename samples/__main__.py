"""python -m samples portraits | gallery | scene | set: make the synthetic pictures again."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from samples import dataset, gallery, people, portraits_maker
from samples.errors import SampleError
from samples.jpeg import encode_jpeg


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand; 0 when it is done, 1 with a word on stderr when something is absent."""
    arguments = _parser().parse_args(argv)
    try:
        _COMMANDS[arguments.command](arguments)
    except SampleError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    crops = commands.add_parser("portraits", help="crop the committed portraits from unpacked archives again")
    crops.add_argument("--archives", type=Path, required=True, help="folder with the unpacked archives")
    crops.add_argument("--out", type=Path, default=people.PORTRAITS)
    shown = commands.add_parser("gallery", help="make the committed gallery again")
    shown.add_argument("--out", type=Path, default=gallery.FOLDER)
    one = commands.add_parser("scene", help="one random scene of the committed portraits, with labels")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--probe", default="obama")
    one.add_argument("--reference", default="obama2")
    one.add_argument("--out", type=Path, required=True, help="a .jpg; the labels go beside it as .json")
    many = commands.add_parser("set", help="a set of scenes over a folder of faces")
    many.add_argument("--n", type=int, default=60)
    many.add_argument("--seed", type=int, default=7)
    many.add_argument("--faces", type=Path, required=True)
    many.add_argument("--out", type=Path, required=True)
    return parser


def _portraits(arguments: argparse.Namespace) -> None:
    for line in portraits_maker.make_portraits(arguments.archives, arguments.out):
        print(line)


def _gallery(arguments: argparse.Namespace) -> None:
    for line in gallery.make_gallery(people.load(), arguments.out):
        print(line, flush=True)


def _scene(arguments: argparse.Namespace) -> None:
    photos = people.load()
    for wanted in (arguments.probe, arguments.reference):
        if wanted not in photos:
            raise SampleError(f"There is no portrait {wanted!r}; there are: {', '.join(sorted(photos))}")
    spec = dataset.random_spec(np.random.default_rng(arguments.seed))
    sample = dataset.make(photos[arguments.probe], photos[arguments.reference], spec, arguments.seed)
    arguments.out.write_bytes(encode_jpeg(sample.scene.pixels))
    label = json.dumps(sample.label(arguments.out.name), indent=2)
    arguments.out.with_suffix(".json").write_text(label + "\n", encoding="utf-8")
    print(arguments.out)


def _set(arguments: argparse.Namespace) -> None:
    photos = people.load_folder(arguments.faces)
    for line in dataset.write_set(photos, arguments.n, arguments.seed, arguments.out):
        print(line, flush=True)


_COMMANDS = {"portraits": _portraits, "gallery": _gallery, "scene": _scene, "set": _set}

if __name__ == "__main__":
    sys.exit(main())
