"""Finds the law and the cards: chunks, encoder, stores, retrievers. Knows nothing of answers."""
