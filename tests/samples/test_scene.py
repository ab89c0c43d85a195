from dataclasses import replace

import cv2
import numpy as np
import pytest

from kyc_vision.geometry import apply_homography, homography_from_points, is_convex, signed_area
from kyc_vision.types import Pixels
from samples.camera import Camera, Pose
from samples.fraud import _cropped
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM
from samples.hand import draw_hand
from samples.handheld import hand_to_plane
from samples.jpeg import SPECIMEN, encode_jpeg
from samples.light import Exposure
from samples.moire import pixel_grid
from samples.people import Photo
from samples.rephoto import photograph_again
from samples.scene import Scene, hold
from samples.spec import Grip, SceneSpec

SIZE = (480, 640)
CLEAN = Exposure(gradient=0.0, softness_px=0.0, noise=0.0)


@pytest.fixture(scope="module")
def photo() -> Photo:
    """A grey person without a photograph: skin-coloured face on a dark trunk."""
    pixels = np.full((300, 240, 3), 200, np.uint8)
    pixels[190:, 40:200] = (40, 44, 60)
    pixels[60:180, 70:170] = (190, 140, 110)
    matte = np.zeros((300, 240), np.uint8)
    matte[190:, 40:200] = 255
    matte[60:200, 70:170] = 255
    return Photo("grey", "grey", "M", pixels, (70.0, 60.0, 100.0, 120.0), matte)


def marked_card() -> Pixels:
    """A grey card whose four quarters have a green dot each, at 1/8 of its sides."""
    card = np.full((318, 504, 4), 255, np.uint8)
    card[..., :3] = 120
    for x in (63, 441):
        for y in (40, 278):
            card[y - 9 : y + 9, x - 9 : x + 9, :3] = (0, 255, 0)
    card[31:49, 54:72, :3] = (255, 0, 255)  # the top left one is magenta
    return card


def scene_of(photo: Photo, **changes: object) -> Scene:
    spec = SceneSpec(size_wh=SIZE, exposure=CLEAN, glare=0.0, hand=False, **changes)  # type: ignore[arg-type]
    return hold(marked_card(), photo, spec, 3)


def centre_of(pixels: Pixels, mask: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    ys, xs = np.nonzero(mask)
    return np.array([xs.mean(), ys.mean()])


def magenta_at(scene: Scene) -> np.ndarray:  # type: ignore[type-arg]
    """Where the magenta mark is seen."""
    colours = cv2.GaussianBlur(scene.pixels, (0, 0), 1.0).astype(int)
    return centre_of(scene.pixels, (colours[..., 0] > colours[..., 1] + 60) & (colours[..., 2] > colours[..., 1] + 60))


def expected_mark(scene: Scene) -> np.ndarray:  # type: ignore[type-arg]
    """Where the quad says that the magenta mark is."""
    assert scene.quad is not None
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [CARD_WIDTH_MM, CARD_HEIGHT_MM]
    to_picture = homography_from_points(corners, scene.quad)
    return apply_homography(to_picture, np.array([[62.5 / 504 * CARD_WIDTH_MM, 39.5 / 318 * CARD_HEIGHT_MM]]))[0]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"tilt_deg": 20.0, "yaw_deg": 20.0, "pitch_deg": -15.0},
        {"upside_down": True, "tilt_deg": -8.0},
        {"mirrored": True, "yaw_deg": -12.0},
        {"bend_mm": 1.5},
        {"quick": True, "tilt_deg": 90.0, "yaw_deg": 10.0},
        {"quick": True, "tilt_deg": -40.0, "pitch_deg": 25.0, "mirrored": True},
        {"quick": True, "upside_down": True, "shift": (0.05, -0.04)},
        {"quick": True, "pasted": True, "tilt_deg": 12.0},
    ],
)
def test_the_quad_agrees_with_where_the_marks_land(photo: Photo, changes: dict[str, object]) -> None:
    scene = scene_of(photo, card_width=0.55, **changes)
    # A bent card is not a plane: its inside leaves the quad's homography by a pixel or two.
    tolerance = 3.0 if "bend_mm" in changes else 0.7
    assert magenta_at(scene) == pytest.approx(expected_mark(scene), abs=tolerance)


def test_mirroring_turns_the_winding_and_upside_down_does_not(photo: Photo) -> None:
    plain, mirrored = scene_of(photo).quad, scene_of(photo, mirrored=True).quad
    turned = scene_of(photo, upside_down=True).quad
    assert plain is not None
    assert mirrored is not None
    assert turned is not None
    assert signed_area(plain) > 0
    assert signed_area(mirrored) < 0
    assert signed_area(turned) > 0
    assert turned[0, 1] > turned[3, 1]


@pytest.mark.parametrize("seed", range(6))
def test_the_card_lies_in_the_picture_and_below_the_face(photo: Photo, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spec = SceneSpec(
        size_wh=SIZE,
        card_width=float(rng.uniform(0.18, 0.6)),
        tilt_deg=float(rng.uniform(-30, 30)),
        yaw_deg=float(rng.uniform(-25, 25)),
        pitch_deg=float(rng.uniform(-25, 25)),
        hand=False,
        exposure=CLEAN,
    )
    scene = hold(marked_card(), photo, spec, seed)
    assert scene.quad is not None
    assert scene.face is not None
    assert is_convex(scene.quad)
    assert scene.quad.min() >= 0
    assert (scene.quad.max(axis=0) < SIZE).all()
    assert scene.quad[:, 1].min() >= scene.face[1] + scene.face[3]


def test_the_thumb_covers_no_field() -> None:
    thumb = draw_hand(
        np.array([190.0, 140, 110]), np.array([40.0, 44, 60]), np.random.default_rng(0), (0.3, -0.4)
    ).front
    ys, xs = np.nonzero(thumb[..., 3] > 0.3)
    points = np.column_stack([xs, ys]).astype(float)
    half = np.array([CARD_WIDTH_MM, CARD_HEIGHT_MM]) / 2
    for seed in range(40):
        upright = apply_homography(hand_to_plane(SceneSpec(), np.random.default_rng(seed)), points)
        printed = (upright + half) / (2 * half)
        on_card = printed[(printed[:, 1] < 1) & (printed[:, 0] > 0)]
        # Berlaku Hingga after one wrapped row ends at 0.838 + 0.014 + 0.010.
        assert on_card[:, 1].min() > 0.864
        assert on_card[:, 0].max() < 0.73  # the signature starts at 0.74
        turned = apply_homography(hand_to_plane(SceneSpec(upside_down=True), np.random.default_rng(seed)), points)
        printed = 1 - (turned + half) / (2 * half)
        on_card = printed[(printed[:, 1] > 0) & (printed[:, 0] < 1)]
        assert on_card[:, 1].max() < 0.187  # the portrait starts at 0.197 − 0.010
        assert on_card[:, 0].min() > 0.79  # the longest header ends at 0.78


def test_a_camera_sees_the_near_side_larger() -> None:
    quad = Camera(Pose((500.0, 500.0), 400.0, yaw_deg=20.0), 1000).quad
    left, right = np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1])
    assert abs(left / right - 1) > 0.05


def test_the_same_seed_takes_the_same_selfie(photo: Photo) -> None:
    spec = SceneSpec(size_wh=SIZE, card_width=0.4)
    first, second = (encode_jpeg(hold(marked_card(), photo, spec, 9).pixels) for _ in range(2))
    assert first == second
    assert SPECIMEN.encode() in first


def test_darkness_and_blur_do_what_they_say(photo: Photo) -> None:
    dark = hold(None, photo, SceneSpec(size_wh=SIZE, exposure=Exposure(brightness=0.012)), 1)
    assert dark.pixels.mean() < 25
    assert dark.quad is None
    headless = hold(None, photo, SceneSpec(size_wh=SIZE, face_in_frame=False), 1)
    assert headless.face is None


def test_the_quad_is_the_prints_and_the_device_its_sheets(photo: Photo) -> None:
    margin_mm = (17.0, 8.5)
    sheet = cv2.copyMakeBorder(marked_card(), 50, 50, 100, 100, cv2.BORDER_CONSTANT, value=(10, 10, 10, 255))
    spec = SceneSpec(
        size_wh=SIZE, card_width=0.5, tilt_deg=6.0, yaw_deg=-9.0, exposure=CLEAN, glare=0.0, hand=False, quick=True,
        paper_mm=margin_mm, display_px_per_mm=12.0,
    )  # fmt: skip
    scene = hold(sheet, photo, spec, 3)
    assert scene.quad is not None
    assert scene.device is not None
    assert magenta_at(scene) == pytest.approx(expected_mark(scene), abs=1.0)
    inner = homography_from_points(scene.quad, np.array([[0, 0], [85.6, 0], [85.6, 53.98], [0, 53.98]]))
    corners = apply_homography(inner, scene.device)
    assert corners == pytest.approx(np.array([[-17, -8.5], [102.6, -8.5], [102.6, 62.48], [-17, 62.48]]), abs=0.05)


@pytest.mark.parametrize("on_paper", [True, False])
def test_a_selfie_taken_again_carries_its_quad_over(photo: Photo, on_paper: bool) -> None:
    first = scene_of(photo, card_width=0.55, yaw_deg=8.0, quick=True)
    again = photograph_again(first, on_paper, (720, 960), np.random.default_rng(4))
    assert again.device is not None
    assert again.quad is not None
    assert magenta_at(again) == pytest.approx(expected_mark(again), abs=1.5)
    assert is_convex(again.device)
    assert cv2.pointPolygonTest(again.device, again.quad.mean(axis=0).tolist(), False) > 0


@pytest.mark.parametrize("seed", range(4))
def test_an_upload_of_the_same_selfie_keeps_the_card_and_its_quad(photo: Photo, seed: int) -> None:
    first = scene_of(photo, card_width=0.5, tilt_deg=7.0, quick=True)
    cropped = _cropped(first, np.random.default_rng(seed))
    assert cropped.quad is not None
    assert cropped.pixels.shape[0] < first.pixels.shape[0]
    assert cropped.quad.min() >= -0.5
    assert magenta_at(cropped) == pytest.approx(expected_mark(cropped), abs=1.0)


def test_moire_has_the_mean_of_one_and_the_beat_of_the_two_grids() -> None:
    # 1.05 display pixels a camera pixel: the stripes alias to one band every 20 px.
    factors = pixel_grid(np.diag([1.05, 1.05, 1.0]), (0, 0, 400, 40))
    row = factors[..., 1].mean(axis=0)
    assert row.mean() == pytest.approx(1.0, abs=0.02)
    spectrum = np.abs(np.fft.rfft(row - row.mean()))
    assert np.argmax(spectrum) == 20
    # Far finer than the camera's aperture: nothing is left of it.
    assert pixel_grid(np.diag([20 / 0.7, 20 / 0.7, 1.0]), (0, 0, 50, 50)).std() < 0.02


def test_fingers_cover_the_share_they_lie_on(photo: Photo) -> None:
    spec = SceneSpec(size_wh=SIZE, card_width=0.5, exposure=CLEAN, quick=True)
    edge = hold(marked_card(), photo, spec, 3).covered
    grip = Grip((0.72, 0.4), -90.0, left_hand=False)
    over = hold(marked_card(), photo, replace(spec, grip=grip), 3).covered
    # A thumb is 15–19 mm broad: 6 mm of it over an edge, or 24 mm.
    assert 0.008 < edge < 0.04
    assert 0.05 < over < 0.13
