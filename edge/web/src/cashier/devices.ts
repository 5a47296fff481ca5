// How a device and a slip stand, in the till's words.
import { deviceName, stateText, what } from "@catena/web/devices.ts";
import type { Speech } from "@catena/web/i18n.ts";
import type { Schemas } from "../api";
import type { Word } from "../words";

/** `小票打印机 缺纸`. */
export function deviceText(speech: Speech<Word>, device: Schemas["DeviceState"]): string {
  return `${deviceName(speech, device)} ${stateText(speech, device)}`;
}

/** How a slip fared, in words. */
export function printText(speech: Speech<Word>, print: Schemas["PrintState"]): string {
  return speech.t(`print.${print.state}`, { what: what(speech, print.what) });
}
