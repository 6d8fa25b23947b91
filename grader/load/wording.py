"""How near a line of text comes to the wording of a question."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

_SPLIT_WORDS = re.compile(r"\b(multi)[\s-]+(?=process|thread|task)")
_WORD = re.compile(r"\w+")

_SAME = {
    "four": "4",
    "threading": "multithreading",
    "threads": "multithreading",
    "mp": "multiprocessing",
    "pools": "pool",
    "numbers": "number",
    "program": "code",
    "script": "code",
    "differ": "differences",
    "difference": "differences",
    "prints": "print",
    "printing": "print",
    "wirte": "write",
    "creating": "create",
    "usefull": "useful",
    "workers": "worker",
    "do": "can",
    "i": "we",
    "you": "we",
}
"""Words that stand for one another in a question."""

_KEYS = {"pool": "pool", "multithreading": "threads", "4": "four", "number": "four"}
"""The words that tell the questions apart: they have most of the others in common."""

_FILLING = frozenset({"a", "in", "module", "python", "the", "using"})
"""Words that may be added to any of the questions."""

_LONGEST = 40
"""Words of a text that are looked at; no question has more than 22."""


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in a common spelling."""
    found = _WORD.findall(_SPLIT_WORDS.sub(r"\1", text.lower().replace("_", " ")))
    return tuple(_SAME.get(word, word) for word in found[:_LONGEST])


def keys(text: Sequence[str]) -> frozenset[str]:
    """Which of the telling words are among these."""
    return frozenset(_KEYS[word] for word in text if word in _KEYS)


@lru_cache(maxsize=4096)
def spelled(text: tuple[str, ...], vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The words with their typing errors mended, where a word of the vocabulary is near."""
    return tuple(_mended(word, vocabulary) for word in text)


def nearness(question: tuple[str, ...], text: tuple[str, ...]) -> float:
    """From 0 to 1: how well the text begins as the question reads, in its order of words."""
    return _nearest_head(question, text)[0]


def beyond(question: tuple[str, ...], text: tuple[str, ...]) -> tuple[str, ...]:
    """What the text says after the words of the question: all of it, if it has others."""
    return text[_nearest_head(question, text)[1] :]


@lru_cache(maxsize=4096)
def _nearest_head(question: tuple[str, ...], text: tuple[str, ...]) -> tuple[float, int]:
    """How near the start of the text comes to the question, and how many words that are."""
    best = 0.0, 0
    for length in sorted({*range(len(question) - 3, len(question) + 4), len(text)}):
        head = text[:length]
        if not head or length > len(question) + 4 or keys(head) != keys(question):
            continue
        near = 2 * _in_common(question, head) / (len(question) + len(head))
        best = max(best, (near, length), key=lambda one: one[0])
    return best


def share(question: tuple[str, ...], text: tuple[str, ...]) -> tuple[int, float]:
    """How many words of the text are the question's, in its order, and which part that is."""
    if not text or keys(text) != keys(question):
        return 0, 0.0
    common = _in_common(question, text)
    filling = sum(word in _FILLING and word not in question for word in text)
    return common, common / (len(text) - filling)


@lru_cache(maxsize=4096)
def _mended(word: str, vocabulary: frozenset[str]) -> str:
    if word in vocabulary or len(word) < 4:
        return word
    near = get_close_matches(word, vocabulary, n=1, cutoff=0.8)
    return near[0] if near else word


@lru_cache(maxsize=4096)
def _in_common(question: tuple[str, ...], text: tuple[str, ...]) -> int:
    matcher = SequenceMatcher(None, question, text, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())
