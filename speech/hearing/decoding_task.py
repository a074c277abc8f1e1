"""One attempt to decode a window: prompt, language, start sequence, prefix, number of tokens, and the result.

Reference: openai/whisper, decoding.py (DecodingTask). Ours stops before the first generated token, because the loop
over tokens belongs to the batch, where windows of many clients decode together.
"""

from __future__ import annotations

from dataclasses import replace

from speech.hearing.batch import Batch, Prefill
from speech.hearing.decoding import Search
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, WindowTask


class DecodingTask:
    """The current attempt of a WindowTask.

    Call `prefill`, then `batch.join` with its result and `search`; when the search has ended, call `result`.
    """

    search: Search
    """The search that goes on from the prefill."""

    def __init__(self, whisper: Whisper, window_task: WindowTask) -> None:
        self.window_task = window_task
        self._whisper = whisper
        self._no_speech_prob = 0.0

    def prefill(self, batch: Batch) -> Prefill:
        """Encode the window, feed the decoder all tokens that come before the generated ones, and make `search`.

        The decoder is fed <|startofprev|> and the prompt, if there is one; <|startoftranscript|>, the language and the
        task; and the window's prefix. Detects the language if the window's is unknown.
        """
        task, tokenizer = self.window_task, self._whisper.tokenizer
        if task.encoded is None:
            task.encoded = self._whisper.encode(task.window.pcm, task.attempt.context_s)
        prompt = self._whisper.prompt(task.options.prompt, task.options.keywords)
        prefill = batch.prefill([task.encoded], [[*prompt, tokenizer.sot]])
        self._no_speech_prob = self._whisper.no_speech_probability(prefill.logits[0])
        language = task.language.code
        if language is None:
            # The language of the prompt must not influence the detection.
            unprompted = batch.prefill([task.encoded], [[tokenizer.sot]]) if prompt else prefill
            possible = task.options.possible_languages
            language = task.language.detect(self._whisper.language_probabilities(unprompted.logits[0], possible))
        sot_sequence = tokenizer.sot_sequence(language, task.options.task)
        forced = [*sot_sequence[1:], *task.prefix.tokens]
        if forced:
            prefill.feed([forced])
        self.search = Search(
            self._whisper.rules,
            tokenizer.eot,
            batch.rows,
            task.attempt.temperature,
            task.duration_s,
            self._sample_len(len(prompt) + len(sot_sequence)),
            attention=task.options.timestamps == "word",
            prefix=replace(task.prefix, attention=prefill.attention(len(task.prefix.tokens))),
        )
        return prefill

    def _sample_len(self, given: int) -> int:
        """Most tokens that a result may have, prefix included, after `given` tokens of prompt and start sequence."""
        wanted = self.window_task.max_tokens or self._whisper.max_tokens
        return min(wanted, self._whisper.shape.text_positions - given)

    def result(self) -> Decoded:
        """The best hypothesis of the search, which must have ended."""
        best = self.search.best
        text = self._whisper.tokenizer.decode(best.tokens).strip()
        return Decoded(best, text, self.window_task.attempt.temperature, self._no_speech_prob)
