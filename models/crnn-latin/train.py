"""Trains crnn-latin, or goes on training it, and exports it (docs/training.md).

    python3 models/crnn-latin/train.py --shards DIR --out DIR --hours 2
"""

import os
import sys
from pathlib import Path

# Threads that wait for one another must not hold the cores that draw the next shards.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.append(str(Path(__file__).parents[1] / "recipes"))

from failure import run  # noqa: E402
from line_recipe import main  # noqa: E402
from packed import Form  # noqa: E402

LANGUAGES = "cs da de en es et fi fr hr hu is it lt lv nb nl pl pt ro sk sl sv tr".split()
# Letters that lean in an upright crop, or are narrow themselves, have too few steps at their own aspect.
FORM = Form(32, 1, scale=1.2, stretch=64)

if __name__ == "__main__":
    run(lambda: main("crnn-latin", "CRNN line recognizer of Latin letters", LANGUAGES, Path(__file__).parent, FORM))
