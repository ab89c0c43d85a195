import numpy as np
import pytest

from samples.ektp import card_for
from samples.identity import invent
from samples.other.copies import cut, laminated, laser, photo_paper
from samples.people import load

CARD = card_for(invent(3, "M"), load()["obama"], 3, 18.0)


def rng() -> np.random.Generator:
    return np.random.default_rng(4)


def test_a_laser_copy_has_dots_and_photo_paper_has_none() -> None:
    plain = np.full((200, 300, 4), (180, 215, 240, 255), np.uint8)
    inner = (slice(30, -30), slice(30, -30))
    made = {"laser": laser(plain, True, rng()), "photo": photo_paper(plain, rng())}
    fine = {name: picture[inner].astype(float).std(axis=(0, 1)).max() for name, picture in made.items()}
    assert fine["laser"] > 20
    assert fine["photo"] < 1


def test_a_black_and_white_copy_has_no_colour() -> None:
    grey = laser(CARD, False, rng()).astype(int)
    assert np.ptp(grey, axis=2).max() < 12


@pytest.mark.parametrize("round_corners", [True, False])
def test_corners_are_round_or_not_and_the_rim_is_white(round_corners: bool) -> None:
    sheet = cut(photo_paper(CARD, rng()), 3.0, round_corners, rng())
    assert sheet.shape[1] == CARD.shape[1] + 2 * (3 * 18)
    assert (sheet[8, 8, 3] == 0) == round_corners
    assert sheet[20, sheet.shape[1] // 2, :3].min() > 240


def test_a_pouch_lets_what_is_behind_its_rim_through_and_not_behind_the_paper() -> None:
    sheet = laminated(cut(photo_paper(CARD, rng()), 0.0, True, rng()), 4.0, rng())
    middle = sheet.shape[1] // 2
    assert 20 < sheet[36, middle, 3] < 130
    assert sheet[sheet.shape[0] // 2, middle, 3] == 255
    assert sheet[0, 0, 3] == 0
