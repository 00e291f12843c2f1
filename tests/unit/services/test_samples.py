"""The sample on the first start of an installation, and on request."""

from __future__ import annotations

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import SAMPLE_NAME, SampleRequest
from working import do


@pytest.fixture
def caller(application: Application) -> Caller:
    return application.access.ensure_local_user()


def test_an_empty_installation_begins_with_the_sample(application: Application, caller: Caller) -> None:
    project = application.samples.welcome(caller)
    assert project is not None
    assert [item.name for item in application.projects.page(caller).items] == [SAMPLE_NAME]
    jobs = application.jobs.page(project.id).items
    assert [(job.kind, job.state, job.params["images"]) for job in jobs] == [("sample", "queued", 190)]
    assert application.samples.welcome(caller) is None
    assert len(application.projects.page(caller).items) == 1


def test_what_was_deleted_does_not_come_back(application: Application, caller: Caller) -> None:
    project = application.samples.welcome(caller)
    assert project is not None
    application.projects.delete(project.id, project.name)
    assert application.samples.welcome(caller) is None
    assert application.projects.page(caller).items == ()


def test_an_installation_in_use_gets_none(application: Application, caller: Caller) -> None:
    own = application.projects.create(caller, "cells")
    assert application.samples.welcome(caller) is None
    application.projects.delete(own.id, "cells")
    assert application.samples.welcome(caller) is None
    assert application.projects.page(caller).items == ()


def test_a_sample_comes_into_a_project(application: Application, caller: Caller) -> None:
    project = application.projects.create(caller, "table")
    request = SampleRequest(project_id=project.id, images=3, seed=5)
    job = do(application, application.samples.submit(request, caller))
    assert job.state == "succeeded"
    report = job.result["report"]  # type: ignore[index]
    assert (report["images_added"], report["images_skipped"]) == (3, 0)
    images = application.images.page(project.id, ImageQuery(order="name"), None, 10).items
    assert [image.name for image in images] == ["table_001.jpg", "table_002.jpg", "table_003.jpg"]
    assert application.projects.get(project.id).cover_image_id == images[0].id
    assert [item.name for item in application.classes.list(project.id)] == ["coin", "die", "button"]
    assert all(image.state == "labeled" and image.split != "none" for image in images)
    again = do(application, application.samples.submit(request, caller))
    assert again.result["report"]["images_skipped"] == 3  # type: ignore[index]
    assert application.projects.get(project.id).images == 3


def test_wrong_requests(application: Application, caller: Caller) -> None:
    project = application.projects.create(caller, "table")
    for wrong in ({"images": 0}, {"images": 5001}, {"seed": -1}):
        with pytest.raises(Invalid, match="is outside"):
            application.samples.submit(SampleRequest(project_id=project.id, **wrong), caller)
    with pytest.raises(NotFound):
        application.samples.submit(SampleRequest(project_id=new_id()), caller)
