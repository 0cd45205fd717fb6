"""PyPI rapidocr with ONNX Runtime and its PP-OCRv6 small weights, as it comes; the contender's side of README.md's protocol.

--layout line: its detector is off and its score limit 0, so that it reads the whole picture as one line.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import pathlib
import platform
import sys
import time

import cv2
import rapidocr
from rapidocr.utils.typings import ModelType, OCRVersion


def create_engine(threads: int) -> rapidocr.RapidOCR:
    cv2.setNumThreads(threads)
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "Det.ocr_version": OCRVersion.PPOCRV6,
            "Det.model_type": ModelType.SMALL,
            "Rec.ocr_version": OCRVersion.PPOCRV6,
            "Rec.model_type": ModelType.SMALL,
        }
    )


def describe(threads: int, layout: str) -> dict:
    models = pathlib.Path(rapidocr.__file__).parent / "models"
    digests = {
        "detector": hashlib.sha256((models / "PP-OCRv6_det_small.onnx").read_bytes()).hexdigest(),
        "recognizer": hashlib.sha256((models / "PP-OCRv6_rec_small.onnx").read_bytes()).hexdigest(),
    }
    versions = {name: importlib.metadata.version(name) for name in ("rapidocr", "onnxruntime", "numpy")}
    return {
        "engine": "rapidocr",
        "versions": {**versions, "opencv": cv2.__version__, "python": platform.python_version()},
        "settings": {"threads": threads, "layout": layout},
        "weights": digests,
    }


def to_lines(output) -> list[dict]:
    """Lines of a reading; its fields are None, or missing, where nothing was found."""
    texts = getattr(output, "txts", None)
    if not texts:
        return []
    boxes = getattr(output, "boxes", None)
    lines = [{"text": text, "confidence": float(score)} for text, score in zip(texts, output.scores)]
    for line, box in zip(lines, [] if boxes is None else boxes):
        line["polygon"] = box.tolist()
    return lines


def answer(engine: rapidocr.RapidOCR, image: str, choices: dict) -> dict:
    started = time.perf_counter()
    try:
        output = engine(image, **choices)
        milliseconds = (time.perf_counter() - started) * 1000
        return {"ms": milliseconds, "lines": to_lines(output)}
    except Exception as error:  # Whatever it raises is this picture's result.
        return {"ms": (time.perf_counter() - started) * 1000, "error": {"message": repr(error)[:300]}}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--layout", choices=["auto", "line"], default="auto")
    arguments = parser.parse_args()
    # A library that prints would break the protocol.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    engine = create_engine(arguments.threads)
    choices = {"use_det": True} if arguments.layout == "auto" else {"use_det": False, "text_score": 0}
    print(json.dumps({"ready": describe(arguments.threads, arguments.layout)}), file=answers)
    for line in sys.stdin:
        print(json.dumps(answer(engine, json.loads(line)["image"], choices)), file=answers)


if __name__ == "__main__":
    main()
