"""The registry of kinds: what is shown, which decisions are right for it, and how often a set has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from samples.difficulty import Difficulty
from samples.errors import SampleError

Group = Literal["genuine", "attack", "quality"]
_STOPPED = ("review", "rejected")
# Nobody holds his own card next to his own face: asking for a better picture is as right as refusing.
_STOPPED_OR_RETAKE = ("review", "rejected", "retake")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of picture.

    Attributes:
        group: genuine, attack (somebody deceives) or quality (nobody does, but it cannot be judged).
        expected: the decisions that are right.
        share: of a hundred pictures of a set by default.
        difficulties: the levels it is drawn at and their weights.
    """

    group: Group
    expected: tuple[str, ...]
    share: int
    difficulties: Mapping[Difficulty, float]


_ALL: Mapping[Difficulty, float] = MappingProxyType({"easy": 0.35, "medium": 0.3, "hard": 0.25, "beyond": 0.1})
_SEEN: Mapping[Difficulty, float] = MappingProxyType({"easy": 0.45, "medium": 0.35, "hard": 0.2})
_PLAIN: Mapping[Difficulty, float] = MappingProxyType({"easy": 0.5, "medium": 0.5})
_EASY: Mapping[Difficulty, float] = MappingProxyType({"easy": 1.0})


def _attack(share: int, difficulties: Mapping[Difficulty, float] = _SEEN, retake: bool = False) -> Kind:
    return Kind("attack", _STOPPED_OR_RETAKE if retake else _STOPPED, share, difficulties)


def _quality(share: int, difficulties: Mapping[Difficulty, float] = _PLAIN) -> Kind:
    return Kind("quality", ("retake",), share, difficulties)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "genuine": Kind("genuine", ("approved",), 40, _ALL),
        "impostor": _attack(8),
        "bw_copy": _attack(2),
        "colour_copy": _attack(3),
        "card_on_phone": _attack(2, _EASY),
        "card_on_monitor": _attack(2, _EASY),
        "selfie_on_screen": _attack(3, _EASY),
        "selfie_print": _attack(2, _EASY),
        "cut_out_face": _attack(2),
        "portrait_pasted": _attack(4),
        "edited_name": _attack(2),
        "edited_nik": _attack(2),
        "nik_contradiction": _attack(3),
        "pasted_card": _attack(2, _PLAIN),
        "card_face_as_selfie": _attack(2, _EASY, retake=True),
        "other_document": _attack(3, _SEEN, retake=True),
        "two_people": _attack(2, _PLAIN, retake=True),
        "reupload": _attack(2),
        "illegible": _quality(2),
        "blurred": _quality(2),
        "dark": _quality(2),
        "over_exposed": _quality(1),
        "cut_off": _quality(2),
        "finger_on_nik": _quality(1),
        "finger_on_portrait": _quality(1),
        "no_card": _quality(2),
        "no_face": _quality(1),
    }
)


def expected(kind: str, difficulty: Difficulty) -> tuple[str, ...]:
    """The decisions that are right; what nobody can read asks for a retake, whoever holds it."""
    right = KINDS[kind].expected
    if difficulty != "beyond":
        return right
    return ("retake",) if KINDS[kind].group != "attack" else tuple(dict.fromkeys([*right, "retake"]))


def parse_mix(text: str | None) -> dict[str, float]:
    """``genuine=3,impostor=1`` → weights; None is the default mix.

    Raises:
        SampleError: a kind is unknown, or a weight is no positive number.
    """
    if text is None:
        return {name: float(kind.share) for name, kind in KINDS.items()}
    mix = {}
    for part in text.split(","):
        name, _, weight = part.strip().partition("=")
        if name not in KINDS:
            raise SampleError(f"There is no kind {name!r}; there are: {', '.join(KINDS)}")
        try:
            mix[name] = float(weight or 1)
        except ValueError:
            raise SampleError(f"{part!r}: write kind=weight, for example genuine=3") from None
        if mix[name] <= 0:
            raise SampleError(f"{part!r}: a weight is above 0; leave a kind out to have none of it")
    return mix


_DECK = 100


def kind_of(index: int, seed: int, mix: Mapping[str, float]) -> str:
    """The kind of picture index: shuffled decks of 100 keep the mix, and a longer set starts with the shorter one."""
    names = list(mix)
    exact = np.array([mix[name] for name in names]) / sum(mix.values()) * _DECK
    counts = np.floor(exact).astype(int)
    for place in np.argsort(-(exact - counts), kind="stable")[: _DECK - counts.sum()]:
        counts[place] += 1
    deck = np.repeat(np.arange(len(names)), counts)
    np.random.default_rng([seed, index // _DECK, 0xDE]).shuffle(deck)
    return names[int(deck[index % _DECK])]
