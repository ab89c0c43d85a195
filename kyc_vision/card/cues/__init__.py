"""What the print alone says of a card's authenticity: shapes of digits, their cells, the rows' grid."""
