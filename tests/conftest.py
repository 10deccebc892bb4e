"""What all tests share: hypothesis gives the same examples everywhere, and no clock decides."""

import signal

import pytest
from hypothesis import settings

settings.register_profile("bifolium", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("bifolium")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what runs in the background, and its children
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests have recorded, such as how many examples of a specification come out."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == "figure":
                terminalreporter.write_line(str(value))
