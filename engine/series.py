"""How numbers of documents and files are written: the word of the series, the year, the count."""

from __future__ import annotations


def official(word: str, year: int, counter: int) -> str:
    """As official documents are numbered (GB/T 9704): 预警〔2026〕1号, no leading zeros."""
    return f"{word}〔{year}〕{counter}号"
