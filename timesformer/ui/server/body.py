"""What is sent along with a request, counted as it comes."""

import asyncio
import time

from starlette.types import Message, Receive

from ...i18n import t

LONGEST = 300.0  # seconds that one may take to send something
SILENCE = 30.0  # seconds without a byte, after which nobody is thought to send any more


class Refused(Exception):
    """What is not let in: the status of HTTP, and a sentence for whoever sent it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def counted(receive: Receive, *, most: int) -> Receive:
    """The same messages, of at most so many bytes together, whatever a header says of them.

    Behind the last there are empty ones. Raises Refused for more bytes, where they come too slowly,
    and where they break off.
    """
    came, is_whole, until = 0, False, time.monotonic() + LONGEST

    async def received() -> Message:
        nonlocal came, is_whole
        if is_whole:
            return {"type": "http.request", "body": b"", "more_body": False}
        patience = min(SILENCE, until - time.monotonic())
        try:
            message = await asyncio.wait_for(receive(), patience)
        except TimeoutError:
            raise Refused(408, t("errors.server.upload_interrupted")) from None
        if message["type"] != "http.request":
            raise Refused(408, t("errors.server.upload_interrupted"))
        came += len(message.get("body", b""))
        if came > most:
            raise Refused(413, t("errors.server.upload_too_large"))
        is_whole = not message.get("more_body", False)
        return message

    return received


async def read_whole(receive: Receive, *, most: int) -> bytes:
    """All that is sent, of at most so many bytes. Raises Refused."""
    receive, parts, more = counted(receive, most=most), [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def pass_over(receive: Receive) -> None:
    """Drops the rest of what is `counted`: browsers hear no answer before they have sent all."""
    more = True
    while more:
        more = (await receive()).get("more_body", False)
