"""Move a blog over from another generator: what its settings mean here, and where its addresses went.

Nothing is read or written here: an old folder comes in as a value, settings and notes go out.
"""

from __future__ import annotations

from bifolium.importing.old import Move, Note, Old
from bifolium.importing.settle import move

__all__ = ["Move", "Note", "Old", "move"]
