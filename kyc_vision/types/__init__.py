"""Every value that crosses a stage boundary, and the conventions they share.

Convention: pictures are (H, W, 3) uint8 **RGB**, upright (EXIF applied). Points are (x, y) pixel centres with
the origin top left. A ``Quad`` is (4, 2) float32 in the order TL, TR, BR, BL *of the printed card*, so the way
up and the mirroring are part of the answer. A ``Box`` is (x, y, width, height) in pixels. ``similarity`` is a
cosine, ``confidence`` a detector's own number, ``probability`` only what a calibration gave.

All values are frozen; arrays are to be read, never written.
"""

from kyc_vision.types.card import (
    CardFields,
    CardLocation,
    CardNotFound,
    Field,
    NotRead,
    RectifiedCard,
    TextLine,
)
from kyc_vision.types.cue import Cue, Polygon, Suspicion, cannot_tell, polygon
from kyc_vision.types.face import Face, FaceMatch, FaceNotFound, FaceQuality, SecondOpinion
from kyc_vision.types.picture import Box, FileFacts, Image, Pixels, Quad, Quality
from kyc_vision.types.verdict import (
    Change,
    Check,
    Claim,
    Decision,
    Doubt,
    Evidence,
    Outcome,
    Provenance,
    Verdict,
    Verification,
)

__all__ = [
    "Box",
    "CardFields",
    "CardLocation",
    "CardNotFound",
    "Change",
    "Check",
    "Claim",
    "Cue",
    "Decision",
    "Doubt",
    "Evidence",
    "Face",
    "FaceMatch",
    "FaceNotFound",
    "FaceQuality",
    "Field",
    "FileFacts",
    "Image",
    "NotRead",
    "Outcome",
    "Pixels",
    "Polygon",
    "Provenance",
    "Quad",
    "Quality",
    "RectifiedCard",
    "SecondOpinion",
    "Suspicion",
    "TextLine",
    "Verdict",
    "Verification",
    "cannot_tell",
    "polygon",
]
