"""python -m samples make | pool | sheet | gallery | scene | set | portraits: make synthetic pictures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from samples import dataset, gallery, people, portraits_maker, uniform
from samples.difficulty import LEVELS
from samples.errors import SampleError
from samples.jpeg import encode_jpeg
from samples.kinds import KINDS, parse_mix
from samples.pool import make_pool
from samples.progress import Progress
from samples.recipes import DEFAULT, VARIANTS
from samples.sheet import Folders, contact_sheet


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
    _add_make(commands)
    small = commands.add_parser("pool", help="a made set, small and in one file, to train on")
    small.add_argument("--set", dest="source", type=Path, required=True, help="folder that make wrote")
    small.add_argument("--out", type=Path, required=True)
    small.add_argument("--measuring", action="store_true", help="never trained on: LFW faces are allowed")
    contact = commands.add_parser("sheet", help="one picture of every kind at every difficulty it is drawn at")
    contact.add_argument("--seed", type=int, default=7)
    contact.add_argument("--faces", type=Path)
    contact.add_argument("--backgrounds", type=Path)
    contact.add_argument("--hands", type=Path)
    contact.add_argument("--out", type=Path, required=True)
    many = commands.add_parser("set", help="evenly drawn scenes, as docs/decisions/0005 measured on (else: make)")
    many.add_argument("--n", type=int, default=60)
    many.add_argument("--seed", type=int, default=7)
    many.add_argument("--faces", type=Path, required=True)
    many.add_argument("--out", type=Path, required=True)
    return parser


def _add_make(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = commands.add_parser(
        "make",
        help="a labelled set of all kinds and difficulties",
        description="Write N pictures and labels.jsonl. The same seed gives the same bytes; what is there is kept.",
        epilog=f"Kinds: {', '.join(KINDS)}. Faces: LFW is for measuring only (research use); never train on it what "
        "ships.",
    )
    new.add_argument("--n", type=int, default=500)
    new.add_argument("--seed", type=int, default=7)
    new.add_argument("--faces", type=Path, help="folder with an index.json; without: the packaged portraits")
    new.add_argument("--backgrounds", type=Path, help="folder of panoramas (*.jpg, 2:1) for behind the person")
    new.add_argument("--hands", type=Path, help="folder of modelled hands; without: drawn hands only")
    new.add_argument("--out", type=Path, required=True)
    new.add_argument("--mix", help="kind=weight,… (default: genuine=40, impostor=8, …)")
    new.add_argument("--difficulty", choices=list(LEVELS), help="of every picture (default: as its kind allows)")
    new.add_argument("--megapixels", type=float, help="of every picture (default: phones of 0.9 to 12 MP)")
    new.add_argument("--workers", type=int, default=1, help="processes")
    new.add_argument("--variant", choices=list(VARIANTS), default=DEFAULT, help="other: attacks by other tools")


def _make(arguments: argparse.Namespace) -> None:
    if arguments.faces is None:
        print("No --faces folder: the six packaged public-domain portraits of four people are used.", file=sys.stderr)
    plan = dataset.Plan(
        n=arguments.n,
        seed=arguments.seed,
        faces=arguments.faces,
        mix=tuple(parse_mix(arguments.mix).items()),
        megapixels=arguments.megapixels,
        difficulty=arguments.difficulty,
        backgrounds=arguments.backgrounds,
        hands=arguments.hands,
        variant=arguments.variant,
    )
    bar = Progress(arguments.n, sys.stderr)
    for index, _ in dataset.make_set(plan, arguments.out, arguments.workers):
        bar.show(index + 1)
    bar.close()
    print(arguments.out / dataset.LABELS)


def _pool(arguments: argparse.Namespace) -> None:
    labels = arguments.source / dataset.LABELS
    if not labels.is_file():
        raise SampleError(f"{labels} is absent. Make a set first: python -m samples make --out {arguments.source}")
    bar = Progress(len(labels.read_text(encoding="utf-8").splitlines()), sys.stderr)
    for done in make_pool(arguments.source, arguments.out, arguments.measuring):
        bar.show(done)
    bar.close()
    print(arguments.out)


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
    spec = uniform.random_spec(np.random.default_rng(arguments.seed))
    sample = uniform.make(photos[arguments.probe], photos[arguments.reference], spec, arguments.seed)
    arguments.out.write_bytes(encode_jpeg(sample.scene.pixels))
    label = json.dumps(sample.label(arguments.out.name), indent=2)
    arguments.out.with_suffix(".json").write_text(label + "\n", encoding="utf-8")
    print(arguments.out)


def _set(arguments: argparse.Namespace) -> None:
    photos = people.load_folder(arguments.faces)
    for line in uniform.write_set(photos, arguments.n, arguments.seed, arguments.out):
        print(line, flush=True)


def _sheet(arguments: argparse.Namespace) -> None:
    folders = Folders(arguments.faces, arguments.backgrounds, arguments.hands)
    bar = Progress(sum(len(kind.difficulties) for kind in KINDS.values()), sys.stderr)
    for done in contact_sheet(arguments.seed, folders, list(KINDS), arguments.out):
        bar.show(done)
    bar.close()
    print(arguments.out)


_COMMANDS = {
    "sheet": _sheet,
    "make": _make,
    "pool": _pool,
    "portraits": _portraits,
    "gallery": _gallery,
    "scene": _scene,
    "set": _set,
}

if __name__ == "__main__":
    sys.exit(main())
