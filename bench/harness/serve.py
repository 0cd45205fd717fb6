"""A contender's process: python -I bench/harness/serve.py FILE OPTIONS. README.md has the protocol; serve.mjs is the same in Node.js.

The file has create(options), which returns an object with read(image), to_answer(result, image), about() and perhaps
read_all(images). -I keeps the file's folder out of the module path, where it may bear the name of what it imports.
"""

import importlib.util
import json
import os
import sys
import time


def load(file: str):
    spec = importlib.util.spec_from_file_location("contender", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def error_of(error: Exception) -> dict:
    return {"message": (str(error) or repr(error))[:300]}


def answer(contender, image: str) -> dict:
    started = time.perf_counter()
    try:
        result = contender.read(image)
        milliseconds = (time.perf_counter() - started) * 1000
        return {"ms": milliseconds, **contender.to_answer(result, image)}
    except Exception as error:  # Whatever it raises is this picture's result.
        return {"ms": (time.perf_counter() - started) * 1000, "error": error_of(error)}


def read_in_turn(contender, images: list[str]) -> list:
    results = []
    for image in images:
        try:
            results.append(contender.read(image))
        except Exception as error:
            results.append(error)
    return results


def answer_all(contender, images: list[str]) -> dict:
    # Nobody pays for the disk.
    for image in images:
        with open(image, "rb") as file:
            file.read()
    started = time.perf_counter()
    read_all = getattr(contender, "read_all", None)
    results = read_all(images) if read_all else read_in_turn(contender, images)
    milliseconds = (time.perf_counter() - started) * 1000
    answers = [
        {"error": error_of(result)} if isinstance(result, Exception) else contender.to_answer(result, image)
        for result, image in zip(results, images)
    ]
    return {"ms": milliseconds, "answers": answers}


def main() -> None:
    # A library that prints would break the protocol.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    contender = load(sys.argv[1]).create(json.loads(sys.argv[2]))
    print(json.dumps({"ready": True}), file=answers)
    for line in sys.stdin:
        message = json.loads(line)
        if "image" in message:
            said = answer(contender, message["image"])
        elif "images" in message:
            said = answer_all(contender, message["images"])
        else:
            said = {"about": contender.about()}
        print(json.dumps(said), file=answers)


if __name__ == "__main__":
    main()
