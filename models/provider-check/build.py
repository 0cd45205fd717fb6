"""Writes network.onnx, the network that providers are checked with. Needs Python alone.

    python3 models/provider-check/build.py
"""

import math
import struct
from pathlib import Path

FLOAT = 1
INT, INTS = 2, 7


def varint(value):
    value &= (1 << 64) - 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def field(number, value):
    """One field of a protobuf message: an integer, text, or the bytes of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def attribute(name, value):
    if isinstance(value, int):
        return field(5, field(1, name) + field(3, value) + field(20, INT))
    return field(5, field(1, name) + b"".join(field(8, item) for item in value) + field(20, INTS))


def node(kind, inputs, output, **attributes):
    body = b"".join(field(1, name) for name in inputs) + field(2, output) + field(4, kind)
    return field(1, body + b"".join(attribute(*item) for item in sorted(attributes.items())))


class Weights:
    """Numbers that look random and are the same everywhere, scaled as layers are initialized."""

    def __init__(self):
        self.state = 1
        self.tensors = b""

    def make(self, name, *shape):
        count = math.prod(shape)
        scale = math.sqrt(3 / math.prod(shape[1:] or (9,)))
        values = []
        for _ in range(count):
            self.state = (self.state * 1103515245 + 12345) % 2**31
            values.append((self.state / 2**30 - 1) * scale)
        dims = b"".join(field(1, extent) for extent in shape)
        raw = struct.pack(f"<{count}f", *values)
        self.tensors += field(5, dims + field(2, FLOAT) + field(8, name) + field(9, raw))
        return name


def value_info(name, *shape):
    dims = b"".join(field(1, field(1, extent) if isinstance(extent, int) else field(2, extent)) for extent in shape)
    return field(1, name) + field(2, field(1, field(1, FLOAT) + field(2, dims)))


def build():
    """What detectors are made of: strided, depthwise and pointwise convolutions, hard-swish, a gate over the channels, a
    transposed convolution and a sigmoid."""
    weights = Weights()
    nodes = [
        node("Conv", ["image", weights.make("w1", 16, 3, 3, 3), weights.make("b1", 16)], "a", kernel_shape=[3, 3],
             pads=[1, 1, 1, 1], strides=[2, 2]),
        node("HardSwish", ["a"], "b"),
        node("Conv", ["b", weights.make("w2", 16, 1, 5, 5), weights.make("b2", 16)], "c", kernel_shape=[5, 5],
             pads=[2, 2, 2, 2], group=16),
        node("HardSwish", ["c"], "d"),
        node("Conv", ["d", weights.make("w3", 32, 16, 1, 1), weights.make("b3", 32)], "e", kernel_shape=[1, 1]),
        node("GlobalAveragePool", ["e"], "f"),
        node("Conv", ["f", weights.make("w4", 32, 32, 1, 1), weights.make("b4", 32)], "g", kernel_shape=[1, 1]),
        node("HardSigmoid", ["g"], "h"),
        node("Mul", ["e", "h"], "i"),
        node("ConvTranspose", ["i", weights.make("w5", 32, 1, 2, 2), weights.make("b5", 1)], "j", kernel_shape=[2, 2],
             strides=[2, 2]),
        node("Sigmoid", ["j"], "map"),
    ]
    graph = b"".join(nodes) + field(2, "provider-check") + weights.tensors
    graph += field(11, value_info("image", 1, 3, "height", "width"))
    graph += field(12, value_info("map", 1, 1, "height", "width"))
    return field(1, 7) + field(2, "placard") + field(7, graph) + field(8, field(2, 14))


if __name__ == "__main__":
    Path(__file__).with_name("network.onnx").write_bytes(build())
