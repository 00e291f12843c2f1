"""Help for the hand: from a box or a few clicks to an outline, without any trained weights."""
