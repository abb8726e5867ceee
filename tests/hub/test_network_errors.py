"""Every reason for which a request to the Hub fails has a sentence."""

import errno
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from local_hub import error_of, serve

from timesformer.hub.client import find_file, list_files
from timesformer.hub.network_errors import find_reason
from timesformer.hub.source import Repository
from timesformer.i18n import Message

PAGE = b"<html><title>Please sign in</title></html>"


@pytest.fixture
def answering(hub: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, str], None]]:
    """Serve a Hub; yield a function that sets the status and error code of its answers."""
    answer: dict[str, int | str] = {}
    monkeypatch.setattr(time, "sleep", lambda _: None)  # between the client's attempts

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/" else int(answer["status"]))
            self.send_header("X-Error-Code", str(answer["code"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *_: object) -> None: ...

    with serve(Handler, monkeypatch):
        yield lambda status, code: answer.update(status=status, code=code)


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (404, "RepoNotFound", "errors.hub.not_found"),
        (401, "RepoNotFound", "errors.hub.not_found"),
        (404, "RevisionNotFound", "errors.hub.no_revision"),
        (403, "GatedRepo", "errors.hub.gated"),
        (403, "", "errors.hub.refused_account"),
        (503, "", "errors.hub.refused"),
    ],
)
def test_every_refusal_of_the_hub_has_a_message(
    status: int, code: str, key: str, answering: Callable[[int, str], None]
) -> None:
    answering(status, code)
    message = error_of(find_file, Repository("someone/waves", "v2"), "config.json")
    assert message.key == key
    assert message.values["name"] == "someone/waves"
    assert message.values.get("status", status) == status


@pytest.fixture
def new_session() -> Iterator[None]:
    """Let the client read the variables for proxies and certificates again, then and afterwards."""
    from huggingface_hub import close_session

    close_session()
    yield
    close_session()


def network(status: int, **headers: str) -> type[BaseHTTPRequestHandler]:
    """Return the handler of a portal, filter or proxy: one answer to every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(PAGE)

        do_HEAD = do_CONNECT = do_GET

        def log_message(self, *_: object) -> None: ...

    return Handler


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (200, "portal"),
        (302, "portal"),
        (307, "portal"),
        (400, "portal"),
        (403, "blocked"),
        (404, "portal"),
        (407, "proxy_login"),
        (410, "portal"),
        (429, "too_many_requests"),
        (451, "blocked"),
        (502, "refused"),
        (503, "refused"),
        (504, "refused"),
        (511, "portal"),
    ],
)
def test_an_answer_of_the_network_is_not_taken_for_the_hubs(
    status: int, key: str, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository("someone/waves")
    for location in ("/login", "http://localhost:9/login"):
        with serve(network(status, Location=location), monkeypatch) as host:
            messages = [error_of(find_file, repository, "config.json")]
            if location == "/login":
                messages.append(error_of(list_files, repository))
        for message in messages:
            assert message.key == f"errors.hub.{key}"
            named = {message.values[name] for name in ("host", "proxy") if name in message.values}
            assert named <= {host}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a key and a certificate that its holder signed."""
    file = tmp_path / "own.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9",
         "-keyout", file, "-out", tmp_path / "certificate.pem", "-subj", "/CN=school",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text(file.read_text() + (tmp_path / "certificate.pem").read_text())
    return file


def test_a_certificate_that_is_not_trusted_can_be_named(
    hub: Path, certificate: Path, new_session: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import close_session

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    repository = Repository("someone/waves")
    with serve(network(503), monkeypatch, context) as host:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        assert error_of(find_file, repository, "a") == Message("errors.hub.certificate", host=host)
        close_session()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.parent / "certificate.pem"))
        assert error_of(find_file, repository, "a").key == "errors.hub.refused"
        for content in (None, "not a certificate"):
            close_session()
            file = certificate.with_name(f"{content}.pem")
            if content:
                file.write_text(content)
            monkeypatch.setenv("SSL_CERT_FILE", str(file))
            message = Message("errors.hub.certificate_file", file=file.name)
            assert error_of(find_file, repository, "a") == message


@pytest.mark.parametrize(
    ("code", "key"), [(9, "clock"), (10, "clock"), (18, "certificate"), (62, "portal")]
)
def test_the_faults_of_a_certificate_differ(code: int, key: str, monkeypatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "https://huggingface.co")
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    wrapped = RuntimeError("[SSL: CERTIFICATE_VERIFY_FAILED]")
    wrapped.__cause__ = error
    expected = Message(f"errors.hub.{key}", host="huggingface.co")
    assert find_reason(wrapped, "someone/waves") == expected


@pytest.mark.parametrize(
    ("status", "key"),
    [(407, "proxy_login"), (403, "blocked"), (451, "blocked"), (502, "proxy"), (None, "proxy")],
)
def test_a_proxy_that_refuses_is_named_without_its_password(
    status: int | None,
    key: str,
    hub: Path,
    new_session: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from huggingface_hub import constants

    with serve(network(status or 200), monkeypatch) as host:
        proxy = host if status else "127.0.0.1:9"  # the port that nothing listens to
        monkeypatch.setenv("HTTPS_PROXY", f"http://pupil:secret@{proxy}")
        monkeypatch.setenv("https_proxy", f"http://pupil:secret@{proxy}")
        monkeypatch.setattr(constants, "ENDPOINT", "https://hub.example")
        message = error_of(find_file, Repository("someone/waves"), "config.json")
    assert message.key == f"errors.hub.{key}"
    assert ("hub.example" if key == "blocked" else proxy) in message
    assert "secret" not in message


@pytest.mark.parametrize("proxy", ["ftp://127.0.0.1:9", "http://proxy:port"])
def test_a_proxy_that_cannot_be_used_is_named(
    proxy: str, hub: Path, new_session: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "https://hub.example")
    message = error_of(find_file, Repository("someone/waves"), "config.json")
    assert message == Message("errors.hub.proxy", proxy=proxy.partition("://")[2])


@pytest.mark.parametrize(
    ("endpoint", "key"),
    [
        ("hf-mirror.example", "bad_endpoint"),
        ("", "bad_endpoint"),
        ("ftp://mirror.example", "bad_endpoint"),
        ("https://", "bad_endpoint"),
        ("https://mirror.example:port", "bad_endpoint"),
        ("http://127.0.0.1:9", "unreachable"),
    ],
)
def test_an_endpoint_that_is_no_hub_is_named(
    endpoint: str, key: str, hub: Path, new_session: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    message = error_of(find_file, Repository("someone/waves"), "config.json")
    assert message.key == f"errors.hub.{key}"
    assert endpoint.rpartition("/")[2] in message


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "errors.hub.disk_full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "errors.hub.disk_full"),
        (RuntimeError("Xet: No space left on device"), "errors.hub.disk_full"),
        (PermissionError(errno.EACCES, "Permission denied"), "errors.hub.cache_read_only"),
        (RuntimeError("the connection broke"), "errors.hub.offline"),
    ],
)
def test_every_fault_of_a_download_has_a_message(
    fault: Exception,
    key: str,
    answering: Callable[[int, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import huggingface_hub

    def broken(*_: object, **__: object) -> None:
        raise fault

    answering(200, "")
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", broken)
    message = error_of(find_file, Repository("someone/waves"), "config.json")
    assert message.key == key
    assert message.values["name"] == "someone/waves"
