"""Trains a recognizer of lines on the shards of `placard synth lines`: what models/<id>/train.py has in common."""

import hashlib
from pathlib import Path

import torch

from alphabet import Alphabet
from augment import OF_LINES, Augmentation
from command import common_options, finish_options, train
from crnn import Crnn
from crops import read_crops
from ctc import ctc_loss
from distill import Lessons, Teacher
from export import Exported, open_network
from graph import crnn_graph
from lines import BUCKET, NARROWEST, Batch, Lines, Source, gather, held_out
from packed import PackedShard, pack_all
from reading import in_session, in_torch, read_lines, score

MOST_HELD_OUT = 500


class LineRecipe:
    """What Training asks of a recipe, for lines and CTC."""

    what = "lines"
    outer = ("columns.0.", "symbols.", "auxiliary.")

    def __init__(self, options, alphabet, form, narrow, device, say):
        self.options, self.alphabet, self.form, self.device, self.say = options, alphabet, form, device, say
        torch.manual_seed(options.seed)
        self.teacher = Teacher(options.teacher, options.teacher_contract) if options.teacher else None
        gives_classes = self.teacher and options.teacher_gives == "classes"
        if gives_classes:
            vectors, biases = self.teacher.class_vectors(alphabet.characters)
            narrow = vectors.shape[1]
        self.network = Crnn(len(alphabet), form.channels, narrow=narrow, auxiliary=options.auxiliary > 0)
        if gives_classes:
            self.network.answer_in(vectors, biases)
        self.augment = Augmentation(options.seed, options.ramp, OF_LINES)
        self.cache = Path(options.cache or Path(options.out) / "packed")
        self.sources = [Source.parse(text) for text in options.shards]
        self.crops = {Path(folder).name: read_crops(folder, self.form) for folder in options.dev}
        self.lessons = None
        if self.teacher and not gives_classes:
            self.lessons = Lessons(self.teacher, self.cache, options.processes, say)
        self.lines, self.drawn = None, ([], [])

    def facts(self):
        """What a run that goes on must have in common with how it began."""
        names = ("columns", "auxiliary", "ramp", "easy_passes", "easy", "widest", "skip_unknown", "teacher_gives")
        return {
            **{name: getattr(self.options, name) for name in names},
            "form": str(self.form),
            "alphabet": hashlib.sha256(self.alphabet.text().encode()).hexdigest(),
            "teacher": self.teacher and self.teacher.id,
        }

    def begin_pass(self, number, facts):
        shards, shares = gather(self.sources, facts and facts["shards"], "lines")
        packed = self._packed(shards)
        if self.lines is None or [line.sha256 for line in self.lines.shards] != [shard.sha256 for shard in shards]:
            self.lines = self._lines(packed, shares)
            self.drawn = self._held_out(packed)
        longest = self.options.easy if number < self.options.easy_passes else None
        places = self.lines.order(self.options.seed, number, self.options.columns, longest)
        return {"shards": [shard.sha256 for shard in shards]}, places

    def _packed(self, shards):
        pack_all(shards, self.form, self.cache, self.options.processes, self.say)
        if self.lessons:
            self.lessons.prepare(shards)
        return [PackedShard(shard, self.form, self.cache) for shard in shards]

    def _lines(self, packed, shares):
        lines = Lines(
            packed,
            shares,
            self.alphabet,
            Crnn.steps_of,
            widest=self.options.widest,
            skip_unknown=self.options.skip_unknown,
            lessons=self.lessons,
        )
        self.say(f"{len(lines)} lines to learn from, of {len(packed)} shards")
        for reason, count in lines.left_out.items():
            if count:
                self.say(f"left out: {count} {reason}")
        return lines

    def _held_out(self, packed):
        found = [(shard, i) for shard in packed for i, key in enumerate(shard.keys) if held_out(key)][:MOST_HELD_OUT]
        return [shard.line(i) for shard, i in found], [[shard.texts[i]] for shard, i in found]

    def _ready(self):
        if self.lines is None:
            # The run was over before this session began: no pass has looked at the shards.
            self.begin_pass(0, None)

    def take(self, place):
        return self.lines.batch(place)

    def size(self, batch):
        return len(batch.lengths)

    def split(self, batch, parts):
        labels = batch.labels.split(batch.lengths.tolist())
        size = -(-len(batch.lengths) // parts)
        for first in range(0, len(batch.lengths), size):
            part = slice(first, first + size)
            yield Batch(batch.samples[part], torch.cat(labels[part]), batch.lengths[part], batch.weights[part])

    def loss(self, batch, step):
        lines = self.augment(batch.samples.to(self.device, non_blocking=True), step) * 2 - 1
        answers = self.network(lines.contiguous(memory_format=torch.channels_last))
        labels, lengths, weights = (part.to(self.device) for part in (batch.labels, batch.lengths, batch.weights))
        if not self.network.auxiliary:
            return ctc_loss(answers, labels, lengths, weights)
        loss, beside = (ctc_loss(logits, labels, lengths, weights) for logits in answers)
        return loss + self.options.auxiliary * beside

    def evaluate(self, network):
        self._ready()
        sets = {"held out": self.drawn}
        for name, crops in self.crops.items():
            sets[name] = ([line for line, _ in crops], [truths for _, truths in crops])
        logits_of = in_torch(network, self.device)
        return {name: score(read_lines(logits_of, lines, self.alphabet), truths) for name, (lines, truths) in sets.items()}

    def exported(self, network):
        """The network as export() takes it. 16 bits hold where no text of the lines that are only read changes by them."""
        channels, height = self.form.channels, self.form.height
        random = torch.Generator().manual_seed(1)
        alphabet = self.alphabet.text()
        return Exported(
            network=network,
            inputs=[torch.rand(2, channels, height, columns, generator=random) * 2 - 1 for columns in (48, 160, 336)],
            layout=(1, 0, 2),
            graph=lambda half: crnn_graph(network, channels, height, half),
            read=self.texts,
            same=str.__eq__,
            timed=torch.zeros(1, channels, height, 320),
            title="a line of 320 columns",
            files={"alphabet.txt": alphabet},
            contract={
                "task": "recognize",
                "decoder": "ctc",
                "input": {
                    "layout": "nchw",
                    "order": "gray",
                    "mean": [0.5],
                    "std": [0.5],
                    "multipleOf": BUCKET,
                    "height": height,
                    "width": {"scale": self.form.scale, "stretch": self.form.stretch, "least": NARROWEST},
                    "fill": "edge",
                },
                "output": {
                    "values": "logits",
                    "classes": len(self.alphabet),
                    "blank": 0,
                    "space": "none",
                    "steps": {"per": 4, "plus": 0},
                    "alphabet": {"file": "alphabet.txt", "sha256": hashlib.sha256(alphabet.encode()).hexdigest()},
                },
            },
        )

    def texts(self, content):
        """What an exported network reads of every line that is only read."""
        self._ready()
        lines = self.drawn[0] + [line for crops in self.crops.values() for line, _ in crops]
        return read_lines(in_session(open_network(content)), lines, self.alphabet)


def main(id, title, languages, folder, form, narrow=None, arguments=None):
    """Trains, exports and writes the card. Returns the exit status: 130 for a run that was stopped and can go on.

    `form`: of the lines that the network sees. `narrow`: see Crnn.
    """
    parser = common_options(id, "placard synth lines", ramp=4000)
    add = parser.add_argument
    add("--dev", nargs="*", default=[], metavar="DIR", help="folders of labeled crops that are only read")
    add("--columns", type=int, default=4096, help="columns of a batch, all lines together (%(default)s)")
    add("--auxiliary", type=float, default=1.0, help="weight of the convolutions' own loss (%(default)s)")
    add("--easy-passes", type=int, default=0, help="first passes over short lines alone (%(default)s)")
    add("--easy", type=int, default=6, metavar="CHARACTERS", help="how short those are (%(default)s)")
    add("--widest", type=int, default=800, metavar="COLUMNS", help="wider lines are left out (%(default)s)")
    add("--skip-unknown", action="store_true", help="leave out lines with characters outside the alphabet")
    add("--teacher", metavar="DIR", help="folder of an ONNX recognizer, such as one of placard's models")
    add("--teacher-gives", choices=("texts", "classes"), default="texts", help="or its last layer (%(default)s)")
    add("--teacher-contract", metavar="FILE", help="its model.json, where that is elsewhere")
    options = finish_options(parser, arguments)
    about = {"id": id, "title": title, "languages": languages}
    alphabet = Alphabet.read(folder / "alphabet.txt")
    return train(parser, options, about, lambda device, say: LineRecipe(options, alphabet, form, narrow, device, say))
