"""Prepare the packages' weights once, at set-up: ``python -m kyc_vision.fold``.

ONNX Runtime refuses SFace as it is shipped (initialisers that are also inputs), would dequantise its blocks
at every run, and spends more than half of its time in PRelu, which it is slow at; PP-OCR's recogniser spends 12 % of
its time and 9 MB on 18,614 characters that no e-KTP carries.
Both are mended here, on the graph, without a weight changing its value. Needs the package onnx; the product at
run time does not.
"""

from __future__ import annotations

import hashlib
import sys
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from kyc_vision.errors import ModelError
from kyc_vision.ocr.ctc import CHARSET
from kyc_vision.weights import MODELS, Weights, check_digest, manifest


def main() -> int:
    """Fold every row of the manifest that asks for it; returns the exit status."""
    derived = MODELS / "derived"
    derived.mkdir(exist_ok=True)
    for weights in manifest().values():
        try:
            check_digest(weights.source_path(), weights.source_sha256)
            if weights.derived:
                fold(weights)
        except ModelError as error:
            print(f"weights: {error}", file=sys.stderr)
            return 1
        print(f"weights: {weights.name}: {weights.file_name} {weights.sha256[:16]} ({weights.licence})")
    return 0


def fold(weights: Weights) -> None:
    """Write models/derived/<file>, by a temporary file and a rename, and check its digest.

    Raises:
        WeightsCorrupt: the result has another digest than the manifest says.
    """
    model = onnx.load(weights.source_path())
    {"open_sface": open_sface, "cut_charset": cut_charset}[weights.fold](model)
    target = weights.path()
    temporary = target.with_suffix(".tmp")
    onnx.save(model, temporary)
    temporary.replace(target)
    if not weights.derived_sha256:  # A new row: print what to write into the manifest.
        print(f"weights: {weights.name}: derived_sha256 = {hashlib.sha256(target.read_bytes()).hexdigest()}")
        return
    check_digest(target, weights.derived_sha256)


def open_sface(model: Any) -> None:
    """Both of what SFace needs, in place."""
    dequantize(model)
    split_prelu(model)


def split_prelu(model: Any) -> None:
    """Write each PRelu with constant slopes as sums that ONNX Runtime is quick at, in place.

    max(x, 0) + a · min(x, 0) = a · x + (1 − a) · max(x, 0), a product per channel being a grouped 1 × 1 convolution,
    which keeps the runtime's blocked layout. One face of SFace takes 13.5 ms of one core where it took 28; the
    vector is the same to 1e-6 of its longest component.

    Source: He et al., Delving Deep into Rectifiers, ICCV 2015, eq. 1.
    """
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    nodes: list[Any] = []
    for node in graph.node:
        if node.op_type != "PRelu" or node.input[1] not in constants:
            nodes.append(node)
            continue
        x, y = node.input[0], node.output[0]
        slopes = numpy_helper.to_array(constants[node.input[1]]).reshape(-1, 1, 1, 1).astype(np.float32)
        for name, values in ((f"{y}_slope", slopes), (f"{y}_rest", 1 - slopes)):
            graph.initializer.append(numpy_helper.from_array(values, name))
        group: dict[str, Any] = {"group": len(slopes), "kernel_shape": [1, 1]}
        nodes += [
            helper.make_node("Relu", [x], [f"{y}_positive"]),
            helper.make_node("Conv", [x, f"{y}_slope"], [f"{y}_all"], **group),
            helper.make_node("Conv", [f"{y}_positive", f"{y}_rest"], [f"{y}_more"], **group),
            helper.make_node("Add", [f"{y}_all", f"{y}_more"], [y]),
        ]
        graph.initializer.remove(constants.pop(node.input[1]))
    del graph.node[:]
    graph.node.extend(nodes)


def dequantize(model: Any) -> None:
    """Replace each DequantizeLinear of constants by its value and drop inputs that nothing reads, in place.

    Source: ONNX operator DequantizeLinear, version 21: y = (x − zero_point) · scale, per block along an axis.
    """
    graph = model.graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    quantized: set[str] = set()
    for node in [n for n in graph.node if n.op_type == "DequantizeLinear"]:
        attributes = {a.name: a.i for a in node.attribute}
        x, scale, zero_point = (constants[name] for name in node.input)
        values = _dequantized(x, scale, zero_point, attributes["axis"], attributes["block_size"])
        graph.initializer.append(numpy_helper.from_array(values, node.output[0]))
        graph.node.remove(node)
        quantized.update(node.input)
    for tensor in [t for t in graph.initializer if t.name in quantized]:
        graph.initializer.remove(tensor)
    used = {name for node in graph.node for name in node.input} - set(constants)
    for value in [v for v in graph.input if v.name not in used]:
        graph.input.remove(value)


def _dequantized(
    values: NDArray[Any], scales: NDArray[Any], zero_points: NDArray[Any], axis: int, block: int
) -> NDArray[np.float32]:
    size = values.shape[axis]
    scales, zero_points = (
        np.repeat(blocks, block, axis=axis).take(range(size), axis=axis) for blocks in (scales, zero_points)
    )
    result = (values.astype(np.float32) - zero_points.astype(np.float32)) * scales.astype(np.float32)
    return np.asarray(result, dtype=np.float32)


def cut_charset(model: Any) -> None:
    """Keep only the blank and the CHARSET columns of a PP-OCR recogniser's output layer, in place.

    The model's own character list stands in its metadata, one a line; class 0 is the CTC blank, the last class
    is the space.
    """
    characters = next(p.value for p in model.metadata_props if p.key == "character").split("\n")
    index = {character: i + 1 for i, character in enumerate(characters)}
    columns = [0] + [index.get(character, len(characters) + 1 if character == " " else -1) for character in CHARSET]
    if min(columns) < 0:
        raise ModelError("the recogniser lacks a character of CHARSET; pin the version that the manifest names")
    product = next(n for n in reversed(model.graph.node) if n.op_type == "MatMul")
    bias = next(n for n in model.graph.node if n.op_type == "Add" and product.output[0] in n.input)
    names = {product.input[1], *(i for i in bias.input if i != product.output[0])}
    for tensor in [t for t in model.graph.initializer if t.name in names]:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor)[..., columns], tensor.name))
    del model.metadata_props[:]
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(columns)


if __name__ == "__main__":
    sys.exit(main())
