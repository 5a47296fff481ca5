// Categories as a tree of three levels, and a product's category with the names above it.
import type { Speech } from "@catena/web/i18n.ts";
import type { Schemas } from "../../api";
import type { Word } from "../../words";

type Category = Schemas["Category"];

export interface Branching {
  value: string;
  title: string;
  children: Branching[];
}

/** The deepest tree that is followed: a category that names itself as its parent must not end in a loop. */
const DEPTH_MAX = 6;

/** Categories under their parents. */
export function categoryTree(speech: Speech<Word>, categories: readonly Category[]): Branching[] {
  const known = new Set(categories.map((one) => one.code));
  const under = (parent: string | null, depth: number): Branching[] =>
    depth > DEPTH_MAX
      ? []
      : categories
          .filter((one) => (parent === null ? one.parent === null || one.parent === "" || !known.has(one.parent) : one.parent === parent))
          .map((one) => ({ value: one.code, title: speech.name(one), children: under(one.code, depth + 1) }));
  return under(null, 1);
}

/** The name of a category; its code where there is none. */
export function categoryName(speech: Speech<Word>, categories: readonly Category[], code: string | null): string {
  if (code === null) return "";
  const found = categories.find((one) => one.code === code);
  return found === undefined ? code : speech.name(found);
}
