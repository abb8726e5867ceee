"""A Hub on this computer, in place of the real one."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from timesformer.errors import CheckpointError
from timesformer.i18n import Message


def error_of(function: Callable[..., object], *inputs: object, **options: object) -> Message:
    """Return the message of the error that a call must raise."""
    with pytest.raises(CheckpointError) as caught:
        function(*inputs, **options)
    return caught.value.message


@contextmanager
def serve(
    handler: type[BaseHTTPRequestHandler],
    patch: pytest.MonkeyPatch,
    tls: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """Serve a Hub on this computer in place of the real one, and yield its host."""
    from huggingface_hub import constants

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    host = f"127.0.0.1:{server.server_port}"
    address = f"https://{host}" if tls else f"http://{host}"
    patch.setenv("NO_PROXY", "127.0.0.1")
    patch.setattr(constants, "HF_HUB_OFFLINE", False)
    patch.setattr(constants, "ENDPOINT", address)
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    patch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield host
    server.shutdown()
    thread.join()
    server.server_close()
