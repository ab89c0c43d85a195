"""Finding and reading text, and what an e-KTP says with it."""
