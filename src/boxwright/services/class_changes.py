"""Classes merged, split and deleted: shown before it is done, then all or nothing. `class_undo` takes it back.

One change is one transaction, however many objects it touches: docs/classes.md says what becomes of what.
"""

from dataclasses import replace
from typing import Any

from boxwright.domain.annotations import Attributes
from boxwright.domain.attributes import to_json
from boxwright.domain.class_changes import ClassChange, ClassPlan, ClassPreview
from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.projects import LabelClass
from boxwright.domain.queries import ImageQuery, query_to_json
from boxwright.services.class_ledger import ClassLedger, Deed
from boxwright.services.class_plans import Meant, kept_values, meant, preview, views_of
from boxwright.services.class_tracks import move_tracks
from boxwright.services.class_undo import take_back
from boxwright.services.classes import add_classes, place
from boxwright.services.ledger import Signature
from boxwright.storage.repositories.class_changes import Move
from boxwright.storage.repositories.class_objects import Thing, by_image
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_LISTED = 50


class ClassChanges:
    """Rules about changes of whole classes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def preview(self, project_id: str, plan: ClassPlan) -> ClassPreview:
        """Return what a plan would touch; nothing changes. Raises NotFound, Invalid (`plan_invalid`)."""
        with self._uow.read() as tx:
            return preview(tx, meant(tx, project_id, plan))

    def make(self, project_id: str, plan: ClassPlan, caller: Caller, digest: str | None = None) -> ClassChange:
        """Carry a plan out, all of it or nothing. With the `digest` of a preview nothing else than that is done.

        Raises NotFound, Invalid (`plan_invalid`), Conflict (`plan_outdated`) where the objects are others by now.
        """
        with self._uow.write() as tx:
            found = meant(tx, project_id, plan)
            if digest is not None and preview(tx, found).digest != digest:
                raise _outdated()
            return _Making(tx, found, caller).run()

    def history(self, project_id: str) -> tuple[ClassChange, ...]:
        """Return the last changes, newest first. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.class_changes.newest(project_id, _LISTED)

    def undo(self, change_id: str, caller: Caller) -> ClassChange:
        """Take a change back, as one more change; what somebody has worked on since stays.

        Raises NotFound, Invalid (`not_undoable`), Conflict (`undone_already`, `name_taken`, `hotkey_taken`).
        """
        with self._uow.write() as tx:
            return take_back(tx, change_id, caller)


def _outdated() -> Conflict:
    message = "the objects have changed since this was looked at; look at the preview again, then apply it"
    return Conflict(message, code="plan_outdated")


class _Making:
    """One change, inside one transaction."""

    def __init__(self, tx: Transaction, found: Meant, caller: Caller) -> None:
        self._tx, self._found, self._caller = tx, found, caller
        self._project_id = found.project_id
        kind = found.plan.kind
        self._change = ClassChange(
            id=new_id(),
            project_id=self._project_id,
            created_at=now(),
            created_by=caller.id,
            kind=kind,
            names=tuple(item.name for item in found.sources),
            into=found.into.name if found.into else found.name,
        )
        self._signature = Signature(change_id=f"{kind}:{self._change.id}", author_id=caller.id)
        self._ledger = ClassLedger(tx, self._project_id, self._signature)
        self._memory: dict[str, Any] = {"classes": [item.id for item in found.sources]}

    def run(self) -> ClassChange:
        """Do it."""
        tx, found = self._tx, self._found
        tx.class_changes.add(self._change)
        views = views_of(tx, found)  # while they still tell of the old classes
        into = self._target()
        for set_id in tx.class_objects.sets(self._project_id):
            self._move(set_id, None if into is None else into.id)
        tracks = 0
        if found.plan.kind != "split":
            former = move_tracks(tx, found.pick.class_ids, None if into is None else into.id, self._signature)
            self._memory["tracks"] = former
            tracks = sum(map(len, former.values()))
            self._take_out(into)
        if into is not None:
            self._memory["views"] = [self._follow(view.id, view.query, into.id) for view in views]
            self._enrich(into)
        self._ledger.finish()
        done = replace(self._change, objects=self._ledger.objects, images=self._ledger.images, tracks=tracks)
        tx.class_changes.finish(done, self._memory)
        self._tell(done, into)
        return done

    def _target(self) -> LabelClass | None:
        """Return the class that takes the objects, made if there is none of the name."""
        found = self._found
        if found.name is None:
            self._memory["into_id"] = None if found.into is None else found.into.id
            return found.into
        first = found.sources[0]
        merged = found.plan.kind == "merge"
        class_id = next(
            reversed(add_classes(self._tx, self._project_id, [found.name], first.color if merged else None).values())
        )
        made = self._tx.classes.get(class_id)
        if merged:  # it stands in the place of the first
            self._tx.classes.update(class_id, hotkey=None)
            made = replace(made, hotkey=None)
            place(self._tx, made, first.position)
        self._memory |= {"into_id": class_id, "made": True}
        return made

    def _move(self, set_id: str, into_id: str | None) -> None:
        drops = self._found.plan.values == "drop" and into_id is not None
        after = ""
        while things := self._tx.class_objects.batch(self._found.pick, set_id, after, values=drops):
            self._ledger.write(set_id, [self._deed(thing, into_id, drops=drops) for thing in things])
            self._remember(set_id, things, drops=drops)
            after = things[-1].image_id

    def _deed(self, thing: Thing, into_id: str | None, *, drops: bool) -> Deed:
        values = thing.attributes or {}
        kept = kept_values(self._found, values) if drops else values
        return Deed(thing, into_id, kept if len(kept) < len(values) else None)

    def _remember(self, set_id: str, things: list[Thing], *, drops: bool) -> None:
        moves: list[Move] = []
        for image_id, group in by_image(things).items():
            classes: dict[str, list[str]] = {}
            for thing in group:
                classes.setdefault(thing.class_id, []).append(thing.id)
            lost: dict[str, Attributes] = {one.id: self._lost(one) for one in group if drops}
            moves.append((image_id, set_id, classes, {key: value for key, value in lost.items() if value}))
        self._tx.class_changes.add_moves(self._change.id, moves)

    def _lost(self, thing: Thing) -> Attributes:
        values = thing.attributes or {}
        kept = kept_values(self._found, values)
        return {name: value for name, value in values.items() if name not in kept}

    def _take_out(self, into: LabelClass | None) -> None:
        """Take the classes out of the list, once nobody can add to them any more. Raises Conflict."""
        ids = self._found.pick.class_ids
        self._tx.classes.close(ids)
        if any(self._tx.classes.used(class_id) for class_id in ids):
            raise _outdated()
        self._memory["order"] = [item.id for item in self._tx.classes.list(self._project_id)]
        for class_id in ids:
            self._tx.classes.delete(class_id, None if into is None else into.id)

    def _enrich(self, into: LabelClass) -> None:
        """Give the class that takes the objects the key and the attributes that the preview told of."""
        found, values = self._found, dict[str, Any]()
        if found.hotkey is not None:
            values["hotkey"] = found.hotkey
        if found.added:
            values["attributes"] = to_json((*into.attributes, *found.added))
        if values:
            before = {"hotkey": into.hotkey, "attributes": to_json(into.attributes)}
            self._memory["enriched"] = {"before": {key: before[key] for key in values}, "after": values}
            self._tx.classes.update(into.id, **values)

    def _follow(self, view_id: str, query: ImageQuery, into_id: str) -> dict[str, object]:
        """Let a saved view look for the class that took the objects."""
        gone = {item.id for item in self._found.sources}
        ids = tuple(dict.fromkeys(into_id if key in gone else key for key in query.class_ids))
        one = into_id if query.class_id in gone else query.class_id
        view = self._tx.views.get(view_id)
        new = replace(query, class_id=one, class_ids=ids)
        self._tx.views.put(replace(view, query=new))
        self._tx.publish(Event(topic="view", project_id=self._project_id, id=view_id))
        return {"id": view_id, "before": query_to_json(query), "after": query_to_json(new)}

    def _tell(self, done: ClassChange, into: LabelClass | None) -> None:
        detail = {"name": ", ".join(done.names)[:200], "count": done.objects}
        subject = into.id if into else self._found.sources[0].id
        self._tx.audit.add(
            self._caller, f"class.{done.kind}", project_id=self._project_id, subject=subject, detail=detail
        )
        action = "updated" if done.kind == "split" else "deleted"
        for item in self._found.sources:
            self._tx.publish(Event(topic="class", project_id=self._project_id, id=item.id, data={"action": action}))
        if into is not None:
            self._tx.publish(Event(topic="class", project_id=self._project_id, id=into.id, data={"action": "updated"}))
