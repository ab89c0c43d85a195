"""A card drawn as bars where the layout has labels, values and the portrait; used by the tests beside it."""

import cv2
import numpy as np

from kyc_vision import layout
from kyc_vision.geometry import apply_homography, homography_from_points
from kyc_vision.types import Pixels, Quad

PX_PER_MM = 12.0
GROUND, INK, TABLE = (190, 215, 240), (40, 40, 46), (96, 120, 84)


def draw_card(wrapped: tuple[str, ...] = (), float_mm: tuple[float, float] = (0.0, 0.0)) -> Pixels:
    """(H, W, 3) uint8 RGB: strokes of letters for every label and value; the whole print floats by float_mm."""
    card = np.full((round(layout.CARD_WH_MM[1] * PX_PER_MM), round(layout.CARD_WH_MM[0] * PX_PER_MM), 3), GROUND)
    card = np.ascontiguousarray(card, dtype=np.uint8)

    def box(x: float, y: float, width: float, height: float, colour: tuple[int, int, int]) -> None:
        left, top = (x + float_mm[0]) * PX_PER_MM, (y + float_mm[1]) * PX_PER_MM
        corner = (round(left + width * PX_PER_MM) - 1, round(top + height * PX_PER_MM) - 1)
        cv2.rectangle(card, (round(left), round(top)), corner, colour, -1)

    def text(x: float, y: float, letters: int) -> None:
        for letter in range(letters):
            # Two strokes and a bar a letter, as of an H.
            for stroke in (0.0, 0.55):
                box(x + 1.03 * letter + stroke, y - 0.78, 0.22, 1.55, INK)
            box(x + 1.03 * letter, y - 0.11, 0.7, 0.22, INK)

    for row in layout.ROWS:
        y = layout.row_centres_mm(wrapped)[row.field]
        text(row.label_x_mm, y, len(row.label))
        text(layout.VALUE_X_MM, y, 14)
        if row.field in wrapped:
            text(layout.VALUE_X_MM, y + layout.ROW_PITCH_MM, 9)
    text(layout.NIK_X_MM, layout.NIK_Y_MM, 16)
    box(*layout.PORTRAIT_MM, (190, 40, 46))
    return card


def hold(card: Pixels, quad: Quad, size_wh: tuple[int, int] = (900, 900)) -> Pixels:
    """The card on a table, its corners TL, TR, BR, BL at quad."""
    corners = layout.outline_mm() * PX_PER_MM - 0.5
    homography = homography_from_points(corners, np.asarray(quad, dtype=np.float64))
    picture = np.full((size_wh[1], size_wh[0], 3), TABLE, dtype=np.uint8)
    shown = cv2.warpPerspective(card, homography, size_wh, flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full(card.shape[:2], 255, np.uint8), homography, size_wh, flags=cv2.INTER_LINEAR)
    alpha = inside[..., None].astype(np.float32) / 255
    return np.asarray(shown * alpha + picture * (1 - alpha), dtype=np.uint8)


def held_at(angle_deg: float = 8.0, width_px: float = 480.0, centre: tuple[float, float] = (450.0, 450.0)) -> Quad:
    """Corners of a card that is turned by an angle, in a slight perspective."""
    scale, angle = width_px / layout.CARD_WH_MM[0], np.radians(angle_deg)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = np.array(centre) - turn @ (np.array(layout.CARD_WH_MM) / 2)
    homography = np.vstack([np.column_stack([turn, shift]), [2e-4, -1e-4, 1.0]])
    return np.asarray(apply_homography(homography, layout.outline_mm()), dtype=np.float32)
