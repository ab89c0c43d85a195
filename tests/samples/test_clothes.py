import numpy as np
import pytest

from samples.ambient import ambient_of
from samples.clothes import Clothes, Wearer, draw_clothes, dress, sleeve

RED = Clothes((180.0, 30.0, 30.0), (20.0, 20.0, 160.0), "plain", 0.04)
SKIN, SHIRT, BEHIND = (190, 140, 110), (232, 230, 228), (200, 200, 200)
FACE = (150.0, 60.0, 100.0, 130.0)


def wearer(cloth: tuple[int, int, int] = SHIRT) -> Wearer:
    """A head, a neck and a trunk in flat colours; the room shows at both sides."""
    picture = np.full((500, 400, 3), BEHIND, np.uint8)
    matte = np.zeros((500, 400), np.uint8)
    picture[60:250, 150:250], matte[60:250, 150:250] = SKIN, 255
    picture[250:, 80:320], matte[250:, 80:320] = cloth, 255
    return Wearer(picture, matte, FACE)


def test_pale_cloth_is_dyed_and_skin_and_room_are_not() -> None:
    worn = wearer()
    dressed = dress(worn, RED, np.random.default_rng(1))
    trunk = dressed[330:480, 100:300].reshape(-1, 3).mean(axis=0)
    assert trunk[0] > 120
    assert trunk[1:].max() < 70
    assert np.array_equal(dressed[:245, 150:250], worn.picture[:245, 150:250])
    assert np.array_equal(dressed[:, :60], worn.picture[:, :60])


def test_a_dark_suit_stays_as_it_is() -> None:
    worn = wearer((40, 42, 60))
    assert np.array_equal(dress(worn, RED, np.random.default_rng(1)), worn.picture)
    suit = np.array([40.0, 42.0, 60.0])
    assert np.array_equal(sleeve(suit, RED), suit)
    assert np.array_equal(sleeve(np.array(SHIRT, dtype=np.float64), RED), RED.dye)


def test_pale_skin_on_the_neck_is_no_cloth() -> None:
    worn = wearer()
    worn.picture[190:250, 150:250] = (214, 208, 206)
    dressed = dress(worn, RED, np.random.default_rng(1))
    assert np.array_equal(dressed[195:225, 180:220], worn.picture[195:225, 180:220])


@pytest.mark.parametrize("pattern", ["stripes", "check", "batik"])
def test_a_pattern_shows_both_colours(pattern: str) -> None:
    clothes = Clothes(RED.dye, RED.second, pattern, 0.05)  # type: ignore[arg-type]
    trunk = dress(wearer(), clothes, np.random.default_rng(3))[300:480, 100:300].reshape(-1, 3).astype(int)
    assert (trunk[:, 0] - trunk[:, 2] > 60).mean() > 0.1
    assert (trunk[:, 2] - trunk[:, 0] > 30).mean() > 0.05


def test_clothes_are_drawn_from_the_seed_in_two_colours() -> None:
    drawn = [draw_clothes(np.random.default_rng(seed)) for seed in range(40)]
    assert drawn[0] == draw_clothes(np.random.default_rng(0))
    assert {clothes.pattern for clothes in drawn} == {"plain", "stripes", "check", "batik"}
    assert all(clothes.dye != clothes.second for clothes in drawn)


def test_the_light_comes_from_the_rooms_brighter_side_in_its_colour() -> None:
    picture = np.full((300, 280, 3), (120, 120, 120), np.uint8)
    picture[:, 240:] = (240, 200, 160)
    ambient = ambient_of(picture, 1.0)
    assert ambient.brighter_side == 1.0
    assert ambient.right[0] > 1.05 > ambient.right[2]
    layer = np.ones((10, 280, 4), np.float32) * 0.5
    ambient.bathe(layer, (0, 0, 280, 10), 280)
    assert layer[0, 0, 0] < layer[0, -1, 0]
    assert layer[..., :3].max() <= 0.5


def test_without_strength_the_light_is_neutral() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (60, 60, 3)).astype(np.uint8)
    assert ambient_of(picture, 0.0).left == pytest.approx(1.0)
