"""`boxwright image metadata` and `set-metadata`: fields such as title and author, there and back as CSV."""

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from boxwright.cli.commands.images import group
from boxwright.cli.options import ProjectOption
from boxwright.cli.progress import progress
from boxwright.cli.refs import find_project
from boxwright.cli.shell import Shell, command
from boxwright.domain.errors import Invalid
from boxwright.domain.projects import Image

_NAME = "name"
_SHOWN = 5
_AT_ONCE = 1000
Rows = dict[str, dict[str, str]]


def register(_app: typer.Typer) -> None:
    """Add the commands to `boxwright image`."""
    command(group, "metadata", example="boxwright image metadata --project paintings --out fields.csv")(metadata)
    example = "boxwright image set-metadata fields.csv --project paintings --dry-run"
    command(group, "set-metadata", example=example)(set_metadata)


def metadata(
    shell: Shell,
    project: ProjectOption,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here; printed otherwise.")] = None,
) -> None:
    """Write the metadata fields of all images as CSV: a column for the name and one for each field."""
    with shell.client() as client:
        images = list(client.images.all(find_project(client, project).id))
    text = _written(images)
    if out is None:
        shell.result({item.name: dict(item.metadata) for item in images}, text.rstrip("\n"))
        return
    try:
        out.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Invalid(f"{out}: the file cannot be written ({error.strerror})", code="usage") from error
    shell.result({"file": str(out), "images": len(images)}, f"{len(images)} images written to {out}")


def set_metadata(
    shell: Shell,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file; one of its columns is `name`.")],
    project: ProjectOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
) -> None:
    """Set metadata fields from a CSV file: each column but `name` is a field.

    An empty cell takes the field away; fields without a column, and images without a line, stay as they are. Nothing
    is changed where a line names no image of the project. Written in steps of 1,000 images, each whole or not at all;
    after a break run it again.
    """
    wanted = _read(file)
    with shell.client() as client:
        project_id = find_project(client, project).id
        images = {item.name: item for item in client.images.all(project_id)}
        _check_names(file, wanted, images)
        changed = [name for name, fields in wanted.items() if _differs(images[name], fields)]
        if not dry_run:
            with progress("writing metadata") as show:
                for start in range(0, len(changed), _AT_ONCE):
                    part = {images[name].id: wanted[name] for name in changed[start : start + _AT_ONCE]}
                    client.images.describe(project_id, part)
                    show(start + len(part), len(changed), "")
    words = "would change" if dry_run else "changed"
    shell.result({"images": len(changed), "changed": not dry_run}, f"{len(changed)} of {len(wanted)} images {words}")


def _differs(image: Image, fields: dict[str, str]) -> bool:
    return any(image.metadata.get(name, "") != value for name, value in fields.items())


def _written(images: Iterable[Image]) -> str:
    rows = sorted((item.name, dict(item.metadata)) for item in images)
    fields = sorted({key for _, found in rows for key in found})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_NAME, *fields])
    writer.writerows([name, *(found.get(key, "") for key in fields)] for name, found in rows)
    return out.getvalue()


def _read(path: Path) -> Rows:
    """Return the fields by the name of their image. Raises Invalid with the line that cannot be read."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path}: the file cannot be read ({error.strerror})", code="usage") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path}: not in UTF-8; save it as CSV UTF-8 (comma delimited)", code="csv_broken") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(min(sys.maxsize, 1 << 24))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [title.strip() for title in next(reader, [])]
    if header.count(_NAME) != 1 or len(set(header)) != len(header) or "" in header:
        raise Invalid(f"{path}: the first line needs a column `name`, and each column a title", code="csv_broken")
    found: Rows = {}
    for row in reader:
        if not any(row):
            continue
        where = f"{path}: line {reader.line_num}"
        if len(row) != len(header):
            raise Invalid(f"{where} has {len(row)} cells, the first line has {len(header)}", code="csv_broken")
        fields = dict(zip(header, row, strict=True))
        name = fields.pop(_NAME)
        if name in found:
            raise Invalid(f"{where}: {name!r} stands in an earlier line too", code="csv_broken")
        found[name] = fields
    return found


def _check_names(path: Path, wanted: Rows, images: dict[str, Image]) -> None:
    unknown = [name for name in wanted if name not in images]
    if unknown:
        shown = ", ".join(map(repr, unknown[:_SHOWN])) + (", ..." if len(unknown) > _SHOWN else "")
        count = f"{len(unknown)} names are" if len(unknown) > 1 else "1 name is"
        raise Invalid(f"{path}: {count} of no image here: {shown}; nothing was changed", code="csv_unknown_images")
