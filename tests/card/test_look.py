"""The network is played by one that sees four coloured corners, as sharply as the frame shows them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_vision.card.heatmaps import HEAT_PX, SIDE, VOTE_PX, VOTE_UNIT_PX
from kyc_vision.card.look import BAR, CardLooker, letterboxed
from kyc_vision.geometry import apply_homography

COLOURS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]])


class SeesColours:
    """Heat where a corner's colour is; presence where all four are; counts its looks."""

    def __init__(self) -> None:
        self.frames: list[NDArray[np.float32]] = []

    def run(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        frame = batch[0].transpose(1, 2, 0) * 255
        self.frames.append(frame)
        found = [self._centre(frame, colour) for colour in COLOURS]
        n, v = SIDE // HEAT_PX, SIDE // VOTE_PX
        heat, mask = np.full((1, 4, n, n), -9, np.float32), np.full((1, 1, n, n), -9, np.float32)
        votes, flags = np.zeros((1, 8, v, v), np.float32), np.array([[-9.0, -9, 9, 0, 0, 0]], np.float32)
        if all(point is not None for point in found):
            quad = np.array(found)
            flags[0, 0] = 9
            y, x = np.mgrid[0:n, 0:n] * HEAT_PX + (HEAT_PX - 1) / 2
            for corner, point in enumerate(quad):
                heat[0, corner] = 6 - ((x - point[0]) ** 2 + (y - point[1]) ** 2) / 10
            low, high = quad.min(axis=0), quad.max(axis=0)
            mask[0, 0][(x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1])] = 9
            vy, vx = np.mgrid[0:v, 0:v] * VOTE_PX + (VOTE_PX - 1) / 2
            votes[0] = np.concatenate([[(p[0] - vx) / VOTE_UNIT_PX, (p[1] - vy) / VOTE_UNIT_PX] for p in quad])
        return [heat, mask, votes, flags]

    @staticmethod
    def _centre(frame: NDArray[np.float32], colour: NDArray[np.int_]) -> NDArray[np.float64] | None:
        weight = np.clip(1 - np.abs(frame - colour).sum(axis=2) / 200, 0, None)
        if weight.sum() < 0.2:
            return None
        y, x = np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]]
        return np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum()


def picture(quad: NDArray[np.floating], size_wh: tuple[int, int], dot: int = 12) -> NDArray[np.uint8]:
    pixels = np.full((size_wh[1], size_wh[0], 3), 90, np.uint8)
    for (x, y), colour in zip(np.rint(quad).astype(int), COLOURS, strict=True):
        pixels[y - dot : y + dot + 1, x - dot : x + dot + 1] = colour
    return pixels


QUAD = np.array([[700.0, 1500], [1180, 1540], [1150, 1850], [670, 1800]])


def test_corners_come_back_in_px_of_the_picture_after_two_looks() -> None:
    network = SeesColours()
    seen = CardLooker(network).look(picture(QUAD, (1500, 2000)))
    assert seen.quad == pytest.approx(QUAD, abs=1.5)
    assert seen.presence > 0.99
    assert len(network.frames) == 2
    # The second look shows the card larger: its red corner covers more of the frame.
    red = [(np.abs(frame - COLOURS[0]).sum(axis=2) < 150).sum() for frame in network.frames]
    assert red[1] > 4 * red[0]


def test_nothing_is_looked_at_twice_when_nothing_is_there() -> None:
    network = SeesColours()
    assert CardLooker(network).look(np.full((800, 600, 3), 90, np.uint8)).presence < 0.01
    assert len(network.frames) == 1


class SeesUpright(SeesColours):
    """Sees only cards whose top left corner is up and left of their bottom right one."""

    def run(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        outputs = super().run(batch)
        corners = [self._centre(self.frames[-1], colour) for colour in (COLOURS[0], COLOURS[1], COLOURS[2])]
        if any(corner is None for corner in corners):
            return outputs
        top_left, top_right, bottom_right = corners
        if not (top_left[0] < top_right[0] - 10 and top_left[1] < bottom_right[1] - 10):
            outputs[0][:], outputs[3][:] = -9, -9
        return outputs


@pytest.mark.parametrize("way", [(2, 3, 0, 1), (1, 0, 3, 2), (3, 2, 1, 0), (1, 2, 3, 0), (3, 0, 1, 2), (0, 3, 2, 1)])
def test_a_card_that_is_turned_or_mirrored_is_seen_by_turning_the_picture(way: tuple[int, ...]) -> None:
    quad = np.array([[500.0, 1300], [900, 1330], [890, 1720], [480, 1690]])[list(way)]
    looker = CardLooker(SeesUpright())
    pixels = picture(quad, (1500, 2000))
    assert looker.look(pixels).presence < 0.01
    seen = looker.look_turned(pixels)
    assert seen.presence > 0.99
    assert seen.quad == pytest.approx(quad, abs=2)


def test_with_the_card_covered_another_one_is_looked_for() -> None:
    network = SeesColours()
    looker = CardLooker(network)
    assert looker.beside(picture(QUAD, (1500, 2000)), QUAD.astype(np.float32)).presence < 0.01
    away = QUAD.astype(np.float32) - np.float32([0, 1200])
    assert looker.beside(picture(QUAD, (1500, 2000)), away).presence > 0.99


def test_a_card_that_fills_the_picture_is_seen_once() -> None:
    network = SeesColours()
    quad = np.array([[60.0, 80], [940, 90], [930, 640], [70, 630]])
    seen = CardLooker(network).look(picture(quad, (1000, 720)))
    assert seen.quad == pytest.approx(quad, abs=3)
    assert len(network.frames) == 1


@pytest.mark.parametrize(
    "window", [(0, 0, 1500, 2000), (400, 900, 1400, 1900), (-200, 1200, 900, 2300), (600, 1450, 700, 1550)]
)
def test_the_letterboxs_map_is_where_the_pixels_went(window: tuple[int, int, int, int]) -> None:
    pixels = np.full((2000, 1500, 3), 90, np.uint8)
    pixels[1480:1521, 630:671] = 255
    frame, to_frame = letterboxed(pixels, np.array(window, dtype=np.float64))
    weight = (frame[..., 0].astype(float) - 114).clip(0)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    centre = np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum()
    assert frame.shape == (SIDE, SIDE, 3)
    assert centre == pytest.approx(apply_homography(to_frame, np.array([[650.0, 1500.0]]))[0], abs=0.6)


def test_the_map_holds_in_a_large_picture_of_which_not_every_pixel_is_looked_at() -> None:
    pixels = np.full((4000, 3000, 3), 90, np.uint8)
    pixels[2920:3081, 1220:1381] = 255
    frame, to_frame = letterboxed(pixels, np.array([0.0, 0, 3000, 4000]))
    weight = (frame[..., 0].astype(float) - 114).clip(0)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    centre = np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum()
    assert centre == pytest.approx(apply_homography(to_frame, np.array([[1300.0, 3000.0]]))[0], abs=0.15)


def test_bars_fill_what_the_picture_does_not() -> None:
    frame, _ = letterboxed(np.full((2000, 1000, 3), 7, np.uint8), np.array([0.0, 0, 1000, 2000]))
    assert (frame[:, :60] == BAR).all()
    assert (frame[:, 70:180] == 7).all()
