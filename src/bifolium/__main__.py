"""Start the command line. While it is still being imported, an interrupt ends it without a word."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from bifolium.cli import main

if __name__ == "__main__":
    main()
