"""Letters: templates of a procedure, what goes into them, and which of them a step will make."""

from engine.letters.filling import gather
from engine.letters.foreseeing import Foreseen, foresee
from engine.letters.heads import Letter, letter_files, letters_of, read_letter
from engine.letters.making import makers
from engine.letters.wording import Wording, wording_of

__all__ = [
    "Foreseen",
    "Letter",
    "Wording",
    "foresee",
    "gather",
    "letter_files",
    "letters_of",
    "makers",
    "read_letter",
    "wording_of",
]
