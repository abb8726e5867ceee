"""The page's modules are served at an address that changes with their content."""

import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from visitors import in_own_loop

from timesformer.ui.server import scripts
from timesformer.ui.server.body import HTTPRefusal
from timesformer.ui.server.middleware import GET_ROUTES
from timesformer.ui.server.scripts import SCRIPTS, Scripts

ADDRESS = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", SCRIPTS))


def addresses_in(head: str) -> list[str]:
    return re.findall(r'href="\.([^"]+)"', head)


def response_to(served: Scripts, **params: str) -> Response:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "path_params": params}
    return in_own_loop(served.serve(Request(scope)))


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    for name in ("page", "report", "dom"):
        (tmp_path / f"{name}.js").write_text(f"// {name}")
    return tmp_path


def test_every_module_is_served_where_the_head_loads_it(modules: Path) -> None:
    served = Scripts()
    paths = addresses_in(served.head)
    names = []
    for path in paths:
        match = ADDRESS.fullmatch(path)
        assert match
        assert GET_ROUTES.fullmatch(path)
        response = response_to(served, **match.groupdict())
        assert response.body == (modules / match["name"]).read_bytes()
        assert response.media_type == "text/javascript"
        assert "immutable" in response.headers["cache-control"]
        names.append(match["name"])
    assert names == ["dom.js", "page.js"]
    assert f'import(".{paths[1]}")' in served.start


def test_another_version_has_another_address(modules: Path) -> None:
    before = addresses_in(Scripts().head)
    assert addresses_in(Scripts().head) == before
    (modules / "dom.js").write_text("// changed")
    assert not set(addresses_in(Scripts().head)) & set(before)


@pytest.mark.parametrize("params", [{"name": "report.js"}, {"name": ".."}, {"digest": "0"}])
def test_other_addresses_are_refused(params: dict[str, str], modules: Path) -> None:
    served = Scripts()
    match = ADDRESS.fullmatch(addresses_in(served.head)[0])
    assert match
    with pytest.raises(HTTPRefusal) as raised:
        response_to(served, **match.groupdict() | params)
    assert raised.value.status == 404
