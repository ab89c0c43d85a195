"""The card is drawn as bars, one for each line of print, and the spotter reads a bar by its colour.

A bar's red says which line it is; a darker patch at its upper left tells whether it is seen the right way round,
for only then does a reader read it.
"""

import cv2
import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.words import WordLocator
from kyc_vision.geometry import apply_homography, polygon_iou, warp
from kyc_vision.types import CardLocation, CardNotFound, Face, Image, Pixels, Quad, TextLine

PRINT_PX_PER_MM = 12.0
VALUES = {
    "name": "BUDI SANTOSO",
    "birth_place": "DEPOK, 05-07-1985",
    "sex": "LAKI-LAKI",
    "address": "JL. MELATI NO. 1",
    "rt_rw": "003/004",
    "village": "TUGU",
    "district": "CIMANGGIS",
    "religion": "ISLAM",
    "marital_status": "KAWIN",
    "occupation": "WIRASWASTA",
    "nationality": "WNI",
    "valid_until": "SEUMUR HIDUP",
}


def print_lines(wrapped: tuple[str, ...]) -> list[tuple[str, float, float]]:
    """(text, x, y) in mm of every line."""
    lines = [("NIK", layout.NIK_LABEL_X_MM, layout.NIK_Y_MM), ("3276020507850003", layout.NIK_X_MM, layout.NIK_Y_MM)]
    lines += [("PROVINSI JAWA BARAT", 31.0, layout.PROVINCE_Y_MM), ("02-06-2012", 65.8, layout.ISSUE_DATE_Y_MM)]
    for row in layout.ROWS:
        y = layout.row_centres_mm(wrapped)[row.field]
        lines.append((row.label, row.label_x_mm, y))
        lines.append((VALUES[row.field], layout.VALUE_X_MM, y))
        if row.field in wrapped:
            lines.append(("SECOND LINE", layout.VALUE_X_MM, y + layout.ROW_PITCH_MM))
    return lines


def line_width_mm(text: str) -> float:
    return layout.NIK_END_X_MM - layout.NIK_X_MM if text.isdigit() else 1.0 * len(text) + 0.5


class Spotter:
    """Finds bars and reads them by their colour; a bar that is not the right way round reads as rubbish."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def detect(self, pixels: Pixels) -> list[Quad]:
        mask = (pixels[:, :, 1] < 100).astype(np.uint8)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        return [_level(cv2.boxPoints(cv2.minAreaRect(c))) for c in contours if min(cv2.minAreaRect(c)[1]) >= 4]

    def recognize(self, pixels: Pixels, quad: Quad) -> TextLine:
        corners = tuple((float(x), float(y)) for x, y in quad)
        bar = cv2.warpPerspective(
            pixels,
            cv2.getPerspectiveTransform(quad, np.array([[0, 0], [200, 0], [200, 40], [0, 40]], np.float32)),
            (200, 40),
        )
        patches = [bar[4:16, 3:12, 2], bar[4:16, -12:-3, 2], bar[-16:-4, 3:12, 2], bar[-16:-4, -12:-3, 2]]
        number = round(float(np.median(bar[15:25, 60:140, 0])) / 8)
        if int(np.argmin([p.mean() for p in patches])) == 0 and number < len(self.texts):
            text = self.texts[number]
            return TextLine(text, (0.99,) * len(text), corners)
        return TextLine("XQ8K", (0.4,) * 4, corners)


def _level(corners: np.ndarray) -> Quad:
    """TL, TR, BR, BL as a detector orders them: the long side runs to the right."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    ordered = np.roll(corners, -int(sides[1] > sides[0]), axis=0)
    if ordered[1, 0] < ordered[0, 0]:
        ordered = np.roll(ordered, -2, axis=0)
    if np.linalg.det(np.array([ordered[1] - ordered[0], ordered[3] - ordered[0]])) < 0:
        ordered = ordered[[1, 0, 3, 2]]
    return ordered.astype(np.float32)


def draw_card(wrapped: tuple[str, ...] = ()) -> tuple[Pixels, Spotter]:
    wide, high = (round(v * PRINT_PX_PER_MM) for v in layout.CARD_WH_MM)
    pixels = np.full((high, wide, 3), (205, 220, 240), dtype=np.uint8)
    lines = print_lines(wrapped)
    for number, (text, x, y) in enumerate(lines):
        # The detector's box begins half a millimetre before the ink.
        left, right = (round(v * PRINT_PX_PER_MM) for v in (x - 0.5, x + line_width_mm(text)))
        top, bottom = (round(v * PRINT_PX_PER_MM) for v in (y - 0.95, y + 0.95))
        pixels[top:bottom, left:right] = (number * 8, 20, 230)
        pixels[top : (top + bottom) // 2, left : left + (right - left) // 8] = (number * 8, 20, 60)
    return pixels, Spotter([text for text, _, _ in lines])


class Scene:
    """A selfie in which the card is held at a known place."""

    def __init__(self, px_per_mm: float, angle_deg: float, wrapped: tuple[str, ...] = ()) -> None:
        card, self.spotter = draw_card(wrapped)
        angle = np.radians(angle_deg)
        turn = px_per_mm * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        shift = np.array([600.0, 1000.0]) - turn @ (np.array(layout.CARD_WH_MM) / 2)
        self.held = np.array([[*turn[0], shift[0]], [*turn[1], shift[1]], [1e-5, -2e-5, 1]])
        print_to_mm = np.diag([1 / PRINT_PX_PER_MM, 1 / PRINT_PX_PER_MM, 1.0])
        self.pixels = np.full((1400, 1200, 3), (120, 170, 130), dtype=np.uint8)
        inside = np.zeros((1400, 1200), np.uint8)
        cv2.fillConvexPoly(inside, np.rint(self.quad).astype(np.int32), 1)
        self.pixels[inside > 0] = warp(card, self.held @ print_to_mm, (1200, 1400))[inside > 0]

    @property
    def quad(self) -> np.ndarray:
        return apply_homography(self.held, layout.outline_mm())

    def face(self) -> Face:
        """The portrait's face, as a detector sees it: 13 mm high, its middle at (71, 22) mm."""
        at = [(68.5, 20.5), (73.5, 20.5), (71.0, 22.5), (69.0, 25.5), (73.0, 25.5)]
        landmarks = apply_homography(self.held, np.array(at))
        outline = np.array([[66.0, 15.5], [76, 15.5], [76, 28.5], [66, 28.5]])
        corners = apply_homography(self.held, outline)
        (x, y), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        return Face((float(x), float(y), float(right - x), float(bottom - y)), landmarks.astype(np.float32), 0.8)

    def locate(self, *, mirrored: bool = False, faces: bool = True):
        pixels, shown = self.pixels, [live_face(), self.face()] if faces else []
        if mirrored:
            pixels = np.ascontiguousarray(pixels[:, ::-1])
            shown = [mirror(face) for face in shown]
        return WordLocator(self.spotter).locate(Image(pixels, "PNG", "00"), tuple(shown))


def live_face() -> Face:
    landmarks = np.array([[540, 250], [660, 250], [600, 310], [555, 380], [645, 380]], dtype=np.float32)
    return Face((450.0, 120.0, 300.0, 380.0), landmarks, 0.95)


def mirror(face: Face) -> Face:
    x, y, w, h = face.box
    # A detector names the eye on the left of the picture the right one, mirrored or not.
    landmarks = (face.landmarks * [-1, 1] + [1199, 0])[[1, 0, 2, 4, 3]].astype(np.float32)
    return Face((1199 - x - w, y, w, h), landmarks, face.confidence)


def assert_found(found, quad: np.ndarray, mirrored: bool = False) -> None:
    assert isinstance(found, CardLocation)
    width = np.linalg.norm(quad[1] - quad[0])
    assert polygon_iou(found.quad, quad) > 0.93
    # Corner by corner: the order is part of the answer.
    assert np.linalg.norm(found.quad - quad, axis=1).max() < 0.04 * width
    assert found.mirrored is mirrored
    assert found.confidence > 0.3
    assert found.anchors >= 8


@pytest.mark.parametrize("faces", [True, False], ids=["by its portrait", "without a face"])
@pytest.mark.parametrize("angle_deg", [0, 12, -25])
def test_an_upright_card_is_found(angle_deg, faces):
    scene = Scene(7.0, angle_deg)
    assert_found(scene.locate(faces=faces), scene.quad)


@pytest.mark.parametrize("faces", [True, False], ids=["by its portrait", "without a face"])
def test_a_card_in_a_mirrored_selfie_is_found_and_said_to_be_mirrored(faces):
    scene = Scene(6.0, 8)
    assert_found(scene.locate(mirrored=True, faces=faces), scene.quad * [-1, 1] + [1199, 0], mirrored=True)


@pytest.mark.parametrize("faces", [True, False], ids=["by its portrait", "without a face"])
@pytest.mark.parametrize("angle_deg", [180, 170])
def test_an_upside_down_card_is_found_and_its_first_corner_is_the_prints_own(angle_deg, faces):
    scene = Scene(6.5, angle_deg)
    assert_found(scene.locate(faces=faces), scene.quad)
    assert scene.quad[0, 0] > scene.quad[1, 0]


def test_a_card_on_its_side_is_found_by_its_portrait():
    scene = Scene(6.5, 90)
    assert_found(scene.locate(), scene.quad)


@pytest.mark.parametrize("wrapped", [("address",), ("name",), ("birth_place",)], ids="+".join)
def test_a_row_of_two_lines_is_noticed(wrapped):
    scene = Scene(7.0, -6, wrapped)
    found = scene.locate()
    assert_found(found, scene.quad)
    assert found.wrapped == wrapped


def test_a_face_that_is_not_on_the_card_misleads_nobody():
    scene = Scene(7.0, 5)
    found = WordLocator(scene.spotter).locate(Image(scene.pixels, "PNG", "00"), (live_face(),))
    assert_found(found, scene.quad)


@pytest.mark.parametrize("faces", [(), (live_face(),)], ids=["nobody", "somebody"])
def test_without_a_card_it_says_so(faces):
    empty = np.full((1400, 1200, 3), (120, 170, 130), dtype=np.uint8)
    found = WordLocator(Spotter([])).locate(Image(empty, "PNG", "00"), faces)
    assert isinstance(found, CardNotFound)
    assert found.reason == "CARD_NOT_FOUND"


def test_another_document_full_of_text_is_no_card():
    scene = Scene(7.0, 0)
    stranger = Spotter(["LOREM IPSUM", "DOLOR SIT AMET", "CONSECTETUR"] * 12)
    found = WordLocator(stranger).locate(Image(scene.pixels, "PNG", "00"), (live_face(), scene.face()))
    assert isinstance(found, CardNotFound)
