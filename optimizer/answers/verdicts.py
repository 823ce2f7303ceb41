"""From proofs and rivals to one answer per candidate: the verdict, its bounds, and the exact facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.answer import CandidateAnswer, Displacement, ProofKind, Verdict
from optimizer.answer_prices import BoundOrigin, WorthHint
from optimizer.answers.best_with import BestWith
from optimizer.answers.evidence import Evidence, EvidenceBook
from optimizer.answers.extra_money import extra_money
from optimizer.answers.question import Question
from optimizer.answers.rule_reasons import RuleReason, impossible_reason, state_reason
from optimizer.answers.sentences import answer_sentences
from optimizer.answers.tie_break import tie_break_between
from optimizer.answers.worth import OwnWorth, worth_hints
from optimizer.problem import Candidate

PROOF_MARGIN_POINTS = Fraction(1, 1_000_000)
"""What the engine says of the opposite decision is told only this far below the score."""
NO_RIVAL = BestWith()


@dataclass(frozen=True)
class Teller:
    """Everything known about a plan, ready to be told candidate by candidate.

    Attributes:
        rivals: by candidate id, the best plan found with the opposite decision.
    """

    question: Question
    book: EvidenceBook
    rivals: Mapping[str, BestWith]

    @cached_property
    def _worth(self) -> OwnWorth:
        return OwnWorth(self.question.problem, self.question.level_ids)

    @cached_property
    def _hints(self) -> Mapping[str, WorthHint]:
        return worth_hints(self.question.rows, self.question.prices, self.question.level_ids)

    def answer(self, candidate: Candidate) -> CandidateAnswer:
        """Return the answer for one candidate, sentences included."""
        question, level_id = self.question, self.question.level_ids.get(candidate.id)
        evidence = self.book.by_id.get(candidate.id, Evidence())
        rival = self.rivals.get(candidate.id, NO_RIVAL)
        bare = CandidateAnswer(
            candidate_id=candidate.id,
            level_id=level_id,
            verdict=Verdict.BY_RULE,
            proof=ProofKind.RULE,
            loss_at_least_points=None,
            loss_points=None,
            own_points=self._worth.points(candidate),
            cost_vnd=self._worth.cost_vnd(candidate),
            displaced=(),
            other_level_ids={},
            multipliers={},
            rule_ids=(),
            extra_money=None if level_id else extra_money(question.problem, question.level_ids, candidate),
            sentences=(),
            hint=self._hints.get(candidate.id),
        )
        reason = state_reason(candidate)
        if reason is None and evidence.is_impossible:
            reason = impossible_reason(question, candidate, evidence.row_ids)
        judged = self._judged(bare, evidence, rival) if reason is None else _ruled(bare, evidence, reason)
        return replace(judged, sentences=answer_sentences(question.problem, judged))

    def _judged(self, bare: CandidateAnswer, evidence: Evidence, rival: BestWith) -> CandidateAnswer:
        """Give the verdict that the bounds allow."""
        score = self.question.score
        loss = None if rival.score_points is None else score - rival.score_points
        with_rival = replace(
            bare,
            loss_points=loss,
            other_level_ids=dict(rival.level_ids),
            displaced=displaced(self.question.level_ids, rival.level_ids, bare.candidate_id),
        )
        if evidence.bound is not None and evidence.bound < score:
            # What a letter claims under a proof is what the proof itself adds up to.
            return replace(
                with_rival,
                verdict=Verdict.EVIDENCE,
                proof=ProofKind.CERTIFICATE,
                loss_at_least_points=score - evidence.bound,
                multipliers=dict(evidence.multipliers),
                tree=evidence.tree,
                is_by_plan_tree=evidence.is_by_plan_tree,
            )
        return self._within_error(with_rival, evidence, rival)

    def _within_error(self, answer: CandidateAnswer, evidence: Evidence, rival: BestWith) -> CandidateAnswer:
        """Say how far the opposite decision may still gain, and who says so."""
        score, told = self.question.score, rival.bound
        by_engine = [bound for bound in (told, self.question.plan.bound_points) if bound is not None]
        is_below = told is not None and told < score - PROOF_MARGIN_POINTS
        error, origin = None, None
        if by_engine and not is_below:
            error, origin = max(Fraction(0), min(by_engine) - score), BoundOrigin.ENGINE
        if evidence.bound is not None and (error is None or evidence.bound - score <= error):
            error, origin = evidence.bound - score, BoundOrigin.CERTIFICATE
        least = None
        if is_below and told is not None:
            least = score - told if answer.loss_points is None else min(score - told, answer.loss_points)
        is_tie = answer.loss_points == 0
        return replace(
            answer,
            verdict=Verdict.WITHIN_ERROR,
            proof=ProofKind.NONE,
            multipliers=dict(evidence.multipliers) if origin is BoundOrigin.CERTIFICATE else {},
            is_by_plan_tree=evidence.is_by_plan_tree and origin is BoundOrigin.CERTIFICATE,
            error_points=error,
            error_origin=origin,
            engine_loss_points=least if least is not None and least > 0 else None,
            tie_break=tie_break_between(self.question, rival.level_ids) if is_tie else None,
        )


def _ruled(bare: CandidateAnswer, evidence: Evidence, reason: RuleReason) -> CandidateAnswer:
    """The answer of a candidate that a rule decides, with the proof that it does."""
    return replace(
        bare,
        rule_ids=reason.rule_ids,
        rule_words=reason.words,
        tree=evidence.tree if evidence.is_impossible else None,
        is_by_plan_tree=evidence.is_impossible and evidence.is_by_plan_tree,
    )


def displaced(
    before: Mapping[str, str], after: Mapping[str, str], candidate_id: str
) -> tuple[Displacement, ...]:
    """Return the rivals whose level differs between two plans; none without a second plan."""
    if not after:
        return ()
    return tuple(
        Displacement(key, before.get(key), after.get(key))
        for key in sorted(set(before) | set(after))
        if key != candidate_id and before.get(key) != after.get(key)
    )
