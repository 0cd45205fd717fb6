"""Drawn lines as batches: which lines a run learns from, and in which order."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ctc import steps_needed
from failure import RecipeError, listed
from shards import read_index

BUCKET = 16
NARROWEST = 48
"""Columns of a batch are a multiple of BUCKET and not fewer than NARROWEST, as the engine fills lines up (`multipleOf`)."""

EVERY = 100
"""One line of so many is never learned from."""


def held_out(key):
    return int(key) % EVERY == 0


def filled(width):
    """Columns that a line of `width` columns is filled up to."""
    return max(NARROWEST, -(-width // BUCKET) * BUCKET)


def fill(samples, width):
    """A line with its last column repeated up to `width`."""
    return np.pad(samples, ((0, 0), (0, width - samples.shape[1]), (0, 0)), "edge")


@dataclass(frozen=True)
class Source:
    """A folder of shards, and how often each of its lines comes in a pass: 1:5 mixing is a share of 1 and one of 5."""

    folder: Path
    share: float = 1.0

    @classmethod
    def parse(cls, text):
        """FOLDER or FOLDER@SHARE."""
        folder, at, share = text.rpartition("@")
        try:
            return cls(Path(folder), float(share)) if at else cls(Path(text))
        except ValueError as error:
            raise RecipeError(f"expected FOLDER or FOLDER@SHARE but received {text}") from error


@dataclass
class Batch:
    """`samples`: lines x channels x height x columns of 8 bits, filled up on the right with each line's last column."""

    samples: torch.Tensor
    labels: torch.Tensor
    lengths: torch.Tensor
    weights: torch.Tensor


class Lines:
    """All lines of some packed shards that can be learned, with their labels.

    `steps_of(width)`: steps that the network gives for so many columns. Labels that need more than that are left out
    here and counted, since CTC has no path for them; so are lines wider than `widest`.
    """

    def __init__(self, shards, shares, alphabet, steps_of, *, widest, skip_unknown=False, lessons=None):
        self.shards = shards
        self.left_out = Counter()
        unknown = Counter()
        places, labels, widths, weights, often = [], [], [], [], []
        for number, (shard, share) in enumerate(zip(shards, shares, strict=True)):
            self.left_out["lines that run down or to the left"] += shard.turned
            for i, (text, width) in enumerate(zip(shard.texts, shard.widths.tolist())):
                if held_out(shard.keys[i]):
                    continue
                weight = 1.0
                if lessons is not None:
                    text, weight = lessons(shard, i)
                label = alphabet.encode(text)
                if label is None:
                    unknown.update(alphabet.outside(text))
                reason = self._unfit(label, weight, width, steps_of, widest)
                if reason:
                    self.left_out[reason] += 1
                    continue
                values = ((number, i), label, width, weight, share)
                for column, value in zip((places, labels, widths, weights, often), values):
                    column.append(value)
        if unknown and not skip_unknown:
            raise RecipeError(
                f"labels have characters outside the alphabet: {listed(repr(c) for c, _ in unknown.most_common())}. "
                "Draw with this alphabet, or leave such lines out with --skip-unknown"
            )
        self.places, self.labels = places, labels
        self.widths = np.array(widths, np.int64)
        self.weights = np.array(weights, np.float32)
        self.often = np.array(often, np.float64)

    @staticmethod
    def _unfit(label, weight, width, steps_of, widest):
        if label is None:
            return "labels with characters outside the alphabet"
        if not label:
            return "lines without a text"
        if width > widest:
            return f"lines wider than {widest} columns"
        if steps_needed(label) > steps_of(width):
            return "labels longer than the network's steps"
        return "lines that the teacher does not vouch for" if weight <= 0 else None

    def __len__(self):
        return len(self.places)

    def order(self, seed, number, columns, longest=None):
        """Batches of a pass by its number, each an array of lines of about the same width, `columns` columns together.

        `longest`: only lines of at most as many characters.
        """
        random = np.random.default_rng([seed, number])
        times = np.floor(self.often + random.random(len(self)))
        if longest is not None:
            times[[len(label) > longest for label in self.labels]] = 0
        chosen = random.permutation(np.repeat(np.arange(len(self)), times.astype(np.int64)))
        widths = np.array([filled(width) for width in self.widths[chosen].tolist()], np.int64)
        batches, rest = [], chosen[:0]
        for width in np.unique(widths):
            lines = np.concatenate([rest, chosen[widths == width]])
            size = max(1, columns // int(width))
            whole = len(lines) // size * size
            batches.extend(lines[:whole].reshape(-1, size))
            # Too few for a batch of their own: they go along with the wider ones.
            rest = lines[whole:]
        if len(rest) > 0:
            batches.append(rest)
        return [batches[i] for i in random.permutation(len(batches))]

    def batch(self, chosen):
        lines = [self.shards[shard].line(i) for shard, i in (self.places[line] for line in chosen)]
        width = filled(max(line.shape[1] for line in lines))
        samples = np.stack([fill(line, width) for line in lines])
        labels = [self.labels[line] for line in chosen]
        return Batch(
            torch.from_numpy(samples.transpose(0, 3, 1, 2).copy()),
            torch.tensor([symbol for label in labels for symbol in label], dtype=torch.long),
            torch.tensor([len(label) for label in labels], dtype=torch.long),
            torch.from_numpy(self.weights[chosen]),
        )


def gather(sources, wanted=None, kind="lines"):
    """The shards of all sources as their indexes are now, and the share of each.

    `kind`: of what they hold. `wanted`: digests of the only ones to take, in this order: those of a pass that was begun before.
    """
    found = {}
    for source in sources:
        index, shards = read_index(source.folder)
        if index["kind"] != kind:
            raise RecipeError(f"{source.folder} holds {index['kind']}; this recipe learns from {kind}")
        found.update((shard.sha256, (shard, source.share)) for shard in shards)
    if not found:
        raise RecipeError(f"no shard is whole yet in {listed(source.folder for source in sources)}")
    missing = [digest for digest in wanted or [] if digest not in found]
    if missing:
        raise RecipeError(f"shards of the pass that this run is in are no longer there: SHA-256 {listed(missing, 3)}")
    return zip(*(found[digest] for digest in wanted or found))
