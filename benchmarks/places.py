"""What settling the four lines of a place together mends and spoils, and the thresholds that keep it honest.

Paths are drawn from today's table, printed, and read with letters confused, dropped and added and spaces lost. The
same again with the true village, or the true district, taken out of the table: whatever changes then is wrong.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from kyc_vision.ocr import places, regions
from kyc_vision.ocr.places import Below, Choice, Place
from kyc_vision.ocr.spelling import spelling

LEVELS = ("province", "regency", "district", "village")
#: Slips a letter. Our reader made 0.018 of them in 1,331 lines of 277 invented cards, hard ones among them: one in
#: two takes a letter for another (three of five for one it was taken for there, CONFUSED, the others for any), two in
#: five lose one, half of those I or L; the rest add one. 163 of 1,537 spaces were lost.
RATES = (0.0, 0.02, 0.05)
TAKEN, LOST, SPACES_LOST = 0.52, 0.93, 0.11
THIN = 4.0
ANY = 0.2
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CONFUSED = {
    "A": "RKN4", "B": "ER8", "D": "OC", "E": "SA", "F": "R", "G": "CCOS", "H": "MN", "I": "UULTRHEA", "J": "XXLI",
    "K": "DXEC", "L": "AU", "M": "SI", "N": "MH", "O": "DGC", "P": "RU", "R": "NM", "S": "5L", "T": "Y",
    "U": "LAK", "W": "NM", "Y": "XT",
}  # fmt: skip
AGREEMENTS = (0.7, 0.75, 0.8, 0.84, 0.86, 0.88, 0.9)
LEADS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
SCENES = ("all known", "village unknown", "district unknown")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was printed and read, what the best path has for it, and whether the lines above were taken."""

    level: int
    truth: str
    read: str
    choice: Choice | None
    below_sure: bool

    def outcome(self, agreement: float, lead: float) -> str:
        """right (as read), mended, wrong (as read), spoilt (changed to what it is not)."""
        choice = self.choice
        takes = (
            self.below_sure
            and choice is not None
            and (choice.agreement == 1.0 or (choice.agreement >= agreement and choice.lead >= lead))
        )
        text = choice.name if choice is not None and takes else self.read
        was, is_, truth = (spelling(one).letters for one in (self.read, text, self.truth))
        if is_ == was:
            return "right" if is_ == truth else "wrong"
        return "mended" if is_ == truth else "spoilt"


def slip(text: str, rate: float, rng: np.random.Generator) -> str:
    """The text as a poor reading has it."""
    out = []
    for letter in text:
        happens, which = rng.random(), rng.random()
        if letter == " ":
            out += [] if rate and which < SPACES_LOST else [letter]
        elif which < TAKEN and happens < rate:
            likely = "" if which < ANY else CONFUSED.get(letter, "")
            out.append(str(rng.choice(list(likely or LETTERS))))
        elif TAKEN <= which < LOST and happens < rate * (THIN if letter in "IL" else 0.6):
            continue
        elif which >= LOST and happens < rate:
            out += [letter, str(rng.choice(list(LETTERS)))]
        else:
            out.append(letter)
    return "".join(out)


def drawn(n: int, rng: np.random.Generator) -> Iterator[Place]:
    """Paths as they are printed, evenly over today's villages."""
    every = [
        (code, name, village)
        for regency in regions.regencies()
        for code, name in regions.districts(regency)
        if not regions.lookup(code).defunct and name == regions.lookup(code).district
        for village, *_ in regions.villages(code)
    ]
    for at in rng.integers(len(every), size=n):
        code, district, village = every[int(at)]
        region = regions.lookup(code)
        yield Place(f"PROVINSI {region.province}", region.regency, district, village)


def known(scene: str, printed: Place) -> Below:
    """The table without what the scene has not in it, wherever it has stood: withdrawn codes hold the same names."""

    def villages(code: str) -> Sequence[Sequence[str]]:
        inside = regions.lookup(code).district == printed.district
        return [names for names in regions.villages(code) if not (inside and printed.village in names)]

    def districts(code: str) -> Sequence[tuple[str, str]]:
        out = {one for one, name in regions.districts(code) if name == printed.district}
        return [(one, name) for one, name in regions.districts(code) if one not in out]

    if scene == SCENES[0]:
        return Below()
    return Below(villages=villages) if scene == SCENES[1] else Below(districts=districts)


def read_lines(scene: str, rate: float, n: int) -> list[Line]:
    """So many paths read at a rate of slips, four lines each; the same paths for every scene and rate."""
    lines = []
    rng = np.random.default_rng(20261124)
    slips = np.random.default_rng([20261124, round(1000 * rate)])
    for printed in drawn(n, rng):
        truths = [line or "" for line in printed.lines()]
        read = Place(*(slip(line, rate, slips) for line in truths))
        choices = places.choose(read, known(scene, printed))
        sure = places.taken(choices)
        truths[0] = truths[0].removeprefix("PROVINSI ")
        for level, (truth, line, choice) in enumerate(zip(truths, read.lines(), choices, strict=True)):
            shown = line or ""
            # The province's name stands without its kind, which is not a letter that was mended.
            shown = shown[9:] if level == 0 and shown.startswith("PROVINSI ") else shown
            lines.append(Line(level, truth, shown, choice, all(sure[1:level])))
    return lines


def shares(lines: Sequence[Line], level: int, agreement: float, lead: float) -> dict[str, float]:
    """Share of each outcome among the lines of a level, in percent."""
    found = [line.outcome(agreement, lead) for line in lines if line.level == level]
    return {name: 100 * found.count(name) / len(found) for name in ("right", "mended", "wrong", "spoilt")}


def main() -> None:
    """Print the outcomes at the thresholds in use and, with --grid, at every pair."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--n", type=int, default=1500, help="paths for each scene and rate")
    parser.add_argument("--grid", action="store_true", help="mended and spoilt at every pair of thresholds")
    chosen = parser.parse_args()
    start = time.perf_counter()
    regions.villages("")
    print(f"villages loaded in {1000 * (time.perf_counter() - start):.0f} ms")
    for scene in SCENES:
        for rate in RATES:
            start = time.process_time()
            lines = read_lines(scene, rate, chosen.n)
            spent = 1000 * (time.process_time() - start) / chosen.n
            print(f"\n{scene}, slips {rate:.0%}: {spent:.1f} ms of processor a card")
            for level, name in enumerate(LEVELS):
                at = partial(shares, lines, level)
                if chosen.grid:
                    for agreement in AGREEMENTS:
                        found = [at(agreement, lead) for lead in LEADS]
                        print(name, agreement, *(f"{one['mended']:6.2f}/{one['spoilt']:.2f}" for one in found))
                else:
                    one = at(places.MIN_AGREEMENT[level], places.MIN_LEAD[level])
                    print(f"{name:10}", *(f"{kind} {share:6.2f} %" for kind, share in one.items()))


if __name__ == "__main__":
    main()
