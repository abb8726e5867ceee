"""The page's JavaScript modules, served under an address that changes with their content."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from ...paths import WEB_FOLDER
from .body import HTTPRefusal

FOLDER = WEB_FOLDER / "js"
ENTRY = "page.js"
REPORT_ENTRY = "report.js"  # of the report, which has no server
SCRIPTS = "/scripts/{digest}/{name}"


class Scripts:
    """The route of the modules. Browsers cache them for good, because a change moves them."""

    def __init__(self) -> None:
        names = sorted(path.name for path in FOLDER.glob("*.js"))
        self._modules = {
            name: (FOLDER / name).read_bytes() for name in names if name != REPORT_ENTRY
        }
        digest = hashlib.sha256()
        for name, content in self._modules.items():
            digest.update(f"{name} {len(content)} ".encode() + content)
        self._digest = digest.hexdigest()[:16]

    @property
    def head(self) -> str:
        """HTML that fetches the modules while the page is still on its way.

        Addresses are relative, so the page also works behind a proxy that strips a path. The
        referrer, from which the server knows the language of the page, is sent to this server
        alone.
        """
        preloads = "".join(
            f'<link rel="modulepreload" href="{self._address(name)}">' for name in self._modules
        )
        return f'<meta name="referrer" content="same-origin">{preloads}'

    @property
    def start(self) -> str:
        """HTML that runs the modules, after the elements that they need.

        Gradio's events await `window.timesformer`, the exports of the entry.
        """
        return f'<script>window.timesformer = import("{self._address(ENTRY)}");</script>'

    def _address(self, name: str) -> str:
        return "." + SCRIPTS.format(digest=self._digest, name=name)

    async def serve(self, request: Request) -> Response:
        """Return a module. Raises HTTPRefusal for unknown names and addresses of other versions."""
        content = self._modules.get(request.path_params["name"])
        if content is None or request.path_params["digest"] != self._digest:
            raise HTTPRefusal(404, "not_found")
        caching = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(content, media_type="text/javascript", headers=caching)
