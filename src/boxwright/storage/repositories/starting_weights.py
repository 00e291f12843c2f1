"""Weights to start a training from: of the whole installation, not of one project."""

import sqlalchemy as sa
from sqlalchemy import Connection

from boxwright.domain.architectures import StartingWeights
from boxwright.domain.errors import NotFound
from boxwright.storage.tables import starting_weights

_FIELDS = ("id", "name", "model_type", "task", "architecture", "source", "licence", "sha256", "bytes", "created_at")


class StartingWeightsRepository:
    """Table `starting_weights`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, weights: StartingWeights) -> None:
        """Insert a row."""
        self._db.execute(sa.insert(starting_weights).values({name: getattr(weights, name) for name in _FIELDS}))

    def all(self) -> tuple[StartingWeights, ...]:
        """Return all, the newest first."""
        rows = self._db.execute(sa.select(starting_weights).order_by(starting_weights.c.id.desc()))
        return tuple(StartingWeights(**{name: getattr(row, name) for name in _FIELDS}) for row in rows)

    def get(self, weights_id: str) -> StartingWeights:
        """Return one. Raises NotFound."""
        found = next((item for item in self.all() if item.id == weights_id), None)
        if found is None:
            raise NotFound("there are no such starting weights")
        return found

    def delete(self, weights_id: str) -> None:
        """Remove a row."""
        self._db.execute(sa.delete(starting_weights).where(starting_weights.c.id == weights_id))
