import { dayClock } from "@catena/web/when.ts";
import { useEffect } from "react";
import { useWords } from "../words";
import { loadAll } from "./actions";
import { useTill } from "./state";

/** How often the shop's host is asked again. */
const AGAIN_MS = 2_000;

/** The shop's host does not answer: which host, since when, what to look at. Goes away by itself. */
export function NoHost() {
  const { t } = useWords();
  const host = useTill((now) => now.till?.host ?? null);
  const seenMs = useTill((now) => now.seenMs);
  useEffect(() => {
    const again = setInterval(() => void loadAll(), AGAIN_MS);
    return () => clearInterval(again);
  }, []);
  return (
    <main className="no-host" role="alert">
      <h1>{t("host.title")}</h1>
      <p>{t("host.text", { host: host ?? t("host.known"), at: dayClock(seenMs) })}</p>
      <ol>
        <li>
          <Picture of="power" />
          {t("host.power")}
        </li>
        <li>
          <Picture of="cable" />
          {t("host.cable")}
        </li>
        <li>
          <Picture of="same" />
          {t("host.same")}
        </li>
      </ol>
      <p className="again">{t("host.again")}</p>
      <p className="soft">{t("host.paper")}</p>
    </main>
  );
}

const STROKES = {
  power: ["M20 44h56v22H20z", "M66 55h2", "M48 44V18", "M40 26h16"],
  cable: ["M12 52h28", "M40 42h14v20H40z", "M84 52H66", "M66 42v20", "M60 46h6M60 58h6"],
  same: ["M48 66v2", "M36 54a17 17 0 0 1 24 0", "M26 44a31 31 0 0 1 44 0", "M16 34a45 45 0 0 1 64 0"],
} as const;

function Picture({ of }: { of: keyof typeof STROKES }) {
  return (
    <svg viewBox="0 0 96 84" width="144" height="126" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round">
      {STROKES[of].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
