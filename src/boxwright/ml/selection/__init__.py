"""Which pictures are alike, and which to choose."""
