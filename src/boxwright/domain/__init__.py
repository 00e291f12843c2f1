"""The vocabulary of Boxwright: plain, frozen types without any I/O. Imports the standard library and numpy only."""
