"""What one preview leaves for the next one, so that this need not open every text before it shows a page."""

from __future__ import annotations

from bifolium import ledger
from bifolium.ledger import Ledger
from bifolium.site import Site
from bifolium.store import read_state, write_state

NAME = "preview"


def remembered(site: Site, epoch: bytes) -> Ledger:
    """Return what was noted of this epoch, or an empty ledger."""
    return ledger.decode(read_state(site.state / NAME), epoch)


def note(site: Site, known: Ledger) -> None:
    """Keep what is known of the texts that are in order: a patient site shows others as they were before a mistake.

    Pictures are not kept: a build forgets the encoded ones of drafts.
    """
    good = {path: it for path, it in known.readings.items() if not it.problems}
    write_state(site.state / NAME, ledger.encode(known._replace(readings=good, pictures={})))
