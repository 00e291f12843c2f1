"""How the databases look for what the library lists: along an index, whatever the filter and the order."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from boxwright.domain.clock import now
from boxwright.domain.projects import SPLITS
from boxwright.domain.queries import ImageOrder, ImageQuery
from boxwright.services.access import Access
from boxwright.storage.repositories import image_probes
from boxwright.storage.repositories.images import ImageRepository
from boxwright.storage.unit_of_work import Transaction, UnitOfWork
from makers import image_row, project
from stores import Heard

ORDERS: tuple[ImageOrder, ...] = (
    "unlabeled_first", "name", "newest", "oldest", "last_changed", "most_objects", "fewest_objects", "least_sure",
    "largest", "smallest",
)  # fmt: skip
NARROW: tuple[dict[str, Any], ...] = (
    {},
    {"split": "train"},
    {"state": "labeled"},
    {"state": "unlabeled", "split": "val"},
    {"state": "empty"},
    {"state": "proposals"},
    {"class_id": "x"},
    {"class_ids": ("x", "y"), "split": "train"},
    {"source": "model"},
    {"min_score": 0.1, "max_score": 0.9, "objects": "both"},
    {"min_area": 3, "max_area": 9},
    {"min_share": 0.1, "max_share": 0.5, "min_ratio": 1.0, "max_ratio": 2.0},
    {"attribute": "a", "attribute_value": "1"},
    {"min_objects": 1, "max_objects": 3},
    {"min_pixels": 1, "max_pixels": 9},
    {"added_from": "2026-01-01", "added_to": "2026-02-01"},
    {"tag": "a", "tags": ("a", "b")},
    {"metadata": "k", "metadata_value": "v"},
    {"name": "part"},
    {"comments": "none"},
    {"comments": "any"},
    {"comments": "open"},
    {"changed_since": "v"},
    {"assignee": "nobody"},
    {"assignee": "somebody"},
    {"work": "open"},
    {"work": "accepted", "assignee": "somebody"},
    {"video": "none"},
    {"video": "any"},
    {"video": "v"},
    {"trash": True, "name": "part"},
)
LARGE = ("images", "annotations")


class Plans:
    """The statements that a list runs, and what the database says about each."""

    def __init__(self, engine: Engine, project_id: str) -> None:
        self.engine, self.project_id = engine, project_id
        self.postgres = engine.dialect.name == "postgresql"
        self._known: dict[str, str] = {}

    def of(self, ask: Any) -> list[tuple[str, str]]:
        """Return (statement, plan) of everything that `ask` runs, called with a repository of images."""
        sent: list[tuple[str, Any]] = []

        def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            sent.append((statement, parameters))

        with self.engine.connect() as connection:
            if self.postgres:  # so few rows are quicker read from end to end, and sorted
                for name in ("seqscan", "bitmapscan", "sort"):
                    connection.exec_driver_sql(f"SET enable_{name} = off")
            event.listen(self.engine, "before_cursor_execute", hear)
            ask(ImageRepository(connection))
            event.remove(self.engine, "before_cursor_execute", hear)
            return [(statement, self._explained(connection, statement, values)) for statement, values in sent]

    def of_page(self, query: ImageQuery, cursor: str | None, seconds: float | None = None) -> list[tuple[str, str]]:
        """Return what a page of a list runs."""
        return self.of(lambda images: images.page(self.project_id, query, cursor, 50, seconds=seconds))

    def _explained(self, connection: Connection, statement: str, parameters: Any) -> str:
        if statement not in self._known:
            how = "EXPLAIN" if self.postgres else "EXPLAIN QUERY PLAN"
            rows = connection.exec_driver_sql(f"{how} {statement}", parameters)
            self._known[statement] = "\n".join(str(row[-1]) for row in rows)
        return self._known[statement]

    def check(self, statement: str, plan: str) -> None:
        """Fail where a table is read from end to end, or a list is sorted that is not a handful of known pictures."""
        said = f"{statement}\n{plan}"
        for table in LARGE:
            assert f"SCAN {table}" not in plan, said
            assert f"Seq Scan on {table}" not in plan, said
        if any(f"FROM {table}" in statement for table in LARGE) and "images.id IN (" not in statement:
            assert "TEMP B-TREE" not in plan, said
            assert "Sort " not in plan, said
        for line in plan.splitlines():
            if "SEARCH images" in line:
                assert "project_id=?" in line or "(id=?)" in line, said
            if "SEARCH annotations" in line:
                assert any(f"({key}=?" in line for key in ("image_id", "class_id", "project_id")), said


@pytest.fixture
def plans(engine: Engine) -> Plans:
    return furnished(engine)


@pytest.fixture
def sqlite_plans(sqlite_engine: Engine) -> Plans:
    """For which index it is: PostgreSQL chooses by figures, and takes another of so small a table."""
    return furnished(sqlite_engine)


def furnished(engine: Engine) -> Plans:
    uow = UnitOfWork(engine, Heard())
    project_id = project(uow, Access(uow).ensure_local_user()).id
    rows = [image_row(project_id, f"{n:05}", split=SPLITS[n % 4]) for n in range(300)]
    with uow.write() as tx:
        tx.images.bulk_insert((replace(row, proposals=n % 5 // 4), None) for n, row in enumerate(rows))
        tx.images.update_many([row.id for row in rows[::9]], deleted_at=now())
        tx.images.update_many([row.id for row in rows[1::9]], tags=["a"])
    return Plans(engine, project_id)


def test_every_filter_is_among_those_looked_at() -> None:
    asked = {name for narrow in NARROW for name in narrow} | {"order"}
    assert asked == {item.name for item in fields(ImageQuery)}


@pytest.mark.parametrize("few", [-1, 1000], ids=["common", "rare"])
@pytest.mark.parametrize("order", ORDERS)
def test_no_list_reads_a_whole_table(
    plans: Plans, order: ImageOrder, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_probes, "FEW", few)
    with plans.engine.connect() as connection:
        repository = ImageRepository(connection)
        start = repository.page(plans.project_id, ImageQuery(order=order), None, 5).next_cursor
        dead = repository.page(plans.project_id, ImageQuery(order=order, trash=True), None, 5).next_cursor
    # Every pair of filter and order on SQLite; on PostgreSQL, which takes ten times as long, every third one.
    step = 3 if plans.postgres else 1
    for narrow in NARROW[ORDERS.index(order) % step :: step]:
        query = ImageQuery(order=order, **narrow)
        for cursor in (None, dead if query.trash else start):
            for seconds in (None, 5):
                for statement, plan in plans.of_page(query, cursor, seconds):
                    plans.check(statement, plan)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (ImageQuery(), "todo"),
        (ImageQuery(split="train"), "split"),
        (ImageQuery(order="name"), "name"),
        (ImageQuery(order="newest"), "newest"),
        (ImageQuery(trash=True), "trash"),
    ],
)
def test_lists_walk_an_index_of_their_own(
    sqlite_plans: Plans, query: ImageQuery, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks(sqlite_plans, query, index, monkeypatch)


def test_the_library_walks_its_index(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    walks(plans, ImageQuery(), "todo", monkeypatch)


def walks(plans: Plans, query: ImageQuery, index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a list, from its beginning or from a place in it, is not read along an index."""
    monkeypatch.setattr(image_probes, "FEW", -1)
    with plans.engine.connect() as connection:
        cursor = ImageRepository(connection).page(plans.project_id, query, None, 5).next_cursor
    for place in (None, cursor):
        [(statement, plan)] = [item for item in plans.of_page(query, place) if "ORDER BY" in item[0]]
        assert f"ix_images_{index} " in plan, f"{statement}\n{plan}"
        plans.check(statement, plan)


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_deep_down_is_sought(plans: Plans, order: ImageOrder) -> None:
    with plans.engine.connect() as connection:
        query = ImageQuery(order=order)
        cursor = ImageRepository(connection).page(plans.project_id, query, None, 5).next_cursor
    assert cursor is not None
    [(statement, plan)] = [item for item in plans.of_page(query, cursor) if "ORDER BY" in item[0]]
    lines = [line for line in plan.splitlines() if "Index Cond" in line or not plans.postgres]
    assert any(sign in line for line in lines for sign in (">(", "<(", ">?", "<?", " > ", " < ")), (
        f"{statement}\n{plan}"
    )


@pytest.mark.parametrize(
    ("narrow", "index"),
    [
        ({"state": "empty"}, "empty"),
        ({"state": "proposals"}, "proposals"),
        ({"tags": ("a",)}, "tagged"),
        ({"metadata": "k"}, "described"),
    ],
)
def test_few_images_are_found_through_an_index_of_their_own(
    sqlite_plans: Plans, narrow: dict[str, Any], index: str
) -> None:
    def ask(images: ImageRepository) -> None:
        image_probes.few(images._db, sqlite_plans.project_id, ImageQuery(**narrow))

    [(statement, plan)] = [item for item in sqlite_plans.of(ask) if "FROM images" in item[0]]
    assert f"ix_images_{index} " in plan, f"{statement}\n{plan}"


def test_tags_are_counted_where_there_are_some(sqlite_plans: Plans) -> None:
    plans = sqlite_plans.of(lambda images: images.tags(sqlite_plans.project_id))
    [(statement, plan)] = [item for item in plans if "FROM images" in item[0]]
    assert "ix_images_tagged " in plan, f"{statement}\n{plan}"


def test_counts_are_read_not_counted(plans: Plans) -> None:
    def ask(images: ImageRepository) -> None:
        tx = Transaction(images._db)
        tx.totals.of(plans.project_id)
        tx.totals.splits(plans.project_id)
        tx.classes.counts(plans.project_id)
        tx.work.counts(plans.project_id)

    for statement, plan in plans.of(ask):
        plans.check(statement, plan)
