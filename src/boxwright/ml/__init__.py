"""Learning and detecting, usable without the web and the database. Importing this package loads no torch."""
