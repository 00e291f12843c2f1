"""Views of the library that people save under a name, for everybody in the project."""

import json
from collections.abc import Sequence
from dataclasses import replace

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, Forbidden, Invalid
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller, Role, at_least
from boxwright.domain.queries import ImageQuery, query_to_json
from boxwright.domain.views import Layout, SavedView
from boxwright.services import checks
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

MAX_VIEWS = 200
_LONGEST = 50_000  # characters of a filter; 500 classes take 20,000


class Views:
    """Rules about saved views."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def list(self, project_id: str) -> tuple[SavedView, ...]:
        """Return the views of a project by name. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.views.of_project(project_id)

    def create(
        self,
        project_id: str,
        name: str,
        query: ImageQuery,
        caller: Caller,
        *,
        layout: Layout | None = None,
        columns: Sequence[str] | None = None,
    ) -> SavedView:
        """Save a view. Raises NotFound, Conflict (`name_taken`), Invalid (`too_many_views`, `filter_invalid`)."""
        label = checks.name(name, "the view's name")
        _check(query)
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            _check_free(tx, project_id, label)
            if len(tx.views.of_project(project_id)) >= MAX_VIEWS:
                raise Invalid(f"a project has at most {MAX_VIEWS} views; delete one first", code="too_many_views")
            time = now()
            view = SavedView(
                id=new_id(),
                project_id=project_id,
                name=label,
                query=query,
                author_id=caller.id,
                created_at=time,
                updated_at=time,
                layout=layout,
                columns=None if columns is None else tuple(columns),
            )
            return _put(tx, view)

    def update(
        self,
        view_id: str,
        caller: Caller,
        role: Role,
        *,
        name: str | None = None,
        query: ImageQuery | None = None,
        layout: Layout | None = None,
        columns: Sequence[str] | None = None,
    ) -> SavedView:
        """Rename one's own view, or let it show something else; managers change anybody's.

        With a `query`, layout and columns are those that are given, or none.

        Raises NotFound, Forbidden, Conflict (`name_taken`), Invalid.
        """
        label = None if name is None else checks.name(name, "the view's name")
        if query is not None:
            _check(query)
        with self._uow.write() as tx:
            view = _owned(tx, view_id, caller, role)
            if label is not None:
                _check_free(tx, view.project_id, label, view_id)
            if query is not None:
                view = replace(view, query=query, layout=layout, columns=None if columns is None else tuple(columns))
            return _put(tx, replace(view, name=label or view.name, updated_at=now()))

    def delete(self, view_id: str, caller: Caller, role: Role) -> None:
        """Remove one's own view; managers remove anybody's. Raises NotFound, Forbidden."""
        with self._uow.write() as tx:
            view = _owned(tx, view_id, caller, role)
            tx.views.delete(view_id)
            tx.publish(Event(topic="view", project_id=view.project_id, id=view_id))


def _check(query: ImageQuery) -> None:
    if len(json.dumps(query_to_json(query))) > _LONGEST:
        raise Invalid("the filter of the view is too long; name fewer classes or tags", code="filter_invalid")


def _check_free(tx: Transaction, project_id: str, name: str, own_id: str | None = None) -> None:
    if tx.views.named(project_id, name) not in (None, own_id):
        raise Conflict(f"there is a view named {name!r} already; choose another name", code="name_taken")


def _owned(tx: Transaction, view_id: str, caller: Caller, role: Role) -> SavedView:
    view = tx.views.get(view_id)
    if view.author_id != caller.id and not at_least(role, "manager"):
        raise Forbidden("only who saved a view or a manager can change it; save it under another name instead")
    return view


def _put(tx: Transaction, view: SavedView) -> SavedView:
    tx.views.put(view)
    tx.publish(Event(topic="view", project_id=view.project_id, id=view.id))
    return view
