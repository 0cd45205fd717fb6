"""Lines of a shard, decoded once: samples of 8 bits in one file that is mapped into memory, what they say in another.

    <digest of shard and form>.u8     lines one after the other, height x width x channels
    <digest of shard and form>.json   their widths, texts and keys; written last, so that it stands for both
"""

import hashlib
import io
import json
import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from failure import RecipeError
from files import replace, replace_text
from shards import read_samples

VERSION = 2


@dataclass(frozen=True)
class Form:
    """How lines are kept: their height in pixels, 1 channel (Rec. 601 luma) or 3 (RGB), their columns as `input.width` of a
    contract says them."""

    height: int = 32
    channels: int = 1
    scale: float = 1.0
    stretch: int = 8

    def name(self, shard):
        said = f"{VERSION} {shard.sha256} {self}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def columns(self, picture):
        """At the picture's own aspect, times the scale, but not fewer than lines are stretched to."""
        exact = picture.width * self.height / picture.height
        return max(self.stretch, math.ceil(exact) if self.scale == 1 else math.floor(round(exact) * self.scale))


def scaled(picture, form):
    """height x width x channels of a picture, as placard rectifies lines.

    Bilinear at the pixels' centers and without a mean over what falls between them: the samples that the engine takes.
    """
    width = form.columns(picture)
    scale = (picture.width / width, 0, 0, 0, picture.height / form.height, 0)
    picture = picture.convert("L" if form.channels == 1 else "RGB")
    picture = picture.transform((width, form.height), Image.Transform.AFFINE, scale, Image.Resampling.BILINEAR)
    return np.asarray(picture).reshape(form.height, width, form.channels)


def open_picture(content, name):
    try:
        picture = Image.open(io.BytesIO(content))
        picture.load()
        return picture
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise RecipeError(f"{name} is no picture that can be decoded") from error


def pack(shard, form, folder):
    """Decodes a shard into `folder`, unless that was done. Lines that run down or to the left are left out."""
    name = form.name(shard)
    if not (folder / f"{name}.json").exists():
        lines = {"widths": [], "texts": [], "keys": [], "turned": 0}

        def fill(file):
            for key, files in read_samples(shard):
                record, content = _record(shard, key, files)
                if record.get("vertical") or record.get("rtl"):
                    lines["turned"] += 1
                    continue
                samples = scaled(open_picture(content, f"{key} of {shard.path}"), form)
                file.write(samples.tobytes())
                for field, value in zip(("widths", "texts", "keys"), (samples.shape[1], record["text"], key)):
                    lines[field].append(value)

        replace(folder / f"{name}.u8", fill)
        replace_text(folder / f"{name}.json", json.dumps(lines, ensure_ascii=False))
    return name


def _record(shard, key, files):
    try:
        record = json.loads(files.pop("json"))
        if not isinstance(record["text"], str):
            raise TypeError("a text that is none")
        [content] = [files[ending] for ending in ("webp", "png", "jpg") if ending in files]
    except (KeyError, ValueError, TypeError) as error:
        raise RecipeError(f"the sample {key} of {shard.path} is not a picture and a record with its text") from error
    return record, content


def pack_all(shards, form, folder, processes, say):
    """Packs what is not packed yet, with a few processes."""
    missing = [shard for shard in shards if not (folder / f"{form.name(shard)}.json").exists()]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(min(processes, len(missing))) as pool:
        jobs = [pool.submit(pack, shard, form, folder) for shard in missing]
        try:
            for done, job in enumerate(jobs, 1):
                job.result()
                say(f"decoded {done} of {len(missing)} new shards")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class PackedShard:
    """The lines of one packed shard; `line(i)` is a view of the file, height x width x channels."""

    def __init__(self, shard, form, folder):
        name = form.name(shard)
        lines = json.loads((folder / f"{name}.json").read_text("utf-8"))
        self.form, self.sha256 = form, shard.sha256
        self.texts, self.keys, self.turned = lines["texts"], lines["keys"], lines["turned"]
        self.widths = np.array(lines["widths"], np.int64)
        sizes = self.widths * form.height * form.channels
        self.ends = np.cumsum(sizes)
        self.path = Path(folder) / f"{name}.u8"
        total = int(sizes.sum())
        if not self.path.exists() or self.path.stat().st_size != total:
            raise RecipeError(f"{self.path} does not have the {total} bytes that were packed: delete {folder}")
        self.samples = np.memmap(self.path, np.uint8, "r") if total else np.empty(0, np.uint8)

    def __len__(self):
        return len(self.texts)

    def line(self, i):
        width = int(self.widths[i])
        end = int(self.ends[i])
        size = self.form.height * width * self.form.channels
        return self.samples[end - size : end].reshape(self.form.height, width, self.form.channels)
