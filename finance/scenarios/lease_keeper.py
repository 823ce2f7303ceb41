"""Keeping a job's lease alive while the optimizer computes, and hearing "stop" from a person.

The computation may spend a long time inside the solver, where nobody can be called. A second thread says
"still working" at steady intervals, each time in a short transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from sqlalchemy.exc import OperationalError

from finance.database import SessionFactory, transaction
from finance.jobs.operations import ClaimedJob, LeaseLost, renew_lease

BEATS_PER_LEASE = 4  # three beats may fail before the lease runs out


class LeaseKeeper:
    """Renews a lease until left; `should_stop` turns true on a person's word or a lost lease.

    Attributes:
        is_lost: True when another worker has the job: nothing may be stored any more.
        is_cancelled: True when a person asked to stop and keep the best plan.
    """

    def __init__(
        self, factory: SessionFactory, claimed: ClaimedJob, *, now: Callable[[], datetime], lease_seconds: int
    ) -> None:
        self._factory = factory
        self._claimed = claimed
        self._now = now
        self._lease_seconds = lease_seconds
        self._progress: dict[str, Any] = {}
        self._over = Event()
        self._thread = Thread(target=self._keep, name=f"lease-{claimed.id}", daemon=True)
        self.is_lost = False
        self.is_cancelled = False

    def __enter__(self) -> Self:
        """Begin to renew."""
        self.renew()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop renewing."""
        self._over.set()
        self._thread.join()

    def tell(self, progress: dict[str, Any]) -> None:
        """Remember how far the work is; the next renewal stores it."""
        self._progress = progress

    def should_stop(self) -> bool:
        """True when the computation should end now."""
        return self.is_lost or self.is_cancelled

    def renew(self) -> None:
        """Renew once, in a transaction of its own; a lost lease is remembered, not raised.

        A store that does not answer now may answer at the next beat: the lease has room for three misses.
        """
        try:
            with transaction(self._factory) as session:
                self.is_cancelled = renew_lease(
                    session,
                    self._claimed,
                    now=self._now(),
                    lease_seconds=self._lease_seconds,
                    progress=self._progress,
                )
        except LeaseLost:
            self.is_lost = True
        except OperationalError:
            return

    def _keep(self) -> None:
        pause = self._lease_seconds / BEATS_PER_LEASE
        while not self._over.wait(min(pause, 2.0)) and not self.is_lost:
            self.renew()
