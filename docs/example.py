# %% [markdown]
# # The loop, from Python
#
# A server, a project with the rendered sample, a box drawn by hand, a training, and what came of it. Run it cell by
# cell in an editor that knows `# %%`, or as a whole:
#
# ```
# boxwright serve                      # in another window
# export BOXWRIGHT_TOKEN=...           # the token in server.json, in the data folder that `serve` names
# python docs/example.py
# ```
#
# A test runs this file as it stands, with fewer images and epochs.

# %%
import os
from pathlib import Path

from boxwright import Client
from boxwright.domain.annotations import Annotation, ChangeSet, Upsert
from boxwright.domain.geometry import Box
from boxwright.domain.ids import new_id
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import EvaluateRequest, ExportRequest, SampleRequest, TrainRequest

IMAGES = int(os.environ.get("EXAMPLE_IMAGES", "190"))
EPOCHS = int(os.environ.get("EXAMPLE_EPOCHS", "20"))
SIZE = int(os.environ.get("EXAMPLE_SIZE", "256"))
OUT = Path(os.environ.get("EXAMPLE_OUT", "example"))

# %% [markdown]
# ## Connect
#
# Address and token are arguments, or BOXWRIGHT_SERVER and BOXWRIGHT_TOKEN.

# %%
client = Client()
print(f"{client.url}: Boxwright {client.health().version}, signed in as {client.me().name}")

# %% [markdown]
# ## A project with images
#
# Whatever takes long is a job: start it, and wait for it or follow it. Your own pictures come in with `images.upload`,
# a dataset with `uploads.send` and an `ImportRequest`.

# %%
project = client.projects.create("Example from Python")
job = client.jobs.wait(client.jobs.start(SampleRequest(project_id=project.id, images=IMAGES)).id)
assert job.state == "succeeded", job.error
for split in client.projects.counts(project.id).splits:
    print(f"{split.split}: {split.images} images, {split.annotations} annotations")

# %% [markdown]
# ## Label
#
# Some images are left to label. A change set says what is to change and on which revision it rests; it is saved whole
# or not at all. Sending it again after a broken line changes nothing.

# %%
image = next(client.images.all(project.id, ImageQuery(state="unlabeled")))
classes = {item.name: item for item in client.classes.list(project.id)}
drawn = Annotation(id=new_id(), class_id=classes["coin"].id, geometry=Box(x0=40.0, y0=60.0, x1=110.0, y1=125.0))
state = client.annotations.get(image.id)
changes = ChangeSet(change_id=new_id(), base_revision=state.revision, changes=(Upsert(annotation=drawn),))
saved = client.annotations.apply(image.id, changes)
print(f"{image.name} is at revision {saved.revision}: {len(client.annotations.get(image.id).annotations)} annotation")

# %% [markdown]
# ## Train
#
# The present state is frozen as a version, which the model names later. `follow` yields whenever there is news.

# %%
hyper = {"epochs": EPOCHS, "image_size": SIZE}
job = client.jobs.start(TrainRequest(project_id=project.id, name="from-python", hyper=hyper))
for update in client.jobs.follow(job.id):
    job = update.job
    for metric in update.metrics:
        if metric.name == "val/map50":
            print(f"epoch {metric.step}: val mAP50 {metric.value:.3f}")
assert job.state == "succeeded", job.error

# %% [markdown]
# ## How good is it
#
# A training ends with a look at the split test. Any split of any version can be measured later.

# %%
model = next(client.models.all(project.id))
assert model.test is not None
print(f"test: mAP50 {model.test.map50:.3f}, mAP50-95 {model.test.map50_95:.3f} on {model.test.images} images")
evaluate = EvaluateRequest(project_id=project.id, model_id=model.id, split="val")
job = client.jobs.wait(client.jobs.start(evaluate).id)
assert job.result is not None
for item in client.models.evaluation(str(job.result["evaluation_id"])).metrics.per_class:
    print(f"val, {item.name}: AP50 {item.ap50 or 0:.3f} of {item.instances}")

# %% [markdown]
# ## Predict
#
# One picture at once. For many there are runs: `client.runs`.

# %%
OUT.mkdir(exist_ok=True)
picture = client.images.download(image.id, OUT / image.name)
for found in client.models.predict(model.id, picture, score_threshold=0.3).detections:
    print(f"{found.class_name} {found.score:.2f} at {[round(value) for value in found.box]}")

# %% [markdown]
# ## Take it away
#
# The model as one ZIP (ONNX, weights, card), and the dataset in the format of your choice.

# %%
client.models.download(model.id, OUT / "model.zip")
job = client.jobs.wait(client.jobs.start(ExportRequest(project_id=project.id, format="yolo")).id)
files = (job.result or {})["files"]
assert isinstance(files, dict)
client.jobs.download(job.id, files["export"], OUT / "dataset-yolo.zip")
print(sorted(path.name for path in OUT.iterdir()))
client.close()
