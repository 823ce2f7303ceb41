"""What people read about a scenario, a run and an award says exactly what is known, never more."""

from __future__ import annotations

from fractions import Fraction

import pytest

from finance.database import SessionFactory, transaction
from finance.errors import ReasonMissing, RuleBroken
from finance.scenarios.award_reasons import points_text
from finance.scenarios.operations import NewLimit, NewLock, add_limit, set_lock
from finance.scenarios.queries import scenario_settings
from finance.scenarios.question_overview import overview_of
from finance.scenarios.rules import (
    LinkKind,
    LockKind,
    RunOutcome,
    link_sentence,
    outcome_sentence,
    require_full_weights,
    require_link_sound,
)
from tests.finance.scenarios.appraised import project_id_of
from tests.finance.scenarios.conftest import Pool


@pytest.mark.parametrize(
    ("outcome", "score", "gap", "words"),
    [
        (RunOutcome.PROVEN, 48_581, 0, "Đã chứng minh là tốt nhất: 48,581 điểm"),
        (RunOutcome.WITHIN_GAP, 48_000, 20, "không quá 48,02 điểm, còn cách nhiều nhất 0,02 điểm"),
        (RunOutcome.STOPPED, 40_000, 9_500, "Dừng sớm, chưa chứng minh: 40 điểm"),
        (RunOutcome.STOPPED, 40_000, None, "chưa biết còn có thể cao hơn bao nhiêu"),
        (RunOutcome.INFEASIBLE, None, None, "Không có phương án thỏa mọi quy tắc."),
    ],
)
def test_a_run_never_sounds_surer_than_it_is(
    outcome: RunOutcome, score: int | None, gap: int | None, words: str
) -> None:
    sentence = outcome_sentence(outcome, score, gap)
    assert words in sentence
    assert ("tốt nhất" in sentence) is (outcome is RunOutcome.PROVEN)


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (Fraction(1, 3), "0,333 điểm"),
        (Fraction(1, 10_000), "dưới 0,001 điểm"),
        (Fraction(0), "0 điểm"),
        (Fraction(5, 2), "2,5 điểm"),
    ],
)
def test_points_too_small_to_show_are_not_shown_as_nought(points: Fraction, text: str) -> None:
    assert points_text(points) == text


def test_a_floor_above_what_may_fill_it_is_said_to_be_capped(
    session_factory: SessionFactory, pool: Pool
) -> None:
    planner = pool.province.planner
    with transaction(session_factory) as session:
        limit = NewLimit("Sàn đào tạo", "Kết luận 1", area_codes=("4",), at_least_vnd=9_000_000)
        add_limit(session, planner, pool.scenario_id, limit=limit, seen_edit=1)
        overview = overview_of(session, planner, pool.scenario_id)
        settings = scenario_settings(session, planner, pool.scenario_id)
    capped = [one for one in overview.findings if one.code == "floor-capped"]
    assert overview.is_runnable
    assert [one.is_blocking for one in capped] == [False]
    assert "chỉ có hiệu lực đến 5.000.000 đồng" in capped[0].message_vi
    assert settings.limits[0].sentence_vi == (
        "Sàn đào tạo – lĩnh vực 4 (Đội ngũ công chức): ít nhất 9.000.000 đồng (bắt buộc, theo Kết luận 1)."
    )


def test_a_lock_without_a_reason_or_on_another_office_is_refused(
    session_factory: SessionFactory, pool: Pool
) -> None:
    with transaction(session_factory) as session:
        training = project_id_of(session, "DA1")
        refusals = [
            (NewLock(training, LockKind.BARRED, "  "), ReasonMissing, "Phải ghi lý do|không đưa vào"),
            (NewLock(training + 1_000, LockKind.BARRED, "Nhầm"), RuleBroken, "đã thẩm định xong"),
            (NewLock(training, LockKind.PINNED, "Đã hứa"), RuleBroken, "Phải nêu mức"),
        ]
        for lock, error, words in refusals:
            with pytest.raises(error, match=words):
                set_lock(session, pool.province.planner, pool.scenario_id, lock=lock, seen_edit=1)


@pytest.mark.parametrize(
    ("kind", "ids"),
    [(LinkKind.REQUIRES, [1]), (LinkKind.REQUIRES, [1, 2, 3]), (LinkKind.AT_MOST_ONE, [1, 1])],
)
def test_a_link_names_enough_different_projects(kind: LinkKind, ids: list[int]) -> None:
    with pytest.raises(RuleBroken):
        require_link_sound(kind, ids)


def test_links_are_read_aloud() -> None:
    assert link_sentence(LinkKind.REQUIRES, ["A", "B"]) == "“A” chỉ được bố trí khi “B” cũng được bố trí."
    assert link_sentence(LinkKind.EXACTLY_ONE, ["A", "B", "C"]).startswith(
        "Trong các dự án “A”, “B” và “C”: đúng một"
    )


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({1: 60_000, 2: 41_000}, "thừa 1 điểm"),
        ({1: 60_000, 2: 39_999}, "thiếu 0,001 điểm"),
        ({1: 110_000, 2: -10_000}, "không được âm"),
        ({1: 100_000}, "không thiếu, không thừa"),
        ({1: 50_000, 3: 50_000}, "không thiếu, không thừa"),
    ],
)
def test_weights_that_are_not_one_hundred_points_are_refused(weights: dict[int, int], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        require_full_weights(weights, [1, 2])
