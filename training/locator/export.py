"""Export a run: ``python -m training.locator.export --run training/locator/run --out models/locator.onnx``.

Writes the averaged weights as ONNX and compares it with PyTorch on validation frames. ``--reference POOL`` also
writes a few frames of that pool, and what was decoded from them, to be committed: the product's tests, which have no
torch, compare by those, so the pool is one of packaged portraits (made without --faces). ``--int8`` also writes a
quantised copy and says what it saves and costs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from kyc_vision.card.heatmaps import Coarse, decode
from kyc_vision.inference import OnnxModel
from kyc_vision.types import Pixels
from samples.errors import SampleError
from training.locator.frames import Picture, network_input, open_pools, plain_frames, sides, validation_frames
from training.locator.journal import RUN
from training.locator.network import SIZE, Locator, Outputs
from training.locator.state import load
from training.locator.validate import Frames, figures, hold, told

OPSET = 17
WORST = 1e-3  # largest difference from PyTorch that is let through
_CHECKED, _CALIBRATED, _REFERENCE = 200, 200, 4
_SHOWN = frozenset({"genuine", "impostor"})  # in the reference: nothing that is hard to see


def write(network: Locator, path: Path) -> None:
    """Write the network as ONNX: BatchNorm folded into the convolutions, one frame a call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    network.eval()
    with warnings.catch_warnings():
        # The exporter that traces is called old, but it alone folds BatchNorm and writes the opset that it is told.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network, (torch.zeros(1, 3, SIZE, SIZE),), str(part), dynamo=False, opset_version=OPSET,
            input_names=["frames"], output_names=list(Outputs._fields),
        )  # fmt: skip
    model = onnx.load(str(part))
    onnx.checker.check_model(model)
    left = sum(node.op_type == "BatchNormalization" for node in model.graph.node)
    if left or model.opset_import[0].version != OPSET:
        raise ValueError(
            f"{left} BatchNorms are not folded, opset {model.opset_import[0].version}: look at the exporter"
        )
    part.replace(path)


def difference(network: Locator, path: Path, pixels: Pixels) -> float:
    """Largest absolute difference of any output between PyTorch and ONNX Runtime over (n, 256, 256, 3) frames."""
    model, worst = OnnxModel(path), 0.0
    network.eval()
    with torch.inference_mode():
        for frame in pixels:
            batch = network_input(torch.from_numpy(frame[None])).contiguous()
            pairs = zip(network(batch), model.run(batch.numpy()), strict=True)
            worst = max(worst, *(float(np.abs(ours.numpy() - theirs).max()) for ours, theirs in pairs))
    return worst


def read(path: Path, pixels: Pixels) -> tuple[list[Coarse], float]:
    """What the file and the decoder say of each frame, and the median ms of the network alone, one thread."""
    model, said, took = OnnxModel(path, threads=1), [], []
    for frame in pixels:
        batch = _input(frame)
        begin = time.perf_counter()
        heat, mask, votes, flags = model.run(batch)
        took.append(time.perf_counter() - begin)
        said.append(decode(heat[0], mask[0, 0], votes[0], flags[0]))
    return said, float(np.median(took) * 1e3)


def write_reference(path: Path, folder: Path) -> Path:
    """Write frames of a pool and what is decoded from them beside the network; returns the file.

    Raises:
        SampleError: there is no such pool.
    """
    pool = open_pools([folder])
    shown = [Picture(0, i) for i, entry in enumerate(pool[0].entries) if entry.truth.kind in _SHOWN]
    frames = hold(validation_frames(pool, shown, _REFERENCE, 0))
    said, _ = read(path, frames.pixels)
    out = path.with_name(f"{path.stem}_reference.npz")
    np.savez_compressed(
        out,
        frames=frames.pixels,
        quads=np.stack([one.quad for one in said]),
        presence=np.array([one.presence for one in said], np.float32),
        mirrored=np.array([one.mirrored for one in said], np.float32),
        turns=np.stack([one.turns for one in said]),
    )
    return out


class _Calibration(CalibrationDataReader):  # type: ignore[misc]
    """Frames for the quantiser, one at a time."""

    def __init__(self, pixels: Pixels) -> None:
        self._frames = iter(pixels)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next input; None at the end."""
        frame = next(self._frames, None)
        return None if frame is None else {"frames": _input(frame)}


def quantise(path: Path, pixels: Pixels) -> Path:
    """Write an int8 copy beside the network: weights per channel, activations calibrated on the frames."""
    prepared, out = path.with_name(f"{path.stem}.prepared.onnx"), path.with_name(f"{path.stem}.int8.onnx")
    quant_pre_process(str(path), str(prepared))
    quantize_static(
        str(prepared), str(out), _Calibration(pixels), quant_format=QuantFormat.QDQ, per_channel=True,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
    )  # fmt: skip
    prepared.unlink()
    return out


def averaged(run: Path) -> tuple[Locator, dict[str, Any]]:
    """A run's averaged network, and its run.json.

    Raises:
        SampleError: there is no run.
    """
    state = load(run)
    if state is None or not (run / RUN).is_file():
        raise SampleError(f"No run in {run}: python -m training.locator.train makes one")
    network = Locator()
    network.load_state_dict(state.average)
    return network.eval(), json.loads((run / RUN).read_text(encoding="utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Export; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.locator.export", description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--reference", type=Path, metavar="POOL", help="of packaged portraits")
    parser.add_argument("--int8", action="store_true", help="also quantise, and measure it")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    reference: Path | None = given.reference
    try:
        if reference is not None:
            open_pools([reference])  # better said now than after the work
        network, made = averaged(given.run)
        pools = open_pools([Path(folder) for folder in made["arguments"]["pools"]])
    except SampleError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    held_out = sides(pools, made["seed"]).held_out
    frames = hold(validation_frames(pools, held_out, _CHECKED, made["seed"]))
    write(network, given.out)
    worst = difference(network, given.out, frames.pixels)
    print(f"largest difference from PyTorch over {len(frames.pixels)} frames: {worst:.2e}, allowed {WORST:g}")
    if worst > WORST:
        given.out.unlink()
        return 1
    _report(given.out, frames)
    if reference is not None:
        print(f"reference: {write_reference(given.out, reference)}")
    if given.int8:
        # Calibrated on the pictures as the product sees them, of people who are measured by neither: train's.
        calibration = hold(plain_frames(pools, sides(pools, made["seed"]).train, _CALIBRATED, made["seed"]))
        _report(quantise(given.out, calibration.pixels), frames)
    return 0


def _report(path: Path, frames: Frames) -> None:
    said, ms = read(path, frames.pixels)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {ms:.2f} ms a frame, ONNX Runtime {onnxruntime.__version__}")
    print(f"  {told(figures(said, frames.truths))}")


def _input(frame: Pixels) -> NDArray[np.float32]:
    """(256, 256, 3) uint8 → (1, 3, 256, 256) float32 in 0–1."""
    return np.ascontiguousarray(frame.transpose(2, 0, 1)[None], dtype=np.float32) / np.float32(255)


if __name__ == "__main__":
    sys.exit(main())
