"""Every page and dialog of the application in the states that people meet, and the way to each in a furnished server.

`PLACES` are walked by a test; `MORE` lie deeper, need a file, another person or a server in trouble.
"""

from __future__ import annotations

from dataclasses import dataclass

from handing import broken_dataset, click_models, foreign_model, pickle_file, riddle
from steps import (
    BROKEN,
    RUNNING,
    Act,
    architecture,
    away,
    bring_weights,
    button,
    create_token,
    dialog_button,
    draw_offline,
    elsewhere,
    failing,
    first_object,
    hand_over,
    item,
    key,
    scroll_to,
    select,
    select_one,
    serve_int8,
    then,
    undecoded,
    unready,
    upload,
    waiting,
    wrong_password,
)


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


PLACES: tuple[Place, ...] = (
    Place("projects", "/projects"),
    Place("projects-trash", "/projects?trash=true"),
    Place("projects-nothing", "/projects?q=zzz"),
    Place("projects-create", "/projects", button("New project")),
    Place("nowhere", "/nowhere"),
    Place("images", "/projects/{project}/images"),
    Place("images-filter", "/projects/{project}/images?min_area=1&comments=none", button("Filter")),
    Place("images-narrowed", "/projects/{project}/images?max_objects=0&from=2026-01-01&metadata=camera"),
    Place("images-views", "/projects/{project}/images?min_area=1", then(button("Views"), item("Save or change"))),
    Place("statistics", "/projects/{project}/statistics"),
    Place("statistics-shares", "/projects/{project}/statistics?as=shares&minimum=3"),
    Place("statistics-empty", "/projects/{empty}/statistics"),
    Place("images-empty", "/projects/{empty}/images"),
    Place("images-import", "/projects/{project}/images?dialog=import"),
    Place("images-export", "/projects/{project}/images?dialog=export"),
    Place("images-versions", "/projects/{project}/images?dialog=versions"),
    Place("images-version-changes", "/projects/{project}/images?dialog=versions", button("Compare ")),
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
    Place("dataset", "/projects/{project}/dataset"),
    Place("dataset-empty", "/projects/{empty}/dataset"),
    Place("dataset-duplicates", "/projects/{project}/dataset?view=duplicates"),
    Place("dataset-flaws", "/projects/{project}/dataset?view=flaws&flaw=tiny&limit=5000"),
    Place("dataset-labels", "/projects/{project}/dataset?view=labels"),
    Place("dataset-labels-many", "/projects/{project}/dataset?view=labels&kind=class", button("Decide many")),
    Place("dataset-map", "/projects/{project}/dataset?view=map"),
    Place("dataset-map-similar", "/projects/{project}/dataset?view=map&colour=split&similar={image}"),
    Place("dataset-map-empty", "/projects/{empty}/dataset?view=map"),
    Place("dataset-labels-empty", "/projects/{empty}/dataset?view=labels"),
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
    Place("classes-merge", "/projects/{project}/settings", then(button("More for class"), item("Merge into"))),
    Place("classes-split", "/projects/{project}/settings", then(button("More for class"), item("Split"))),
    Place("classes-delete", "/projects/{project}/settings", then(button("More for class"), item("Delete"))),
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
    Place("many-table", IMAGES + "?as=table", select, canvas=True, stale=True),
    Place("many-elsewhere", IMAGES, select, before=elsewhere, canvas=True),
    Place("many-elsewhere-table", IMAGES + "?as=table", before=elsewhere, stale=True),
    Place("editor-elsewhere", EDITOR + "/{many_boxes}", key("Alt+t"), before=elsewhere, canvas=True, stale=True),
    Place("settings-elsewhere", "/projects/{many}/settings", scroll_to("Images by reference"), before=elsewhere),
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
    Place("metadata", "/projects/{project}/images", then(select_one, button("Metadata"))),
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
    Place("model-add-sam", "/projects/{many}/models", then(button("Add model"), hand_over(click_models, "Recognised"))),
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
    Place("many-statistics", "/projects/{many}/statistics", canvas=True),
    Place("failed-statistics", "/projects/{many}/statistics", before=failing),
    Place("waiting-statistics", "/projects/{many}/statistics", before=waiting, waits=True),
    Place("waiting-images", IMAGES, before=waiting, waits=True),
    Place("waiting-training", "/projects/{project}/train/{training}", before=waiting, waits=True),
    Place("server-gone", IMAGES, before=away),
)
