"""Small XML files as a tree that knows its line numbers; entities, external references and deep nesting are refused."""

from dataclasses import dataclass, field
from pathlib import Path
from xml.sax import SAXParseException, handler  # types only; parsing is done by defusedxml
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parse as sax_parse

from boxwright.domain.errors import InvalidDataset

_LIMIT = 16 << 20
_DEPTH = 50


@dataclass(slots=True)
class Node:
    """An element: tag, line of its start, pieces of its text, elements inside."""

    tag: str
    line: int
    pieces: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

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
    try:
        with path.open("rb") as stream:
            sax_parse(stream, builder)
    except DefusedXmlException as error:
        message = f"{name}: declares entities or external files, which are refused"
        raise InvalidDataset(message, code="xml_unsafe") from error
    except SAXParseException as error:
        message = f"{name}: not valid XML at line {error.getLineNumber()}: {error.getMessage()}"
        raise InvalidDataset(message, code="xml_broken") from error
    except (LookupError, UnicodeError, ValueError) as error:
        raise InvalidDataset(f"{name}: not valid XML: {error}", code="xml_broken") from error
    return builder.root


class _Builder(handler.ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", 0)
        self._open: list[Node] = []
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002, N802
        if len(self._open) >= _DEPTH:
            raise InvalidDataset("XML is nested too deeply", code="xml_unsafe")
        line = self._locator.getLineNumber() if self._locator else None
        node = Node(name, line or 0)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].pieces.append(content)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802
        self._open.pop()
