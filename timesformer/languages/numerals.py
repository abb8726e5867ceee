"""How a language writes numbers."""

from dataclasses import dataclass
from numbers import Real
from string import Formatter
from typing import Any


@dataclass(frozen=True)
class Numerals(Formatter):
    """Fills the places of a template, with numbers as a language writes them.

    `point` stands before decimals and `group` between thousands, in numbers from `grouped_from` on;
    `sign` is that of per cent, with what stands before it.
    """

    point: str = "."
    group: str = ","
    sign: str = "%"
    grouped_from: int = 0

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value as `format` writes it, but for point, thousands and per cent of a number."""
        written = format(value, format_spec)
        if not isinstance(value, Real):
            return written
        group = self.group if abs(float(value)) >= self.grouped_from else ""
        return written.translate({ord("."): self.point, ord(","): group, ord("%"): self.sign})

    def decimal(self, number: float, digits: int) -> str:
        """A number with so many decimals."""
        return self.format_field(number, f".{digits}f")

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1 in hundredths."""
        return self.format_field(share, f".{digits}%")

    def whole(self, number: int) -> str:
        """A whole number, its thousands apart."""
        return self.format_field(number, ",")
