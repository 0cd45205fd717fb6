"""Reads lines with a network, in torch or exported, as placard's engine does: the same columns, the likeliest path."""

from collections import defaultdict

import numpy as np
import torch

from lines import fill, filled
from metrics import Scores

TOGETHER = 32


def read_lines(logits_of, lines, alphabet):
    """Texts of lines (height x width x channels of 8 bits). `logits_of`: lines x steps x classes of lines in -1 ... 1."""
    by_width, texts = defaultdict(list), [""] * len(lines)
    for place, line in enumerate(lines):
        by_width[filled(line.shape[1])].append(place)
    for width, places in by_width.items():
        for first in range(0, len(places), TOGETHER):
            chosen = places[first : first + TOGETHER]
            samples = np.stack([fill(lines[place], width) for place in chosen]).transpose(0, 3, 1, 2)
            paths = logits_of(samples.astype(np.float32) / 127.5 - 1).argmax(2)
            for place, path in zip(chosen, paths.tolist()):
                texts[place] = alphabet.decode(path)
    return texts


def in_torch(network, device):
    def logits_of(lines):
        with torch.no_grad():
            return network(torch.from_numpy(lines).to(device)).permute(1, 0, 2).float().cpu().numpy()

    return logits_of


def in_session(session):
    return lambda lines: session.run(None, {"line": lines})[0]


def score(texts, truths):
    scores = Scores()
    for text, right in zip(texts, truths, strict=True):
        scores.add(right, text)
    return scores.figures()
