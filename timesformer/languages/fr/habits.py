"""French: its code and name, and how it writes numbers."""

from ..numerals import Numerals

CODE = "fr"
NAME = "Français"
NUMERALS = Numerals(point=",", group="\N{NO-BREAK SPACE}", sign="\N{NO-BREAK SPACE}%")
decimal, percent, whole = NUMERALS.decimal, NUMERALS.percent, NUMERALS.whole


def quoted(words: str) -> str:
    """Words within the quotation marks of French."""
    return f"«\N{NO-BREAK SPACE}{words}\N{NO-BREAK SPACE}»"
