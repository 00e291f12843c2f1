from __future__ import annotations

import threading

import pytest

from boxwright.services.ahead import ahead
from boxwright.services.needed import Keeper


def test_results_come_in_order_while_several_are_at_work() -> None:
    meeting = threading.Barrier(4, timeout=30)

    def work(item: int) -> int:
        meeting.wait()  # only passes where four are at work at once
        return item * item

    assert list(ahead(work, range(16))) == [item * item for item in range(16)]


def test_no_more_is_taken_than_fits() -> None:
    taken: list[int] = []

    def items() -> object:
        for item in range(100):
            taken.append(item)
            yield item

    results = ahead(lambda item: item, items())  # type: ignore[arg-type, var-annotated]
    assert next(results) == 0
    assert len(taken) <= 8
    results.close()  # type: ignore[attr-defined]
    assert len(taken) <= 8


def test_a_failure_is_raised_where_its_result_would_be() -> None:
    results = ahead(lambda item: 1 // item, [1, 0, 1])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_the_keeper_waits_for_one_removal_and_then_allows_none() -> None:
    keeper = Keeper()
    removing, go_on, kept = threading.Event(), threading.Event(), threading.Event()

    def remove() -> None:
        with keeper.removing() as allowed:
            assert allowed
            removing.set()
            go_on.wait(30)
            assert not kept.is_set()

    def keep() -> None:
        with keeper.keeping():
            kept.set()

    threads = [threading.Thread(target=remove), threading.Thread(target=keep)]
    threads[0].start()
    assert removing.wait(30)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert kept.is_set()
    with keeper.keeping(), keeper.keeping():
        pass
    with keeper.keeping(), keeper.removing() as allowed:
        assert not allowed
    with keeper.removing() as allowed:
        assert allowed
