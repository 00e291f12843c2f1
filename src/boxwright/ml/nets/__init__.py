"""Networks, one folder a family. Needs torch (`pip install "boxwright[train]"`)."""
