"""The live preview: the very build, resident, and a server that shows its pages from memory.

One thread works on the site (`bench`, the main one), one talks HTTP (`server`), one listens for changed files (`bell`).
"""
