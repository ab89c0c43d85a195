"""`python -m samples make`: a seeded set of pictures of all kinds with labels.jsonl; to develop and to measure on.

The same seed, faces and versions of the libraries give the same bytes, whatever the number of workers, and a
longer set starts with the shorter one. What lies there already with a label that matches is kept.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kyc_vision.geometry import mean_width, share_inside
from kyc_vision.types import Pixels
from samples import people
from samples.difficulty import VERSION, Difficulty
from samples.kinds import KINDS, expected, kind_of
from samples.orders import Order, Picture
from samples.panorama import load_panoramas
from samples.people import Photo
from samples.phones import draw_orientation, save_as_phone
from samples.recipes import DEFAULT, render
from samples.rendered_hand import HandMap, load_hands
from samples.scene import Scene

LABELS = "labels.jsonl"
# Raised whenever the same plan gives other pixels; the difficulty table's VERSION says what they are meant to be.
RENDERER = 2
_ENTROPY = 0x3A
# What is worth uploading a second time: a genuine picture that can be approved.
_AGAIN: tuple[tuple[str, Difficulty], ...] = (("genuine", "easy"), ("genuine", "medium"), ("genuine", "hard"))


@dataclass(frozen=True, slots=True)
class Plan:
    """A set to make.

    Attributes:
        n: number of pictures.
        seed: of all of them.
        faces: folder with an index.json; None for the packaged public-domain portraits.
        mix: weight of each kind.
        megapixels: of every picture; None draws phones.
        difficulty: of every picture; None draws what its kind allows.
        backgrounds: folder of panoramas for behind the person; None draws rooms only.
        hands: folder of modelled hands; None draws hands only.
        variant: how the attacks are made, a key of recipes.VARIANTS.
    """

    n: int
    seed: int
    faces: Path | None
    mix: tuple[tuple[str, float], ...]
    megapixels: float | None = None
    difficulty: Difficulty | None = None
    backgrounds: Path | None = None
    hands: Path | None = None
    variant: str = DEFAULT


def make_set(plan: Plan, out: Path, workers: int = 1) -> Iterator[tuple[int, dict[str, Any]]]:
    """Write the pictures that are not there yet, then labels.jsonl in order; yields the index and label of each.

    Raises:
        SampleError: the faces or a font are absent.
    """
    out.mkdir(parents=True, exist_ok=True)
    kept = _kept(plan, out)
    labels: dict[int, dict[str, Any]] = {}
    with (out / LABELS).open("w", encoding="utf-8") as log:
        for index, label in _all(plan, out, kept, workers):
            labels[index] = label
            log.write(json.dumps(label) + "\n")
            log.flush()
            yield index, label


def _all(
    plan: Plan, out: Path, kept: Mapping[int, dict[str, Any]], workers: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    if workers == 1:
        for index in range(plan.n):
            yield index, kept.get(index) or write_one(plan, index, out)
        return
    # Spawned: a fork inherits OpenCV's threads as they stand, and may wait for them for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_one_thread) as pool:
        jobs = {index: pool.submit(write_one, plan, index, out) for index in range(plan.n) if index not in kept}
        for index in range(plan.n):
            yield index, kept[index] if index in kept else jobs[index].result()


def _one_thread() -> None:
    cv2.setNumThreads(1)


def _kept(plan: Plan, out: Path) -> dict[int, dict[str, Any]]:
    """Labels of an interrupted run whose picture is there and which this plan would write again."""
    path = out / LABELS
    if not path.is_file():
        return {}
    kept = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            label = json.loads(line)
        except json.JSONDecodeError:
            continue  # the run was stopped while it wrote this line
        index = int(Path(label["file"]).stem)
        kind, difficulty = _drawn(plan, index)
        made = (label["version"], label.get("renderer"), label["seed"], label["kind"], label.get("variant", DEFAULT))
        same = made == (VERSION, RENDERER, plan.seed, kind, plan.variant)
        if index < plan.n and same and label["difficulty"] == difficulty and (out / label["file"]).is_file():
            kept[index] = label
    return kept


def _rng(plan: Plan, index: int) -> np.random.Generator:
    return np.random.default_rng([plan.seed, index, VERSION, _ENTROPY])


def _drawn(plan: Plan, index: int) -> tuple[str, Difficulty]:
    """Kind and difficulty of one picture."""
    kind = kind_of(index, plan.seed, dict(plan.mix))
    allowed = KINDS[kind].difficulties
    names, weights = list(allowed), np.array(list(allowed.values()))
    drawn = names[int(np.random.default_rng([plan.seed, index, 0xD1]).choice(len(names), p=weights / weights.sum()))]
    return kind, plan.difficulty or drawn


@lru_cache(maxsize=4)
def faces_of(folder: Path | None) -> Mapping[str, Photo]:
    """The faces of a folder, or the packaged ones."""
    return people.load() if folder is None else people.load_folder(folder)


@lru_cache(maxsize=2)
def _panoramas(folder: Path | None) -> tuple[Pixels, ...]:
    return () if folder is None else load_panoramas(folder)


@lru_cache(maxsize=2)
def _hands(folder: Path | None) -> tuple[HandMap, ...]:
    return () if folder is None else load_hands(folder)


def order_for(plan: Plan, index: int) -> Order:
    """What the recipe of one picture gets."""
    kind, difficulty = _drawn(plan, index)
    first = _original(plan, index) if kind == "reupload" else None
    original = None if first is None else order_for(plan, first)
    seed = plan.seed * 100_003 + index
    return Order(
        faces_of(plan.faces),
        kind,
        difficulty,
        seed,
        _rng(plan, index),
        plan.megapixels,
        _panoramas(plan.backgrounds),
        _hands(plan.hands),
        original,
    )


def _original(plan: Plan, index: int) -> int | None:
    """A genuine picture of the set that was there before, else one that comes after; None when there is none."""
    genuine = [i for i in range(plan.n) if _drawn(plan, i) in _AGAIN]
    earlier = [i for i in genuine if i < index]
    return earlier[-1] if earlier else (genuine[0] if genuine else None)


def write_one(plan: Plan, index: int, out: Path) -> dict[str, Any]:
    """Make picture index, write its JPEG and return its label."""
    order = order_for(plan, index)
    picture = render(order, plan.variant)
    file = f"{index:05d}.jpg"
    orientation = draw_orientation(order.rng)
    data = save_as_phone(picture.scene.pixels, picture.draw.quality, orientation)
    part = out / f"{file}.part"
    part.write_bytes(data)
    part.replace(out / file)
    label = _label(plan, order, picture, file)
    label |= {"exif_orientation": orientation, "jpeg_quality": picture.draw.quality}
    # Labels of the default variant stay as they were before there was another.
    return label if plan.variant == DEFAULT else {**label, "variant": plan.variant}


def _label(plan: Plan, order: Order, picture: Picture, file: str) -> dict[str, Any]:
    scene, spec = picture.scene, picture.draw.spec
    reference = picture.reference
    return {
        "file": file,
        "version": VERSION,
        "renderer": RENDERER,
        "seed": plan.seed,
        "kind": order.kind,
        "difficulty": order.difficulty,
        "original": None if order.original is None else f"{order.original.seed - plan.seed * 100_003:05d}.jpg",
        "expected": list(expected(order.kind, order.difficulty)),
        "probe": picture.probe.id,
        "reference": None if reference is None else reference.id,
        "same_photo": reference is not None and reference.id == picture.probe.id,
        "same_person": reference is not None and reference.person == picture.probe.person,
        "quad": _corners(scene.quad),
        "mirrored": scene.mirrored,
        "upside_down": scene.upside_down,
        "card_width_px": None if scene.quad is None else round(mean_width(scene.quad), 1),
        "tilt_deg": round(spec.tilt_deg, 2),
        "yaw_deg": round(spec.yaw_deg, 2),
        "pitch_deg": round(spec.pitch_deg, 2),
        "fields": None if picture.identity is None else picture.identity.printed(),
        "device_quad": _corners(scene.device),
        "document_quad": _corners(picture.document),
        "edit": picture.edit,
        "occlusion": None if scene.quad is None else round(1 - visible(scene) * (1 - scene.covered), 4),
        "in_frame": None if scene.quad is None else round(visible(scene), 4),
        "size": [scene.pixels.shape[1], scene.pixels.shape[0]],
    }


def visible(scene: Scene) -> float:
    """Share of the card's outline that lies inside the picture, 0–1."""
    assert scene.quad is not None
    height, width = scene.pixels.shape[:2]
    return share_inside(scene.quad, np.array([[0, 0], [width, 0], [width, height], [0, height]]))


def _corners(quad: np.ndarray[Any, Any] | None) -> list[list[float]] | None:
    return None if quad is None else np.round(quad.astype(float), 2).tolist()
