"""Files that are there whole or not at all, whenever the process is killed."""

import hashlib
import json
import os
from pathlib import Path


def replace(path, fill):
    """Writes a file by `fill(open file)` beside its place, then moves it there in one step."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def replace_text(path, text):
    replace(path, lambda file: file.write(text.encode()))


def replace_json(path, value):
    replace_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def digest(path):
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
