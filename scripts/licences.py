"""List every wheel of boxwright[train], its licence and the libraries bundled inside it; refuse GPL and AGPL.

    python scripts/licences.py            write docs/licences.md, then check
    python scripts/licences.py --check    check only

LGPL is allowed as a separate wheel that a user can replace. A licence that no rule knows fails too, until a person
reads it.
"""

from __future__ import annotations

import mmap
import re
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from closure import closure

REPORT = Path(__file__).resolve().parent.parent / "docs" / "licences.md"

FREE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSFL?|Python Software Foundation|MPL|Mozilla Public|Zlib|0BSD|CC0|BSL-1\.0|HPND)\b",
    re.I,
)
LESSER = re.compile(r"\bLGPL|Lesser General Public", re.I)
COPYLEFT = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public", re.I)

# Read by a person: (what it is, why it is all right). The key is a canonical wheel name or a prefix ending in `-`.
REVIEWED = {
    "nvidia-": (
        "NVIDIA proprietary",
        "what torch's CUDA build links; fetched from PyPI by the user, never redistributed by us",
    ),
    "cuda-toolkit": ("NVIDIA proprietary", "metapackage without files of its own"),
}

# Bundled libraries that would make a wheel GPL whatever its metadata says.
GPL_LIBRARIES = re.compile(
    r"^lib(x264|x265|xvidcore|postproc|fftw3\w*|poppler|readline|gsl|de265|cdio|dvdcss|rubberband|vidstab)\b"
)
# Bundled libraries whose licence people ask about.
KNOWN_LIBRARIES = {
    "libgfortran": "GPL-3.0 with the GCC runtime exception",
    "libquadmath": "LGPL-2.1",
    "libvips": "LGPL-2.1 (with its dependencies inside, LGPL or permissive)",
    "libavcodec": "FFmpeg, LGPL-2.1 build",
    "libavformat": "FFmpeg, LGPL-2.1 build",
    "libavutil": "FFmpeg, LGPL-2.1 build",
    "libswresample": "FFmpeg, LGPL-2.1 build",
    "libswscale": "FFmpeg, LGPL-2.1 build",
    "libkeyutils": "LGPL-2.1",
    "libcrypt": "LGPL-2.1",
}


@dataclass(frozen=True)
class Row:
    """One wheel: what it says about itself, what it carries, and what is wrong with that (empty = nothing)."""

    name: str
    version: str
    licence: str
    bundled: tuple[str, ...]
    problems: tuple[str, ...]


def licence_of(dist: Distribution) -> str:
    """The licence as the wheel states it: expression, else classifiers, else the first line of the License field."""
    meta = dist.metadata.json
    classifiers = [text.rpartition(" :: ")[2] for text in meta.get("classifier", []) if text.startswith("License ::")]
    stated = str(meta.get("license", "")).strip().partition("\n")[0]
    return str(meta.get("license_expression", "")) or " / ".join(classifiers) or stated


def judge(name: str, licence: str) -> str:
    """Return what is wrong with a stated licence, or an empty string."""
    if any(name == key or (key.endswith("-") and name.startswith(key)) for key in REVIEWED):
        return ""
    if COPYLEFT.search(LESSER.sub("", licence)):
        return f"{name} is under {licence}: GPL and AGPL are not allowed"
    if FREE.search(licence) or LESSER.search(licence):
        return ""
    return f"{name} states no licence that a rule knows ({licence or 'nothing'}): read it and add it to REVIEWED"


def libraries_of(dist: Distribution) -> list[Path]:
    """Shared libraries that auditwheel and its kin put beside a wheel's own modules."""
    files = [Path(str(dist.locate_file(file))) for file in dist.files or []]
    return [file for file in files if re.search(r"\.(libs|dylibs)$", file.parent.name) and file.is_file()]


def judge_library(owner: str, file: Path) -> str:
    """Return what is wrong with a bundled library, or an empty string: a GPL name, or a build configured as GPL."""
    if GPL_LIBRARIES.match(file.name):
        return f"{owner} bundles {file.name}, which is GPL"
    with file.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(b"--enable-gpl") >= 0 or data.find(b"--enable-nonfree") >= 0:
            return f"{owner} bundles {file.name}, configured with GPL or non-free parts"
    return ""


def inspect(name: str, dist: Distribution) -> Row:
    """Look at one installed wheel."""
    licence = licence_of(dist)
    libraries = libraries_of(dist)
    problems = [judge(name, licence), *(judge_library(name, file) for file in libraries)]
    short = sorted({re.split(r"[-.]", file.name)[0] for file in libraries})
    return Row(name, dist.version, licence, tuple(short), tuple(text for text in problems if text))


def render(rows: list[Row]) -> str:
    """The report as a Markdown page."""
    lines = [
        "# Licences",
        "",
        "Written by `scripts/licences.py` from the wheels of `boxwright[train]`; `make check` refuses GPL and AGPL.",
        "LGPL parts are separate wheels that anyone can replace. Test tools are no part of the product.",
        "",
        "| wheel | version | licence | libraries inside |",
        "|---|---|---|---|",
    ]
    for row in rows:
        inside = ", ".join(
            f"{item} ({KNOWN_LIBRARIES[item]})" if item in KNOWN_LIBRARIES else item for item in row.bundled
        )
        lines.append(f"| {row.name} | {row.version} | {row.licence or 'see below'} | {inside} |")
    lines += ["", "Read by a person:", ""]
    lines += [f"- `{key}{'*' if key.endswith('-') else ''}`: {what}; {why}." for key, (what, why) in REVIEWED.items()]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the report unless asked only to check; returns 1 when a licence is not acceptable."""
    rows = [inspect(name, dist) for name, dist in closure(["train"]).items()]
    if arguments != ["--check"]:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(render(rows))
    problems = [problem for row in rows for problem in row.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"licences: {len(rows)} wheels, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
