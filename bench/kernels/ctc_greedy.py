"""Greedy CTC reading of a recognizer's output, beside numpy's arg-max, as Python wrappers do it."""

import numpy as np

from comparison import Comparison
from kernel_library import KernelLibrary, pointer

CLASSES = 18710
# More lines than a cache holds, read in turns: a recognizer's output has not been looked at before.
LINES = 8


def outputs(steps: int) -> np.ndarray:
    """Probabilities of lines: a sure class in each step, the blank in every other one."""
    random = np.random.default_rng(4)
    values = random.random((LINES, steps, CLASSES), np.float32) * np.float32(0.02 / CLASSES)
    best = random.integers(1, CLASSES, (LINES, steps))
    best[:, ::2] = 0
    np.put_along_axis(values, best[..., None], random.uniform(0.5, 0.98, (LINES, steps, 1)).astype(np.float32), axis=2)
    return values


def greedy(library: KernelLibrary, steps: int) -> Comparison:
    lines = outputs(steps)
    symbols, confidences = np.empty(steps, np.int32), np.empty(steps, np.float32)
    turns = {"ours": 0, "theirs": 0}

    def next_line(who: str) -> np.ndarray:
        turns[who] = (turns[who] + 1) % LINES
        return lines[turns[who]]

    def ours():
        line = next_line("ours")
        count = library.functions.placard_bench_ctc_greedy(
            pointer(line), steps, CLASSES, pointer(symbols), pointer(confidences)
        )
        return symbols[:count], confidences[:count]

    def theirs():
        line = next_line("theirs")
        best = line.argmax(axis=1)
        held = best != 0
        held[1:] &= best[1:] != best[:-1]
        return best[held], line[held].max(axis=1)

    def difference(own, other):
        turns["theirs"] = turns["ours"]
        if own[0].tolist() != other[0].tolist():
            return np.inf
        return np.abs(own[1] - other[1]).max()

    megabytes = steps * CLASSES * 4 / 1e6
    name = f"greedy CTC, {steps} steps of {CLASSES} classes, {megabytes:.1f} MB"
    return Comparison(name, "numpy argmax", ours, theirs, difference, 0, "probability")


def comparisons(library: KernelLibrary) -> list[Comparison]:
    return [greedy(library, 40), greedy(library, 160)]
