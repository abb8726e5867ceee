"""Number formats: decimal point, thousands separator and percent sign of a language."""

import re
from dataclasses import dataclass
from numbers import Real
from string import Formatter
from typing import Any


class Value(float):
    """The value of a regression, in the place of a probability.

    It is written as a number where probabilities are written in percent or points.
    """

    def __format__(self, spec: str) -> str:
        return format(float(self), re.sub(r"(\.\d+)?%$|d$", ".3g", spec))


@dataclass(frozen=True)
class NumberFormat(Formatter):
    """A `str.format` that writes numbers as a language does.

    `point` precedes the decimals. `group` separates thousands in numbers from `grouped_from` on.
    `percent` is the percent sign with the space before it.
    """

    point: str = "."
    group: str = ","
    percent: str = "%"
    grouped_from: int = 0

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as `format` writes it, with this language's signs if it is a number."""
        text = format(value, format_spec)
        if not isinstance(value, Real):
            return text
        group = self.group if abs(float(value)) >= self.grouped_from else ""
        signs = {".": self.point, ",": group, "%": self.percent, "-": "\N{MINUS SIGN}"}
        unsigned = text if value else text.lstrip("+")
        return unsigned.translate({ord(sign): written for sign, written in signs.items()})
