"""Run `python -m bifolium`."""

from bifolium.cli import main

main()
