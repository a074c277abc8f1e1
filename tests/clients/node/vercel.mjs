// Vercel's AI SDK with its provider for OpenAI and the provider's defaults.
import fs from "node:fs";
import { createOpenAI } from "@ai-sdk/openai";
import { experimental_generateSpeech as generateSpeech, experimental_transcribe as transcribe } from "ai";
import { FOX, SPOKEN, URL, audio, call, main } from "./calls.mjs";

const openai = createOpenAI({ baseURL: `${URL}/v1`, apiKey: "none" });

function hear(model, options) {
  const providerOptions = options && { openai: options };
  return transcribe({ model: openai.transcription(model), audio: fs.readFileSync(FOX), maxRetries: 0, providerOptions });
}

for (const model of ["whisper-1", "gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"]) {
  call(`transcribe, ${model}`, async () => (await hear(model)).text);
}
call("transcribe, whisper-1, segments and language", async () => {
  const { text, language, segments, durationInSeconds } = await hear("whisper-1");
  return { text, language, segments: segments.length, duration: durationInSeconds };
});
call("transcribe, whisper-1, words", async () => {
  const { text, segments } = await hear("whisper-1", { timestampGranularities: ["word"] });
  return { text, words: segments.length };
});
call("transcribe, gpt-4o-transcribe, include logprobs", async () =>
  (await hear("gpt-4o-transcribe", { include: ["logprobs"] })).text);
call("transcribe, gpt-transcribe, languages and keywords", async () =>
  (await hear("gpt-transcribe", { languages: ["en", "fr"], keywords: ["fox"] })).text);
call("transcribe, gpt-4o-transcribe, chunking server_vad", async () => {
  const chunkingStrategy = { type: "server_vad", threshold: 0.4, silenceDurationMs: 300 };
  return (await hear("gpt-4o-transcribe", { chunkingStrategy })).text;
});
call("transcribe, gpt-4o-transcribe-diarize", async () => (await hear("gpt-4o-transcribe-diarize")).text);
for (const model of ["tts-1", "gpt-4o-mini-tts"]) {
  call(`generateSpeech, ${model}`, async () => {
    const result = await generateSpeech({ model: openai.speech(model), text: SPOKEN, maxRetries: 0 });
    return { ...audio(result.audio.uint8Array), format: result.audio.format };
  });
}

await main();
