"""The training loop. What happens beside learning (reports, checkpoints) is done by hooks."""

import time
from collections.abc import Sequence
from contextlib import closing
from typing import Protocol

import torch
from torch import nn

from boxwright.domain.errors import Cancelled
from boxwright.domain.jobs import BREAKS_OFF
from boxwright.domain.ports import TaskContext
from boxwright.ml.data.batches import TrainingBatches
from boxwright.ml.nets.base import Learner
from boxwright.ml.training.checkpoint import Run
from boxwright.ml.training.device import Compute
from boxwright.ml.training.ema import Average
from boxwright.ml.training.params import Plan, TrainingParams
from boxwright.ml.training.step import Stepper, StepReport
from boxwright.ml.training.validation import Validator


class Hook(Protocol):
    """Something that looks on."""

    def after_step(self, run: Run, report: StepReport) -> None:
        """Called after every iteration; `run.position` already points to the next."""

    def after_epoch(self, run: Run, values: dict[str, float]) -> None:
        """Called after validation with the epoch's figures; `run.position` already points to the next epoch."""


class Trainer:
    """Trains a learner's network.

    Args:
        learner: the network and its loss.
        params: hyper-parameters.
        plan: epochs, batch and steps they come to.
        compute: device and precision.
        batches: training batches.
        validator: selects the best epoch; with no validation pictures the last epoch is kept.
        hooks: called in order.
        context: asked whether to stop.
    """

    def __init__(
        self,
        learner: Learner,
        params: TrainingParams,
        plan: Plan,
        compute: Compute,
        batches: TrainingBatches,
        validator: Validator,
        hooks: Sequence[Hook],
        context: TaskContext,
    ) -> None:
        self.learner, self.params, self.plan, self.compute = learner, params, plan, compute
        self.batches, self.validator, self.hooks, self.context = batches, validator, hooks, context
        self.stepper = Stepper(learner, params, plan, compute, context)
        self.frozen: list[nn.Module] = []

    def start(self) -> Run:
        """Return the state before the first step."""
        net = self.learner.net.to(self.compute.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.frozen = freeze(self.learner, self.params.freeze)
        self.stepper.start(net)
        return Run(
            net, optimizer_for(self.learner, net, self.params), Average(net, self.params.ema), self.compute.scaler()
        )

    def run(self, run: Run) -> bool:
        """Train on from where `run` stands; return whether it stopped early. Raises Cancelled, Invalid (diverged)."""
        while run.position.epoch < self.plan.epochs:
            if self._enough(run):
                return True
            self._epoch(run)
            self._close_epoch(run)
        return False

    def _enough(self, run: Run) -> bool:
        """Tell whether to end: a stop was asked for, or patience is used up. A restart comes to the same."""
        late = run.position.epoch - run.position.best_epoch
        patience = self.params.patience
        return run.best is not None and (self.context.stopping() == "keep" or 0 < patience <= late)

    def _epoch(self, run: Run) -> None:
        """Train the rest of an epoch, or to the end of the step in which a stop was asked for."""
        position = run.position
        mosaic = position.epoch < round(self.plan.epochs * (1 - self.params.close_mosaic))
        run.net.train()
        for stage in self.frozen:
            stage.eval()  # their norms keep the averages they have
        with closing(self.batches.epoch(position.epoch, position.step, mosaic)) as batches:
            ready = time.monotonic()
            for batch in batches:
                started = time.monotonic()
                report = self.stepper.step(run, batch)
                position.step += 1
                now = time.monotonic()
                position.waited += started - ready
                position.worked += now - started
                position.seconds += now - ready
                for hook in self.hooks:
                    hook.after_step(run, report)
                stopping = self.context.stopping()
                if stopping in BREAKS_OFF:
                    raise Cancelled("the training was cancelled")
                if stopping == "keep":
                    return
                ready = time.monotonic()

    def _close_epoch(self, run: Run) -> None:
        """Validate the averaged weights, keep them if they are the best so far, and go to the next epoch."""
        position = run.position
        steps = max(position.step, 1)
        values = {
            "train/loss": position.total_sum / steps,
            "train/box_loss": position.box_sum / steps,
            "train/cls_loss": position.cls_sum / steps,
            "lr": float(run.optimizer.param_groups[0]["lr"]),
            "time/waiting": position.waited / max(position.waited + position.worked, 1e-9),
        }
        score = float(position.epoch)
        if self.validator.samples:
            started = time.monotonic()
            metrics, loss = self.validator.score(run.average.net)
            position.seconds += time.monotonic() - started
            # Without any box in validation there is nothing to choose by but the loss.
            score = -loss if metrics.headline is None else metrics.headline
            figures = {
                "val/loss": loss,
                "val/map50": metrics.map50,
                "val/map50_95": metrics.map50_95,
                "val/mask_map50": metrics.mask_map50,
                "val/mask_map50_95": metrics.mask_map50_95,
            }
            values |= {name: value for name, value in figures.items() if value is not None}
        position.epoch, position.step = position.epoch + 1, 0
        position.total_sum = position.box_sum = position.cls_sum = position.waited = position.worked = 0.0
        if run.best is None or score > position.best_score:
            position.best_score, position.best_epoch = score, position.epoch
            run.best = {key: value.detach().cpu().clone() for key, value in run.average.net.state_dict().items()}
        for hook in self.hooks:
            hook.after_epoch(run, values)


def freeze(learner: Learner, count: int) -> list[nn.Module]:
    """Let the first `count` stages of the backbone keep their weights, and return them."""
    stages = learner.stages()[:count]
    for stage in stages:
        stage.requires_grad_(False)
    return stages


def optimizer_for(learner: Learner, net: nn.Module, params: TrainingParams) -> torch.optim.AdamW:
    """Return AdamW (Loshchilov and Hutter, 2019) over the learner's groups."""
    return torch.optim.AdamW(learner.groups(net, params), lr=params.lr, fused=True)
