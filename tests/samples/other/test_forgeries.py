from dataclasses import replace

import numpy as np
import pytest

from kyc_vision.types import Pixels
from samples.ektp import PORTRAIT, card_for
from samples.forgery import changed
from samples.identity import Identity, invent
from samples.other.forgeries import on_strip, printed_anew, retouched, swapped, under_film
from samples.people import load

MM = 10.0
PHOTOS = load()


def card(identity: Identity, photo: str = "obama") -> Pixels:
    return card_for(identity, PHOTOS[photo], 3, MM)


@pytest.fixture(scope="module")
def cards() -> tuple[Pixels, Pixels, Pixels]:
    """Genuine, with one digit of the serial changed, without a NIK."""
    identity = invent(3, "M")
    other = "1" if identity.nik[-1] != "1" else "2"
    prints = [card(replace(identity, nik=nik)) for nik in (identity.nik, identity.nik[:-1] + other, "")]
    return prints[0], prints[1], prints[2]


def test_a_retouched_digit_leaves_the_other_fifteen_as_they_were(cards: tuple[Pixels, Pixels, Pixels]) -> None:
    holder, forged, blank = cards
    digit = changed(holder, forged)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        result = retouched(holder, forged, blank, rng)
        left, top, right, bottom = changed(holder, result)
        if right - left > 10 * MM:
            continue  # printed anew as a whole
        assert left > digit[0] - 1.2 * MM
        assert right < digit[2] + 1.2 * MM
        assert top > digit[1] - 1.2 * MM
        assert bottom < digit[3] + 1.2 * MM
        # It is the new digit that is read there.
        part = (slice(digit[1], digit[3]), slice(digit[0], digit[2]))
        grey = [c[part][..., :3].mean(axis=2).ravel() for c in (result, forged, holder)]
        assert np.corrcoef(grey[0], grey[1])[0, 1] > np.corrcoef(grey[0], grey[2])[0, 1]
        return
    pytest.fail("every one was printed anew")


def test_a_strip_covers_the_line_and_nothing_else(cards: tuple[Pixels, Pixels, Pixels]) -> None:
    holder, forged, blank = cards
    line = changed(holder, blank)
    for seed in range(4):
        result = on_strip(holder, forged, blank, np.random.default_rng(seed))
        touched = np.abs(result[..., :3].astype(int) - holder[..., :3]).max(axis=2) > 0
        rows = np.flatnonzero(touched.any(axis=1))
        assert rows[0] > line[1] - 2.0 * MM
        assert rows[-1] < line[3] + 2.0 * MM
        assert touched[line[1] : line[3], line[0] : line[2]].mean() > 0.8


def test_a_swapped_portrait_is_the_new_face_in_the_old_ones_tone() -> None:
    identity = invent(3, "M")
    holder, forged = card(identity), card(identity, "biden")
    left, right = (round(PORTRAIT[i] * holder.shape[1]) for i in (0, 2))
    top, bottom = (round(PORTRAIT[i] * holder.shape[0]) for i in (1, 3))
    part = (slice(top + 30, bottom - 30), slice(left + 30, right - 30), slice(0, 3))
    for make in (swapped, under_film):
        result = make(holder, forged, np.random.default_rng(2))
        values = [c[part].astype(float).ravel() for c in (result, forged, holder)]
        new, old = (np.corrcoef(values[0], values[i])[0, 1] for i in (1, 2))
        assert new > 0.8
        assert new > old + 0.15
        assert np.array_equal(result[..., 3], holder[..., 3])


def test_a_new_print_keeps_outline_and_size_and_is_softer() -> None:
    genuine = card(invent(3, "M"))
    again = printed_anew(genuine, np.random.default_rng(1))
    assert np.array_equal(again[..., 3], genuine[..., 3])
    sharp, soft = (np.abs(np.diff(c[..., 1].astype(float), axis=1)).mean() for c in (genuine, again))
    assert soft < 0.95 * sharp
