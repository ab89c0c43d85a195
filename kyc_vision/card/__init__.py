"""Finding the card and looking at it straight on."""
