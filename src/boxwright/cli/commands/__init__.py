"""One file a subject; `register` adds its commands to the program."""
