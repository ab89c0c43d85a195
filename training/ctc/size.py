"""The size of a reader, for recipes that know no torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How wide the network is: channels at half, quarter and eighth of the height, of the columns; temporal blocks."""

    half: int
    quarter: int
    eighth: int
    columns: int
    blocks: int
