"""Components of a text map and the smallest rectangles around them, beside cv2's contours and components.

OpenCV starts from the same map of probabilities: cv2.compare makes its mask. Our rectangles come with their scores
(the mean probability inside), which cost us time and OpenCV none.
"""

import ctypes

import cv2
import numpy as np

from comparison import Comparison
from kernel_library import KernelLibrary, pointer

THRESHOLD = 0.3
MOST = 1000


def text_map(width: int, height: int, blobs: int) -> np.ndarray:
    """What a DB detector puts out: soft bars of text, most of them nearly level, apart from each other."""
    random = np.random.default_rng(3)
    drawn = np.zeros((height, width), np.uint8)
    taken = np.zeros_like(drawn)
    placed = 0
    while placed < blobs:
        center = (random.uniform(40, width - 40), random.uniform(20, height - 20))
        size = (random.uniform(16, 140), random.uniform(6, 22))
        angle = random.normal(0, 4) if random.random() < 0.8 else random.uniform(-90, 90)
        bar = cv2.boxPoints((center, size, angle))
        margin = cv2.boxPoints((center, (size[0] + 16, size[1] + 16), angle))
        if bar.min() < 4 or bar[:, 0].max() > width - 4 or bar[:, 1].max() > height - 4:
            continue
        mask = cv2.fillPoly(np.zeros_like(taken), [margin.astype(np.int32)], 1)
        if (mask & taken).any():
            continue
        taken |= mask
        cv2.fillPoly(drawn, [bar.astype(np.int32)], 255)
        placed += 1
    noise = random.uniform(-0.04, 0.04, drawn.shape)
    soft = cv2.GaussianBlur(drawn.astype(np.float32) / 255, (7, 7), 0)
    return np.ascontiguousarray(np.clip(soft + noise, 0, 1), np.float32)


def mask_of(values: np.ndarray) -> np.ndarray:
    return cv2.compare(values, THRESHOLD, cv2.CMP_GT)


def outer_box(contour: np.ndarray) -> np.ndarray:
    """cv2's smallest rectangle around the outer corners of a contour's pixels, as ours is. On the contour itself it takes the pixels' centers, which is another question: a rectangle of nearly the same size may be the smallest."""
    corners = contour.reshape(-1, 1, 2) + np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    return cv2.boxPoints(cv2.minAreaRect(corners.reshape(-1, 2).astype(np.float32)))


def farthest(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Between two boxes' corners, each with the nearest of the other box."""
    distances = np.linalg.norm(ours[:, None] - theirs[None], axis=2)
    return max(distances.min(axis=0).max(), distances.min(axis=1).max())


def rectangles(library: KernelLibrary, values: np.ndarray, target: dict[str, float]) -> Comparison:
    height, width = values.shape
    corners, scores = np.empty((MOST, 4, 2)), np.empty(MOST, np.float32)

    def ours():
        count = library.functions.placard_bench_text_rectangles(
            pointer(values), width, height, ctypes.c_float(THRESHOLD), pointer(corners), pointer(scores), MOST
        )
        return corners[:count]

    def contours():
        return cv2.findContours(mask_of(values), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]

    def theirs():
        return [cv2.minAreaRect(contour) for contour in contours()]

    def difference(own, other):
        boxes = [outer_box(contour) for contour in contours()]
        if len(own) != len(other):
            return np.inf
        centers = np.array([box.mean(axis=0) for box in boxes])
        nearest = [int(np.linalg.norm(centers - quad.mean(axis=0), axis=1).argmin()) for quad in own]
        if len(set(nearest)) != len(boxes):
            return np.inf
        return max(farthest(quad, boxes[i]) for quad, i in zip(own, nearest))

    name = f"components + rectangles + scores, {width}x{height}, {len(ours())} texts"
    return Comparison(name, "cv2.findContours + minAreaRect", ours, theirs, difference, 1, "pixels", target)


def components(library: KernelLibrary, values: np.ndarray) -> Comparison:
    height, width = values.shape
    stats = np.empty((MOST, 5), np.int32)

    def ours():
        count = library.functions.placard_bench_components(
            pointer(values), width, height, ctypes.c_float(THRESHOLD), pointer(stats), MOST
        )
        return stats[:count]

    def theirs():
        return cv2.connectedComponentsWithStats(mask_of(values), connectivity=8, ltype=cv2.CV_32S)[2][1:]

    def difference(own, other):
        if len(own) != len(other):
            return np.inf
        left, top, right, bottom, area = own.T
        measured = np.stack([left, top, right - left + 1, bottom - top + 1, area], axis=1)
        order = [np.lexsort(rows.T) for rows in (measured, other)]
        return np.abs(measured[order[0]] - other[order[1]]).max()

    name = f"components, {width}x{height}, {len(ours())} texts"
    return Comparison(name, "cv2.connectedComponentsWithStats", ours, theirs, difference, 0, "pixels")


def comparisons(library: KernelLibrary) -> list[Comparison]:
    found = []
    for side, blobs in ((960, 150), (1280, 150)):
        values = text_map(side, side, blobs)
        found.append(rectangles(library, values, {"avx2": 2, "avx512": 2}))
        found.append(components(library, values))
    return found
