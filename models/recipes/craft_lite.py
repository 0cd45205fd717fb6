"""A light network for CRAFT's two maps (Baek et al., 2019): residual 3 x 3 convolutions down to 1/32, sums back up to 1/4."""

import torch
from torch import nn
from torch.nn import functional

from crnn import Convolution

MULTIPLE = 32
"""Sides of an input are multiples of this."""

# Of each stage: its channels, and how many blocks follow that add their input. Stages have 1/4 ... 1/32 of the picture's sides.
STAGES = ((32, 1), (64, 2), (128, 3), (192, 3))


class CraftLite(nn.Module):
    """Pictures x 3 x height x width, normalized, become pictures x 2 x height/2 x width/2: region and affinity, 0 ... 1."""

    def __init__(self, stem=24, stages=STAGES, width=64):
        super().__init__()
        self.stem = Convolution(3, stem, stride=2)
        self.stages, inputs = nn.ModuleList(), stem
        for channels, blocks in stages:
            down = Convolution(inputs, channels, stride=2)
            self.stages.append(nn.Sequential(down, *(Convolution(channels, channels, adds=True) for _ in range(blocks))))
            inputs = channels
        self.laterals = nn.ModuleList(Convolution(channels, width, 1, padding=0) for channels, _ in stages)
        self.mixed = nn.ModuleList(Convolution(width, width) for _ in stages[:-1])
        self.head = Convolution(width, width // 2)
        # Each pixel of a quarter of the sides gives the four of a half, of both maps.
        self.maps = nn.Conv2d(width // 2, 2 * 4, 1)

    def forward(self, pictures):
        values, scales = self.stem(pictures), []
        for stage in self.stages:
            values = stage(values)
            scales.append(values)
        values = self.laterals[-1](scales[-1])
        for place in reversed(range(len(scales) - 1)):
            wider = functional.interpolate(values, scale_factor=2.0, mode="nearest")
            values = self.mixed[place](wider + self.laterals[place](scales[place]))
        return functional.pixel_shuffle(self.maps(self.head(values)), 2)
