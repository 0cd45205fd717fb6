"""Pictures that stand for photographs: noise with a photograph's smoothness, the same in every run."""

import cv2
import numpy as np


def photograph(width: int, height: int, channels: int = 3) -> np.ndarray:
    noise = np.random.default_rng(1).integers(0, 256, (height, width, channels), dtype=np.uint8)
    smooth = cv2.GaussianBlur(noise, (5, 5), 0)
    return np.ascontiguousarray(smooth.reshape((height, width) if channels == 1 else (height, width, channels)))
