"""Mechanics of durable work: a scheduler, runners, and the child process. Knows no job kind and no database."""
