// Words of the pages: each application gives one table per language with the same keys; TypeScript holds the keys to
// what exists, a test holds the tables to each other. `{name}` is filled in; `{n|item|items}` takes the first word
// for one and the second for any other number. Discounts are formatted (money.ts) before they are filled in.
import type { Language } from "./money";
import { createStore, useStore } from "./store";

/** What may be filled in. */
export type Filling = { readonly [name: string]: unknown };

/** The words of one language. */
export type Words<K extends string> = { readonly [key in K]: string };

/** What has a name in Chinese and, where somebody gave one, in English. */
export interface Named {
  readonly name: string;
  readonly name_en?: string | null;
}

/** Text with its places filled in; what is missing stays visible as `{name}`. */
export function fill(text: string, filling: Filling = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = filling[name];
    if (value === undefined || value === null) return whole;
    if (one !== undefined && many !== undefined) return Number(value) === 1 ? one : many;
    return String(value);
  });
}

/** How a component speaks: the language, words by key, and the name of things in that language. */
export interface Speech<K extends string> {
  readonly language: Language;
  t(key: K, filling?: Filling): string;
  /** Words for a key made at run time, such as the code of a refusal; those of `otherwise` where there are none. */
  say(key: string, otherwise: K, filling?: Filling): string;
  /** The name in the page's language; Chinese where there is no English one. */
  name(thing: Named): string;
}

const STORAGE_KEY = "catena.language";

function first(): Language {
  try {
    const kept = localStorage.getItem(STORAGE_KEY);
    if (kept === "zh" || kept === "en") return kept;
  } catch {
    // A browser that keeps nothing starts in Chinese.
  }
  return "zh";
}

const spoken = createStore<{ language: Language }>({ language: first() });

/** The language that the page speaks now. */
export function language(): Language {
  return spoken.get().language;
}

/** Lets the page speak `to`; this browser remembers it for the sign-in page. */
export function speak(to: Language): void {
  document.documentElement.lang = to === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem(STORAGE_KEY, to);
  } catch {
    // See `first`.
  }
  if (to !== language()) spoken.set({ language: to });
}

/** Makes the hook through which the components of an application speak. */
export function createSpeech<K extends string>(tables: Readonly<Record<Language, Words<K>>>): () => Speech<K> {
  const speech = (now: Language): Speech<K> => ({
    language: now,
    t: (key, filling) => fill(tables[now][key], filling),
    say: (key, otherwise, filling) => fill(tables[now][Object.hasOwn(tables[now], key) ? (key as K) : otherwise], filling),
    name: (thing) => (now === "en" && thing.name_en ? thing.name_en : thing.name),
  });
  const made = { zh: speech("zh"), en: speech("en") };
  return () => made[useStore(spoken, (now) => now.language)];
}
