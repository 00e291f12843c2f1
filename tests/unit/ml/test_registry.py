import pytest

from boxwright.domain.errors import Invalid
from boxwright.ml.registry import ARCHITECTURES, for_task, lookup, task_of


def test_every_architecture_says_what_it_learns() -> None:
    assert {"wren-n", "wren-s", "wren-n-seg", "wren-s-seg"} <= set(ARCHITECTURES)
    for name in ("wren-n", "wren-s", "wren-n-seg", "wren-s-seg"):
        pytest.importorskip("torch")
        assert lookup(name, task_of(name), "torch").__name__.startswith("Wren")


def test_a_task_chooses_the_sister() -> None:
    assert for_task("wren-n", None) == "wren-n" == for_task("wren-n", "detect") == for_task("wren-n-seg", "detect")
    assert for_task("wren-s", "segment") == "wren-s-seg" == for_task("wren-s-seg", None)
    for wrong in ("yolo", ""):
        with pytest.raises(Invalid, match="choose one of"):
            for_task(wrong, "segment")
