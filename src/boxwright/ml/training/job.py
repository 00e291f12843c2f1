"""A whole training: learn, export, prove, measure."""

import ctypes
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import torch
from torch import nn

from boxwright import __version__
from boxwright.domain.cards import card_to_json
from boxwright.domain.clock import now
from boxwright.domain.errors import Cancelled
from boxwright.domain.jobs import BREAKS_OFF
from boxwright.domain.models import ClassSamples, Metrics, ModelCard, class_scores, learned
from boxwright.domain.ports import TaskContext
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.session import Network
from boxwright.ml.data.batches import TrainingBatches
from boxwright.ml.data.dataset import Dataset
from boxwright.ml.data.recipe import recipe_of, repeat_factors
from boxwright.ml.data.samples import Sample, read_pixels
from boxwright.ml.export.gate import TorchNetwork, check_drop
from boxwright.ml.export.onnx import embed_card, export_onnx
from boxwright.ml.export.weights import save_weights
from boxwright.ml.files import write_json
from boxwright.ml.metrics import Found, all_metrics, detect, metrics_to_json, write_report
from boxwright.ml.nets.base import Exportable, Learner
from boxwright.ml.training import checkpoint
from boxwright.ml.training.device import Compute
from boxwright.ml.training.hooks import Checkpointer, Reporter
from boxwright.ml.training.loop import Hook, Trainer
from boxwright.ml.training.params import Plan, plan
from boxwright.ml.training.probe import gpu_batch
from boxwright.ml.training.validation import IOU_THRESHOLD, Validator

FILES = {"onnx": "model.onnx", "weights": "weights.safetensors", "card": "card.json"}
REPORT = "report-{}.jsonl"
BATCH = "batch.json"
LAST = "last.safetensors"
PARITY_PICTURES = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """What a model finds on a split, and how good that is."""

    metrics: Metrics
    found: list[Found]


class TrainingJob:
    """One training in `context.workdir`.

    Args:
        architecture: name in the registry.
        learner_class: called with architecture, number of classes and image size.
        dataset: what to learn from, with the hyper-parameters.
        compute: device and precision.
        context: where to report.
    """

    def __init__(
        self,
        architecture: str,
        learner_class: Callable[[str, int, int], Learner],
        dataset: Dataset,
        compute: Compute,
        context: TaskContext,
    ) -> None:
        params = dataset.params
        self.architecture, self.dataset, self.params, self.context = architecture, dataset, params, context
        self.compute = compute
        torch.set_num_threads(self.compute.threads)
        cv2.setNumThreads(1)
        keep_memory()
        torch.manual_seed(params.seed)
        self.learner = learner_class(architecture, len(dataset.header.classes), params.image_size)
        self.spec = self.learner.input
        self.plan = self._plan()

    def run(self, weights: Path | None) -> dict[str, object]:
        """Train, export and evaluate; see tasks/train."""
        parameters = sum(p.numel() for p in self.learner.net.parameters())
        self.context.log(
            f"{self.architecture}, {parameters:,} parameters, {len(self.dataset.train)} training and "
            f"{len(self.dataset.val)} validation images, {self.plan.epochs} epochs of {self.plan.steps} steps of "
            f"{self.plan.batch} images, {self.compute.describe()}"
        )
        return self.finish(*self.train(weights))

    def finish(self, run: checkpoint.Run, stopped: bool) -> dict[str, object]:
        """Export the best weights of a run and measure them; keep the last ones beside."""
        assert run.best is not None
        parameters = sum(p.numel() for p in self.learner.net.parameters())
        net = run.average.net.cpu().to(memory_format=torch.contiguous_format)
        save_weights(net, self.context.workdir / LAST, self.learner.notes())
        net.load_state_dict(run.best)
        card = self._card(parameters)
        exported = self.learner.exportable(net)
        difference = self._export(exported, net, card)
        measured = {split: self._measure(split) for split in ("val", "test")}
        card = self._judge(card, measured)
        metrics = {split: value.metrics if value else None for split, value in measured.items()}
        return {
            "files": dict(FILES),
            "card": card_to_json(card),
            "reports": {split: REPORT.format(split) for split, value in metrics.items() if value},
            "twins": {split: twins.images for split, twins in self.dataset.twins.items()},
            "metrics": {split: value and metrics_to_json(value) for split, value in metrics.items()},
            "parity": {"max_abs_diff": difference, **self._gate(exported.module, metrics)},
            "best_epoch": run.position.best_epoch,
            "epochs": run.position.epoch,
            "seconds": run.position.seconds,
            "stopped_early": stopped,
            "last": LAST,
        }

    def _plan(self) -> Plan:
        """Return epochs, batch and steps; the batch on a GPU is the largest that fits."""
        params, images = self.params, len(self.dataset.train)
        if params.rare_classes:
            labels = [sample.labels[~sample.crowd] for sample in self.dataset.train]
            images = round(float(repeat_factors(labels, params.rare_classes).sum()))
        if params.batch or self.compute.device.type == "cpu":
            return plan(params, images)
        path = self.context.workdir / BATCH
        return plan(params, images, gpu_batch(self.learner, params, self.compute, self.batches, images, path))

    def batches(self, batch: int, steps: int) -> TrainingBatches:
        """Return the training batches."""
        params, data = self.params, self.dataset
        return TrainingBatches(
            data.train,
            data.cache,
            recipe_of(params),
            params.seed,
            batch,
            steps,
            grid=self.learner.grid,
            workers=self.compute.workers,
            multi_scale=params.multi_scale,
            rare_classes=params.rare_classes,
        )

    def train(self, weights: Path | None) -> tuple[checkpoint.Run, bool]:
        """Train, from the last checkpoint on where there is one; return the run and whether it stopped early."""
        if self.learner.origin:
            self.context.log(self.learner.origin)
        path, print_ = self.context.workdir / checkpoint.NAME, self._fingerprint(weights)
        seconds = self.params.checkpoint_seconds
        trainer = self.trainer(Reporter(self.context, self.plan), Checkpointer(self.context, path, print_, seconds))
        run = trainer.start()
        if checkpoint.restore(run, path, print_):
            self.context.log(f"continues from epoch {run.position.epoch + 1}, step {run.position.step + 1}")
        return run, trainer.run(run)

    def trainer(self, *hooks: Hook) -> Trainer:
        """Return what trains this job's network."""
        data = self.dataset
        return Trainer(
            self.learner,
            self.params,
            self.plan,
            self.compute,
            self.batches(self.plan.batch, self.plan.steps),
            Validator(self.learner, data.val, data.cache, data.header.classes, self.spec, self.params, self.compute),
            hooks,
            self.context,
        )

    def _fingerprint(self, weights: Path | None) -> str:
        """Return what must be equal for a checkpoint to be continued: data, order of pictures, parameters, start."""
        said = [
            self.architecture,
            asdict(self.params),
            [c.id for c in self.dataset.header.classes],
            weights and weights.name,
        ]
        digest = hashlib.sha256(json.dumps(said).encode())
        for sample in (*self.dataset.train, *self.dataset.val):
            digest.update(sample.id.encode() + sample.boxes.tobytes() + sample.labels.tobytes())
            if sample.outlines is not None:
                digest.update(sample.outlines.points.tobytes() + sample.outlines.owner.tobytes())
        return digest.hexdigest()

    def _card(self, parameters: int) -> ModelCard:
        header = self.dataset.header
        counts = zip(
            header.classes, self.dataset.count(self.dataset.train), self.dataset.count(self.dataset.val), strict=True
        )
        return ModelCard(
            name=f"{header.name} {self.architecture}",
            task="segment" if self.learner.grid else "detect",
            architecture=self.architecture,
            decoder=self.learner.decoder,
            input=self.spec,
            classes=tuple(ClassSamples(id=c.id, name=c.name, color=c.color, train=t, val=v) for c, t, v in counts),
            parameters=parameters,
            licence=self.learner.licence,
            boxwright_version=__version__,
            created_at=now(),
            iou_threshold=IOU_THRESHOLD,
            options=self.learner.options,
            outputs=self.learner.outputs,
            dataset_hash=header.content_hash,
            hyper=asdict(self.params),
        )

    def _export(self, exported: Exportable, net: nn.Module, card: ModelCard) -> float:
        """Write model, weights and card; return the greatest difference between torch and ONNX."""
        folder = self.context.workdir
        self.context.progress(0, 1, phase="exporting")
        pictures = [read_pixels(s) for s in (*self.dataset.val, *self.dataset.train)[:PARITY_PICTURES]]
        difference = export_onnx(exported, card, folder / FILES["onnx"], pictures)
        save_weights(net, folder / FILES["weights"], self.learner.notes())
        write_json(folder / FILES["card"], card_to_json(card))
        self.context.log(f"exported; the ONNX file differs from the trained network by at most {difference:.1e}")
        return difference

    def _gate(self, module: nn.Module, metrics: Mapping[str, Metrics | None]) -> dict[str, object]:
        """Score the trained network where the ONNX file was scored, on test or else val. Raises InvalidModel."""
        split = "test" if metrics["test"] else "val"
        exported, trained = metrics[split], self._measure(split, module)
        if exported is None or trained is None:
            return {}
        drop = check_drop(trained.metrics, exported, split)
        return {"split": split, "trained_map50_95": trained.metrics.map50_95, "map50_95_drop": drop}

    def _judge(self, card: ModelCard, measured: Mapping[str, Measured | None]) -> ModelCard:
        """Learn the operating scores on validation, into the card, and write the reports of both splits at them."""
        if measured["val"] is not None:
            card = learned(card, measured["val"].metrics)
            embed_card(card, self.context.workdir / FILES["onnx"])
            write_json(self.context.workdir / FILES["card"], card_to_json(card))
        for split, value in measured.items():
            if value is not None:
                path = self.context.workdir / REPORT.format(split)
                write_report(
                    path,
                    self.dataset.header.classes,
                    value.found,
                    class_scores(card),
                    twins=self.dataset.twins.get(split),
                )
        return card

    def _measure(self, split: str, module: nn.Module | None = None) -> Measured | None:
        """Return the quality of the exported model, or of `module`, on a split; None where that has no images."""
        samples: list[Sample] = getattr(self.dataset, split)
        if not samples:
            return None
        started = time.monotonic()
        phase = f"checking the export on {split}" if module else f"evaluating on {split}"

        def tick(done: int) -> None:
            if self.context.stopping() in BREAKS_OFF:
                raise Cancelled("the training was cancelled")
            left = (time.monotonic() - started) / done * (len(samples) - done)
            self.context.progress(done, len(samples), phase=phase, seconds_left=left)

        network = Network(self.context.workdir / FILES["onnx"], self.compute.threads)
        detector = OnnxDetector(TorchNetwork(module, network) if module else network)

        def warn(line: str) -> None:
            if module is None:  # what cannot be read was said when the file was scored
                self.context.log(line, "warning")

        found = detect(detector, samples, warn=warn, tick=tick)
        metrics = all_metrics(self.dataset.header.classes, found)
        shown = ["-" if v is None else f"{v:.4f}" for v in (metrics.map50, metrics.map50_95)]
        whose = "trained network, " if module else ""
        masks = "" if metrics.mask_map50_95 is None else f", of outlines {metrics.mask_map50_95:.4f}"
        self.context.log(f"{whose}{split}: mAP50 {shown[0]}, mAP50-95 {shown[1]}{masks} on {metrics.images} images")
        return Measured(metrics, found)


def keep_memory() -> None:
    """Have glibc keep freed memory: each step asks for the same blocks, and mapping them anew takes half the time."""
    try:
        library: Any = ctypes.CDLL(None)
        for option, value in ((-4, 0), (-1, 2**31 - 1), (-2, 64 << 20)):  # M_MMAP_MAX, M_TRIM_THRESHOLD, M_TOP_PAD
            library.mallopt(option, value)
    except (OSError, AttributeError):
        return
