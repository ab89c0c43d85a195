"""What face and scene say of a presentation attack: a screen, a print, a paper face."""
