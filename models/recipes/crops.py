"""Labeled crops of real pictures, in placard's own format (docs/labels.md): never learned from, only read."""

import json
from pathlib import Path

from failure import RecipeError
from packed import open_picture, scaled


def read_crops(folder, form):
    """Each crop's samples and the texts that are right for it."""
    folder, crops = Path(folder), []
    try:
        text = (folder / "labels.jsonl").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{folder} has no labels.jsonl that can be read: {error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            truths = [record["text"], *(record.get("alt") or [])]
            content = (folder / record["image"]).read_bytes()
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise RecipeError(f"{folder / 'labels.jsonl'}:{number}: expected a crop with its text: {error}") from error
        crops.append((scaled(open_picture(content, record["image"]), form), truths))
    return crops
