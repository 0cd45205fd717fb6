"""Figures of texts, the same as `placard eval` prints for crops (docs/labels.md). Needs Python alone."""

import unicodedata


def normalize(text):
    """NFKC, case folded, without spaces, punctuation and control characters (Unicode Z*, P*, C*)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] not in "ZPC")


def edit_distance(a, b):
    """Insertions, deletions and substitutions of code points (Levenshtein, 1966)."""
    if len(a) < len(b):
        a, b = b, a
    row = list(range(len(b) + 1))
    for i, character in enumerate(a):
        diagonal, row[0] = row[0], i + 1
        for j, other in enumerate(b):
            substituted = diagonal + (character != other)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
    return row[-1]


def similarity(a, b):
    """1 - edit distance / longer length (1-NED), 0 ... 1; 1 for two empty texts."""
    longer = max(len(a), len(b))
    return 1.0 if longer == 0 else 1 - edit_distance(a, b) / longer


class Scores:
    """`exact`, share that is right; `exact_case`, with case and punctuation; `ned`, mean 1-NED."""

    def __init__(self):
        self.lines = self.exact = self.exact_case = 0
        self.similarity = 0.0

    def add(self, truths, text):
        """`truths`: the label, then other readings that are accepted."""
        normalized, read = [normalize(truth) for truth in truths], normalize(text)
        self.lines += 1
        self.exact += read in normalized
        self.exact_case += unicodedata.normalize("NFC", text) in [unicodedata.normalize("NFC", truth) for truth in truths]
        self.similarity += max(similarity(truth, read) for truth in normalized)

    def figures(self):
        lines = max(self.lines, 1)
        return {
            "n": self.lines,
            "exact": self.exact / lines,
            "exact_case": self.exact_case / lines,
            "ned": self.similarity / lines,
        }
