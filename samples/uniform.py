"""`python -m samples set`: evenly drawn geometry, what docs/decisions/0005 measured on; `make` has replaced it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from samples.backdrop import BACKDROPS
from samples.ektp import card_for
from samples.identity import Identity, invent
from samples.jpeg import encode_jpeg
from samples.light import Exposure
from samples.people import Photo
from samples.scene import Scene, hold
from samples.spec import SceneSpec


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One selfie with everything that is known of it."""

    scene: Scene
    spec: SceneSpec
    identity: Identity
    probe: Photo
    reference: Photo

    def label(self, file: str) -> dict[str, Any]:
        """The truth as JSON: quad (TL TR BR BL of the print), who is shown, what is printed."""
        quad = self.scene.quad
        return {
            "file": file,
            "kind": "genuine" if self.probe.person == self.reference.person else "impostor",
            "probe": self.probe.id,
            "reference": self.reference.id,
            "same_photo": self.probe.id == self.reference.id,
            "quad": None if quad is None else np.round(quad.astype(float), 2).tolist(),
            "mirrored": self.scene.mirrored,
            "upside_down": self.scene.upside_down,
            "card_width": round(self.spec.card_width, 3),
            "tilt_deg": round(self.spec.tilt_deg, 1),
            "yaw_deg": round(self.spec.yaw_deg, 1),
            "pitch_deg": round(self.spec.pitch_deg, 1),
            "fields": self.identity.printed(),
        }


def make(probe: Photo, reference: Photo, spec: SceneSpec, seed: int, identity: Identity | None = None) -> Sample:
    """Invent an identity (of the reference's sex), print its card and take the selfie."""
    chosen = identity or invent(seed, reference.sex)
    scene = hold(card_for(chosen, reference, seed), probe, spec, seed)
    return Sample(scene, spec, chosen, probe, reference)


def random_spec(rng: np.random.Generator) -> SceneSpec:
    """Widely varied geometry and light: card 18–60 % of the width, tilt ±30°, out of plane ±25°."""
    sizes = ((1080, 1440), (1200, 1600), (960, 1280), (1440, 1920))
    return SceneSpec(
        size_wh=sizes[int(rng.choice(4, p=(0.45, 0.3, 0.15, 0.1)))],
        card_width=float(rng.uniform(0.18, 0.60)),
        tilt_deg=float(rng.uniform(-30, 30)),
        yaw_deg=float(rng.uniform(-25, 25)),
        pitch_deg=float(rng.uniform(-25, 25)),
        bend_mm=float(rng.uniform(0, 3)) if rng.random() < 0.4 else 0.0,
        head_width=float(rng.uniform(0.25, 0.40)),
        card_x=float(rng.uniform(0.3, 0.7)),
        upside_down=bool(rng.random() < 0.12),
        mirrored=bool(rng.random() < 0.15),
        hand=bool(rng.random() < 0.9),
        glare=float(rng.uniform(0, 0.35)),
        backdrop=BACKDROPS[int(rng.integers(len(BACKDROPS)))],
        exposure=Exposure(
            brightness=float(rng.uniform(0.55, 1.25)),
            warmth=float(rng.uniform(-0.9, 0.9)),
            gradient=float(rng.uniform(0.05, 0.4)),
            softness_px=float(rng.uniform(0.4, 1.1)),
            motion_px=float(rng.uniform(1, 4)) if rng.random() < 0.2 else 0.0,
            motion_deg=float(rng.uniform(0, 180)),
            noise=float(rng.uniform(1.0, 4.5)),
        ),
    )


def random_set(photos: dict[str, Photo], n: int, seed: int) -> Iterator[tuple[int, Sample]]:
    """n scenes, two in three genuine with two different photographs of one person where there are two."""
    ids = sorted(photos)
    for index in range(n):
        rng = np.random.default_rng([seed, index])
        probe = photos[ids[int(rng.integers(len(ids)))]]
        genuine = rng.random() < 0.67
        others = [i for i in ids if (photos[i].person == probe.person) == genuine and i != probe.id] or [
            i for i in ids if i != probe.id
        ]
        if not genuine:
            # An impostor picks a card of the same sex.
            others = [i for i in others if photos[i].sex == probe.sex] or others
        reference = photos[others[int(rng.integers(len(others)))]]
        yield index, make(probe, reference, random_spec(rng), seed * 100_003 + index)


def write_set(photos: dict[str, Photo], n: int, seed: int, out: Path) -> Iterator[str]:
    """Write n JPEGs and labels.jsonl into out; yields a word of progress for each."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for index, sample in random_set(photos, n, seed):
            file = f"{index:05d}.jpg"
            quality = 70 + (index * 7) % 26
            (out / file).write_bytes(encode_jpeg(sample.scene.pixels, quality))
            label = sample.label(file)
            labels.write(json.dumps(label) + "\n")
            labels.flush()
            yield f"{file} {label['kind']}"
