"""Weights and pictures by formula, the same here and in test/unit/formula.ts: nothing has to be kept to compare networks.

Needs numpy and torch.
"""

import json
import re
from pathlib import Path

import numpy as np
import torch


def fractions(name, count):
    """Numbers in -1 … 1 that look random: a hash of the name, then of each place."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    mixed = np.arange(count, dtype=np.uint64) + np.uint64(seed)
    mixed = (mixed * 0x9E3779B1 % 2**32).astype(np.uint64)
    mixed ^= mixed >> np.uint64(15)
    mixed = mixed * np.uint64(0x85EBCA6B) % np.uint64(2**32)
    mixed ^= mixed >> np.uint64(13)
    mixed = mixed * np.uint64(0xC2B2AE35) % np.uint64(2**32)
    mixed ^= mixed >> np.uint64(16)
    return mixed.astype(np.float64) / 2**31 - 1


def tensor_of(name, shape):
    """What a layer holds when it was just made: wide enough that signals neither die nor grow."""
    values = fractions(name, int(np.prod(shape)))
    if name.endswith("running_var"):
        values = 1 + values / 2
    elif len(shape) == 1:
        values = (1 if name.endswith(".weight") else 0) + values / 10
    else:
        inputs = np.prod(shape[1:])
        values = values * np.sqrt((6 if len(shape) == 4 else 3) / inputs)
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def fill(network):
    """Gives a network weights by formula."""
    state = network.state_dict()
    for name, tensor in state.items():
        if tensor.is_floating_point():
            state[name] = tensor_of(name, tuple(tensor.shape))
    network.load_state_dict(state)
    return network.eval()


def load(network, path):
    """Gives a network the weights of a checkpoint."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    state = state.get("state_dict", state)
    network.load_state_dict({re.sub(r"^module\.", "", name): tensor for name, tensor in state.items()})
    return network.eval()


def picture(width, height, channels):
    """Samples 0 … 255 of stripes and blocks, height x width x channels."""
    y, x, c = np.indices((height, width, channels))
    ground = (x * 5 + y * 3 + c * 40) % 256
    return np.where((x // 12 + y // 10) % 3 == 0, 230 - ground // 4, ground)


def inputs(width, height, mean, std):
    samples = picture(width, height, len(mean)) / 255
    values = (samples - np.array(mean)) / np.array(std)
    return torch.from_numpy(values.astype(np.float32).transpose(2, 0, 1)[None])


def grid(network, width, height, mean, std, step):
    """Every so many numbers of the output, and what to make it anew from."""
    with torch.no_grad():
        output = network(inputs(width, height, mean, std)).flatten()
    return {
        "width": width,
        "height": height,
        "step": step,
        "values": [float(f"{value:.6g}") for value in output[::step].tolist()],
        "tensors": {name: list(tensor.shape) for name, tensor in network.state_dict().items()},
    }


def write(path, grids):
    Path(path).write_text(json.dumps(grids, separators=(",", ":")).replace('"values"', '\n"values"').replace('"tensors"', '\n"tensors"') + "\n")
