"""Writes grid.json: what both kinds of CRNN answer in PyTorch, which test/native/conversion.test.ts holds the converted networks against.

    python3 models/crnn-english/grid.py                            weights by formula, into grid.json
    python3 models/crnn-english/grid.py english_g2.pth grid.json   a checkpoint's, into a file that stays on this machine

Needs numpy and torch.
"""

import sys
from pathlib import Path

from torch import nn

sys.path.append(str(Path(__file__).parents[1] / "recipes"))
from formula import fill, grid, load, write  # noqa: E402


class Both(nn.Module):
    """An LSTM from both ends, then a linear layer, whose name differs from one version to the other. Steps come first."""

    def __init__(self, inputs, hidden, outputs, name):
        super().__init__()
        self.rnn = nn.LSTM(inputs, hidden, bidirectional=True)
        self.add_module(name, nn.Linear(2 * hidden, outputs))
        self.last = name

    def forward(self, steps):
        return getattr(self, self.last)(self.rnn(steps)[0])


class Crnn(nn.Module):
    def __init__(self, classes=37, hidden=256):
        super().__init__()
        self.cnn = nn.Sequential()
        inputs = 1
        for place, outputs in enumerate([64, 128, 256, 256, 512, 512, 512]):
            convolution = nn.Conv2d(inputs, outputs, 2 if place == 6 else 3, padding=0 if place == 6 else 1)
            self.cnn.add_module(f"conv{place}", convolution)
            if place in (2, 4, 6):
                self.cnn.add_module(f"batchnorm{place}", nn.BatchNorm2d(outputs))
            self.cnn.add_module(f"relu{place}", nn.ReLU())
            if place in (0, 1):
                self.cnn.add_module(f"pool{place}", nn.MaxPool2d(2))
            if place in (3, 5):
                self.cnn.add_module(f"pool{place}", nn.MaxPool2d(2, (2, 1), (0, 1)))
            inputs = outputs
        self.rnn = nn.Sequential(
            Both(512, hidden, hidden, "embedding"), Both(hidden, hidden, classes, "embedding")
        )

    def forward(self, line):
        """Batch x steps x classes."""
        return self.rnn(self.cnn(line).squeeze(2).permute(2, 0, 1)).permute(1, 0, 2)


class Extractor(nn.Module):
    def __init__(self, channels):
        super().__init__()
        eighth, quarter, half = channels // 8, channels // 4, channels // 2
        self.ConvNet = nn.Sequential(
            nn.Conv2d(1, eighth, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(eighth, quarter, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(quarter, half, 3, padding=1), nn.ReLU(),
            nn.Conv2d(half, half, 3, padding=1), nn.ReLU(), nn.MaxPool2d((2, 1)),
            nn.Conv2d(half, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(),
            nn.MaxPool2d((2, 1)), nn.Conv2d(channels, channels, 2), nn.ReLU(),
        )


class EasyOcr(nn.Module):
    def __init__(self, classes=97, channels=256, hidden=256):
        super().__init__()
        self.FeatureExtraction = Extractor(channels)
        self.SequenceModeling = nn.Sequential(
            Both(channels, hidden, hidden, "linear"), Both(hidden, hidden, hidden, "linear")
        )
        self.Prediction = nn.Linear(hidden, classes)

    def forward(self, line):
        """Batch x steps x classes."""
        columns = self.FeatureExtraction.ConvNet(line).mean(2)
        return self.Prediction(self.SequenceModeling(columns.permute(2, 0, 1))).permute(1, 0, 2)


def main(checkpoint=None, path=Path(__file__).with_name("grid.json")):
    line = {"mean": [0.5], "std": [0.5], "step": 53}
    network = load(EasyOcr(), checkpoint) if checkpoint else fill(EasyOcr())
    grids = {"crnn-easyocr": grid(network, width=150, height=64, **line)}
    if not checkpoint:
        grids["crnn"] = grid(fill(Crnn()), width=100, height=32, **line)
    write(path, grids)


if __name__ == "__main__":
    main(*sys.argv[1:])
