"""The rendered hand, on a small hand made here: a square palm with a thumb like a stick, no scan needed."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from samples.errors import SampleError
from samples.hand import EXTENT_MM, THUMB, HandLayers, draw_hand
from samples.rendered_hand import TIP_MM, HandMap, load_hands, render_hand

SKIN, CLOTH = np.array([190.0, 140.0, 110.0]), np.array([20.0, 60.0, 200.0])
WIDTH, HEIGHT = 260, 400
PALM = (20, 100, 220, 399)  # x0, y0, x1, y1 px
EXTENT = (200.0, 3.0)


def write_hand(folder: Path, left: bool) -> None:
    """A right hand at 3 px per mm (thumb on the right), or its mirror image; its relief is a cylinder's."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    palm = (x >= PALM[0]) & (x <= PALM[2]) & (y >= PALM[1])
    thumb = ((np.abs(x - 200) <= 20) & (y >= 50)) * np.clip((230 - y) / 60, 0, 1)
    nail = ((x - 200) / 12) ** 2 + ((y - 75) / 16) ** 2 <= 1
    nx = np.clip((x - 120) / 110, -0.95, 0.95)
    normals = np.dstack([nx, np.zeros_like(nx), np.sqrt(1 - nx**2)])
    maps = np.dstack([0.5 + 0.4 * thumb, thumb, palm | (thumb > 0), nail]) * 255
    points = {"thumb_tip": [200, 60], "thumb_distal": [200, 110], "wrist": [120, 360], "index_knuckle": [170, 130]}
    if left:
        normals, maps = normals[:, ::-1] * [-1, 1, 1], maps[:, ::-1]
        points = {name: [WIDTH - 1 - px, py] for name, (px, py) in points.items()}
    (folder / "stick.json").write_text(json.dumps({"ppc": 30, "thumb_base": [200, 200], **points}))
    for ending, picture in (("_m", maps[..., [2, 1, 0, 3]]), ("_n", (normals[..., ::-1] + 1) * 127.5)):
        cv2.imwrite(str(folder / f"stick{ending}.png"), np.round(picture).astype(np.uint8))


@pytest.fixture(params=["right", "left"])
def hand(request: pytest.FixtureRequest, tmp_path: Path) -> HandMap:
    write_hand(tmp_path, left=request.param == "left")
    return load_hands(tmp_path)[0]


def rendered(
    hand: HandMap, seed: int = 1, light: tuple[float, float] = (0.0, -0.4), skin: NDArray[np.float64] = SKIN
) -> HandLayers:
    return render_hand(hand, skin, CLOTH, np.random.default_rng(seed), light, EXTENT)


def colour(layer: NDArray[np.float32]) -> NDArray[np.float32]:
    """(3,) mean of what is opaque."""
    return np.asarray(layer[layer[..., 3] > 0.99][:, :3].mean(axis=0), dtype=np.float32)


def palm_of(layers: HandLayers) -> NDArray[np.float32]:
    """The rows from below the thumb to the wrist: 40–80 mm under the card's edge."""
    first = round((40 - EXTENT_MM[1]) * EXTENT[1])
    return layers.behind[first : first + round(40 * EXTENT[1])]


def test_thumb_ends_where_handheld_expects_it(hand: HandMap) -> None:
    front = rendered(hand).front[..., 3] > 0.5
    rows = np.nonzero(front.any(axis=1))[0]
    columns = np.nonzero(front[rows[0] : rows[0] + 3].any(axis=0))[0]
    x = (columns.mean() + 0.5) / EXTENT[1] + EXTENT_MM[0]
    y = rows[0] / EXTENT[1] + EXTENT_MM[1]
    assert (x, y) == pytest.approx(TIP_MM, abs=0.5)
    # Of the drawn hand: the end of its last bone less its radius.
    assert pytest.approx((THUMB[0].start[0], THUMB[0].start[1] - THUMB[0].radii[0])) == TIP_MM


def test_fingers_lie_to_the_right_of_the_thumb(hand: HandMap) -> None:
    layers = rendered(hand)
    thumb, whole = (np.nonzero(layer[..., 3] > 0.5)[1].mean() for layer in (layers.front, palm_of(layers)))
    assert whole > thumb + 10 * EXTENT[1]


def test_layers_start_and_end_where_the_drawn_ones_do(hand: HandMap) -> None:
    ours, drawn = rendered(hand), draw_hand(SKIN, CLOTH, np.random.default_rng(1), (0.0, -0.4), EXTENT)
    assert ours.behind.shape == ours.front.shape
    assert ours.behind.shape[0] == drawn.behind.shape[0]
    assert ours.behind.shape[1] >= drawn.behind.shape[1]
    assert ours.behind.dtype == ours.front.dtype == np.float32


@pytest.mark.parametrize("seed", range(4))
def test_colour_is_premultiplied(hand: HandMap, seed: int) -> None:
    for layer in (rendered(hand, seed).behind, rendered(hand, seed).front):
        assert layer.min() >= 0
        assert layer.max() <= 1 + 1e-6
        assert (layer[..., :3] <= layer[..., 3:] + 1e-6).all()
        assert (layer[..., 3] > 0.99).any()


def test_thumb_fades_at_its_root_into_the_palm(hand: HandMap) -> None:
    layers = rendered(hand)
    middle = round((TIP_MM[0] - EXTENT_MM[0]) * EXTENT[1])
    along = layers.front[:, middle, 3]
    assert along[round((20 - EXTENT_MM[1]) * EXTENT[1])] > 0.99
    assert along[round((60 - EXTENT_MM[1]) * EXTENT[1]) :].max() == 0
    assert ((along > 0.1) & (along < 0.9)).sum() > 3 * EXTENT[1]


def test_same_rng_gives_the_same_bytes_and_another_one_does_not(hand: HandMap) -> None:
    first, again, other = (rendered(hand, seed) for seed in (7, 7, 8))
    assert first.behind.tobytes() == again.behind.tobytes()
    assert first.front.tobytes() == again.front.tobytes()
    assert first.front.tobytes() != other.front.tobytes()


@pytest.mark.parametrize("side", [-1, 1])
def test_light_from_one_side_makes_that_side_brighter(hand: HandMap, side: int) -> None:
    palm = palm_of(rendered(hand, light=(0.6 * side, 0.0)))
    inside = np.nonzero(palm[20, :, 3] > 0.99)[0]
    near_left, near_right = (palm[:, part, :3].mean() for part in np.array_split(inside, 3)[::2])
    assert side * (near_right - near_left) > 0.1


def test_mean_skin_is_the_persons(hand: HandMap) -> None:
    light, dark = (colour(rendered(hand, skin=np.array(s)).front) * 255 for s in ([215.0, 170, 145], [95.0, 62, 48]))
    assert light == pytest.approx([215, 170, 145], abs=45)
    assert dark == pytest.approx([95, 62, 48], abs=45)
    assert light.min() > dark.max()


def test_palm_of_dark_skin_is_paler_than_its_back(hand: HandMap) -> None:
    layers = rendered(hand, skin=np.array([95.0, 62, 48]))
    assert colour(palm_of(layers)).mean() > colour(layers.front).mean() + 0.03


def test_arm_goes_on_to_the_end_bare_or_in_the_persons_clothes(hand: HandMap) -> None:
    blue = []
    for seed in range(12):
        last = rendered(hand, seed).behind[-30:]
        assert (last[..., 3] > 0.99).any(axis=1).all()
        red, _, blueness = colour(last)
        blue.append(bool(blueness > 2 * red))
    assert 3 < sum(blue) < 12


def test_corners_of_the_scan_are_rounded(hand: HandMap) -> None:
    corner = PALM[0] if hand.knuckle[0] < hand.joint[0] else WIDTH - 1 - PALM[0]
    inward = 1 if corner == PALM[0] else -1
    assert hand.mask[PALM[1] + 1, corner + inward] < 0.5
    assert hand.mask[PALM[1] + 100, corner + inward] > 0.5


def test_short_layer_without_arm_or_nail_is_drawn(hand: HandMap) -> None:
    layers = render_hand(hand, SKIN, CLOTH, np.random.default_rng(0), (0.3, -0.4), (-8.0, 3.0))
    assert layers.behind.shape[0] == round((-8 - EXTENT_MM[1]) * 3)


def test_folder_without_a_hand_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match=r"No hand .*name_m\.png.* --hands"):
        load_hands(tmp_path)


def test_hand_without_its_relief_names_the_picture(tmp_path: Path) -> None:
    write_hand(tmp_path, left=False)
    (tmp_path / "stick_n.png").unlink()
    with pytest.raises(SampleError, match=r"stick_n\.png"):
        load_hands(tmp_path)
