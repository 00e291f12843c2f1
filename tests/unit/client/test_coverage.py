"""The client reaches everything that the API offers."""

import ast
import re
from pathlib import Path

import boxwright.client
from boxwright.api.app import create_app

FOLDER = Path(boxwright.client.__file__).parent
# Signing in and out is the browser's business: programs send a token.
NOT_FOR_PROGRAMS = {("POST", "/session"), ("POST", "/session/password"), ("DELETE", "/session")}
METHODS = {"get": "GET", "download": "GET", "stream": "GET", "create": "POST"}


def requests_in(file: Path) -> set[tuple[str, str]]:
    """(method, path with `{}` for its parameters) of every call on the HTTP layer that spells its path."""
    found = set()
    for scope in ast.walk(ast.parse(file.read_text())):
        if not isinstance(scope, ast.FunctionDef):
            continue
        names = {
            target.id: template(node.value)
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(scope):
            if isinstance(node, ast.Call):
                found |= request(node, names)
    return found


def request(call: ast.Call, names: dict[str, str | None]) -> set[tuple[str, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    values = [template(item) or names.get(getattr(item, "id", "")) for item in call.args]
    path = next((value for value in values if value and value.startswith("/")), None)
    if path is None:
        return set()
    return {(str(values[0]) if name == "send" else METHODS[name], path)}


def template(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def test_every_route_has_a_method() -> None:
    document = create_app(None).openapi()
    offered = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")))
        for path, methods in document["paths"].items()
        for method in methods
    }
    reached = set().union(*(requests_in(file) for file in FOLDER.glob("*.py") if file.name != "http.py"))
    assert offered - reached == NOT_FOR_PROGRAMS
    assert not reached - offered
