"""Tasks that stay within the contract of `TaskContext`, and some that do not."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from boxwright.domain.errors import Cancelled, Invalid


def count(params, context):
    """Count to params["to"], one file write a step; continue from the file after a restart; die where asked."""
    state = context.workdir / "state.json"
    begun = json.loads(state.read_text()) if state.exists() else {"n": 0, "starts": 0}
    begun["starts"] += 1
    print("noise on stdout")
    while begun["n"] < params["to"]:
        stopping = context.stopping()
        if stopping == "discard":
            raise Cancelled("stopped")
        if stopping == "keep":
            return {"n": begun["n"], "starts": begun["starts"], "kept": True}
        begun["n"] += 1
        context.metric(begun["n"], {"value": begun["n"] * 2.0, "broken": float("nan")})
        scratch = state.with_suffix(".tmp")
        scratch.write_text(json.dumps(begun))
        scratch.replace(state)
        context.checkpoint(state)
        context.progress(begun["n"], params["to"], phase="counting")
        if begun["n"] == params.get("die_at") and begun["starts"] <= params.get("die_times", 1):
            os.kill(os.getpid(), params.get("signal", signal.SIGKILL))
        time.sleep(params.get("sleep", 0))
    context.log("counted")
    return {"n": begun["n"], "starts": begun["starts"]}


def refuse(params, context):
    raise Invalid("nothing to do; give me something", code="nothing")


def bug(params, context):
    raise KeyError("who wrote\nthis")


def die(params, context):
    os.kill(os.getpid(), params["signal"])
    time.sleep(600)


def leave(params, context):
    print("last words", flush=True)
    os._exit(7)


def deaf(params, context):
    """Ignore every polite request."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(params["pid_file"]).write_text(str(os.getpid()))
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(params["pid_file"] + ".child").write_text(str(child.pid))
    time.sleep(600)


def silent(params, context):
    """Stop every thread of the process."""
    os.kill(os.getpid(), signal.SIGSTOP)


def slow_until_told(params, context):
    while not context.stopping():
        time.sleep(0.01)
    raise Cancelled("stopped")
