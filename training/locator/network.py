"""The network: a small inverted-residual encoder, a light decoder that adds, four heads.

Convention: a heat or mask cell (i, j) covers the network's pixels [4i, 4i+4), so its centre lies at px 4i + 1.5; a
vote cell's at 16i + 7.5 (pixel centres, as everywhere).

Source: Sandler et al., MobileNetV2 (2018), fig. 4b (inverted residual with a linear bottleneck); Zhou et al.,
Objects as Points (2019), §3 (heat-maps of points); Lin et al., Feature Pyramid Networks (2017), fig. 3 (decoder).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

SIZE = 256  # px: side of the network's square input
HEAT_STRIDE, VOTE_STRIDE = 4, 16
HEAT_CELLS, VOTE_CELLS = SIZE // HEAT_STRIDE, SIZE // VOTE_STRIDE
VOTE_UNIT = 64.0  # px: votes are of the order of 1
# A corner's map is high in 9 cells of 4096, a card covers 6 % of a frame: the first steps need not learn that.
_CORNER_PRIOR, _CARD_PRIOR = -math.log(99), -math.log(15)


class Outputs(NamedTuple):
    """What the network says of N frames; all but votes are logits.

    Attributes:
        heat: (N, 4, 64, 64), a map for each corner: TL, TR, BR, BL of the print.
        mask: (N, 1, 64, 64), the card's area, also where a finger lies on it.
        votes: (N, 8, 16, 16), from a cell's centre to the corners, x then y of TL, TR, BR, BL, in units of 64 px.
        flags: (N, 6), an e-KTP is there, its print is mirrored, and its quarter turns clockwise (0, 1, 2, 3).
    """

    heat: Tensor
    mask: Tensor
    votes: Tensor
    flags: Tensor


class Locator(nn.Module):
    """(N, 3, 256, 256) float32 RGB in 0–1 → Outputs."""

    def __init__(self) -> None:
        super().__init__()
        # Dense 3×3 above stride 16: inverted residuals there are wide, and half of a step's time was their memory.
        self.stem = nn.Sequential(_conv(3, 16, 3, stride=2), _conv(16, 24, 3, stride=2), Plain(24))
        self.eighth = nn.Sequential(_conv(24, 48, 3, stride=2), Residual(48, 48, 2), Residual(48, 48, 2))
        self.sixteenth = nn.Sequential(Residual(48, 96, 3, stride=2), *(Residual(96, 96, 3) for _ in range(3)))
        self.context = nn.Sequential(
            Residual(96, 160, 3, stride=2), Residual(160, 160, 3, kernel=5), Residual(160, 160, 3, kernel=5)
        )
        self.to_sixteenth = Join(160, 96, kernel=5)
        self.to_eighth = Join(96, 48, kernel=5)
        self.to_quarter = Join(48, 24, kernel=3)
        self.maps = nn.Sequential(_separable(24, 32, 5), nn.Conv2d(32, 5, 1))
        self.votes = nn.Sequential(_separable(96, 96, 5), nn.Conv2d(96, 8, 1))
        self.attention = nn.Conv2d(96, 1, 1)
        self.flags = nn.Sequential(nn.Linear(96 + 160, 64), nn.ReLU(), nn.Linear(64, 6))
        self._start()

    def forward(self, frames: Tensor) -> Outputs:
        """See the class. Centring is done here, so that no caller can forget it; the first BatchNorm scales."""
        quarter = self.stem(frames - 0.5)
        eighth = self.eighth(quarter)
        sixteenth = self.sixteenth(eighth)
        deep = self.context(sixteenth)
        sixteenth = self.to_sixteenth(deep, sixteenth)
        maps = self.maps(self.to_quarter(self.to_eighth(sixteenth, eighth), quarter))
        # The mean alone would drown a card of 30 px: 1 cell in 64. The weighted mean looks where a card seems to be.
        weights = self.attention(sixteenth).flatten(2).softmax(2)
        looked_at = (sixteenth.flatten(2) * weights).sum(2)
        flags = self.flags(torch.cat([looked_at, deep.mean((2, 3))], 1))
        return Outputs(maps[:, :4], maps[:, 4:], self.votes(sixteenth), flags)

    def _start(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, Residual) and module.adds:
                last = module.layers[-1]
                assert isinstance(last, nn.BatchNorm2d)
                nn.init.zeros_(last.weight)  # a block starts as the identity
        for head in (self.maps[-1], self.votes[-1], self.attention):
            assert isinstance(head, nn.Conv2d)
            nn.init.normal_(head.weight, std=0.01)
        maps = self.maps[-1]
        assert isinstance(maps, nn.Conv2d)
        assert maps.bias is not None
        nn.init.normal_(maps.weight[4:], std=0.1)
        nn.init.constant_(maps.bias[:4], _CORNER_PRIOR)
        nn.init.constant_(maps.bias[4:], _CARD_PRIOR)


class Plain(nn.Module):
    """A dense 3×3 with a shortcut, for maps that are large and of few channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layer = _conv(channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) → the same."""
        y: Tensor = self.layer(x)
        return x + y


class Residual(nn.Module):
    """MobileNetV2's inverted residual: widen by 1×1, filter each channel, narrow by 1×1 without an activation."""

    def __init__(self, inputs: int, outputs: int, widen: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__()
        wide = inputs * widen
        self.adds = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            _conv(inputs, wide, 1),
            _conv(wide, wide, kernel, stride, groups=wide),
            nn.Conv2d(wide, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H / stride, W / stride)."""
        y: Tensor = self.layers(x)
        return x + y if self.adds else y


class Join(nn.Module):
    """A step of the decoder: the coarse map, narrowed and doubled in size, added to the finer one, then smoothed."""

    def __init__(self, coarse: int, fine: int, kernel: int) -> None:
        super().__init__()
        self.narrow = nn.Sequential(nn.Conv2d(coarse, fine, 1, bias=False), nn.BatchNorm2d(fine))
        self.smooth = _separable(fine, fine, kernel)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """(N, coarse, H, W) and (N, fine, 2H, 2W) → (N, fine, 2H, 2W)."""
        doubled = nn.functional.interpolate(self.narrow(coarse), scale_factor=2.0, mode="nearest")
        joined: Tensor = self.smooth(fine + doubled)
        return joined


def channels_last(network: Locator) -> Locator:
    """The same network with its weights laid out as oneDNN's convolutions read them on a processor."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def parameters(network: nn.Module) -> int:
    """How many numbers are learned."""
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_adds(network: Locator) -> int:
    """Multiply-adds of the convolutions and linear layers for one frame."""
    total = 0

    def count(module: nn.Module, _: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += output[0].numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            total += module.weight.numel()

    hooks = [module.register_forward_hook(count) for module in network.modules()]
    training = network.training
    with torch.no_grad():
        network.eval()(torch.zeros(1, 3, SIZE, SIZE))
    network.train(training)
    for hook in hooks:
        hook.remove()
    return total


def _conv(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def _separable(inputs: int, outputs: int, kernel: int) -> nn.Sequential:
    """Filter each channel, then mix; an activation after the mixing only."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, kernel, padding=kernel // 2, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        _conv(inputs, outputs, 1),
    )
