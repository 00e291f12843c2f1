"""Every page and dialog of the application in the states that people meet, and the way to each in a furnished server.

`PLACES` are walked by a test; `MORE` lie deeper, need a file, another person or a server in trouble.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from playwright.sync_api import Page, Route, expect

from handing import broken_dataset, foreign_model, last_weights, pickle_file, riddle
from looking import settle
from scenes import make_scene

Act = Callable[[Page], None]
FOLLOW = """(path) => {
  history.pushState({}, "", path);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""


@dataclass(frozen=True)
class Place:
    """A state of the application: where it is and what to do there; `before` is done before going there.

    `who` is signed in: the administrator of the link, a person of that name, or nobody. A page that `waits` never comes
    to rest. One with a `canvas` is looked at on a tablet, too. After one that leaves
    something behind (`stale`) the application is loaded anew.
    """

    name: str
    path: str
    act: Act | None = None
    before: Act | None = None
    who: str = "admin"
    size: str = "desk"
    canvas: bool = False
    waits: bool = False
    stale: bool = False


def button(name: str) -> Act:
    """Press the button whose name begins so."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=re.compile("^" + re.escape(name).replace("/", "."))).first.click()

    return act


def then(*acts: Act) -> Act:
    """One after the other."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)
            settle(page)

    return act


def item(name: str) -> Act:
    """Choose from an open menu."""
    return lambda page: page.get_by_role("menuitem", name=name).click()


def architecture(name: str) -> Act:
    """Choose the network of a training."""

    def act(page: Page) -> None:
        page.get_by_role("combobox", name="Architecture").click()
        page.get_by_role("option", name=name, exact=True).click()

    return act


def serve_int8(page: Page) -> None:
    """Choose the smallest variant, far down on the page of a model."""
    page.get_by_role("radio", name="Predict with int8").check()


def visit(page: Page, path: str) -> None:
    """Go on to a page as a link within the application does, which is quicker than to load everything anew."""
    page.keyboard.press("Escape")
    page.evaluate(FOLLOW, path)
    settle(page)


PLACES: tuple[Place, ...] = (
    Place("projects", "/projects"),
    Place("projects-trash", "/projects?trash=true"),
    Place("projects-nothing", "/projects?q=zzz"),
    Place("projects-create", "/projects", button("New project")),
    Place("nowhere", "/nowhere"),
    Place("images", "/projects/{project}/images"),
    Place("images-filter", "/projects/{project}/images?min_area=1&comments=none", button("Filter")),
    Place("images-narrowed", "/projects/{project}/images?max_objects=0&from=2026-01-01&metadata=camera"),
    Place("images-empty", "/projects/{empty}/images"),
    Place("images-import", "/projects/{project}/images?dialog=import"),
    Place("images-export", "/projects/{project}/images?dialog=export"),
    Place("images-versions", "/projects/{project}/images?dialog=versions"),
    Place("images-classes", "/projects/{project}/images?dialog=classes"),
    Place("images-attributes", "/projects/{project}/images?dialog=classes", button("Attributes of class")),
    Place("annotate", "/projects/{project}/annotate/{image}"),
    Place("annotate-panel", "/projects/{project}/annotate/{image}", button("Show classes and objects"), size="phone"),
    Place(
        "annotate-view",
        "/projects/{project}/annotate/{image}",
        button("Brightness, contrast and other settings of the view"),
    ),
    Place("annotate-filter", "/projects/{project}/annotate/{image}", button("Filter the objects")),
    Place("annotate-empty", "/projects/{empty}/annotate"),
    Place("videos", "/projects/{project}/videos"),
    Place("videos-empty", "/projects/{empty}/videos"),
    Place("video", "/projects/{project}/videos/{video}?frame=12", canvas=True),
    Place(
        "video-sample", "/projects/{project}/videos", then(button("What can be done"), item("Make images of frames"))
    ),
    Place("video-export", "/projects/{project}/videos", then(button("What can be done"), item("Export tracks"))),
    Place("video-import", "/projects/{project}/videos", then(button("What can be done"), item("Import tracks"))),
    Place("train", "/projects/{project}/train", button("Advanced parameters")),
    # Before another network is chosen, which stays chosen and has no pictures to show without its weights.
    Place("train-preview", "/projects/{project}/train", button("Preview images")),
    Place("train-sweep", "/projects/{project}/train", button("Search parameters")),
    Place("train-weights", "/projects/{project}/train", architecture("D-FINE S")),
    Place(
        "train-licence",
        "/projects/{project}/train",
        then(architecture("D-FINE S"), button("Download weights")),
    ),
    Place(
        "train-bring",
        "/projects/{project}/train",
        then(architecture("D-FINE S"), button("Upload weights")),
    ),
    Place("train-empty", "/projects/{empty}/train"),
    Place("training", "/projects/{project}/train/{training}"),
    Place("training-failed", "/projects/{project}/train/{failed}"),
    Place("models", "/projects/{project}/models"),
    Place("models-empty", "/projects/{empty}/models"),
    Place("model", "/projects/{project}/models/{model}"),
    Place("model-menu", "/projects/{project}/models/{model}", button("Actions for")),
    Place("model-confusion", "/projects/{project}/models/{model}", button("1 × disc taken for square")),
    Place("model-table", "/projects/{project}/models/{model}", button("Values of Calibration as a table")),
    Place("model-variants", "/projects/{project}/models/{model}", serve_int8),
    Place("model-twins", "/projects/{project}/models/{model}", button("Show the pairs")),
    Place("model-outcome", "/projects/{project}/models/{model}?outcome=fp", button("Enlarge scene 2.jpg")),
    Place("predict", "/projects/{project}/predict"),
    Place("predict-empty", "/projects/{empty}/predict"),
    Place("run", "/projects/{project}/predict/{run}"),
    Place("run-picture", "/projects/{project}/predict/{run}", button("Enlarge shelf/1.jpg")),
    Place("settings", "/projects/{project}/settings"),
    Place("settings-empty", "/projects/{empty}/settings"),
    Place("work", "/projects/{project}/work"),
    Place("agreement-none", "/projects/{empty}/agreement"),
    Place("work-off", "/projects/{empty}/work"),
    Place("members", "/projects/{project}/people"),
    Place("members-audit", "/projects/{project}/people?view=audit"),
    Place("members-empty", "/projects/{empty}/people"),
    Place("people", "/people"),
    Place("people-add", "/people", button("Add user")),
    Place("people-audit", "/people?view=audit"),
    Place("backup", "/backup"),
    Place("account", "/account"),
    Place("account-menu", "/projects", button("Account of")),
    Place("jobs", "/projects/{project}/models", button("Jobs")),
    Place("jobs-empty", "/projects/{empty}/models", button("Jobs")),
)


def rewrite(path: str, change: Callable[[Any], Any]) -> Act:
    """Change what the server answers at addresses with this end."""

    def meet(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=change(answer.json()))

    def act(page: Page) -> None:
        page.route(re.compile(path), meet)

    return act


def at_work(answer: Any) -> Any:
    """Show the training that has ended as it was in the middle."""
    for one in answer.get("items", [answer]):
        if one["state"] == "succeeded" and one["kind"] == "train":
            one |= {"state": "running", "phase": "training", "done": 5.0, "seconds_left": 210.0, "result": None}
            one["finished_at"] = None
    return answer


RUNNING = rewrite(r"/api/v1/(projects/[^/]+/)?jobs(/[0-9a-f-]{36})?(\?.*)?$", at_work)


def undecoded(state: str, problem: str | None) -> Act:
    """Show videos as they are before, or instead of, being ready."""

    def change(answer: Any) -> Any:
        for one in answer.get("items", [answer]):
            one |= {"state": state, "problem": problem}
        return answer

    return rewrite(r"/api/v1/(projects/[0-9a-f-]{36}/videos(\?.*)?|videos/[0-9a-f-]{36})$", change)


BROKEN = "the file is cut off: its index is missing; upload it again"


def unready(page: Page) -> None:
    """Answer as for a video that is not decoded yet."""
    page.route(
        re.compile(r"/api/v1/videos/[0-9a-f-]{36}/(times|tracks)$"),
        lambda route: route.fulfill(
            status=409,
            content_type="application/problem+json",
            body='{"title": "the video has no frames yet; wait until it is decoded", "status": 409, '
            '"code": "video_not_ready"}',
        ),
    )


def failing(page: Page) -> None:
    """Answer 500 to all that a page asks for; the frame around it gets its answers."""
    page.route(
        re.compile(r"/api/v1/(?!session|events|projects/[0-9a-f-]{36}$)"),
        lambda route: route.fulfill(
            status=500,
            content_type="application/problem+json",
            body='{"title": "the disk does not answer", "status": 500, "code": "internal"}',
        ),
    )


def waiting(page: Page) -> None:
    """Let a page wait for its data."""
    page.route(re.compile(r"/api/v1/(?!session|events|projects/[0-9a-f-]{36}$)"), lambda _: None)


def away(page: Page) -> None:
    """Let nobody hear of changes any more."""
    page.route("**/api/v1/events*", lambda route: route.abort())


def hand_over(files: Callable[[], Path | list[Path]], ready: str) -> Act:
    """Give files to the dialog that is open, and wait for what it says then."""

    def act(page: Page) -> None:
        page.get_by_role("dialog").locator("input[type=file]").set_input_files(files())
        expect(page.get_by_role("dialog").get_by_text(ready).first).to_be_visible(timeout=30_000)

    return act


def upload(page: Page) -> None:
    """Send pictures, of which one is none, and see the list."""
    folder = Path(mkdtemp())
    for number in range(5):
        (folder / f"shelf {number}.jpg").write_bytes(make_scene(900 + number).data)
    (folder / "notes.txt").write_text("no picture")
    page.route(re.compile(r"/images\?name=shelf\+?(%20)?[34]"), lambda _: None)
    page.get_by_label("Choose files").first.set_input_files(sorted(folder.iterdir()))
    expect(page.get_by_text("could not be uploaded")).to_be_visible()
    expect(page.get_by_role("img", name="Uploaded", exact=True)).to_have_count(3)


def select(page: Page) -> None:
    """Select three images of the library."""
    for box in page.get_by_role("checkbox", name=re.compile("^Select ")).all()[:3]:
        box.check(force=True)


def select_one(page: Page) -> None:
    """Select the first image of the library."""
    page.get_by_role("checkbox", name=re.compile("^Select ")).first.check(force=True)


def draw_offline(page: Page) -> None:
    """Draw a box while the server is away."""
    area = page.get_by_role("application").bounding_box()
    assert area is not None
    page.context.set_offline(True)
    page.keyboard.press("b")
    page.mouse.move(area["x"] + area["width"] / 2 - 90, area["y"] + area["height"] / 2 - 60)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] / 2 + 40, area["y"] + area["height"] / 2 + 50, steps=3)
    page.mouse.up()
    expect(page.locator("[data-save-state=offline]")).to_be_visible()


def key(name: str) -> Act:
    """Press a key on the picture."""

    def act(page: Page) -> None:
        page.get_by_role("application").focus()
        page.keyboard.press(name)

    return act


def first_object(page: Page) -> None:
    """Choose the first object of the list."""
    page.get_by_role("button", name=re.compile("^Select (object|proposal) 1")).first.click()


def wrong_password(page: Page) -> None:
    """Try to sign in."""
    page.get_by_label("Name").fill("viewer")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def create_token(page: Page) -> None:
    """Make a token, which is shown once."""
    page.get_by_label("Name of the token").fill("dashboard")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()


def dialog_button(name: str, ready: str) -> Act:
    """Press a button of the dialog and wait for what it says then."""

    def act(page: Page) -> None:
        page.get_by_role("dialog").get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog").get_by_text(ready).first).to_be_visible(timeout=30_000)

    return act


def bring_weights(page: Page) -> None:
    """Choose a file for a network, say what it is, and see it refused."""
    then(architecture("D-FINE S"), button("Upload weights"))(page)
    hand_over(last_weights, "last.safetensors")(page)
    page.get_by_label("Where they come from").fill("https://example.org/our/dfine")
    page.get_by_label("Their licence").fill("Apache-2.0")
    dialog_button("Add the weights", "no safetensors file")(page)


IMAGES = "/projects/{many}/images"
EDITOR = "/projects/{many}/annotate"
MORE: tuple[Place, ...] = (
    Place("sign-in", "/projects", who="nobody"),
    Place("sign-in-wrong", "/projects", wrong_password, who="nobody"),
    Place("projects-menu", "/projects", button("Actions for Coins")),
    Place("projects-edit", "/projects", then(button("Actions for Coins"), item("Edit name and description"))),
    Place("projects-cover", "/projects", then(button("Actions for Coins"), item("Choose cover"))),
    Place("projects-delete", "/projects", then(button("Actions for Coins"), item("Delete"))),
    Place("many", IMAGES, canvas=True),
    Place("many-selected", IMAGES, select, canvas=True),
    Place("many-annotate-menu", IMAGES, then(select, button("Annotate"))),
    Place("many-review", IMAGES + "?state=proposals", canvas=True),
    Place("many-review-ask", IMAGES + "?state=proposals", button("Accept from")),
    Place("many-nothing", IMAGES + "?name=zzz"),
    Place("many-trash", IMAGES + "?trash=true"),
    Place("many-trash-selected", IMAGES + "?trash=true", select),
    Place("many-auto", IMAGES + "?dialog=auto"),
    Place("many-classes", IMAGES + "?dialog=classes"),
    Place("many-uploading", "/projects/{empty}/images", upload, stale=True),
    Place("import-problems", IMAGES + "?dialog=import", hand_over(broken_dataset, "to look at")),
    Place("export-done", IMAGES + "?dialog=export", dialog_button("Start export", "The export is ready")),
    Place("editor-boxes", EDITOR + "/{many_boxes}", first_object, canvas=True),
    Place("editor-polygons", EDITOR + "/{many_polygons}", first_object, canvas=True),
    Place("editor-proposals", EDITOR + "/{many_proposals}", canvas=True),
    Place("editor-proposals-panel", EDITOR + "/{many_proposals}", button("Show classes"), size="phone"),
    Place("editor-history", EDITOR + "/{many_boxes}", key("Shift+R"), canvas=True, stale=True),
    Place("editor-comment", EDITOR + "/{many_boxes}", key("Shift+C"), canvas=True, stale=True),
    Place("editor-attributes", "/projects/{project}/annotate/{image}", then(first_object, key("q")), canvas=True),
    Place("editor-more-tools", EDITOR + "/{many_boxes}", button("More tools"), canvas=True),
    Place("editor-wand", EDITOR + "/{many_boxes}", key("Alt+w"), canvas=True, stale=True),
    Place("editor-scissors", EDITOR + "/{many_boxes}", key("Alt+s"), canvas=True, stale=True),
    Place("videos-decoding", "/projects/{project}/videos", before=undecoded("decoding", None)),
    Place("videos-failed", "/projects/{project}/videos", before=undecoded("failed", BROKEN)),
    Place("videos-trash", "/projects/{project}/videos?trash=true"),
    Place("video-not-ready", "/projects/{project}/videos/{video}", before=unready),
    Place("viewer-videos", "/projects/{project}/videos", who="viewer"),
    Place("viewer-video", "/projects/{project}/videos/{video}?frame=12", who="viewer", canvas=True),
    Place("editor-work", "/projects/{project}/annotate/{image}", who="annotator", canvas=True),
    Place("assign", "/projects/{project}/images", then(select_one, button("Assign"))),
    Place("editor-keys", EDITOR + "/{many_boxes}", key("?"), canvas=True),
    Place("editor-key-settings", EDITOR + "/{many_boxes}", key("F2"), canvas=True),
    Place("editor-palette", EDITOR + "/{many_boxes}", key("Control+k"), canvas=True),
    Place("editor-class-picker", EDITOR + "/{many_boxes}", key("c"), canvas=True),
    Place("editor-auto", EDITOR + "/{many_boxes}", key("m"), canvas=True),
    Place("editor-offline", EDITOR + "/{many_polygons}", draw_offline, canvas=True, stale=True),
    Place(
        "editor-light", EDITOR + "/{many_boxes}", then(button("Light editor"), first_object), canvas=True, stale=True
    ),
    Place("editor-viewer", "/projects/{project}/annotate/{image}", who="viewer"),
    Place("training-running", "/projects/{project}/train/{training}", before=RUNNING),
    Place("jobs-running", "/projects/{project}/models", button("Jobs"), before=RUNNING),
    Place("jobs-log", "/projects/{project}/train", before=RUNNING),
    Place("many-models", "/projects/{many}/models"),
    Place("many-model", "/projects/{many}/models/{many_model}"),
    Place("many-model-delete", "/projects/{many}/models/{many_model}", then(button("Actions for"), item("Delete"))),
    Place("model-unknown", "/projects/{many}/models", then(button("Add model"), hand_over(riddle, "Not recognised"))),
    Place("model-add", "/projects/{many}/models", then(button("Add model"), hand_over(foreign_model, "Recognised"))),
    Place(
        "model-refused", "/projects/{many}/models", then(button("Add model"), hand_over(pickle_file, "cannot be used"))
    ),
    Place("many-train", "/projects/{many}/train"),
    Place(
        "weights-pickle",
        "/projects/{many}/train",
        then(architecture("D-FINE S"), button("Upload weights"), hand_over(pickle_file, "Pickles")),
    ),
    Place("weights-refused", "/projects/{many}/train", bring_weights),
    Place("many-predict", "/projects/{many}/predict"),
    Place("token-new", "/account", create_token),
    Place("viewer-projects", "/projects", who="viewer"),
    Place("viewer-images", "/projects/{project}/images", who="viewer"),
    Place("viewer-train", "/projects/{project}/train", who="viewer"),
    Place("viewer-models", "/projects/{project}/models", who="viewer"),
    Place("viewer-model", "/projects/{project}/models/{model}", who="viewer"),
    Place("viewer-predict", "/projects/{project}/predict", who="viewer"),
    Place("viewer-run", "/projects/{project}/predict/{run}", who="viewer"),
    Place("viewer-settings", "/projects/{project}/settings", who="viewer"),
    Place("viewer-members", "/projects/{project}/people", who="viewer"),
    Place("viewer-account", "/account", who="viewer"),
    Place("failed-images", IMAGES, before=failing),
    Place("failed-model", "/projects/{many}/models/{many_model}", before=failing),
    Place("failed-editor", EDITOR + "/{many_boxes}", before=failing),
    Place("waiting-images", IMAGES, before=waiting, waits=True),
    Place("waiting-training", "/projects/{project}/train/{training}", before=waiting, waits=True),
    Place("server-gone", IMAGES, before=away),
)
