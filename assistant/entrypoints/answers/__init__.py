"""Answers as files to take along, each for whoever asked for it."""

from assistant.entrypoints.answers.routes import answers_door

__all__ = ["answers_door"]
