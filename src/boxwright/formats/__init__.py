"""Datasets in and out: COCO, YOLO, Pascal VOC, CSV. Knows pictures (media) and the domain, no database."""
