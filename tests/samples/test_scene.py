import numpy as np
import pytest

from kyc_vision.geometry import apply_homography, homography_from_points, is_convex, signed_area
from kyc_vision.types import Pixels
from samples.camera import Camera, Pose
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM
from samples.hand import draw_hand
from samples.jpeg import SPECIMEN, encode_jpeg
from samples.light import Exposure
from samples.people import Photo
from samples.scene import Scene, SceneSpec, _hand_to_plane, hold

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


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"tilt_deg": 20.0, "yaw_deg": 20.0, "pitch_deg": -15.0},
        {"upside_down": True, "tilt_deg": -8.0},
        {"mirrored": True, "yaw_deg": -12.0},
        {"bend_mm": 1.5},
    ],
)
def test_the_quad_agrees_with_where_the_marks_land(photo: Photo, changes: dict[str, object]) -> None:
    scene = scene_of(photo, card_width=0.55, **changes)
    assert scene.quad is not None
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [CARD_WIDTH_MM, CARD_HEIGHT_MM]
    to_picture = homography_from_points(corners, scene.quad)
    expected = apply_homography(to_picture, np.array([[62.5 / 504 * CARD_WIDTH_MM, 39.5 / 318 * CARD_HEIGHT_MM]]))[0]
    colours = scene.pixels.astype(int)
    magenta = (colours[..., 0] > 170) & (colours[..., 1] < 110) & (colours[..., 2] > 170)
    # A bent card is not a plane: its inside leaves the quad's homography by a pixel or two.
    tolerance = 3.0 if "bend_mm" in changes else 0.7
    assert centre_of(scene.pixels, magenta) == pytest.approx(expected, abs=tolerance)


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
        upright = apply_homography(_hand_to_plane(SceneSpec(), np.random.default_rng(seed)), points)
        printed = (upright + half) / (2 * half)
        on_card = printed[(printed[:, 1] < 1) & (printed[:, 0] > 0)]
        # Berlaku Hingga after one wrapped row ends at 0.838 + 0.014 + 0.010.
        assert on_card[:, 1].min() > 0.864
        assert on_card[:, 0].max() < 0.73  # the signature starts at 0.74
        turned = apply_homography(_hand_to_plane(SceneSpec(upside_down=True), np.random.default_rng(seed)), points)
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
