"""Pictures that two people label, each for themselves: given out, compared, and one of both adopted."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from boxwright.domain.agreement import (
    AgreementReport,
    ClassAgreement,
    ImageAgreement,
    Labeler,
    PairAgreement,
    agreement,
    match,
)
from boxwright.domain.annotations import Annotation, ImageAnnotations
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import is_id, new_id
from boxwright.domain.people import Caller
from boxwright.domain.queries import ImageQuery
from boxwright.domain.workflow import Assigned, Share
from boxwright.services.ledger import Edit, Signature, record
from boxwright.services.reviewing import assignee_name, chosen
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_Picture = tuple[str, str, Labeler, Labeler, list[Annotation], list[Annotation]]


class Agreements:
    """Rules about labelling twice."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def assign_twice(
        self,
        project_id: str,
        user_ids: Sequence[str],
        caller: Caller,
        *,
        image_ids: Sequence[str] | None = None,
        query: ImageQuery | None = None,
    ) -> Assigned:
        """Give each picture to two people, who label it without seeing each other's work; all pairs get alike much.

        Raises NotFound where an id is no picture of the project, Invalid with code `assignee_invalid`.
        """
        people = sorted(set(user_ids))
        if len(people) < 2:
            raise Invalid("labelling twice needs at least two people", code="assignee_invalid")
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            names = {user_id: assignee_name(tx, project_id, user_id) for user_id in people}
            found = chosen(tx, project_id, image_ids, query or ImageQuery())
            sets = {user_id: tx.labelers.set_of(project_id, user_id, names[user_id]) for user_id in people}
            pairs = list(combinations(people, 2))
            given = [(image.id, who) for place, image in enumerate(found) for who in pairs[place % len(pairs)]]
            tx.labelers.add(project_id, [(image_id, who, sets[who]) for image_id, who in given])
            if found:
                detail = {"count": len(found), "name": ", ".join(names.values())}
                tx.audit.add(caller, "work.twice", project_id=project_id, detail=detail)
                data = {"action": "assign", "count": len(found)}
                tx.publish(Event(topic="work", project_id=project_id, id=project_id, data=data))
        amounts = {who: sum(1 for _, other in given if other == who) for who in people}
        shares = (Share(user_id=who, name=names[who], images=amounts[who]) for who in people)
        return Assigned(changed=len(found), shares=tuple(shares))

    def report(self, project_id: str) -> AgreementReport:
        """Return how far people agree: each pair, and each picture that both have submitted. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            doubled = tx.labelers.doubled(project_id)
            pictures = _pictures(tx, doubled)
        images = [_of_image(picture) for picture in pictures]
        images.sort(key=lambda one: (1.0 if one.overall.f1 is None else one.overall.f1, one.name))
        done = {picture[0] for picture in pictures}
        waiting = sum(image_id not in done for image_id, _, _ in doubled)
        return AgreementReport(pairs=_pairs(pictures), images=tuple(images), waiting=waiting)

    def sets(self, image_id: str) -> tuple[ImageAnnotations, ...]:
        """Return what each of those who label a picture has drawn, by their names. Raises NotFound."""
        with self._uow.read() as tx:
            tx.images.get(image_id)
            return tuple(
                ImageAnnotations(
                    image_id=image_id,
                    set_id=who.set_id,
                    revision=tx.annotations.revision(image_id, who.set_id),
                    annotations=tx.annotations.of_image(image_id, who.set_id),
                )
                for who in tx.labelers.of_image(image_id)
            )

    def adopt(self, image_id: str, set_id: str, caller: Caller) -> ImageAnnotations:
        """Put what one person has drawn in the place of the ground truth, as one step of the picture's history.

        Raises NotFound where nobody labels the picture in this set.
        """
        with self._uow.write() as tx:
            image = tx.images.lock(image_id)
            tx.projects.get(image.project_id)
            if not is_id(set_id) or all(who.set_id != set_id for who in tx.labelers.of_image(image_id)):
                raise NotFound("nobody labels this image in such a set")
            if image.deleted_at is not None:
                raise NotFound("the picture is in the trash; restore it first")
            truth = tx.annotations.default_set(image.project_id)
            before = tx.annotations.of_image(image_id, truth)
            drawn = tx.annotations.of_image(image_id, set_id)
            # Ids order what has the same depth.
            fresh = sorted(new_id() for _ in drawn)
            put = [replace(item, id=key) for item, key in zip(drawn, fresh, strict=True)]
            edit = Edit(image=image, before=before, put=put, gone=[item.id for item in before], empty=not put)
            record(tx, truth, [edit], Signature(change_id=f"adopt:{new_id()}", author_id=caller.id))
            detail = {"name": image.name}
            tx.audit.add(caller, "work.adopt", project_id=image.project_id, subject=image_id, detail=detail)
            return ImageAnnotations(
                image_id=image_id,
                set_id=truth,
                revision=tx.annotations.revision(image_id, truth),
                annotations=tx.annotations.of_image(image_id, truth),
            )


def _pictures(tx: Transaction, doubled: Sequence[tuple[str, str, list[Labeler]]]) -> list[_Picture]:
    """Return each pair of people on each picture that both have submitted, with what they have drawn."""
    ids: dict[str, list[str]] = {}
    for image_id, _, people in doubled:
        for who in people:
            ids.setdefault(who.set_id, []).append(image_id)
    drawn = {set_id: tx.annotations.of_images(images, set_id) for set_id, images in ids.items()}
    return [
        (image_id, name, a, b, drawn[a.set_id][image_id], drawn[b.set_id][image_id])
        for image_id, name, people in doubled
        for a, b in combinations([who for who in people if who.submitted], 2)
    ]


def _of_image(picture: _Picture) -> ImageAgreement:
    image_id, name, first, second, a, b = picture
    overall = agreement([(a, b)])[0]
    matches = tuple((one.id, other.id) for one, other, _ in match(a, b))
    return ImageAgreement(image_id=image_id, name=name, first=first, second=second, overall=overall, matches=matches)


def _pairs(pictures: Sequence[_Picture]) -> tuple[PairAgreement, ...]:
    grouped: dict[tuple[str, str], list[_Picture]] = {}
    for picture in pictures:
        grouped.setdefault((picture[2].user_id, picture[3].user_id), []).append(picture)
    made = [_pair(group) for group in grouped.values()]
    return tuple(sorted(made, key=lambda one: (one.first_name or "", one.second_name or "")))


def _pair(group: Sequence[_Picture]) -> PairAgreement:
    first, second = group[0][2], group[0][3]
    found: tuple[ClassAgreement, ...] = agreement((a, b) for *_, a, b in group)
    return PairAgreement(
        first_id=first.user_id,
        first_name=first.name,
        second_id=second.user_id,
        second_name=second.name,
        images=len(group),
        overall=found[0],
        classes=found[1:],
    )
