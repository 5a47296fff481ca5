// View state of a page: one value, one way to change it, components that read a part of it.
import { useSyncExternalStore } from "react";

/** A value that components subscribe to. */
export interface Store<S> {
  get(): S;
  set(change: Partial<S> | ((now: S) => Partial<S>)): void;
  subscribe(listener: () => void): () => void;
}

/** A store that starts as `initial`. */
export function createStore<S extends object>(initial: S): Store<S> {
  let now = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => now,
    set(change) {
      now = { ...now, ...(typeof change === "function" ? change(now) : change) };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The part of the store that `pick` reads; the component renders again only when that part is another. */
export function useStore<S, T>(store: Store<S>, pick: (now: S) => T): T {
  return useSyncExternalStore(store.subscribe, () => pick(store.get()));
}

/** `next`, with every part that equals one of `old` replaced by the old object, so that memoised rows stay as they are. */
export function keepSame<T>(old: T, next: T): T {
  if (Object.is(old, next) || typeof old !== "object" || typeof next !== "object" || old === null || next === null) return next;
  if (Array.isArray(old) !== Array.isArray(next)) return next;
  const before = old as Record<string, unknown>;
  const after = next as Record<string, unknown>;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  for (const key of keys) {
    after[key] = keepSame(before[key], after[key]);
    same &&= Object.is(before[key], after[key]) && key in before;
  }
  return same ? old : next;
}
