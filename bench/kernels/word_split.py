"""Characters of a word by watershed, as reimplementations of CRAFT's training find them, beside the same calls of cv2."""

import cv2
import numpy as np

from comparison import Comparison
from craft_boxes import gaussians
from kernel_library import KernelLibrary, pointer

MOST = 1000
SQUARE = np.ones((3, 3), np.uint8)
OTSU, THRESHOLDS = 0, 1


def word_map(width: int, height: int, characters: int) -> np.ndarray:
    """A region map of characters that stand close, the more of them the closer."""
    random = np.random.default_rng(characters)
    step = width / characters
    blobs = [
        (
            (i + 0.5) * step + random.normal(0, step / 20),
            height * random.uniform(0.45, 0.55),
            step * random.uniform(0.22, 0.34),
            height * random.uniform(0.2, 0.3),
            random.normal(0, 0.1),
            random.uniform(0.6, 1),
        )
        for i in range(characters)
    ]
    return gaussians(width, height, blobs)


def flooded(levels: np.ndarray, possible: np.ndarray, certain: np.ndarray, connectivity: int) -> np.ndarray:
    _, labels = cv2.connectedComponents(certain, connectivity=connectivity)
    labels += 1
    labels[cv2.subtract(possible, certain) == 255] = 0
    return cv2.watershed(cv2.merge([levels] * 3), labels)


def by_otsu(levels: np.ndarray) -> np.ndarray:
    _, text = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    text = cv2.morphologyEx(text, cv2.MORPH_OPEN, SQUARE, iterations=2)
    distances = cv2.distanceTransform(text, cv2.DIST_L2, 5)
    _, certain = cv2.threshold(distances, 0.2 * distances.max(), 255, cv2.THRESH_BINARY)
    return flooded(levels, cv2.dilate(text, SQUARE, iterations=3), certain.astype(np.uint8), 8)


def by_thresholds(levels: np.ndarray) -> np.ndarray:
    most = float(levels.max())
    _, possible = cv2.threshold(levels, 0.2 * most, 255, cv2.THRESH_BINARY)
    _, certain = cv2.threshold(levels, 0.6 * most, 255, cv2.THRESH_BINARY)
    possible = cv2.morphologyEx(possible, cv2.MORPH_OPEN, SQUARE, iterations=2)
    return flooded(levels, possible, certain, 4)


def characters_of(region: np.ndarray, preset: int) -> np.ndarray:
    """Four corners each, from left to right."""
    levels = (np.clip(region, 0, 1) * 255 + 0.5).astype(np.uint8)
    labels = (by_otsu if preset == OTSU else by_thresholds)(levels)
    quads = []
    for label in range(2, labels.max() + 1):
        ys, xs = np.nonzero(labels == label)
        if len(xs) == 0:
            continue
        corners = np.concatenate([np.stack([xs + dx, ys + dy], axis=1) for dx in (0, 1) for dy in (0, 1)])
        rectangle = cv2.minAreaRect(corners.astype(np.float32))
        if preset == OTSU or rectangle[1][0] * rectangle[1][1] >= 10:
            quads.append(cv2.boxPoints(rectangle))
    return np.array(sorted(quads, key=lambda quad: quad[:, 0].sum())).reshape(-1, 4, 2)


class Ours:
    def __init__(self, library: KernelLibrary):
        self.function = library.functions.placard_bench_split_word
        self.quads = np.empty((MOST, 4, 2))

    def __call__(self, region: np.ndarray, preset: int) -> np.ndarray:
        count = self.function(pointer(region), *region.shape[::-1], preset, pointer(self.quads), MOST)
        return self.quads[:count]


def farthest(own: np.ndarray, other: np.ndarray) -> float:
    """From a corner to the nearest of its rectangle's; infinite for other numbers of rectangles."""
    if len(own) != len(other):
        return np.inf
    distances = np.linalg.norm(own[:, :, None] - other[:, None, :], axis=3)
    return float(distances.min(axis=2).max(initial=0))


def comparisons(library: KernelLibrary) -> list[Comparison]:
    split = Ours(library)
    found = []
    for preset, steps in ((OTSU, "Otsu + distanceTransform"), (THRESHOLDS, "thresholds")):
        region = word_map(160, 32, 9)
        found.append(
            Comparison(
                f"word split by {steps}, 160x32, {len(split(region, preset))} characters",
                "cv2 " + steps + " + watershed + minAreaRect",
                lambda region=region, preset=preset: split(region, preset),
                lambda region=region, preset=preset: characters_of(region, preset),
                farthest,
                0.01,
                "pixels",
            )
        )
    return found
