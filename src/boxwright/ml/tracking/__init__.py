"""Following things through the frames of a video."""
