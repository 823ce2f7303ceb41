"""Which words of a text another text shares, as they are written, so that a person sees why. Pure."""

from __future__ import annotations

import re

from finance.vietnamese.key_words import has_synonyms, key_words, plain_words

_WORD = re.compile(r"\w+")
_LONGEST_PHRASE = 4


def mark_shared(text: str, shared: frozenset[str]) -> list[tuple[str, bool]]:
    """The text cut into pieces, each with whether its words are shared.

    Args:
        text: a title or item as it is written.
        shared: key words both sides use (see `finance.vietnamese.key_words`).

    Returns:
        Pieces that make up the text again when put together.
    """
    places = [match.span() for match in _WORD.finditer(text)]
    pieces: list[tuple[str, bool]] = []
    written = at = 0
    while at < len(places):
        length = _shared_at(text, places, at, shared)
        start, end = places[at][0], places[at + max(length, 1) - 1][1]
        if start > written:
            pieces.append((text[written:start], False))
        pieces.append((text[start:end], bool(length)))
        written = end
        at += max(length, 1)
    if written < len(text):
        pieces.append((text[written:], False))
    return _joined(pieces)


def shared_phrases(text: str, shared: frozenset[str]) -> tuple[str, ...]:
    """Only the shared pieces, as they are written."""
    return tuple(piece for piece, is_shared in mark_shared(text, shared) if is_shared)


def shared_key_words(one: str, other: str) -> frozenset[str]:
    """The key words two texts share."""
    return frozenset(key_words(one)) & frozenset(key_words(other))


def _shared_at(text: str, places: list[tuple[int, int]], at: int, shared: frozenset[str]) -> int:
    """How many words from here say one shared thing; 0 for none."""
    for length in range(min(_LONGEST_PHRASE, len(places) - at), 0, -1):
        phrase = text[places[at][0] : places[at + length - 1][1]]
        meant = key_words(phrase)
        # Several words are one thing only where they have a synonym; else each speaks for itself.
        is_one_thing = length == 1 or has_synonyms(plain_words(phrase))
        if meant and is_one_thing and set(meant) <= shared:
            return length
    return 0


def _joined(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Shared pieces with nothing but a space between them are one phrase."""
    found: list[tuple[str, bool]] = []
    for piece, is_shared in pieces:
        is_between = is_shared and len(found) > 1 and found[-1][0].isspace() and found[-2][1]
        if is_between:
            gap = found.pop()[0]
            before = found.pop()[0]
            found.append((before + gap + piece, True))
        else:
            found.append((piece, is_shared))
    return found
