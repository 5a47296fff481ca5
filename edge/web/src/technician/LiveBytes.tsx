import { deviceName } from "@catena/web/devices.ts";
import { Key } from "@catena/web/kit/Key.tsx";
import { clockSeconds } from "@catena/web/when.ts";
import { useEffect, useRef, useState } from "react";
import { edge, type Schemas } from "../api";
import { failed } from "../cashier/actions";
import { useTechnicianWords } from "../words/technician";
import { meaningText } from "./meaning";

/** A babbling device is read this often at most. */
const READ_EVERY_MS = 250;

/** What goes over the wire of one device, in hex and in words. `heard` rises when there is more. */
export function LiveBytes({ device, heard }: { device: Schemas["Device"] | null; heard: number }) {
  const speech = useTechnicianWords();
  const { t } = speech;
  const [rows, setRows] = useState<Schemas["Bytes"][]>([]);
  const [paused, setPaused] = useState(false);
  const readAt = useRef(0);
  const end = useRef<HTMLTableElement>(null);
  const id = device?.id;
  useEffect(() => setRows([]), [id]);
  useEffect(() => {
    if (id === undefined || paused) return;
    const wait = Math.max(0, readAt.current + READ_EVERY_MS - Date.now());
    const timer = setTimeout(() => {
      readAt.current = Date.now();
      edge.read("/api/devices/{id}/bytes", { parts: { id } }).then((answer) => setRows(answer.bytes), failed);
    }, wait);
    return () => clearTimeout(timer);
  }, [id, heard, paused]);
  useEffect(() => {
    end.current?.lastElementChild?.lastElementChild?.scrollIntoView({ block: "nearest" });
  }, [rows]);
  if (device === null) return null;
  return (
    <>
      <header>
        <h2>
          {t("tech.bytes")} · {deviceName(speech, device)}
        </h2>
        <Key onClick={() => setPaused(!paused)}>{t(paused ? "tech.resume" : "tech.pause")}</Key>
      </header>
      {rows.length === 0 ? (
        <p className="soft">{t("tech.no_bytes")}</p>
      ) : (
        <div className="bytes" tabIndex={0} role="region" aria-label={t("tech.bytes")}>
          <table ref={end}>
            <thead>
              <tr>
                <th>{t("tech.time")}</th>
                <th>{t("tech.direction")}</th>
                <th>{t("tech.hex")}</th>
                <th>{t("tech.meaning")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={`${row.at_ms}-${index}`} className={row.direction}>
                  <td className="figure">{clockSeconds(row.at_ms)}</td>
                  <td>{t(`tech.${row.direction}`)}</td>
                  <td>
                    <code>{row.hex}</code>
                  </td>
                  <td>{meaningText(speech, row.meaning)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
