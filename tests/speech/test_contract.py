"""The config.pbtxt files agree with speech/contract.py, and parameters are checked."""

import pytest
from google.protobuf import text_format
from tritonclient.grpc import model_config_pb2

from speech import contract
from speech.errors import BadParameter
from speech.types import LiveOptions, SynthesizeOptions, TranscribeOptions
from tritone.folders import ROOT

MODELS = [contract.TRANSCRIBE, contract.SYNTHESIZE]


def parse(repository: str, name: str) -> model_config_pb2.ModelConfig:
    text = (ROOT / repository / name / "config.pbtxt").read_text()
    return text_format.Parse(text, model_config_pb2.ModelConfig())


def tensors(values: object) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(v.name, model_config_pb2.DataType.Name(v.data_type)[5:], tuple(v.dims)) for v in values]  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_config_agrees_with_the_contract(model: contract.Model) -> None:
    config = parse("model_repository", model.name)
    assert config.name == model.name
    assert config.backend == "python"
    assert tensors(config.input) == [(t.name, t.datatype, t.dims) for t in model.inputs]
    assert tensors(config.output) == [(t.name, t.datatype, t.dims) for t in model.outputs]
    assert config.model_transaction_policy.decoupled == model.decoupled
    assert config.HasField("sequence_batching") == model.sequence
    assert [tensor.optional for tensor in config.input] == [tensor.optional for tensor in model.inputs]
    controls = {control.name for control in config.sequence_batching.control_input}
    assert controls == (
        {contract.SEQUENCE_START, contract.SEQUENCE_END, contract.SEQUENCE_ID} if model.sequence else set()
    )
    places = config.sequence_batching.oldest.max_candidate_sequences
    assert places == (contract.MAX_SEQUENCES if model.sequence else 0)


def test_the_ensemble_is_wired_as_the_contract_says() -> None:
    model = contract.SPEECH_TO_SPEECH
    config = parse("ensemble", model.name)
    assert (config.name, config.platform) == (model.name, "ensemble")
    assert tensors(config.input) == [(t.name, t.datatype, t.dims) for t in model.inputs]
    assert tensors(config.output) == [(t.name, t.datatype, t.dims) for t in model.outputs]
    first, second = config.ensemble_scheduling.step
    assert (first.model_name, second.model_name) == (contract.TRANSCRIBE.name, contract.SYNTHESIZE.name)
    assert list(first.input_map) == [t.name for t in contract.TRANSCRIBE.inputs]
    assert set(first.output_map) == {t.name for t in contract.TRANSCRIBE.outputs}
    assert {name: second.input_map[name] for name in second.input_map} == dict(first.output_map)
    assert set(second.input_map) == {t.name for t in contract.SYNTHESIZE.inputs}
    assert dict(second.output_map) == {t.name: t.name for t in contract.SYNTHESIZE.outputs}


def test_an_ensemble_has_the_parameters_of_its_models() -> None:
    names = [parameter.name for parameter in contract.SPEECH_TO_SPEECH.parameters]
    assert len(names) == len(set(names))
    assert set(names) == {parameter.name for model in MODELS for parameter in model.parameters}
    assert contract.SPEECH_TO_SPEECH.read_parameters({"voice": "echo", "live": "true"})["live"] is True


@pytest.mark.parametrize(
    ("repository", "models"), [("model_repository", MODELS), ("ensemble", [contract.SPEECH_TO_SPEECH])]
)
def test_every_folder_of_a_repository_has_a_contract(repository: str, models: list[contract.Model]) -> None:
    folders = {path.name for path in (ROOT / repository).iterdir() if path.is_dir()}
    assert folders == {model.name for model in models}


def test_parameters_default_to_the_options_defaults() -> None:
    parameters = contract.TRANSCRIBE.read_parameters({})
    assert contract.transcribe_options(parameters) == TranscribeOptions()
    assert contract.live_options(parameters) is None
    assert contract.live_options({**parameters, "live": True}) == LiveOptions()
    parameters = contract.SYNTHESIZE.read_parameters({})
    assert contract.synthesize_options(parameters) == SynthesizeOptions()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"temprature": 0.1}, "did you mean 'temperature'"),
        ({"temperature": 1.5}, "from 0 to 1"),
        ({"temperature": "hot"}, "from 0 to 1"),
        ({"temperature": "nan"}, "from 0 to 1"),
        ({"temperature": True}, "from 0 to 1"),
        ({"task": "sing"}, "transcribe, translate"),
        ({"timestamps": "char"}, "segment, word"),
        ({"prompt": 5}, "string"),
        ({"prompt": "x" * 10_001}, "10000 characters"),
        ({"describe": "maybe"}, "true or false"),
        ({"live": "perhaps"}, "true or false"),
        ({"endpoint_silence_s": 0.05}, "from 0.1 to 3"),
        ({"max_utterance_s": 30}, "from 1 to 28"),
        ({"duration_s": -1}, "from 0 to 86400"),
    ],
)
def test_bad_parameters_are_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(BadParameter, match=message) as caught:
        contract.TRANSCRIBE.read_parameters(given)
    assert caught.value.param == next(iter(given))


def test_parameters_of_another_model_are_ignored() -> None:
    """An ensemble forwards all parameters of a request to every step."""
    given = {"voice": "af_heart", "speed": 9.0, "language": "en", "endpoint_silence_s": 0.3, "live": True}
    transcribe = contract.TRANSCRIBE.read_parameters(given)
    synthesize = contract.SYNTHESIZE.read_parameters({**given, "speed": 1})
    assert (transcribe["language"], transcribe["endpoint_silence_s"]) == ("en", 0.3)
    assert "voice" not in transcribe
    assert (synthesize["voice"], synthesize["speed"], synthesize["language"]) == ("af_heart", 1.0, "en")
    assert "live" not in synthesize
    with pytest.raises(BadParameter, match="no parameter 'colour'"):
        contract.TRANSCRIBE.read_parameters({**given, "colour": "red"})
