"""The whole application in this process, on SQLite and on PostgreSQL, with people in every role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fastapi.testclient import TestClient

from boxwright import bootstrap
from boxwright.api.app import create_app
from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import ClassSamples, Evaluation, Metrics, Model, ModelCard, ModelInput
from boxwright.domain.people import Role
from boxwright.domain.quality import Twins
from boxwright.ml.metrics import Found, write_report
from boxwright.settings import Settings
from boxwright.storage.repositories.models import ModelFiles
from boxwright.storage.repositories.suspicions import NewSuspicion
from filming import add_video
from scenes import make_scene

ADDRESS = "http://127.0.0.1:8080"
Headers = dict[str, str]
NO_METRICS = Metrics(
    map50_95=None,
    map50=None,
    map75=None,
    map_small=None,
    map_medium=None,
    map_large=None,
    ar100=None,
    images=0,
    instances=0,
    per_class=(),
)


def bearer(token: str) -> Headers:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def application(tmp_path: Path, database_url: str) -> Iterator[bootstrap.Application]:
    """An application whose queue does not run; `database_url` comes once for SQLite, once for PostgreSQL."""
    built = bootstrap.build(Settings(data=tmp_path / "data", database=database_url))
    yield built
    built.close()


def local_client(application: bootstrap.Application) -> TestClient:
    """A client on this machine."""
    return TestClient(create_app(application), base_url=ADDRESS, client=("127.0.0.1", 50_000))


@pytest.fixture
def client(application: bootstrap.Application) -> Iterator[TestClient]:
    """A client that is nobody; pass headers to be somebody."""
    with local_client(application) as opened:
        yield opened


@pytest.fixture
def admin(application: bootstrap.Application) -> Headers:
    return bearer(application.access.server_token())


def person(
    application: bootstrap.Application, name: str, project_id: str | None = None, role: Role = "viewer"
) -> Headers:
    with application.uow.write() as tx:
        user = tx.people.user_named(name) or tx.people.add_user(name, admin=False)
        if project_id:
            tx.people.add_member(project_id, user, role)
    return bearer(application.access.create_token(user, "test"))


def furnished_project(
    application: bootstrap.Application, client: TestClient, admin: Headers, name: str
) -> dict[str, str]:
    """Make a project with one of everything and return the ids by the names that paths use."""

    def post(path: str, **options: object) -> dict[str, object]:
        answer = client.post(f"/api/v1{path}", headers=admin, **options)  # type: ignore[arg-type]
        assert answer.is_success, answer.text
        return answer.json()  # type: ignore[no-any-return]

    scene = make_scene(1)
    project = str(post("/projects", json={"name": name})["id"])
    ids = {"project_id": project, "project_name": name, "name": "export.zip", **personal_things(application, name)}
    uploaded = post(f"/projects/{project}/images", params={"name": "a.jpg", "split": "train"}, content=scene.data)
    ids["image_id"] = uploaded["image"]["id"]  # type: ignore[index]
    ids["class_id"] = post(f"/projects/{project}/classes", json={"names": ["disc"]})[0]["id"]  # type: ignore[index]
    spare = post(f"/projects/{project}/classes", json={"names": ["spare"]})[0]["id"]  # type: ignore[index]
    merge = {"kind": "merge", "class_ids": [spare], "into_id": ids["class_id"]}
    ids["class_change_id"] = str(post(f"/projects/{project}/class-changes", json=merge)["id"])
    ids["set_id"] = _labelled_twice(application, project, ids["image_id"])
    said = {"id": new_id(), "text": "look", "x": 5, "y": 5}
    ids["comment_id"] = str(post(f"/images/{ids['image_id']}/comments", json=said)["id"])
    ids["view_id"] = str(post(f"/projects/{project}/views", json={"name": "all", "query": {}})["id"])
    ids["video_id"] = add_video(application, project)
    ids["split_change_id"] = str(post(f"/projects/{project}/splits", json={"val": 1})["id"])
    ids["version_id"] = str(post(f"/projects/{project}/versions", json={"name": "v1"})["id"])
    ids["upload_id"] = str(post("/uploads", json={"name": "a.zip", "size": 10})["id"])
    ids["model_id"], ids["evaluation_id"] = add_model(application, project)
    ids["suspicion_id"] = suspect(application, project, ids["image_id"], ids["class_id"], ids["model_id"])
    ids["run_id"] = str(post(f"/projects/{project}/runs", json={"model_id": ids["model_id"]})["id"])
    ids["run_image_id"] = str(post(f"/runs/{ids['run_id']}/images", params={"name": "b.jpg"}, content=scene.data)["id"])
    client.put(f"/api/v1/projects/{project}/members/{ids['user_id']}", json={"role": "viewer"}, headers=admin)
    export = {"kind": "export", "project_id": project, "format": "coco"}
    ids["job_id"] = str(post("/jobs", json=export)["id"])
    return ids


def suspect(application: bootstrap.Application, project_id: str, image_id: str, class_id: str, model_id: str) -> str:
    """Let a check of labels have missed an object; return the suspicion's id."""
    box = {"type": "box", "x0": 0.1 + 0.2, "y0": 1 / 3, "x1": 20.0, "y1": 20.0}
    one = NewSuspicion(
        id=new_id(),
        image_id=image_id,
        kind="missing",
        score=1 / 3,
        confidence=0.1 + 0.2,
        iou=0.0,
        class_id=class_id,
        other_id=None,
        annotation_id=None,
        annotation_at=None,
        suggestion=box,
        seen=True,
    )
    with application.uow.write() as tx:
        tx.suspicions.replace(project_id, [image_id], [one], model_id=model_id, at=now())
    return one.id


def _labelled_twice(application: bootstrap.Application, project_id: str, image_id: str) -> str:
    """Let somebody label the picture for themselves; returns the set of annotations."""
    caller = application.access.ensure_local_user()
    with application.uow.write() as tx:
        set_id = tx.labelers.set_of(project_id, caller.id, caller.name)
        other = tx.people.add_user(f"labeler of {project_id}", admin=False)
        tx.labelers.add(project_id, [(image_id, other, set_id)])
    return set_id


def personal_things(application: bootstrap.Application, name: str) -> dict[str, str]:
    """Make a session and a token of the local administrator, and a member for the project; return their ids."""
    caller = application.access.ensure_local_user()
    application.access.open_session(application.access.one_time_token())
    session = application.signing_in.sessions(caller, "")[0].id
    token = application.tokens.create(caller, "things").id
    with application.uow.write() as tx:
        user = tx.people.add_user(f"{name}-friend", admin=False)
    return {"session_id": session, "token_id": token, "user_id": user}


def add_model(application: bootstrap.Application, project_id: str) -> tuple[str, str]:
    """Insert a model with an evaluation; its file is no model, which is enough for everything but running it."""
    card = ModelCard(
        name="tiny",
        task="detect",
        architecture="wren-n",
        decoder="wren",
        input=ModelInput(width=64, height=64),
        classes=(ClassSamples(id=new_id(), name="disc", color="#E69F00", train=1, val=1),),
        parameters=1,
        licence="Apache-2.0",
        boxwright_version="0.1.0",
        created_at=now(),
    )
    model = Model(
        id=new_id(),
        project_id=project_id,
        name="tiny",
        architecture="wren-n",
        task="detect",
        card=card,
        version_id=None,
        job_id=None,
        parent_id=None,
        onnx_bytes=3,
        created_at=now(),
    )
    evaluation = Evaluation(
        id=new_id(),
        model_id=model.id,
        version_id=None,
        job_id=None,
        split="test",
        metrics=NO_METRICS,
        created_at=now(),
        report_sha256=report_blob(application, [ManifestClass(id="c0", name="disc")], []),
    )
    sha256 = application.blobs.put_bytes(b"onx")
    with application.uow.write() as tx:
        tx.models.add(model, ModelFiles(onnx_sha256=sha256, weights_sha256=None))
        tx.models.add_evaluation(evaluation, project_id)
    return model.id, evaluation.id


def report_blob(
    application: bootstrap.Application,
    classes: list[ManifestClass],
    found: list[Found],
    twins: Twins | None = None,
) -> str:
    """Store the quality report of what was found, at operating scores of one half."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        write_report(path, classes, found, [0.5] * len(classes), twins=twins)
        return application.blobs.put_file(path)


@pytest.fixture
def theirs(application: bootstrap.Application, client: TestClient, admin: Headers) -> dict[str, str]:
    return furnished_project(application, client, admin, "theirs")


@pytest.fixture
def mine(application: bootstrap.Application, client: TestClient, admin: Headers) -> dict[str, str]:
    return furnished_project(application, client, admin, "mine")


@pytest.fixture
def stranger(application: bootstrap.Application) -> Headers:
    return person(application, "stranger")


@pytest.fixture
def member(application: bootstrap.Application, mine: dict[str, str]) -> Headers:
    return person(application, "member", mine["project_id"], "manager")


@pytest.fixture
def viewer(application: bootstrap.Application, mine: dict[str, str]) -> Headers:
    return person(application, "viewer", mine["project_id"], "viewer")
