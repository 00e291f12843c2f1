"""Write docs/cli.md from the commands themselves.

python scripts/reference.py             rewrite it
python scripts/reference.py --check     fail when a command, an option or a help text has changed since
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from boxwright.cli.main import program

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
HEAD = """# Command line

Written by `make docs` from the help texts, which `--help` prints too. Exit codes: 0 done, 1 the work failed, 2 wrong
use. `--json` prints exactly one JSON value, the result. Commands talk to the running server of the data folder (or
`--server`), else to a private one that they start for themselves. Settings: [settings.md](settings.md).
"""
app = program()  # what typer documents


def render() -> str:
    """The page for the code in this checkout; raises SystemExit where the commands cannot be loaded."""
    command = [sys.executable, "-m", "typer", __file__, "utils", "docs", "--name", "boxwright"]
    # Help texts are wrapped to the terminal and show values of the environment: fix both.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BOXWRIGHT_")}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**environment, "COLUMNS": "100", "NO_COLOR": "1"}
    )
    if done.returncode:
        raise SystemExit("the commands cannot be loaded:\n" + "\n".join(done.stderr.splitlines()[-5:]))
    body = done.stdout.partition("\n")[2]
    body = body.replace(str(Path.home()), "~")
    return HEAD + re.sub(r"\n{3,}", "\n\n", body).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write or check the page; returns the exit status."""
    page = render()
    if arguments != ["--check"]:
        PAGE.write_text(page)
        return 0
    if PAGE.exists() and PAGE.read_text() == page:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is not what the commands say: run `make docs` and commit it.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
