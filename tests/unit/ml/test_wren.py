import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from boxwright.ml.nets.base import Truth  # noqa: E402
from boxwright.ml.nets.wren.assign import PLACE_WORTH, TOP_K, assign, box_iou_pairs  # noqa: E402
from boxwright.ml.nets.wren.learner import WrenLearner  # noqa: E402
from boxwright.ml.nets.wren.loss import complete_iou, wren_loss  # noqa: E402
from boxwright.ml.nets.wren.model import Wren, WrenRaw, anchor_points, decode_boxes  # noqa: E402
from boxwright.ml.training.ema import Average  # noqa: E402

SIZE = 64
CELLS = 8 * 8 + 4 * 4 + 2 * 2


def truth_of(rows: list[tuple[int, int, float, float, float, float]]) -> Truth:
    """Rows of picture, label and box."""
    table = torch.tensor(rows, dtype=torch.float32).reshape(-1, 6)
    return Truth(table[:, 2:], table[:, 1].long(), table[:, 0].long())


def random_truth(seed: int, count: int, pictures: int = 2, classes: int = 3) -> Truth:
    draw = torch.Generator().manual_seed(seed)
    low = torch.rand(count, 2, generator=draw) * 50
    boxes = torch.cat([low, low + torch.rand(count, 2, generator=draw) * 30 + 0.5], 1)
    labels = torch.randint(0, classes, (count,), generator=draw)
    return Truth(boxes, labels, torch.randint(0, pictures, (count,), generator=draw))


def test_shapes_and_size() -> None:
    net = Wren(3).eval()
    parameters = sum(p.numel() for p in net.parameters())
    assert 1.9e6 < parameters < 2.3e6
    distances, logits, *_ = net(torch.zeros(2, 3, SIZE, SIZE))
    assert distances.shape == (2, CELLS, 4)
    assert logits.shape == (2, CELLS, 3)
    centres, strides = anchor_points(SIZE, SIZE)
    assert centres.shape == (CELLS, 2)
    assert strides.unique().tolist() == [8, 16, 32]
    boxes = decode_boxes(distances, centres, strides)
    assert (boxes[..., 2:] > boxes[..., :2]).all()


@given(st.integers(0, 10_000), st.integers(1, 20))
@settings(max_examples=40)
def test_each_cell_learns_one_object_at_most(seed: int, count: int) -> None:
    truth = random_truth(seed, count)
    centres, strides = anchor_points(SIZE, SIZE)
    draw = torch.Generator().manual_seed(seed + 1)
    boxes = decode_boxes(torch.randn(2, CELLS, 4, generator=draw), centres, strides)
    scores = torch.rand(2, CELLS, 3, generator=draw)
    found = assign(truth, boxes, scores, centres, strides)
    assert len(found.cell.unique()) == len(found.cell)
    assert (found.cell // CELLS == truth.image[found.truth]).all()
    assert found.truth.bincount(minlength=count).max() <= TOP_K
    assert ((found.quality >= 0) & (found.quality <= 1)).all()
    inside = centres[found.cell % CELLS]
    grown = torch.maximum((truth.boxes[:, 2:] - truth.boxes[:, :2])[found.truth], strides[found.cell % CELLS]) / 2
    middle = (truth.boxes[:, :2] + truth.boxes[:, 2:])[found.truth] / 2
    assert ((inside - middle).abs() <= grown + 1e-4).all()


def test_an_object_smaller_than_a_cell_is_still_learned() -> None:
    truth = truth_of([(0, 0, 30.0, 30.0, 31.0, 31.0)])
    centres, strides = anchor_points(SIZE, SIZE)
    boxes = decode_boxes(torch.zeros(1, CELLS, 4), centres, strides)
    assert len(assign(truth, boxes, torch.full((1, CELLS, 3), 0.1), centres, strides).cell) >= 1


def test_before_boxes_are_good_the_place_decides_and_then_the_overlap() -> None:
    truth = truth_of([(0, 0, 16.0, 16.0, 60.0, 60.0)])
    centres, strides = anchor_points(SIZE, SIZE)
    scores = torch.full((1, CELLS, 3), 0.1)
    hopeless = torch.tensor([0.0, 0, 1, 1]).expand(1, CELLS, 4)
    first = assign(truth, hopeless, scores, centres, strides)
    assert (strides[first.cell] == 8).sum() >= 8
    assert strides[first.cell[first.quality.argmax()]] == 8
    assert ((centres[first.cell] - 38).abs() <= 20).all()
    assert 0.6 < first.quality.max() <= PLACE_WORTH
    # One cell on another level locates it: that one learns it best.
    cell = int(((centres - 40).abs().sum(1) + 1e3 * (strides[:, 0] != 16)).argmin())
    better = hopeless.clone()
    better[0, cell] = truth.boxes[0]
    then = assign(truth, better, scores, centres, strides)
    assert then.cell[then.quality.argmax()] == cell
    assert then.quality.max() == pytest.approx(1.0, abs=1e-4)


def test_complete_iou_against_known_values() -> None:
    a = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 10], [0, 0, 10, 10]])
    b = torch.tensor([[0.0, 0, 10, 10], [20, 0, 30, 10], [0, 0, 5, 10]])
    got = complete_iou(a, b)
    assert got[0] == pytest.approx(1.0, abs=1e-5)
    assert got[1] == pytest.approx(-400 / (900 + 100), abs=1e-4)
    assert got[2] < box_iou_pairs(a, b)[2] == pytest.approx(0.5, abs=1e-5)


def test_loss_without_objects_is_finite_and_has_gradients() -> None:
    learner = WrenLearner("wren-n", 3, SIZE)
    losses = learner.loss(learner.net(torch.rand(2, 3, SIZE, SIZE)), truth_of([]), 5.0, 1.0)
    assert losses.box.item() == 0
    assert torch.isfinite(losses.total)
    losses.total.backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in learner.net.parameters())


def test_a_better_answer_costs_less() -> None:
    truth = truth_of([(0, 1, 8.0, 8.0, 40.0, 40.0)])
    centres, _ = anchor_points(SIZE, SIZE)
    strides = anchor_points(SIZE, SIZE)[1]
    sides = torch.cat([centres - truth.boxes[0, :2], truth.boxes[0, 2:] - centres], 1).clamp(min=1.0)
    exact = torch.log(torch.expm1(sides / strides))[None]
    sure = torch.full((1, CELLS, 3), -6.0)
    inside = ((centres > 8) & (centres < 40)).all(1)
    sure[0, inside, 1] = 6.0
    good = wren_loss(WrenRaw(exact, sure, (SIZE, SIZE)), truth, 5.0, 1.0)
    bad = wren_loss(WrenRaw(torch.zeros(1, CELLS, 4), torch.zeros(1, CELLS, 3), (SIZE, SIZE)), truth, 5.0, 1.0)
    assert good.box < 0.05 < bad.box
    assert good.total < bad.total


def test_the_average_follows() -> None:
    net = torch.nn.BatchNorm1d(2)
    average = Average(net, 0.9)
    with torch.no_grad():
        net.weight.fill_(3.0)
    net.num_batches_tracked += 4
    for _ in range(200):
        average.update(net)
    assert average.net.weight.tolist() == pytest.approx([3.0, 3.0], abs=1e-3)
    assert average.net.num_batches_tracked == 4
    assert not average.net.training
