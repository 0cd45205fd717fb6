"""Connectionist temporal classification (Graves et al., 2006)."""

import torch
from torch.nn import functional

from alphabet import BLANK


def steps_needed(label):
    """Steps that the shortest path of a label has: a blank must stand between equal neighbors."""
    return len(label) + sum(a == b for a, b in zip(label, label[1:]))


class _Losses(torch.autograd.Function):
    """Each line's CTC loss, from logits: only the classes that the batch's labels have go through the recursions.

    PyTorch's own walks over all classes of all steps, which takes longer than the network where there are thousands.
    """

    @staticmethod
    def forward(context, logits, labels, lengths):
        classes, places = torch.unique(torch.cat([labels.new_full((1,), BLANK), labels]), return_inverse=True)
        total = logits.logsumexp(2, keepdim=True)
        few = (logits[:, :, classes] - total).requires_grad_()
        steps = torch.full_like(lengths, logits.shape[0])
        with torch.enable_grad():
            losses = functional.ctc_loss(few, places[1:], steps, lengths, int(places[0]), "none", zero_infinity=True)
            # PyTorch's gradient is that of logits: how likely a class is, less how likely it is on a path of the label.
            [gradient] = torch.autograd.grad(losses.sum(), few)
        on_paths = few.detach().exp_() - gradient
        context.save_for_backward(logits, total, classes, on_paths, losses.detach() > 0)
        return losses.detach()

    @staticmethod
    def backward(context, outer):
        logits, total, classes, on_paths, has_path = context.saved_tensors
        gradient = (logits - total).exp_()
        gradient[:, :, classes] -= on_paths
        return gradient.mul_((outer * has_path)[None, :, None]), None, None


def ctc_loss(logits, labels, lengths, weights):
    """Mean over the lines, by weight, of each one's loss a character, in nats.

    `logits`: steps x lines x classes. `labels`: all lines' one after the other. Lines that have no path count as 0.
    """
    losses = _Losses.apply(logits.float(), labels, lengths)
    weights = weights.to(losses.device)
    return (losses / lengths.to(losses.device) * weights).sum() / weights.sum()


def best_paths(logits):
    """Lines x steps: each step's likeliest class."""
    return logits.argmax(2).T.tolist()
