"""The command line: parse, call, print. Time, environment and current folder enter here and nowhere else.

Exit codes: 0 done, 1 the site has errors, 2 wrong usage, 130 interrupted, 128 and the number of another signal.
Heavy modules are imported inside the commands that need them, so `--version` and `--help` answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import click

from bifolium import __version__
from bifolium.cli import building, checking, deploying, importing, making, serving, signals, streams
from bifolium.cli.desk import Desk, common_options
from bifolium.cli.talk import Loudness, Talk, refusal
from bifolium.problems import SiteError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "auto_envvar_prefix": "BIFOLIUM"}


COMMANDS = (
    building.build,
    building.clean,
    checking.check,
    checking.macros,
    deploying.deploy,
    building.list_,
    serving.serve,
    building.schema,
    making.init,
    making.new,
    importing.import_,
    making.completion,
)


class Program(click.Group):
    """The command line as a whole; click would say 1 when the reader of our output, such as `head`, has gone away."""

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Parse, and answer `--help` and `--version`."""
        with _unread():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _unread():
            return super().invoke(ctx)


@contextmanager
def _unread() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise click.exceptions.Exit(signals.BROKEN_PIPE) from None


@click.group(cls=Program, context_settings=SETTINGS)
@click.version_option(__version__, "-V", "--version", message="bifolium %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn a folder of Markdown posts into a finished blog, mathematics included."""
    context.ensure_object(Desk)


cli.params += common_options()
for command in COMMANDS:
    command.params += common_options()  # so that they may stand before or after the command's name
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    streams.prepare()
    with signals.heeded():
        code = _flushed(run(sys.argv[1:]))
    if code > 128:
        streams.give_up()
        os._exit(code)  # whatever is still at work has nobody to work for
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        return cli.main(arguments, prog_name="bifolium", standalone_mode=False) or 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return signals.INTERRUPTED
    except SiteError as failed:
        Talk(Loudness.NORMAL).problems(failed.problems)
        return 1
    except OSError as failed:
        return _refused(failed)
    except SystemExit as done:  # a signal, or click's completion
        return int(done.code or 0)


def _flushed(code: int) -> int:
    """Write what is still held back; return `code`, or that of the failure to do so."""
    try:
        sys.stdout.flush()
    except OSError as failed:
        streams.give_up()
        return code or _refused(failed)
    return code


def _refused(failed: OSError) -> int:
    """Tell what the disk or a stream doesn't take; return the exit code."""
    if isinstance(failed, BrokenPipeError):
        return signals.BROKEN_PIPE
    with suppress(OSError):  # standard error may be what can't be written
        Talk(Loudness.NORMAL).problems([refusal(failed)])
    return 1
