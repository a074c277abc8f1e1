"""A Whisper model: its encoder, decoder, tokenizer and token rules, on engines of any runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.engines import BuiltEngine, Engine, OnnxEngine
from speech.errors import BadParameter
from speech.hearing.batch import Batch, EncodedAudio
from speech.hearing.decoding import TokenRules
from speech.hearing.features import ENCODER_FRAME_S, LogMel
from speech.hearing.tokenizer import Tokenizer
from speech.types import INPUT_RATE_HZ, split

Float = NDArray[np.float32]


@dataclass(frozen=True)
class WhisperShape:
    """Sizes of a Whisper model, from `model.shape` of the engine's manifest.

    `mels`: mel bands. `frames`: encoder frames of the longest window. `text_positions`: tokens that the decoder can
    hold, prompt included. `layers`, `heads`, `head_size`: of the decoder. `vocabulary`: number of logits.
    """

    mels: int
    frames: int
    text_positions: int
    layers: int
    heads: int
    head_size: int
    vocabulary: int


class Whisper:
    """An encoder and a decoder with their tokenizer. Not thread-safe: the scheduler's thread owns it.

    `rows` is the beam size at temperature 0 and the number of samples above it.
    """

    def __init__(
        self,
        name: str,
        shape: WhisperShape,
        tokenizer: Tokenizer,
        rules: TokenRules,
        encoder: Engine,
        decoder: Engine,
        rows: int = 1,
    ) -> None:
        self.name = name
        self.shape = shape
        self.tokenizer = tokenizer
        self.rules = rules
        self.encoder = encoder
        self.decoder = decoder
        self._rows = rows
        self._mel = LogMel(shape.mels)

    @classmethod
    def load(cls, built: BuiltEngine, rows: int = 1) -> Whisper:
        """Load the graphs of a built engine with ONNX Runtime; `rows` as in the class."""
        model = built.model
        shape = WhisperShape(**model["shape"])
        tokenizer = Tokenizer(built.file("tokenizer.json"), shape.vocabulary)
        return cls(
            built.name,
            shape,
            tokenizer,
            TokenRules(tokenizer, tuple(model["suppress_tokens"]), tuple(model["begin_suppress_tokens"])),
            OnnxEngine(built.file("encoder.onnx")),
            OnnxEngine(built.file("decoder.onnx")),
            rows,
        )

    @property
    def rows(self) -> int:
        """Beams, or samples, of each window."""
        return self._rows

    @property
    def window_s(self) -> float:
        """Seconds of the longest window: 30 for every published model."""
        return self.shape.frames * ENCODER_FRAME_S

    @property
    def max_tokens(self) -> int:
        """Most tokens that a window may generate: half of the text positions, as in openai/whisper."""
        return self.shape.text_positions // 2

    def batch(self, rows: int | None = None) -> Batch:
        """An empty batch with `rows` rows for each window; by default as many as the model has."""
        return Batch(self.decoder, self.shape.layers, self.shape.heads, self.shape.head_size, rows or self._rows)

    def encode(self, pcm: Float, context_s: float) -> EncodedAudio:
        """Run the encoder on `pcm`: float32 [samples], 16 kHz, no longer than the model's window.

        Silence is added up to `context_s` seconds, at most the model's window.
        """
        frames = min(self.shape.frames, int(np.ceil(max(context_s, len(pcm) / INPUT_RATE_HZ) / ENCODER_FRAME_S)))
        mel = self._mel(pcm, 2 * frames)
        return EncodedAudio(tuple(self.encoder.run(mel=mel[None]).values()))

    def prompt(self, text: str, keywords: str = "") -> list[int]:
        """The tokens before <|startoftranscript|> that condition a window; none without text and keywords.

        They are <|startofprev|>, the last tokens of the text, and the keywords, together at most `max_tokens`. Raises:
        BadParameter if the keywords would leave less than half of them to a text that needs as many.

        The keywords come last, because Whisper heeds best what is nearest to the speech. Whisper base, 65 clips, four
        prompts of 6 to 223 tokens: it gets 117 of 256 rare words with the keywords last, 108 with the keywords first,
        and 18 with the prompt alone; the WER is 10.8, 10.9 and 13.5 %. A plain list did better than one that begins
        with "Glossary:".
        """
        listed = self.tokenizer.encode(f" {', '.join(split(keywords))}.") if split(keywords) else []
        given = self.tokenizer.encode(" " + text.strip()) if text.strip() else []
        room = self.max_tokens - 1
        most = room - min(len(given), room // 2)
        if len(listed) > most:
            wrong = f"keywords take {len(listed)} of Whisper's tokens"
            raise BadParameter(f"{wrong}, and there is room for {most}; give fewer or shorter ones", "keywords")
        kept = given[max(0, len(given) - (room - len(listed))) :]
        return [self.tokenizer.prev, *kept, *listed] if listed or kept else []

    def language_probabilities(self, logits: Float, possible: Sequence[str] = ()) -> dict[str, float]:
        """Probability of each language, from the logits [vocabulary] after <|startoftranscript|>.

        If only some are `possible`, they share the whole probability, and the others have none.
        """
        codes = possible or tuple(self.tokenizer.languages)
        scores = logits[[self.tokenizer.languages[code] for code in codes]]
        shares = np.exp(scores - scores.max())
        return dict(zip(codes, (shares / shares.sum()).tolist(), strict=True))

    def no_speech_probability(self, logits: Float) -> float:
        """Probability of <|nospeech|>, from the logits [vocabulary] after <|startoftranscript|>."""
        scores = np.exp(logits - logits.max())
        return float(scores[self.tokenizer.no_speech] / scores.sum())
