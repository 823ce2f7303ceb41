"""Safe to repeat: one key, one effect, one answer, however often and at once it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.database import SessionFactory, reading, transaction
from finance.errors import KeyReused, RuleBroken
from finance.receipts import Receipt, once
from finance.record_base import WriterTurn
from tests.builders import a_moment

KEY = "6e1f0c1e-0000-4000-8000-000000000001"
LAN, HOA = (Actor(number, name, (), a_moment()) for number, name in ((3, "Lan"), (4, "Hòa")))


def send(
    session: Session,
    actor: Actor = LAN,
    key: str = KEY,
    operation: str = "save_draft",
    payload: Any = None,
    answer: Any = None,
) -> Any:
    """One arrival of a form whose effect is one more row."""

    def act() -> Any:
        session.add(WriterTurn(id=effects(session) + 2))
        session.flush()
        return effects(session) if answer is None else answer

    payload = {"amount_vnd": 5_000_000} if payload is None else payload
    return once(session, actor, key, operation=operation, payload=payload, act=act)


def effects(session: Session) -> int:
    return (session.scalar(select(func.count()).select_from(WriterTurn)) or 0) - 1


def test_a_repeat_gets_the_first_answer_and_does_nothing(session_factory: SessionFactory) -> None:
    answers = []
    for _ in range(5):
        with transaction(session_factory) as session:
            answers.append(send(session))
    assert answers == [1, 1, 1, 1, 1]
    with reading(session_factory) as session:
        assert effects(session) == 1


def test_twenty_at_once_have_one_effect_and_one_answer(session_factory: SessionFactory) -> None:
    together = Barrier(20)

    def send_together(_number: int) -> Any:
        together.wait(timeout=30)
        with transaction(session_factory) as session:
            return send(session)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send_together, range(20)))
    assert answers == [1] * 20
    with reading(session_factory) as session:
        assert effects(session) == 1
        assert session.scalar(select(func.count()).select_from(Receipt)) == 1


@pytest.mark.parametrize(
    "changed",
    [{"payload": {"amount_vnd": 6_000_000}}, {"operation": "sign_estimate"}],
    ids=["another content", "another form"],
)
def test_a_used_key_with_something_else_is_refused_without_effect(
    session: Session, changed: dict[str, Any]
) -> None:
    send(session)
    with pytest.raises(KeyReused) as refusal:
        send(session, **changed)
    assert "đã được gửi trước đó với nội dung khác" in refusal.value.sentence_vi
    assert effects(session) == 1


def test_the_order_of_the_fields_is_not_another_content(session: Session) -> None:
    send(session, payload={"a": 1, "b": 2})
    assert send(session, payload={"b": 2, "a": 1}) == 1


def test_the_key_of_another_person_is_another_key(session: Session) -> None:
    assert send(session, LAN) == 1
    assert send(session, HOA, payload={"amount_vnd": 1}) == 2


def test_a_refused_act_leaves_the_key_free_for_the_mended_one(session_factory: SessionFactory) -> None:
    def refuse() -> None:
        raise RuleBroken("Số tiền không được âm.")

    with pytest.raises(RuleBroken), transaction(session_factory) as session:
        once(session, LAN, KEY, operation="save_draft", payload=-1, act=refuse)
    with transaction(session_factory) as session:
        assert send(session) == 1


def test_the_answer_is_the_same_value_now_and_later(session: Session) -> None:
    for number, answer in enumerate(({"id": 7, "words": ["Hòa"]}, (1, 2), 0, "", False)):
        first = send(session, key=f"key-{number}", answer=answer)
        again = send(session, key=f"key-{number}", answer="not asked")
        assert (again, type(again)) == (first, type(first))


def test_an_act_that_answers_nothing_can_be_repeated_too(session_factory: SessionFactory) -> None:
    for _ in range(2):
        with transaction(session_factory) as session:
            assert once(session, LAN, KEY, operation="set_clock", payload=1, act=lambda: None) is None


def test_what_no_page_of_ours_made_is_no_key(session: Session) -> None:
    for key in ("", "k" * 65, "khóa", "k\x00", "k\n"):
        with pytest.raises(KeyReused):
            send(session, key=key)
    assert effects(session) == 0
