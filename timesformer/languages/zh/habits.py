"""Chinese (simplified): its code and name, and how it writes numbers."""

from ..numerals import Numerals

CODE = "zh"
NAME = "简体中文"
NUMERALS = Numerals()
decimal, percent, whole = NUMERALS.decimal, NUMERALS.percent, NUMERALS.whole
