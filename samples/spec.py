"""How one selfie is taken: numbers only, drawn by difficulty.py or set by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from samples.backdrop import Backdrop
from samples.camera import Margin
from samples.clothes import Clothes
from samples.light import Exposure


@dataclass(frozen=True, slots=True)
class Grip:
    """Where the thumb lies on the card, when it is not at the lower edge.

    Attributes:
        tip: (x, y) of the thumb's tip as fractions of the card as it is seen, origin top left.
        angle_deg: where the arm comes from: 0 below, 90 left, −90 right.
        left_hand: whose fingers are to the right of the thumb.
    """

    tip: tuple[float, float]
    angle_deg: float = 0.0
    left_hand: bool = True


@dataclass(frozen=True, slots=True)
class Spot:
    """A lamp mirrored in the laminate: a bright ellipse on the card, in fractions of the print.

    Attributes:
        centre: (x, y), 0–1.
        radius: 1/e of its strength, as a fraction of the card's width.
        strength: 0–1; at 1 the print in its middle is gone.
    """

    centre: tuple[float, float]
    radius: float
    strength: float


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """How the selfie is taken.

    Attributes:
        size_wh: of the picture, px.
        card_width: the card's width over the picture's, 0.18–0.60.
        tilt_deg, yaw_deg, pitch_deg, bend_mm: as in Pose.
        head_width: the face's width, ear to ear, over the picture's.
        card_x: where between the picture's sides the card's middle is, 0–1.
        upside_down: the card is held turned by 180°.
        mirrored: the whole selfie is saved mirrored.
        hand: whether a hand is drawn.
        glare: strength of a pale band of reflected light over the card, 0–0.5.
        paper_mm: sheet around the card's print: paper of a copy, or the rest of a phone that shows the card.
        backdrop: the room behind the person, where the photograph has a matte.
        face_in_frame: False frames the picture below the chin.
        exposure: lens, light and sensor.
        quick: made for a large set: the person at 1500 px width at most, the card sampled once or four times a
            pixel, noise from one tile. The committed gallery is made without.
        grip: where the thumb lies; None is the lower edge, where nothing is printed.
        spot: a lamp in the laminate.
        shift: moves the card from where it would be composed, in fractions of its own width and height.
        loose: the sheet around the card may leave the picture (a monitor); only the card itself is composed.
        display_px_per_mm: of the display that shows the card, per mm of the shown card; 0 is no display.
        clothes: what the person wears instead of pale cloth; None leaves it.
        depth_px: σ of the blur of what is behind the card, px: the lens is focused on the card.
        ambient: 0–1, how much the room's colour and its brighter side show on card and hand; 0 is a neutral lamp.
        pasted: the card is put into the finished picture by a program: no hand, shadow, blur or noise of the camera.
    """

    size_wh: tuple[int, int] = (1080, 1440)
    card_width: float = 0.45
    tilt_deg: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    bend_mm: float = 0.0
    head_width: float = 0.30
    card_x: float = 0.5
    upside_down: bool = False
    mirrored: bool = False
    hand: bool = True
    glare: float = 0.08
    paper_mm: Margin = 0.0
    backdrop: Backdrop = "wall"
    face_in_frame: bool = True
    exposure: Exposure = field(default_factory=Exposure)
    quick: bool = False
    grip: Grip | None = None
    spot: Spot | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    loose: bool = False
    display_px_per_mm: float = 0.0
    clothes: Clothes | None = None
    depth_px: float = 0.0
    ambient: float = 0.0
    pasted: bool = False
