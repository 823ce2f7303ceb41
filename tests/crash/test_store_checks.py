"""The checks after a kill see every kind of damage: planted here, one at a time, and undone again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.allocations.records import AllocationDecision, Award, AwardMoney
from finance.database import SessionFactory, make_engine, make_session_factory, transaction
from finance.estimates.records import CostLine, Estimate, EstimateVersion, LineQuantity
from finance.estimates.workflow import EstimateStatus
from finance.jobs.records import Job, JobState
from finance.receipts import Receipt
from finance.scenarios.records import ProposedAward
from tests.crash.acting_people import Desk, Sent
from tests.crash.busy_province import NOW, BusyProvince, prepare
from tests.crash.store_checks import Before, find_damage, look_before


class _Undo(Exception):
    """Thrown to undo the planted damage."""


class Sound:
    """A prepared store and what it held before anybody acted."""

    def __init__(self, url: str) -> None:
        self.busy: BusyProvince = prepare(url)
        self.engine = make_engine(url)
        self.factory: SessionFactory = make_session_factory(self.engine)
        with self.factory() as session:
            self.before: Before = look_before(session)

    def damage(self, spoil: Callable[[Session, BusyProvince], None], desks: list[Desk]) -> list[str]:
        """What the checks say after the store was spoilt; the store is as before afterwards."""
        said: list[str] = []
        with suppress(_Undo), transaction(self.factory) as session:
            spoil(session, self.busy)
            session.flush()
            said += find_damage(session, self.busy, desks, self.before)
            raise _Undo
        return said


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sound]:
    """Prepared once: every test undoes what it did."""
    file: Path = tmp_path_factory.mktemp("sound") / "store.sqlite3"
    made = Sound(f"sqlite:///{file}")
    yield made
    made.engine.dispose()


def _receipt(session: Session, operation: str, answer: object) -> None:
    session.add(
        Receipt(
            person_id=1,
            key="k1",
            operation=operation,
            payload_hash="0" * 64,
            answer={"answer": answer},
            recorded_at=NOW,
        )
    )


def _nothing(_session: Session, _busy: BusyProvince) -> None:
    """A sound store."""


def _one_line_rounded_wrongly(session: Session, _busy: BusyProvince) -> None:
    session.scalars(select(LineQuantity).limit(1)).one().amount_vnd += 1


def _one_quantity_gone(session: Session, _busy: BusyProvince) -> None:
    session.delete(session.scalars(select(LineQuantity).limit(1)).one())


def _an_edit_without_a_receipt(session: Session, busy: BusyProvince) -> None:
    session.get_one(Estimate, busy.saved_estimate_id).edit_number += 1


def _a_receipt_without_an_act(session: Session, _busy: BusyProvince) -> None:
    _receipt(session, "save_project", {"edit": 3})


def _a_run_promised_and_not_stored(session: Session, _busy: BusyProvince) -> None:
    _receipt(session, "request_run", 999)


def _a_status_without_its_step(session: Session, busy: BusyProvince) -> None:
    session.get_one(Estimate, busy.sent_estimate_id).status = EstimateStatus.SIGNED


def _a_signature_without_its_step(session: Session, busy: BusyProvince) -> None:
    of_estimate = EstimateVersion.estimate_id == busy.sent_estimate_id
    session.scalars(select(EstimateVersion).where(of_estimate)).one().content_hash = "0" * 64


def _a_line_without_quantities(session: Session, _busy: BusyProvince) -> None:
    line = session.scalars(select(CostLine).limit(1)).one()
    session.execute(delete(LineQuantity).where(LineQuantity.line_id == line.id))


def _money_that_does_not_sum(session: Session, _busy: BusyProvince) -> None:
    session.delete(session.scalars(select(AwardMoney).limit(1)).one())


def _an_award_gone(session: Session, _busy: BusyProvince) -> None:
    session.delete(session.scalars(select(Award).where(Award.amount_vnd == 0).limit(1)).one())


def _a_decision_half_signed(session: Session, busy: BusyProvince) -> None:
    session.get_one(AllocationDecision, busy.decision_ids[0]).number = "1/QĐ-UBND"


def _an_answer_without_its_awards(session: Session, _busy: BusyProvince) -> None:
    session.execute(delete(ProposedAward).where(ProposedAward.run_id == 1))


def _an_answer_whose_job_still_runs(session: Session, _busy: BusyProvince) -> None:
    job = session.scalars(select(Job).limit(1)).one()
    job.state, job.finished_at = JobState.RUNNING, None


SPOILT = {
    _one_line_rounded_wrongly: "is right",
    _one_quantity_gone: "of 1 levels",
    _an_edit_without_a_receipt: "0 saves, edit number 3",
    _a_receipt_without_an_act: "1 receipts of save_project, 0 acts",
    _a_run_promised_and_not_stored: "0 runs are stored, 1 were promised",
    _a_status_without_its_step: "after 0 steps",
    _a_signature_without_its_step: "hash '000",
    _a_line_without_quantities: "levels",
    _money_that_does_not_sum: "its parts sum to 0",
    _an_award_gone: "an award is missing or double",
    _a_decision_half_signed: "number '1/QĐ-UBND'",
    _an_answer_without_its_awards: "0 proposed awards",
    _an_answer_whose_job_still_runs: "job RUNNING",
}


def test_a_sound_store_has_no_damage(sound: Sound) -> None:
    assert sound.damage(_nothing, []) == []


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__.strip("_"))
def test_planted_damage_is_seen(sound: Sound, spoil: Callable[[Session, BusyProvince], None]) -> None:
    said = sound.damage(spoil, [])
    assert any(SPOILT[spoil] in one for one in said), said


def test_what_was_acknowledged_and_is_not_there_is_seen(sound: Sound) -> None:
    sent = Sent(None, "save_project", "/", {"idempotency_key": "k9"}, "/done")  # type: ignore[arg-type]
    desk = Desk("save", iter(()), acknowledged=[sent], tried={"k9"})
    assert "acknowledged and lost: save_project k9" in sound.damage(_nothing, [desk])


def test_a_receipt_nobody_was_promised_is_seen(sound: Sound) -> None:
    desk = Desk("save", iter(()), tried={"k1"})
    said = sound.damage(_a_receipt_without_an_act, [desk])
    assert any("nobody was answered" in one for one in said), said
    assert any("was never sent" in one for one in sound.damage(_a_receipt_without_an_act, []))
