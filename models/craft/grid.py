"""Writes grid.json: what CRAFT and its refiner answer in PyTorch, which test/native/conversion.test.ts holds the converted networks against.

    python3 models/craft/grid.py                               weights by formula, into grid.json
    python3 models/craft/grid.py craft_mlt_25k.pth grid.json   a checkpoint's, into a file that stays on this machine

Needs numpy and torch.
"""

import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import interpolate

sys.path.append(str(Path(__file__).parents[1] / "recipes"))
from formula import fill, grid, load, write  # noqa: E402

# VGG16's convolutions with batch normalization; None is a pool.
TRUNK = [64, 64, None, 128, 128, None, 256, 256, 256, None, 512, 512, 512, None, 512, 512]
SLICES = [range(0, 12), range(12, 19), range(19, 29), range(29, 39)]
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def trunk_layers():
    """By their places, as torchvision counts them. ReLU works in place, which the taps before it show."""
    layers, inputs = [], 3
    for outputs in TRUNK:
        if outputs is None:
            layers.append(nn.MaxPool2d(2))
            continue
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
        inputs = outputs
    return layers


class Trunk(nn.Module):
    def __init__(self):
        super().__init__()
        layers = trunk_layers()
        for number, places in enumerate(SLICES, 1):
            part = nn.Sequential()
            for place in places:
                part.add_module(str(place), layers[place])
            setattr(self, f"slice{number}", part)
        self.slice5 = nn.Sequential(
            nn.MaxPool2d(3, 1, 1), nn.Conv2d(512, 1024, 3, padding=6, dilation=6), nn.Conv2d(1024, 1024, 1)
        )

    def forward(self, image):
        half = self.slice1(image)
        quarter = self.slice2(half)
        eighth = self.slice3(quarter)
        sixteenth = self.slice4(eighth)
        return self.slice5(sixteenth), sixteenth, eighth, quarter, half


class Step(nn.Module):
    def __init__(self, inputs, middle, outputs):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(inputs, middle, 1), nn.BatchNorm2d(middle), nn.ReLU(),
            nn.Conv2d(middle, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(),
        )

    def forward(self, *maps):
        return self.conv(torch.cat(maps, 1))


class Craft(nn.Module):
    def __init__(self):
        super().__init__()
        self.basenet = Trunk()
        self.upconv1, self.upconv2 = Step(1536, 512, 256), Step(768, 256, 128)
        self.upconv3, self.upconv4 = Step(384, 128, 64), Step(192, 64, 32)
        self.conv_cls = nn.Sequential(
            nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
            nn.Conv2d(32, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 1), nn.ReLU(), nn.Conv2d(16, 2, 1),
        )

    def features(self, image):
        deep, sixteenth, eighth, quarter, half = self.basenet(image)

        def larger(value, tap):
            return interpolate(value, size=tap.shape[2:], mode="bilinear", align_corners=False)

        value = self.upconv1(deep, sixteenth)
        value = self.upconv2(larger(value, eighth), eighth)
        value = self.upconv3(larger(value, quarter), quarter)
        return self.upconv4(larger(value, half), half)

    def forward(self, image):
        return self.conv_cls(self.features(image))


class LinkRefiner(nn.Module):
    def __init__(self):
        super().__init__()
        self.last_conv = nn.Sequential()
        for number, inputs in enumerate([34, 64, 64]):
            layers = [nn.Conv2d(inputs, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU()]
            for place, layer in enumerate(layers, 3 * number):
                self.last_conv.add_module(str(place), layer)
        for number, dilation in enumerate([6, 12, 18, 24], 1):
            branch = nn.Sequential(
                nn.Conv2d(64, 128, 3, padding=dilation, dilation=dilation), nn.BatchNorm2d(128), nn.ReLU(),
                nn.Conv2d(128, 128, 1), nn.BatchNorm2d(128), nn.ReLU(), nn.Conv2d(128, 1, 1),
            )
            setattr(self, f"aspp{number}", branch)

    def forward(self, maps):
        value = self.last_conv(maps)
        return self.aspp1(value) + self.aspp2(value) + self.aspp3(value) + self.aspp4(value)


def refined(detector, refiner):
    """The detector's maps, with the refiner's affinity."""

    def run(image):
        features = detector.features(image)
        maps = detector.conv_cls(features)
        return torch.cat([maps[:, :1], refiner(torch.cat([maps, features], 1))], 1)

    run.state_dict = refiner.state_dict
    return run


def main(checkpoint=None, path=Path(__file__).with_name("grid.json")):
    detector = load(Craft(), checkpoint) if checkpoint else fill(Craft())
    picture = {"width": 96, "height": 64, "mean": MEAN, "std": STD, "step": 37}
    grids = {"craft": grid(detector, **picture)}
    if not checkpoint:
        grids["craft-refiner"] = grid(refined(detector, fill(LinkRefiner())), **picture)
    write(path, grids)


if __name__ == "__main__":
    main(*sys.argv[1:])
