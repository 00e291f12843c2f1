"""The best model is taken where figures can be compared, else the newest."""

from __future__ import annotations

from dataclasses import replace

from boxwright.domain.choosing import best
from boxwright.domain.models import Metrics, Model
from tiny_onnx import tiny_card


def figures(map50_95: float | None, *, images: int = 20, instances: int = 60, mask: float | None = None) -> Metrics:
    return Metrics(
        map50_95=map50_95,
        map50=None,
        map75=None,
        map_small=None,
        map_medium=None,
        map_large=None,
        ar100=None,
        images=images,
        instances=instances,
        per_class=(),
        mask_map50_95=mask,
    )


def model(name: str, *, val: Metrics | None = None, test: Metrics | None = None, job: str | None = "job") -> Model:
    return Model(
        id=name,
        project_id="p",
        name=name,
        architecture="wren-n",
        task="detect",
        card=tiny_card(),
        version_id=None,
        job_id=job,
        parent_id=None,
        onnx_bytes=1,
        created_at="2026-11-28T10:00:00.000Z",
        val=val,
        test=test,
    )


def chosen(*newest_first: Model) -> tuple[str, str | None, float | None, int]:
    found = best(newest_first)
    assert found is not None
    return found.model_id, found.split, found.score, found.among


def test_the_highest_of_those_that_were_measured_alike_is_taken() -> None:
    young, old = model("young", test=figures(0.4)), model("old", test=figures(0.6))
    assert chosen(young, old) == ("old", "test", 0.6, 2)
    assert chosen(young, replace(old, test=figures(0.4))) == ("young", "test", 0.4, 2), "of equals the newer"
    brought = model("brought", test=figures(0.7), job=None)
    assert chosen(young, old, brought) == ("brought", "test", 0.7, 3), "wherever it comes from"


def test_other_images_objects_or_outlines_are_not_compared() -> None:
    young = model("young", test=figures(0.4))
    for other in (figures(0.9, images=21), figures(0.9, instances=61), figures(0.9, mask=0.9), figures(None)):
        assert chosen(young, model("old", test=other)) == ("young", None, None, 2)
        assert chosen(young, model("old", test=other), model("third", test=figures(0.5)))[0] == "third"


def test_the_validation_split_counts_where_the_test_split_does_not() -> None:
    young = model("young", val=figures(0.4), test=figures(0.9, images=3))
    old = model("old", val=figures(0.5), test=figures(0.1, images=4))
    assert chosen(young, old) == ("old", "val", 0.5, 2)


def test_a_model_without_figures_loses_to_those_that_can_be_compared() -> None:
    assert chosen(model("young"), model("a", val=figures(0.2)), model("b", val=figures(0.3)))[:2] == ("b", "val")


def test_without_figures_the_newest_trained_here_is_taken() -> None:
    brought, trained = model("brought", job=None), model("trained")
    assert chosen(brought, trained) == ("trained", None, None, 2)
    assert chosen(brought) == ("brought", None, None, 1)
    assert best([]) is None
