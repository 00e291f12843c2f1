from boxwright.domain.events import Event
from boxwright.services.broker import Broker, Numbered


def event(number: int) -> Event:
    return Event(topic="image", project_id="p", id=str(number))


def test_listeners_hear_events_in_order_and_can_catch_up() -> None:
    broker, heard, late = Broker(memory=10), list[Numbered](), list[Numbered]()
    assert broker.subscribe(heard.append)
    broker.publish([event(1), event(2)])
    broker.publish([event(3)])
    assert [item.event.id for item in heard] == ["1", "2", "3"]
    assert broker.subscribe(late.append, after=heard[0].id)
    assert [item.event.id for item in late] == ["2", "3"]


def test_a_gap_or_another_server_means_fetch_anew() -> None:
    broker, heard = Broker(memory=2), list[Numbered]()
    broker.subscribe(heard.append)
    broker.publish([event(number) for number in range(5)])
    assert not broker.subscribe(lambda _: None, after=heard[0].id)
    assert broker.subscribe(lambda _: None, after=heard[2].id)
    assert not Broker().subscribe(lambda _: None, after=heard[4].id)
    assert not broker.subscribe(lambda _: None, after="nonsense")


def test_a_page_is_told_what_happened_between_its_first_look_and_its_listening() -> None:
    time = 100.0
    broker = Broker(memory=2, clock=lambda: time)
    late = list[Numbered]()
    time = 110.0
    assert broker.subscribe(late.append, age=5) is not None
    assert late == []
    broker.publish([event(1)])
    time = 111.0
    broker.publish([event(2)])
    time = 112.0
    late.clear()
    start = broker.subscribe(late.append, age=1.5)
    assert [item.event.id for item in late] == ["2"]
    again = list[Numbered]()
    assert broker.subscribe(again.append, after=start) == start
    assert again == late
    assert broker.subscribe(lambda _: None, age=20) is None, "it has read from another server"
    assert broker.subscribe(lambda _: None, age=5) is not None
    broker.publish([event(3)])
    assert broker.subscribe(lambda _: None, age=5) is None, "not all is remembered"


def test_a_listener_whose_loop_has_closed_does_not_disturb_the_others() -> None:
    def closed(_: Numbered) -> None:
        raise RuntimeError("Event loop is closed")

    broker, heard = Broker(), list[Numbered]()
    broker.subscribe(closed)
    broker.subscribe(heard.append)
    broker.publish([event(1)])
    broker.publish([event(2)])
    broker.unsubscribe(heard.append)
    assert len(heard) == 2
