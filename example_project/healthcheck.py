"""Exit with 0 when the web process of this container is ready; else say what is down."""

import os
import sys
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

SECONDS = 4


def main() -> str | None:
    """Return what is wrong."""
    address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/health/ready/"
    try:
        with urlopen(address, timeout=SECONDS):
            return None
    except HTTPError as error:
        with error:
            return error.read(2000).decode(errors="replace")
    except (URLError, OSError) as error:
        return f"{address}: {error}"


if __name__ == "__main__":
    sys.exit(main())
