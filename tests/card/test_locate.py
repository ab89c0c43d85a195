"""What the locator believes: the network alone, its print, or words."""

import numpy as np
import pytest

from kyc_vision.card.confidence import LocationConfidence
from kyc_vision.card.heatmaps import Coarse
from kyc_vision.card.locate import CardLocator
from kyc_vision.geometry import polygon_iou
from kyc_vision.types import CardLocation, CardNotFound, Face, Image, Pixels, Quad
from tests.card.drawn import draw_card, held_at, hold

QUAD = held_at()
# Intercept, comb, edges, corners, presence, residual.
SURE_OF_PRINT = LocationConfidence((-8.0, 8.0, 2.0, 0.0, 4.0, -2.0))
UNREAD = CardNotFound("CARD_NOT_FOUND", 2)


class Sees:
    """A network that has seen a card at a quad, its corners as clearly as peak, and perhaps another one."""

    def __init__(self, quad: Quad, presence: float, other: Quad | None = None, peak: float = 0.1) -> None:
        self.coarse = self.seen(quad, presence, peak)
        self.turned: Coarse | None = None
        self.other = self.seen(quad, 0.0, 0.0) if other is None else self.seen(other, 0.98, 0.9)

    @staticmethod
    def seen(quad: Quad, presence: float, peak: float) -> Coarse:
        turns, peaks = np.array([1, 0, 0, 0], np.float32), np.full(4, peak, np.float32)
        return Coarse(quad, presence, 0.0, turns, peaks)

    def look(self, _pixels: Pixels) -> Coarse:
        return self.coarse

    def look_turned(self, _pixels: Pixels) -> Coarse:
        return self.turned or self.coarse

    def beside(self, _pixels: Pixels, _quad: Quad) -> Coarse:
        return self.other


class Reads:
    """A locator by words that answers one thing, and says whether it was asked."""

    def __init__(self, answer: CardLocation | CardNotFound = UNREAD) -> None:
        self.answer, self.asked = answer, False

    def locate(self, _selfie: Image, _faces: tuple[Face, ...]) -> CardLocation | CardNotFound:
        self.asked = True
        return self.answer


BY_WORDS = CardLocation(QUAD, 0.7, False, 9, 0.4)


def locate(pixels: Pixels, sees: Sees, reads: Reads) -> CardLocation | CardNotFound:
    return CardLocator(sees, reads, SURE_OF_PRINT).locate(Image(pixels, "PNG", "00"), ())


def jolted(quad: Quad = QUAD) -> Quad:
    return np.asarray(quad + np.array([[5, -4], [-3, 4], [4, 3], [-4, -5]]), dtype=np.float32)


@pytest.mark.parametrize("way", [(0, 1, 2, 3), (2, 3, 0, 1), (1, 0, 3, 2), (3, 2, 1, 0)])
def test_the_print_says_which_way_up_whatever_the_network_saw(way: tuple[int, ...]) -> None:
    reads = Reads()
    found = locate(hold(draw_card(("address",)), QUAD), Sees(jolted()[list(way)], 0.97), reads)
    assert isinstance(found, CardLocation)
    assert found.quad == pytest.approx(QUAD, abs=4)
    assert (found.wrapped, found.edges, found.mirrored, reads.asked) == (("address",), 4, False, False)


def test_a_mirrored_print_is_said_to_be_mirrored() -> None:
    pixels = np.ascontiguousarray(hold(draw_card(), QUAD)[:, ::-1])
    quad = np.asarray(QUAD * [-1, 1] + [899, 0], dtype=np.float32)
    found = locate(pixels, Sees(jolted(quad), 0.97), Reads())
    assert isinstance(found, CardLocation)
    assert found.mirrored
    assert polygon_iou(found.quad, quad) > 0.98


def test_where_the_network_is_sure_that_there_is_nothing_nobody_reads() -> None:
    reads = Reads(BY_WORDS)
    assert locate(np.full((900, 900, 3), 120, np.uint8), Sees(QUAD, 0.01), reads) == CardNotFound("CARD_NOT_FOUND")
    assert not reads.asked


def test_a_card_without_a_print_that_shows_is_asked_of_the_words() -> None:
    blank = hold(np.full_like(draw_card(), (190, 215, 240)), QUAD)
    assert locate(blank, Sees(jolted(), 0.97), Reads(BY_WORDS)) is BY_WORDS
    alone = locate(blank, Sees(jolted(), 0.97), Reads())
    assert isinstance(alone, CardLocation)
    assert alone.confidence < 0.5
    assert locate(blank, Sees(jolted(), 0.5), Reads()) == UNREAD


def test_what_was_not_seen_as_it_is_may_be_seen_turned() -> None:
    sees, reads = Sees(held_at(3, 200, (180, 160)), 0.6), Reads(BY_WORDS)
    sees.turned = sees.seen(jolted(), 0.95, 0.8)
    found = locate(hold(draw_card(), QUAD), sees, reads)
    assert isinstance(found, CardLocation)
    assert found.quad == pytest.approx(QUAD, abs=3)
    assert not reads.asked


def test_what_words_found_is_held_against_edges_and_print() -> None:
    rough = CardLocation(jolted(), 0.7, False, 9, 0.4)
    # The network saw something elsewhere; words found the card to about a hundredth of its width.
    found = locate(hold(draw_card(), QUAD), Sees(held_at(3, 200, (180, 160)), 0.4), Reads(rough))
    assert isinstance(found, CardLocation)
    assert (found.edges, found.quad == pytest.approx(QUAD, abs=3)) == (4, True)


def test_a_card_that_is_no_ektp_is_said_to_be_one_and_where_it_is() -> None:
    found = locate(np.full((900, 900, 3), 120, np.uint8), Sees(QUAD, 0.01, peak=0.9), Reads())
    assert isinstance(found, CardNotFound)
    assert found.reason == "CARD_NOT_EKTP"
    assert np.array(found.other) == pytest.approx(QUAD, abs=0.06)


def test_a_second_card_is_said_to_be_there_when_its_print_shows() -> None:
    one, two = held_at(6, 400, (440, 240)), held_at(-10, 380, (450, 660))
    picture = np.maximum(hold(draw_card(), one), hold(draw_card(), two))
    both = locate(picture, Sees(jolted(one), 0.97, jolted(two)), Reads())
    same = locate(hold(draw_card(), one), Sees(jolted(one), 0.97, jolted(one)), Reads())
    assert isinstance(both, CardLocation)
    assert isinstance(same, CardLocation)
    assert (both.several, same.several) == (True, False)
    # What only the network took for a card is not one.
    alone = locate(hold(draw_card(), one), Sees(jolted(one), 0.97, jolted(two)), Reads())
    assert isinstance(alone, CardLocation)
    assert not alone.several


def test_more_presence_and_more_print_make_more_confidence() -> None:
    picture = hold(draw_card(), QUAD)
    sure, less = (locate(picture, Sees(jolted(), presence), Reads()) for presence in (0.99, 0.6))
    assert isinstance(sure, CardLocation)
    assert isinstance(less, CardLocation)
    assert sure.confidence > less.confidence
