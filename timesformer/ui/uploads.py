"""Taking in a clip: one file, by a name that tells nothing, and gone if it does not arrive."""

import re
import shutil
import time
from collections import OrderedDict
from pathlib import Path
from tempfile import mkdtemp

from gradio.route_utils import GradioMultiPartParser, GradioUploadFile
from gradio.routes import file_upload_statuses
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse

from .. import text
from .body import Refused, counted, pass_over
from .storage import Storage

MOST_FILE = 50 * 1024**2  # bytes
MOST_BODY = MOST_FILE + 64 * 1024  # with what a form puts around it
AT_ONCE = 128  # uploads on their way
BURST, A_SECOND = 120.0, 1.0  # uploads from one address: a class behind one, and then one by one
MOST_ADDRESSES = 10_000  # that are remembered
FREE_FILES = 3  # as many of the largest have to fit on the disk beside all that are on their way
SUFFIX = re.compile(r"\.\w{1,5}", re.ASCII)
UPLOAD_ID = re.compile(r"\w{1,64}", re.ASCII)


class Uploads:
    """The route that takes in files; it stands in for Gradio's.

    Gradio's keeps a visitor's name of a file, gives two visitors with the same file one path, and
    leaves what broke off.
    """

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._on_their_way = 0
        self._budgets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @property
    def has_room(self) -> bool:
        """Whether the disk has room for another file."""
        return self.storage.free_bytes >= (self._on_their_way + FREE_FILES) * MOST_FILE

    async def take_in(self, request: Request) -> JSONResponse:
        """Where the file of a form was put, as a list of one. Raises Refused."""
        receive = counted(request.receive, most=2 * MOST_BODY)  # what is too large is told, too
        try:
            self._check(request)
        except Refused:
            await pass_over(receive)
            raise
        folder = Path(mkdtemp(dir=self.storage.files))
        self._on_their_way += 1
        try:
            path = await self._write(Request(request.scope, receive), folder)
        except BaseException as error:  # a client that is gone is a cancelled task
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, MultiPartException):
                await pass_over(receive)
                is_size = "maximum allowed size" in error.message
                refused = (413, text.TOO_LARGE) if is_size else (400, text.ONE_FILE)
                raise Refused(*refused) from None
            if isinstance(error, OSError):
                raise Refused(507, text.NO_ROOM) from None
            raise
        finally:
            self._on_their_way -= 1
        return JSONResponse([str(path)])

    async def _write(self, request: Request, folder: Path) -> Path:
        upload_id = request.query_params.get("upload_id", "")
        is_told = UPLOAD_ID.fullmatch(upload_id) is not None
        if is_told:
            file_upload_statuses.track(upload_id)
        parser = GradioMultiPartParser(
            request.headers,
            request.stream(),
            max_files=1,
            max_fields=0,
            max_file_size=MOST_FILE,
            upload_dir=folder,
            upload_id=upload_id if is_told else None,
            upload_progress=file_upload_statuses if is_told else None,
        )
        form = await parser.parse()
        file = form.get("files")
        if not isinstance(file, GradioUploadFile):
            raise Refused(400, text.ONE_FILE)
        suffix = Path(file.filename or "").suffix
        path = folder / f"clip{suffix if SUFFIX.fullmatch(suffix) else ''}"
        file.file.close()
        return Path(str(file.file.name)).rename(path)

    def _check(self, request: Request) -> None:
        if not self._may(request.client.host if request.client else ""):
            raise Refused(429, text.TOO_MANY_UPLOADS)
        if self._on_their_way >= AT_ONCE:
            raise Refused(429, text.TOO_MANY_UPLOADS)
        if not self.has_room:
            raise Refused(507, text.NO_ROOM)

    def _may(self, address: str) -> bool:
        """Whether an address has an upload left, which is taken from it."""
        now = time.monotonic()
        left, when = self._budgets.pop(address, (BURST, now))
        left = min(BURST, left + (now - when) * A_SECOND)
        may = left >= 1
        self._budgets[address] = (left - may, now)
        if len(self._budgets) > MOST_ADDRESSES:
            self._budgets.popitem(last=False)
        return may
