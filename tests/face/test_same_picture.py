"""Committed portraits: one picture printed and photographed again, against other photographs of the same man."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from kyc_vision.build import face_detector
from kyc_vision.face.same_picture import SIDE_PX, face_view, parts_apart, same_picture
from kyc_vision.image import read
from kyc_vision.types import Face, RectifiedCard
from tests.fakes import ROOT, face_match, image

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def portraits():
    detector, found = face_detector(), {}
    for name in ("obama", "obama2", "obama3", "biden"):
        pixels = read((ROOT / "samples/portraits" / f"{name}.jpg").read_bytes()).pixels
        found[name] = pixels, detector.detect(pixels)[0]
    return found


def printed(pixels, shown, height_px, bend=0.0):
    """The picture as a small print seen aslant: warped as planes are, blurred, faded, noisy; and its landmarks."""
    scale = height_px / shown.box[3]
    matrix = np.array([[scale, 0.06 * scale, 4.0], [-0.04 * scale, 0.95 * scale, 30.0], [1e-5, 2e-5, 1.0]])
    size = (round(pixels.shape[1] * scale * 1.1), round(pixels.shape[0] * scale * 1.1))
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float32)
    # Another expression: what lies below the nose moves down, the more the farther.
    nose = float(shown.landmarks[2, 1])
    pixels = cv2.remap(pixels, columns, rows - bend * np.maximum(0, rows - nose).astype(np.float32), cv2.INTER_LINEAR)
    small = cv2.warpPerspective(cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale), matrix, size, flags=cv2.INTER_LINEAR)
    noisy = 0.75 * small + 40 + np.random.default_rng(3).normal(0, 4, small.shape)
    points = np.column_stack([shown.landmarks, np.ones(5)]) @ matrix.T
    return np.clip(noisy, 0, 255).astype(np.uint8), points[:, :2] / points[:, 2:]


def apart(portraits, live, on_card, height_px=80.0, *, mirror=False, bend=0.0):
    pixels, shown = portraits[live]
    print_, landmarks = printed(*portraits[on_card], height_px, bend)
    probe = face_view(pixels, shown.landmarks)
    if mirror:
        probe = np.ascontiguousarray(probe[:, ::-1])
    return parts_apart(probe, face_view(print_, landmarks), height_px)


@pytest.mark.parametrize("name", ["obama", "obama2", "obama3", "biden"])
@pytest.mark.parametrize("height_px", [60.0, 90.0])
def test_a_picture_and_its_own_print_differ_by_a_planes_warp_only(portraits, name, height_px):
    distance, mirrored = apart(portraits, name, name, height_px)
    assert distance < 0.25
    assert not mirrored


@pytest.mark.parametrize("pair", [("obama", "obama2"), ("obama2", "obama3"), ("obama3", "obama"), ("obama", "biden")])
def test_another_photograph_of_the_same_man_has_moved(portraits, pair):
    assert apart(portraits, *pair)[0] > 0.6


def test_a_mirrored_print_is_the_same_picture_too(portraits):
    distance, mirrored = apart(portraits, "obama", "obama", mirror=True)
    assert mirrored
    assert distance < 0.25


def test_a_chin_that_moved_by_a_tenth_is_seen(portraits):
    assert apart(portraits, "obama", "obama", bend=0.10)[0] > 2 * apart(portraits, "obama", "obama")[0]


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.5])
def test_a_view_puts_the_landmarks_on_their_places_at_any_size(portraits, scale):
    pixels, shown = portraits["obama"]
    usual = face_view(pixels, shown.landmarks)
    other = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    view = face_view(other, (shown.landmarks + 0.5) * scale - 0.5)
    assert view.shape == (SIDE_PX, SIDE_PX)
    assert np.corrcoef(view.ravel(), usual.ravel())[0, 1] > 0.98


def test_flat_grey_faces_are_no_same_picture():
    flat = np.full((SIDE_PX, SIDE_PX), 128, dtype=np.float32)
    assert parts_apart(flat, flat, 80.0)[0] > 1.0


def cue(portraits, live, on_card, height_px=90.0):
    pixels, shown = portraits[live]
    print_, landmarks = printed(*portraits[on_card], height_px)
    reference = Face((0.0, 0.0, 60.0, height_px), landmarks.astype(np.float32), 0.9)
    match = face_match(probe=shown, reference=reference, reference_height_px=height_px)
    card = RectifiedCard(print_, np.eye(3), 11.8, 400.0)
    return same_picture(replace(image(8, 8), pixels=pixels), match, card), shown


def test_the_cue_lies_on_the_live_face_and_is_larger_for_the_same_picture(portraits):
    same, shown = cue(portraits, "obama", "obama")
    other, _ = cue(portraits, "obama2", "obama")
    assert same.name == "same_picture"
    assert same.score > other.score + 0.7
    x, y, w, h = shown.box
    # To a tenth of a pixel, as every place is.
    assert same.place == tuple((round(u, 1), round(v, 1)) for u, v in ((x, y), (x + w, y), (x + w, y + h), (x, y + h)))


def test_a_print_that_is_too_small_cannot_tell(portraits):
    found, _ = cue(portraits, "obama", "obama", 30.0)
    assert found.score is None
    assert "30 px" in found.detail
