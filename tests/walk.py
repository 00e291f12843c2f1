"""Every operation of the API: the least role that it asks for, and a body that only the role can be a reason to refuse.

A new operation needs a line in LEAST, else tests/unit/api/test_access.py fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from fastapi.testclient import TestClient

from boxwright.domain.ids import new_id
from boxwright.domain.people import Role

METHODS = ("get", "post", "put", "patch", "delete")
Headers = dict[str, str]
# open: to nobody; signed_in: to anybody who is signed in; own: to the one person whom the thing belongs to.
Least = Literal["open", "signed_in", "own", "admin"] | Role

LEAST: dict[str, Least] = {
    # Signing in, and what belongs to the caller alone.
    "getHealth": "open",
    "getSignIn": "open",
    "openSession": "open",
    "signIn": "open",
    "getSession": "signed_in",
    "closeSession": "signed_in",
    "changePassword": "signed_in",
    "listSessions": "signed_in",
    "endOtherSessions": "signed_in",
    "endSession": "own",
    "listTokens": "signed_in",
    "createToken": "signed_in",
    "revokeToken": "own",
    "createUpload": "signed_in",
    "getUpload": "own",
    "appendUpload": "own",
    "deleteUpload": "own",
    "getSystem": "signed_in",
    "getAssistant": "signed_in",
    "getTrainingParameters": "signed_in",
    "getTrainingTasks": "viewer",
    "listArchitectures": "signed_in",
    "listStartingWeights": "signed_in",
    "getTrainingPresets": "signed_in",
    "streamEvents": "signed_in",
    "listProjects": "signed_in",
    "createProject": "signed_in",
    # The installation.
    "createSignInLink": "admin",
    "listUsers": "admin",
    "deleteStartingWeights": "admin",
    "createUser": "admin",
    "updateUser": "admin",
    "listAudit": "admin",
    "downloadBackup": "admin",
    # Who looks.
    "getProject": "viewer",
    "myRole": "viewer",
    "listMembers": "viewer",
    "getProjectCounts": "viewer",
    "getStatistics": "viewer",
    "listClasses": "viewer",
    "listImages": "viewer",
    "getImage": "viewer",
    "listTags": "viewer",
    "previewSplits": "viewer",
    "listSplitChanges": "viewer",
    "previewClassChange": "viewer",
    "listClassChanges": "viewer",
    "listLeaks": "viewer",
    "getCheckup": "viewer",
    "listDuplicates": "viewer",
    "listFlaws": "viewer",
    "getLabelCheck": "viewer",
    "listSuspicions": "viewer",
    "getImageMap": "viewer",
    "listMapPoints": "viewer",
    "pickMapImages": "viewer",
    "listSimilarImages": "viewer",
    "findSimilarImages": "viewer",
    "getNeighbours": "viewer",
    "getImageFile": "viewer",
    "getImageView": "viewer",
    "getThumbnail": "viewer",
    "getTiles": "viewer",
    "getTile": "viewer",
    "getAnnotations": "viewer",
    "getHistory": "viewer",
    "getRevision": "viewer",
    "getWork": "viewer",
    "enterImage": "viewer",
    "enterVideo": "viewer",
    "leaveImage": "viewer",
    "leaveVideo": "viewer",
    "listComments": "viewer",
    "listViews": "viewer",
    "getWorkQueue": "viewer",
    "listVersions": "viewer",
    "getVersion": "viewer",
    "compareVersion": "viewer",
    "listModels": "viewer",
    "getProjectAssistant": "viewer",
    "getModel": "viewer",
    "downloadModel": "viewer",
    "getVariants": "viewer",
    "listEvaluations": "viewer",
    "getEvaluation": "viewer",
    "getQualityReport": "viewer",
    "listOutcomes": "viewer",
    "predictOne": "viewer",
    "listRuns": "viewer",
    "getRun": "viewer",
    "listRunImages": "viewer",
    "downloadResults": "viewer",
    "getRunImageView": "viewer",
    "getRunImageThumbnail": "viewer",
    "startJob": "viewer",  # as an export, which only reads; the other kinds are in NEEDED_BY_KIND
    "listJobs": "viewer",
    "getJob": "viewer",
    "getJobMetrics": "viewer",
    "getJobLog": "viewer",
    "getJobFile": "viewer",
    "getExportLosses": "viewer",
    "getTrainingAdvice": "viewer",
    "getTrainingPreview": "viewer",
    "listVideos": "viewer",
    "getVideo": "viewer",
    "getVideoTimes": "viewer",
    "getVideoFrame": "viewer",
    "getTracks": "viewer",
    "getTrackLosses": "viewer",
    "exportTracks": "viewer",
    "getTrackHistory": "viewer",
    "getTrackRevision": "viewer",
    # Who annotates.
    "applyTrackChanges": "annotator",
    "followBox": "annotator",
    "applyChanges": "annotator",
    "decideSuspicion": "annotator",
    "decideSuspicions": "annotator",
    "reopenSuspicions": "annotator",
    "segmentImage": "annotator",
    "prepareSegment": "annotator",
    "findSimilar": "annotator",
    "updateImage": "annotator",  # its tags; split and name are a manager's
    "bulkImages": "annotator",  # "no objects here"; moving and deleting are a manager's
    "tagImages": "annotator",
    "describeImages": "annotator",
    "countOriginals": "viewer",
    "getOriginal": "viewer",
    "findOriginals": "viewer",
    "copyOriginals": "manager",
    "stepWork": "annotator",  # submitting; accepting is a reviewer's, of what others have submitted
    "addComment": "annotator",
    "updateComment": "annotator",  # resolving; the words are their author's
    "deleteComment": "manager",  # somebody else's; one's own needs what it took to write it
    "createView": "annotator",
    "updateView": "manager",  # somebody else's; one's own needs what it took to save it
    "deleteView": "manager",
    "createRun": "annotator",
    "uploadRunImage": "annotator",
    # Who reviews.
    "getAgreement": "reviewer",
    "listLabelerSets": "reviewer",
    "adoptSet": "reviewer",
    "reviewProposals": "reviewer",  # of many images; on one it is an annotator's
    "undoJob": "reviewer",  # somebody else's; one's own is an annotator's
    # Who manages.
    "updateProject": "manager",
    "assignImages": "manager",
    "assignTwice": "manager",
    "deleteProject": "manager",
    "restoreProject": "manager",
    "addMember": "manager",
    "setMember": "manager",
    "removeMember": "manager",
    "listProjectAudit": "manager",
    "addClasses": "manager",
    "updateClass": "manager",
    "deleteClass": "manager",
    "uploadImage": "manager",
    "changeClasses": "manager",
    "undoClassChange": "manager",
    "makeSplits": "manager",
    "undoSplits": "manager",
    "addVideo": "manager",
    "importTracks": "manager",
    "sampleVideo": "manager",
    "updateVideo": "manager",
    "deleteVideo": "manager",
    "restoreVideo": "manager",
    "createVersion": "manager",
    "restoreVersion": "manager",
    "importModel": "manager",
    "addStartingWeights": "manager",
    "inspectUpload": "manager",
    "inspectModel": "manager",
    "updateModel": "manager",
    "serveVariant": "manager",
    "deleteModel": "manager",
    "deleteRun": "manager",
    "cancelJob": "manager",  # somebody else's; one's own needs the role that starts it
    "pauseJob": "manager",
    "resumeJob": "manager",
}

# What the other operations need is gone after these.
_NUMBERS = ("revision", "frame", "level", "x", "y")
_LAST = ("endOtherSessions", "deleteProject")
NEEDED_BY_KIND: dict[str, Role] = {
    "export": "viewer",
    "predict": "annotator",
    "label": "manager",  # on one image it is an annotator's
    "evaluate": "manager",
    "train": "manager",
    "import": "manager",
    "sample": "manager",
    "checkup": "manager",
    "label_check": "manager",
    "copy_in": "manager",
    "embed": "manager",
}


def body_of(name: str, ids: dict[str, str]) -> dict[str, Any]:
    """Return a body for the operations that need one."""
    bodies: dict[str, dict[str, Any]] = {
        "openSession": {"token": "x"},
        "signIn": {"name": "nobody", "password": "no password"},
        "changePassword": {"current": "no password", "new": "a new password"},
        "createToken": {"name": "walk"},
        "createUpload": {"name": "a.zip", "size": 10},
        "createProject": {"name": new_id()},
        "createUser": {"name": new_id(), "password": "a long password"},
        "updateUser": {"name": new_id()},
        "updateProject": {"description": "walked"},
        "deleteProject": {"confirm": ids.get("project_name", "")},
        "addMember": {"name": "stranger", "role": "viewer"},
        "setMember": {"role": "viewer"},
        "addClasses": {"names": ["x"]},
        "updateClass": {"color": "#112233"},
        "previewClassChange": {"kind": "merge", "class_ids": [ids.get("class_id", "")], "name": "walked"},
        "changeClasses": {
            "kind": "split",
            "class_ids": [ids.get("class_id", "")],
            "name": "walked",
            "query": {"name": "no such image"},
        },
        "updateImage": {"tags": ["walked"]},
        "bulkImages": {"ids": [ids.get("image_id", "")], "action": "unlabeled"},
        "copyOriginals": {},
        "findOriginals": {"ids": [ids.get("image_id", "")]},
        "describeImages": {"images": [{"id": ids.get("image_id", ""), "fields": {"title": "walked"}}]},
        "tagImages": {"ids": [ids.get("image_id", "")], "add": ["walked"]},
        "pickMapImages": {"ids": [ids.get("image_id", "")]},
        "decideSuspicion": {"decision": "dismiss"},
        "decideSuspicions": {"decision": "dismiss", "kind": "box", "dry_run": True},
        "reopenSuspicions": {"at": "2026-11-28T10:00:00.000001Z"},
        "reviewProposals": {"action": "accept"},
        "applyChanges": {"change_id": new_id(), "base_revision": 0, "changes": []},
        "applyTrackChanges": {"change_id": new_id(), "base_revision": 0, "changes": []},
        "followBox": {"frame": 0, "box": [10, 70, 30, 90], "frames": 2},
        "sampleVideo": {"frames": []},
        "importTracks": {"upload_id": ids.get("upload_id", "")},
        "addVideo": {"upload_id": ids.get("upload_id", "")},
        "updateVideo": {"name": "walked.mp4"},
        "segmentImage": {"box": [1, 1, 9, 9]},
        "assignTwice": {"user_ids": [], "image_ids": []},
        "adoptSet": {"set_id": ids.get("set_id", "")},
        "findSimilar": {"box": [1, 1, 9, 9]},
        "assignImages": {"user_ids": [], "image_ids": [ids.get("image_id", "")]},
        "stepWork": {"change_id": new_id(), "action": "submit"},
        "addComment": {"id": new_id(), "text": "walked", "x": 1, "y": 1},
        "updateComment": {"resolved": True},
        "createView": {"name": new_id(), "query": {}},
        "updateView": {"name": new_id()},
        "createVersion": {"name": "walked"},
        "importModel": {"upload_id": ids.get("upload_id", "")},
        "addStartingWeights": {"upload_id": ids.get("upload_id", "")},
        "inspectUpload": {"upload_id": ids.get("upload_id", "")},
        "updateModel": {"name": "walked"},
        "serveVariant": {"precision": "fp32"},
        "createRun": {"model_id": ids.get("model_id", "")},
        "startJob": {"kind": "export", "format": "coco", "project_id": ids.get("project_id", "")},
        "cancelJob": {"keep": False},
    }
    return bodies.get(name, {})


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    name: str
    method: str
    path: str

    def call(self, client: TestClient, ids: dict[str, str], headers: Headers) -> httpx.Response:
        """Do it; parameters of the path are looked up in `ids`."""
        address = re.sub(
            r"\{(\w+)\}", lambda match: ids.get(match[1], "0" if match[1] in _NUMBERS else "x.zip"), self.path
        )
        body = None if self.method == "get" else body_of(self.name, ids)
        query = {"name": "walked.jpg", "format": "coco", "flaw": "dark"}
        sent = {**headers, "upload-offset": "0"}
        answer: httpx.Response = client.request(self.method, address, params=query, json=body, headers=sent)
        return answer


_SCHEMA: dict[str, Any] = {}


def operations(client: TestClient) -> Iterator[Operation]:
    """Yield what the schema offers; what destroys comes last, the project itself at the very end."""
    if not _SCHEMA:  # which takes two seconds to write, and is the same of each application
        _SCHEMA.update(client.get("/api/openapi.json").raise_for_status().json()["paths"])
    found = [
        Operation(item[method]["operationId"], method, path)
        for path, item in _SCHEMA.items()
        for method in METHODS
        if method in item
    ]
    return iter(sorted(found, key=lambda one: (one.name in _LAST, one.method == "delete")))


def callable_operations(client: TestClient) -> Iterator[Operation]:
    """Yield those that end: all but the stream of events."""
    return (one for one in operations(client) if one.name != "streamEvents")
