"""One step of a training: gradients of a batch, part by part where memory asks for it, and the optimiser's move."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from boxwright.domain.errors import Invalid
from boxwright.domain.ports import TaskContext
from boxwright.ml.data.batches import Batch, split_batch
from boxwright.ml.nets.base import Learner
from boxwright.ml.training.checkpoint import Position, Run
from boxwright.ml.training.device import Compute
from boxwright.ml.training.memory import ran_out, release
from boxwright.ml.training.params import Plan, TrainingParams
from boxwright.ml.training.schedule import rate
from boxwright.ml.training.validation import to_device


@dataclass(frozen=True, slots=True)
class StepReport:
    """One iteration: its loss and learning rate."""

    loss: float
    lr: float


class Stepper:
    """Moves the weights by one batch.

    When memory runs out the batch is computed in twice as many parts from then on: the step sees the same images, so
    the schedule and the order of images stay as they were.
    """

    def __init__(
        self, learner: Learner, params: TrainingParams, plan: Plan, compute: Compute, context: TaskContext
    ) -> None:
        self.learner, self.params, self.plan, self.compute, self.context = learner, params, plan, compute, context
        self.compiled: nn.Module | None = None

    def start(self, net: nn.Module) -> None:
        """Compile the network where that is wanted; what cannot be compiled runs as it is."""
        if self.params.compile == "on":
            torch._dynamo.config.suppress_errors = True
            self.compiled = torch.compile(net)  # type: ignore[assignment]

    def step(self, run: Run, batch: Batch) -> StepReport:
        """Take one step. Raises Invalid: the loss is no number, or one image is too much for the memory."""
        position = run.position
        lr = rate(position.epoch * self.plan.steps + position.step, self.plan.iterations, self.params)
        for group in run.optimizer.param_groups:
            group["lr"] = lr * group["scale"]
        total, box, cls = self._gradients(run, batch).tolist()
        run.scaler.unscale_(run.optimizer)
        length = nn.utils.clip_grad_norm_(run.net.parameters(), self.params.clip_norm)
        # Gradients too large for fp16 are no fault: the scaler leaves such a step out and scales less.
        lost = not run.scaler.is_enabled() and not torch.isfinite(length)
        if lost or not torch.isfinite(torch.tensor(total)):
            raise self._diverged(position)
        run.scaler.step(run.optimizer)
        run.scaler.update()
        run.average.update(run.net)
        position.total_sum += total
        position.box_sum += box
        position.cls_sum += cls
        return StepReport(total, lr)

    def _gradients(self, run: Run, batch: Batch) -> Tensor:
        """Fill the gradients; return total, box and class loss (3,). Halves the parts until they fit the memory."""
        position = run.position
        position.parts = min(max(position.parts, self.params.accumulate), len(batch.pixels))
        while True:
            run.optimizer.zero_grad()
            try:
                return self._add_up(run, batch)
            except (RuntimeError, MemoryError) as error:
                if not ran_out(error):
                    raise
            # Out of the handler, whose traceback would keep the tensors.
            self._halve(position, len(batch.pixels))

    def _add_up(self, run: Run, batch: Batch) -> Tensor:
        sums = torch.zeros(3, device=self.compute.device)
        for part in split_batch(batch, run.position.parts):
            pixels, truth = to_device(part, self.learner.input, self.compute.device)
            with self.compute.autocast():
                raw = self.learner.forward(self.compiled or run.net, pixels, truth)
            losses = self.learner.loss(raw, truth, self.params.box_gain, self.params.cls_gain)
            share = len(part.pixels) / len(batch.pixels)
            run.scaler.scale(losses.total * share).backward()  # type: ignore[no-untyped-call]
            sums += share * torch.stack([losses.total, losses.box, losses.cls]).detach()
        return sums

    def _halve(self, position: Position, images: int) -> None:
        release(self.compute.device)
        if position.parts >= images:
            raise Invalid(
                f"memory ran out with one image at a time; choose an image_size below {self.params.image_size}",
                code="out_of_memory",
            )
        position.parts = min(images, position.parts * 2)
        self.context.log(
            f"memory ran out; the {images} images of a step are computed in {position.parts} parts from now on",
            "warning",
        )

    def _diverged(self, position: Position) -> Invalid:
        where = f"epoch {position.epoch + 1}, step {position.step + 1}"
        todo = f"lower lr (now {self.params.lr:g}) or use precision fp32"
        return Invalid(
            f"training diverged: the loss is no longer a number in {where}; {todo}", code="training_diverged"
        )
