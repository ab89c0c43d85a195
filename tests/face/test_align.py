import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.face.align import SIZE_PX, TEMPLATE, align, similarity_transform
from kyc_vision.types import Face

SOURCE = np.array([[30.0, 40], [80, 44], [55, 70], [38, 95], [74, 97]])
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255)]


@given(st.floats(-np.pi, np.pi), st.floats(0.05, 20), st.floats(-500, 500), st.floats(-500, 500))
def test_a_known_similarity_is_recovered(angle, scale, dx, dy):
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = similarity_transform(SOURCE, SOURCE @ turn.T + [dx, dy])
    assert matrix == pytest.approx(np.column_stack([turn, [dx, dy]]), rel=1e-6, abs=1e-6)


def test_a_quarter_turn_as_worked_by_hand():
    # (x, y) → (−2y + 7, 2x − 1)
    target = np.column_stack([-2 * SOURCE[:, 1] + 7, 2 * SOURCE[:, 0] - 1])
    assert similarity_transform(SOURCE, target) == pytest.approx(np.array([[0, -2, 7], [2, 0, -1.0]]), abs=1e-9)


def test_a_face_is_never_reflected():
    mirrored = SOURCE * [-1, 1]
    assert np.linalg.det(similarity_transform(mirrored, TEMPLATE)[:, :2]) > 0


def test_noise_is_averaged():
    noisy = TEMPLATE * 3 + 20 + np.random.default_rng(4).normal(0, 1.5, (5, 2))
    matrix = similarity_transform(noisy, TEMPLATE)
    landed = noisy @ matrix[:, :2].T + matrix[:, 2]
    assert np.abs(landed - TEMPLATE).max() < 1.0


def drawn(landmarks: np.ndarray, radius: int) -> tuple[np.ndarray, Face]:
    """A grey picture with a coloured dot at each landmark."""
    pixels = np.full((1400, 1600, 3), 90, dtype=np.uint8)
    for (x, y), colour in zip(landmarks, COLOURS, strict=True):
        cv2.circle(pixels, (round(x * 16), round(y * 16)), radius * 16, colour, -1, cv2.LINE_AA, shift=4)
    (left, top), (right, bottom) = landmarks.min(axis=0) - 40, landmarks.max(axis=0) + 40
    box = (float(left), float(top), float(right - left), float(bottom - top))
    return pixels, Face(box, landmarks.astype(np.float32), 0.9)


@pytest.mark.parametrize("angle_deg", [0, 25, 90, 180])
@pytest.mark.parametrize("scale", [1.0, 1.8, 5.0, 9.0], ids=lambda s: f"{s} times the view")
def test_every_landmark_lands_on_its_place_of_the_template(scale, angle_deg):
    angle = np.radians(angle_deg)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    landmarks = (TEMPLATE - 56) @ turn.T + [800, 700]
    pixels, face = drawn(landmarks, round(5 * scale))
    view = align(pixels, face)
    assert view.shape == (SIZE_PX, SIZE_PX, 3)
    for place, colour in zip(TEMPLATE, COLOURS, strict=True):
        like = np.abs(view.astype(int) - colour).sum(axis=2) < 120
        ys, xs = np.nonzero(like)
        assert (xs.mean(), ys.mean()) == pytest.approx(tuple(place), abs=0.6)


def test_a_large_face_does_not_alias():
    landmarks = (TEMPLATE - 56) * 9 + [800, 700]
    pixels, face = drawn(landmarks, 1)
    pixels[:] = np.where(np.arange(1600)[None, :, None] % 3 == 0, 255, 0)
    view = align(pixels, face)[10:-10, 10:-10]
    assert view.mean() == pytest.approx(85, abs=4)
    assert view.std() < 12


def test_a_face_at_the_pictures_edge_is_aligned_too():
    pixels, _ = drawn((TEMPLATE - 56) * 6 + [300, 300], 20)
    landmarks = ((TEMPLATE - 56) * 6 + [60, 60]).astype(np.float32)
    view = align(pixels, Face((-200.0, -200.0, 520.0, 520.0), landmarks, 0.9))
    assert view.shape == (SIZE_PX, SIZE_PX, 3)
