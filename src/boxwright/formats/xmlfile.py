"""XML files as a tree, or large ones as a stream of trees, which know their line numbers.

Entities, external references and deep nesting are refused.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from xml.sax import SAXParseException, handler  # types only; parsing is done by defusedxml
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser
from defusedxml.sax import parse as sax_parse

from boxwright.domain.errors import InvalidDataset

_LIMIT = 16 << 20
_DEPTH = 50
_ELEMENTS = 500_000  # in one element that is held in memory
_CHILD = 64 << 20
_BLOCK = 1 << 20
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Node:
    """An element: tag, line of its start, pieces of its text, elements inside, attributes."""

    tag: str
    line: int
    pieces: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    attrs: Mapping[str, str] = field(default_factory=lambda: _NONE)

    def all(self, tag: str) -> list["Node"]:
        """Return the elements of this tag directly inside."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> "Node | None":
        """Return the first element of this tag directly inside."""
        return next((child for child in self.children if child.tag == tag), None)

    def text_of(self, tag: str) -> str:
        """Return the text of the first such element without the blanks around it, or an empty string."""
        return self.raw_text_of(tag).strip()

    def raw_text_of(self, tag: str) -> str:
        """Return the text of the first such element with the blanks around it, or an empty string."""
        child = self.first(tag)
        return "".join(child.pieces) if child else ""


def parse_xml(path: Path, name: str) -> Node:
    """Read an XML file.

    Raises:
        InvalidDataset: `xml_broken`, or `xml_unsafe` for entities, external references and absurd depth or size.
    """
    if path.stat().st_size > _LIMIT:
        raise InvalidDataset(f"{name}: {path.stat().st_size:,} bytes are too many for an annotation", code="xml_unsafe")
    builder = _Builder()
    with path.open("rb") as stream, _refusals(name):
        sax_parse(stream, builder)
    return builder.root


def stream_xml(path: Path, name: str) -> Iterator[Node]:
    """Yield the root without its children, then each of them as soon as it is complete; the file may be of any size.

    Raises:
        InvalidDataset: as `parse_xml`, while it is read.
    """
    builder = _Builder(loose=True)
    parser = make_parser()
    parser.setContentHandler(builder)
    builder.setDocumentLocator(parser)
    with path.open("rb") as stream, _refusals(name):
        waiting = 0
        while block := stream.read(_BLOCK):
            try:
                parser.feed(block)
            except Exception:
                yield from builder.take()  # what came before the fault is told first
                raise
            done = builder.take()
            waiting = 0 if done else waiting + len(block)
            if waiting > _CHILD:
                raise InvalidDataset(f"{name}: one element of over {_CHILD >> 20} MiB", code="xml_unsafe")
            yield from done
        parser.close()
        yield from builder.take()


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Turn what the parser raises into one line about the file."""
    try:
        yield
    except DefusedXmlException as error:
        message = f"{name}: declares entities or external files, which are refused"
        raise InvalidDataset(message, code="xml_unsafe") from error
    except SAXParseException as error:
        message = f"{name}: not valid XML at line {error.getLineNumber()}: {error.getMessage()}"
        raise InvalidDataset(message, code="xml_broken") from error
    except (LookupError, UnicodeError, ValueError) as error:
        raise InvalidDataset(f"{name}: not valid XML: {error}", code="xml_broken") from error


class _Builder(handler.ContentHandler):
    """Builds the tree; a `loose` one hands the children of the root out and forgets them."""

    def __init__(self, *, loose: bool = False) -> None:
        super().__init__()
        self.root = Node("", 0)
        self._open: list[Node] = []
        self._locator: Locator | None = None
        self._loose, self._done, self._count = loose, list[Node](), 0

    def take(self) -> list[Node]:
        """Return what has been completed since the last call."""
        done, self._done = self._done, []
        return done

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._count += 1
        if len(self._open) >= _DEPTH or self._count > _ELEMENTS:
            raise InvalidDataset("XML is nested too deeply, or one element holds too many", code="xml_unsafe")
        line = self._locator.getLineNumber() if self._locator else None
        node = Node(name, line or 0, attrs=dict(attrs.items()) if attrs.getLength() else _NONE)
        if not self._open:
            self.root = node
            self._done.append(node)
        elif not (self._loose and len(self._open) == 1):
            self._open[-1].children.append(node)
        self._open.append(node)

    def characters(self, content: str) -> None:
        if self._open and not (self._loose and len(self._open) == 1):
            self._open[-1].pieces.append(content)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802
        node = self._open.pop()
        if self._loose and len(self._open) == 1:
            self._done.append(node)
            self._count = 0
