"""Characters and their classes: one a line in a file, in the order of the classes 1, 2, ...; class 0 is CTC's blank."""

import unicodedata
from pathlib import Path

from failure import RecipeError, listed

BLANK = 0


class Alphabet:
    def __init__(self, characters):
        self.characters = list(characters)
        self.classes = {character: place for place, character in enumerate(self.characters, BLANK + 1)}
        if len(self.classes) != len(self.characters):
            twice = {character for character in self.characters if self.characters.count(character) > 1}
            raise RecipeError(f"the alphabet has characters twice: {listed(sorted(twice))}")

    @classmethod
    def read(cls, path):
        try:
            text = Path(path).read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise RecipeError(f"cannot read the alphabet {path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise RecipeError(f"the alphabet {path} is not UTF-8") from error
        characters = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        wrong = [place for place, character in enumerate(characters, 1) if len(character) != 1]
        if wrong:
            raise RecipeError(f"{path}: not one character in line {listed(wrong)}")
        return cls(characters)

    def __len__(self):
        """Classes, the blank among them."""
        return len(self.characters) + 1

    def text(self):
        return "".join(f"{character}\n" for character in self.characters)

    def encode(self, text):
        """The classes of a text in NFC; None where it has a character that is not in the alphabet."""
        classes = [self.classes.get(character) for character in unicodedata.normalize("NFC", text)]
        return None if None in classes else classes

    def outside(self, text):
        return {character for character in unicodedata.normalize("NFC", text) if character not in self.classes}

    def decode(self, path):
        """The text of a best path: classes of steps, repeats and blanks dropped."""
        text, before = [], BLANK
        for step in path:
            if step != before and step != BLANK:
                text.append(self.characters[step - 1])
            before = step
        return "".join(text)
