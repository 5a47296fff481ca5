// A device and its state in words: the name that a technician gave it, else what it is; what it has; what to do.
import type { Speech } from "./i18n";
import type { devices } from "./words/devices.zh";

/** The words that every page has which shows a device. */
export type DeviceWord = keyof typeof devices;
type Says = Pick<Speech<DeviceWord>, "say">;

/** A name that is one for programs, such as `printer_2`, or none. */
const TECHNICAL = /^[a-z0-9_-]*$/;

/** `小票打印机`: a device by its name, or by the code of its kind. */
export function called(speech: Says, name: string, kind: string = name): string {
  return TECHNICAL.test(name) ? speech.say(`device.${kind}`, "device.other", { kind }) : name;
}

/** The name that the technician gave it, else what it is. */
export function deviceName(speech: Says, { kind, name }: { kind: string; name: string }): string {
  return called(speech, name, kind);
}

/** What it has, in a word or two. */
export function what(speech: Says, code: string | null): string {
  return speech.say(`what.${code}`, "what.other");
}

/** How it is: what it has, else its state. */
export function stateText(speech: Says, device: { state: string; what: string | null }): string {
  return device.state === "ok" || device.what === null ? speech.say(`state.${device.state}`, "what.other") : what(speech, device.what);
}

/** What to do about it. */
export function whatToDo(speech: Says, device: { what: string | null }): string {
  return speech.say(`todo.${device.what}`, "todo.other");
}
