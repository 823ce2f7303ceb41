"""explain: why each candidate is in or out of a plan, and what it would take to decide otherwise."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.interruption import stopping_on_interrupt
from optimizer.commands.options import seconds
from optimizer.commands.reporting import (
    Told,
    add_plan_argument,
    add_problem_argument,
    plan_from,
    problem_from,
    refused,
    say,
    write_json,
)
from optimizer.errors import Mistake

if TYPE_CHECKING:
    from optimizer.answer import Explanation
    from optimizer.problem import AllocationProblem

HELP = "vì sao được cấp, vì sao chưa, cần gì để được cấp"
QUESTIONS = ("level", "cost", "year", "money", "replacement")
BILLION_VND = 1_000_000_000
SECONDS, DEEP_SECONDS = 20.0, 120.0
OVERDUE_SECONDS, OVERDUE_TIMES = 300.0, 3.0
"""So long after its limit a run is given up; proofs are re-added and told on top of it."""


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for problem and plan, which candidates to explain, and how deep."""
    add_problem_argument(parser)
    add_plan_argument(parser)
    parser.add_argument(
        "--candidate", action="append", metavar="MÃ", help="chỉ dự án này; ghi nhiều lần được"
    )
    parser.add_argument("--all", action="store_true", help="mọi dự án (mặc định)")
    parser.add_argument("--deep", action="store_true", help="thêm mọi câu hỏi của --ask")
    parser.add_argument(
        "--ask",
        action="append",
        choices=QUESTIONS,
        default=[],
        help="cần gì để quyết định khác đi: mức, chi phí, năm, tiền thêm, giá thay thế",
    )
    parser.add_argument(
        "--confirm-prices",
        nargs="?",
        type=int,
        const=BILLION_VND,
        metavar="ĐỒNG",
        help="giải lại với từng nguồn thêm số đồng này (mặc định một tỷ) để xác nhận giá của tiền",
    )
    parser.add_argument(
        "--time-limit",
        type=seconds,
        metavar="GIÂY",
        help=f"mặc định {SECONDS:.0f}; khi có --deep, --ask hoặc --confirm-prices: {DEEP_SECONDS:.0f}",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="TỆP",
        help="tệp giải trình (phanbo-explanation/1), để verify --explanation kiểm lại",
    )


def run(asked: Namespace) -> Told:
    """Explain the plan; the interrupt key ends proofs and searches, and what is known by then is told."""
    seconds = asked.time_limit or (DEEP_SECONDS if _is_beyond(asked) else SECONDS)
    with stopping_on_interrupt(OVERDUE_SECONDS + OVERDUE_TIMES * seconds) as should_stop:
        return _explained(asked, seconds, should_stop)


def _is_beyond(asked: Namespace) -> bool:
    return bool(asked.deep or asked.ask or asked.confirm_prices)


def _explained(asked: Namespace, seconds: float, should_stop: Callable[[], bool]) -> Told:
    # Loaded here so that the other verbs run without any solver.
    from optimizer.answer_exchange import explanation_to_json
    from optimizer.answers.explanation import AskedBeyond, explain
    from optimizer.answers.price_to_fund import DeepQuestion

    problem, plan = problem_from(asked), plan_from(asked.plan)
    wanted = None if asked.all else asked.candidate
    mistakes = _mistakes(problem, asked)
    if mistakes:
        return refused(mistakes)
    deep = frozenset(DeepQuestion) if asked.deep else frozenset(DeepQuestion(name) for name in asked.ask)
    beyond = AskedBeyond(deep, asked.confirm_prices)
    explanation = explain(
        problem,
        plan,
        candidate_ids=wanted,
        time_limit_seconds=seconds,
        should_stop=should_stop,
        beyond=beyond,
    )
    _tell(problem, explanation)
    data = explanation_to_json(explanation)
    if asked.out is not None:
        write_json(asked.out, data)
    return FOUND, {"explanation": data}


def _mistakes(problem: AllocationProblem, asked: Namespace) -> list[Mistake]:
    unknown = sorted(set(asked.candidate or ()) - {candidate.id for candidate in problem.candidates})
    mistakes = [Mistake("--candidate", f"Không có dự án “{name}”.") for name in unknown]
    if asked.confirm_prices is not None and asked.confirm_prices <= 0:
        mistakes.append(Mistake("--confirm-prices", "Số tiền phải lớn hơn 0."))
    return mistakes


def _tell(problem: AllocationProblem, explanation: Explanation) -> None:
    """Say the answers, then the prices of money, in words."""
    from optimizer.answers.deep_sentences import rule_price_sentence
    from optimizer.answers.money_rows import money_row_words
    from optimizer.answers.sentences import hint_sentence

    differing = {item.candidate_id: item.words for item in explanation.ranking if item.words}
    for answer in explanation.answers:
        say(f"{answer.candidate_id}:", *(f"  {sentence}" for sentence in answer.sentences))
        if answer.candidate_id in differing:
            say(f"  So với danh sách điểm trên tiền: {differing[answer.candidate_id]}")
        if answer.hint is not None:
            say(f"  {hint_sentence(answer.hint)}")
    words = money_row_words(problem)
    for price in explanation.prices:
        say(rule_price_sentence(price, words.get(price.row_id, price.row_id)))
