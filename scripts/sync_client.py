"""Write the synchronous client from the asynchronous one: src/boxwright/client/aio/*.py without its awaits.

python scripts/sync_client.py             rewrite the modules
python scripts/sync_client.py --check     fail when they are not what the asynchronous ones give
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "boxwright" / "client"
SOURCE = TARGET / "aio"
HEADER = "# Made from aio/{name} by scripts/sync_client.py: change that one, then run `make api`.\n"
# In this order; what has no counterpart of its own (a thread for a file) becomes the plain call.
RULES = (
    (r"asyncio\.to_thread\(([\w.]+), ", r"\1("),
    (r"Awaitable\[((?:[^\[\]]|\[[^\[\]]*\])*)\]", r"\1"),
    (r"import AsyncIterator, Awaitable, ", "import Iterator, "),
    (r"\bimport asyncio\n(?=(.|\n)*asyncio\.sleep)", "import time\n"),
    (r"\bimport asyncio\n", ""),
    (r"\basyncio\.sleep\b", "time.sleep"),
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsync(Client|Iterator)\b", r"\1"),
    (r"\basynccontextmanager\b", "contextmanager"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\ba(close|read|iter_lines|iter_bytes)\(", r"\1("),
    (r"\bboxwright\.client\.aio\b", "boxwright.client"),
)


def synchronous(source: Path) -> str:
    """Return the synchronous twin of a module, formatted."""
    text = HEADER.format(name=source.name) + source.read_text()
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text)
    target = str(TARGET / source.name)
    ruff = [sys.executable, "-m", "ruff"]
    for arguments in (["check", "--fix-only", "--select", "I,F811", "-q"], ["format", "-q"]):
        command = [*ruff, *arguments, "--stdin-filename", target, "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


def main(arguments: list[str]) -> int:
    """Write or check the modules; returns the exit status."""
    stale = []
    for source in sorted(SOURCE.glob("*.py")):
        target, text = TARGET / source.name, ""
        if source.name == "__init__.py":
            continue
        text = synchronous(source)
        if not target.exists() or target.read_text() != text:
            stale.append(target.relative_to(ROOT))
            if arguments != ["--check"]:
                target.write_text(text)
    if stale and arguments == ["--check"]:
        print(f"{', '.join(map(str, stale))}: not what aio/ gives; run `make api` and commit it.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
