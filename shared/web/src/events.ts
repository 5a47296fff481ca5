// Live events: one stream per page (a browser has six connections to a host), everything on it. An event says what
// changed; the page reads it again. After a break whatever was missed is unknown, so the page is told to read all.
import { useEffect, useRef } from "react";

/** How long to wait before a stream that the browser gave up is opened again. */
const REOPEN_AFTER_MS = 2_000;

/** Follows `address` while the component stands. `missed` is called after each break, `opened` tells whether the stream stands. */
export function useEvents<E extends { kind: string }>(
  address: string | null,
  heard: (event: E) => void,
  missed: () => void,
  opened?: (open: boolean) => void,
): void {
  const latest = useRef({ heard, missed, opened });
  latest.current = { heard, missed, opened };
  useEffect(() => {
    if (address === null) return;
    let stream: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let broken = false;
    const open = () => {
      stream = new EventSource(address);
      stream.onopen = () => {
        latest.current.opened?.(true);
        if (broken) latest.current.missed();
        broken = false;
      };
      stream.onmessage = (message: MessageEvent<string>) => {
        const event = JSON.parse(message.data) as E;
        if (event.kind === "reset") latest.current.missed();
        else latest.current.heard(event);
      };
      stream.onerror = () => {
        broken = true;
        latest.current.opened?.(false);
        if (stream?.readyState === EventSource.CLOSED) again = setTimeout(open, REOPEN_AFTER_MS);
      };
    };
    open();
    return () => {
      clearTimeout(again);
      stream?.close();
    };
  }, [address]);
}
