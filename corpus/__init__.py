"""What the law and the guidance say. Knows nothing of search or chat."""
