"""Shell commands as strings, which is how the JSON can show them."""
from __future__ import annotations

import shlex
from os import PathLike


def quoted(word: str | PathLike[str]) -> str:
    return shlex.quote(str(word))


def at_once(commands: list[str]) -> str:
    """All at the same time; fails if the last one does."""
    *others, last = commands
    if not others:
        return last
    return " ".join(f"({other}) &" for other in others) + f" ({last}) && wait"
