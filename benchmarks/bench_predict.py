"""Prediction over HTTP with 1 and 8 clients, beside the bare ONNX Runtime session and Flask + Ultralytics.

    python benchmarks/bench_predict.py [--requests 400] [--weights trained.pt]

The network is YOLO11n at 320 pixels, trained on the blood cells where `--weights` gives that (bench_training keeps it),
otherwise with random weights. Boxwright serves its ONNX export, as it is and as int8 (calibrated on the training split,
what `boxwright model variants --make --serve int8` makes of it), the Flask server the weights themselves behind a lock,
as one finds it in most tutorials; both leave out padding that a photograph does not need. The bare session gets ready
tensors, square: no HTTP, no JPEG, no boxes. Needs the rival `ultralytics` (AGPL-3.0) only to make the network and to be
measured; pictures: BCCD's test split.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import onnxruntime

import rivals
from bench_server import address, answers, serving
from boxwright import Client
from boxwright.domain.requests import VariantsRequest
from boxwright.domain.variants import Precision
from measuring import ROOT, Load, keep, load, table

DATA = Path(os.environ.get("BOXWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data")) / "bccd" / "BCCD"
SIZE = 320
PORT = 18098
EXPORT = """
import sys
from ultralytics import YOLO
model = YOLO(sys.argv[1])
if sys.argv[1].endswith(".yaml"):  # an int8 variant is compared on objects of classes that the network knows
    model.model.names |= {0: "RBC", 1: "WBC", 2: "Platelets"}
model.save(sys.argv[2] + "/yolo11n.pt")
YOLO(sys.argv[2] + "/yolo11n.pt").export(format="onnx", imgsz=int(sys.argv[3]), dynamic=True)
"""
FLASK = """
import sys, threading
import cv2, numpy as np
from flask import Flask, jsonify, request
from ultralytics import YOLO
app, model, lock = Flask("bench"), YOLO(sys.argv[1]), threading.Lock()

@app.get("/health")
def health():
    return "ok"

@app.post("/predict")
def predict():
    picture = cv2.imdecode(np.frombuffer(request.get_data(), np.uint8), cv2.IMREAD_COLOR)
    with lock:
        found = model.predict(picture, imgsz=int(sys.argv[2]), conf=0.25, iou=0.6, verbose=False)[0]
    boxes = zip(found.boxes.xyxy.tolist(), found.boxes.conf.tolist(), found.boxes.cls.tolist())
    return jsonify([{"box": box, "score": score, "class": model.names[int(kind)]} for box, score, kind in boxes])

app.run(port=int(sys.argv[3]), threaded=True)
"""


def make_network(python: Path, weights: str, folder: Path) -> tuple[Path, Path]:
    """Write the network as .pt and as .onnx."""
    command = [python, "-c", EXPORT, weights, folder, str(SIZE)]
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the export failed: {done.stderr[-500:]}")
    return folder / "yolo11n.pt", folder / "yolo11n.onnx"


def pictures() -> list[bytes]:
    """Return the JPEG bytes of the test split."""
    stems = (DATA / "ImageSets" / "Main" / "test.txt").read_text().split()
    return [(DATA / "JPEGImages" / f"{stem}.jpg").read_bytes() for stem in stems]


def bare(path: Path, requests: int, sessions: int) -> Load:
    """Run the network on a ready tensor in `sessions` threads, one session and one ONNX Runtime thread each."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    ready = [onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]) for _ in range(sessions)]
    tensor = {ready[0].get_inputs()[0].name: np.zeros((1, 3, SIZE, SIZE), np.float32)}
    return load(lambda client, _: ready[client].run(None, tensor), clients=sessions, requests=requests, pid=os.getpid())


def ours(path: Path, folder: Path, jpegs: list[bytes], requests: int, precision: Precision) -> dict[int, Load]:
    """Measure Boxwright."""
    data = folder / "data"
    boxwright: list[str | Path] = [sys.executable, "-m", "boxwright"]
    if precision != "fp32":  # pictures to calibrate on
        subprocess.run(
            [*boxwright, "import", DATA, "--project", "bench", "--create-project", "--data", data, "--json"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    command = [*boxwright, "serve", "--data", data, "--port", "0", "--private"]
    with serving(command, {}, lambda: address(data) is not None) as (pid, _):
        found = address(data)
        assert found is not None
        with Client(found["url"], found["token"], timeout=300) as client:
            projects = client.projects
            project = projects.create("bench") if precision == "fp32" else next(projects.all(query="bench"))
            upload = client.uploads.send(path)
            model = client.models.import_upload(project.id, upload.id, "yolo11n")
            if precision != "fp32":
                job = client.jobs.start(VariantsRequest(project_id=project.id, model_id=model.id))
                client.jobs.wait(job.id)
                client.models.serve(model.id, precision)
        url = f"{found['url']}/api/v1/models/{model.id}/predict?score_threshold=0.25&iou_threshold=0.6"
        return measure(url, f"Bearer {found['token']}", jpegs, requests, pid)


def theirs(python: Path, path: Path, jpegs: list[bytes], requests: int) -> dict[int, Load]:
    """Measure Flask + Ultralytics."""
    base = f"http://127.0.0.1:{PORT}"
    command: list[str | Path] = [python, "-c", FLASK, path, str(SIZE), str(PORT)]
    with serving(command, {}, lambda: answers(base + "/health")) as (pid, _):
        return measure(base + "/predict", "", jpegs, requests, pid)


def measure(url: str, token: str, jpegs: list[bytes], requests: int, pid: int) -> dict[int, Load]:
    """Send pictures with 1 and with 8 clients.

    They share the cores with the server, so they are the leanest there are: a client library would take as long as the
    server's own work beside the network.
    """
    turn, lock = iter(range(10**9)), threading.Lock()
    parts = urlsplit(url)
    ready = [HTTPConnection(parts.netloc, timeout=120) for _ in range(8)]
    headers = {"content-type": "application/octet-stream", "authorization": token}

    def one(client: int, _: int) -> None:
        with lock:
            number = next(turn)
        ready[client].request("POST", f"{parts.path}?{parts.query}", jpegs[number % len(jpegs)], headers)
        answer = ready[client].getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{url}: {answer.status} {text[:300]!r}")
        json.loads(text)

    found = {}
    for count in (1, 8):
        load(one, clients=count, requests=32, pid=pid)  # warm
        found[count] = load(one, clients=count, requests=requests, pid=pid)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--weights", default="yolo11n.yaml")
    given = parser.parse_args()
    python = rivals.python("ultralytics")
    if python is None or not DATA.is_dir():
        raise SystemExit("this benchmark needs the rival `ultralytics` and the shared data `bccd`")
    jpegs = pictures()
    runs: dict[str, list[Load]] = {}
    with tempfile.TemporaryDirectory() as name:
        weights, network = make_network(python, given.weights, Path(name))
        for _ in range(given.rounds):
            for sessions in (1, 2):
                label = f"bare session, {sessions} in parallel"
                runs.setdefault(label, []).append(bare(network, given.requests, sessions))
            with tempfile.TemporaryDirectory() as folder:
                for count, found in ours(network, Path(folder), jpegs, given.requests, "fp32").items():
                    runs.setdefault(f"Boxwright, {count} clients", []).append(found)
            with tempfile.TemporaryDirectory() as folder:
                for count, found in ours(network, Path(folder), jpegs, given.requests, "int8").items():
                    runs.setdefault(f"Boxwright, int8, {count} clients", []).append(found)
            for count, found in theirs(python, weights, jpegs, given.requests).items():
                runs.setdefault(f"Flask + Ultralytics, {count} clients", []).append(found)
            time.sleep(1)
    middle = {label: sorted(found, key=lambda item: item.rate)[len(found) // 2] for label, found in runs.items()}
    rows = [[label, item.rate, item.p50, item.p95, item.processor] for label, item in middle.items()]
    flask = middle["Flask + Ultralytics, 8 clients"].rate
    whole, eight = (middle[f"Boxwright, {name}8 clients"].rate / flask for name in ("", "int8, "))
    head = ("", "images/s", "p50 ms", "p95 ms", "processor ms an image")
    text = f"YOLO11n ({Path(given.weights).name}), {SIZE} px, median of {given.rounds}\n\n{table(head, rows)}"
    keep(
        "bench_predict",
        f"{text}\n\nBoxwright / Flask + Ultralytics with 8 clients: {whole:.2f}, int8 {eight:.2f}",
        {k: vars(v) for k, v in middle.items()},
    )


if __name__ == "__main__":
    main()
