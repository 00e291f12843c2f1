"""Who takes part in a project, and in which role."""

from boxwright.domain.errors import NotFound
from boxwright.domain.events import Event
from boxwright.domain.people import Caller, Member, Role
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Members:
    """Rules about the roles in a project."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def list(self, project_id: str) -> tuple[Member, ...]:
        """Return the members by name. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.people.members(project_id)

    def add(self, caller: Caller, project_id: str, name: str, role: Role) -> Member:
        """Give the user of this name a role; one who has a role gets the new one. Raises NotFound."""
        with self._uow.write() as tx:
            user_id = tx.people.user_named(name)
            if user_id is None:
                raise NotFound(f"there is no user named {name[:100]!r}; an administrator can make one")
            return _set(tx, caller, project_id, user_id, role)

    def set(self, caller: Caller, project_id: str, user_id: str, role: Role) -> Member:
        """Give a user a role, the first one or another. Raises NotFound."""
        with self._uow.write() as tx:
            return _set(tx, caller, project_id, user_id, role)

    def remove(self, caller: Caller, project_id: str, user_id: str) -> None:
        """Take a user out of a project. Raises NotFound."""
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            user = tx.people.account(user_id)
            if user is None or not tx.people.remove_member(project_id, user_id):
                raise NotFound("this user is no member of the project")
            detail = {"name": user.name}
            tx.audit.add(caller, "member.remove", project_id=project_id, subject=user_id, detail=detail)
            tx.publish(Event(topic="member", project_id=project_id, id=user_id, data={"role": None}))


def _set(tx: Transaction, caller: Caller, project_id: str, user_id: str, role: Role) -> Member:
    tx.projects.get(project_id)
    user = tx.people.account(user_id)
    if user is None:
        raise NotFound("there is no such user")
    before = tx.people.role(user_id, project_id)
    if before is None:
        tx.people.add_member(project_id, user_id, role)
    elif before != role:
        tx.people.set_role(project_id, user_id, role)
    if before != role:
        detail = {"name": user.name, "role": role, "before": before}
        tx.audit.add(caller, "member.set", project_id=project_id, subject=user_id, detail=detail)
        tx.publish(Event(topic="member", project_id=project_id, id=user_id, data={"role": role}))
    return Member(user_id=user_id, name=user.name, role=role, disabled=user.disabled_at is not None)
