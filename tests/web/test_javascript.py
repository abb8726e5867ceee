"""The page's JavaScript has no type error, no fault of style, and joins into one script."""

import subprocess
from pathlib import Path

import pytest

from timesformer.paths import WEB_FOLDER
from timesformer.visualize.javascript import join_modules

ROOT = Path(__file__).parents[2]
TESTS = Path("tests", "web")
TOOLS = TESTS / "node_modules" / ".bin"


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Return the output of a program; fail with the output if the program fails.

    Node.js and the tools of `package-lock.json` must be installed, as `tests/run` does.
    """
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_types_are_right() -> None:
    run(TOOLS / "tsc", "--project", TESTS)


def test_style_is_right() -> None:
    run(TOOLS / "eslint", "--config", TESTS / "eslint.config.js", "assets/web/js", TESTS)


MODULES = {
    "base": "const hidden = 2;\nexport class Base {\n  value() { return hidden; }\n}\n",
    "left": 'import { Base } from "./base.js";\nconst hidden = 3;\n'
    "export function left() {\n  return hidden * new Base().value();\n}\n",
    "right": 'import { Base } from "./base.js";\nimport {\n  left,\n} from "./left.js";\n'
    "/** Return twice as much. */\nexport const right = () => (\n"
    "  /** @type {number} */ (2 * left())\n  /** a comment */\n  * new Base().value());\n",
    "entry": 'import { right } from "./right.js";\nconsole.log(right());\n',
}


def write_modules(folder: Path, **changes: str) -> None:
    for name, source in (MODULES | changes).items():
        (folder / f"{name}.js").write_text(source)


def test_joined_modules_do_what_the_modules_do(tmp_path: Path) -> None:
    write_modules(tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "joined.mjs").write_text(join_modules(tmp_path, "entry"))
    assert (
        run("node", "entry.js", cwd=tmp_path) == run("node", "joined.mjs", cwd=tmp_path) == "24\n"
    )


def test_the_script_of_reports_is_valid(tmp_path: Path) -> None:
    (tmp_path / "report.mjs").write_text(join_modules(WEB_FOLDER / "js", "report"))
    run("node", "--check", "report.mjs", cwd=tmp_path)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("base", 'import { left } from "./left.js";\nexport class Base {}\n'),
        ("entry", 'import right from "./right.js";\n'),
        ("entry", 'export { right } from "./right.js";\n'),
        ("left", 'import { Base } from "./base.js";\nexport let left = 2;\n'),
    ],
    ids=["circle", "default import", "export from", "export let"],
)
def test_modules_that_cannot_be_joined_are_refused(name: str, source: str, tmp_path: Path) -> None:
    write_modules(tmp_path, **{name: source})
    with pytest.raises(ValueError, match=r"[Cc]ircular|cannot be joined"):
        join_modules(tmp_path, "entry")
