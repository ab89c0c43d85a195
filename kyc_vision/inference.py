"""One ONNX Runtime session behind one method."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray


class OnnxModel:
    """An ONNX network with one input. Safe to call from several threads.

    The memory arena is off: inputs here vary in size with every picture, and the arena would keep the
    largest size of each thread for ever.
    """

    def __init__(self, path: Path, threads: int = 2) -> None:
        """Load the network.

        Args:
            path: the .onnx file, already verified.
            threads: threads of one call; two are the cores of the smallest machine that we serve.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        # Spinning threads starve the other calls of a busy server; blocking costs under a millisecond a call.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def run(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """All outputs of the network for one float32 batch, in the network's order."""
        return list(self._session.run(None, {self._input: batch}))
