"""TeX as authors write it, made ready for KaTeX, and its mistakes, explained. Pure: KaTeX itself is run elsewhere."""

from bifolium.math.hints import hint
from bifolium.math.prepare import original, prepare

__all__ = ["hint", "original", "prepare"]
