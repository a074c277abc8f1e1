"""espeak-ng, one instance of which all threads share."""

from __future__ import annotations

import threading

from speech.reading.phonemes import phonemize


def test_threads_share_espeak() -> None:
    texts = {"es": "Buenos días, señor", "fr": "Bonjour à tous", "it": "Buongiorno a tutti", "en-gb": "blorptangle zyx"}
    expected = {language: phonemize(text, language) for language, text in texts.items()}
    wrong: list[str] = []

    def work(language: str) -> None:
        for _ in range(50):
            if phonemize(texts[language], language) != expected[language]:
                wrong.append(language)

    threads = [threading.Thread(target=work, args=(language,)) for language in texts for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
