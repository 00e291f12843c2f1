"""Wren: our compact anchor-free detector family for CPU and edge."""
