"""Model files: ONNX with its decoding inside, safetensors weights, and the card that travels with both."""
