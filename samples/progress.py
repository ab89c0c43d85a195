"""A progress bar in plain text on a terminal; elsewhere a line every 25."""

from __future__ import annotations

import time
from typing import TextIO

_WIDTH = 30
_EVERY = 25


class Progress:
    """Counts up to total on stream."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._started = time.monotonic()

    def show(self, done: int) -> None:
        """Say that done of the total are made."""
        rate = done / max(time.monotonic() - self._started, 1e-6)
        if self._stream.isatty():
            filled = _WIDTH * done // max(self._total, 1)
            bar = "#" * filled + "-" * (_WIDTH - filled)
            self._stream.write(
                f"\r[{bar}] {done}/{self._total}  {rate:.2f}/s  {(self._total - done) / rate:.0f} s left "
            )
            self._stream.flush()
        elif done % _EVERY == 0 or done == self._total:
            self._stream.write(f"{done}/{self._total}  {rate:.2f}/s\n")
            self._stream.flush()

    def close(self) -> None:
        """End the bar's line."""
        if self._stream.isatty():
            self._stream.write("\n")
