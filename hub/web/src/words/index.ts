// The words of the dashboard: one table per language and group of pages, with the same keys.
import { createSpeech } from "@catena/web/i18n.ts";
import { devices as devicesEn } from "@catena/web/words/devices.en.ts";
import { devices as devicesZh } from "@catena/web/words/devices.zh.ts";
import { frame as frameEn } from "./frame.en";
import { frame as frameZh } from "./frame.zh";
import { goods as goodsEn } from "./goods.en";
import { goods as goodsZh } from "./goods.zh";
import { office as officeEn } from "./office.en";
import { office as officeZh } from "./office.zh";
import { people as peopleEn } from "./people.en";
import { people as peopleZh } from "./people.zh";
import { refusals as refusalsEn } from "./refusals.en";
import { refusals as refusalsZh } from "./refusals.zh";
import { settings as settingsEn } from "./settings.en";
import { settings as settingsZh } from "./settings.zh";
import { takings as takingsEn } from "./takings.en";
import { takings as takingsZh } from "./takings.zh";

/** Everything the dashboard can say. */
export type Word = keyof typeof devicesZh | keyof typeof frameZh | keyof typeof goodsZh | keyof typeof officeZh | keyof typeof peopleZh | keyof typeof refusalsZh | keyof typeof settingsZh | keyof typeof takingsZh;

/** The words by language; both hold the same keys. */
export const words: Readonly<Record<"zh" | "en", { readonly [key in Word]: string }>> = {
  zh: { ...devicesZh, ...frameZh, ...goodsZh, ...officeZh, ...peopleZh, ...refusalsZh, ...settingsZh, ...takingsZh },
  en: { ...devicesEn, ...frameEn, ...goodsEn, ...officeEn, ...peopleEn, ...refusalsEn, ...settingsEn, ...takingsEn },
};

/** How the components of the dashboard speak. */
export const useWords = createSpeech<Word>(words);
