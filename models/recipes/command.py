"""What models/<id>/train.py of every recipe has in common: its options, and the way from shards to a model and its card."""

import argparse
import json
import os
import shlex
import sys
from pathlib import Path

import torch

from card import card
from checkpoint import begin_from, save_weights
from export import export
from failure import RecipeError
from files import replace_text
from lines import Source
from shards import read_index
from training import Plan, Training, device_of, machine

# Where things lay, and what they were made with: not what was made.
_PLACES = ("out", "cache", "begin", "teacher", "teacher_contract")
_UNSAID = ("shards", "dev", "processes", "threads", "device", "figures")


def common_options(id, drawn_by, ramp):
    parser = argparse.ArgumentParser(description=f"Trains {id} on shards of `{drawn_by}` (docs/training.md).")
    add = parser.add_argument
    add("--shards", nargs="+", required=True, metavar="DIR[@SHARE]", help="folders of shards; SHARE: times a pass (1)")
    add("--out", required=True, metavar="DIR", help="checkpoint, network, card; a run that stands there goes on")
    add("--steps", type=int, help="ends after so many steps")
    add("--hours", type=float, help="ends after so many hours of training, those of earlier sessions among them")
    add("--seed", type=int, default=1)
    add("--rate", type=float, default=2e-3, help="highest learning rate (%(default)s)")
    add("--decay", type=float, default=0.05, help="of the weights, times the learning rate, each step (%(default)s)")
    add("--warm-up", type=int, default=500, help="steps until it is reached (%(default)s)")
    add("--ramp", type=int, default=ramp, metavar="STEPS", help="until changes at random are in full force (%(default)s)")
    add("--evaluate-every", type=int, default=2000, metavar="STEPS")
    add("--save-seconds", type=float, default=300, metavar="SECONDS", help="between checkpoints (%(default)s)")
    add("--from", dest="begin", metavar="FILE", help="begin with the weights of this file, where they fit")
    add("--figures", nargs="*", default=[], metavar="FILE", help="answers of `placard eval --json` for the card")
    add("--cache", metavar="DIR", help="where samples are kept as training takes them (OUT/packed)")
    add("--processes", type=int, default=os.cpu_count() or 1, help="that decode (%(default)s)")
    add("--threads", type=int, default=os.cpu_count() or 1, help="that train, on a CPU (%(default)s)")
    add("--device", help="cpu, cuda, cuda:1 ... (a GPU where there is one)")
    return parser


def finish_options(parser, arguments):
    options = parser.parse_args(arguments)
    if options.steps is None and options.hours is None:
        parser.error("say when to end: --steps N or --hours N")
    return options


def said(parser, id, options):
    """The run's command with folders by their names: where they lay is nobody's business."""
    words = ["python3", f"models/{id}/train.py", "--shards"]
    words += [f"{source.folder.name}@{source.share:g}" for source in map(Source.parse, options.shards)]
    for name, value in vars(options).items():
        if name in _UNSAID or value is None or value == parser.get_default(name):
            continue
        words += [f"--{'from' if name == 'begin' else name.replace('_', '-')}"]
        words += [] if value is True else [Path(value).name if name in _PLACES else str(value)]
    return shlex.join(words)


def train(parser, options, about, recipe_of):
    """Trains, exports and writes the card. Returns the exit status: 130 for a run that was stopped and can go on.

    `about`: the model's id, title and what else its contract says; `recipe_of(device, say)`: see training.py.
    """
    say = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731
    torch.set_num_threads(options.threads)
    device, out = device_of(options.device), Path(options.out)
    recipe = recipe_of(device, say)
    if options.begin:
        left = begin_from(recipe.network, options.begin)
        say(f"begins with the weights of {Path(options.begin).name}" + (f", but for {', '.join(left)}" if left else ""))
    names = ("seed", "rate", "decay", "warm_up", "evaluate_every", "save_seconds")
    plan = Plan(options.steps, options.hours, **{name: getattr(options, name) for name in names})
    training = Training(recipe, plan, out, device, say, recipe.facts())
    if training.resume():
        say(f"goes on from step {training.step}")
    if not training.run():
        say(f"stopped at step {training.step}; the same command goes on from there")
        return 130
    exported = export(recipe.exported(training.averaged().cpu().float().eval()), out, about)
    save_weights(out / "weights.pt", training.ema.average, {"id": about["id"], "steps": training.step})
    data = {source.folder.name: read_index(source.folder)[0]["options"] for source in recipe.sources}
    measured = [figures for path in options.figures for figures in _figures(path)]
    command = said(parser, about["id"], options)
    replace_text(out / "CARD.md", card({**about, "machine": machine()}, training, exported, data, measured, command))
    say(f"wrote {out}: network.onnx ({exported['bytes']:,} bytes, {exported['storage']}), its contract and card, weights.pt")
    return 0


def _figures(path):
    try:
        return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise RecipeError(f"{path} is no answer of `placard eval --json`: {error}") from error
