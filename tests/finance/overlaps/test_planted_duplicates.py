"""Twenty requests asked twice among four hundred: how many are found, and how many alarms are false."""

from __future__ import annotations

from collections import Counter

import pytest

from finance.overlaps.search import find_alike, find_covering, find_pairs, make_corpus
from tests.finance.overlaps.planted import COPIES, Planted, planted_province, reworded

# Seeds the limit was never looked at with: it was settled on seeds 1 to 8.
SEEDS = (71, 72, 73, 74, 75)


def judged(planted: Planted) -> tuple[Counter[str], Counter[str], int, int]:
    """Per way of copying: planted and found; then false alarms and everything listed."""
    listed = {
        frozenset({p.one.key, p.other.key}) for p in find_pairs(make_corpus(planted.projects, planted.known))
    }
    there, found = Counter[str](), Counter[str]()
    true = {pair for pairs in planted.duplicates.values() for pair in pairs}
    # The two halves of one split request are alike too: no false alarm, nor what was asked to be found.
    halves = {pairs[0] ^ pairs[1] for pairs in planted.duplicates.values() if len(pairs) == 2}
    for name, pairs in planted.duplicates.items():
        kind = name.split()[0]
        there[kind] += 1
        found[kind] += all(pair in listed for pair in pairs)
    return there, found, len(listed - true - halves), len(listed)


def test_recall_and_false_alarms(capsys: pytest.CaptureFixture[str]) -> None:
    there, found, false, listed = Counter[str](), Counter[str](), 0, 0
    told: list[str] = []
    for seed in SEEDS:
        planted = planted_province(seed)
        assert len(planted.projects) == 400
        assert len(planted.duplicates) == 20
        one_there, one_found, one_false, one_listed = judged(planted)
        there += one_there
        found += one_found
        false, listed = false + one_false, listed + one_listed
        told.append(f"seed {seed}: {one_found.total()} of 20 found, {one_false} of {one_listed} false")
    with capsys.disabled():
        print("", *told, sep="\n")
        kinds = ", ".join(f"{kind} {found[kind]}/{there[kind]}" for kind in sorted(there))
        print(
            f"Overlap radar, {len(SEEDS)} x 400 requests: found {found.total()} of {there.total()} planted"
            f" ({kinds}); {false} false alarms of {listed} listed"
        )
    assert found.total() * 10 >= there.total() * 9, told
    assert false * 10 <= listed, told


def test_nothing_planted_nothing_much_listed() -> None:
    planted = planted_province(31, twice=0)
    assert len(find_pairs(make_corpus(planted.projects, planted.known))) <= 3


def test_the_way_people_reword_is_the_hard_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Only copies in other words: told by itself, because the mixture above hides it."""
    found = there = 0
    for seed in (41, 42, 43):
        planted = planted_province(seed, ways=(reworded,))
        _there, one_found, _false, _listed = judged(planted)
        found, there = found + one_found.total(), there + 20
    with capsys.disabled():
        print(f"\nOverlap radar, other words throughout: found {found} of {there}")
    assert found * 10 >= there * 6


def test_every_way_of_copying_is_planted() -> None:
    kinds = {name.split()[0] for name in planted_province(1).duplicates}
    assert kinds == {copy.__name__ for copy in COPIES}


def test_one_project_at_entry_finds_what_the_list_finds() -> None:
    planted = planted_province(22)
    corpus = make_corpus(planted.projects, planted.known)
    for pair in find_pairs(corpus)[:10]:
        alike = find_alike(pair.one, corpus)
        assert pair.other.key in {found.other.key for found in alike}


def test_no_pair_of_all_pairs_is_missed_by_the_index() -> None:
    planted = planted_province(23, count=120)
    corpus = make_corpus(planted.projects, planted.known)
    by_index = {frozenset({pair.one.key, pair.other.key}) for pair in find_pairs(corpus)}
    by_hand = {
        frozenset({project.key, pair.other.key})
        for project in planted.projects
        for pair in find_alike(project, corpus)
    }
    assert by_index == by_hand


def test_the_explanation_names_words_and_scope() -> None:
    planted = planted_province(24)
    pair = find_pairs(make_corpus(planted.projects, planted.known))[0]
    assert pair.likeness.shared_words
    assert any(said.startswith("cùng địa bàn") or "toàn tỉnh" in said for said in pair.likeness.scope_vi)
    assert any(said.startswith("cùng nhiệm vụ") for said in pair.likeness.scope_vi)


def test_a_scope_that_holds_the_other_is_listed_apart() -> None:
    planted = planted_province(25)
    corpus = make_corpus(planted.projects, planted.known)
    covering = find_covering(corpus)
    assert covering
    listed = {frozenset({pair.one.key, pair.other.key}) for pair in find_pairs(corpus)}
    assert not listed & {frozenset({pair.one.key, pair.other.key}) for pair in covering}


@pytest.mark.deep
def test_five_thousand_requests() -> None:
    planted = planted_province(3, count=5000)
    assert len(find_pairs(make_corpus(planted.projects, planted.known))) > 20
