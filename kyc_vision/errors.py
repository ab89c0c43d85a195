"""The exceptions of the core, and nothing else that raises on purpose.

::

    KycVisionError
    ├── InputError            the sender's fault; the message says what to send instead
    │   ├── EmptyInput        no bytes
    │   ├── UnknownFormat     bytes that are not a picture we read
    │   ├── UnsupportedFormat a picture format that this installation cannot decode
    │   ├── AnimatedPicture   more than one frame
    │   ├── BrokenPicture     starts like a picture, cannot be decoded to the end
    │   ├── PictureTooSmall   fewer pixels than a card and a face need
    │   └── PictureTooLarge   more bytes or pixels than the limits, refused before decoding
    └── ModelError            the operator's fault
        ├── WeightsMissing    a weights file is not where the manifest says
        └── WeightsCorrupt    a weights file has another SHA-256 than the manifest

What the picture shows (no face, no card, blur) is never an exception: it is a value with a reason.
"""

from __future__ import annotations


class KycVisionError(Exception):
    """Every exception that kyc_vision raises on purpose."""


class InputError(KycVisionError):
    """The picture that was sent cannot be judged as it is. The message says what to send instead."""


class EmptyInput(InputError):
    """No bytes were sent."""


class UnknownFormat(InputError):
    """The bytes are not a picture in a format that we read."""


class UnsupportedFormat(InputError):
    """A known picture format whose decoder is not installed here."""


class AnimatedPicture(InputError):
    """The picture has more than one frame."""


class BrokenPicture(InputError):
    """The bytes begin like a picture but cannot be decoded to the end."""


class PictureTooSmall(InputError):
    """The picture has too few pixels to show a card and a face."""


class PictureTooLarge(InputError):
    """The picture has more bytes or pixels than the limits allow."""


class ModelError(KycVisionError):
    """The installation is incomplete: the operator has to run the set-up again."""


class WeightsMissing(ModelError):
    """A weights file is not where the manifest says."""


class WeightsCorrupt(ModelError):
    """A weights file has another SHA-256 than the manifest says."""
