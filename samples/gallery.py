"""The committed gallery: one selfie for every situation the product must tell apart, with its truth.

What is expected follows from the kind of picture, never from what the software answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from samples.attacks import black_and_white_copy
from samples.ektp import card_for
from samples.errors import SampleError
from samples.identity import Identity, invent
from samples.jpeg import encode_jpeg
from samples.light import Exposure
from samples.people import Photo
from samples.scene import Scene, hold
from samples.spec import SceneSpec

FOLDER = Path(__file__).parent / "gallery"
MAX_BYTES = 390_000
_SIZE = (1200, 1600)
_PAPER_MM = 9.0

EXPECTED: Mapping[str, tuple[str, ...]] = {
    "genuine": ("approved",),
    "upside_down": ("approved",),
    "mirrored": ("approved",),
    "impostor": ("review", "rejected"),
    "bw_copy": ("review", "rejected"),
    "nik_contradiction": ("review",),
    "same_photo": ("review",),
    "no_card": ("retake",),
    "no_face": ("retake",),
    "blurred": ("retake",),
    "too_dark": ("retake",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of the gallery.

    Attributes:
        file: its name without .jpg.
        kind: a key of EXPECTED.
        probe, reference: photo ids of the live face and of the card's portrait; no reference: no card.
        spec: geometry and light.
        seed: of identity, print and scene.
        printed: fields of the identity that are set by hand.
    """

    file: str
    kind: str
    probe: str
    reference: str | None
    spec: SceneSpec
    seed: int
    printed: Mapping[str, str] = field(default_factory=dict)


def _spec(**changes: object) -> SceneSpec:
    return replace(SceneSpec(size_wh=_SIZE, card_width=0.48, head_width=0.32), **changes)  # type: ignore[arg-type]


_DIM = Exposure(brightness=0.75, warmth=0.6, gradient=0.30, softness_px=0.7, noise=3.0)
_WARM = Exposure(brightness=0.95, warmth=0.5, gradient=0.20, softness_px=0.7, noise=2.2)
_COOL = Exposure(brightness=1.05, warmth=-0.4, gradient=0.15, softness_px=0.6, noise=1.8)

ENTRIES: tuple[Entry, ...] = (
    Entry("genuine_1", "genuine", "obama", "obama2", _spec(tilt_deg=-4, yaw_deg=8, pitch_deg=-5, backdrop="own"), 101),
    Entry(
        "genuine_2",
        "genuine",
        "obama3",
        "obama",
        _spec(card_width=0.55, tilt_deg=9, yaw_deg=-7, pitch_deg=6, bend_mm=1.5, backdrop="window", exposure=_COOL),
        102,
    ),
    Entry(
        "genuine_3",
        "genuine",
        "obama",
        "obama3",
        _spec(card_width=0.42, tilt_deg=6, yaw_deg=-11, pitch_deg=-4, head_width=0.29, backdrop="door", exposure=_WARM),
        103,
    ),
    Entry(
        "genuine_4",
        "genuine",
        "obama2",
        "obama",
        _spec(card_width=0.58, tilt_deg=-11, yaw_deg=5, pitch_deg=9, glare=0.18, backdrop="shelf", exposure=_DIM),
        104,
    ),
    Entry(
        "genuine_two_line_address",
        "genuine",
        "obama3",
        "obama2",
        _spec(card_width=0.52, tilt_deg=3, yaw_deg=-6, pitch_deg=-8, backdrop="own", exposure=_WARM),
        105,
        {"birth_place": "BEKASI", "address": "PERUM TAMAN INDAH PERMAI BLOK C7 NO. 118"},
    ),
    Entry(
        "upside_down",
        "upside_down",
        "obama",
        "obama2",
        _spec(card_width=0.50, tilt_deg=-7, yaw_deg=6, upside_down=True, backdrop="curtain"),
        106,
    ),
    Entry(
        "mirrored",
        "mirrored",
        "obama3",
        "obama",
        _spec(card_width=0.48, tilt_deg=5, pitch_deg=-7, mirrored=True, backdrop="wall", exposure=_COOL),
        107,
    ),
    Entry(
        "impostor_1",
        "impostor",
        "biden",
        "obama",
        _spec(card_width=0.50, tilt_deg=-6, yaw_deg=-8, backdrop="own", exposure=_WARM),
        108,
    ),
    Entry(
        "impostor_2",
        "impostor",
        "astronaut",
        "hopper",
        _spec(card_width=0.46, tilt_deg=8, yaw_deg=7, head_width=0.24, backdrop="wall"),
        109,
    ),
    Entry(
        "bw_copy",
        "bw_copy",
        "obama",
        "obama2",
        _spec(card_width=0.47, tilt_deg=5, yaw_deg=-6, bend_mm=3.0, glare=0.0, paper_mm=9.0, backdrop="door"),
        110,
    ),
    Entry("no_card", "no_card", "obama3", None, _spec(head_width=0.36, backdrop="shelf", exposure=_COOL), 111),
    Entry(
        "no_face",
        "no_face",
        "obama",
        "obama2",
        _spec(card_width=0.52, tilt_deg=-5, yaw_deg=6, head_width=0.50, face_in_frame=False, backdrop="wall"),
        112,
    ),
    Entry(
        "blurred",
        "blurred",
        "obama",
        "obama3",
        _spec(tilt_deg=4, backdrop="window", exposure=Exposure(softness_px=8.0, motion_px=14, motion_deg=25)),
        113,
    ),
    Entry(
        "too_dark",
        "too_dark",
        "obama3",
        "obama2",
        _spec(tilt_deg=-3, backdrop="curtain", exposure=Exposure(brightness=0.012, noise=4.0)),
        114,
    ),
    Entry(
        "nik_contradiction",
        "nik_contradiction",
        "obama2",
        "obama3",
        _spec(card_width=0.54, tilt_deg=4, yaw_deg=-5, pitch_deg=5, backdrop="curtain", exposure=_WARM),
        115,
    ),
    Entry(
        "same_photo_1",
        "same_photo",
        "astronaut",
        "astronaut",
        _spec(card_width=0.45, tilt_deg=-5, yaw_deg=6, head_width=0.24, backdrop="own"),
        116,
    ),
    Entry(
        "same_photo_2",
        "same_photo",
        "hopper",
        "hopper",
        _spec(card_width=0.50, tilt_deg=6, yaw_deg=-7, head_width=0.30, backdrop="own", exposure=_COOL),
        117,
    ),
)


def make_gallery(photos: Mapping[str, Photo], out: Path = FOLDER) -> Iterator[str]:
    """Write every picture and expected.toml into out; yields a line of progress for each."""
    out.mkdir(parents=True, exist_ok=True)
    tables = [_HEAD]
    for entry in ENTRIES:
        scene, identity = render(entry, photos)
        data = _fit(scene)
        (out / f"{entry.file}.jpg").write_bytes(data)
        tables.append(_table(entry, scene, identity))
        yield f"{entry.file}.jpg {len(data) // 1000} kB"
    (out / "expected.toml").write_text("\n".join(tables), encoding="utf-8")


def render(entry: Entry, photos: Mapping[str, Photo]) -> tuple[Scene, Identity | None]:
    """The scene of one entry and what its card says."""
    probe = photos[entry.probe]
    if entry.reference is None:
        return hold(None, probe, entry.spec, entry.seed), None
    reference = photos[entry.reference]
    identity = replace(invent(entry.seed, reference.sex), **entry.printed)  # type: ignore[arg-type]
    if entry.kind == "nik_contradiction":
        # The printed date is altered, the NIK is not: what an edited birth date looks like.
        identity = replace(identity, birth_date=identity.birth_date + timedelta(days=2613))
    card = card_for(identity, reference, entry.seed)
    if entry.kind == "bw_copy":
        card = black_and_white_copy(card, _PAPER_MM, entry.seed)
    return hold(card, probe, entry.spec, entry.seed), identity


def _fit(scene: Scene) -> bytes:
    """JPEG at the best quality that stays below MAX_BYTES."""
    for quality in range(90, 59, -3):
        data = encode_jpeg(scene.pixels, quality)
        if len(data) <= MAX_BYTES:
            return data
    raise SampleError("A gallery picture does not fit its size limit even at JPEG quality 60: lower its noise")


_HEAD = """\
# The gallery's truth, made by `python -m samples gallery`: one table per picture.
# expected: the decisions that are right; it follows from the kind, never from what the software answers.
# quad: TL, TR, BR, BL of the printed card, px. printed: what the card says; dates YYYY-MM-DD, sex M or F.
# Every identity is invented; none is the depicted person's.
"""


def _table(entry: Entry, scene: Scene, identity: Identity | None) -> str:
    lines = [
        f"[{entry.file}]",
        f'file = "{entry.file}.jpg"',
        f'kind = "{entry.kind}"',
        f"expected = {json.dumps(EXPECTED[entry.kind])}",
        f'probe = "{entry.probe}"',
    ]
    if entry.reference is not None:
        lines.append(f'reference = "{entry.reference}"')
    lines.append(f"same_photo = {json.dumps(entry.probe == entry.reference)}")
    lines.append(f"mirrored = {json.dumps(scene.mirrored)}")
    lines.append(f"upside_down = {json.dumps(scene.upside_down)}")
    if scene.quad is not None:
        lines.append(f"quad = {json.dumps(np.round(scene.quad.astype(float), 1).tolist())}")
    if identity is not None:
        lines += ["", f"[{entry.file}.printed]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in identity.printed().items()]
    return "\n".join([*lines, ""])
