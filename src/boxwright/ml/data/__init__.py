"""From a dataset manifest to arrays: samples, letterbox, augmentation, cache, batches. Numpy and OpenCV, no torch."""
