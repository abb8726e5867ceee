"""Taking in a clip: one file, by a name that tells nothing, and gone if it does not arrive."""

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
from gradio.routes import file_upload_statuses
from gradio.utils import get_upload_folder
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive

from ...i18n import t
from ...video.limits import SANDBOX_LIMITS
from .body import Refused, counted, pass_over
from .rate_limit import Budgets, address_of
from .temp_files import Storage

MOST_FILE = SANDBOX_LIMITS.max_file_bytes
MOST_BODY = MOST_FILE + 64 * 1024  # with what a form puts around it
AT_ONCE = 128  # uploads on their way
AT_ONCE_OF_ONE = 40  # of them, from one address: a class behind one
PATIENCE = 10.0  # seconds that one more from it waits for one of them to end
FREE_FILES = 3  # as many of the largest have to fit on the disk beside all that are on their way
SUFFIX = re.compile(r"\.\w{1,5}", re.ASCII)
UPLOAD_ID = re.compile(r"\w{1,64}", re.ASCII)
FOLDER = "clip-"  # how folders begin in which an upload lies
PLACE = re.compile(rf"{FOLDER}\w+/clip({SUFFIX.pattern})?", re.ASCII)


@dataclass(eq=False)
class OnItsWay:
    """An upload that is arriving: from where, and bytes that may still come."""

    address: str
    to_come: int

    def counting(self, receive: Receive) -> Receive:
        """The same messages, which are to come no more."""

        async def received() -> Message:
            message = await receive()
            self.to_come = max(0, self.to_come - len(message.get("body", b"")))
            return message

        return received


class Uploads:
    """The route that takes in files; it stands in for Gradio's.

    Gradio's keeps a visitor's name of a file, gives two visitors with the same file one path, and
    leaves what broke off. `put_back` is `Held.put_back`.
    """

    def __init__(self, storage: Storage, *, put_back: Callable[[Path, Path], bool]) -> None:
        self.storage, self._put_back = storage, put_back
        self._on_their_way: list[OnItsWay] = []
        self._budgets = Budgets()

    @property
    def has_room(self) -> bool:
        """Whether the disk has room for another file."""
        to_come = sum(one.to_come for one in self._on_their_way)
        return self.storage.free_bytes >= to_come + FREE_FILES * MOST_FILE

    async def take_in(self, request: Request) -> JSONResponse:
        """Where the file of a form was put, as a list of one. Raises Refused.

        One that comes `again` is put to where it was.
        """
        receive = counted(request.receive, most=2 * MOST_BODY)  # what is too large is told, too
        try:
            await self._check(request)
        except Refused:
            await pass_over(receive)
            raise
        with self._arriving(request) as arriving, _told(request) as upload_id:
            request = Request(request.scope, arriving.counting(receive))
            try:
                path = await self._taken(request, upload_id)
            except MultiPartException as error:
                await pass_over(receive)
                is_size = "maximum allowed size" in error.message
                refused = (
                    (413, t("errors.server.upload_too_large"))
                    if is_size
                    else (400, t("errors.server.one_file"))
                )
                raise Refused(*refused) from None
            except OSError:
                await pass_over(receive)
                raise Refused(507, t("errors.server.disk_full")) from None
        return JSONResponse([str(path)])

    async def _taken(self, request: Request, upload_id: str | None) -> Path:
        """Where the file of a form was put, in a folder of its own."""
        folder = Path(mkdtemp(prefix=FOLDER, dir=self.storage.files))
        try:
            path, where = await _write(request, folder, upload_id), _place(request)
            if where is None:
                return path
            if not self._put_back(path, where):
                raise Refused(410, t("errors.server.clip_gone"))
            return where
        except BaseException:  # a client that is gone is a cancelled task
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @contextmanager
    def _arriving(self, request: Request) -> Iterator[OnItsWay]:
        one = OnItsWay(address_of(request), _announced(request))
        self._on_their_way.append(one)
        try:
            yield one
        finally:
            self._on_their_way.remove(one)

    async def _check(self, request: Request) -> None:
        address, until = address_of(request), time.monotonic() + PATIENCE
        if not self._budgets.take(address):
            raise Refused(429, t("errors.server.too_many_uploads"))
        while sum(one.address == address for one in self._on_their_way) >= AT_ONCE_OF_ONE:
            if time.monotonic() > until:
                raise Refused(429, t("errors.server.too_many_uploads"))
            await asyncio.sleep(0.05)
        if len(self._on_their_way) >= AT_ONCE:
            raise Refused(429, t("errors.server.too_many_uploads"))
        if not self.has_room:
            raise Refused(507, t("errors.server.disk_full"))


def is_upload(path: str) -> bool:
    """Whether a path is of a visitor's upload, be it there or not."""
    where, files = Path(path).resolve(), Path(get_upload_folder()).resolve()
    return files in where.parents and bool(PLACE.fullmatch(where.relative_to(files).as_posix()))


def _place(request: Request) -> Path | None:
    """Where a clip was that comes again."""
    place = request.query_params.get("again", "")
    try:
        return Path(place).resolve() if place and is_upload(place) else None
    except (OSError, RuntimeError, ValueError):  # sent by hand
        return None


def _announced(request: Request) -> int:
    """How many bytes may come at most, as far as servers hold senders to what they announce."""
    size = request.headers.get("content-length", "")
    is_held = size.isdecimal() and "transfer-encoding" not in request.headers
    return min(int(size), MOST_BODY) if is_held and len(size) < 12 else MOST_BODY


@contextmanager
def _told(request: Request) -> Iterator[str | None]:
    """By what name the page hears how far its upload is, where it asks; not once it broke off."""
    upload_id = request.query_params.get("upload_id", "")
    if not UPLOAD_ID.fullmatch(upload_id):
        yield None
        return
    file_upload_statuses.track(upload_id)
    try:
        yield upload_id
    except BaseException:
        file_upload_statuses.stop_tracking(upload_id)
        raise


async def _write(request: Request, folder: Path, upload_id: str | None) -> Path:
    parser = GradioMultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=0,
        max_file_size=MOST_FILE,
        upload_dir=folder,
        upload_id=upload_id,
        upload_progress=file_upload_statuses if upload_id else None,
    )
    try:
        form = await parser.parse()
        file = form.get("files")
        if not isinstance(file, GradioUploadFile):
            raise Refused(400, t("errors.server.one_file"))
        suffix = Path(file.filename or "").suffix
        path = folder / f"clip{suffix if SUFFIX.fullmatch(suffix) else ''}"
        file.file.close()
        return Path(str(file.file.name)).rename(path)
    finally:
        for opened in parser._files_to_close_on_error:  # one that is open takes its room, deleted
            with suppress(OSError):  # nor is there room for what it still has to write
                opened.close()
