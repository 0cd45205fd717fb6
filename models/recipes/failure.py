"""How recipes say what went wrong."""

import sys


class RecipeError(Exception):
    """What whoever runs the recipe can mend: told in one line, without a traceback."""


def run(main):
    """Ends the process with what `main` returns, or with 1 and the reason."""
    try:
        sys.exit(main())
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def listed(items, most=20):
    """The first of many, for a message."""
    items = list(items)
    rest = len(items) - most
    return ", ".join(map(str, items[:most])) + (f" and {rest} more" if rest > 0 else "")
