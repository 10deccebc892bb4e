"""Typeset formulas with KaTeX, run by an embedded JavaScript engine: QuickJS, or V8 for many formulas if it is there.

All engines give the same bytes, so which one runs is a choice of speed and part of no key.
"""

from bifolium.engine.katex import KATEX, built_in, identity, stylesheet_files, vocabulary
from bifolium.engine.typesetting import FormulaJob, Manner, lost, starts, typeset

__all__ = [
    "KATEX",
    "FormulaJob",
    "Manner",
    "built_in",
    "identity",
    "lost",
    "starts",
    "stylesheet_files",
    "typeset",
    "vocabulary",
]
