"""Writes the MATLAB files of test/unit/datasets-synthtext.test.ts. Needs numpy and scipy."""

import numpy as np
from scipy.io import savemat


def cells(values):
    array = np.empty((1, len(values)), dtype=object)
    for i, value in enumerate(values):
        array[0, i] = value
    return array


def boxes(count, first, dtype=np.float64):
    """Boxes of ten pixels side by side: x and y, four corners clockwise from the top left, boxes."""
    left = first + 12.0 * np.arange(count)
    x = np.stack([left, left + 10, left + 10, left])
    y = np.repeat(np.array([[5.25], [5.25], [15.25], [15.25]]), count, axis=1)
    array = np.stack([x, y]).astype(dtype)
    # SynthText's single boxes have lost their third dimension.
    return array[:, :, 0] if count == 1 else array


def variables(word_boxes):
    return {
        "imnames": cells([np.array(["8/ballet_106_0.jpg"]), np.array(["9/a_1.jpg"])]),
        # Two texts, the first of two lines; MATLAB pads the shorter one with blanks.
        "txt": cells([np.array(["Lines:\nI lost", "Kevin"]), np.array(["é"])]),
        "wordBB": cells([boxes(word_boxes, 0), boxes(1, 3, np.uint8)]),
        "charBB": cells([boxes(16, 0, np.float32), boxes(1, 3)]),
        "note": {"a": 1},
    }


savemat("plain.mat", variables(4))
savemat("compressed.mat", variables(4), do_compression=True)
savemat("fewer-boxes.mat", variables(3), do_compression=True)
