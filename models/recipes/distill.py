"""What another recognizer reads of the same lines.

Teacher and pupil have other alphabets and other numbers of steps, and networks of CTC put their peaks at places of their own:
frames of the one are no truth for frames of the other. So whole texts are taught. Where a line's text is known the teacher
says how legible it is; where it is not, what the teacher reads with confidence becomes the text.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from alphabet import BLANK
from failure import RecipeError
from files import digest, replace_text
from metrics import normalize, similarity
from packed import Form, PackedShard, pack_all

ILLEGIBLE = 0.2
"""Weight of a line of which the teacher reads nothing: the truth is the truth, but there may be little to see of it."""
SURE = 0.9
"""Confidence from which a teacher's text stands for an unknown one."""
LENGTH = 1.5
"""Mean length of the vectors that a pupil takes over: short ones would have to be outgrown by what it multiplies them with."""


class Teacher:
    """An ONNX recognizer beside its contract, `model.json`, in a folder of placard's models."""

    def __init__(self, folder, contract=None, threads=1):
        folder = Path(folder)
        path = Path(contract or folder / "model.json")
        try:
            self.contract = json.loads(path.read_text("utf-8"))
            self.weights = folder / self.contract["weights"]["file"]
            if digest(self.weights) != self.contract["weights"]["sha256"]:
                raise RecipeError(f"{self.weights} is not the file that {path} means: its SHA-256 differs")
        except (OSError, KeyError, ValueError) as error:
            raise RecipeError(f"no teacher in {folder}: {error}") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(self.weights), options, providers=["CPUExecutionProvider"])
        self.characters = self._characters(folder)
        given = self.contract["input"]
        self.form = Form(given["height"], 1 if given["order"] == "gray" else 3)
        self.id = f"{self.contract['id']}-{self.contract['weights']['sha256'][:16]}"

    def _characters(self, folder):
        output = self.contract["output"]
        if output["blank"] != BLANK:
            raise RecipeError(f"{self.contract['id']} has its blank at {output['blank']}, not at {BLANK}")
        place = output["alphabet"]
        if "metadata" in place:
            text = self.session.get_modelmeta().custom_metadata_map[place["metadata"]]
        else:
            text = (folder / place["file"]).read_text("utf-8")
        characters = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        return ["", *characters, *([" "] if output["space"] == "last" else [])]

    def class_vectors(self, characters):
        """What the last layer tells characters apart by: a vector and a bias each, the blank's first.

        Characters that look alike have vectors that lie close together, so that whoever learns to answer in them learns of
        thousands of rare ones what a few lines of each could never show. Characters that the teacher does not know have
        vectors at random, of the same mean and deviation.
        """
        classes, layers = len(self.characters), {1: [], 2: []}
        for values in onnx.load(str(self.weights)).graph.initializer:
            if values.dims and values.dims[-1] == classes and len(values.dims) in layers:
                layers[len(values.dims)].append(onnx.numpy_helper.to_array(values).astype(np.float32))
        if [len(found) for found in layers.values()] != [1, 1]:
            raise RecipeError(f"{self.contract['id']} does not end in one layer with a bias for {classes} classes")
        [biases], [vectors] = layers[1], layers[2]
        vectors = vectors.T * (LENGTH / np.linalg.norm(vectors, axis=0).mean())
        places = {character: place for place, character in enumerate(self.characters)}
        random = np.random.default_rng(1)
        unknown = random.normal(vectors.mean(0), vectors.std(0), (len(characters) + 1, vectors.shape[1]))
        known = [BLANK, *(places.get(character) for character in characters)]
        chosen = [unknown[i] if place is None else vectors[place] for i, place in enumerate(known)]
        return np.float32(chosen), np.float32([0 if place is None else biases[place] for place in known])

    def read(self, samples):
        """Text and mean confidence (0 ... 1) of a line, height x width x channels of 8 bits in RGB."""
        given = self.contract["input"]
        if given["order"] == "bgr":
            samples = samples[:, :, ::-1]
        values = (samples.astype(np.float32) / 255 - np.float32(given["mean"])) / np.float32(given["std"])
        feed = {self.session.get_inputs()[0].name: values.transpose(2, 0, 1)[None].astype(np.float32)}
        [steps] = self.session.run(None, feed)[0]
        if self.contract["output"]["values"] == "logits":
            steps = np.exp(steps - steps.max(1, keepdims=True))
            steps /= steps.sum(1, keepdims=True)
        path = steps.argmax(1)
        seen = (path != BLANK) & (path != np.concatenate([[BLANK], path[:-1]]))
        text = "".join(self.characters[symbol] for symbol in path[seen])
        return text, float(steps.max(1)[seen].mean()) if seen.any() else 0.0


class Lessons:
    """The teacher's answers of each shard, kept in files beside the packed lines: a shard is read once."""

    def __init__(self, teacher, cache, processes, say):
        self.teacher, self.cache, self.processes, self.say = teacher, cache, processes, say
        self.answers = {}

    def prepare(self, shards):
        """Reads what was not read yet. `shards` as the index names them."""
        pack_all(shards, self.teacher.form, self.cache, self.processes, self.say)
        for done, shard in enumerate(shards, 1):
            path = self.cache / f"{shard.sha256[:32]}.{self.teacher.id}.json"
            if not path.exists():
                lines = PackedShard(shard, self.teacher.form, self.cache)
                answers = {key: self.teacher.read(lines.line(i)) for i, key in enumerate(lines.keys)}
                replace_text(path, json.dumps(answers, ensure_ascii=False))
                self.say(f"the teacher has read {done} of {len(shards)} shards")
            self.answers[shard.sha256] = json.loads(path.read_text("utf-8"))

    def __call__(self, lines, i):
        """The text to learn of a line, and its weight, 0 ... 1."""
        truth = lines.texts[i]
        text, confidence = self.answers[lines.sha256][lines.keys[i]]
        if truth == "":
            return text, confidence if confidence >= SURE else 0.0
        return truth, ILLEGIBLE + (1 - ILLEGIBLE) * similarity(normalize(truth), normalize(text))
