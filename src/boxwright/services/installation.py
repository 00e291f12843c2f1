"""Which installation this is, and where its files lie."""

from boxwright.domain.errors import Invalid
from boxwright.domain.ids import new_id
from boxwright.storage.location import Location
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

INSTALLATION, STORAGE = "installation", "storage"


def identity(tx: Transaction) -> str:
    """Return the id of this installation, which is made once."""
    known = tx.people.meta(INSTALLATION)
    if known is None:
        known = new_id()
        tx.people.set_meta(INSTALLATION, known)
    return known


def settle(uow: UnitOfWork, location: Location) -> None:
    """See that the files of this installation are where the setting says, and nobody else's.

    Raises:
        Invalid: with code `storage_other` where the files lie elsewhere, `storage_taken` where others lie there.
        Unavailable: the place cannot be reached or written to.
    """
    with uow.write() as tx:
        installation = identity(tx)
        former = tx.people.meta(STORAGE) or ""
        fresh = next(tx.references.named(), None) is None
    if former and not location.url and not fresh:
        message = f"the files of this installation lie in {former}; set storage to it"
        raise Invalid(message, code="storage_other")
    location.claim(installation, fresh=fresh)
    if former != location.url:
        with uow.write() as tx:
            tx.people.set_meta(STORAGE, location.url)
