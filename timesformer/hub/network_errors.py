"""The reasons for which a request to the Hub fails, each with a sentence."""

import errno
import os
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from ..i18n import Message

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
HUB = "https://huggingface.co"  # the Hub without HF_ENDPOINT
HUB_HEADERS = ("X-Error-Code", "X-Error-Message", "X-Amz-Cf-Id")  # in refusals of the Hub alone
NOT_NOW = (407, 429, 451, 502, 503, 504, 511)  # answers that no other request improves
BLOCKED = (403, 451)  # of filters
OUT_OF_DATE = (9, 10)  # OpenSSL's codes of certificates that are not yet, or no longer, valid
OTHER_HOST = (62, 64)  # and of those for another name or address


def find_reason(error: BaseException, name: str) -> Message | None:
    """Return the sentence for a failed request for the repository `name`.

    None means that the Hub cannot be reached, for no reason known here.
    """
    causes = list(_causes(error))
    finders = [_of_disk, _of_certificate, _of_proxy, _of_answer, _of_connection]
    if not any(_is(cause, "TransportError") for cause in causes):
        finders.append(_of_permission)  # of the cache's folder: sockets raise the same class
    reasons = (find(cause, name) for find in finders for cause in causes)
    return next(filter(None, reasons), None)


def setting_reason(error: Exception) -> Message:
    """Return the sentence for an environment variable with which no request can be made."""
    if isinstance(error, OSError):  # a file that is missing, or holds no certificates
        file = Path(os.environ.get("SSL_CERT_FILE", "")).name
        return Message("errors.hub.certificate_file", file=file)
    return Message("errors.hub.proxy", proxy=_proxy() or _host())


def answer_reason(response: Any, name: str) -> Message:
    """Return the sentence for an answer with an error status, of the Hub or of a network."""
    status, host = response.status_code, urlsplit(str(response.url)).netloc
    is_hubs = any(header in response.headers for header in HUB_HEADERS)
    if status == 407:
        return Message("errors.hub.proxy_login", proxy=_proxy() or host)
    if status in BLOCKED and not is_hubs:
        return Message("errors.hub.blocked", name=name, host=host, status=status)
    if status in (401, 403):
        return Message("errors.hub.refused_account", name=name, status=status)
    if status == 429:
        return Message("errors.hub.too_many_requests")
    if status == 511 or (status < 500 and not is_hubs):
        return Message("errors.hub.portal", host=host)
    return Message("errors.hub.refused", name=name, status=status)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _of_disk(cause: BaseException, name: str) -> Message | None:
    if getattr(cause, "errno", None) in DISK_FULL or "No space left" in str(cause):
        return Message("errors.hub.disk_full", name=name)
    return None


def _of_certificate(cause: BaseException, _: str) -> Message | None:
    code = getattr(cause, "verify_code", None)
    if code in OUT_OF_DATE:
        return Message("errors.hub.clock", host=_host())
    if code in OTHER_HOST or "WRONG_VERSION_NUMBER" in str(cause):  # or no encryption at all
        return Message("errors.hub.portal", host=_host())
    # Downloads by Xet raise RuntimeError.
    if isinstance(cause, ssl.SSLCertVerificationError | RuntimeError) and "certificate" in str(
        cause
    ):
        return Message("errors.hub.certificate", host=_host())
    return None


def _of_proxy(cause: BaseException, name: str) -> Message | None:
    if not _is(cause, "ProxyError"):
        return None
    proxy, status = _proxy() or _host(), str(cause)[:3]  # "407 Proxy Authentication Required"
    if status == "407":
        return Message("errors.hub.proxy_login", proxy=proxy)
    if status in map(str, BLOCKED):
        return Message("errors.hub.blocked", name=name, host=_host(), status=int(status))
    return Message("errors.hub.proxy", proxy=proxy)


def _of_answer(cause: BaseException, name: str) -> Message | None:
    if _is(cause, "DisabledRepoError"):
        return Message("errors.hub.disabled", name=name)
    response = getattr(cause, "response", None)
    if response is not None:
        return answer_reason(response, name)
    if _is(cause, "FileMetadataError", "TooManyRedirects", "JSONDecodeError"):
        return Message("errors.hub.portal", host=_host())
    return None


def _of_connection(cause: BaseException, name: str) -> Message | None:
    from huggingface_hub import constants

    if _is(cause, "UnsupportedProtocol", "InvalidURL"):
        return Message("errors.hub.bad_endpoint", endpoint=constants.ENDPOINT)
    if _is(cause, "ConnectError") and _proxy():
        return Message("errors.hub.proxy", proxy=_proxy())
    if _is(cause, "ConnectError"):
        request = getattr(cause, "request", None)  # files may lie on other hosts than the Hub
        host = urlsplit(str(request.url)).netloc if request else _host()
        if f"https://{host}" != HUB:
            return Message("errors.hub.unreachable", name=name, host=host)
    return None


def _of_permission(cause: BaseException, name: str) -> Message | None:
    if isinstance(cause, PermissionError) or getattr(cause, "errno", None) == errno.EROFS:
        return Message("errors.hub.cache_read_only", name=name)
    return None


def _is(cause: BaseException, *names: str) -> bool:
    """Return True for classes of these names: the client's network library has changed once."""
    return any(kind.__name__ in names for kind in type(cause).__mro__)


def _host() -> str:
    """Return the host of the Hub, or of HF_ENDPOINT."""
    from huggingface_hub import constants

    return constants.ENDPOINT.rpartition("://")[2].partition("/")[0]


def _proxy() -> str:
    """Return the proxy for requests to the Hub, without its name and password; "" for none."""
    from huggingface_hub import constants

    proxies, host = getproxies(), _host()
    proxy = proxies.get(constants.ENDPOINT.partition("://")[0]) or proxies.get("all", "")
    if proxy_bypass(host):
        return ""
    return proxy.rpartition("@")[2].rpartition("://")[2].rstrip("/")
