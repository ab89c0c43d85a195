"""Export a run: ``python -m training.ctc.export nik --run training/nik/run --out models/nik_reader.onnx``.

Writes the averaged weights as ONNX, compares it with PyTorch on held-out lines, and writes some of those lines with
what was said of them beside it: the product's tests, which have no torch, compare by those.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from kyc_vision.inference import OnnxModel
from training.ctc.network import Readable, Reader
from training.ctc.stream import Recipe, batch, validation
from training.ctc.strip import Strip
from training.ctc.train import network_input
from training.locator.state import load

OPSET = 17
WORST = 1e-3  # largest difference of a probability from PyTorch's that is let through
_CHECKED, _REFERENCE = 200, 8


def averaged(recipe: Recipe, run: Path) -> tuple[Reader, int]:
    """A run's averaged network, and its seed."""
    state = load(run)
    if state is None:
        sys.exit(f"error: no run in {run}: python -m training.ctc.train makes one")
    network = Reader(recipe.module.SIZE, 1 + len(recipe.module.SYMBOLS))
    network.load_state_dict(state.average)
    return network.eval(), int(state.made_of["seed"])


def write(network: Reader, path: Path) -> None:
    """Write the network as ONNX, BatchNorm folded into the convolutions, any width."""
    part = path.with_name(f"{path.name}.part")
    with warnings.catch_warnings():
        # The exporter that traces is called old, but it alone folds BatchNorm and writes the opset that it is told.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Readable(network).eval(), (torch.zeros(1, 3, 24, 320),), str(part), dynamo=False, opset_version=OPSET,
            input_names=["lines"], output_names=["probabilities"],
            dynamic_axes={"lines": {0: "n", 3: "width"}, "probabilities": {0: "n", 1: "steps"}},
        )  # fmt: skip
    model = onnx.load(str(part))
    onnx.checker.check_model(model)
    left = sum(node.op_type == "BatchNormalization" for node in model.graph.node)
    if left:
        sys.exit(f"error: {left} BatchNorms are not folded: look at the exporter")
    part.replace(path)


def difference(network: Reader, path: Path, strips: Sequence[Strip], symbols: str) -> float:
    """Largest difference of a probability between PyTorch and ONNX Runtime."""
    model, readable, worst = OnnxModel(path), Readable(network).eval(), 0.0
    with torch.inference_mode():
        for strip in strips:
            lines = network_input(batch([strip], symbols).lines).contiguous()
            ours, theirs = readable(lines).numpy(), model.run(lines.numpy())[0]
            worst = max(worst, float(np.abs(ours - theirs).max()))
    return worst


def write_reference(path: Path, strips: Sequence[Strip]) -> Path:
    """Lines, what they say and the probabilities, beside the network."""
    model, out = OnnxModel(path, threads=1), path.with_name(f"{path.stem}_reference.npz")
    stored: dict[str, np.ndarray] = {"texts": np.array([strip.text for strip in strips])}
    for at, strip in enumerate(strips):
        lines = np.ascontiguousarray(strip.pixels.transpose(2, 0, 1)[None], dtype=np.float32) / np.float32(255)
        stored[f"line_{at}"], stored[f"said_{at}"] = strip.pixels, model.run(lines)[0][0].astype(np.float16)
    np.savez_compressed(out, **stored)
    return out


def main() -> int:
    """Export; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.ctc.export", description=__doc__)
    parser.add_argument("what", choices=("nik", "rows"))
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(importlib.import_module(f"training.{given.what}.lines"))
    network, seed = averaged(recipe, given.run)
    strips = validation(recipe, seed, _CHECKED)
    write(network, given.out)
    worst = difference(network, given.out, strips, recipe.module.SYMBOLS)
    print(f"largest difference from PyTorch over {len(strips)} lines: {worst:.2e}, allowed {WORST:g}")
    if worst > WORST:
        given.out.unlink()
        return 1
    model, took = OnnxModel(given.out, threads=1), []
    for strip in strips:
        lines = np.ascontiguousarray(strip.pixels.transpose(2, 0, 1)[None], dtype=np.float32) / np.float32(255)
        begin = time.perf_counter()
        model.run(lines)
        took.append(time.perf_counter() - begin)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.2f} MB, median {1e3 * np.median(took):.2f} ms a line on one"
          f" thread, ONNX Runtime {onnxruntime.__version__}")  # fmt: skip
    print(f"reference: {write_reference(given.out, strips[:_REFERENCE])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
