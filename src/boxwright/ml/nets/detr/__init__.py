"""DETR families through Hugging Face transformers: D-FINE, DEIMv2, RT-DETRv2, RF-DETR (all Apache-2.0)."""
