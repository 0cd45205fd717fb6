"""A trained recognizer as a model of placard: network.onnx, alphabet.txt and model.json."""

import hashlib
import platform
import time

import numpy as np
import onnxruntime
import torch

from failure import RecipeError
from files import replace, replace_json, replace_text
from graph import crnn_graph
from lines import BUCKET

TOLERANCE = 1e-4
"""Largest difference between a logit of torch's and the exported network's."""
PARITY_COLUMNS = (48, 160, 336)


def open_network(content):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def parity(network, session, height, channels):
    """The largest difference between torch's logits and the session's."""
    random, worst = torch.Generator().manual_seed(1), 0.0
    for columns in PARITY_COLUMNS:
        lines = torch.rand(2, channels, height, columns, generator=random) * 2 - 1
        with torch.no_grad():
            expected = network(lines).permute(1, 0, 2).numpy()
        [answered] = session.run(None, {"line": lines.numpy()})
        if answered.shape != expected.shape:
            raise RecipeError(f"the export gives {answered.shape} for {columns} columns and not {expected.shape}")
        worst = max(worst, float(np.abs(answered - expected).max()))
    return worst


def milliseconds(session, height, channels, columns=320):
    """CPU time of one line on one thread: the least of many runs."""
    line, least = np.zeros((1, channels, height, columns), np.float32), np.inf
    for _ in range(30):
        began = time.process_time()
        session.run(None, {"line": line})
        least = min(least, time.process_time() - began)
    return least * 1000


def export(network, alphabet, form, read, folder, about):
    """Writes the three files. `read(session)` gives the texts of the lines that 16 bits must not change; `about` what the
    contract says beside its numbers. Returns what was measured. Raises RecipeError for an export that differs from torch."""
    network = network.cpu().float().eval()
    contents = {half: crnn_graph(network, form.channels, form.height, half) for half in (False, True)}
    session = open_network(contents[False])
    difference = parity(network, session, form.height, form.channels)
    if not difference <= TOLERANCE:
        raise RecipeError(f"the exported network differs from torch's by {difference:.2g}, more than {TOLERANCE:g}")
    expected, answered = read(session), read(open_network(contents[True]))
    changed = sum(a != b for a, b in zip(expected, answered, strict=True))
    half = len(expected) > 0 and changed == 0
    content = contents[half]
    replace(folder / "network.onnx", lambda file: file.write(content))
    replace_text(folder / "alphabet.txt", alphabet.text())
    replace_json(folder / "model.json", _contract(content, alphabet, form, about))
    return {
        "difference": difference,
        "storage": "16 bits" if half else "32 bits",
        "texts_changed_by_16_bits": changed,
        "texts_compared": len(expected),
        "bytes": len(content),
        "milliseconds": milliseconds(open_network(content), form.height, form.channels),
        "processor": platform.processor() or platform.machine(),
    }


def _contract(content, alphabet, form, about):
    return {
        "id": about["id"],
        "title": about["title"],
        "task": "recognize",
        "decoder": "ctc",
        "input": {
            "layout": "nchw",
            "order": "gray" if form.channels == 1 else "rgb",
            "mean": [0.5] * form.channels,
            "std": [0.5] * form.channels,
            "multipleOf": BUCKET,
            "height": form.height,
            "fill": "edge",
        },
        "output": {
            "values": "logits",
            "classes": len(alphabet),
            "blank": 0,
            "space": "none",
            "steps": {"per": 4, "plus": 0},
            "alphabet": {"file": "alphabet.txt", "sha256": hashlib.sha256(alphabet.text().encode()).hexdigest()},
        },
        "weights": {"file": "network.onnx", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)},
        "license": "Apache-2.0",
        "languages": about["languages"],
    }
