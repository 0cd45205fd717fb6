"""Trains a recognizer of lines on the shards of `placard synth lines`: what models/<id>/train.py has in common."""

import argparse
import hashlib
import os
import shlex
import sys
from pathlib import Path

import torch

from alphabet import Alphabet
from augment import Augmentation
from card import card
from checkpoint import begin_from, save_weights
from crnn import HEIGHT, Crnn
from crops import read_crops
from ctc import ctc_loss
from distill import Lessons, Teacher
from export import export
from files import replace_text
from lines import Batch, Lines, Source, gather, held_out
from packed import Form, PackedShard, pack_all
from reading import in_session, in_torch, read_lines, score
from shards import read_index
from training import Plan, Training, device_of, machine

FORM = Form(HEIGHT, 1)
MOST_HELD_OUT = 500


class LineRecipe:
    """What Training asks of a recipe, for lines and CTC."""

    def __init__(self, options, alphabet, device, say):
        self.options, self.alphabet, self.device, self.say = options, alphabet, device, say
        torch.manual_seed(options.seed)
        self.network = Crnn(len(alphabet))
        self.augment = Augmentation(options.seed, options.ramp)
        self.cache = Path(options.cache or Path(options.out) / "packed")
        self.sources = [Source.parse(text) for text in options.shards]
        self.crops = {Path(folder).name: read_crops(folder, FORM) for folder in options.dev}
        self.lessons = None
        if options.teacher:
            teacher = Teacher(options.teacher, options.teacher_contract)
            self.lessons = Lessons(teacher, self.cache, options.processes, say)
        self.lines, self.drawn = None, ([], [])

    def begin_pass(self, number, facts):
        shards, shares = gather(self.sources, facts and facts["shards"])
        packed = self._packed(shards)
        if self.lines is None or [line.sha256 for line in self.lines.shards] != [shard.sha256 for shard in shards]:
            self.lines = self._lines(packed, shares)
            self.drawn = self._held_out(packed)
        longest = self.options.easy if number < self.options.easy_passes else None
        places = self.lines.order(self.options.seed, number, self.options.columns, longest)
        return {"shards": [shard.sha256 for shard in shards]}, places

    def _packed(self, shards):
        pack_all(shards, FORM, self.cache, self.options.processes, self.say)
        if self.lessons:
            self.lessons.prepare(shards)
        return [PackedShard(shard, FORM, self.cache) for shard in shards]

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
        logits, auxiliary = self.network(lines.contiguous(memory_format=torch.channels_last))
        labels, lengths, weights = (part.to(self.device) for part in (batch.labels, batch.lengths, batch.weights))
        loss = ctc_loss(logits, labels, lengths, weights)
        return loss + self.options.auxiliary * ctc_loss(auxiliary, labels, lengths, weights)

    def evaluate(self, network):
        sets = {"held out": self.drawn}
        for name, crops in self.crops.items():
            sets[name] = ([line for line, _ in crops], [truths for _, truths in crops])
        logits_of = in_torch(network, self.device)
        return {name: score(read_lines(logits_of, lines, self.alphabet), truths) for name, (lines, truths) in sets.items()}

    def texts(self, session):
        """What an exported network reads of every line that is only read."""
        if self.lines is None:
            # The run was over before this session began: no pass has looked at the shards.
            self.begin_pass(0, None)
        lines = self.drawn[0] + [line for crops in self.crops.values() for line, _ in crops]
        return read_lines(in_session(session), lines, self.alphabet)


def parse(arguments, id):
    parser = argparse.ArgumentParser(description=f"Trains {id} on shards of `placard synth lines` (docs/training.md).")
    add = parser.add_argument
    add("--shards", nargs="+", required=True, metavar="DIR[@SHARE]", help="folders of shards; SHARE: times a pass (1)")
    add("--out", required=True, metavar="DIR", help="checkpoint, network, card; a run that stands there goes on")
    add("--steps", type=int, help="ends after so many steps")
    add("--hours", type=float, help="ends after so many hours of training, those of earlier sessions among them")
    add("--dev", nargs="*", default=[], metavar="DIR", help="folders of labeled crops that are only read")
    add("--seed", type=int, default=1)
    add("--columns", type=int, default=4096, help="columns of a batch, all lines together (%(default)s)")
    add("--rate", type=float, default=2e-3, help="highest learning rate (%(default)s)")
    add("--warm-up", type=int, default=500, help="steps until it is reached (%(default)s)")
    add("--evaluate-every", type=int, default=2000, metavar="STEPS")
    add("--save-seconds", type=float, default=300, metavar="SECONDS", help="between checkpoints (%(default)s)")
    add("--auxiliary", type=float, default=1.0, help="weight of the convolutions' own loss (%(default)s)")
    add("--ramp", type=int, default=4000, metavar="STEPS", help="until changes at random are in full force (%(default)s)")
    add("--easy-passes", type=int, default=0, help="first passes over short lines alone (%(default)s)")
    add("--easy", type=int, default=6, metavar="CHARACTERS", help="how short those are (%(default)s)")
    add("--widest", type=int, default=800, metavar="COLUMNS", help="wider lines are left out (%(default)s)")
    add("--skip-unknown", action="store_true", help="leave out lines with characters outside the alphabet")
    add("--from", dest="begin", metavar="FILE", help="begin with the weights of this file, where they fit")
    add("--teacher", metavar="DIR", help="folder of an ONNX recognizer that says which lines are legible")
    add("--teacher-contract", metavar="FILE", help="its model.json, where that is elsewhere")
    add("--cache", metavar="DIR", help="where decoded lines are kept (OUT/packed)")
    add("--processes", type=int, default=os.cpu_count() or 1, help="that decode (%(default)s)")
    add("--threads", type=int, default=os.cpu_count() or 1, help="that train, on a CPU (%(default)s)")
    add("--device", help="cpu, cuda, cuda:1 ... (a GPU where there is one)")
    options = parser.parse_args(arguments)
    if options.steps is None and options.hours is None:
        parser.error("say when to end: --steps N or --hours N")
    return options


def _command(id, options):
    """The run's command with folders by their names: where they lay is nobody's business."""
    words = ["python3", f"models/{id}/train.py", "--shards"]
    words += [f"{source.folder.name}@{source.share:g}" for source in map(Source.parse, options.shards)]
    defaults = vars(parse(["--shards", "", "--out", "", "--steps", "1"], id))
    places = ("out", "cache", "begin", "teacher", "teacher_contract")
    for name, value in vars(options).items():
        if name in ("shards", "dev", "processes", "threads", "device") or value == defaults[name] or value is None:
            continue
        words += [f"--{'from' if name == 'begin' else name.replace('_', '-')}"]
        words += [] if value is True else [Path(value).name if name in places else str(value)]
    return shlex.join(words)


def main(id, title, languages, folder, arguments=None):
    """Trains, exports and writes the card. Returns the exit status: 130 for a run that was stopped and can go on."""
    options = parse(arguments, id)
    say = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731
    torch.set_num_threads(options.threads)
    device, out = device_of(options.device), Path(options.out)
    alphabet = Alphabet.read(folder / "alphabet.txt")
    recipe = LineRecipe(options, alphabet, device, say)
    if options.begin:
        left = begin_from(recipe.network, options.begin)
        say(f"begins with the weights of {Path(options.begin).name}" + (f", but for {', '.join(left)}" if left else ""))
    names = ("seed", "rate", "warm_up", "evaluate_every", "save_seconds")
    plan = Plan(options.steps, options.hours, **{name: getattr(options, name) for name in names})
    facts = {name: getattr(options, name) for name in ("columns", "auxiliary", "ramp", "easy_passes", "easy", "widest", "skip_unknown")}
    facts["alphabet"] = hashlib.sha256(alphabet.text().encode()).hexdigest()
    facts["teacher"] = recipe.lessons and recipe.lessons.teacher.id
    training = Training(recipe, plan, out, device, say, facts)
    if training.resume():
        say(f"goes on from step {training.step}")
    if not training.run():
        say(f"stopped at step {training.step}; the same command goes on from there")
        return 130
    about = {"id": id, "title": title, "languages": languages, "machine": machine()}
    exported = export(training.averaged(), alphabet, FORM, recipe.texts, out, about)
    facts = {"id": id, "steps": training.step, "alphabet": alphabet.text()}
    save_weights(out / "weights.pt", training.ema.average, facts)
    data = {source.folder.name: read_index(source.folder)[0]["options"] for source in recipe.sources}
    replace_text(out / "CARD.md", card(about, training, exported, data, _command(id, options)))
    say(f"wrote {out}: network.onnx ({exported['bytes']:,} bytes, {exported['storage']}), its contract and card, weights.pt")
    return 0
