"""Genuine pictures, and those that cannot be judged although nobody deceives."""

from __future__ import annotations

from dataclasses import replace

from samples.ground import CARD_WIDTH_MM
from samples.orders import Order, Picture, held
from samples.spec import Grip, SceneSpec, Spot


def as_drawn(spec: SceneSpec) -> SceneSpec:
    """The scene as it was drawn."""
    return spec


def genuine(order: Order) -> Picture:
    """A person with the own card."""
    return held(order, *order.pair(), as_drawn)


def illegible(order: Order) -> Picture:
    """Half are too small, half have the lamp over the name and the NIK."""
    small = order.rng.random() < 0.5
    share = float(order.rng.uniform(0.5, 0.85))
    lamp = Spot((float(order.rng.uniform(0.35, 0.5)), 0.24), float(order.rng.uniform(0.28, 0.4)), 1.0)

    def edit(spec: SceneSpec) -> SceneSpec:
        if not small:
            return replace(spec, spot=lamp)
        return replace(spec, card_width=220.0 * share / spec.size_wh[0])

    return held(order, *order.pair(), edit)


def blurred(order: Order) -> Picture:
    """Six in ten are out of focus, the others shaken."""
    out_of_focus, shaken = float(order.rng.uniform(0.9, 1.6)), float(order.rng.uniform(1.5, 4.0))
    focus = order.rng.random() < 0.6

    def edit(spec: SceneSpec) -> SceneSpec:
        mm = spec.card_width * spec.size_wh[0] / CARD_WIDTH_MM
        softness = out_of_focus * mm if focus else spec.exposure.softness_px
        motion = 0.0 if focus else shaken * mm
        return replace(spec, exposure=replace(spec.exposure, softness_px=softness, motion_px=motion))

    return held(order, *order.pair(), edit)


def dark(order: Order) -> Picture:
    """A dark room: little light and much noise."""
    level, noise = float(order.rng.uniform(0.006, 0.025)), float(order.rng.uniform(4, 8))
    return held(order, *order.pair(), lambda s: replace(s, exposure=replace(s.exposure, brightness=level, noise=noise)))


def over_exposed(order: Order) -> Picture:
    """So much light that the card's ground and the face are white."""
    level = float(order.rng.uniform(7, 14))
    return held(
        order, *order.pair(), lambda s: replace(s, exposure=replace(s.exposure, brightness=level, gradient=0.0))
    )


def cut_off(order: Order) -> Picture:
    """A fifth to two fifths of the card are outside the picture."""
    side, share = float(order.rng.choice([-1.0, 1.0])), float(order.rng.uniform(0.2, 0.4))

    def edit(spec: SceneSpec) -> SceneSpec:
        # From the middle to the edge, and then its share beyond it.
        reach = 0.5 / spec.card_width - 0.5 + share
        return replace(spec, card_x=0.5, shift=(side * reach, 0.0), upside_down=False, grip=None)

    return held(order, *order.pair(), edit)


def finger_on_nik(order: Order) -> Picture:
    """The thumb lies on the first half of the NIK."""
    tip = (float(order.rng.uniform(0.45, 0.6)), float(order.rng.uniform(0.17, 0.22)))
    grip = Grip(tip, float(order.rng.uniform(75, 100)))
    return held(order, *order.pair(), lambda s: replace(s, grip=grip, upside_down=False))


def finger_on_portrait(order: Order) -> Picture:
    """The thumb lies on the portrait's face."""
    tip = (float(order.rng.uniform(0.70, 0.76)), float(order.rng.uniform(0.36, 0.44)))
    grip = Grip(tip, float(order.rng.uniform(-100, -75)), left_hand=False)
    return held(order, *order.pair(), lambda s: replace(s, grip=grip, upside_down=False))


def no_card(order: Order) -> Picture:
    """Only the person."""
    taken, probe = order.take(), order.somebody()
    taken = replace(taken, spec=replace(taken.spec, upside_down=False))
    return Picture(order.hold(None, probe, taken.spec), taken, probe, None, None)


def no_face(order: Order) -> Picture:
    """Framed below the chin."""
    return held(order, *order.pair(), lambda s: replace(s, face_in_frame=False, head_width=0.5))
