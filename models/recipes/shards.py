"""Reads what `placard synth` wrote: index.json, and the gzipped WebDataset archives that it names."""

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

from failure import RecipeError

FORMAT = 1


@dataclass(frozen=True)
class Shard:
    path: Path
    samples: int
    sha256: str


def read_index(folder):
    """The index of a folder of shards as it is now: a run that is still drawing adds to it."""
    path = Path(folder) / "index.json"
    try:
        index = json.loads(path.read_text("utf-8"))
        if index["format"] != FORMAT:
            raise RecipeError(f"{path} has format {index['format']}; this reader knows {FORMAT}")
        shards = [Shard(path.parent / part["file"], part["samples"], part["sha256"]) for part in index["shards"]]
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}. Is this a folder of `placard synth`?") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RecipeError(f"{path} is not an index of shards: {error}") from error
    for shard in shards:
        # Names only, as the writer makes them: an index leads nowhere else.
        if shard.path.parent != path.parent or not shard.path.name.endswith(".tar.gz"):
            raise RecipeError(f"{path} names {shard.path.name}, which is no shard of this folder")
    return index, shards


def read_samples(shard):
    """Yields each sample as its key and its files by ending. The whole file is held against its digest first."""
    try:
        content = shard.path.read_bytes()
    except OSError as error:
        raise RecipeError(f"the shard {shard.path} is missing or cannot be read: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != shard.sha256:
        raise RecipeError(f"the shard {shard.path} is damaged: its SHA-256 is not the index's. Draw it again")
    found = 0
    for key, files in _grouped(content):
        found += 1
        yield key, files
    if found != shard.samples:
        raise RecipeError(f"the shard {shard.path} has {found} samples, its index says {shard.samples}")


def _grouped(content):
    key, files = None, {}
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        for entry in archive:
            if not entry.isfile():
                continue
            stem, _, ending = entry.name.partition(".")
            if stem != key and files:
                yield key, files
                files = {}
            key = stem
            files[ending] = archive.extractfile(entry).read()
    if files:
        yield key, files
