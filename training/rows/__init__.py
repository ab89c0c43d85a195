"""What the rows' reader is taught: everything that an e-KTP prints in its Arial-like face, and what looks like it."""
