from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from apps import Headers
from boxwright import bootstrap
from boxwright.domain.errors import Conflict

ADDRESS = "/api/v1/projects"


def test_a_retry_gets_the_first_answer_and_does_nothing(client: TestClient, admin: Headers) -> None:
    headers = {**admin, "idempotency-key": "one"}
    first = client.post(ADDRESS, json={"name": "cells"}, headers=headers)
    again = client.post(ADDRESS, json={"name": "cells"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(client.get(ADDRESS, headers=admin).json()["items"]) == 1


def test_a_refusal_is_an_answer_too(client: TestClient, admin: Headers) -> None:
    headers = {**admin, "idempotency-key": "two"}
    first = client.post(ADDRESS, json={"name": ""}, headers=headers)
    again = client.post(ADDRESS, json={"name": ""}, headers=headers)
    assert first.status_code == again.status_code == 422
    assert again.json() == first.json()


def test_a_key_counts_for_one_caller_and_one_address(
    application: bootstrap.Application, client: TestClient, admin: Headers
) -> None:
    headers = {**admin, "idempotency-key": "three"}
    project = client.post(ADDRESS, json={"name": "cells"}, headers=headers).json()
    classes = client.post(f"{ADDRESS}/{project['id']}/classes", json={"names": ["a"]}, headers=headers)
    assert classes.json()[0]["name"] == "a"
    nobody = client.post(ADDRESS, json={"name": "cells"}, headers={"idempotency-key": "three"})
    assert nobody.status_code == 401
    other = {"authorization": f"Bearer {application.access.create_token(me(client, admin), 'other')}"}
    taken = client.post(ADDRESS, json={"name": "cells"}, headers={**other, "idempotency-key": "three"})
    assert taken.status_code == 409


def me(client: TestClient, headers: Headers) -> str:
    return str(client.get("/api/v1/session", headers=headers).json()["id"])


def test_the_same_request_at_the_same_time_waits(application: bootstrap.Application) -> None:
    assert application.idempotency.begin("four") is None
    with pytest.raises(Conflict) as caught:
        application.idempotency.begin("four")
    assert caught.value.code == "request_in_progress"


def test_a_key_of_any_length_is_not_taken(client: TestClient, admin: Headers) -> None:
    answer = client.post(ADDRESS, json={"name": "x"}, headers={**admin, "idempotency-key": "k" * 300})
    assert (answer.status_code, answer.json()["code"]) == (422, "key_too_long")


def test_what_a_dead_server_left_at_work_can_be_tried_again(
    application: bootstrap.Application, client: TestClient, admin: Headers
) -> None:
    with application.uow.write() as tx:
        tx.answers.claim("left")
    application.idempotency.start()
    assert application.idempotency.begin("left") is None


def test_an_answer_is_forgotten_after_a_day_without_a_restart(
    application: bootstrap.Application, client: TestClient, admin: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {**admin, "idempotency-key": "old"}
    assert client.post(ADDRESS, json={"name": "cells"}, headers=headers).status_code == 201
    application.idempotency.tidy()
    assert client.post(ADDRESS, json={"name": "cells"}, headers=headers).status_code == 201
    monkeypatch.setattr("boxwright.services.idempotency.KEEP", timedelta(days=-1))
    application.idempotency.tidy()
    assert client.post(ADDRESS, json={"name": "cells"}, headers=headers).status_code == 409
