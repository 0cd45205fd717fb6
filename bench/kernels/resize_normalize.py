"""Resize, alone and fused with color order, normalization and layout, beside cv2.resize and cv2.dnn.blobFromImage."""

import cv2
import numpy as np

from comparison import Comparison
from kernel_library import KernelLibrary, pointer
from pictures import photograph

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


def fused(library: KernelLibrary, size: tuple[int, int], to: tuple[int, int], target: dict[str, float]) -> list[Comparison]:
    source = photograph(*size)
    tensor = np.empty((3, to[1], to[0]), np.float32)
    function = library.functions.placard_bench_resize_normalize
    shape = (*size, 3)

    def ours_with(scale: np.ndarray, offset: np.ndarray):
        def ours():
            function(pointer(source), *shape, pointer(scale), pointer(offset), 1, pointer(tensor), *to)
            return tensor

        return ours

    def blob():
        # Its one factor for all channels is all that it can do in one call: no mean and deviation by channel.
        return cv2.dnn.blobFromImage(source, 1 / 255, to, (0, 0, 0), swapRB=True)[0]

    def resize_then_normalize():
        resized = cv2.resize(source, to, interpolation=cv2.INTER_LINEAR)[:, :, ::-1]
        return ((resized * np.float32(1 / 255) - MEAN) / DEVIATION).transpose(2, 0, 1)

    def gray_levels(factor: float):
        return lambda ours, theirs: np.abs(ours - theirs).max() * factor

    name = f"resize + normalize {size[0]}x{size[1]} -> {to[0]}x{to[1]}"
    plain = ours_with(np.full(3, 1 / 255, np.float32), np.zeros(3, np.float32))
    full = ours_with(1 / (255 * DEVIATION), -MEAN / DEVIATION)
    # OpenCV rounds twice on the way (11-bit weights, then bytes): up to 0.8 of a level.
    return [
        Comparison(name, "cv2.dnn.blobFromImage", plain, blob, gray_levels(255), 1.0, target=target),
        Comparison(name, "cv2.resize + numpy", full, resize_then_normalize, gray_levels(255 * DEVIATION.max()), 1.0),
    ]


def luma(library: KernelLibrary, size: tuple[int, int], to: tuple[int, int]) -> Comparison:
    source = photograph(*size)
    tensor = np.empty((to[1], to[0]), np.float32)
    scale, offset = np.full(1, 1 / 127.5, np.float32), np.full(1, -1, np.float32)

    def ours():
        library.functions.placard_bench_resize_normalize(
            pointer(source), *size, 3, pointer(scale), pointer(offset), 2, pointer(tensor), *to
        )
        return tensor

    def theirs():
        gray = cv2.resize(cv2.cvtColor(source, cv2.COLOR_RGB2GRAY), to, interpolation=cv2.INTER_LINEAR)
        return cv2.addWeighted(gray, 1 / 127.5, gray, 0, -1, dtype=cv2.CV_32F)

    def gray_levels(a, b):
        return np.abs(a - b).max() * 127.5

    name = f"resize + luma + normalize {size[0]}x{size[1]} -> {to[0]}x{to[1]}"
    # OpenCV rounds the luma, the weights and the result.
    return Comparison(name, "cv2.cvtColor + resize + addWeighted", ours, theirs, gray_levels, 1.5)


def bytes_only(library: KernelLibrary, size: tuple[int, int], to: tuple[int, int]) -> Comparison:
    source = photograph(*size)
    own = np.empty((to[1], to[0], 3), np.uint8)
    other = np.empty_like(own)

    def ours():
        library.functions.placard_bench_resize(pointer(source), *size, 3, pointer(own), *to)
        return own

    def theirs():
        return cv2.resize(source, to, dst=other, interpolation=cv2.INTER_LINEAR)

    def difference(a, b):
        return np.abs(a.astype(int) - b).max()

    return Comparison(f"resize {size[0]}x{size[1]} -> {to[0]}x{to[1]}", "cv2.resize", ours, theirs, difference, 1)


def comparisons(library: KernelLibrary) -> list[Comparison]:
    library.functions.placard_bench_resize.restype = None
    library.functions.placard_bench_resize_normalize.restype = None
    return [
        *fused(library, (1280, 720), (960, 544), {"avx2": 4.0}),
        *fused(library, (4000, 3000), (960, 736), {}),
        luma(library, (1280, 720), (960, 544)),
        bytes_only(library, (1280, 720), (960, 544)),
    ]
