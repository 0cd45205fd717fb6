"""PyPI faster-paddle, as it comes; `size` is tiny or small. Its weights are inside its library. It has no layout for one line."""

import importlib.metadata
import pathlib
import platform

import faster_paddle


class Contender:
    def __init__(self, options: dict):
        self._size = options["size"]
        self._engine = faster_paddle.OcrEngine(model_size=self._size, threads=options["threads"])

    def read(self, image: str) -> dict:
        return self._engine.ocr(pathlib.Path(image).read_bytes())

    def read_all(self, images: list[str]) -> list[dict]:
        return self._engine.ocr_batch([pathlib.Path(image).read_bytes() for image in images])

    def to_answer(self, result: dict, _image: str) -> dict:
        """It reports upright boxes by number, and the page's text in reading order."""
        lines = []
        for _, bound in sorted(result["bounds"].items()):
            (left, top), (right, bottom) = bound["topLeftCoord"], bound["bottomRightCoord"]
            corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
            lines.append({"text": bound["text"], "confidence": bound["confidence"], "polygon": corners})
        return {"lines": lines, "text": result["text"]}

    def about(self) -> dict:
        return {
            "engine": "faster-paddle",
            "versions": {
                "faster-paddle": importlib.metadata.version("faster-paddle"),
                "runtime": str(faster_paddle.__runtime_build__),
                "python": platform.python_version(),
            },
            "settings": {**self._engine.config, "size": self._size, "layout": "auto"},
            "weights": {"detector": f"PP-OCRv6 {self._size}", "recognizer": f"PP-OCRv6 {self._size}"},
        }


def create(options: dict) -> Contender:
    return Contender(options)
