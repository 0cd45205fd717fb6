"""Muon (Jordan et al., 2024): momentum whose directions are all made equally strong, for the weights that are matrices."""

import torch

# The quintic of Newton and Schulz that lifts small singular values fastest; they end between 0.7 and 1.2.
_QUINTIC = (3.4445, -4.7750, 2.0315)
_ROUNDS = 5
_RMS = 0.2
"""Of an update's numbers at a rate of one, about that of AdamW's (Liu et al., 2025): one rate serves both."""


def orthogonal(matrices):
    """... x rows x columns: the singular values go to about 1, the singular vectors stay.

    The rounds are polynomials in the Gram matrix of the shorter side, so that only two products have the longer one.
    """
    if matrices.shape[-2] > matrices.shape[-1]:
        return orthogonal(matrices.mT).mT
    matrices = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    gram = matrices @ matrices.mT
    identity = torch.eye(gram.shape[-1], device=gram.device, dtype=gram.dtype)
    a, b, c = _QUINTIC
    product = identity
    for round in range(_ROUNDS):
        factor = a * identity + b * gram + c * (gram @ gram)
        product = factor @ product
        if round + 1 < _ROUNDS:
            gram = factor @ gram @ factor
    return product @ matrices


def stacked(parameter, parts):
    """A convolution's or a layer's weights as `parts` matrices one above the other: an LSTM's have its four gates."""
    return parameter.reshape(parts, parameter.shape[0] // parts, -1)


class Muon(torch.optim.Optimizer):
    """For weights of two and more dimensions; the first one is that of the outputs. A group's `parts`: see `stacked`."""

    def __init__(self, groups, rate, momentum=0.95, decay=0.05):
        super().__init__(groups, {"lr": rate, "momentum": momentum, "weight_decay": decay, "parts": 1})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._update(parameter, group)

    def _update(self, parameter, group):
        state = self.state[parameter]
        if not state:
            state["momentum"] = torch.zeros_like(parameter)
        momentum = state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
        matrices = stacked(parameter.grad.lerp(momentum, group["momentum"]).float(), group["parts"])
        scale = _RMS * max(matrices.shape[-2:]) ** 0.5
        update = orthogonal(matrices).reshape(parameter.shape)
        parameter.mul_(1 - group["lr"] * group["weight_decay"]).add_(update.to(parameter), alpha=-group["lr"] * scale)
