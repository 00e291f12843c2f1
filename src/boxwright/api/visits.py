"""Routes whose whole work is one visit to a thread: guard, body, service and answer.

A save takes a millisecond, and so does a thumbnail. Each dependency that FastAPI solves and each thread that a request
waits for costs a good part of one, on the one thread that all requests share; a dozen of them cost more than the work.
Such a route is declared as any other, so that the schema of the API says the same of it.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from boxwright.api.deps import application_of, doors_of

Kind = TypeVar("Kind")


def visit(work: Callable[[Request, bytes], Response]) -> type[APIRoute]:
    """Return the class of a route that answers what `work` returns for a request and its body, in a thread.

    The guards that the route declares (`deps.guard`) come first, in the same visit.
    """

    class Visit(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            guards = [item.dependency for item in self.dependencies if item.dependency is not None]

            def guarded(request: Request, body: bytes) -> Response:
                for check in guards:
                    check(request, application_of(request), doors_of(request))
                return work(request, body)

            async def handle(request: Request) -> Response:
                return await run_in_threadpool(guarded, request, await request.body())

            return handle

    return Visit


def read_json(request: Request, body: bytes, adapter: TypeAdapter[Kind]) -> Kind:
    """Return what the body says. Raises RequestValidationError, as FastAPI would, where it is not that."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # A form of another site can send text, not JSON.
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise RequestValidationError(
            [{"loc": ("body",), "msg": f"Input should be JSON, not {kind or 'untyped bytes'}"}]
        )
    try:
        return adapter.validate_python(json.loads(body))
    except ValidationError as error:
        found = [{**item, "loc": ("body", *item["loc"])} for item in error.errors(include_url=False)]
        raise RequestValidationError(found) from error
    except ValueError as error:
        place = error.pos if isinstance(error, json.JSONDecodeError) else 0
        raise RequestValidationError([{"loc": ("body", place), "msg": "JSON decode error"}]) from error


def read_query(request: Request, name: str, adapter: TypeAdapter[Kind], default: Kind) -> Kind:
    """Return what the address says. Raises RequestValidationError, as FastAPI would, where it is not that."""
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        return adapter.validate_python(text)
    except ValidationError as error:
        found = [{**item, "loc": ("query", name, *item["loc"])} for item in error.errors(include_url=False)]
        raise RequestValidationError(found) from error


def answer(adapter: TypeAdapter[Kind], value: Kind) -> Response:
    """Return a value as JSON."""
    return Response(adapter.dump_json(value, by_alias=True), media_type="application/json")
