"""What it would take to decide otherwise about a candidate: level, cost, year, extra money, replacement.

Each answer is a search of its own on a problem with that one thing changed, and is asked for by name. Plans
are audited; how far another plan could do better is a bound with its origin.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from fractions import Fraction
from time import perf_counter

from optimizer.answer import CandidateAnswer
from optimizer.answer_prices import (
    BoundOrigin,
    CandidatePrices,
    LevelLoss,
    ReplacementCost,
    YearShift,
)
from optimizer.answers.best_with import BestWith, Effort, best_with, hold_shortfall
from optimizer.answers.cost_cut import cost_cut
from optimizer.answers.deep_sentences import price_sentences
from optimizer.answers.least_money import capped_places, least_money
from optimizer.answers.question import Question
from optimizer.edits import StateEdit, apply_edits
from optimizer.formulation.assemble import formulate
from optimizer.precheck import check_problem
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    StageName,
    allowed_level_ids,
)
from optimizer.proofs.certificate import PricedRows
from optimizer.solving.search import Search
from optimizer.spending import cost_items, level_cost_vnd

GAP_SHARE = 1e-6
SHIFTS = (-1, 1)


class DeepQuestion(Enum):
    """What may be asked beyond the verdict; label_vi is what people read."""

    LEVEL = "level"
    COST = "cost"
    YEAR = "year"
    MONEY = "money"
    REPLACEMENT = "replacement"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the question."""
        return {
            DeepQuestion.LEVEL: "ở mức khác thì sao",
            DeepQuestion.COST: "chi phí nào thì được cấp",
            DeepQuestion.YEAR: "bắt đầu năm khác thì sao",
            DeepQuestion.MONEY: "cần thêm bao nhiêu tiền",
            DeepQuestion.REPLACEMENT: "mua kết quả này từ dự án khác tốn bao nhiêu",
        }[self]


def asked_deeper(
    question: Question, answers: Sequence[CandidateAnswer], deep: Collection[DeepQuestion], seconds: float
) -> list[CandidateAnswer]:
    """Return the answers with what was asked beyond them, sentences included.

    Args:
        question: the plan under question.
        answers: answers with their verdicts.
        deep: what is asked.
        seconds: wall clock; every candidate gets an even share of what is left.
    """
    ends = perf_counter() + seconds
    told = []
    for number, answer in enumerate(answers):
        candidate = question.candidates[answer.candidate_id]
        share = (ends - perf_counter()) / (len(answers) - number)
        if candidate.state is not CandidateState.OPEN or share <= 0:
            told.append(answer)
            continue
        prices = candidate_prices(question, candidate, deep, share)
        words = price_sentences(question.problem, answer, prices)
        told.append(replace(answer, prices=prices, sentences=(*answer.sentences, *words)))
    return told


def candidate_prices(
    question: Question, candidate: Candidate, deep: Collection[DeepQuestion], seconds: float
) -> CandidatePrices:
    """Return what it would take to decide otherwise about one open candidate.

    Args:
        question: the plan under question.
        candidate: a candidate that no state decides.
        deep: what is asked; what does not apply to the candidate is left out.
        seconds: wall clock, shared evenly by the single searches.
    """
    ends = perf_counter() + seconds
    is_out = candidate.id not in question.level_ids
    levels = [level for level in candidate.levels if level.id in allowed_level_ids(candidate)]
    others = [level for level in levels if level.id != question.level_ids.get(candidate.id)]
    cuttable = [level for level in levels if is_out and level_cost_vnd(level)]
    shifts = [(years, moved) for years in SHIFTS if (moved := started(question.problem, candidate, years))]
    asked = {
        DeepQuestion.LEVEL: len(others),
        DeepQuestion.COST: len(cuttable),
        DeepQuestion.YEAR: len(shifts),
        DeepQuestion.MONEY: int(is_out),
        DeepQuestion.REPLACEMENT: int(not is_out),
    }
    left = _Shares(ends, sum(count for name, count in asked.items() if name in deep))
    prices = CandidatePrices()
    if DeepQuestion.LEVEL in deep:
        prices = replace(
            prices, levels=tuple(level_loss(question, candidate, level, left.next()) for level in others)
        )
    if DeepQuestion.COST in deep:
        prices = replace(
            prices, cuts=tuple(cost_cut(question, candidate, level, left.next()) for level in cuttable)
        )
    if DeepQuestion.YEAR in deep:
        found = tuple(_year_shift(question, moved, years, left.next()) for years, moved in shifts)
        prices = replace(prices, shifts=found)
    if DeepQuestion.MONEY in deep and is_out:
        places = _own_places(question.problem, levels)
        prices = replace(prices, least_extra=least_money(question, candidate.id, places, left.next()).money)
    if DeepQuestion.REPLACEMENT in deep and not is_out:
        prices = replace(prices, replacement=replacement_cost(question, candidate, left.next()))
    return prices


class _Shares:
    """Even shares of the time that is left, for a number of searches."""

    def __init__(self, ends: float, count: int) -> None:
        self._ends = ends
        self._count = count

    def next(self) -> float:
        """Return the seconds of the next search."""
        share = (self._ends - perf_counter()) / max(self._count, 1)
        self._count -= 1
        return max(share, 0.05)


def _own_places(problem: AllocationProblem, levels: Sequence[FundingLevel]) -> list[tuple[str, int]]:
    """Return the ceilings that the levels of a candidate count in."""
    used = {place for level in levels for place, _ in cost_items(level)}
    return [place for place in capped_places(problem) if place in used]


def level_loss(question: Question, candidate: Candidate, level: FundingLevel, seconds: float) -> LevelLoss:
    """Return what the best plan with a candidate at one level loses.

    Args:
        question: the plan under question.
        candidate: the candidate.
        level: one of its allowed levels.
        seconds: wall clock.
    """
    pinned = apply_edits(question.problem, [StateEdit(candidate.id, CandidateState.PINNED, level.id)])
    found, most, origin = _best_of(question, pinned, seconds)
    loss = None if found.score_points is None else question.score - found.score_points
    least = None if most is None else question.score - most
    return LevelLoss(level.id, found.is_possible, least, origin, loss, found.level_ids)


def _year_shift(question: Question, moved: AllocationProblem, years: int, seconds: float) -> YearShift:
    """Return what the best plan with the candidate begun in another year gains."""
    found, most, origin = _best_of(question, moved, seconds)
    gain = None if found.score_points is None else found.score_points - question.score
    most = None if most is None else most - question.score
    return YearShift(years, found.is_possible, gain, most, origin, found.level_ids)


def _best_of(
    question: Question, problem: AllocationProblem, seconds: float
) -> tuple[BestWith, Fraction | None, BoundOrigin]:
    """Return the best plan of another problem, and the lower of the two bounds with its origin."""
    shortfall_vnd = question.report.shortfall_vnd
    search = Search(formulate(problem), question.engine, question.limits)
    hold_shortfall(search, shortfall_vnd)
    search.aim(StageName.SCORE)
    relaxed = search.relax()
    proven: Fraction | None = None
    if relaxed.row_duals is not None:
        rows = PricedRows(problem, shortfall_vnd)
        prices = search.multipliers(relaxed.row_duals)
        proven = rows.priced({key: value for key, value in prices.items() if key in rows.book.rows}).bound()
    found = best_with(search, Effort(lambda left: question.settings(left, GAP_SHARE), seconds, shortfall_vnd))
    if found.bound is not None and (proven is None or found.bound < proven):
        return found, found.bound, BoundOrigin.ENGINE
    return found, proven, BoundOrigin.CERTIFICATE


def started(problem: AllocationProblem, candidate: Candidate, years: int) -> AllocationProblem | None:
    """Return the problem in which a candidate must be funded and begins some years later or earlier.

    Costs and yields move by so many years. None when a year they would move to is not in the problem, or a
    source has no ceiling there, or nothing moves.
    """
    known = set(problem.years)
    moved_levels = []
    for level in candidate.levels:
        spent = {year for by_year in level.cost_vnd.values() for year, amount in by_year.items() if amount}
        counted = {year for by_year in level.yields.values() for year in by_year}
        if not {year + years for year in spent | (counted & known)} <= known:
            return None
        cost_vnd = {key: _later(by_year, years, known) for key, by_year in level.cost_vnd.items()}
        yields = {
            key: {year + years: amount for year, amount in by_year.items()}
            for key, by_year in level.yields.items()
        }
        moved_levels.append(replace(level, cost_vnd=cost_vnd, yields=yields))
    moved = replace(candidate, levels=tuple(moved_levels), state=CandidateState.COMMITTED)
    others = (moved if item.id == candidate.id else item for item in problem.candidates)
    shifted = replace(problem, candidates=tuple(others), reference_plan=None)
    return None if check_problem(shifted) else shifted


def _later(by_year: Mapping[int, int], years: int, known: set[int]) -> dict[int, int]:
    """Move amounts by some years; zeros that would leave the problem's years are dropped."""
    return {year + years: amount for year, amount in by_year.items() if amount or year + years in known}


def replacement_cost(question: Question, candidate: Candidate, seconds: float) -> ReplacementCost:
    """Return what a funded candidate's results would cost if the others had to bring them.

    Args:
        question: a plan that funds the candidate.
        candidate: the candidate.
        seconds: wall clock.
    """
    found = least_money(question, candidate.id, capped_places(question.problem), seconds)
    if found.money is None:
        is_possible = found.is_possible or not _is_proven_irreplaceable(question, candidate)
        return ReplacementCost(is_possible, None, None)
    costs = {
        (item.id, level.id): level_cost_vnd(level)
        for item in question.candidates.values()
        for level in item.levels
    }
    before = sum(costs[key] for key in question.level_ids.items() if key[0] != candidate.id)
    after = sum(costs[key] for key in found.money.level_ids.items())
    return ReplacementCost(is_possible=True, extra=found.money, others_vnd=after - before)


def _is_proven_irreplaceable(question: Question, candidate: Candidate) -> bool:
    """Tell whether, without any ceiling, plans without the candidate are proven to score less."""
    problem = question.problem
    free = replace(
        apply_edits(problem, [StateEdit(candidate.id, CandidateState.BARRED)]),
        sources=tuple(
            replace(source, is_uncapped=True, ceiling_vnd={}, transfers_to_ids=())
            for source in problem.sources
        ),
    )
    best, most, origin = _best_of(question, free, 1.0)
    is_proven = most is not None and origin is BoundOrigin.CERTIFICATE and most < question.score
    return is_proven and (best.score_points is None or best.score_points < question.score)
