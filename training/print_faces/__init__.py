"""Shapes of the faces on a card, rendered once; the product needs no font."""
