"""Trains craft-lite, or goes on training it, and exports it (docs/training.md).

    python3 models/craft-lite/train.py --shards DIR --out DIR --hours 2
"""

import os
import sys
from pathlib import Path

# Threads that wait for one another must not hold the cores that draw the next shards.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.append(str(Path(__file__).parents[1] / "recipes"))

from failure import run  # noqa: E402
from scene_recipe import main  # noqa: E402

if __name__ == "__main__":
    run(lambda: main("craft-lite", "Light CRAFT text detector"))
