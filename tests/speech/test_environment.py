from __future__ import annotations

from pathlib import Path

import pytest

from speech.environment import ENGINES_DIR, VARIABLES, ModelEnvironment


@pytest.mark.parametrize(
    "environment",
    [
        ModelEnvironment(Path("engines")),
        ModelEnvironment(Path("/other/engines"), ("whisper-tiny.en", "whisper-base"), beam_size=5),
    ],
)
def test_a_model_reads_what_the_launcher_wrote(environment: ModelEnvironment) -> None:
    written = environment.to_environ()
    assert written.keys() == set(VARIABLES)
    assert ModelEnvironment.from_environ(written) == environment


def test_only_the_folder_of_the_engines_must_be_given() -> None:
    assert ModelEnvironment.from_environ({ENGINES_DIR: "engines"}) == ModelEnvironment(Path("engines"))
    with pytest.raises(KeyError, match=ENGINES_DIR):
        ModelEnvironment.from_environ({})
