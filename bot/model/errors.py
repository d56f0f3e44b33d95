"""What can be wrong with a model's settings, apart from the clients so that it costs nothing to import."""

from __future__ import annotations


class ModelError(ValueError):
    """The model of the settings cannot be opened; the message is for the operator."""


class PromptError(ValueError):
    """A prompt file lacks a part; the message is for whoever edited it."""
