"""Build hook: puts the built front end into the wheel, so that installing needs no Node and no second step."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _web_tools(root: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("boxwright_web_tools", Path(root) / "scripts" / "web.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs the npm build of web/ into src/boxwright/static when a wheel is made.

    An editable install is left alone: `make` builds the front end there, and only when it changed.
    """

    def _skips(self) -> str:
        """Why there is nothing to build, or an empty string."""
        if not (Path(self.root) / "web" / "package.json").exists():
            return "no web/package.json here"
        if os.environ.get("BOXWRIGHT_SKIP_WEB"):
            return "BOXWRIGHT_SKIP_WEB is set"
        return ""

    def dependencies(self) -> list[str]:
        """Node as a wheel, asked for only where no usable Node is on PATH."""
        tools = _web_tools(self.root)
        return [] if self._skips() or tools.npm_command() else [tools.NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the interface names it)
        """Build unless this is an editable install or there is nothing to build."""
        reason = "an editable install uses what `make web` builds" if version == "editable" else self._skips()
        if reason:
            self.app.display_info(f"Front end not built: {reason}.")
            return
        _web_tools(self.root).build()
