"""The command line: parse, call, print. Time, environment and current folder enter here and nowhere else.

Exit codes: 0 done, 1 the site has errors, 2 wrong usage, 130 interrupted.
Heavy modules are imported inside the commands that need them, so `--version` and `--help` answer at once.
"""

from __future__ import annotations

import sys

import click

from bifolium import __version__
from bifolium.cli import building, checking, making
from bifolium.cli.desk import Desk, common_options
from bifolium.cli.talk import Loudness, Talk
from bifolium.problems import SiteError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "auto_envvar_prefix": "BIFOLIUM"}


COMMANDS = (
    building.build,
    building.clean,
    checking.check,
    checking.macros,
    building.list_,
    building.schema,
    making.init,
    making.new,
    making.completion,
)


@click.group(context_settings=SETTINGS)
@click.version_option(__version__, "-V", "--version", message="bifolium %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn a folder of Markdown posts into a finished blog, mathematics included."""
    context.ensure_object(Desk)


cli.params += common_options()
for command in COMMANDS:
    command.params += common_options()  # so that they may stand before or after the command's name
    cli.add_command(command)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


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
        return 130
    except SiteError as failed:
        Talk(Loudness.NORMAL).problems(failed.problems)
        return 1
    except OSError as failed:
        if isinstance(failed, BrokenPipeError):  # the reader of our output, such as `head`, has seen enough
            sys.stderr.close()
            return 0
        place = f"{failed.filename}: " if failed.filename else ""
        click.echo(f"{place}error: {(failed.strerror or str(failed)).lower()}", err=True)
        return 1
