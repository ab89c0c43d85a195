"""An aligned face → a unit vector: SFace, and dlib's network as the second opinion.

Source: Zhong et al., SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition, IEEE TIP 30, 2021.
dlib: King, Dlib-ml, JMLR 10, 2009; the ResNet of face_recognition_models, trained 2017.
"""

from __future__ import annotations

import importlib
import importlib.util
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.errors import ModelError
from kyc_vision.face.align import TEMPLATE, align, similarity_transform
from kyc_vision.inference import OnnxModel
from kyc_vision.types import Face, Pixels

Embedding = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SFace:
    """128 numbers a face; two vectors' cosine says how alike the faces are."""

    model: OnnxModel

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """(128,) float32 unit vector of a face in RGB pixels. The network takes RGB, 0–255, unscaled."""
        view = align(pixels, face).transpose(2, 0, 1)[None].astype(np.float32)
        vector = self.model.run(np.ascontiguousarray(view))[0][0]
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class DlibFace:
    """dlib's face network, loaded at its first use: 22 MB and half a second that most selfies never need.

    ``import face_recognition`` would load five models, one of them for non-commercial use only; its encoder and
    5-point landmarks are therefore driven through dlib itself. The face is turned upright first, from the
    landmarks that are already known, since dlib's own expect that.
    """

    name = "dlib"
    #: The upright picture that dlib sees: SFace's 112 px view, twice as large, with 48 px around it.
    _SIZE_PX = 320
    _UPRIGHT = TEMPLATE * 2 + 48
    #: The face in it, as dlib's detector frames one: brows to chin. left, top, right, bottom.
    _FRAME = (84, 100, 240, 256)

    def __init__(self, encoder: Callable[[], Path], landmarks: Callable[[], Path]) -> None:
        """Remember how to find the two files; each raises WeightsMissing where it is not installed."""
        self._paths = (encoder, landmarks)
        self._models: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    def missing(self) -> str:
        """Why this engine cannot run here; empty when it can."""
        if importlib.util.find_spec("dlib") is None:
            return "dlib is not installed"
        try:
            for path in self._paths:
                path()
        except ModelError as error:
            return str(error)
        return ""

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """(128,) float32 vector; the Euclidean distance of two says how unlike the faces are."""
        matrix = similarity_transform(face.landmarks, self._UPRIGHT)
        view = cv2.warpAffine(
            pixels, matrix, (self._SIZE_PX, self._SIZE_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        dlib: Any = importlib.import_module("dlib")
        with self._lock:  # A dlib network is not safe to share.
            if self._models is None:
                encoder, landmarks = (str(path()) for path in self._paths)
                self._models = dlib.face_recognition_model_v1(encoder), dlib.shape_predictor(landmarks)
            network, predictor = self._models
            shape = predictor(view, dlib.rectangle(*self._FRAME))
            vector = network.compute_face_descriptor(view, shape)
        return np.asarray(vector, dtype=np.float32)
