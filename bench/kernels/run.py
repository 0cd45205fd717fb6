"""Each kernel beside OpenCV's Python wheel or numpy: one thread, in the same run, answers compared first. See README.md.

    python bench/kernels/run.py [KERNEL ...] [--rounds N] [--library PATH] [--out FILE]

Needs numpy and opencv-python-headless, and CMake with a C++ compiler unless --library names the built library.
"""

import argparse
import importlib
import json
import os
import pathlib
import platform
import subprocess
import sys

import cv2
import numpy as np

from comparison import compare
from kernel_library import REPOSITORY, KernelLibrary

FOLDER = pathlib.Path(__file__).resolve().parent


def kernel_names() -> list[str]:
    """The entries: every file of this folder that defines comparisons(library)."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if "\ndef comparisons(" in path.read_text())


def build_library() -> pathlib.Path:
    build = REPOSITORY / "build" / "bench"
    configure = ["cmake", "-S", str(REPOSITORY), "-B", str(build), "-DCMAKE_BUILD_TYPE=Release", "-DPLACARD_BENCH=ON"]
    subprocess.run(configure, check=True, stdout=sys.stderr)
    subprocess.run(
        ["cmake", "--build", str(build), "--target", "placard_kernel_bench", "-j2"], check=True, stdout=sys.stderr
    )
    return next(build.rglob("libplacard_kernel_bench.*"))


def processor() -> str:
    path = pathlib.Path("/proc/cpuinfo")
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def print_result(result: dict) -> None:
    theirs = result["theirs"]
    print(f"\n{result['name']}")
    print(f"  {result['opponent']:<40} min {theirs['min_ms']:8.4f} ms  median {theirs['median_ms']:8.4f} ms")
    for level, own in result["ours"].items():
        target = ""
        if "target" in own:
            target = f"  wanted {own['target']:g}x: {'reached' if own['ratio_of_min'] >= own['target'] else 'MISSED'}"
        print(
            f"  placard {level:<32} min {own['min_ms']:8.4f} ms  median {own['median_ms']:8.4f} ms"
            f"  {own['ratio_of_min']:6.2f}x ({own['ratio_of_median']:.2f}x)  differs {own['difference']:.3g} {result['unit']}{target}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares placard's kernels with OpenCV and numpy.")
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", help=f"of {', '.join(kernel_names())}; all by default")
    parser.add_argument("--rounds", type=int, default=60, help="timings of each contender, taken in turns")
    parser.add_argument("--library", type=pathlib.Path, help="the built library; by default CMake builds it")
    parser.add_argument("--out", type=pathlib.Path, default=REPOSITORY / "bench" / "results" / "kernels.json")
    arguments = parser.parse_args()
    unknown = set(arguments.kernels) - set(kernel_names())
    if unknown:
        parser.error(f"no kernel {', '.join(sorted(unknown))} here; there are {', '.join(kernel_names())}")

    cv2.setNumThreads(1)
    library = KernelLibrary(arguments.library or build_library())
    levels = library.levels()
    results = []
    for name in arguments.kernels or kernel_names():
        for comparison in importlib.import_module(name).comparisons(library):
            result = compare(comparison, levels, library.force, arguments.rounds)
            print_result(result)
            results.append({"kernel": name, **result})
    report = {
        "processor": processor(),
        "threads": 1,
        "rounds": arguments.rounds,
        "load_average": os.getloadavg()[0],
        "versions": {
            "opencv": cv2.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "compiler": library.compiler(),
        },
        "results": results,
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nWritten to {arguments.out}.")
    missed = [
        result["name"]
        for result in results
        for own in result["ours"].values()
        if "target" in own and own["ratio_of_min"] < own["target"]
    ]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
