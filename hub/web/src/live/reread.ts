// Reads again what events name: at once, then at most once per `gapMs` and key, and always once more after the last
// event. A reading under way is never thrown away, so a busy chain cannot starve the page.

/** Says that `key` changed. */
export type Reread = (key: string) => void;

/** `read` is called for a key that changed, never twice at a time for the same key. */
export function createReread(read: (key: string) => Promise<unknown>, gapMs: number): Reread {
  const busy = new Map<string, { again: boolean }>();
  const start = (key: string) => {
    const now = { again: false };
    busy.set(key, now);
    const gap = new Promise((resolve) => setTimeout(resolve, gapMs));
    void Promise.all([read(key).catch(() => undefined), gap]).then(() => {
      busy.delete(key);
      if (now.again) start(key);
    });
  };
  return (key) => {
    const now = busy.get(key);
    if (now === undefined) start(key);
    else now.again = true;
  };
}
