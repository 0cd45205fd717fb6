"""Writes alphabet.txt: what crnn-chinese reads.

    python3 models/crnn-chinese/make_alphabet.py WORDS      # the folder words/ of the materials (docs/training-data.md)

The first levels of GB 2312 (Simplified) and Big5 (Traditional) are what those countries' standards call common. What the
word lists of Chinese and Japanese have beside them, the commonest first, comes after, and then kana, ASCII and marks.
"""

import sys
import unicodedata
from collections import Counter
from pathlib import Path

BESIDE = 1000
MARKS = "、。・·‧，．：；？！（）「」『』《》〈〉【】〔〕［］｛｝“”‘’…—–～／＼＆＠＃％＋－＝＊＜＞｜＄￥¥€£°℃※→←↑↓★☆●○◎■□◆◇△▲▽▼〒№①②③④⑤⑥⑦⑧⑨⑩々〇ー×÷±"


def level(codec, leads, trails):
    """Han characters that a double-byte codec has in a range of lead bytes."""
    for lead in leads:
        for trail in trails:
            try:
                character = bytes([lead, trail]).decode(codec)
            except UnicodeDecodeError:
                continue
            if is_han(character):
                yield character


def is_han(character):
    return "\u4e00" <= character <= "\u9fff"


def beside(words, known):
    """Han characters of the word lists that are not known yet, by the share that they have in the list where it is highest."""
    shares = Counter()
    for language in ("zh-Hans", "zh-Hant", "ja"):
        counts = Counter()
        for row in (words / f"{language}.txt").read_text("utf-8").splitlines():
            word, _, count = row.partition("\t")
            counts.update({character: float(count or 1) for character in word})
        total = sum(counts.values())
        for character, count in counts.items():
            if is_han(character) and character not in known:
                shares[character] = max(shares[character], count / total)
    return (character for character, _ in shares.most_common(BESIDE))


def main(words):
    gb = level("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    big5 = level("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    han = sorted({*gb, *big5})
    kana = [chr(code) for code in (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB))]
    ascii = [chr(code) for code in range(0x20, 0x7F)]
    characters = [*ascii, *MARKS, *kana, *han, *sorted(beside(words, set(han)))]
    once = dict.fromkeys(character for character in characters if unicodedata.normalize("NFC", character) == character)
    text = "".join(f"{character}\n" for character in once)
    Path(__file__).with_name("alphabet.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
