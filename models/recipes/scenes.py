"""Drawn scenes as training pictures: windows at a scale of their own, with CRAFT's maps and where they count."""

import hashlib
import io
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from failure import RecipeError
from files import replace, replace_text
from lines import held_out
from packed import open_picture
from shards import read_samples

VERSION = 1
PARTS = ("jpg", "region.png", "affinity.png")
MAP_SCALE = 2
"""Pixels of a picture to one of its maps."""


@dataclass(frozen=True)
class Window:
    """Windows of `side` pixels a side, of scenes that are scaled by `least` ... `most`."""

    side: int = 384
    least: float = 0.45
    most: float = 2.4
    smallest: float = 7.0
    """Text whose characters are lower than this in the window neither helps nor hurts, in pixels."""


@dataclass
class Batch:
    """`pictures`: n x 3 x side x side of 8 bits; `maps`: n x 2 x side/2 x side/2 of 8 bits; `counts`: 0 or 1 for each pixel of a map."""

    pictures: torch.Tensor
    maps: torch.Tensor
    counts: torch.Tensor


def _name(shard):
    return hashlib.sha256(f"scenes {VERSION} {shard.sha256}".encode()).hexdigest()[:32]


def _pack(shard, folder):
    """Lays a shard's files end to end, still coded: an archive cannot be entered in its middle, this file can."""
    name = _name(shard)
    if (folder / f"{name}.json").exists():
        return
    scenes = {"keys": [], "ends": [], "sizes": [], "words": []}

    def fill(file):
        for key, files in read_samples(shard):
            try:
                record = json.loads(files["json"])
                words = [[_height(word), word["poly"]] for line in record["lines"] for word in line["words"]]
                size = [record["width"], record["height"]]
                for part in PARTS:
                    file.write(files[part])
            except (KeyError, ValueError, TypeError) as error:
                raise RecipeError(f"the sample {key} of {shard.path} is not a scene with its maps") from error
            scenes["keys"].append(key)
            scenes["words"].append(words)
            scenes["sizes"].append(size)
            scenes["ends"].append([len(files[part]) for part in PARTS])

    replace(folder / f"{name}.bin", fill)
    replace_text(folder / f"{name}.json", json.dumps(scenes))


def _height(word):
    """How high a word's characters are, whichever way it runs: the mean of what is the longer side of each."""
    sides = [np.linalg.norm(np.subtract(poly, np.roll(poly, 1, 0)), axis=1).max() for poly in _characters(word)]
    return round(float(np.mean(sides)), 1)


def _characters(word):
    return [character["poly"] for character in word["characters"]] or [word["poly"]]


def pack_scenes(shards, folder, processes, say):
    missing = [shard for shard in shards if not (folder / f"{_name(shard)}.json").exists()]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(min(processes, len(missing))) as pool:
        for done, _ in enumerate(pool.map(_pack, missing, [folder] * len(missing)), 1):
            say(f"laid out {done} of {len(missing)} new shards")


class PackedScenes:
    """The scenes of one shard, decoded when they are asked for."""

    def __init__(self, shard, folder):
        name = _name(shard)
        scenes = json.loads((folder / f"{name}.json").read_text("utf-8"))
        self.path = folder / f"{name}.bin"
        self.keys, self.sizes, self.words = (scenes[field] for field in ("keys", "sizes", "words"))
        self.ends = np.cumsum(np.array(scenes["ends"], np.int64).reshape(-1))
        if not self.path.exists() or self.path.stat().st_size != (self.ends[-1] if len(self.ends) else 0):
            raise RecipeError(f"{self.path} does not have the bytes that were laid out: delete {folder}")
        self.content = np.memmap(self.path, np.uint8, "r") if len(self.ends) else np.empty(0, np.uint8)

    def __len__(self):
        return len(self.keys)

    def parts(self, i):
        """The picture in RGB and its two maps."""
        for place, part in enumerate(PARTS, i * len(PARTS)):
            start = int(self.ends[place - 1]) if place else 0
            picture = open_picture(self.content[start : self.ends[place]].tobytes(), f"{part} of {self.keys[i]}")
            yield picture.convert("L" if place % len(PARTS) else "RGB")

    def window(self, i, scale, left, top, window):
        """The part of scene `i` whose first pixel is (left, top), scaled by `scale`: picture, maps and where they count."""
        picture, *maps = self.parts(i)
        side, reach = window.side, window.side / scale
        box = (left, top, left + reach, top + reach)
        if box[2] > picture.width or box[3] > picture.height:
            # Beside the scene there is nothing to find.
            wider = Image.new("RGB", (int(np.ceil(box[2])), int(np.ceil(box[3]))))
            wider.paste(picture)
            picture = wider
        cut = picture.resize((side, side), Image.Resampling.BILINEAR, box)
        # A map's pixel k stands for the picture's point MAP_SCALE * k, not for the middle of what it covers (lib/synth/truth-maps.ts).
        step, half = 1 / scale, side // MAP_SCALE
        lies = [start / MAP_SCALE + 0.5 - step / 2 for start in (left, top)]
        shift = (step, 0, lies[0], 0, step, lies[1])
        found = [part.transform((half, half), Image.Transform.AFFINE, shift, Image.Resampling.BILINEAR) for part in maps]
        counts = Image.new("1", (half, half), 1)
        draw = ImageDraw.Draw(counts)
        for height, poly in self.words[i]:
            if height * scale < window.smallest:
                draw.polygon([tuple((np.array(point) - (left, top)) * scale / MAP_SCALE) for point in poly], 0, 0)
        return np.asarray(cut), np.stack([np.asarray(part) for part in found]), np.asarray(counts)


class Scenes:
    """All scenes of some shards, and windows of them at random."""

    def __init__(self, shards, shares, folder, window):
        self.shards, self.window = [PackedScenes(shard, folder) for shard in shards], window
        self.digests = [shard.sha256 for shard in shards]
        self.places, self.often, self.kept = [], [], []
        for number, (shard, share) in enumerate(zip(self.shards, shares, strict=True)):
            for i, key in enumerate(shard.keys):
                if held_out(key):
                    self.kept.append((number, i))
                else:
                    self.places.append((number, i))
                    self.often.append(share)

    def order(self, seed, number, together):
        """Batches of a pass by its number: each a seed for its windows, and its scenes."""
        random = np.random.default_rng([seed, number])
        times = np.floor(np.array(self.often) + random.random(len(self.places))).astype(np.int64)
        chosen = random.permutation(np.repeat(np.arange(len(self.places)), times))
        seeds = random.integers(2**32, size=len(chosen))
        starts = range(0, len(chosen) - together + 1, together)
        return [list(zip(chosen[start : start + together].tolist(), seeds[start : start + together].tolist())) for start in starts]

    def batch(self, chosen):
        return self._stacked(self._somewhere(*self.places[place], np.random.default_rng(seed)) for place, seed in chosen)

    def held_out(self, most):
        """The first windows of scenes that are never learned from, as they are."""
        for shard, i in self.kept[:most]:
            yield self._stacked([self.shards[shard].window(i, 1.0, 0.0, 0.0, self.window)])

    def _somewhere(self, shard, i, random):
        window = self.window
        scale = float(np.exp(random.uniform(np.log(window.least), np.log(window.most))))
        room = [max(0.0, side - window.side / scale) for side in self.shards[shard].sizes[i]]
        left, top = (float(random.uniform(0, most)) for most in room)
        return self.shards[shard].window(i, scale, left, top, window)

    @staticmethod
    def _stacked(windows):
        pictures, maps, counts = (np.stack(part) for part in zip(*windows))
        return Batch(*map(torch.from_numpy, (pictures.transpose(0, 3, 1, 2).copy(), maps, counts)))
