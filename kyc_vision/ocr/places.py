"""Province, regency, district and village, settled together: a slip in one line is mended by what the others say.

Of all paths province > regency > district > village of the table the one is taken whose names agree best, summed
over the four lines. A line that is letter for letter a name inside its parent is that name, whatever stands below
it: no child overrules a parent that was clearly read. Each line is then judged by itself: it takes the path's name
when it is near enough and the best path without that name is far enough behind; else it stays as it is printed, as
it must for villages that are new, split, renamed or spelled as the table does not. The NIK has no say in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter
from typing import NamedTuple

from kyc_vision.ocr import regions
from kyc_vision.ocr.regions import Closest
from kyc_vision.ocr.spelling import likeness, spelling

#: For the province, regency, district and village: a name is taken when this share of letters agrees and the best path
#: with another name there has so much less in sum. Of villages that no table has 0.1 % are changed (3 of 3,000 read
#: without a slip, 3 with slips in 2 of 100 letters); of known ones misread like that 63 % are mended. Source:
#: ``python -m benchmarks places --n 3000``, docs/decisions/0012-places.md.
MIN_AGREEMENT, MIN_LEAD = (0.80, 0.80, 0.86, 0.88), (0.10, 0.20, 0.10, 0.10)
#: Paths that are followed further after each line. One of 400 cards with slips in 5 of 100 letters came out otherwise
#: than with 120, at a quarter of the time.
BEAM = 24


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """The four lines that say where a card's holder lives: as they were read, or as they are meant.

    Attributes:
        province, regency: the header's two lines; None for a line that was not read.
        district, village: the values of Kecamatan and Kel/Desa; None likewise.
    """

    province: str | None
    regency: str | None
    district: str | None
    village: str | None

    def __repr__(self) -> str:
        return f"Place(<{sum(line is not None for line in self.lines())} lines>)"

    def lines(self) -> tuple[str | None, str | None, str | None, str | None]:
        """The four, from the province down."""
        return self.province, self.regency, self.district, self.village


class Choice(NamedTuple):
    """What the best path has for a line.

    Attributes:
        name: as the table spells it.
        agreement: 0–1, share of the line's letters that agree.
        lead: 0–4, by how much the best path with another name or none in this place agrees less, over all lines.
    """

    name: str
    agreement: float
    lead: float


class Below(NamedTuple):
    """The names inside a regency and inside a district; a benchmark leaves some out."""

    districts: Callable[[str], Sequence[tuple[str, str]]] = regions.districts
    villages: Callable[[str], Sequence[Sequence[str]]] = regions.villages


def settle(read: Place) -> Place:
    """What the four lines mean.

    Args:
        read: as they were read, in any case, with or without the word PROVINSI.

    Returns:
        The table's names (a province without that word); in capitals the line itself where none is near.
    """
    lines = read.lines()
    choices = choose(read)
    sure = taken(choices)
    return Place(
        *(
            line and (_spelled(line, choice.name) if choice and sure[level] else line.upper())
            for level, (line, choice) in enumerate(zip(lines, choices, strict=True))
        )
    )


def _spelled(line: str, name: str) -> str:
    """The table's spelling; spaces that are printed and not in the table stay, those that were lost come back."""
    printed, known = ("".join(filter(str.isalnum, text.upper())) for text in (line, name))
    return line.upper() if printed == known and line.count(" ") > name.count(" ") else name


def taken(choices: Sequence[Choice | None]) -> tuple[bool, ...]:
    """Which choices are sure enough, from the province down; none is below a regency or district that is not."""
    sure, parent = [], True
    for level, choice in enumerate(choices):
        near = choice is not None and choice.agreement >= MIN_AGREEMENT[level] and choice.lead >= MIN_LEAD[level]
        sure.append(parent and choice is not None and (near or choice.agreement == 1.0))
        parent = sure[-1] or level == 0
    return tuple(sure)


def choose(read: Place, below: Below | None = None) -> tuple[Choice | None, ...]:
    """The names of the path that agrees best, from the province down; None for a line that was not looked for."""
    paths = _paths(read, below or Below())
    best = max(paths, key=attrgetter("total"))
    choices: list[Choice | None] = [None] * 4
    for level, (line, name) in enumerate(zip(read.lines(), best.names, strict=False)):
        others = (path.total for path in paths if path.names[level : level + 1] != (name,))
        if line is not None:
            choices[level] = Choice(name, best.agreements[level], best.total - max(others, default=0.0))
    return tuple(choices)


class _Path(NamedTuple):
    """Names from the province down, how each agrees, their sum, and the code of the last that has one."""

    names: tuple[str, ...] = ()
    agreements: tuple[float, ...] = ()
    total: float = 0.0
    code: str = ""


def _paths(read: Place, below: Below) -> list[_Path]:
    """The paths worth a look. Nothing is looked for below a line that was not read, the province excepted."""
    steps: tuple[Callable[[str, str], list[Closest]], ...] = (
        lambda _, line: regions.rank_provinces(line),
        lambda code, line: regions.rank_regencies(line, code),
        lambda code, line: _rank(line, below.districts(code)),
        lambda code, line: _rank(line, ((code, name) for names in below.villages(code) for name in names)),
    )
    paths = [_Path()]
    for level, (line, ranked) in enumerate(zip(read.lines(), steps, strict=True)):
        if line is None and level > 0:
            break
        paths = [longer for path in paths for longer in _down(path, ranked(path.code, line or ""))]
        # The last line's are not thinned out: a choice leads by what is left of its rivals.
        paths = nlargest(BEAM, paths, key=attrgetter("total")) if 0 < level < 3 else paths
    return paths


def _rank(line: str, names: Iterable[tuple[str, str]]) -> list[Closest]:
    read = spelling(line)
    return [Closest(name, likeness(read, spelling(name)), code) for code, name in names]


def _down(path: _Path, found: Sequence[Closest]) -> list[_Path]:
    """The path grown by each name inside its last one; by the very name that was read alone when it is there."""
    same = [one for one in found if one.score == 1.0]
    return [
        _Path((*path.names, name), (*path.agreements, score), path.total + score, code)
        for name, score, code in (same or found)
    ] or [path]
