"""Debian's tesseract with its English. Its library is called directly (C API, ctypes), so that it is loaded once.

The command `tesseract` would load it anew for each picture.
"""

import ctypes
import ctypes.util
import os
import pathlib
import platform

PAGE_AUTO, PAGE_SINGLE_LINE = 3, 7
COLUMNS = ("level", "page", "block", "paragraph", "line", "word", "left", "top", "width", "height", "conf", "text")
LINE_LEVEL, WORD_LEVEL = 4, 5


def load_library(home: pathlib.Path, name: str, version: int) -> ctypes.CDLL:
    """A library that the set-up unpacked, or that of the machine."""
    unpacked = sorted(home.glob(f"usr/lib/*/lib{name}.so.{version}"))
    return ctypes.CDLL(str(unpacked[0]) if unpacked else ctypes.util.find_library(name) or f"lib{name}.so.{version}")


class Contender:
    def __init__(self, options: dict):
        self._threads, self._layout = options["threads"], options["layout"]
        home = pathlib.Path(options["home"])
        # Read by its OpenMP when the library is loaded.
        os.environ["OMP_THREAD_LIMIT"] = str(self._threads)
        self._leptonica = load_library(home, "lept", 5)
        self._library = load_library(home, "tesseract", 5)
        self._declare()
        self._handle = ctypes.c_void_p(self._library.TessBaseAPICreate())
        self._data = next(iter(home.glob("usr/share/tesseract-ocr/*/tessdata")))
        if self._library.TessBaseAPIInit3(self._handle, str(self._data).encode(), b"eng") != 0:
            raise RuntimeError(f"TessBaseAPIInit3 found no English in {self._data}.")
        mode = PAGE_SINGLE_LINE if self._layout == "line" else PAGE_AUTO
        self._library.TessBaseAPISetPageSegMode(self._handle, mode)

    def _declare(self) -> None:
        pointer, library = ctypes.c_void_p, self._library
        self._leptonica.pixRead.argtypes, self._leptonica.pixRead.restype = [ctypes.c_char_p], pointer
        self._leptonica.pixDestroy.argtypes = [ctypes.POINTER(pointer)]
        library.TessBaseAPICreate.restype = pointer
        library.TessBaseAPIInit3.argtypes = [pointer, ctypes.c_char_p, ctypes.c_char_p]
        library.TessBaseAPISetPageSegMode.argtypes = [pointer, ctypes.c_int]
        library.TessBaseAPISetImage2.argtypes = [pointer, pointer]
        library.TessBaseAPIGetTsvText.argtypes = [pointer, ctypes.c_int]
        library.TessBaseAPIGetTsvText.restype = pointer
        library.TessDeleteText.argtypes = [pointer]
        library.TessVersion.restype = ctypes.c_char_p

    def read(self, image: str) -> str:
        """The words with their boxes, in tesseract's table."""
        picture = ctypes.c_void_p(self._leptonica.pixRead(image.encode()))
        if not picture:
            raise ValueError("leptonica cannot read it")
        self._library.TessBaseAPISetImage2(self._handle, picture)
        table = self._library.TessBaseAPIGetTsvText(self._handle, 0)
        self._leptonica.pixDestroy(ctypes.byref(picture))
        if not table:
            raise ValueError("tesseract gave no answer")
        try:
            return ctypes.string_at(table).decode()
        finally:
            self._library.TessDeleteText(table)

    def to_answer(self, table: str, _image: str) -> dict:
        lines: list[dict] = []
        for row in (dict(zip(COLUMNS, line.split("\t"))) for line in table.splitlines()):
            if int(row["level"]) == LINE_LEVEL:
                lines.append({"words": [], "confidences": [], "polygon": corners(row)})
            elif int(row["level"]) == WORD_LEVEL and row["text"].strip():
                lines[-1]["words"].append(row["text"])
                lines[-1]["confidences"].append(float(row["conf"]) / 100)
        return {"lines": [as_line(line) for line in lines if line["words"]]}

    def about(self) -> dict:
        return {
            "engine": "tesseract",
            "versions": {
                "tesseract": self._library.TessVersion().decode(),
                "python": platform.python_version(),
            },
            "settings": {"threads": self._threads, "layout": self._layout, "language": "eng"},
            "weights": {"recognizer": f"{self._data.parent.parent.name} eng.traineddata"},
        }


def corners(row: dict) -> list[list[int]]:
    left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
    return [[left, top], [left + width, top], [left + width, top + height], [left, top + height]]


def as_line(line: dict) -> dict:
    confidence = sum(line["confidences"]) / len(line["confidences"])
    return {"text": " ".join(line["words"]), "confidence": confidence, "polygon": line["polygon"]}


def create(options: dict) -> Contender:
    return Contender(options)
