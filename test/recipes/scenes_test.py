"""Drawn scenes as training pictures (models/recipes/scenes.py). test/recipes/training.test.ts runs it."""

import hashlib
import io
import json
import tarfile
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from failure import RecipeError
from lines import Source, gather
from scenes import PackedScenes, Scenes, Window, pack_scenes


def scene(side=64):
    """A white word of two characters on black, and maps with a bright pixel where the first one's middle is."""
    samples = np.zeros((side, side, 3), np.uint8)
    samples[20:30, 16:40] = 255
    maps = np.zeros((2, side // 2, side // 2), np.uint8)
    maps[0, 12, 10] = maps[1, 12, 14] = 255
    quads = [[[x, 20], [x + 10, 20], [x + 10, 30], [x, 30]] for x in (16, 30)]
    word = {"poly": [[16, 20], [40, 20], [40, 30], [16, 30]], "characters": [{"poly": quad} for quad in quads]}
    return samples, maps, {"width": side, "height": side, "lines": [{"words": [word]}]}


def write_scenes(folder, count):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for place in range(count):
            samples, maps, record = scene()
            parts = {"jpg": samples, "region.png": maps[0], "affinity.png": maps[1]}
            for ending, values in parts.items():
                coded = io.BytesIO()
                Image.fromarray(values).save(coded, "jpeg" if ending == "jpg" else "png")
                parts[ending] = coded.getvalue()
            for ending, data in {**parts, "json": json.dumps(record).encode()}.items():
                entry = tarfile.TarInfo(f"{place:09d}.{ending}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
    Path(folder, "scenes-000000.tar.gz").write_bytes(content.getvalue())
    shard = {"file": "scenes-000000.tar.gz", "samples": count, "sha256": hashlib.sha256(content.getvalue()).hexdigest()}
    Path(folder, "index.json").write_text(json.dumps({"format": 1, "kind": "scenes", "options": {}, "shards": [shard]}))


class Pictures(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def packed(self, count=1):
        write_scenes(self.folder, count)
        shards, shares = gather([Source(self.folder)], None, "scenes")
        pack_scenes(shards, self.folder / "packed", 1, lambda text: None)
        return shards, list(shares), self.folder / "packed"

    def test_a_window_and_its_maps_show_the_same_place(self):
        [shard], _, cache = self.packed()
        scenes = PackedScenes(shard, cache)
        whole = scenes.window(0, 1.0, 0.0, 0.0, Window(64))
        self.assertEqual([part.shape for part in whole], [(64, 64, 3), (2, 32, 32), (32, 32)])
        # The map's pixel k is the picture's point 2 k: (20, 24) is pixel (10, 12).
        self.assertEqual((whole[1][0, 12, 10], whole[1][0].sum()), (255, 255))
        picture, maps, _ = scenes.window(0, 2.0, 8.0, 12.0, Window(64))
        # (20 - 8) * 2 / 2 and (24 - 12) * 2 / 2.
        self.assertEqual(np.unravel_index(maps[0].argmax(), maps[0].shape), (12, 12))
        self.assertGreater(int(picture[20:32, 20:60].min()), 150)
        self.assertLess(int(picture[:12].max()), 60)

    def test_text_too_small_to_be_read_does_not_count(self):
        [shard], _, cache = self.packed()
        scenes = PackedScenes(shard, cache)
        self.assertTrue(scenes.window(0, 1.0, 0.0, 0.0, Window(64, smallest=9))[2].all())
        counts = scenes.window(0, 1.0, 0.0, 0.0, Window(64, smallest=11))[2]
        self.assertFalse(counts[11:14, 9:19].any())
        self.assertTrue(counts[:9].all() and counts[17:].all())

    def test_windows_follow_from_seed_and_pass_and_may_leave_the_scene(self):
        shards, shares, cache = self.packed(6)
        scenes = Scenes(shards, shares, cache, Window(96, 1.0, 1.2))
        self.assertEqual((len(scenes.places), len(scenes.kept)), (5, 1))
        order = scenes.order(1, 0, 2)
        self.assertEqual((order, len(order)), (scenes.order(1, 0, 2), 2))
        first, again = scenes.batch(order[0]), scenes.batch(order[0])
        self.assertTrue(torch.equal(first.pictures, again.pictures))
        self.assertEqual([part.shape[1:] for part in (first.pictures, first.maps, first.counts)], [(3, 96, 96), (2, 48, 48), (48, 48)])
        self.assertEqual(int(first.pictures[:, :, 90:, 90:].max()), 0)

    def test_lines_are_no_scenes(self):
        self.packed()
        with self.assertRaisesRegex(RecipeError, "holds scenes; this recipe learns from lines"):
            gather([Source(self.folder)])


if __name__ == "__main__":
    unittest.main()
