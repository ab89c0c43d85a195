from dataclasses import replace

import cv2
import numpy as np
import pytest

from kyc_vision.geometry import apply_homography, mean_width, polygon_area, signed_area
from kyc_vision.types import Pixels
from samples import augment as module
from samples.augment import augment, letterbox
from samples.pool import Truth, outline, turns

SIZE = 160
BOX = (180, 500, 456, 674)  # of the card in the picture, x0 y0 x1 y1
COLOURS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]])  # TL TR BR BL
TRUTH = Truth("genuine", outline(BOX).astype(np.float32), None, False, False, 0.0, 1.0)


def selfie(card: Pixels, ground: tuple[int, int, int] = (110, 110, 110)) -> Pixels:
    pixels = np.empty((896, 672, 3), np.uint8)
    pixels[:] = ground
    x0, y0, x1, y1 = BOX
    pixels[y0:y1, x0:x1] = cv2.resize(card, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)
    return pixels


def quartered() -> Pixels:
    """A card whose four quarters have the corners' colours."""
    return COLOURS[[[0, 1], [3, 2]]].astype(np.uint8)


def magenta() -> Pixels:
    return selfie(np.full((2, 2, 3), (255, 0, 255), np.uint8), (0, 255, 0))


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture
def geometry_only(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No things, no fingers, no light: the card's pixels are only moved."""
    monkeypatch.setattr(module, "_taken", lambda frame, *_: frame)
    monkeypatch.setattr(module, "_paste", lambda *_: None)
    monkeypatch.setattr(module, "_COVERED", 0.0)
    monkeypatch.setattr(module, "_TOUCHED", 0.0)
    return monkeypatch


@pytest.mark.usefixtures("geometry_only")
@pytest.mark.parametrize("mirrored", [False, True])
def test_near_each_corner_are_the_pixels_of_that_corner_of_the_print(mirrored: bool) -> None:
    pixels, truth = selfie(quartered()), TRUTH
    if mirrored:
        pixels, quad = pixels[:, ::-1], outline(BOX)
        quad[:, 0] = 671 - quad[:, 0]
        truth = replace(TRUTH, quad=quad.astype(np.float32), mirrored=True)
    met, corners = set(), 0
    for seed in range(240):
        frame, seen = augment(pixels, truth, rng(seed), SIZE)
        if seen.quad is None:
            continue
        met.add((seen.mirrored, turns(seen.quad)))
        assert seen.mirrored == (signed_area(seen.quad) < 0)
        assert seen.upside_down == (turns(seen.quad) == 2)
        inside = np.rint(seen.quad + 0.2 * (seen.quad.mean(axis=0) - seen.quad)).astype(int)
        for (x, y), colour in zip(inside, COLOURS, strict=True):
            if 0 <= x < SIZE and 0 <= y < SIZE:
                assert np.abs(frame[y, x].astype(int) - colour).max() < 40
                corners += 1
    assert met == {(flag, quarter) for flag in (False, True) for quarter in range(4)}
    assert corners > 700


@pytest.mark.usefixtures("geometry_only")
def test_the_quad_lies_on_the_card_to_a_fraction_of_a_pixel() -> None:
    errors = []
    for seed in range(60):
        frame, seen = augment(magenta(), TRUTH, rng(seed), SIZE)
        if seen.quad is None or seen.visible < 0.9999:
            continue
        near = np.zeros(frame.shape[:2], np.uint8)
        cv2.fillConvexPoly(near, np.rint(seen.quad).astype(np.int32), 1)
        cover = frame[..., 0] / 255 * cv2.dilate(near, np.ones((7, 7), np.uint8))
        y, x = np.mgrid[:SIZE, :SIZE]
        seen_at = np.array([(cover * x).sum(), (cover * y).sum()]) / cover.sum()
        moments = cv2.moments(seen.quad.reshape(-1, 1, 2))
        errors.append(np.abs(seen_at - [moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]]).max())
    assert len(errors) > 25
    assert np.quantile(errors, 0.8) < 0.05  # the others touch the border's colour
    assert np.median(errors) < 0.03


@pytest.mark.usefixtures("geometry_only")
def test_a_frame_without_a_quad_shows_nothing_of_the_card_and_some_show_a_part() -> None:
    beside, extra, shares = 0, 0, []
    for seed in range(150):
        frame, seen = augment(magenta(), TRUTH, rng(seed), SIZE)
        card = (frame[..., 0] > 250) & (frame[..., 1] < 5) & (frame[..., 2] > 250)
        if seen.quad is None:
            assert not card.any()
            assert (seen.visible, seen.occlusion, seen.upside_down, seen.group) == (0, 0, False, "none")
            beside += 1
        else:
            shares.append(seen.visible)
            card = (frame[..., 0] > 127) & (frame[..., 1] < 128) & (frame[..., 2] > 127)
            # The border may repeat the card's cut edge or have its colour.
            shown = np.count_nonzero(card) / polygon_area(seen.quad)
            extra += int(shown > seen.visible + 0.1)
            assert shown > seen.visible - 0.1
    assert 5 <= beside <= 30
    assert extra <= 4
    assert min(shares) < 0.9
    assert sum(share > 0.999 for share in shares) > 100


def test_a_crop_cuts_the_card_but_leaves_a_third_of_it(geometry_only: pytest.MonkeyPatch) -> None:
    geometry_only.setattr(module, "_LETTERBOXED", 0.0)
    geometry_only.setattr(module, "_BESIDE", 0.0)
    small, truth = np.zeros((112, 84, 3), np.uint8), replace(TRUTH, quad=outline((20, 60, 56, 83)).astype(np.float32))
    shares = [augment(small, truth, rng(seed), 48)[1].visible for seed in range(400)]
    assert 0.35 <= min(shares) < 0.6
    assert 0.6 < np.mean(np.array(shares) > 0.999) < 0.95


@pytest.mark.usefixtures("geometry_only")
def test_a_whole_selfie_is_letterboxed_as_the_product_does_it_mirrored_or_not() -> None:
    (x, y) = apply_homography(letterbox((0, 0, 672, 896), SIZE), TRUTH.quad.mean(axis=0)[None])[0]  # type: ignore[union-attr]
    seen = [augment(magenta(), TRUTH, rng(seed), SIZE)[1] for seed in range(120)]
    middles = [(truth.quad.mean(axis=0), truth.mirrored) for truth in seen if truth.quad is not None]
    whole = [(float(middle[0]), mirrored) for middle, mirrored in middles if abs(middle[1] - y) < 1e-3]
    assert {mirrored for _, mirrored in whole} == {False, True}
    assert 15 < len(whole) < 60
    for at, mirrored in whole:
        assert at == pytest.approx(SIZE - 1 - x if mirrored else x, abs=1e-3)


@pytest.mark.usefixtures("geometry_only")
def test_a_zoomed_card_takes_a_tenth_of_the_frame_or_all_of_it() -> None:
    quads = [augment(magenta(), TRUTH, rng(seed), SIZE)[1].quad for seed in range(200)]
    widths = np.array([mean_width(quad) / SIZE for quad in quads if quad is not None])
    assert 0.08 < widths.min() < 0.2
    assert 0.8 < widths.max() < 1.2
    # Whole pictures: 276 px of 896.
    assert 0.3 < np.mean(np.abs(widths - 276 / 896) < 0.005) < 0.55


def test_a_letterbox_keeps_all_of_the_picture_in_the_middle_and_nothing_else() -> None:
    tall = apply_homography(letterbox((0, 0, 672, 896), 320), outline((0, 0, 672, 896)))
    np.testing.assert_allclose(tall, outline((40, 0, 280, 320)), atol=1e-9)
    wide = apply_homography(letterbox((100, 50, 900, 450), 320), outline((100, 50, 900, 450)))
    np.testing.assert_allclose(wide, outline((0, 80, 320, 240)), atol=1e-9)
    window = apply_homography(np.linalg.inv(letterbox((0, 0, 672, 896), 320)), outline((0, 0, 320, 320)))
    seen = TRUTH.seen(letterbox((0, 0, 672, 896), 320), False, outline((0, 0, 672, 896)), window)
    assert seen.visible == pytest.approx(1, abs=1e-6)
    assert seen.quad is not None
    assert mean_width(seen.quad) == pytest.approx(276 * 320 / 896, abs=1e-3)


def test_a_truth_says_how_much_of_the_card_the_frame_shows() -> None:
    half = outline((0, 0, (180 + 456) // 2, 896))
    assert TRUTH.seen(np.eye(3), False, half).visible == pytest.approx(0.5, abs=1e-6)
    gone = replace(TRUTH, occlusion=0.3, upside_down=True).seen(np.eye(3), True, outline((460, 0, 672, 896)))
    assert (gone.quad, gone.visible, gone.occlusion, gone.upside_down) == (None, 0, 0, False)
    assert gone.mirrored


def test_another_document_is_followed_and_is_no_card() -> None:
    truth = replace(TRUTH, quad=None, document_quad=TRUTH.quad, visible=0.0)
    groups = []
    for seed in range(40):
        seen = augment(magenta(), truth, rng(seed), SIZE)[1]
        groups.append(seen.group)
        assert seen.quad is None
        if seen.document_quad is not None:
            assert (signed_area(seen.document_quad) < 0) == seen.mirrored
    assert groups.count("document") > 30


def test_the_same_seed_gives_the_same_bytes_and_the_picture_is_left_alone() -> None:
    pixels = selfie(quartered())
    before = pixels.copy()
    frames = set()
    for seed in range(12):
        first = augment(pixels, TRUTH, rng(seed), SIZE)
        module._noise.cache_clear()  # as in another process
        second = augment(pixels, TRUTH, rng(seed), SIZE)
        np.testing.assert_array_equal(first[0], second[0])
        np.testing.assert_array_equal(first[1].quad, second[1].quad)  # type: ignore[arg-type]
        assert replace(first[1], quad=None).occlusion == second[1].occlusion
        assert (first[0].shape, first[0].dtype) == ((SIZE, SIZE, 3), np.uint8)
        frames.add(first[0].tobytes())
    assert len(frames) == 12
    np.testing.assert_array_equal(pixels, before)


def test_a_finger_over_the_edge_is_counted_as_occlusion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_taken", lambda frame, *_: frame)
    monkeypatch.setattr(module, "_COVERED", 0.0)
    monkeypatch.setattr(module, "_TOUCHED", 1.0)
    hidden = []
    for seed in range(60):
        frame, seen = augment(magenta(), TRUTH, rng(seed), 320)
        if seen.quad is None or seen.visible < 0.999 or mean_width(seen.quad) < 60:
            continue
        near = np.zeros(frame.shape[:2], np.uint8)
        cv2.fillConvexPoly(near, np.rint(seen.quad).astype(np.int32), 1)
        shown = np.count_nonzero((frame[..., 1] < 60) & (frame[..., 0] > 200) & (near > 0)) / polygon_area(seen.quad)
        assert 1 - shown == pytest.approx(seen.occlusion, abs=0.08)
        hidden.append(seen.occlusion)
    assert len(hidden) > 25
    assert min(hidden) > 0
    assert max(hidden) > 0.08
    old = augment(magenta(), replace(TRUTH, occlusion=0.5), rng(3), 320)[1]
    new = augment(magenta(), TRUTH, rng(3), 320)[1]
    assert old.quad is not None
    assert old.occlusion == pytest.approx(0.5 + 0.5 * new.occlusion)


def test_a_covered_card_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_taken", lambda frame, *_: frame)
    monkeypatch.setattr(module, "_COVERED", 1.0)
    for seed in range(30):
        frame, seen = augment(magenta(), TRUTH, rng(seed), SIZE)
        card = (frame[..., 0] > 250) & (frame[..., 1] < 5) & (frame[..., 2] > 250)
        assert np.count_nonzero(card) < 5
        assert seen.quad is None


def test_light_changes_the_frame_but_not_the_truth_and_some_frames_are_grey(
    geometry_only: pytest.MonkeyPatch,
) -> None:
    pixels = selfie(quartered())
    plain = [augment(pixels, TRUTH, rng(seed), SIZE) for seed in range(40)]
    geometry_only.undo()
    geometry_only.setattr(module, "_COVERED", 0.0)
    geometry_only.setattr(module, "_TOUCHED", 0.0)
    taken = [augment(pixels, TRUTH, rng(seed), SIZE) for seed in range(40)]
    grey = 0
    for (before, was), (after, truth) in zip(plain, taken, strict=True):
        if was.quad is None:
            continue
        np.testing.assert_array_equal(was.quad, truth.quad)  # type: ignore[arg-type]
        assert np.abs(before.astype(int) - after).mean() > 0.5
        grey += int(np.ptp(after.astype(int), axis=2).max() < 12)
    assert 1 <= grey <= 15
