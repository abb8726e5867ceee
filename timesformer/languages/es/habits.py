"""Spanish: its code and name, and how it writes numbers."""

from ..numerals import Numerals

CODE = "es"
NAME = "Español"
NUMERALS = Numerals(
    point=",", group="\N{NARROW NO-BREAK SPACE}", sign="\N{NO-BREAK SPACE}%", grouped_from=10_000
)
decimal, percent, whole = NUMERALS.decimal, NUMERALS.percent, NUMERALS.whole
