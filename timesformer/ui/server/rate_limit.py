"""How much of something one address may ask for: some at once, and then one by one."""

import os
import time
from collections import OrderedDict

from starlette.requests import Request

BURST, A_SECOND = 120.0, 1.0  # for one address: a class behind one, and then one by one
MOST_ADDRESSES = 10_000  # that are remembered
SPACE_HOST = "SPACE_HOST"  # the environment variable in which a Space of Hugging Face is named


class Budgets:
    """What every address has left, which grows back."""

    def __init__(self) -> None:
        self._budgets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> bool:
        """Whether an address has one left, which is taken from it."""
        now = time.monotonic()
        left, when = self._budgets.pop(address, (BURST, now))
        left = min(BURST, left + (now - when) * A_SECOND)
        may = left >= 1
        self._budgets[address] = (left - may, now)
        if len(self._budgets) > MOST_ADDRESSES:
            self._budgets.popitem(last=False)
        return may


def address_of(request: Request) -> str:
    """Where a request comes from.

    On a Space all come from its proxy, which appends to X-Forwarded-For where each came from;
    elsewhere anybody can write what they like there.
    """
    if os.environ.get(SPACE_HOST):
        came = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
        if came:
            return came
    return request.client.host if request.client else ""
