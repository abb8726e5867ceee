"""Rate limits for each network address."""

import os
import time
from collections import OrderedDict

from starlette.requests import Request

from . import limits

SPACE_HOST = "SPACE_HOST"  # environment variable with the host name, set on Hugging Face Spaces


class TokenBucket:
    """A token bucket for each address: `RATE_BURST` tokens that refill at `RATE_PER_SECOND`."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when

    def take(self, address: str) -> bool:
        """Take a token of an address. Return False if it has none left."""
        now = time.monotonic()
        tokens, then = self._buckets.pop(address, (limits.RATE_BURST, now))
        tokens = min(limits.RATE_BURST, tokens + (now - then) * limits.RATE_PER_SECOND)
        is_taken = tokens >= 1
        self._buckets[address] = (tokens - is_taken, now)
        if len(self._buckets) > limits.MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        return is_taken


def address_of(request: Request) -> str:
    """Return the network address of a client.

    On a Space all requests come from its proxy, which appends the client's address to
    X-Forwarded-For. Elsewhere clients can forge that header, so it is ignored.
    """
    if os.environ.get(SPACE_HOST):
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
        last = forwarded.rpartition(",")[2].strip()
        if last:
            return last
    return request.client.host if request.client else ""
