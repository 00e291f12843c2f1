"""Training: parameters (no torch), one loop, checkpoints, EMA, schedule."""
