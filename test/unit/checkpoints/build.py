"""Writes the checkpoints of this folder, and what they hold, with torch itself: both formats, several types, views that share a storage.

    python3 test/unit/checkpoints/build.py
"""

import json
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).parent
NAMES = {torch.float32: "f32", torch.float64: "f64", torch.float16: "f16", torch.bfloat16: "bf16", torch.int64: "i64"}


def described(tensor):
    floats = tensor.is_floating_point()
    return {
        "dtype": NAMES[tensor.dtype],
        "shape": list(tensor.shape),
        **({"values": tensor.float().flatten().tolist()} if floats else {}),
    }


def numbers(count):
    return torch.arange(count, dtype=torch.float32) / 8 - 1


def state():
    """A convolution, a normalization with its counter, and a transposed view beside a part of the same storage."""
    network = nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2))
    network[0].weight.data = numbers(8).reshape(2, 1, 2, 2)
    network[0].bias.data = numbers(2)
    shared = numbers(12)
    return {**network.state_dict(), "transposed": shared.reshape(3, 4).t(), "part": shared[5:9]}


def main():
    halves = {name: numbers(5).to(kind) for name, kind in [("f16", torch.float16), ("bf16", torch.bfloat16), ("f64", torch.float64)]}
    plain = nn.Sequential(nn.Conv2d(1, 2, 2)).state_dict()
    plain["0.weight"], plain["0.bias"] = numbers(8).reshape(2, 1, 2, 2), numbers(2)
    parallel = type(plain)((f"module.{name}", tensor) for name, tensor in plain.items())
    files = {
        "zip.pth": (state(), state(), True),
        "legacy.pth": ({"epoch": 3, "best": 0.5, "state_dict": parallel}, plain, False),
        "half.pth": (halves, halves, True),
    }
    expected = {}
    for name, (value, tensors, is_zip) in files.items():
        torch.save(value, HERE / name, _use_new_zipfile_serialization=is_zip)
        expected[name] = {key: described(tensor) for key, tensor in tensors.items()}
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
