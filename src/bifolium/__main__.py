"""Start the command line, unless the site is as its last build left it: that is told without importing any of it.

While modules are still being imported, an interrupt ends the program without a word.
"""

import _signal  # type: ignore[import-not-found]  # `signal` takes as long to import as all else here
import os
import sys

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

from bifolium import paint, seal


def main() -> None:
    """Run the command line and exit with its code."""
    said = seal.unbroken(sys.argv[1:], os.environ)
    if said is None or not _say(said):
        from bifolium.cli import main as run

        run()


def _say(said: str) -> bool:
    """Print what is said by a build that has nothing to do; return whether that could be done."""
    try:
        is_wanted = os.name != "nt" and paint.is_wanted(sys.stderr, os.environ)
        sys.stderr.write(f"{said}\n" if is_wanted else f"{paint.plain(said)}\n" if said else "")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # it may be closed, in several ways
        return False
    return True


if __name__ == "__main__":
    main()
