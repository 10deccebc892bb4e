"""The command `serve`: the preview."""

from __future__ import annotations

from typing import Any

import click

from bifolium.cli.desk import Desk
from bifolium.cli.opening import open_site


@click.command()
@click.option("--watch", is_flag=True, help="Look out for changes, and show them in the browser at once.")
@click.option("--drafts/--no-drafts", default=True, help="Include drafts (they are, unless you say otherwise).")
@click.option("--future", is_flag=True, help="Include posts dated in the future.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="This port and no other; else 8000 or the next free one.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A name by which the preview may be called, too.")
@click.option("--base-url", help="Where the site will stand, instead of the settings' base_url.")
@click.option("--open", "opened", is_flag=True, help="Open the browser.")
@click.option("--follow", is_flag=True, help="The browser follows the file that you save.")
@click.option("--write", is_flag=True, help="Write what is shown into the output folder, too.")
@click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes; 0 is one for each core.")
@click.pass_obj
def serve(desk: Desk, /, **wishes: Any) -> None:
    """Show the site in the browser, from memory; the output folder stays as it is, unless you say `--write`."""
    from bifolium.serve.running import Address, Options, end, run

    hosts = frozenset(wishes.pop("allow_host"))
    address = Address(wishes.pop("host"), wishes.pop("port"), hosts, wishes.pop("opened"))
    options = Options(wishes.pop("watch"), wishes.pop("follow"), wishes.pop("write"))
    try:
        run(lambda: open_site(desk, **wishes, images="ready", patient=True), address, options, desk.talk)
    except KeyboardInterrupt:
        end()
