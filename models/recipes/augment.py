"""Changes lines and pictures at random where they are trained on, a batch at a time. All of it follows from a seed and the step."""

import math
from dataclasses import dataclass, replace

import torch
from torch.nn import functional


WIDTHS = 8
"""Columns of changed lines are a multiple of this."""


@dataclass(frozen=True)
class Strength:
    """Shares of the lines that each change meets, and how far it goes at most. Lengths are shares of the line's height."""

    bend: float = 0.5
    shift: float = 0.10
    slope: float = 0.12
    arc: float = 0.10
    slant: float = 0.35
    stretch: float = 0.12
    taper: float = 0.10
    coarsen: float = 0.25
    coarsest: float = 0.4
    blur: float = 0.25
    widest_blur: float = 1.6
    tone: float = 0.6
    contrast: float = 0.9
    gamma: float = 0.7
    invert: float = 0.1
    noise: float = 0.3
    loudest_noise: float = 0.12
    cut: float = 0.05
    widen: float = 0.35
    tint: float = 0.5
    strongest_tint: float = 0.25

    def scaled(self, factor):
        """The same changes of fewer lines."""
        shares = ("bend", "coarsen", "blur", "tone", "invert", "noise", "cut", "widen", "tint")
        return replace(self, **{name: getattr(self, name) * factor for name in shares})


class Augmentation:
    """Lines x channels x height x columns of 8 bits on any device become lines in 0 ... 1 on the same one. `changes`: of this file.

    Over the first `ramp` steps ever more lines are changed: CTC has to find where characters are before it can bear that
    they are bent and blurred, and takes many times as long where they are from the beginning.
    """

    def __init__(self, seed, ramp, changes, strength=Strength()):
        self.seed, self.ramp, self.changes, self.strength = seed, ramp, changes, strength

    def __call__(self, samples, step):
        random = torch.Generator(samples.device).manual_seed(self.seed * 1_000_003 + step)
        lines = samples.float() / 255
        strength = self.strength.scaled(min(1.0, step / self.ramp) if self.ramp else 1.0)
        for change in self.changes:
            lines = change(lines, strength, random)
        return lines.clamp_(0, 1)


def uniform(lines, random, least=-1.0, most=1.0):
    """A number for each line."""
    return torch.rand(len(lines), generator=random, device=lines.device) * (most - least) + least


def some(lines, random, share):
    """1 for about a share of the lines, 0 for the others."""
    return (uniform(lines, random, 0, 1) < share).float()


def widen(lines, most, random):
    """Other columns for the same lines, one factor a batch: letters are narrow and wide."""
    factor = 2 ** float(uniform(lines[:1], random) * most.widen)
    width = round(lines.shape[3] * factor / WIDTHS) * WIDTHS
    return functional.interpolate(lines, (lines.shape[2], width), mode="bilinear", align_corners=False, antialias=factor < 1)


def bend(lines, most, random):
    """Slope, arc, slant, stretch, shift and a taper towards one end, as a text that is seen from aside has them."""
    count, _, height, width = lines.shape
    chosen = some(lines, random, most.bend)

    def amount(limit):
        return (uniform(lines, random) * chosen * limit)[:, None, None]

    y = torch.linspace(-1, 1, height, device=lines.device)[None, :, None]
    x = torch.linspace(-1, 1, width, device=lines.device)[None, None, :]
    # Places run from -1 to 1 in both ways: a share of the height is twice as much of them.
    down = y * (1 + amount(most.stretch) + amount(most.taper) * x) + 2 * (
        amount(most.shift) + amount(most.slope) * x + amount(most.arc) * (x * x - 0.5)
    )
    across = x * (1 + amount(most.stretch) / 2) + y * amount(most.slant) * (height / width)
    grid = torch.stack([across.expand(count, height, width), down.expand(count, height, width)], 3)
    return functional.grid_sample(lines, grid, padding_mode="border", align_corners=True)


def coarsen(lines, most, random):
    """Fewer pixels and back, as of a text far away: one factor a batch, for some of its lines."""
    chosen = some(lines, random, most.coarsen)
    factor = float(uniform(lines[:1], random, most.coarsest, 0.95))
    size = lines.shape[2:]
    small = functional.interpolate(lines, [max(4, round(side * factor)) for side in size], mode="bilinear", antialias=True)
    coarse = functional.interpolate(small, size, mode="bilinear", align_corners=False)
    return torch.lerp(lines, coarse, chosen[:, None, None, None])


def blur(lines, most, random):
    """A Gaussian of its own width along each axis: out of focus, or in motion."""
    count, channels, height, width = lines.shape
    chosen = some(lines, random, most.blur)
    reach = math.ceil(2 * most.widest_blur)
    taps = torch.arange(-reach, reach + 1, device=lines.device).float()

    def kernel():
        deviation = uniform(lines, random, 0.3, most.widest_blur) * chosen + 1e-3
        weights = torch.exp(-(taps**2)[None] / (2 * deviation**2)[:, None])
        return (weights / weights.sum(1, keepdim=True)).repeat_interleave(channels, 0)[:, None]

    # Each line is a group of its own, so that each has a kernel of its own.
    flat = functional.pad(lines.reshape(1, count * channels, height, width), (reach,) * 4, "replicate")
    flat = functional.conv2d(flat, kernel()[:, :, None, :], groups=count * channels)
    flat = functional.conv2d(flat, kernel()[:, :, :, None], groups=count * channels)
    return flat.reshape(count, channels, height, width)


def change_tone(lines, most, random):
    """Contrast about the line's mean, brightness, gamma, and now and then the negative."""
    chosen = some(lines, random, most.tone)
    # Signs in the dark and letters of glass have a few levels; more than a factor of two is rare the other way.
    contrast = torch.exp2(uniform(lines, random, -2, 0.6) * chosen * most.contrast)[:, None, None, None]
    mean = lines.mean((1, 2, 3), keepdim=True)
    # As bright as the range leaves room for: what is flattened to black or white cannot be read by anyone.
    room = (1 - (lines.amax((1, 2, 3)) - lines.amin((1, 2, 3))) * contrast.flatten()).clamp_(0) / 2
    brightness = (uniform(lines, random) * chosen * room)[:, None, None, None]
    lines = ((lines - mean) * contrast + mean + brightness).clamp(1e-4, 1)
    lines = lines ** torch.exp2(uniform(lines, random) * chosen * most.gamma)[:, None, None, None]
    negative = some(lines, random, most.invert)[:, None, None, None]
    return torch.lerp(lines, 1 - lines, negative)


def cut_column(lines, most, random):
    """Hides a few columns behind the line's mean: a post, a fold, a glare."""
    chosen = some(lines, random, most.cut)
    width = lines.shape[3]
    left = uniform(lines, random, 0, width)[:, None]
    columns = torch.arange(width, device=lines.device)[None]
    hidden = (columns >= left) & (columns < left + uniform(lines, random, 1, 4)[:, None]) & (chosen[:, None] > 0)
    return torch.where(hidden[:, None, None, :], lines.mean((1, 2, 3), keepdim=True), lines)


def add_noise(lines, most, random):
    """Normal noise, of each line's own strength."""
    deviation = uniform(lines, random, 0, most.loudest_noise) * some(lines, random, most.noise)
    noise = torch.randn(lines.shape, generator=random, device=lines.device)
    return lines + noise * deviation[:, None, None, None]


def tint(pictures, most, random):
    """Each color brighter or darker by itself, or all of them the same gray."""
    chosen = some(pictures, random, most.tint)[:, None]
    factor = torch.rand(pictures.shape[:2], generator=random, device=pictures.device) * 2 - 1
    gray = some(pictures, random, 0.2)[:, None] * chosen
    pictures = torch.lerp(pictures, pictures.mean(1, keepdim=True), gray[:, :, None, None])
    return pictures * torch.exp2(factor * chosen * most.strongest_tint)[:, :, None, None]


OF_LINES = (widen, bend, coarsen, blur, change_tone, cut_column, add_noise)
OF_PICTURES = (coarsen, blur, change_tone, tint, add_noise)
