from boxwright.client.sse import Frames, ServerEvent


def test_frames() -> None:
    lines = [
        "retry: 2000", "",
        ": still here", "",
        "id: a-1", "event: change", 'data: {"x": 1}', "",
        "event: resync", "data: {}", "",
        "event: change", "data: one", "data:two", "",
        "", "event: change", "data: cut off",
    ]  # fmt: skip
    frames = Frames()
    events = [event for line in lines if (event := frames.feed(line))]
    assert events == [
        ServerEvent(""),
        ServerEvent(""),
        ServerEvent("change", '{"x": 1}', "a-1"),
        ServerEvent("resync", "{}"),
        ServerEvent("change", "one\ntwo"),
    ]
