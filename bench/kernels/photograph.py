"""Drawing as a camera sees it, step by step, beside OpenCV's calls on floats that do the same."""

import ctypes

import cv2
import numpy as np

from comparison import Comparison
from kernel_library import KernelLibrary, pointer
from pictures import photograph

SIZE = (768, 768)
LINE = (400, 64)
FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


def disk(radius: float, samples: int = 8) -> np.ndarray:
    """Weights of a disk, each pixel by samples of it."""
    reach = int(np.ceil(radius + 0.5)) - 1
    places = (np.arange((2 * reach + 1) * samples) + 0.5) / samples - reach - 0.5
    inside = (places[:, None] ** 2 + places[None, :] ** 2 < radius**2).astype(np.float32)
    side = 2 * reach + 1
    weights = inside.reshape(side, samples, side, samples).sum((1, 3))
    return weights / weights.sum()


def levels(pixels: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def gray_levels(a, b):
    return np.abs(a.astype(int) - b).max()


def shot(library: KernelLibrary, size: tuple[int, int], *, blur=0.0, defocus=0.0, noise=0.0, to=None, layer=None, matrix=None):
    """A call of ours that returns its picture."""
    source = photograph(*size)
    columns, rows = to or size
    picture = np.empty((rows, columns, 3), np.uint8)
    layer = np.zeros((0, 0, 4), np.uint8) if layer is None else layer
    matrix = np.eye(3) if matrix is None else np.ascontiguousarray(matrix, np.float64)
    double = ctypes.c_double

    def ours():
        library.functions.placard_bench_photograph(
            pointer(source), *size, pointer(layer), layer.shape[1], layer.shape[0], pointer(matrix),
            double(blur), double(defocus), double(noise), pointer(picture), columns, rows,
        )  # fmt: skip
        return picture

    return source, ours


def overlay(library: KernelLibrary) -> Comparison:
    """A line drawn twice as large as it is seen: two samples a side."""
    width, height = LINE
    layer = np.dstack([photograph(2 * width, 2 * height), photograph(2 * width, 2 * height, 1)])
    seen = np.array([[5, 4], [395, 2], [390, 60], [8, 58]], np.float32)
    flat = np.array([[0, 0], [2 * width, 0], [2 * width, 2 * height], [0, 2 * height]], np.float32)
    matrix = cv2.getPerspectiveTransform(seen, flat)
    source, ours = shot(library, LINE, layer=np.ascontiguousarray(layer), matrix=matrix)
    # Of pixel centers, and of a picture of twice the size, whose pixels are the samples.
    to_coarse = np.array([[0.5, 0, 0.25], [0, 0.5, 0.25], [0, 0, 1]])
    centers = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]]) @ matrix @ to_coarse

    def theirs():
        opacity = layer[:, :, 3:].astype(np.float32) / 255
        ink = np.dstack([layer[:, :, :3] * opacity, opacity])
        fine = cv2.warpPerspective(ink, centers, (2 * width, 2 * height), flags=FLAGS, borderMode=cv2.BORDER_CONSTANT)
        mean = cv2.resize(fine, LINE, interpolation=cv2.INTER_AREA)
        return levels(source * (1 - mean[:, :, 3:]) + mean[:, :, :3])

    # OpenCV places samples to 1 / 32 pixel.
    return Comparison("a layer of 800x128 over 400x64", "cv2.warpPerspective + resize + numpy", ours, theirs, gray_levels, 4)


def lens(library: KernelLibrary) -> list[Comparison]:
    weights = disk(2.5)
    soft, ours_soft = shot(library, SIZE, blur=1.2)
    far, ours_far = shot(library, SIZE, defocus=2.5)

    def gaussian():
        side = 2 * int(np.ceil(3 * 1.2)) + 1
        return levels(cv2.GaussianBlur(soft.astype(np.float32), (side, side), 1.2, borderType=cv2.BORDER_REFLECT_101))

    def defocus():
        return levels(cv2.filter2D(far.astype(np.float32), -1, weights, borderType=cv2.BORDER_REFLECT_101))

    return [
        Comparison("Gaussian of 1.2 pixels, 768x768", "cv2.GaussianBlur", ours_soft, gaussian, gray_levels, 1),
        Comparison("disk of radius 2.5, 768x768", "cv2.filter2D", ours_far, defocus, gray_levels, 1),
    ]


def sensor(library: KernelLibrary) -> Comparison:
    source, ours = shot(library, SIZE, to=(300, 300))

    def theirs():
        return levels(cv2.resize(source.astype(np.float32), (300, 300), interpolation=cv2.INTER_AREA))

    return Comparison("768x768 to a sensor of 300x300", "cv2.resize", ours, theirs, gray_levels, 1)


def noise(library: KernelLibrary) -> Comparison:
    source, ours = shot(library, SIZE, noise=6.0)
    random = np.random.default_rng(1)

    def theirs():
        return levels(source + 6 * random.standard_normal(source.shape, np.float32))

    def deviations(a, b):
        return max(abs((picture.astype(np.float32) - source).std() - 6) for picture in (a, b))

    return Comparison("noise, 768x768", "numpy's standard_normal", ours, theirs, deviations, 0.15, "levels of deviation")


def comparisons(library: KernelLibrary) -> list[Comparison]:
    library.functions.placard_bench_photograph.restype = None
    return [overlay(library), *lens(library), sensor(library), noise(library)]
