"""Names are compared in Unicode normal form C and kept as they came."""

import unicodedata


def nfc(name: str) -> str:
    """Return the form in which names are compared."""
    return unicodedata.normalize("NFC", name)


def fold(name: str) -> str:
    """Return the form in which names are searched, without regard to case in any script."""
    return nfc(nfc(name).casefold())


def compared(name: str) -> dict[str, str]:
    """Return the columns that go with a name wherever it is written."""
    return {"name": name, "name_nfc": nfc(name), "name_fold": fold(name)}
