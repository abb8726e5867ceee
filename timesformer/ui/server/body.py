"""Request bodies, limited while they arrive."""

import asyncio
import time

from starlette.types import Message, Receive

from ... import i18n
from . import limits


class HTTPRefusal(Exception):
    """A refused request: the HTTP status, and a sentence for the client.

    `key` is a catalog key in the section `errors.server`.
    """

    def __init__(self, status: int, key: str, /, **values: object) -> None:
        self.status, self.message = status, i18n.Message(f"errors.server.{key}", **values)
        super().__init__(self.message)


def too_large() -> HTTPRefusal:
    """Return the refusal of a body that is larger than the largest upload."""
    return HTTPRefusal(413, "upload_too_large", megabytes=limits.MAX_UPLOAD_BYTES / 1e6)


def limit_body(receive: Receive, *, max_bytes: int) -> Receive:
    """Return a `receive` that counts the bytes of a body, whatever its headers announce.

    After the last part it returns empty ones. Raises HTTPRefusal if the body is larger than
    `max_bytes`, if it comes too slowly, or if it breaks off.
    """
    num_bytes, is_complete = 0, False
    deadline = time.monotonic() + limits.MAX_BODY_SECONDS

    async def receive_part() -> Message:
        nonlocal num_bytes, is_complete
        if is_complete:
            return {"type": "http.request", "body": b"", "more_body": False}
        timeout = min(limits.MAX_SILENCE_SECONDS, deadline - time.monotonic())
        try:
            message = await asyncio.wait_for(receive(), timeout)
        except TimeoutError:
            raise HTTPRefusal(408, "upload_interrupted") from None
        if message["type"] != "http.request":
            raise HTTPRefusal(408, "upload_interrupted")
        num_bytes += len(message.get("body", b""))
        if num_bytes > max_bytes:
            raise too_large()
        is_complete = not message.get("more_body", False)
        return message

    return receive_part


async def read_body(receive: Receive, *, max_bytes: int) -> bytes:
    """Return a whole body. Raises HTTPRefusal as `limit_body` does."""
    receive, parts, has_more = limit_body(receive, max_bytes=max_bytes), [], True
    while has_more:
        message = await receive()
        parts.append(message.get("body", b""))
        has_more = message.get("more_body", False)
    return b"".join(parts)


async def drain(receive: Receive) -> None:
    """Read and drop the rest of a limited body.

    Browsers show a response only after they have sent the whole body.
    """
    has_more = True
    while has_more:
        has_more = (await receive()).get("more_body", False)
