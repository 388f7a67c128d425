"""Workers on other machines, through dask's distributed: the only room that knows it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .errors import SeriesError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from distributed import Client

PATIENCE_S = 10
RETRIES = 3  # of a task whose worker died


@contextmanager
def connect(address: str, *, patience_s: float = PATIENCE_S) -> Iterator[tuple[Executor, int]]:
    """Give out an executor on the scheduler at an address, and the number of its workers.

    Raises SeriesError when distributed is not installed, nobody answers, or there are no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise SeriesError("dask needs distributed, which is not installed: pip install 'syriamap[dask]'") from error
    try:
        client = Client(address, timeout=patience_s, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SeriesError(
            f"no scheduler answers at {address!r} ({said}); expected an address such as tcp://127.0.0.1:8786 of a "
            "running dask scheduler"
        ) from error
    try:
        _wait_for_workers(client, address, patience_s)
        executor = client.get_executor(retries=RETRIES, pure=False)
        yield executor, sum(client.nthreads().values())
    finally:
        client.close()


def _wait_for_workers(client: Client, address: str, patience_s: float) -> None:
    try:
        client.wait_for_workers(1, timeout=patience_s)
    except TimeoutError as error:
        raise SeriesError(f"the scheduler at {address} has no workers; start one: dask worker {address}") from error
