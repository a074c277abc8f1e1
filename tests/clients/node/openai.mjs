// OpenAI's SDK for node, as its reference shows it.
import fs from "node:fs";
import OpenAI from "openai";
import { FOX, FOX_WEBM, RATE_HZ, SPANISH, SPOKEN, URL, audio, call, main } from "./calls.mjs";

const client = new OpenAI({ baseURL: `${URL}/v1`, apiKey: "none", maxRetries: 0 });

function transcribe(options = {}, path = FOX) {
  return client.audio.transcriptions.create({ model: "whisper-1", file: fs.createReadStream(path), ...options });
}

async function streamed(events) {
  let text = "";
  for await (const event of events) {
    if (event.type === "transcript.text.delta") text += event.delta;
  }
  return text;
}

async function speak(options = {}) {
  return client.audio.speech.create({ model: "gpt-4o-mini-tts", voice: "coral", input: SPOKEN, ...options });
}

call("models.list", async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  return ids;
});
for (const name of ["whisper-1", "gpt-4o-transcribe", "openai/whisper-base"]) {
  call(`models.retrieve, ${name}`, async () => (await client.models.retrieve(name)).id);
}
for (const model of ["whisper-1", "gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"]) {
  call(`transcriptions.create, ${model}`, async () => (await transcribe({ model })).text);
}
call("transcriptions.create, webm", async () => (await transcribe({}, FOX_WEBM)).text);
call("transcriptions.create, verbose_json with words and segments", async () => {
  const options = { response_format: "verbose_json", timestamp_granularities: ["word", "segment"] };
  const { text, words, segments } = await transcribe(options);
  return { text, words: words.length, segments: segments.length };
});
call("transcriptions.create, srt", () => transcribe({ response_format: "srt" }));
call("transcriptions.create, include logprobs", async () => {
  const { text, logprobs } = await transcribe({ model: "gpt-4o-transcribe", include: ["logprobs"] });
  const joined = Buffer.concat(logprobs.map((token) => Buffer.from(token.bytes))).toString();
  return { text, joined, logprobs: logprobs.map((token) => token.logprob) };
});
call("transcriptions.create, stream", async () =>
  streamed(await transcribe({ model: "gpt-4o-mini-transcribe", stream: true })));
call("transcriptions.create, chunking server_vad", async () => {
  const chunking_strategy = { type: "server_vad", threshold: 0.4, silence_duration_ms: 300 };
  return (await transcribe({ model: "gpt-4o-transcribe", chunking_strategy })).text;
});
call("transcriptions.create, languages and keywords", async () =>
  (await transcribe({ model: "gpt-transcribe", languages: ["en", "fr"], keywords: ["fox", "dog"] })).text);
call("translations.create", async () => {
  const file = fs.createReadStream(SPANISH);
  return (await client.audio.translations.create({ model: "whisper-1", file })).text;
});
call("speech.create", async () => audio(await (await speak()).arrayBuffer()));
call("speech.create, pcm streamed", async () => {
  const parts = [];
  for await (const part of (await speak({ response_format: "pcm" })).body) parts.push(part);
  return audio(Buffer.concat(parts), RATE_HZ);
});
call("speech.create, stream_format sse", async () => (await speak({ stream_format: "sse" })).text());

await main();
