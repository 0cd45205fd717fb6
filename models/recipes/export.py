"""A trained network as a model of placard: network.onnx, model.json and what belongs to it."""

import hashlib
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnxruntime
import torch

from failure import RecipeError
from files import replace, replace_json, replace_text

TOLERANCE = 1e-4
"""Largest difference between an output of torch's and the exported network's."""


@dataclass
class Exported:
    """What a recipe knows of its network."""

    network: torch.nn.Module
    inputs: list
    """Tensors that both runtimes are compared on."""
    layout: tuple
    """How torch's output is permuted to be the exported network's."""
    graph: Callable
    """`graph(half)`: the ONNX file, with weights in 16 bits or in 32."""
    read: Callable
    """`read(content)`: what an ONNX file finds in samples that were never learned from, a list."""
    same: Callable
    """Whether what two of them find in a sample is the same."""
    timed: torch.Tensor
    title: str
    """What `timed` is."""
    files: dict
    """Names and texts of further files."""
    contract: dict
    """Task, input and output, as model.json says them."""


def open_network(content):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def parity(exported, content):
    """The largest difference between torch's outputs and the file's."""
    session, worst = open_network(content), 0.0
    for given in exported.inputs:
        with torch.no_grad():
            expected = exported.network(given).permute(exported.layout).numpy()
        [answered] = session.run(None, {session.get_inputs()[0].name: given.numpy()})
        if answered.shape != expected.shape:
            raise RecipeError(f"the export gives {answered.shape} for {tuple(given.shape)} and not {expected.shape}")
        worst = max(worst, float(np.abs(answered - expected).max()))
    return worst


def milliseconds(content, given):
    """CPU time of one input on one thread: the least of many runs."""
    session, least = open_network(content), np.inf
    for _ in range(30):
        began = time.process_time()
        session.run(None, {session.get_inputs()[0].name: given.numpy()})
        least = min(least, time.process_time() - began)
    return least * 1000


def export(exported, folder, about):
    """Writes the files, and returns what was measured. Weights are stored in 16 bits where every sample's answer stays the
    same. Raises RecipeError for an export that differs from torch."""
    contents = {half: exported.graph(half) for half in (False, True)}
    difference = parity(exported, contents[False])
    if not difference <= TOLERANCE:
        raise RecipeError(f"the exported network differs from torch's by {difference:.2g}, more than {TOLERANCE:g}")
    expected, answered = (exported.read(contents[half]) for half in (False, True))
    changed = sum(not exported.same(a, b) for a, b in zip(expected, answered, strict=True))
    half = len(expected) > 0 and changed == 0
    content = contents[half]
    replace(folder / "network.onnx", lambda file: file.write(content))
    for name, text in exported.files.items():
        replace_text(folder / name, text)
    weights = {"file": "network.onnx", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    replace_json(folder / "model.json", {**about, **exported.contract, "weights": weights, "license": "Apache-2.0"})
    return {
        "difference": difference,
        "storage": "16 bits" if half else "32 bits",
        "changed": changed,
        "compared": len(expected),
        "bytes": len(content),
        "milliseconds": milliseconds(content, exported.timed),
        "timed": exported.title,
        "processor": platform.processor() or platform.machine(),
    }
