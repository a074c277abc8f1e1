"""The reference pages of docs/ that are printed from the code: `python -m tritone.reference` writes them anew."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from speech import contract, events
from speech.parameter import Parameter
from speech.records import Record
from speech.token_logprobs import TokenLogprob
from tritone import settings

DOCS = Path(__file__).parents[1] / "docs"
_MODELS = (contract.TRANSCRIBE, contract.SYNTHESIZE, contract.SPEECH_TO_SPEECH)


def pages() -> dict[Path, str]:
    """The pages that have printed parts, each with the content that it should have."""
    return {
        DOCS / "events.md": _filled(DOCS / "events.md", "events", event_reference()),
        DOCS / "grpc.md": _filled(DOCS / "grpc.md", "contract", model_reference()),
        DOCS / "operations.md": _filled(DOCS / "operations.md", "settings", settings.table()),
    }


def event_reference() -> str:
    """Markdown: every event with its fields."""
    senders = {kind: [f"`{model.name}`" for model in _MODELS if kind in model.events] for kind in events.ALL_EVENTS}
    sections = []
    for kind in events.ALL_EVENTS:
        sent_by = ", ".join(senders[kind]) or "the WebSockets"
        sections.append(f"## {kind.type}\n\n{_summary(kind)}\n\nSent by {sent_by}.\n\n{_field_table(kind)}")
    parts = (
        events.Word,
        TokenLogprob,
        events.TimedWord,
        events.TranscriptionEngine,
        events.SynthesisEngine,
        events.VoiceFacts,
    )
    sections += [f"## {part.__name__}\n\n{_summary(part)}\n\n{_field_table(part)}" for part in parts]
    return "\n\n".join(sections)


def model_reference() -> str:
    """Markdown: every model with its tensors and parameters."""
    return "\n\n".join("\n\n".join(_model_sections(model)) for model in _MODELS)


def _model_sections(model: contract.Model) -> Iterator[str]:
    yield f"### {model.name}"
    yield _table(("Input", "Type", "Shape", ""), [_tensor_row(tensor) for tensor in model.inputs])
    yield _table(("Output", "Type", "Shape", ""), [_tensor_row(tensor) for tensor in model.outputs])
    yield _table(("Parameter", "Type", "Default", ""), [_parameter_row(parameter) for parameter in model.parameters])
    last = " or ".join(_event_link(kind) for kind in model.last_events)
    yield f"Events: {', '.join(_event_link(kind) for kind in model.events)}. The last one is {last}."


def _event_link(kind: type[events.Event]) -> str:
    return f"[`{kind.type}`](events.md#{kind.type})"


def _tensor_row(tensor: contract.Tensor) -> tuple[str, ...]:
    doc = f"{tensor.doc}; may be left out" if tensor.optional else tensor.doc
    return f"`{tensor.name}`", tensor.datatype, str(list(tensor.dims)), doc


def _parameter_row(parameter: Parameter) -> tuple[str, ...]:
    default = parameter.default
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    doc = parameter.doc
    if parameter.choices:
        doc += f" ({', '.join(f'`{choice}`' for choice in parameter.choices)})"
    elif parameter.low is not None and parameter.high is not None:
        doc += f" ({parameter.low:g} to {parameter.high:g})"
    return f"`{parameter.name}`", parameter.type.__name__, f"`{shown}`" if shown else "", doc


def _field_table(kind: type[Record]) -> str:
    docs = field_docs(kind)
    rows = [(f"`{one.name}`", _json_type(str(one.type)), docs[one.name]) for one in kind.json_fields()]
    return _table(("Field", "Type", ""), rows)


def field_docs(kind: type[Record]) -> dict[str, str]:
    """The docstrings below the fields of a dataclass, by name."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)
    docs: dict[str, str] = {}
    for line, following in zip(definition.body, definition.body[1:], strict=False):
        is_field = isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        if is_field and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            assert isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            docs[line.target.id] = " ".join(str(following.value.value).split())
    return docs


def _summary(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").replace("\n", " ")


def _json_type(annotation: str) -> str:
    """A Python annotation in the words of JSON: `tuple[Word, ...] | None` is "list of Word, optional"."""
    words = re.sub(r"tuple\[(.+), \.\.\.\]", r"list of \1", annotation)
    words = re.sub(r"Mapping\[str, (\w+)\]", r"object of \1", words)
    return words.removesuffix(" | None") + (", optional" if words.endswith(" | None") else "")


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    escaped = [tuple(cell.replace("|", "\\|") for cell in row) for row in rows]
    lines = [head, tuple("---" for _ in head), *escaped]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _filled(page: Path, name: str, content: str) -> str:
    """The page with `content` between its markers."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    before, _, rest = page.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{content}\n{end}{after}"


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, "utf-8")
        print(f"wrote {page.relative_to(DOCS.parent)}")
