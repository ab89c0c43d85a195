"""What is to be made and what came of it: the order a recipe gets, and the picture it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kyc_vision.types import Pixels, Quad
from samples.difficulty import Difficulty, Draw, draw
from samples.ektp import Style, card_for
from samples.ground import CARD_WIDTH_MM
from samples.identity import Identity, as_foreigner, invent
from samples.names import rename
from samples.panorama import view
from samples.people import Photo
from samples.rendered_hand import HandMap
from samples.scene import Scene, Staging, hold
from samples.spec import SceneSpec

# The print is made a little finer than the picture shows it, within these bounds (px per mm).
_FINER, _COARSEST, _FINEST = 1.5, 10.0, 23.6
FOREIGN = 0.06  # share of foreigners' cards
_PLAIN = Staging()
_OUTSIDE = 0.6  # share of pictures before a panorama, where there are some
_MODELLED = 0.6  # share of modelled hands, where there are some; the others are drawn


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A made picture and what is known of it.

    Attributes:
        scene: pixels and geometry.
        draw: how it was taken and is saved.
        probe, reference: live face and card portrait; no reference: no card.
        identity: what the card says; None when no e-KTP is shown.
        document: corners of a card that is no e-KTP, px.
        edit: the face in which a line was set again: ``own`` (the card's) or ``other``; None when none was.
    """

    scene: Scene
    draw: Draw
    probe: Photo
    reference: Photo | None
    identity: Identity | None
    document: Quad | None = None
    edit: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What a recipe gets.

    Attributes:
        photos: all faces by id.
        kind, difficulty: of the picture.
        seed: of identity, print and scene.
        rng: of everything else.
        megapixels: of the picture; None draws a phone.
        panoramas: equirectangular pictures for behind the person; none: drawn rooms only.
        hands: modelled hands; none: drawn ones only.
        original: the order of the earlier picture that is uploaded again; None for all other kinds.
    """

    photos: Mapping[str, Photo]
    kind: str
    difficulty: Difficulty
    seed: int
    rng: np.random.Generator
    megapixels: float | None = None
    panoramas: tuple[Pixels, ...] = ()
    hands: tuple[HandMap, ...] = ()
    original: Order | None = None

    def take(self) -> Draw:
        """A drawn scene of the order's difficulty."""
        return draw(self.difficulty, self.rng, self.megapixels)

    def somebody(self) -> Photo:
        """A photograph at random."""
        return self._pick(sorted(self.photos))

    def other_photo(self, photo: Photo) -> Photo:
        """Another photograph of the same person; the same one where there is no other."""
        ids = [i for i in sorted(self.photos) if self.photos[i].person == photo.person and i != photo.id]
        return self._pick(ids or [photo.id])

    def other_person(self, photo: Photo) -> Photo:
        """Somebody else, of the same sex where there is one: a deceiver takes a card that fits."""
        others = [i for i in sorted(self.photos) if self.photos[i].person != photo.person]
        return self._pick([i for i in others if self.photos[i].sex == photo.sex] or others)

    def pair(self) -> tuple[Photo, Photo]:
        """Two photographs of one person."""
        persons = [p.person for p in self.photos.values()]
        twice = [i for i in sorted(self.photos) if persons.count(self.photos[i].person) > 1]
        probe = self._pick(twice or sorted(self.photos))
        return probe, self.other_photo(probe)

    def identity_of(self, reference: Photo) -> Identity:
        """What the reference's card says."""
        return rename(invent(self.seed, reference.sex), self.seed)

    def hold(self, card: Pixels | None, probe: Photo, spec: SceneSpec, staging: Staging = _PLAIN) -> Scene:
        """The probe holds the card, before a panorama where there are some and the staging says nothing else."""
        rng = np.random.default_rng([self.seed, 0x9A])
        if self.panoramas and staging.behind is None and rng.random() < _OUTSIDE:
            panorama = self.panoramas[int(rng.integers(len(self.panoramas)))]
            staging = replace(staging, behind=lambda size_wh: view(panorama, size_wh, rng))
        rng = np.random.default_rng([self.seed, 0x4A])
        if self.hands and rng.random() < _MODELLED:
            staging = replace(staging, hand=self.hands[int(rng.integers(len(self.hands)))])
        return hold(card, probe, spec, self.seed, staging)

    def _pick(self, ids: list[str]) -> Photo:
        return self.photos[ids[int(self.rng.integers(len(ids)))]]


def print_for(draw_: Draw, identity: Identity, reference: Photo, seed: int) -> Pixels:
    """The card, as finely as this picture can show it."""
    shown = draw_.spec.card_width * draw_.spec.size_wh[0] / CARD_WIDTH_MM
    px_per_mm = float(np.clip(_FINER * shown, _COARSEST, _FINEST))
    return card_for(identity, reference, seed, px_per_mm, _style(identity, seed))


def _style(identity: Identity, seed: int) -> Style:
    """One print in seven has a bold NIK, two in five are worn; foreigners' are blue or orange."""
    rng = np.random.default_rng([seed, 0x57])
    bold, used, amount, orange = rng.random(4)
    foreign = identity.nationality != "WNI"
    return Style(
        nik_bold=bool(bold < 0.14),
        wear=float(amount) if used < 0.4 else 0.0,
        orange=foreign and bool(orange < 0.6),
    )


def held(order: Order, probe: Photo, reference: Photo, edit: Callable[[SceneSpec], SceneSpec]) -> Picture:
    """The probe holds the reference's card; edit changes how it is taken."""
    taken = order.take()
    taken = replace(taken, spec=edit(taken.spec))
    identity = order.identity_of(reference)
    if order.rng.random() < FOREIGN:
        identity = as_foreigner(identity, order.seed)
    card = print_for(taken, identity, reference, order.seed)
    return Picture(order.hold(card, probe, taken.spec), taken, probe, reference, identity)
