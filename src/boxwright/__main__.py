"""`python -m boxwright` is the command line."""

from boxwright.cli.main import app_main

if __name__ == "__main__":
    app_main()
