"""Generate web/src/api/schema.gen.ts from the server's OpenAPI schema.

python scripts/api_client.py             rewrite it
python scripts/api_client.py --check     fail when it is not what the server would give
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import web

CLIENT = web.WEB / "src" / "api" / "schema.gen.ts"
SCHEMA = web.WEB / "openapi.json"


def generate(target: Path) -> None:
    """Write the client for the code in this checkout to `target`; raises SystemExit where a step fails."""
    dumped = subprocess.run(
        [sys.executable, "-m", "boxwright.api.openapi"], capture_output=True, text=True, check=False
    )
    if dumped.returncode:
        raise SystemExit(f"python -m boxwright.api.openapi failed:\n{dumped.stderr}")
    SCHEMA.write_text(dumped.stdout)
    web.npm(["exec", "--", "openapi-typescript", SCHEMA.name, "-o", str(target)])


def main(arguments: list[str]) -> int:
    """Write or check the client; returns the exit status."""
    web.install()
    if arguments != ["--check"]:
        CLIENT.parent.mkdir(parents=True, exist_ok=True)
        generate(CLIENT)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "schema.gen.ts"
        generate(fresh)
        if CLIENT.exists() and CLIENT.read_text() == fresh.read_text():
            return 0
    print(
        f"{CLIENT.relative_to(web.ROOT)} is not what the server gives: run `make api` and commit it.", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
