"""The upload route: one file a request, under a name that reveals nothing."""

import asyncio
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from gradio.route_utils import GradioMultiPartParser, GradioUploadFile
from gradio.utils import get_upload_folder
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive

from . import limits
from .body import HTTPRefusal, drain, limit_body, too_large
from .rate_limit import TokenBucket, address_of
from .temp_files import TempFiles

SUFFIX = re.compile(r"\.\w{1,5}", re.ASCII)
FOLDER_PREFIX = "clip-"  # of the folder of each upload
UPLOAD_PATH = re.compile(rf"{FOLDER_PREFIX}\w+/clip({SUFFIX.pattern})?", re.ASCII)


@dataclass(eq=False)
class PendingUpload:
    """An upload on its way: the sender's address, and how many bytes may still come."""

    address: str
    remaining_bytes: int

    def count(self, receive: Receive) -> Receive:
        """Return a `receive` that subtracts what comes from `remaining_bytes`."""

        async def receive_part() -> Message:
            message = await receive()
            num_bytes = len(message.get("body", b""))
            self.remaining_bytes = max(0, self.remaining_bytes - num_bytes)
            return message

        return receive_part


class Uploads:
    """The route for uploads, in place of Gradio's.

    Gradio's route keeps visitors' file names and leaves interrupted uploads on the disk. It gives
    equal files of two visitors one path. `restore` is `ClipCache.restore`.
    """

    def __init__(self, temp_files: TempFiles, *, restore: Callable[[Path, Path], bool]) -> None:
        self.temp_files, self._restore = temp_files, restore
        self._pending: list[PendingUpload] = []
        self._bucket = TokenBucket()

    @property
    def has_room(self) -> bool:
        """True if the disk has room for another upload."""
        pending = sum(upload.remaining_bytes for upload in self._pending)
        reserve = limits.MIN_FREE_UPLOADS * limits.MAX_UPLOAD_BYTES
        return self.temp_files.free_bytes >= pending + reserve

    async def receive(self, request: Request) -> JSONResponse:
        """Store the file of a form and return its path, as a list of one.

        A clip that comes `again` is stored at its earlier path. Raises HTTPRefusal.
        """
        receive = limit_body(request.receive, max_bytes=limits.MAX_DRAINED_BYTES)
        try:
            await self._check(request)
        except HTTPRefusal:
            await drain(receive)
            raise
        with self._track(request) as pending:
            request = Request(request.scope, pending.count(receive))
            try:
                path = await self._store(request)
            except MultiPartException as error:
                await drain(receive)
                is_size = "maximum allowed size" in error.message
                raise (too_large() if is_size else HTTPRefusal(400, "one_file")) from None
            except OSError:
                await drain(receive)
                raise HTTPRefusal(507, "disk_full") from None
        return JSONResponse([str(path)])

    async def _store(self, request: Request) -> Path:
        """Store the file of a form in a folder of its own, or at its earlier path."""
        folder = Path(mkdtemp(prefix=FOLDER_PREFIX, dir=self.temp_files.files))
        try:
            path, earlier_path = await _write(request, folder), _earlier_path(request)
            if earlier_path is None:
                return path
            if not self._restore(path, earlier_path):
                raise HTTPRefusal(410, "clip_gone")
            return earlier_path
        except BaseException:  # a client that disconnects cancels this task
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @contextmanager
    def _track(self, request: Request) -> Iterator[PendingUpload]:
        upload = PendingUpload(address_of(request), _max_bytes(request))
        self._pending.append(upload)
        try:
            yield upload
        finally:
            self._pending.remove(upload)

    async def _check(self, request: Request) -> None:
        """Wait for a place among the address's uploads. Raises HTTPRefusal if there is none."""
        address = address_of(request)
        deadline = time.monotonic() + limits.MAX_UPLOAD_WAIT_SECONDS
        if not self._bucket.take(address):
            raise HTTPRefusal(429, "too_many_uploads")
        while self._num_pending_of(address) >= limits.MAX_UPLOADS_PER_ADDRESS:
            if time.monotonic() > deadline:
                raise HTTPRefusal(429, "too_many_uploads")
            await asyncio.sleep(0.05)
        if len(self._pending) >= limits.MAX_UPLOADS:
            raise HTTPRefusal(429, "too_many_uploads")
        if not self.has_room:
            raise HTTPRefusal(507, "disk_full")

    def _num_pending_of(self, address: str) -> int:
        return sum(upload.address == address for upload in self._pending)


def is_upload(path: str) -> bool:
    """Return True if a path is one of a visitor's upload. The file need not exist."""
    resolved, files = Path(path).resolve(), Path(get_upload_folder()).resolve()
    if files not in resolved.parents:
        return False
    return bool(UPLOAD_PATH.fullmatch(resolved.relative_to(files).as_posix()))


def _earlier_path(request: Request) -> Path | None:
    """Return the path at which a clip that comes again was stored before."""
    path = request.query_params.get("again", "")
    try:
        return Path(path).resolve() if path and is_upload(path) else None
    except (OSError, RuntimeError, ValueError):  # no path that the page sends
        return None


def _max_bytes(request: Request) -> int:
    """Return the maximum number of bytes of the body.

    Servers enforce Content-Length unless the body is chunked.
    """
    length = request.headers.get("content-length", "")
    is_enforced = length.isdecimal() and "transfer-encoding" not in request.headers
    if not is_enforced or len(length) >= 12:
        return limits.MAX_FORM_BYTES
    return min(int(length), limits.MAX_FORM_BYTES)


async def _write(request: Request, folder: Path) -> Path:
    """Write the file of a form into a folder and return its path."""
    parser = GradioMultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=0,
        max_file_size=limits.MAX_UPLOAD_BYTES,
        upload_dir=folder,
    )
    try:
        form = await parser.parse()
        file = form.get("files")
        if not isinstance(file, GradioUploadFile):
            raise HTTPRefusal(400, "one_file")
        suffix = Path(file.filename or "").suffix
        path = folder / f"clip{suffix if SUFFIX.fullmatch(suffix) else ''}"
        file.file.close()
        return Path(str(file.file.name)).rename(path)
    finally:
        for open_file in parser._files_to_close_on_error:  # else deleted files keep their room
            with suppress(OSError):  # closing may write, and the disk may be full
                open_file.close()
