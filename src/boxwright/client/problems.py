"""Problem details (RFC 9457) to the domain errors they came from."""

import json

from boxwright.domain import errors

_BY_CODE: dict[str, type[errors.BoxwrightError]] = {
    kind.code: kind
    for kind in (
        errors.InvalidImage,
        errors.InvalidVideo,
        errors.InvalidDataset,
        errors.InvalidModel,
        errors.InvalidBackup,
        errors.Cancelled,
        errors.StorageFull,
    )
}
# A model that cannot be used has many reasons.
_BY_CODE |= dict.fromkeys(
    (
        "card_unreadable",
        "darknet_cfg",
        "darknet_names",
        "darknet_weights",
        "decoder_unknown",
        "model_broken",
        "model_classes",
        "model_custom_operators",
        "model_external_data",
        "model_foreign",
        "model_memory",
        "model_too_slow",
        "model_unknown",
        "parity_failed",
        "weights_foreign",
        "weights_unreadable",
    ),
    errors.InvalidModel,
)
_BY_CODE |= dict.fromkeys(
    ("video_empty", "video_format", "video_stuck", "video_too_large", "video_too_long"), errors.InvalidVideo
)
_BY_CODE["too_many_tiles"] = errors.InvalidImage
_BY_STATUS: dict[int, type[errors.BoxwrightError]] = {
    400: errors.Invalid,
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.Invalid,
    409: errors.Conflict,
    413: errors.TooLarge,
    422: errors.Invalid,
    429: errors.TooManyAttempts,
    503: errors.Unavailable,
    507: errors.StorageFull,
}
_MEMBERS = ("type", "title", "status", "code", "detail", "instance")


def error_of(status: int, body: bytes) -> errors.BoxwrightError:
    """Return the error that an answer with a status of 400 or more stands for."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict) or "code" not in found:
        return errors.Unavailable(f"the server answered {status} without saying why", code="answer_invalid")
    code = str(found["code"])
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status, errors.BoxwrightError)
    message = str(found.get("title") or f"the server answered {status}")
    return kind(message, code=code, detail={key: value for key, value in found.items() if key not in _MEMBERS})
