import { Key } from "@catena/web/kit/Key.tsx";
import { clock, dayClock, span } from "@catena/web/when.ts";
import { memo, useEffect, useState } from "react";
import type { Schemas } from "../api";
import { useWords } from "../words";
import { changeLanguage, lock, open } from "./actions";
import { deviceText } from "./devices";
import { LanguageKey } from "./LanguageKey";
import { useSession, useTill } from "./state";

/** What stands at the top: where we are, what is wrong, who sells. */
export const Bar = memo(function Bar() {
  const { t, name } = useWords();
  const till = useTill((now) => now.till);
  const status = useTill((now) => now.status);
  const session = useSession();
  if (till === null) return null;
  return (
    <header className="bar">
      <span className="chain">{till.chain}</span>
      <strong className="where">
        {name(till.branch)} · {t("bar.till", { n: till.till.number })}
      </strong>
      <div className="signs" role="status">
        {status === null ? null : <Signs status={status} />}
      </div>
      <Now offsetMs={status === null ? 0 : status.now_ms - readAt(status)} wrong={status !== null && !status.clock.ok} />
      {session === null || session.locked ? null : (
        <>
          <span className="who" title={t("bar.cashier")}>
            {session.person.name} <span className="soft">{session.person.code}</span>
          </span>
          <Key onClick={() => void lock()}>{t("bar.lock")}</Key>
        </>
      )}
      <LanguageKey change={(language) => void changeLanguage(language)} />
    </header>
  );
});

const readAtMs = new WeakMap<Schemas["Status"], number>();

/** When a status was first seen by this browser: its clock may differ from the host's. */
function readAt(status: Schemas["Status"]): number {
  const at = readAtMs.get(status) ?? Date.now();
  readAtMs.set(status, at);
  return at;
}

/** The time of this browser, renewed often enough for minutes. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(tick);
  }, []);
  return now;
}

function Now({ offsetMs, wrong }: { offsetMs: number; wrong: boolean }) {
  const now = useNow();
  return <time className={`figure now ${wrong ? "bad" : ""}`}>{clock(now + offsetMs)}</time>;
}

function Signs({ status }: { status: Schemas["Status"] }) {
  const speech = useWords();
  const { t } = speech;
  const failing = status.devices.filter((device) => device.state === "failed" || device.state === "trying");
  const gone = span(useNow() + status.now_ms - readAt(status) - status.link.since_ms);
  const since = t(`span.${gone.unit}`, { n: gone.n });
  return (
    <>
      <span className={`sign ${status.link.state === "up" ? "good" : "warn"}`} title={status.link.seen_ms === null ? undefined : dayClock(status.link.seen_ms)}>
        <i aria-hidden="true" /> {t(`bar.${status.link.state}`, { since })}
      </span>
      <span className={`sign ${status.unsent > 0 && status.link.state !== "up" ? "warn" : ""}`}>{t("bar.unsent", { n: status.unsent })}</span>
      {failing.length === 0 ? (
        <Key className={`sign ${status.devices.length > 0 ? "good" : ""}`} onClick={() => open({ kind: "devices" })}>
          <i aria-hidden="true" /> {t(status.devices.length > 0 ? "bar.devices_ok" : "bar.no_devices")}
        </Key>
      ) : (
        failing.map((device) => (
          <Key key={device.id} className="sign bad" onClick={() => open({ kind: "devices" })}>
            <i aria-hidden="true" /> {deviceText(speech, device)}
          </Key>
        ))
      )}
      {status.slips_waiting > 0 ? (
        <Key className="sign warn" kbd="/" onClick={() => open({ kind: "slips" })}>
          <i aria-hidden="true" /> {t("bar.slips", { n: status.slips_waiting })}
        </Key>
      ) : null}
      {status.disk_low ? <span className="sign bad">{t("bar.disk")}</span> : null}
      {status.clock.ok ? null : (
        <Key className="sign bad" onClick={() => open({ kind: "clock" })}>
          <i aria-hidden="true" /> {t("bar.clock")}
        </Key>
      )}
      <span className="sign release">{t("bar.release", { n: status.price_release })}</span>
    </>
  );
}
