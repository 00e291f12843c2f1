"""One file a subject. Handlers check the role, call one service and return its domain object."""

PREFIX = "/api/v1"
