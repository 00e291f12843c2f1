"""Detectors of Darknet (Redmon and Farhadi, 2018; Bochkovskiy et al., 2020): a `.cfg`, its `.weights`, its `.names`.

Read with our own reader, and written as ONNX with the decoding inside; no Darknet, no OpenCV, no PyTorch.
"""
