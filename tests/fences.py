"""The README and the pages of docs/, and the fenced blocks in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
ANYTHING = "…"
"""In a shown answer: the rest of a string, further elements of a list, further lines."""

_FENCE = re.compile(r"^```(?P<language>\w+)(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = re.compile(r' title="not run: (?P<reason>[^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block; `reason` says why it is not run, and is empty if it is."""

    page: str
    line: int
    language: str
    info: str
    reason: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Step:
    """A command of a console block, and the output that is shown below it."""

    command: str
    output: str


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    text = page.read_text()
    found = []
    for match in _FENCE.finditer(text):
        reason = _NOT_RUN.fullmatch(match["info"])
        line = text.count("\n", 0, match.start()) + 1
        found.append(
            Block(name(page), line, match["language"], match["info"], reason["reason"] if reason else "", match["text"])
        )
    assert text.count("\n```") == 2 * len(found), f"{name(page)}: a fence has no language, or is not closed"
    return found


def steps(block: Block) -> list[Step]:
    """The commands of a console block (`$ …`, continued after a backslash), each with its output."""
    found: list[Step] = []
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, output = re.fullmatch(r"((?:[^\n]*\\\n)*[^\n]*)\n?(.*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
        found.append(Step(command, output.strip("\n")))
    assert found and block.text.startswith("$ "), f"{block}: a console block begins with `$ ` and a command"
    return found


def compare(shown: str, real: str) -> None:
    """An AssertionError unless the real output looks like the shown one: all but the numbers is the same."""
    if shown.startswith("{"):
        _compare_json(json.loads(shown), json.loads(real), "answer")
        return
    rest = iter([line for line in real.splitlines() if line.strip()])
    may_skip = False
    for line in filter(str.strip, shown.splitlines()):
        if line == ANYTHING:
            may_skip = True
            continue
        assert _found(line, rest, may_skip), f"no line {line!r} where it is expected in:\n{real}"
        may_skip = False
    assert may_skip or next(rest, None) is None, f"more lines than are shown:\n{real}"


def _found(line: str, rest: Iterator[str], may_skip: bool) -> bool:
    for candidate in rest:
        if _same_line(line, candidate):
            return True
        if not may_skip:
            return False
    return False


def _same_line(shown: str, real: str) -> bool:
    if shown.startswith("data: {") and real.startswith("data: {"):
        _compare_json(json.loads(shown.removeprefix("data: ")), json.loads(real.removeprefix("data: ")), "event")
        return True
    return _same_text(shown, real)


def _same_text(shown: str, real: str) -> bool:
    """Numbers and white space may differ."""
    parts = [re.escape(_normal(part)) for part in shown.split(ANYTHING)]
    return re.fullmatch(".*".join(parts), _normal(real), re.DOTALL) is not None


def _normal(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\d+(\.\d+)?", "0", text)).strip()


def _compare_json(shown: Any, real: Any, place: str) -> None:
    if isinstance(shown, dict) and isinstance(real, dict):
        assert shown.keys() == real.keys(), place
        for key, value in shown.items():
            _compare_json(value, real[key], f"{place}.{key}")
    elif isinstance(shown, list) and isinstance(real, list):
        listed = [value for value in shown if value != ANYTHING]
        more_allowed = len(listed) < len(shown)
        assert len(real) >= len(listed) if more_allowed else len(real) == len(listed), f"{place}: {len(real)} elements"
        for number, (one, other) in enumerate(zip(listed, real, strict=False)):
            _compare_json(one, other, f"{place}[{number}]")
    elif isinstance(shown, str) and isinstance(real, str):
        assert _same_text(shown, real), f"{place}: {real!r}"
    elif _is_number(shown):
        assert _is_number(real), f"{place}: {real!r}"
    else:
        assert shown == real, f"{place}: {real!r}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
