"""Why each candidate is in or out of a plan, with proofs where there are proofs.

1. proofs: the opposite decision of every candidate bounded in exact fractions, cheapest first
2. rivals: for every candidate the best plan with the opposite decision that time finds
3. facts: exact points, money and extra money of every candidate; hints of the relaxation
4. on demand: prices of money confirmed by a step, and what it would take to decide otherwise
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter

from optimizer.answer import CandidateAnswer, Explanation, RulePrice
from optimizer.answers.best_with import BestWith
from optimizer.answers.evidence import EvidenceBook, gather_evidence
from optimizer.answers.money_prices import confirmed_prices, money_prices
from optimizer.answers.price_to_fund import DeepQuestion, asked_deeper
from optimizer.answers.question import Question, open_question, score_of
from optimizer.answers.ranking import plain_ranking
from optimizer.answers.rivals import LOSS_ACCURACY_SHARE, best_rival, near_rival
from optimizer.answers.sharper_proof import sharpen
from optimizer.answers.verdicts import NO_RIVAL, Teller
from optimizer.baselines import audit_pro_rata, value_for_money_levels
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.solving.limits import ShouldStop
from optimizer.verify import audit_levels

PROOF_SHARE = 0.75
"""Share of the time that proofs may use; the rest is for the best plans with the opposite decision."""
BEYOND_SHARE = 0.6
"""Share of the time that is kept for what is asked beyond the verdicts."""
MOST_SECONDS_EACH = 4.0
FEW_ASKED = 5
"""For so few candidates the loss itself is proven as far as time goes, not only that there is one."""
LEAST_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class AskedBeyond:
    """What is asked beyond the verdicts; each costs searches of its own.

    Attributes:
        deep: what it would take to decide otherwise about each candidate.
        price_step_vnd: the step by which the prices of money are confirmed; None = hints only.
    """

    deep: frozenset[DeepQuestion] = frozenset()
    price_step_vnd: int | None = None

    @property
    def is_something(self) -> bool:
        """True when anything is asked."""
        return bool(self.deep) or self.price_step_vnd is not None


@dataclass(frozen=True, slots=True)
class _Clock:
    """When the work must end, and who may end it earlier."""

    ends: float
    should_stop: ShouldStop | None

    def left(self) -> float:
        return max(0.0, self.ends - perf_counter())

    def is_over(self) -> bool:
        return self.left() <= 0 or self.is_stopped()

    def is_stopped(self) -> bool:
        return self.should_stop is not None and self.should_stop()


def explain(
    problem: AllocationProblem,
    plan: AllocationPlan,
    *,
    candidate_ids: Sequence[str] | None = None,
    time_limit_seconds: float = 20.0,
    on_answer: Callable[[int, int], None] | None = None,
    should_stop: ShouldStop | None = None,
    beyond: AskedBeyond | None = None,
) -> Explanation:
    """Explain a plan, candidate by candidate.

    Args:
        problem: the question.
        plan: an audited plan for it.
        candidate_ids: the candidates to explain; None = all, in order of id.
        time_limit_seconds: wall clock shared by all proofs and re-solves.
        on_answer: told (candidates done, candidates asked for) after each one.
        should_stop: asked often; True ends proofs and searches, and what is known by then is told. True from
            the beginning: nothing is known about any candidate, and no answer is given.
        beyond: what is asked beyond the verdicts; None = nothing.
    Returns:
        Facts and Vietnamese sentences; the same plan gives the same facts as long as time does not run out.
    Raises:
        InvalidProblem, NoFeasiblePlan: the problem is not sound.
        InvalidPlan: the audit refuses the plan.
    """
    began, beyond = perf_counter(), beyond or AskedBeyond()
    question = open_question(problem, plan)
    chosen = set(question.candidates if candidate_ids is None else candidate_ids)
    wanted = [key for key in question.candidates if key in chosen]
    share = 1.0 - BEYOND_SHARE if beyond.is_something else 1.0
    clock = _Clock(began + time_limit_seconds * share, should_stop)
    book = EvidenceBook(question)
    answers: list[CandidateAnswer] = []
    if not clock.is_stopped():
        book = gather_evidence(question, wanted, clock.left() * PROOF_SHARE, should_stop)
        rivals = _find_rivals(book, wanted, clock, on_answer)
        if len(wanted) <= FEW_ASKED:
            sharpen(book, rivals, clock.left())
        teller = Teller(question, book, rivals)
        answers = [teller.answer(question.candidates[key]) for key in wanted]
    answers, prices = _asked_beyond(
        question, answers, beyond, replace(clock, ends=began + time_limit_seconds)
    )
    greedy, pro_rata = audit_levels(problem, value_for_money_levels(problem)), audit_pro_rata(problem)
    return Explanation(
        problem_sha256=plan.problem_sha256,
        score_points=question.score,
        bound_points=plan.bound_points,
        answers=tuple(answers),
        prices=prices,
        greedy_points=greedy.score_points if greedy.is_kept else None,
        pro_rata_points=pro_rata.score_points if pro_rata.is_kept else None,
        inversions=order_inversions(problem, plan.level_ids),
        plan_tree=book.plan_tree,
        ranking=plain_ranking(question, answers),
    )


def _asked_beyond(
    question: Question, answers: list[CandidateAnswer], beyond: AskedBeyond, clock: _Clock
) -> tuple[list[CandidateAnswer], tuple[RulePrice, ...]]:
    """Return the answers and the prices of money, with what was asked beyond the verdicts."""
    prices = money_prices(question.problem, question.prices)
    if beyond.price_step_vnd is not None and not clock.is_over():
        share = 1.0 / (1 + bool(beyond.deep))
        prices = confirmed_prices(question, prices, beyond.price_step_vnd, clock.left() * share)
    if beyond.deep and not clock.is_over():
        answers = asked_deeper(question, answers, beyond.deep, clock.left())
    return answers, prices


def _find_rivals(
    book: EvidenceBook, wanted: Sequence[str], clock: _Clock, on_answer: Callable[[int, int], None] | None
) -> dict[str, BestWith]:
    """Search the best plan with the opposite decision: near the plan for all, then wider while time lasts."""
    question = book.question
    rivals: dict[str, BestWith] = {}
    in_doubt = set(book.in_doubt()) | set(book.rivals)
    possible = [key for key in wanted if key in book.by_id and not book.by_id[key].is_impossible]
    for key in sorted(possible, key=lambda key: (key not in in_doubt, key)):
        if key in book.rivals:
            rivals[key] = BestWith(True, None, score_of(question.problem, book.rivals[key]), book.rivals[key])
        elif not clock.is_over():
            rivals[key] = near_rival(question, key)
    # First those in doubt, then those without any rival, then the rest.
    order = sorted(
        wanted, key=lambda key: (key not in in_doubt, rivals.get(key, NO_RIVAL).score_points is not None, key)
    )
    for number, key in enumerate(order):
        known = rivals.get(key, NO_RIVAL)
        seconds = min(MOST_SECONDS_EACH, clock.left(), 1.5 * clock.left() / (len(order) - number))
        has_time = seconds >= LEAST_SECONDS and not clock.is_over()
        if key in possible and has_time and not _is_known_well(question, book.by_id[key].bound, known):
            rivals[key] = best_rival(question, key, known, seconds)
        if on_answer is not None:
            on_answer(number + 1, len(order))
    return rivals


def _is_known_well(question: Question, bound: Fraction | None, known: BestWith) -> bool:
    """Tell whether the loss is proven and known to a fifth of itself."""
    if bound is None or bound >= question.score or known.score_points is None:
        return False
    loss = question.score - known.score_points
    return bound - known.score_points <= loss * LOSS_ACCURACY_SHARE


def order_inversions(problem: AllocationProblem, level_ids: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for every agency file that is out while a later file of the same agency is in."""
    sentences = []
    ranked = sorted(
        (item for item in problem.candidates if item.rank is not None),
        key=lambda i: (i.agency, i.rank or 0, i.id),
    )
    for first in ranked:
        later = [
            item.name
            for item in ranked
            if item.agency == first.agency and (item.rank or 0) > (first.rank or 0) and item.id in level_ids
        ]
        if first.id not in level_ids and later:
            sentences.append(
                f"“{first.agency}” xếp “{first.name}” trước “{later[0]}”, nhưng phương án cấp dự án xếp sau."
            )
    return tuple(sentences)
