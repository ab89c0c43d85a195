import re

import numpy as np

from samples.identity import invent
from samples.names import LONGEST, invent_name, rename

NAMES = [invent_name(np.random.default_rng(seed), "MF"[seed % 2]) for seed in range(600)]  # type: ignore[arg-type]


def test_names_are_what_the_register_allows() -> None:
    assert max(len(name) for name in NAMES) == LONGEST
    assert all(re.fullmatch(r"[A-Z][A-Z.,' ]*[A-Z.]", name) for name in NAMES)
    assert all("  " not in name for name in NAMES)


def test_every_kind_of_name_occurs_in_its_share() -> None:
    shares = {
        "one word": sum(" " not in name for name in NAMES),
        "long": sum(len(name) >= 36 for name in NAMES),
        "of Bali": sum(name.startswith(("I ", "NI ")) for name in NAMES),
        "title after": sum(", " in name for name in NAMES),
    }
    low_high = {"one word": (30, 95), "long": (25, 80), "of Bali": (8, 40), "title after": (18, 60)}
    assert all(low_high[kind][0] <= count <= low_high[kind][1] for kind, count in shares.items()), shares
    assert len(set(NAMES)) > 450


def test_a_name_of_several_lines_leaves_the_address_one() -> None:
    for seed in range(200):
        identity = rename(invent(seed), seed)
        assert len(identity.name) <= 22 or len(identity.address) <= 22
        assert identity.nik == invent(seed).nik


def test_the_same_seed_gives_the_same_name() -> None:
    assert rename(invent(5), 5) == rename(invent(5), 5)
    assert rename(invent(5), 5).name != rename(invent(5), 6).name
