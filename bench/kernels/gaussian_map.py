"""CRAFT's ground truth: a Gaussian warped to each quad, beside cv2.warpPerspective of the published Gaussians."""

import cv2
import numpy as np

from comparison import Comparison
from kernel_library import KernelLibrary, pointer

PRESETS = ("paper", "brooklyn", "backtime", "backtime-craft")
KINDS = ("region", "affinity")


def radii(side: int) -> np.ndarray:
    """From the middle of a square picture, of half its side."""
    places = (np.arange(side) + 0.5) * 2 / side - 1
    return np.hypot(places, places[:, None])


def brooklyn() -> np.ndarray:
    values = np.exp(-((5 * radii(1000)) ** 2) / (2 * 2.5**2))
    return np.clip((values - values.min()) / (values.max() - values.min()), 0, 1)


def backtime() -> np.ndarray:
    return np.exp(-((3.34 * radii(1024)) ** 2) / 2)


def backtime_craft() -> np.ndarray:
    r = radii(200)
    return np.where(r <= 1, np.exp(-((100 * r) ** 2) / (2 * 40**2)), 0)


GAUSSIANS = {"brooklyn": brooklyn(), "backtime": backtime(), "backtime-craft": backtime_craft()}


def diagonals_cross(quad: np.ndarray) -> np.ndarray:
    (a, b, c, d) = quad
    share = np.linalg.solve(np.stack([c - a, b - d], axis=1), b - a)[0]
    return a + share * (c - a)


def placed(preset: str, kind: str, quad: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The corners in the Gaussian's picture and where on the map they go, both from outer corner to outer corner."""
    side = len(GAUSSIANS[preset])
    if preset == "backtime":
        ys, xs = np.nonzero(GAUSSIANS[preset] > (0.35 if kind == "region" else 0.15))
        left, right = xs.min(), xs.max() + 1
        return np.array([[left, left], [right, left], [right, right], [left, right]], np.float32), quad
    frame = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    if preset == "backtime-craft":
        center = diagonals_cross(quad)
        grown = center + (quad - center) * ((1.5, 1.5) if kind == "region" else (1, 1.5))
        quad = np.clip(grown, 0, size)
    return frame, quad


def drawn(preset: str, kind: str, quads: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    picture = (GAUSSIANS[preset] * 255).astype(np.float32)
    whole = np.zeros(size[::-1], np.float32)
    for quad in quads:
        frame, corners = placed(preset, kind, quad, size)
        # From outer corners to pixels' centers.
        matrix = cv2.getPerspectiveTransform(frame - 0.5, corners.astype(np.float32) - 0.5)
        np.maximum(whole, cv2.warpPerspective(picture, matrix, size), out=whole)
    return whole


class Ours:
    def __init__(self, library: KernelLibrary, size: tuple[int, int]):
        self.function = library.functions.placard_bench_gaussian_map
        self.map = np.empty(size[::-1], np.uint8)

    def __call__(self, preset: str, kind: str, quads: np.ndarray) -> np.ndarray:
        numbers = [PRESETS.index(preset), KINDS.index(kind)]
        self.function(pointer(quads), len(quads), *numbers, pointer(self.map), *self.map.shape[::-1])
        return self.map


def scene(count: int, side: int) -> np.ndarray:
    random = np.random.default_rng(1)
    quads = []
    for _ in range(count):
        center, angle = random.uniform(0, side, 2), random.normal(0, 0.3)
        half = random.uniform(4, 14, 2)
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half + random.normal(0, 0.06, (4, 2)) * half
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        quads.append(center + corners @ turn)
    return np.array(quads)


def difference(own: np.ndarray, other: np.ndarray) -> float:
    """Of all but one pixel in a hundred: where a Gaussian is cut off, its picture's size decides over pixels on the edge."""
    return float(np.quantile(np.abs(own - other), 0.99))


def comparisons(library: KernelLibrary) -> list[Comparison]:
    library.functions.placard_bench_gaussian_map.restype = None
    size, quads = (384, 384), scene(100, 384)
    draw = Ours(library, size)
    return [
        Comparison(
            f"{len(quads)} Gaussians on 384x384, {preset}",
            "cv2.warpPerspective + max",
            lambda preset=preset: draw(preset, "region", quads),
            lambda preset=preset: drawn(preset, "region", quads, size),
            difference,
            1,
        )
        for preset in GAUSSIANS
    ]
