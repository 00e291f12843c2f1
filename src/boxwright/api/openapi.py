"""Print the OpenAPI document, from which the TypeScript client is generated: `python -m boxwright.api.openapi`."""

import json
import sys

from boxwright.api.app import create_app


def main() -> None:
    """Write the document to standard output, with stable order."""
    json.dump(create_app(None).openapi(), sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
