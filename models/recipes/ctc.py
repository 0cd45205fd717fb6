"""Connectionist temporal classification (Graves et al., 2006)."""

import torch
from torch.nn import functional

from alphabet import BLANK


def steps_needed(label):
    """Steps that the shortest path of a label has: a blank must stand between equal neighbors."""
    return len(label) + sum(a == b for a, b in zip(label, label[1:]))


def ctc_loss(logits, labels, lengths, weights):
    """Mean over the lines, by weight, of each one's loss a character, in nats.

    `logits`: steps x lines x classes. `labels`: all lines' one after the other. Lines that have no path count as 0.
    """
    steps = torch.full_like(lengths, logits.shape[0])
    log_probabilities = functional.log_softmax(logits.float(), 2)
    losses = functional.ctc_loss(
        log_probabilities, labels, steps, lengths, BLANK, reduction="none", zero_infinity=True
    )
    weights = weights.to(losses.device)
    return (losses / lengths.to(losses.device) * weights).sum() / weights.sum()


def best_paths(logits):
    """Lines x steps: each step's likeliest class."""
    return logits.argmax(2).T.tolist()
