"""Keys of remembered work. Two equal keys mean equal results, so every input must be in them.

A key is a digest of the very arguments a worker gets, of the worker's name, and of the code: whatever could
change a result changes its key. Values travel as MessagePack of the types in model, never as pickles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

_ENCODER = msgspec.msgpack.Encoder()  # mappings keep their order: templates see it. No set may go in


def encode(value: object) -> bytes:
    """Return the canonical bytes of `value`: equal values give equal bytes."""
    return _ENCODER.encode(value)


def digest(value: object) -> bytes:
    """Return the 16-byte digest of `value`."""
    return hashlib.blake2b(_ENCODER.encode(value), digest_size=16).digest()


def key(work: Callable[..., Any], epoch: bytes, job: tuple[object, ...]) -> bytes:
    """Return the key of `work(*job)` under the code and library versions that `epoch` stands for."""
    return digest((epoch, f"{work.__module__}.{work.__qualname__}", job))


def epoch(sources: Iterable[tuple[str, bytes]], versions: Iterable[str]) -> bytes:
    """Return the digest of the code (name and bytes of each module) and of the libraries' versions."""
    return digest((sorted(sources), sorted(versions)))
