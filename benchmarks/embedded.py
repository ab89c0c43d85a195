"""Faces as vectors, clean and as a card's portrait in a selfie: computed once, kept in var/, resumable."""

from __future__ import annotations

import inspect
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import kyc_vision.face.embed as engines
from benchmarks.calibrate_faces import SEED, as_printed, middle, nearest
from benchmarks.store import digest
from kyc_vision.build import dlib_face, face_detector, sface
from kyc_vision.face import align, detect
from kyc_vision.image import read
from kyc_vision.weights import manifest


@dataclass
class Embedded:
    """Per picture: both engines' clean and printed vectors, the printed face's height in px; and what was not found."""

    names: list[str] = field(default_factory=list)
    clean: list[NDArray[np.float32]] = field(default_factory=list)
    printed: list[NDArray[np.float32]] = field(default_factory=list)
    height_px: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    second_clean: list[NDArray[np.float32]] = field(default_factory=list)
    second_printed: list[NDArray[np.float32]] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Embedded:
        """From the cache; empty where there is none."""
        if not path.is_file():
            return cls()
        with np.load(path, allow_pickle=False) as kept:
            rows = {one.name: list(kept[one.name]) for one in fields(cls)}
        rows |= {key: [str(n) for n in rows[key]] for key in ("names", "lost")}
        return cls(**{**rows, "height_px": [float(h) for h in rows["height_px"]]})

    def save(self, path: Path) -> None:
        """Into the cache, by a temporary file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        names, lost = np.array(self.names, dtype=str), np.array(self.lost, dtype=str)
        vectors: dict[str, Any] = {one.name: np.array(getattr(self, one.name)) for one in fields(self)}
        np.savez(part, **{**vectors, "names": names, "lost": lost})
        part.replace(path)


def embed(paths: Sequence[Path], heights_px: tuple[float, float], seconds: float | None = None) -> Embedded:
    """Every picture of one folder, clean and as printed.

    Args:
        paths: the pictures.
        heights_px: range of the printed faces' heights in the selfie; a picture's own is drawn from its name, so that
            two ranges print it with the same blur and tone, and only the height differs.
        seconds: stop after so long; the rest is in neither names nor lost.
    """
    cache = Path("var") / f"bench_{paths[0].parent.name}_{_maker(heights_px)}.npz"
    kept = Embedded.load(cache)
    known, begin = {*kept.names, *kept.lost}, time.monotonic()
    detector, engine, second = face_detector(), sface(), dlib_face()
    for i, path in enumerate(paths):
        if path.stem in known:
            continue
        if seconds is not None and time.monotonic() - begin > seconds:
            break
        pixels = read(path.read_bytes()).pixels
        # The person is the one in the middle; others may stand beside.
        probe = nearest(detector.detect(pixels), np.array(pixels.shape[1::-1]) / 2)
        if probe is None:
            kept.lost.append(path.stem)
            continue
        rng = np.random.default_rng([SEED, zlib.crc32(path.stem.encode())])
        height_px = float(rng.uniform(*heights_px))
        printed, scale = as_printed(pixels, probe, height_px, rng)
        at = middle(probe) * scale
        reference = nearest(detector.detect(printed), at)
        if reference is None or np.linalg.norm(middle(reference) - at) > reference.box[2] / 2:
            kept.lost.append(path.stem)
            continue
        kept.names.append(path.stem)
        kept.clean.append(engine.embed(pixels, probe))
        kept.printed.append(engine.embed(printed, reference))
        kept.second_clean.append(second.embed(pixels, probe))
        kept.second_printed.append(second.embed(printed, reference))
        kept.height_px.append(height_px)
        if i % 20 == 0:
            print(f"\r{i}/{len(paths)} pictures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    kept.save(cache)
    return kept


def _maker(heights_px: tuple[float, float]) -> str:
    """Digest of what the cached vectors depend on: weights, how faces are printed, found, aligned and embedded."""
    return digest(
        {
            **{key: manifest()[key].sha256 for key in ("sface", "yunet", "dlib_encoder", "dlib_landmarks")},
            "faces": [inspect.getsource(module) for module in (align, detect, engines)],
            "print": inspect.getsource(as_printed),
            "seed": SEED,
            "px": list(heights_px),
        }
    )
