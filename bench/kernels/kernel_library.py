"""The kernels as ctypes functions over numpy arrays."""

import ctypes
import pathlib

import numpy as np

from comparison import LEVELS

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def pointer(array: np.ndarray) -> ctypes.c_void_p:
    if not array.flags.c_contiguous:
        raise ValueError("Expected a packed array.")
    return ctypes.c_void_p(array.ctypes.data)


class KernelLibrary:
    """`functions` is the loaded library; entries declare and call the placard_bench_* functions that they need."""

    def __init__(self, path: pathlib.Path):
        self.functions = ctypes.CDLL(str(path))
        self.functions.placard_bench_compiler.restype = ctypes.c_char_p

    def levels(self) -> list[str]:
        """The CPU levels that this processor runs."""
        found = [name for i, name in enumerate(LEVELS) if self.functions.placard_bench_force_level(i) == i]
        self.force(found[-1])
        return found

    def force(self, level: str) -> None:
        self.functions.placard_bench_force_level(LEVELS.index(level))

    def compiler(self) -> str:
        return self.functions.placard_bench_compiler().decode()
