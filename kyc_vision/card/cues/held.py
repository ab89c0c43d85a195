"""Does anything hold the card? A finger that holds it lies across its border: there the border is interrupted.

A card that was put into the picture by a program, or that a display on a table shows, is held by nothing. A card may be
held by its very edges, or lie on a palm: with bare skin beside a border that nothing crosses the picture cannot tell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.cues.skin import Holder, like_skin
from kyc_vision.card.cues.surround import AROUND_MM, PX_PER_MM, Surround
from kyc_vision.geometry import apply_homography
from kyc_vision.types import Cue, cannot_tell

NAME = "card_held"
#: Border is looked at between these distances from the card's edge, inside and outside; corners are left out.
_FROM_MM, _TO_MM, _END_MM = 0.75, 2.25, 4.0
#: Tones by which the card's own rim varies for pattern and noise.
_FLOOR = 8.0
#: Skin and card must differ by this many tones: three times what the rim itself varies by.
_STANDS_OUT = 3 * _FLOOR
#: Below this width in the picture a fingertip at the rim is a handful of px.
MIN_WIDTH_PX = 240.0
#: So much of the border must be inside the picture: a hand may hold what is outside.
_SEEN = 0.9
#: Less across the border than this is no finger, at least so much skin beside it may be one that ends at the edge.
#: An index finger is 17 mm broad, a thumb 20 mm. Source: DIN 33402-2:2020, medians.
_FINGERTIP_MM, _BESIDE_MM = 5.0, 10

Tones = NDArray[np.float64]


def card_held(around: Surround, width_px: float, who: Holder | None) -> Cue:
    """Minus the millimetres of border that something lies across; 0 is a card that nothing holds.

    Args:
        around: the card and what lies around it.
        width_px: the card's width in the selfie.
        who: the person whose card it is, where a live face was found.
    """
    if width_px < MIN_WIDTH_PX:
        return cannot_tell(NAME, f"the card is {width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed")
    inner, outer, at, seen = border(around)
    if seen.mean() < _SEEN:
        return cannot_tell(NAME, "part of the card's border is outside the picture")
    if who is not None and _alike(np.median(inner[seen], axis=0), who.skin):
        return cannot_tell(NAME, "in this light the card is about as bright and coloured as the holder's skin")
    across = crossed(inner[seen], outer[seen], at[seen])
    length = float(across.sum())
    if length < _FINGERTIP_MM and who is not None:
        beside = _skin_beside(around, outer[seen], at[seen], who)
        if beside >= _BESIDE_MM:
            return cannot_tell(NAME, f"nothing lies across the border, but bare skin along {beside} mm of it")
    place = around.place((0.0, 0.0, *layout.CARD_WH_MM))
    return Cue(NAME, round(0.0 - length, 2), place, f"something lies across {length:.0f} mm of the border")


def _alike(ground: Tones, skin: Tones) -> bool:
    """Whether a finger would hardly stand out from the card: burnt out, too dark, or a sallow card."""
    return float(np.linalg.norm(ground - 16 * np.sqrt(skin))) < _STANDS_OUT


def _skin_beside(around: Surround, outer: Tones, at: Tones, who: Holder) -> int:
    """Millimetres of border beside which there is skin, in the half away from the face: towards it, it is the neck."""
    to_selfie = np.linalg.inv(around.to_plane)
    places = apply_homography(to_selfie, (at + AROUND_MM) * PX_PER_MM - 0.5)
    middle = places.mean(axis=0)
    away = (places - middle) @ (np.asarray(who.face_at) - middle) < 0
    return int(np.count_nonzero(like_skin((outer / 16) ** 2, who.skin) & away))


def border(around: Surround) -> tuple[Tones, Tones, Tones, NDArray[np.bool_]]:
    """For every millimetre of the border: (N, 3) tones inside and outside, (N, 2) mm, (N,) inside the picture."""
    width, height = layout.CARD_WH_MM
    inner: list[NDArray[np.float32]] = []
    outer: list[NDArray[np.float32]] = []
    places, seen = [], []
    for side in range(4):
        tone, there = np.rot90(around.tone, side), np.rot90(around.seen, side)
        length = (width, height)[side % 2]
        count = int(length - 2 * _END_MM)
        start = round((AROUND_MM + _END_MM) * PX_PER_MM)
        step = round(PX_PER_MM)
        columns = slice(start, start + count * step)
        edge = AROUND_MM * PX_PER_MM
        rows_in = slice(round(edge + _FROM_MM * PX_PER_MM), round(edge + _TO_MM * PX_PER_MM))
        rows_out = slice(round(edge - _TO_MM * PX_PER_MM), round(edge - _FROM_MM * PX_PER_MM))
        for rows, into in ((rows_in, inner), (rows_out, outer)):
            into.append(tone[rows, columns].reshape(-1, count, step, 3).mean(axis=(0, 2)))
        seen.append(there[rows_out, columns].reshape(-1, count, step).all(axis=(0, 2)))
        t = _END_MM + np.arange(count) + 0.5
        # np.rot90 turns anticlockwise: the sides come as top, right, bottom, left, read clockwise.
        zero, full = np.zeros(count), np.full(count, 1.0)
        places.append(
            np.column_stack([(t, zero), (full * width, t), (width - t, full * height), (zero, height - t)][side])
        )
    return (
        np.concatenate(inner).astype(np.float64),
        np.concatenate(outer).astype(np.float64),
        np.concatenate(places),
        np.concatenate(seen),
    )


def crossed(inner: Tones, outer: Tones, at: Tones) -> Tones:
    """(N,) 0–1, how surely something lies across the border at each place.

    It looks there as it does outside, and not as the card's rim does elsewhere, whose tones follow a plane: light falls
    off across a card, but not in steps.
    """
    basis = np.column_stack([np.ones(len(at)), at / layout.CARD_WH_MM[0] - 0.5])
    weight = np.ones(len(at))
    for _ in range(8):
        normal = (basis * weight[:, None]).T
        plane = np.linalg.solve(normal @ basis + 1e-6 * np.eye(3), normal @ inner)
        off = np.linalg.norm(inner - basis @ plane, axis=1)
        scatter = max(1.4826 * float(np.median(off)), _FLOOR / 2)
        weight = 1 / (1 + (off / scatter) ** 2) ** 2
    step = np.linalg.norm(inner - outer, axis=1)
    foreign = off**2 / (off**2 + (_FLOOR + 2 * scatter) ** 2)
    alike = off**2 / (off**2 + step**2 + 1e-6)
    return np.asarray(np.clip(2 * foreign - 0.5, 0, 1) * np.clip(2 * alike - 0.8, 0, 1))
