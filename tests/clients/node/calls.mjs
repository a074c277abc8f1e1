// What the scripts of the clients for node share; ../shared/calls.py is the same for Python.
import { join } from "node:path";

export const SPOKEN = "The train is late.";
export const RATE_HZ = 24000;
const ERROR_CHARACTERS = 600;

export const [URL, RECORDINGS] = process.argv.slice(2);
export const FOX = join(RECORDINGS, "fox.wav");
export const FOX_WEBM = join(RECORDINGS, "fox.webm");
export const SPANISH = join(RECORDINGS, "spanish.wav");

const calls = new Map();

/** Register a function as the call `name`. It returns a text, JSON data or `audio(…)`. */
export function call(name, run) {
  calls.set(name, run);
}

/** Audio that a call got: a file, or raw 16-bit samples at `pcmRateHz`. */
export function audio(data, pcmRateHz = null) {
  return { audio: Buffer.from(data).toString("base64"), pcm_rate_hz: pcmRateHz };
}

/** Run all registered calls, one after the other. */
export async function main() {
  for (const [name, run] of calls) {
    let outcome;
    try {
      outcome = { call: name, got: await run() };
    } catch (error) {
      outcome = { call: name, error: message(error) };
    }
    process.stdout.write(JSON.stringify(outcome) + "\n");
  }
}

function message(error) {
  const status = error.status ?? error.statusCode;
  const text = status === undefined ? String(error) : `Error code: ${status} - ${error}`;
  return text.slice(0, ERROR_CHARACTERS);
}
