"""Hand the tasks of a series to workers, a few at a time; what a worker that died had in hand is given out again."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, ProcessPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import SeriesError
from .tasks import draw_task

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Executor, Future
    from contextlib import AbstractContextManager
    from multiprocessing.process import BaseProcess

    from .tasks import Drawn, Task

AHEAD = 2  # tasks for each worker that are under way or wait: results of more would fill the memory
TICK_S = 1.0  # between two looks at whether the crew is still there
GRACE_S = 5.0  # for processes without work to clear away and end
STOPS = {signal.SIGINT, signal.SIGTERM}
LOSSES = 3  # times in a row that workers may die before any picture comes back
UNREADABLE = ("Can't get attribute", "during deserialization")  # as pickle and distributed say it
NOT_THERE = "a worker has no syriamap, or another version of it; expected the same one everywhere: install it there"
KILLED = ("KilledWorker", "FutureCancelledError", "FutureLostError", "CommClosedError")  # as distributed calls it


def share_out(
    tasks: Iterable[Task], workers: int, executor: Executor | None = None
) -> Generator[list[Drawn], None, None]:
    """Yield what workers bring back, in whatever order: those of an executor, else processes of our own.

    Raises SeriesError when workers die again and again, and whatever else a worker raises.
    """
    hire = _lend(executor) if executor else lambda: hire_processes(workers)
    queue, losses = deque(tasks), 0
    while queue:
        with hire() as crew:
            results = _drain(queue, crew, AHEAD * workers)
            try:
                while True:
                    yield next(results)
                    losses = 0
            except StopIteration as end:
                lost: list[Task] = end.value
            finally:
                results.close()
        losses += bool(lost)
        if losses > LOSSES:
            on, (name, *_) = lost[0].days[0]
            raise SeriesError(f"workers died {losses} times in a row, at last with {name} ({on}) in hand")
        queue.extendleft(replace(task, days=(day,)) for task in reversed(lost) for day in reversed(task.days))


def _lend(executor: Executor) -> Callable[[], AbstractContextManager[Executor]]:
    return lambda: nullcontext(executor)  # whoever gave it closes it


@contextmanager
def hire_processes(workers: int) -> Iterator[Executor]:
    """Give out a pool of processes; whatever ends the work ends them too.

    On Linux they begin with all that this process has read and laid out, unless other threads run in it.
    """
    forked = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forked else "spawn")
    before = set(multiprocessing.active_children())
    try:
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=settle_in)
    except OSError as error:  # no memory to share, as where /dev/shm cannot be written to
        said = f"no processes can be begun ({error.strerror or error}); expected memory that they share"
        raise SeriesError(f"{said}; --jobs 1 needs none") from error
    gc.freeze()  # what is read by now stays shared: no worker's rubbish collector walks and so copies it
    try:
        if forked:
            with _holding(STOPS):  # a worker that is stopped before it has settled in would act as this process does
                pool.submit(int)  # the first task begins all processes
        yield pool
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        raise
    finally:
        with _seeing_off(set(multiprocessing.active_children()) - before):
            pool.shutdown(wait=True, cancel_futures=True)
        gc.unfreeze()


@contextmanager
def _seeing_off(children: set[BaseProcess]) -> Iterator[None]:
    """End processes, idle by now, that do not end by themselves meanwhile.

    One that is killed while it waits for work takes along what the others wait for, and they would wait for ever.
    """

    def end() -> None:
        for child in children:
            child.terminate()

    patience = threading.Timer(GRACE_S, end)
    patience.daemon = True
    patience.start()
    try:
        yield
    finally:
        patience.cancel()
        patience.join()  # a thread more, and the next processes would not be forked


@contextmanager
def _holding(stops: set[signal.Signals]) -> Iterator[None]:
    """Let signals wait, here and in the processes that are begun meanwhile, until these have settled in."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def settle_in() -> None:
    """Prepare a worker's process: Ctrl-C is for the process that hired it, and without that one it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _drain(queue: deque[Task], crew: Executor, most: int) -> Generator[list[Drawn], None, list[Task]]:
    """Yield results until the queue is empty or the crew is broken; return the tasks that were lost with workers."""
    under_way: dict[Future[list[Drawn]], Task] = {}
    lost: list[Task] = []
    broken = False
    try:
        while under_way or (queue and not broken):
            while queue and not broken and len(under_way) < most:
                task = queue.popleft()
                try:
                    under_way[crew.submit(draw_task, task)] = task
                except BrokenExecutor:
                    broken = True
                    lost.append(task)
            if not under_way:  # to wait for nothing would be to wait for ever
                break
            done, _ = wait(under_way, timeout=TICK_S, return_when=FIRST_COMPLETED)
            if not done and _is_gone(crew):
                under_way.clear()  # a client that is closed refuses to cancel
                raise SeriesError("the scheduler is gone and does not come back")
            for future in done:
                task = under_way.pop(future)
                try:
                    result = future.result()
                except (Exception, CancelledError) as error:
                    if _is_stranger(error):
                        raise SeriesError(f"{NOT_THERE} ({error!r:.200})") from error
                    if not _is_loss(error):
                        raise
                    broken = broken or isinstance(error, BrokenExecutor)
                    lost.append(task)
                else:
                    yield result
    finally:
        for future in under_way:
            future.cancel()
    return lost


def _is_gone(crew: Executor) -> bool:
    """Return whether a client of distributed has given its scheduler up: its futures are then never done."""
    return getattr(getattr(crew, "_client", None), "status", "") == "closed"


def _is_stranger(error: BaseException) -> bool:
    """Return whether a task could not even be read where it was to be done."""
    return isinstance(error, ImportError) or any(words in str(error) for words in UNREADABLE)


def _is_loss(error: BaseException) -> bool:
    return isinstance(error, BrokenExecutor | CancelledError) or type(error).__name__ in KILLED
