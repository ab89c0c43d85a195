"""What samples raises on purpose: one exception, whose message says what to do next."""

from __future__ import annotations


class SampleError(Exception):
    """A font, a picture or a folder that making samples needs is absent or unusable."""
