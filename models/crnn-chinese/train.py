"""Trains crnn-chinese, or goes on training it, and exports it (docs/training.md).

    python3 models/crnn-chinese/train.py --shards DIR --out DIR --hours 2
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

LANGUAGES = ["zh-Hans", "zh-Hant", "ja", "en"]
# Eight thousand classes would otherwise be half of all weights and of the time.
NARROW = 120
FORM = Form(32, 1, stretch=64)

if __name__ == "__main__":
    title = "CRNN line recognizer of Chinese in both scripts, Japanese kana and ASCII"
    run(lambda: main("crnn-chinese", title, LANGUAGES, Path(__file__).parent, FORM, NARROW))
