"""English: its code and name, and how it writes numbers."""

from ..numerals import Numerals

CODE = "en"
NAME = "English"
NUMERALS = Numerals()
decimal, percent, whole = NUMERALS.decimal, NUMERALS.percent, NUMERALS.whole
