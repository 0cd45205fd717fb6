"""PyPI rapidocr with its PP-OCRv6 small weights, as it comes; `runtime` is onnxruntime or openvino.

Layout `line`: its detector is off and its score limit 0, so that it reads the whole picture as one line.
"""

import hashlib
import importlib.metadata
import pathlib
import platform

import cv2
import rapidocr
from rapidocr.utils.typings import EngineType, ModelType, OCRVersion

THREADS_OPTION = {"onnxruntime": "intra_op_num_threads", "openvino": "inference_num_threads"}


class Contender:
    def __init__(self, options: dict):
        self._threads, self._layout, self._runtime = options["threads"], options["layout"], options["runtime"]
        self._choices = {"use_det": True} if self._layout == "auto" else {"use_det": False, "text_score": 0}
        engine = EngineType(self._runtime)
        cv2.setNumThreads(self._threads)
        self._engine = rapidocr.RapidOCR(
            params={
                "Global.log_level": "error",
                f"EngineConfig.{self._runtime}.{THREADS_OPTION[self._runtime]}": self._threads,
                **{f"{part}.engine_type": engine for part in ("Det", "Cls", "Rec")},
                **{f"{part}.ocr_version": OCRVersion.PPOCRV6 for part in ("Det", "Rec")},
                **{f"{part}.model_type": ModelType.SMALL for part in ("Det", "Rec")},
            }
        )

    def read(self, image: str):
        return self._engine(image, **self._choices)

    def to_answer(self, output, _image: str) -> dict:
        """Lines of a reading; its fields are None, or missing, where nothing was found."""
        texts = getattr(output, "txts", None)
        if not texts:
            return {"lines": []}
        boxes = getattr(output, "boxes", None)
        lines = [{"text": text, "confidence": float(score)} for text, score in zip(texts, output.scores)]
        for line, box in zip(lines, [] if boxes is None else boxes):
            line["polygon"] = box.tolist()
        return {"lines": lines}

    def about(self) -> dict:
        models = pathlib.Path(rapidocr.__file__).parent / "models"
        versions = {name: importlib.metadata.version(name) for name in ("rapidocr", self._runtime, "numpy")}
        return {
            "engine": "rapidocr",
            "versions": {**versions, "opencv": cv2.__version__, "python": platform.python_version()},
            "settings": {"threads": self._threads, "layout": self._layout, "runtime": self._runtime},
            "weights": {
                "detector": hashlib.sha256((models / "PP-OCRv6_det_small.onnx").read_bytes()).hexdigest(),
                "recognizer": hashlib.sha256((models / "PP-OCRv6_rec_small.onnx").read_bytes()).hexdigest(),
            },
        }


def create(options: dict) -> Contender:
    return Contender(options)
