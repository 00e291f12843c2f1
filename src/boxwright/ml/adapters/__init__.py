"""Runtimes behind one face: pictures in, Detections out. No torch."""
