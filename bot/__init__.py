"""Answers: the chain from a question to a cited answer, and the surfaces that show it."""
