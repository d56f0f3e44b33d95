"""What can be wrong with a model's settings, apart from the clients so that it costs nothing to import."""

from __future__ import annotations

from corpus.files import OperatorError


class ModelError(OperatorError):
    """The model of the settings cannot be opened; the message is for the operator."""


class PromptError(OperatorError):
    """A prompt file lacks a part; the message is for whoever edited it."""
