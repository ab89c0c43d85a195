import hashlib
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from kyc_vision.geometry import homography_from_points
from samples import dataset
from samples.__main__ import main
from samples.dataset import LABELS, Plan, make_set, order_for, write_one
from samples.kinds import KINDS
from samples.orders import print_for
from samples.other.recipes import OTHER
from samples.recipes import RECIPES, VARIANTS, render

ON_DISPLAY = ("card_on_phone", "card_on_monitor", "selfie_on_screen", "selfie_print")


def plan(kind: str, seed: int = 11, variant: str = "other") -> Plan:
    return Plan(1, seed, None, ((kind, 1.0),), 0.9, "easy", variant=variant)


def test_the_other_variant_makes_attacks_only_and_all_else_as_ever() -> None:
    assert {KINDS[kind].group for kind in OTHER} == {"attack"}
    assert list(VARIANTS["other"]) == list(RECIPES)
    assert all(VARIANTS["other"][kind] is RECIPES[kind] for kind in RECIPES if kind not in OTHER)
    assert all(VARIANTS["other"][kind] is not RECIPES[kind] for kind in OTHER)


@pytest.mark.parametrize("kind", OTHER)
def test_every_kind_has_the_label_of_the_default_and_says_that_it_is_another(kind: str, tmp_path: Path) -> None:
    label = json.loads(json.dumps(write_one(plan(kind), 0, tmp_path)))
    shared = {"kind", "difficulty", "expected", "same_person", "version", "renderer", "seed"}
    (tmp_path / "default").mkdir()
    first = json.loads(json.dumps(write_one(plan(kind, variant="default"), 0, tmp_path / "default")))
    assert set(label) == {*first, "variant"}
    assert {key: label[key] for key in shared} == {key: first[key] for key in shared}
    assert label["variant"] == "other"
    assert (label["device_quad"] is not None) == (kind in ON_DISPLAY)
    assert label["in_frame"] >= 0.95
    assert label["card_width_px"] > 200
    assert (label["edit"] is not None) == kind.startswith("edited")
    with Image.open(tmp_path / label["file"]) as picture:
        assert list(ImageOps.exif_transpose(picture).size) == label["size"]


@pytest.mark.parametrize("kind", OTHER)
def test_the_same_order_gives_the_same_pixels_and_not_those_of_the_default(kind: str) -> None:
    once, twice = (render(order_for(plan(kind, 5), 0), "other").scene for _ in range(2))
    assert np.array_equal(once.pixels, twice.pixels)
    default = render(order_for(plan(kind, 5), 0)).scene
    assert once.pixels.shape != default.pixels.shape or not np.array_equal(once.pixels, default.pixels)


def _fine(pixels: np.ndarray) -> np.ndarray:
    grey = pixels[..., :3].astype(np.float32).mean(axis=2)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0) - cv2.GaussianBlur(grey, (0, 0), 8))[20:-20, 20:-20]


@pytest.mark.parametrize("kind", OTHER)
def test_the_print_is_where_the_label_says(kind: str) -> None:
    """To half a millimetre: the picture, put straight by the quad, agrees best with the card when it is not moved."""
    order = order_for(plan(kind, 2), 0)
    picture = render(order, "other")
    assert picture.scene.quad is not None
    assert picture.identity is not None
    assert picture.reference is not None
    size = (344, 217)  # 4 px a mm
    card = cv2.resize(print_for(picture.draw, picture.identity, picture.reference, order.seed), size)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size - 0.5
    to_card = homography_from_points(picture.scene.quad.astype(float), corners)
    straight = cv2.warpPerspective(picture.scene.pixels, to_card, size, flags=cv2.INTER_AREA)
    match = cv2.matchTemplate(_fine(straight), _fine(card)[10:-10, 10:-10], cv2.TM_CCOEFF_NORMED)
    row, column = np.unravel_index(int(np.argmax(match)), match.shape)
    assert np.hypot(row - 10, column - 10) <= 2
    assert match.max() > 0.4


def test_a_set_of_the_other_variant_keeps_nothing_of_the_default(tmp_path: Path) -> None:
    default = replace(plan("no_card"), variant="default")
    list(make_set(default, tmp_path))
    assert len(dataset._kept(default, tmp_path)) == 1
    assert dataset._kept(replace(default, variant="other"), tmp_path) == {}


def test_what_is_no_attack_is_the_same_in_both_variants(tmp_path: Path) -> None:
    out = []
    for variant in VARIANTS:
        (tmp_path / variant).mkdir()
        label = write_one(plan("genuine", variant=variant), 0, tmp_path / variant)
        out.append(hashlib.sha256((tmp_path / variant / label["file"]).read_bytes()).hexdigest())
    assert out[0] == out[1]


def test_make_takes_the_variant_and_writes_it(tmp_path: Path) -> None:
    words = ["--n", "1", "--mix", "pasted_card", "--megapixels", "0.9", "--out", str(tmp_path)]
    assert main(["make", "--variant", "other", *words]) == 0
    assert json.loads((tmp_path / LABELS).read_text())["variant"] == "other"
    with pytest.raises(SystemExit):
        main(["make", "--variant", "third", *words])
