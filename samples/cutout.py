"""Cut a person out of a photograph, given a rough outline drawn by hand.

Source: C. Rother, V. Kolmogorov, A. Blake, "GrabCut", ACM TOG 23(3), 2004, as in OpenCV.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels


def cut_out(pixels: Pixels, outline: NDArray[np.floating], band_px: int) -> Pixels:
    """(H, W) uint8 matte: sure inside the outline less band_px, sure outside it plus band_px, cut between.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        outline: (N, 2) px polygon about the person, to within band_px.
        band_px: how far the hand-drawn outline may be wrong.
    """
    height, width = pixels.shape[:2]
    rough = np.zeros((height, width), dtype=np.uint8)
    cv2.fillPoly(rough, [np.round(outline).astype(np.int32)], 255)
    # Beyond the lower edge the person goes on: pad, or erosion would eat the outline there.
    padded = cv2.copyMakeBorder(rough, band_px, band_px, band_px, band_px, cv2.BORDER_REPLICATE)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band_px + 1, 2 * band_px + 1))
    inner = cv2.erode(padded, disc)[band_px:-band_px, band_px:-band_px]
    outer = cv2.dilate(padded, disc)[band_px:-band_px, band_px:-band_px]
    mask = np.full((height, width), cv2.GC_BGD, dtype=np.uint8)
    mask[outer > 0] = cv2.GC_PR_BGD
    mask[rough > 0] = cv2.GC_PR_FGD
    mask[inner > 0] = cv2.GC_FGD
    cv2.setRNGSeed(1)
    bgr = np.ascontiguousarray(pixels[..., ::-1])
    cv2.grabCut(bgr, mask, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    person = np.where((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), 255, 0).astype(np.uint8)
    person = _largest(person)
    # The cut through dark hair is ragged: close its bays and take off its burrs, on the scale of the band.
    small = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (band_px | 1, band_px | 1))
    clean = cv2.morphologyEx(cv2.morphologyEx(person, cv2.MORPH_CLOSE, small), cv2.MORPH_OPEN, small)
    smooth = cv2.GaussianBlur(clean, (0, 0), max(1.0, band_px / 4))
    sharp = np.clip((smooth.astype(np.float32) - 64) / 128, 0, 1) * 255
    return np.asarray(cv2.GaussianBlur(sharp, (0, 0), 0.8), dtype=np.uint8)


def _largest(mask: Pixels) -> Pixels:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return mask
    best = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    holes = np.where(labels == best, 255, 0).astype(np.uint8)
    contours, _ = cv2.findContours(holes, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(holes, contours, -1, 255, -1)
    return holes
