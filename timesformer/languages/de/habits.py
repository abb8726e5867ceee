"""German: its code and name, and how it writes numbers."""

from ..numerals import Numerals

CODE = "de"
NAME = "Deutsch"
NUMERALS = Numerals(point=",", group=".", sign="\N{NO-BREAK SPACE}%")
decimal, percent, whole = NUMERALS.decimal, NUMERALS.percent, NUMERALS.whole
