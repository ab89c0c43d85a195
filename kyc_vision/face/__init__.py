"""Finding, aligning, embedding and comparing faces."""
