"""The one place that maps errors to HTTP: RFC 9457 problem details with a stable `code`."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from boxwright.domain import errors

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[errors.BoxwrightError], int], ...] = (
    (errors.InvalidImage, 422),
    (errors.InvalidVideo, 422),
    (errors.InvalidDataset, 422),
    (errors.InvalidModel, 422),
    (errors.InvalidBackup, 422),
    (errors.Invalid, 422),
    (errors.NotFound, 404),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.TooManyAttempts, 429),
    (errors.Conflict, 409),
    (errors.Cancelled, 409),
    (errors.TooLarge, 413),
    (errors.StorageFull, 507),
    (errors.Unavailable, 503),
)
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 400: "bad_request"}


def problem(status: int, code: str, message: str, detail: Mapping[str, object] | None = None) -> JSONResponse:
    """Return a problem details answer; `detail` adds members for programs."""
    body = {"type": f"urn:boxwright:{code}", "title": message, "status": status, "code": code, **(detail or {})}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def status_of(error: errors.BoxwrightError) -> int:
    """Return the HTTP status of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(errors.BoxwrightError)
    def on_error(_: Request, error: errors.BoxwrightError) -> JSONResponse:
        answer = problem(status_of(error), error.code, error.message, error.detail)
        if isinstance(error, errors.TooManyAttempts):
            answer.headers["retry-after"] = str(error.detail.get("retry_after", 60))
        return answer

    @app.exception_handler(RequestValidationError)
    def on_validation(_: Request, error: RequestValidationError) -> JSONResponse:
        fields = [{"where": ".".join(map(str, item["loc"])), "what": item["msg"]} for item in error.errors()[:20]]
        first = fields[0] if fields else {"where": "request", "what": "is invalid"}
        return problem(422, "request_invalid", f"{first['where']}: {first['what']}", {"errors": fields})

    @app.exception_handler(HTTPException)
    def on_http(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, _CODES.get(error.status_code, "http_error"), str(error.detail))

    @app.exception_handler(Exception)
    def on_crash(request: Request, _: Exception) -> JSONResponse:
        log.exception("unexpected error at %s %s", request.method, request.url.path)
        return problem(500, "internal_error", "something went wrong here; the server's log has the details")
