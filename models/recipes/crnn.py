"""A line recognizer in the spirit of CRNN (Shi, Bai and Yao, 2015): convolutions, one LSTM from both ends, CTC's logits."""

import torch
from torch import nn

HEIGHT = 32
MULTIPLE = 4
"""Columns of an input are a multiple of this; each four make a step."""

# What follows the stem: (channels, strides down and across). `None` is a block that keeps its channels and adds its input.
LAYOUT = ((64, (2, 2)), None, (128, (2, 1)), None, None, (256, (2, 1)), None)


class Convolution(nn.Module):
    """Convolution, batch normalization, ReLU; `adds` puts the input onto the normalized sums, without a change of size."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, padding=1, adds=False):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.normalization = nn.BatchNorm2d(outputs)
        self.adds = adds

    def forward(self, maps):
        sums = self.normalization(self.convolution(maps))
        return torch.relu_(sums + maps if self.adds else sums)

    def fused(self):
        """Weight and bias of the one convolution that this is once it is trained."""
        norm = self.normalization
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = self.convolution.weight * factor[:, None, None, None]
        return weight.detach(), (norm.bias - norm.running_mean * factor).detach()


class Crnn(nn.Module):
    """Lines x channels x 32 x columns, in -1 ... 1, become steps x lines x classes; ceil(columns / 4) steps.

    `auxiliary`: while it trains it gives a second answer, of the convolutions alone: a path through CTC is found far sooner
    where the loss need not come through the LSTM. `narrow`: numbers of a step that thousands of classes are told apart by; without it, all that the LSTM gives.
    """

    def __init__(self, classes, channels=1, stem=32, layout=LAYOUT, hidden=160, narrow=None, auxiliary=True):
        super().__init__()
        layers, width = [Convolution(channels, stem, stride=2)], stem
        for part in layout:
            outputs, stride = part or (width, 1)
            layers.append(Convolution(width, outputs, stride=stride, adds=part is None))
            width = outputs
        layers.append(Convolution(width, width, kernel=(2, 1), padding=0))
        self.columns = nn.Sequential(*layers)
        self.recurrence = nn.LSTM(width, hidden, bidirectional=True)
        self.narrowed = nn.Linear(2 * hidden, narrow, bias=False) if narrow else nn.Identity()
        self.symbols = nn.Linear(narrow or 2 * hidden, classes)
        self.auxiliary = self._auxiliary(width, classes, narrow) if auxiliary else None

    @staticmethod
    def _auxiliary(width, classes, narrow):
        if not narrow:
            return nn.Linear(width, classes)
        return nn.Sequential(nn.Linear(width, narrow, bias=False), nn.Linear(narrow, classes))

    def answer_in(self, vectors, biases):
        """Answers in these vectors and biases of the classes from now on: they are not learned."""
        for parameter, values in ((self.symbols.weight, vectors), (self.symbols.bias, biases)):
            parameter.data.copy_(torch.from_numpy(values))
            parameter.requires_grad_(False)

    @staticmethod
    def steps_of(columns):
        return -(-columns // MULTIPLE)

    def forward(self, lines):
        columns = self.columns(lines).squeeze(2).permute(2, 0, 1)
        logits = self.symbols(self.narrowed(self.recurrence(columns)[0]))
        return (logits, self.auxiliary(columns)) if self.training and self.auxiliary else logits
