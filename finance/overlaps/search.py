"""Finding the pairs worth looking at among thousands: an index of words by place, then exact scores. Pure.

Every pair of 5,000 projects would be twelve million comparisons. Two projects are compared only when
they share telling words of the title or of a line and their places do not exclude each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from finance.overlaps.likeness import (
    COVERING_FROM,
    LISTED_FROM,
    TITLE_SHARE,
    Likeness,
    WordWeights,
    compare_projects,
    place_factor,
    set_likeness,
    weigh_words,
)
from finance.overlaps.places import WHOLE_PROVINCE, Gazetteer
from finance.overlaps.profiles import AskedProject, Profile, profile_of

# How many of a project's rarest words it is looked up by.
LOOKED_UP_BY = 12
_UNSAID = ""  # where projects without any place are looked up


@dataclass(frozen=True, slots=True)
class Pair:
    """Two projects that ask for much the same."""

    one: AskedProject
    other: AskedProject
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Corpus:
    """Projects made ready for comparing, with the weights of their words."""

    profiles: tuple[Profile, ...]
    weights: WordWeights
    known: Gazetteer


def make_corpus(projects: Sequence[AskedProject], known: Gazetteer) -> Corpus:
    """Make the projects ready for comparing."""
    profiles = tuple(profile_of(project, known) for project in projects)
    return Corpus(profiles, weigh_words(profiles), known)


def find_pairs(corpus: Corpus, *, listed_from: float = LISTED_FROM) -> list[Pair]:
    """Every pair at or above the score, the most alike first.

    Args:
        corpus: what is compared.
        listed_from: least score, from 0 to 1.
    """
    found = []
    for first, second in _candidates(corpus):
        pair = _compared(corpus, corpus.profiles[first], corpus.profiles[second], listed_from)
        if pair is not None:
            found.append(pair)
    return sorted(found, key=_most_alike_first)


def find_alike(project: AskedProject, corpus: Corpus, *, listed_from: float = LISTED_FROM) -> list[Pair]:
    """What is like one project, the most alike first; itself left out."""
    profile = profile_of(project, corpus.known)
    others = (other for other in corpus.profiles if other.asked.key != project.key)
    pairs = (_compared(corpus, profile, other, listed_from) for other in others)
    return sorted((pair for pair in pairs if pair is not None), key=_most_alike_first)


def find_covering(corpus: Corpus, *, words_from: float = COVERING_FROM) -> list[Pair]:
    """Pairs with nearly the same words of which one scope holds the other, the most alike first.

    The province may already buy for everybody what a commune asks for itself; mostly the two are
    different things, so these pairs are never mixed with the others.
    """
    found = []
    for first, second in _covering_candidates(corpus):
        one, other = corpus.profiles[first], corpus.profiles[second]
        if _upper_bound(one, other, corpus.weights) >= words_from:
            likeness = compare_projects(one, other, corpus.weights, corpus.known)
            if likeness.words >= words_from:
                found.append(Pair(one.asked, other.asked, likeness))
    return sorted(found, key=_most_alike_first)


def _compared(corpus: Corpus, one: Profile, other: Profile, listed_from: float) -> Pair | None:
    # Places and titles bound the score from above; most pairs end here.
    if place_factor(one.places, other.places, corpus.known) < listed_from:
        return None
    if _upper_bound(one, other, corpus.weights) < listed_from:
        return None
    likeness = compare_projects(one, other, corpus.weights, corpus.known)
    return Pair(one.asked, other.asked, likeness) if likeness.score >= listed_from else None


def _most_alike_first(pair: Pair) -> tuple[float, tuple[int, str], tuple[int, str]]:
    return -pair.likeness.score, pair.one.key, pair.other.key


def _upper_bound(one: Profile, other: Profile, weights: WordWeights) -> float:
    """No likeness of the words of these two can be higher."""
    title = set_likeness(one.title, other.title, weights)
    return TITLE_SHARE * title + 1 - TITLE_SHARE if one.lines and other.lines else title


def _candidates(corpus: Corpus) -> list[tuple[int, int]]:
    """Pairs of positions that share a telling word and a place, or of which one says no place."""
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for number, profile in enumerate(corpus.profiles):
        for word in _telling(profile, corpus.weights):
            if not profile.places:
                found.update((other, number) for other in by_word[word])
            for place in (*profile.places, _UNSAID):
                found.update((other, number) for other in by_place[word, place])
            for place in profile.places or (_UNSAID,):
                by_place[word, place].append(number)
            by_word[word].append(number)
    return sorted(found)


def _covering_candidates(corpus: Corpus) -> list[tuple[int, int]]:
    """Pairs of positions that share a telling word, the one placed within the other."""
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, profile in enumerate(corpus.profiles):
        for word in _telling(profile, corpus.weights):
            for place in profile.places:
                by_place[word, place].append(number)
    found: set[tuple[int, int]] = set()
    for number, profile in enumerate(corpus.profiles):
        holders = {corpus.known.parents.get(place, "") for place in profile.places} - {""}
        if profile.places and WHOLE_PROVINCE not in profile.places:
            holders.add(WHOLE_PROVINCE)
        for word in _telling(profile, corpus.weights):
            for holder in holders:
                found.update((min(number, other), max(number, other)) for other in by_place[word, holder])
    return sorted(pair for pair in found if pair[0] != pair[1])


def _telling(profile: Profile, weights: WordWeights) -> list[str]:
    """The rarest words of the title; the others are too common to look anything up by."""
    return sorted(profile.title, key=lambda word: (weights.counts[word], word))[:LOOKED_UP_BY]
