"""One table of boxes and, in networks that also give masks, the prototypes that its last columns mix (YOLACT)."""

from dataclasses import dataclass

from boxwright.ml.adapters.decoders.base import Floats, Outputs, Seen, fits, flat
from boxwright.ml.adapters.masks import Prototypes

PROTOTYPES = "prototypes"


@dataclass(frozen=True, slots=True)
class Table:
    """The table that was seen: its output, its values (rows, columns), and the output of the prototypes, if any.

    `coefficients` are the columns that mix the prototypes, none without them.
    """

    name: str
    values: Floats
    prototypes: str | None
    coefficients: int

    def parts(self, table: str) -> dict[str, str]:
        """Return part -> name of output; `table` is the part that the table plays."""
        return {table: self.name} | ({} if self.prototypes is None else {PROTOTYPES: self.prototypes})

    @property
    def words(self) -> str:
        """What to add to a reason."""
        return "" if self.prototypes is None else f", and {self.coefficients} coefficients of a mask's prototypes"


def find(seen: Seen) -> Table | None:
    """Return the table where it is all there is, or all but the prototypes."""
    parted = seen.parted()
    rest, prototypes = (seen, None) if parted is None else parted
    only = rest.only()
    if only is None or not fits(only[1], 2):
        return None
    coefficients = 0 if prototypes is None else seen.outputs[prototypes].shape[1]
    return Table(only[0], flat(only[1], 2), prototypes, coefficients)


def prototypes(outputs: Outputs) -> Floats | None:
    """Return the prototypes (k, rows, columns)."""
    return flat(outputs[PROTOTYPES], 3) if PROTOTYPES in outputs else None


def mixed(coefficients: Floats, of: Floats | None) -> Prototypes | None:
    """Return the masks of rows with these coefficients (n, k)."""
    return None if of is None else Prototypes(coefficients, of)
