"""Folding must not change a value: small graphs, worked by hand. Needs the package onnx, as set-up does."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from kyc_vision.errors import ModelError, WeightsCorrupt
from kyc_vision.ocr.ctc import CHARSET
from kyc_vision.weights import Weights

pytestmark = pytest.mark.weights
onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from kyc_vision import fold  # noqa: E402

X = np.array([[10, -4], [12, 0], [7, 100], [-3, 50]], dtype=np.int8)
SCALE = np.array([[0.5, 2.0], [0.25, 0.1]], dtype=np.float32)
ZERO = np.array([[2, 0], [-1, 10]], dtype=np.int8)
#: (x − zero) · scale, blocks of two rows: (10−2)·0.5, (−4−0)·2; … (7+1)·0.25, (100−10)·0.1 …
BY_HAND = np.array([[4.0, -8], [5, 0], [2, 9], [-0.5, 4]], dtype=np.float32)


def quantized() -> "onnx.ModelProto":
    """y = a · dequantized(x), the weights also listed as inputs, as old exporters do."""
    names = ("x", "scale", "zero")
    initializers = [numpy_helper.from_array(v, n) for v, n in zip((X, SCALE, ZERO), names, strict=True)]
    inputs = [helper.make_tensor_value_info("a", TensorProto.FLOAT, [1, 4])]
    inputs += [helper.make_tensor_value_info("x", TensorProto.INT8, [4, 2])]
    nodes = [
        helper.make_node("DequantizeLinear", list(names), ["w"], axis=0, block_size=2),
        helper.make_node("MatMul", ["a", "w"], ["y"]),
    ]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def run(model: "onnx.ModelProto", **inputs: np.ndarray) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)[0]


def test_dequantized_weights_are_as_worked_by_hand():
    model = quantized()
    fold.dequantize(model)
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    assert list(weights) == ["w"]
    assert weights["w"].dtype == np.float32
    assert np.array_equal(weights["w"], BY_HAND)


def test_the_folded_network_answers_as_the_quantized_one():
    batch = np.array([[1.0, -2, 3, 0.5]], dtype=np.float32)
    before = quantized()
    del before.graph.input[1]  # ONNX Runtime takes the weights either way; so it needs no feeding
    expected = run(before, a=batch)
    after = quantized()
    fold.dequantize(after)
    onnx.checker.check_model(after)
    assert [node.op_type for node in after.graph.node] == ["MatMul"]
    assert [value.name for value in after.graph.input] == ["a"]
    assert np.allclose(run(after, a=batch), expected, rtol=1e-6)
    assert np.allclose(expected, batch @ BY_HAND)


def test_split_prelu_answers_as_prelu_whatever_its_slopes():
    slopes = np.array([-0.4, 0.0, 0.7, 1.2], dtype=np.float32).reshape(4, 1, 1)
    batch = np.linspace(-3, 3, 4 * 3 * 5, dtype=np.float32).reshape(1, 4, 3, 5)
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("PRelu", ["a", "slope"], ["y"])],
        "tiny",
        [value("a", TensorProto.FLOAT, [1, 4, 3, 5])],
        [value("y", TensorProto.FLOAT, [1, 4, 3, 5])],
        [numpy_helper.from_array(slopes, "slope")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    fold.split_prelu(model)
    onnx.checker.check_model(model)
    assert "PRelu" not in {node.op_type for node in model.graph.node}
    assert np.allclose(run(model, a=batch), np.where(batch > 0, batch, batch * slopes), atol=1e-6)


def recogniser(characters: list[str]) -> "onnx.ModelProto":
    """One step of logits: class i gets a · (i, i) + i, so that a class is told by its number."""
    classes = len(characters) + 2  # the blank before, the space behind
    product = np.tile(np.arange(classes, dtype=np.float32), (2, 1))
    nodes = [helper.make_node("MatMul", ["a", "w"], ["p"]), helper.make_node("Add", ["p", "b"], ["y"])]
    initializers = [numpy_helper.from_array(product, "w"), numpy_helper.from_array(product[0], "b")]
    graph = helper.make_graph(
        nodes,
        "reader",
        [helper.make_tensor_value_info("a", TensorProto.FLOAT, [1, 1, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, classes])],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"character": "\n".join(characters)})
    return model


def test_a_cut_recogniser_keeps_the_blank_and_the_charset_in_its_order():
    # Chinese first, the printable ones backwards; the space has no line of its own and is the last class.
    characters = ["中", "文", *reversed(CHARSET[1:])]
    model = recogniser(characters)
    fold.cut_charset(model)
    answer = run(model, a=np.zeros((1, 1, 2), dtype=np.float32))[0, 0]
    expected = [0, len(characters) + 1] + [1 + characters.index(c) for c in CHARSET[1:]]
    assert answer.tolist() == expected
    assert model.graph.output[0].type.tensor_type.shape.dim[2].dim_value == 96
    assert len(model.metadata_props) == 0


def test_a_recogniser_that_lacks_a_character_is_refused():
    with pytest.raises(ModelError, match="CHARSET"):
        fold.cut_charset(recogniser([c for c in CHARSET[1:] if c != "Q"]))


def test_folding_writes_the_file_and_checks_its_digest(monkeypatch, tmp_path: Path):
    source, target = tmp_path / "source.onnx", tmp_path / "derived.onnx"
    onnx.save(quantized(), source)
    monkeypatch.setattr(Weights, "source_path", lambda _: source)
    monkeypatch.setattr(Weights, "path", lambda _: target)
    wrong = Weights("x", "x/y.onnx", "", "MIT", derived="derived.onnx", derived_sha256="0" * 64, fold="open_sface")
    with pytest.raises(WeightsCorrupt):
        fold.fold(wrong)
    assert [node.op_type for node in onnx.load(target).graph.node] == ["MatMul"]
    assert list(tmp_path.glob("*.tmp")) == []
