// A device's state in words: which device, what it has, what to do.
import type { Speech } from "@catena/web/i18n.ts";
import type { Schemas } from "../api";
import type { Word } from "../words";

/** The name of a device: its own, else that of its kind. */
export function deviceName(speech: Speech<Word>, device: { kind: string; name: string }): string {
  return device.name !== "" ? device.name : speech.say(`device.${device.kind}`, "bar.devices");
}

/** What it has, in a word or two. */
export function what(speech: Speech<Word>, code: string | null): string {
  return speech.say(`what.${code}`, "what.other");
}

/** What to do about it. */
export function whatToDo(speech: Speech<Word>, device: { what: string | null; what_to_do: string | null }): string {
  return speech.say(`todo.${device.what_to_do ?? device.what}`, "todo.other");
}

/** `小票打印机 缺纸`. */
export function deviceText(speech: Speech<Word>, device: Schemas["DeviceState"]): string {
  return `${deviceName(speech, device)} ${device.what === null ? speech.t(`state.${device.state}`) : what(speech, device.what)}`;
}

/** How a slip fared, in words. */
export function printText(speech: Speech<Word>, print: Schemas["PrintState"]): string {
  return speech.t(`print.${print.state}`, { what: what(speech, print.what) });
}
