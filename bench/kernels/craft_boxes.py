"""CRAFT's post-processing beside the same steps with cv2 (craft_steps.py)."""

import numpy as np

from comparison import Comparison
from craft_steps import craft_boxes, craft_polygons
from kernel_library import KernelLibrary, pointer

MOST = 4000


def gaussians(width: int, height: int, blobs: list[tuple]) -> np.ndarray:
    """At each pixel the largest of Gaussians (x, y, sigma x, sigma y, angle, peak), each cut off at 3.5 sigmas."""
    drawn = np.zeros((height, width), np.float32)
    for x, y, sigma_x, sigma_y, angle, peak in blobs:
        reach = int(3.5 * max(sigma_x, sigma_y)) + 1
        left, right = max(0, int(x) - reach), min(width, int(x) + reach + 1)
        top, bottom = max(0, int(y) - reach), min(height, int(y) + reach + 1)
        if left >= right or top >= bottom:
            continue
        dx, dy = np.meshgrid(np.arange(left, right) - x, np.arange(top, bottom) - y)
        u, v = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        values = peak * np.exp(-((u / sigma_x) ** 2 + (v / sigma_y) ** 2) / 2)
        part = drawn[top:bottom, left:right]
        np.maximum(part, values.astype(np.float32), out=part)
    return drawn


def word_blobs(x: float, y: float, characters: int, size: float, angle: float, bend: float) -> tuple[list, list]:
    """A word's characters and links around (x, y); its middle lies `bend` character sizes off its ends."""
    places = []
    for i in range(characters):
        u = (i - (characters - 1) / 2) * size
        v = 0 if characters < 2 else -bend * size * np.sin(np.pi * i / (characters - 1))
        places.append((x + u * np.cos(angle) - v * np.sin(angle), y + u * np.sin(angle) + v * np.cos(angle)))
    regions = [(px, py, size / 3.2, size / 2.6, angle, 1.0) for px, py in places]
    links = [
        ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, size / 3.6, size / 3.6, angle, 0.9) for a, b in zip(places, places[1:])
    ]
    return regions, links


def dense_words(side: int, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """A page full of short words."""
    random = np.random.default_rng(5)
    regions, links = [], []
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) * side / columns, (row + 0.5) * side / rows
            word = word_blobs(x, y, int(random.integers(2, 4)), 8, random.normal(0, 0.05), 0)
            regions += word[0]
            links += word[1]
    return gaussians(side, side, regions), gaussians(side, side, links)


def bent_words(side: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Every other word is bent."""
    random = np.random.default_rng(6)
    regions, links = [], []
    for i in range(count):
        x, y = (i % 6 + 0.5) * side / 6, (i // 6 + 0.5) * side / (count / 6)
        word = word_blobs(x, y, 9, 19, random.normal(0, 0.08), 2.2 * (i % 2))
        regions += word[0]
        links += word[1]
    return gaussians(side, side, regions), gaussians(side, side, links)


class Ours:
    def __init__(self, library: KernelLibrary, region: np.ndarray, affinity: np.ndarray):
        self.function = library.functions.placard_bench_craft_boxes
        self.maps = region, affinity
        self.corners, self.scores = np.empty((MOST, 4, 2)), np.empty(MOST, np.float32)
        self.counts, self.points = np.empty(MOST, np.int32), np.empty((MOST, 14, 2))

    def __call__(self, polygons: bool, published_walk: bool = True) -> tuple[np.ndarray, list[np.ndarray | None]]:
        height, width = self.maps[0].shape
        maps = [pointer(values) for values in self.maps]
        answers = [pointer(values) for values in (self.corners, self.scores, self.counts, self.points)]
        count = self.function(*maps, width, height, int(polygons), int(published_walk), *answers, MOST)
        return self.corners[:count], [self.points[i] if self.counts[i] else None for i in range(count)]


def farthest(own, other) -> float:
    """Between corners and points of the same place in order; infinite if one side has what the other has not."""
    if len(own) != len(other):
        return np.inf
    worst = 0.0
    for a, b in zip(own, other):
        if (a is None) != (b is None):
            return np.inf
        if a is not None:
            worst = max(worst, float(np.linalg.norm(a - b, axis=1).max()))
    return worst


def comparisons(library: KernelLibrary) -> list[Comparison]:
    region, affinity = dense_words(1280, 50, 40)
    boxes = Ours(library, region, affinity)
    name = f"CRAFT boxes, 1280x1280, {len(boxes(False)[0])} words"
    steps = "cv2 components + dilate + minAreaRect"
    found = [
        Comparison(
            name,
            steps,
            lambda: boxes(False)[0],
            lambda: craft_boxes(region, affinity)[0],
            farthest,
            1,
            "pixels",
            {"avx2": 10, "avx512": 10},
        )
    ]
    bent = bent_words(1280, 60)
    outlines = Ours(library, *bent)
    name = f"CRAFT boxes + polygons, 1280x1280, {sum(p is not None for p in outlines(True)[1])} of 60 words bent"
    found.append(
        Comparison(
            name,
            "the same + cv2.warpPerspective + line",
            lambda: outlines(True),
            lambda: craft_polygons(*bent),
            lambda own, other: max(farthest(own[0], other[0]), farthest(own[1], other[1])),
            1,
            "pixels",
            {"avx2": 10, "avx512": 10},
        )
    )
    return found
