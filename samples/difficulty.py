"""How hard a picture is: one frozen, versioned table, and scenes drawn from it.

A changed table is a new VERSION; figures of different versions are not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from samples.backdrop import BACKDROPS
from samples.camera import Camera, Pose
from samples.clothes import draw_clothes
from samples.ground import CARD_WIDTH_MM
from samples.light import Cast, Exposure
from samples.spec import Grip, SceneSpec, Spot

VERSION = 2
Difficulty = Literal["easy", "medium", "hard", "beyond"]
Range = tuple[float, float]
# Shares of the picture's width that a held card takes: an arm's length away, and close to the lens.
HELD = (0.18, 0.60)
# A phone's picture, width × height px upright, and how often: 720p, 2, 3, 5, 8 and 12 MP.
PHONES: tuple[tuple[tuple[int, int], float], ...] = (
    ((720, 1280), 0.10),
    ((960, 1280), 0.10),
    ((1080, 1440), 0.15),
    ((1080, 1920), 0.15),
    ((1200, 1600), 0.15),
    ((1536, 2048), 0.10),
    ((1944, 2592), 0.10),
    ((2448, 3264), 0.08),
    ((3000, 4000), 0.07),
)
# One picture in eight is taken with the phone on its side: 4 : 3 only, and the card at most this share of its width.
LANDSCAPE, HELD_LANDSCAPE = 0.125, (0.18, 0.40)
# Where a lamp may shine without touching text or portrait, fractions of the print.
_OFF_TEXT = ((0.98, 0.04), (0.02, 0.98), (0.60, 0.98), (0.99, 0.97))
# Where it touches text: the address, the religion, name and birth date.
_ON_TEXT = ((0.35, 0.42), (0.50, 0.60), (0.55, 0.31))


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the table. Lengths on the card are in its own mm, so that a small card is not blurred more.

    Attributes:
        width_px: the card's width in the picture, mean of its two long edges. Hard: half of them are at most
            HARD_SMALL_PX; the others are tilted or turned away by more than medium ones may be.
        tilt_deg: most rotation in the picture.
        out_of_plane_deg: most angle between the card's normal and the line of sight.
        softness_mm: σ of lens and focus.
        motion_mm: longest hand shake.
        lamp: strength of the lamp in the laminate; glare_on_text: whether it lies over text.
        gradient: how uneven the light is.
        cast: strength of a shadow over the picture, where there is one (one in three).
        noise: of the sensor, 8-bit steps.
        fingers_mm: how far beyond the free edge (6 mm) the thumb may come.
        any_way_up: upside down and quarter turns occur; mirrored: saved mirrored occurs.
        jpeg: quality.
    """

    width_px: Range
    tilt_deg: float
    out_of_plane_deg: float
    softness_mm: Range
    motion_mm: float
    lamp: Range
    glare_on_text: bool
    gradient: Range
    cast: Range
    noise: Range
    fingers_mm: float
    any_way_up: bool
    mirrored: bool
    jpeg: tuple[int, int]


LEVELS: Mapping[Difficulty, Level] = MappingProxyType(
    {
        "easy": Level(
            (480, 1800), 10, 10, (0.05, 0.11), 0.0, (0.0, 0.0), False, (0.05, 0.2), (0.0, 0.0), (1.0, 2.5), 0.0,
            False, False, (80, 95),
        ),
        "medium": Level(
            (320, 480), 25, 20, (0.10, 0.20), 0.25, (0.3, 0.8), False, (0.1, 0.3), (0.1, 0.3), (1.5, 3.5), 2.0,
            False, False, (70, 92),
        ),
        "hard": Level(
            (280, 1200), 45, 35, (0.10, 0.24), 0.40, (0.15, 0.45), True, (0.25, 0.5), (0.3, 0.6), (2.0, 5.0), 3.0,
            True, True, (50, 75),
        ),
        "beyond": Level(
            (140, 280), 25, 20, (0.12, 0.35), 0.50, (0.3, 0.8), False, (0.1, 0.4), (0.1, 0.4), (2.0, 5.0), 2.0,
            False, False, (50, 85),
        ),
    }
)  # fmt: skip
HARD_SMALL_PX = 400.0
# A card that is large enough is "beyond" when its text is lost: this much blur, or a lamp of this strength.
TEXT_LOST_SOFTNESS_MM: Range = (0.9, 1.6)


@dataclass(frozen=True, slots=True)
class Draw:
    """A drawn scene: how it is taken and saved."""

    spec: SceneSpec
    quality: int


def draw(difficulty: Difficulty, rng: np.random.Generator, megapixels: float | None = None) -> Draw:
    """A scene of that difficulty.

    Args:
        difficulty: row of LEVELS.
        rng: of everything.
        megapixels: of the picture; None draws a phone.
    """
    level = LEVELS[difficulty]
    small = difficulty == "hard" and rng.random() < 0.5
    if small:
        level = replace(level, width_px=(level.width_px[0], HARD_SMALL_PX))
    size = _size(level, rng, megapixels)
    held = HELD if size[1] > size[0] else HELD_LANDSCAPE
    narrow, wide = max(level.width_px[0], held[0] * size[0]), min(level.width_px[1], held[1] * size[0])
    lost = difficulty == "beyond" and rng.random() < 0.3
    if lost:
        narrow, wide = 300.0, held[1] * size[0]
    width_px = float(rng.uniform(narrow, max(narrow, wide)))
    tilt, yaw, pitch = _turns(level, difficulty == "hard" and not small, rng)
    upside_down = bool(level.any_way_up and rng.random() < 0.2)
    # Turned by a quarter, only a card that is small in the picture fits below the chin.
    quarter = level.any_way_up and not upside_down and 1080 <= size[0] < size[1] and rng.random() < 0.12
    if quarter:
        tilt = float(rng.choice([-90.0, 90.0]) + 0.3 * tilt)
    spec = SceneSpec(
        size_wh=size,
        card_width=_held_flat(width_px, (tilt, yaw, pitch), size),
        tilt_deg=tilt,
        yaw_deg=yaw,
        pitch_deg=pitch,
        bend_mm=float(rng.uniform(0, 2.0)) if rng.random() < 0.4 else 0.0,
        head_width=float(rng.uniform(0.26, 0.40)),
        card_x=float(rng.uniform(0.36, 0.64)),
        upside_down=upside_down,
        mirrored=bool(level.mirrored and rng.random() < 0.3),
        glare=float(rng.uniform(0, 0.12)),
        backdrop=BACKDROPS[int(rng.integers(len(BACKDROPS)))],
        exposure=_exposure(level, width_px / CARD_WIDTH_MM, lost, rng),
        quick=True,
        grip=_grip(level, upside_down or quarter, rng),
        spot=_spot(level, rng),
        clothes=draw_clothes(rng),
        depth_px=float(rng.uniform(0, 0.0015)) * min(size) if rng.random() < 0.6 else 0.0,
        ambient=float(rng.uniform(0.2, 1.0)),
    )
    return Draw(spec, int(rng.integers(level.jpeg[0], level.jpeg[1] + 1)))


def _turns(level: Level, much: bool, rng: np.random.Generator) -> tuple[float, float, float]:
    """Tilt, yaw and pitch, degrees; much: one of tilt and turning away is beyond what medium allows."""
    tilt = float(rng.uniform(-1, 1) * level.tilt_deg)
    away = float(np.sqrt(rng.random()) * level.out_of_plane_deg)
    if much:
        medium = LEVELS["medium"]
        if rng.random() < 0.5:
            tilt = float(rng.choice([-1.0, 1.0]) * rng.uniform(medium.tilt_deg, level.tilt_deg))
        else:
            away = float(rng.uniform(medium.out_of_plane_deg, level.out_of_plane_deg))
    azimuth = float(rng.uniform(0, 2 * np.pi))
    return tilt, away * float(np.cos(azimuth)), away * float(np.sin(azimuth))


def width_in_picture(spec: SceneSpec) -> float:
    """Mean of the card's two long edges, px."""
    pose = Pose((0.0, 0.0), spec.card_width * spec.size_wh[0], spec.tilt_deg, spec.yaw_deg, spec.pitch_deg)
    top_left, top_right, bottom_right, bottom_left = Camera(pose, min(spec.size_wh)).outline_px
    return float(np.linalg.norm(top_right - top_left) + np.linalg.norm(bottom_right - bottom_left)) / 2


def _size(level: Level, rng: np.random.Generator, megapixels: float | None) -> tuple[int, int]:
    """A phone on which a card of the level's width can be held at all."""
    able = [
        (size, share)
        for size, share in PHONES
        if HELD[0] * size[0] <= level.width_px[1] and HELD[1] * size[0] >= level.width_px[0] * 1.02
    ]
    if megapixels is not None:
        size = min((size for size, _ in able), key=lambda wh: abs(wh[0] * wh[1] / 1e6 - megapixels))
    else:
        shares = np.array([share for _, share in able])
        size = able[int(rng.choice(len(able), p=shares / shares.sum()))][0]
    low, high = HELD_LANDSCAPE[0] * size[1], HELD_LANDSCAPE[1] * size[1]
    fits = low <= level.width_px[1] and high >= level.width_px[0] * 1.02 and 3 * size[1] <= 4 * size[0]
    return size[::-1] if fits and rng.random() < LANDSCAPE else size


def _held_flat(width_px: float, turns: tuple[float, float, float], size_wh: tuple[int, int]) -> float:
    """Share of the picture's width the card would take held flat, so that turned it is width_px wide."""
    share = width_px / size_wh[0]
    for _ in range(3):
        spec = SceneSpec(size_wh, share, *turns)
        share *= width_px / width_in_picture(spec)
    return share


def _exposure(level: Level, px_per_mm: float, lost: bool, rng: np.random.Generator) -> Exposure:
    softness = float(rng.uniform(*(TEXT_LOST_SOFTNESS_MM if lost else level.softness_mm)))
    shaken = level.motion_mm > 0 and rng.random() < 0.4
    motion = float(rng.uniform(0.4, 1.0)) * level.motion_mm * px_per_mm if shaken else 0.0
    return Exposure(
        brightness=float(rng.uniform(0.65, 1.2)),
        warmth=float(rng.uniform(-0.9, 0.9)),
        gradient=float(rng.uniform(*level.gradient)),
        softness_px=max(0.45, softness * px_per_mm),
        motion_px=motion,
        motion_deg=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(*level.noise)),
        cast=_cast(level, rng),
    )


def _cast(level: Level, rng: np.random.Generator) -> Cast | None:
    if level.cast[1] == 0 or rng.random() > 0.35:
        return None
    return Cast(
        angle_deg=float(rng.uniform(0, 360)),
        offset=float(rng.uniform(-0.3, 0.3)),
        softness=float(rng.uniform(0.01, 0.15)),
        strength=float(rng.uniform(*level.cast)),
        bars=int(rng.integers(3, 8)) if rng.random() < 0.3 else 0,
    )


def _grip(level: Level, turned: bool, rng: np.random.Generator) -> Grip | None:
    """The thumb at the lower edge a little further in, where only the ground and the last row's end are printed."""
    if turned or level.fingers_mm == 0 or rng.random() < 0.5:
        return None
    # The last row's values end at x 0.45; the signature starts at 0.74.
    x, further = float(rng.uniform(0.52, 0.66)), float(rng.uniform(0.3, 1.0)) * level.fingers_mm
    return Grip((x, 1 - (6.0 + further) / 53.98), float(rng.uniform(-25, 25)), bool(rng.random() < 0.5))


def _spot(level: Level, rng: np.random.Generator) -> Spot | None:
    if level.lamp[1] == 0 or rng.random() < 0.4:
        return None
    places = _ON_TEXT if level.glare_on_text and rng.random() < 0.6 else _OFF_TEXT
    x, y = places[int(rng.integers(len(places)))]
    strength = float(rng.uniform(*level.lamp))
    return Spot((x, y), float(rng.uniform(0.05, 0.09)), strength)
