"""The reader: a line 24 px high → classes over its columns, for connectionist temporal classification.

Source: Shi, Bai & Yao, An End-to-End Trainable Neural Network for Image-based Sequence Recognition, 2015 (columns of
features, then CTC); Sandler et al., MobileNetV2, 2018 (inverted residuals). Convolutions only: a card's line needs a
word's context, not a page's, and a recurrent layer would be half of the time on a processor.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.ctc.size import Size

#: Columns of the line per step of the answer.
STRIDE = 4


class Reader(nn.Module):
    """(N, 3, 24, W) float32 RGB in 0–1 → (N, W / 4, classes) logits; class 0 is the blank."""

    def __init__(self, size: Size, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _conv(3, size.half, 3, 2),
            _conv(size.half, size.quarter, 3, 2),
            Residual(size.quarter, 3),
            Residual(size.quarter, 3),
            _conv(size.quarter, size.eighth, 3, (2, 1)),
            Residual(size.eighth, 3),
            Residual(size.eighth, 3),
            nn.Conv2d(size.eighth, size.columns, (3, 1), bias=False),
            nn.BatchNorm2d(size.columns),
            nn.ReLU(inplace=True),
        )
        self.context = nn.Sequential(*(Residual(size.columns, (1, 7)) for _ in range(size.blocks)))
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Conv2d(size.columns, classes, 1))

    def forward(self, lines: Tensor) -> Tensor:
        """See the class. Centring is done here, so that no caller can forget it."""
        logits: Tensor = self.head(self.context(self.features(lines - 0.5)))
        return logits[:, :, 0].transpose(1, 2)


class Readable(nn.Module):
    """What is exported: the same with probabilities for an answer."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, lines: Tensor) -> Tensor:
        """(N, 3, 24, W) → (N, W / 4, classes), rows sum to 1."""
        return torch.softmax(self.reader(lines), dim=2)


class Residual(nn.Module):
    """Widen to twice by 1×1, filter each channel, narrow without an activation, add."""

    def __init__(self, channels: int, kernel: int | tuple[int, int]) -> None:
        super().__init__()
        wide = 2 * channels
        self.layers = nn.Sequential(
            _conv(channels, wide, 1),
            _conv(wide, wide, kernel, groups=wide),
            nn.Conv2d(wide, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
        )
        last = self.layers[-1]
        assert isinstance(last, nn.BatchNorm2d)
        nn.init.zeros_(last.weight)  # a block starts as the identity

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) → the same."""
        y: Tensor = self.layers(x)
        return x + y


def parameters(network: nn.Module) -> int:
    """How many numbers are learned."""
    return sum(parameter.numel() for parameter in network.parameters())


def _conv(
    inputs: int, outputs: int, kernel: int | tuple[int, int], stride: int | tuple[int, int] = 1, groups: int = 1
) -> nn.Sequential:
    k = (kernel, kernel) if isinstance(kernel, int) else kernel
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, k, stride, (k[0] // 2, k[1] // 2), groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
