"""The command line: as powerful as the pages, and always through `boxwright.Client`."""
