"""A reverse proxy that strips a path and gives the server its own name as the host."""

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Thread
from urllib.parse import urlsplit

HOP = ("connection", "host", "keep-alive", "transfer-encoding")  # headers that a proxy sets itself


@contextmanager
def proxied(address: str, path: str) -> Iterator[str]:
    """Serve the server at `address` under a path, and yield the outer address, with its slash.

    Everything outside the path is not found.
    """
    inner = urlsplit(address).netloc
    open_sockets: list[socket] = []

    class Proxy(BaseHTTPRequestHandler):
        def forward(self) -> None:
            if not self.path.startswith(f"{path}/"):
                self.send_error(404)
                return
            headers = {name: value for name, value in self.headers.items()
                       if name.lower() not in HOP}  # fmt: skip
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            server = http.client.HTTPConnection(inner)
            server.connect()
            open_sockets.append(server.sock)
            with closing(server), suppress(OSError, http.client.HTTPException):  # someone left
                server.request(self.command, self.path.removeprefix(path), body, headers)
                with server.getresponse() as answer:
                    self.send_response_only(answer.status)
                    for name, value in answer.getheaders():
                        if name.lower() not in HOP:
                            self.send_header(name, value)
                    self.end_headers()
                    while part := answer.read1():
                        self.wfile.write(part)

        do_GET = do_HEAD = do_POST = forward

        def log_message(self, *_: object) -> None: ...

    outer = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = Thread(target=outer.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{outer.server_port}{path}/"
    finally:
        outer.shutdown()
        for open_socket in open_sockets:
            with suppress(OSError):  # it is closed
                open_socket.shutdown(SHUT_RDWR)  # streams of events have no end
        outer.server_close()
        thread.join()
