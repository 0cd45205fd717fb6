"""CRAFT's post-processing (Baek et al., 2019) step by step with OpenCV and numpy: what native/shapes/craft_boxes.h says.

Each component is worked on in the part of the maps that its dilation reaches, which is much faster than on whole maps.
"""

import math

import cv2
import numpy as np

TEXT_THRESHOLD, LOW_TEXT, LINK_THRESHOLD = 0.7, 0.4, 0.4
PIVOTS = 5
SEGMENTS = 2 * PIVOTS + 1


def upright_if_diamond(box: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    sides = np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[1] - box[2])
    if abs(1 - max(sides) / (min(sides) + 1e-5)) > 0.1:
        return box
    (left, top), (right, bottom) = pixels.min(axis=0), pixels.max(axis=0)
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def component_box(region, text, labels, stats, label) -> np.ndarray | None:
    x, y, w, h, area = (int(value) for value in stats[label])
    if area < 10:
        return None
    grown = int(math.sqrt(area * min(w, h) / (w * h)) * 2)
    rows = slice(max(0, y - grown), min(labels.shape[0], y + h + grown + 1))
    columns = slice(max(0, x - grown), min(labels.shape[1], x + w + grown + 1))
    own = labels[rows, columns] == label
    if region[rows, columns][own].max() < TEXT_THRESHOLD:
        return None
    segment = (own & (text[rows, columns] > 0)).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (1 + grown, 1 + grown))
    ys, xs = np.nonzero(cv2.dilate(segment, kernel))
    pixels = np.stack([xs + columns.start, ys + rows.start], axis=1).astype(np.int32)
    box = upright_if_diamond(cv2.boxPoints(cv2.minAreaRect(pixels)), pixels)
    return np.roll(box, -int(box.sum(axis=1).argmin()), axis=0)


def craft_boxes(region: np.ndarray, affinity: np.ndarray) -> tuple[list[np.ndarray], list[int], np.ndarray]:
    """Boxes (4 corners each), their components' labels, and the map of labels."""
    text = cv2.compare(region, LOW_TEXT, cv2.CMP_GT)
    link = cv2.compare(affinity, LINK_THRESHOLD, cv2.CMP_GT)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_or(text, link), connectivity=4)
    boxes, found = [], []
    for label in range(1, count):
        box = component_box(region, text, labels, stats, label)
        if box is not None:
            boxes.append(box)
            found.append(label)
    return boxes, found, labels


def columns_of(word: np.ndarray) -> list[tuple[int, int, int]]:
    """(x, first row, last row) of the columns with two pixels and more."""
    found = []
    for x in range(word.shape[1]):
        rows = np.nonzero(word[:, x])[0]
        if len(rows) >= 2:
            found.append((x, int(rows[0]), int(rows[-1])))
    return found


def walk(columns: list[tuple[int, int, int]], width: int):
    """The segments' mean centers and the pivots (x, center, height), as the published code takes them."""
    step = width / SEGMENTS
    means, pivots = np.zeros((SEGMENTS, 2)), [None] * PIVOTS
    segment, inside = 0, 0
    for x, top, bottom in columns:
        if (segment + 1) * step <= x and segment <= SEGMENTS:
            if inside == 0:
                break
            means[segment] /= inside
            segment, inside = segment + 1, 0
        center, height = (top + bottom) / 2, bottom - top + 1
        means[segment] += (x, center)
        inside += 1
        if segment % 2 == 1:
            best = pivots[segment // 2]
            if best is None or best[2] < height:
                pivots[segment // 2] = (x, center, height)
    if inside:
        means[-1] /= inside
    return means, pivots


def end_rib(word: np.ndarray, rib: np.ndarray, pivots: list, half: float, outwards: int) -> np.ndarray:
    first, second, third = pivots
    gradient = (second[1] - first[1]) / (second[0] - first[0]) + (third[1] - second[1]) / (third[0] - second[0])
    # cv2.line draws other pixels where it has to clip: with this margin no line that meets the word leaves the picture.
    margin = 2 * word.shape[0]
    word = cv2.copyMakeBorder(word, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
    for move in np.arange(0.5, 2.0, 0.2):
        dx = outwards * 2 * half * move
        moved = rib + np.array([dx, gradient * dx])
        line = cv2.line(np.zeros_like(word), *[(int(x) + margin, int(y) + margin) for x, y in moved], 1)
        if not (line & word).any() or move + 2 * 0.2 >= 2.0:
            return moved
    raise AssertionError("The last move is always taken.")


def craft_polygon(box: np.ndarray, label: int, labels: np.ndarray) -> np.ndarray | None:
    """14 points, or None."""
    w = int(np.linalg.norm(box[0] - box[1]) + 1)
    h = int(np.linalg.norm(box[1] - box[2]) + 1)
    if w < 10 or h < 10:
        return None
    to_grid = cv2.getPerspectiveTransform(box, np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32))
    word = (cv2.warpPerspective(labels, to_grid, (w, h), flags=cv2.INTER_NEAREST) == label).astype(np.uint8)
    columns = columns_of(word)
    if not columns or h * 0.7 < max(bottom - top + 1 for _, top, bottom in columns):
        return None
    means, pivots = walk(columns, w)
    if None in pivots or w / SEGMENTS < max(height for _, _, height in pivots) * 0.25:
        return None
    half = np.median([height for _, _, height in pivots]) * 1.45 / 2
    ribs = []
    for i, (x, center, _) in enumerate(pivots):
        dx, dy = means[2 * i + 2] - means[2 * i]
        angle = -math.atan2(dy, dx)
        s, c = half * math.sin(angle), half * math.cos(angle)
        ribs.append(np.array([[x - s, center - c], [x + s, center + c]]))
    start = end_rib(word, ribs[0], pivots[:3], half, -1)
    end = end_rib(word, ribs[-1], pivots[:-4:-1], half, 1)
    ribs = [start, *ribs, end]
    points = np.array([rib[0] for rib in ribs] + [rib[1] for rib in reversed(ribs)])
    return cv2.perspectiveTransform(points[None], np.linalg.inv(to_grid))[0]


def craft_polygons(region: np.ndarray, affinity: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray | None]]:
    boxes, found, labels = craft_boxes(region, affinity)
    labels = labels.astype(np.float32)
    return boxes, [craft_polygon(box, label, labels) for box, label in zip(boxes, found)]
