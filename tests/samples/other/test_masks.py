import numpy as np
import pytest

from samples.fraud import Mask
from samples.other.masks import rigid_mask, square_print, trimmed_face
from samples.people import load

PHOTO = load()["biden"]
FACE = (300.0, 250.0, 200.0, 270.0)
PLAIN = np.full((900, 800, 3), (20, 200, 20), np.uint8)


def covered(maker: Mask, seed: int) -> np.ndarray:
    made = maker(PHOTO, PLAIN, FACE, np.random.default_rng(seed)).astype(int)
    # The green of what is behind may be darkened by a shadow; a print is not green.
    return np.asarray(made[..., 1] - made[..., [0, 2]].max(axis=2) < 60)


@pytest.mark.parametrize("maker", [rigid_mask, square_print, trimmed_face])
def test_a_mask_covers_the_middle_of_the_face_and_leaves_the_picture(maker: Mask) -> None:
    for seed in range(3):
        seen = covered(maker, seed)
        assert seen[380:420, 385:415].mean() > 0.9
        assert seen[:60].mean() == 0
        assert seen[:, :60].mean() == seen[:, -60:].mean() == 0


def test_a_trimmed_face_lies_inside_the_face_and_a_square_print_around_it() -> None:
    x, y, w, h = (round(v) for v in FACE)
    inside = np.zeros(PLAIN.shape[:2], bool)
    inside[y - 15 : y + h + 40, x - 25 : x + w + 25] = True
    for seed in range(3):
        assert not (covered(trimmed_face, seed) & ~inside).any()
        assert covered(square_print, seed)[y : y + h, x : x + w].mean() > 0.95


def test_some_rigid_masks_have_eye_holes_through_which_the_wearer_looks() -> None:
    holes = [1 - covered(rigid_mask, seed)[320:390, 330:470].mean() for seed in range(6)]
    assert max(holes) > 0.03
    assert min(holes) < 0.01
