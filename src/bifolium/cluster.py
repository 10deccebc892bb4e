"""The workers of a Dask cluster as an executor, for sites that outgrow one machine. It is the extra `[cluster]`.

Workers must run this very program with the same libraries, or they might give other bytes: each is asked before it gets
work, those that join later with every ticket. What a cluster loses is done at home.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

from bifolium.problems import SiteError, error

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 5.0  # seconds in which a scheduler must answer
_ONE_AT_A_TIME = threading.Lock()  # a worker may have several threads, and an engine lives in one at a time


class Unreached(BrokenExecutor):
    """No worker has done a ticket: it was lost with those that began it, or with the cluster."""


class _Afar(Executor):
    """Runs calls on the cluster's workers if these are as `expected`."""

    def __init__(self, client: Any, identity: Callable[[], bytes], expected: bytes) -> None:
        self._submit = partial(client.get_executor(pure=False).submit, _checked, identity, expected)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future that fails with Unreached if the cluster loses the call."""
        ours: Future[T] = Future()
        self._submit(fn, *args, **kwargs).add_done_callback(partial(_settle, ours))
        return ours


@contextmanager
def workers(address: str, identity: Callable[[], bytes]) -> Iterator[Executor]:
    """Open an executor of the workers at `address`, where `identity` must return what it returns here."""
    client = _connected(address)
    try:
        expected = identity()
        _refuse_strangers(address, _asked(client, identity), expected)
        yield _Afar(client, identity, expected)
    finally:
        client.close()


def _connected(address: str) -> Any:
    """Return a client of the scheduler at `address`; raises SiteError if there is none."""
    try:
        from distributed import Client
    except ImportError:
        raise _failed("`--cluster` needs Dask", 'install it with `pip install "bifolium[cluster]"`') from None
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, RuntimeError):
        hint = "start one with `dask scheduler`, and leave out `--cluster` until it runs"
        raise _failed(f"no Dask scheduler answers at `{address}`", hint) from None


def _asked(client: Any, identity: Callable[[], bytes]) -> Mapping[str, object]:
    """Return what each worker says that it is; what went wrong, if it can't say."""
    answers: dict[str, object] = client.run(identity, on_error="return")
    return answers


def _refuse_strangers(address: str, found: Mapping[str, object], expected: bytes) -> None:
    """Raise SiteError if there is no worker, or one that would make other pages."""
    if not found:
        raise _failed(f"the cluster at `{address}` has no workers", f"start one with `dask worker {address}`")
    others = [worker for worker, answer in found.items() if answer != expected]
    if others:
        message = f"`{others[0]}`{' and others' * (len(others) > 1)} would make other pages than this machine"
        hint = "install the same bifolium, Python and libraries there as here, and start the worker again"
        raise _failed(message, hint)


def _failed(message: str, hint: str) -> SiteError:
    return SiteError([error("bifolium", 0, 0, "cluster", message, hint)])


def _checked(
    identity: Callable[[], bytes], expected: bytes, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Do a call on a worker."""
    if identity() != expected:
        raise Unreached("a worker that joined is another program")
    with _ONE_AT_A_TIME:
        return call(*args, **kwargs)


def _settle(ours: Future[T], theirs: Future[T]) -> None:
    """Hand a result on; Dask's own mistakes mean that it lost the call."""
    mistake = None if theirs.cancelled() else theirs.exception()
    if theirs.cancelled() or (mistake and type(mistake).__module__.partition(".")[0] == "distributed"):
        ours.set_exception(Unreached("the cluster has lost this"))
    elif mistake:
        ours.set_exception(mistake)
    else:
        ours.set_result(theirs.result())
