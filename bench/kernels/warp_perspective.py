"""The perspective warp, to bytes and fused into a network's input, beside cv2.warpPerspective."""

import cv2
import numpy as np

from comparison import Comparison
from kernel_library import KernelLibrary, pointer
from pictures import photograph

SIZE = (1280, 720)
REPLICATE = 0
FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
SCALE = np.full(3, 1 / 127.5, np.float32)
OFFSET = np.full(3, -1, np.float32)


def matrix_to(width: int, height: int, quad: list[list[float]]) -> np.ndarray:
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.getPerspectiveTransform(corners, np.array(quad, np.float32))


SIGN = [[400, 300], [690, 330], [700, 440], [390, 400]]
TEXT_LINE = [[200, 250], [1000, 300], [996, 420], [196, 360]]


def opencv_warp(source: np.ndarray, matrix: np.ndarray, size: tuple[int, int], out: np.ndarray) -> np.ndarray:
    return cv2.warpPerspective(source, matrix, size, dst=out, flags=FLAGS, borderMode=cv2.BORDER_REPLICATE)


def to_bytes(library: KernelLibrary, channels: int, target: dict[str, float]) -> Comparison:
    source, size = photograph(*SIZE, channels), (300, 100)
    matrix = matrix_to(*size, SIGN)
    own = np.empty((size[1], size[0], channels) if channels > 1 else size[::-1], np.uint8)
    other = np.empty_like(own)

    def ours():
        library.functions.placard_bench_warp(
            pointer(source), *SIZE, channels, pointer(matrix), REPLICATE, pointer(own), *size
        )
        return own

    def theirs():
        return opencv_warp(source, matrix, size, other)

    def difference(a, b):
        return np.abs(a.astype(int) - b).max()

    name = f"warp 300x100 of {SIZE[0]}x{SIZE[1]}, {channels} channel{'s' if channels > 1 else ''}"
    return Comparison(name, "cv2.warpPerspective", ours, theirs, difference, 1, target=target)


def fused(library: KernelLibrary, size: tuple[int, int], quad: list[list[float]], oversample: int,
          target: dict[str, float]) -> list[Comparison]:
    source = photograph(*SIZE)
    matrix = matrix_to(*size, quad)
    tensor = np.empty((3, size[1], size[0]), np.float32)
    fine_size = (size[0] * oversample, size[1] * oversample)
    fine = np.empty((fine_size[1], fine_size[0], 3), np.uint8)
    # The fine picture's pixel centers, in the coarse one's pixels.
    shift = 0.5 / oversample - 0.5
    to_coarse = np.array([[1 / oversample, 0, shift], [0, 1 / oversample, shift], [0, 0, 1]])
    fine_matrix = matrix @ to_coarse

    def ours():
        library.functions.placard_bench_warp_normalize(
            pointer(source), *SIZE, 3, pointer(matrix), REPLICATE, oversample,
            pointer(SCALE), pointer(OFFSET), 1, pointer(tensor), *size,
        )  # fmt: skip
        return tensor

    def warp_then_blob():
        warped = opencv_warp(source, fine_matrix, fine_size, fine)
        if oversample > 1:
            warped = cv2.resize(warped, size, interpolation=cv2.INTER_AREA)
        return cv2.dnn.blobFromImage(warped, 1 / 127.5, size, (127.5, 127.5, 127.5), swapRB=True)[0]

    def bare_warp():
        return opencv_warp(source, fine_matrix, fine_size, fine)

    def gray_levels(a, b):
        return np.abs(a - b).max() * 127.5

    def against_bytes(a, b):
        return gray_levels(a, b.transpose(2, 0, 1)[::-1].astype(np.float32) / 127.5 - 1)

    samples = f", {oversample}x{oversample} samples" if oversample > 1 else ""
    name = f"warp + normalize {size[0]}x{size[1]} of {SIZE[0]}x{SIZE[1]}{samples}"
    both = Comparison(name, "cv2.warpPerspective + blobFromImage", ours, warp_then_blob, gray_levels, 1.01)
    if oversample > 1:
        return [both]
    return [Comparison(name, "cv2.warpPerspective alone", ours, bare_warp, against_bytes, 0.51, target=target), both]


def luma(library: KernelLibrary, size: tuple[int, int], quad: list[list[float]]) -> Comparison:
    source = photograph(*SIZE)
    matrix = matrix_to(*size, quad)
    tensor = np.empty(size[::-1], np.float32)
    warped = np.empty((size[1], size[0], 3), np.uint8)

    def ours():
        library.functions.placard_bench_warp_normalize(
            pointer(source), *SIZE, 3, pointer(matrix), REPLICATE, 1,
            pointer(SCALE), pointer(OFFSET), 2, pointer(tensor), *size,
        )  # fmt: skip
        return tensor

    def theirs():
        gray = cv2.cvtColor(opencv_warp(source, matrix, size, warped), cv2.COLOR_RGB2GRAY)
        return cv2.addWeighted(gray, 1 / 127.5, gray, 0, -1, dtype=cv2.CV_32F)

    def gray_levels(a, b):
        return np.abs(a - b).max() * 127.5

    name = f"warp + luma + normalize {size[0]}x{size[1]} of {SIZE[0]}x{SIZE[1]}"
    return Comparison(name, "cv2.warpPerspective + cvtColor + addWeighted", ours, theirs, gray_levels, 1.5)


def comparisons(library: KernelLibrary) -> list[Comparison]:
    library.functions.placard_bench_warp.restype = None
    library.functions.placard_bench_warp_normalize.restype = None
    return [
        to_bytes(library, 3, {"avx2": 1.7}),
        to_bytes(library, 1, {}),
        *fused(library, (300, 100), SIGN, 1, {"avx2": 1.7}),
        *fused(library, (320, 48), TEXT_LINE, 1, {}),
        *fused(library, (320, 48), TEXT_LINE, 2, {}),
        luma(library, (320, 64), TEXT_LINE),
    ]
