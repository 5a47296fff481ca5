import { called, deviceName, stateText, whatToDo } from "@catena/web/devices.ts";
import { useEvents } from "@catena/web/events.ts";
import { Key } from "@catena/web/kit/Key.tsx";
import { useCallback, useEffect, useState } from "react";
import { edge, type Schemas } from "../api";
import { failed, loadAll, loadStatus, loadTill, run } from "../cashier/actions";
import { Bar } from "../cashier/Bar";
import { printText } from "../cashier/devices";
import { NoHost } from "../cashier/NoHost";
import { Notice } from "../cashier/Notice";
import { Pairing } from "../cashier/Pairing";
import { SignIn } from "../cashier/SignIn";
import { useTill } from "../cashier/state";
import { dayClock } from "@catena/web/when.ts";
import { useTechnicianWords } from "../words/technician";
import { Binding } from "./Binding";
import { LiveBytes } from "./LiveBytes";
import { meaningText } from "./meaning";
import { Slips } from "../cashier/sheets/Slips";
import { Tills } from "./Tills";
import "./technician.css";

/** The device page: which port is which device, what it sends, does it print, what to do. */
export default function Technician() {
  const till = useTill((now) => now.till);
  const lost = useTill((now) => now.lost);
  const unpaired = useTill((now) => now.unpaired);
  const { t } = useTechnicianWords();
  useEffect(() => {
    void loadAll();
  }, []);
  if (lost !== null) return <NoHost />;
  if (unpaired) return <Pairing />;
  if (till === null) return null;
  if (till.session === null || till.session.locked) return <SignIn />;
  if (!till.session.rights.includes("technician"))
    return (
      <div className="page">
        <Bar />
        <main className="technician">
          <p role="alert">{t("tech.forbidden")}</p>
          <Key onClick={() => location.assign("/")}>{t("tech.back")}</Key>
        </main>
      </div>
    );
  return <DevicePage version={till.version} host={till.host} />;
}

/** What is being bound: a device that is bound already, or a port that is free. */
export interface Draft {
  device: Schemas["Device"] | null;
  address: string;
}

type Kinds = { kind: Schemas["Device"]["kind"]; profiles: string[]; bauds: number[] }[];

function DevicePage({ version, host }: { version: string; host: string }) {
  const { t } = useTechnicianWords();
  const [devices, setDevices] = useState<Schemas["Device"][]>([]);
  const [ports, setPorts] = useState<{ ports: Schemas["Port"][]; kinds: Kinds }>({ ports: [], kinds: [] });
  const [watched, setWatched] = useState<string | null>(null);
  const [heard, setHeard] = useState({ device: "", n: 0 });
  const [slips, setSlips] = useState(0);
  const [draft, setDraft] = useState<Draft | null>(null);
  const load = useCallback(() => {
    edge.read("/api/devices").then((answer) => setDevices(answer.devices), failed);
    edge.read("/api/ports").then(setPorts, failed);
    setSlips((n) => n + 1);
  }, []);
  useEffect(load, [load]);
  useEvents<Schemas["Event"]>(
    "/api/events",
    (event) => {
      if (event.kind === "bytes") setHeard((now) => ({ device: event.device, n: now.n + 1 }));
      else if (event.kind === "session") {
        void loadTill();
        load();
      } else if (event.kind === "devices" || event.kind === "status" || event.kind === "print") {
        load();
        void loadStatus();
      }
    },
    load,
  );
  const shown = devices.find((device) => device.id === watched) ?? devices[0] ?? null;
  return (
    <div className="page">
      <Bar />
      <main className="technician">
        <header>
          <h1>{t("tech.title")}</h1>
          <span className="soft">{t("tech.version", { version, host })}</span>
          <Key onClick={() => location.assign("/")}>{t("tech.back")}</Key>
        </header>
        <Notice />
        <div className="columns">
          <section aria-label={t("tech.devices")}>
            <h2>{t("tech.devices")}</h2>
            {devices.length === 0 ? <p className="soft">{t("tech.no_devices")}</p> : null}
            <ul>
              <Mirror />
              {devices.map((device) => (
                <DeviceCard key={device.id} device={device} shown={device.id === shown?.id} onWatch={() => setWatched(device.id)} onBind={() => setDraft({ device, address: device.address })} onChanged={load} />
              ))}
            </ul>
          </section>
          <section aria-label={t("tech.bytes")}>
            <LiveBytes device={shown} heard={heard.device === shown?.id ? heard.n : 0} />
          </section>
        </div>
        <Ports ports={ports.ports} onBind={(address) => setDraft({ device: null, address })} />
        <Tills version={slips} />
        <section aria-label={t("slips.title")}>
          <h2>{t("slips.title")}</h2>
          <Slips devices={devices.filter((device) => device.kind === "printer")} version={slips} onChanged={load} />
        </section>
      </main>
      {draft === null ? null : (
        <Binding
          draft={draft}
          kinds={ports.kinds}
          ports={ports.ports}
          onClose={() => {
            setDraft(null);
            load();
          }}
        />
      )}
    </div>
  );
}

/** The second medium, where there is one: nothing to bind, but something to look at. */
function Mirror() {
  const speech = useTechnicianWords();
  const mirror = useTill((now) => now.status)?.devices.find((device) => device.kind === "mirror");
  if (mirror === undefined) return null;
  return (
    <li className={`device ${mirror.state}`}>
      <b>{deviceName(speech, mirror)}</b> <em className={`mark ${mirror.state === "ok" ? "member_price" : "free"}`}>{stateText(speech, mirror)}</em>{" "}
      <span className="soft">{speech.t("tech.since", { at: dayClock(mirror.since_ms) })}</span>
      {mirror.state === "ok" ? null : <p className="todo">{`${speech.t("tech.todo")}: ${whatToDo(speech, mirror)}`}</p>}
    </li>
  );
}

function DeviceCard(props: { device: Schemas["Device"]; shown: boolean; onWatch: () => void; onBind: () => void; onChanged: () => void }) {
  const speech = useTechnicianWords();
  const { t } = speech;
  const { device } = props;
  const [tested, setTested] = useState<string | null>(null);
  const test = async () => {
    const answer = await run("test_print", { device: device.id });
    setTested(answer === null ? null : t("tech.tested", { state: printText(speech, answer.print) }));
  };
  const unbind = async () => {
    if ((await run("unbind_device", { device: device.id })) !== null) props.onChanged();
  };
  return (
    <li className={`device ${device.state} ${props.shown ? "shown" : ""}`}>
      <p>
        <b>{deviceName(speech, device)}</b> {device.name === "" ? null : <span className="soft">{t(`device.${device.kind}`)}</span>}{" "}
        <em className={`mark ${device.state === "ok" ? "member_price" : "free"}`}>
          {stateText(speech, device)}
        </em>{" "}
        <span className="soft">{t("tech.since", { at: dayClock(device.since_ms) })}</span>
        {device.tries > 0 ? <span className="soft"> · {t("tech.tries", { n: device.tries })}</span> : null}
      </p>
      {device.tills.length === 0 ? null : <p>{t("tech.prints_for", { tills: device.tills.join(", ") })}</p>}
      <p className="soft path">
        {device.address} {device.baud === null ? "" : `· ${device.baud}`} {device.profile === null ? "" : `· ${device.profile}`}
      </p>
      {device.state === "ok" ? null : (
        <p className="todo">
          {t("tech.todo")}: {whatToDo(speech, device)}
        </p>
      )}
      {device.last_error === null ? null : (
        <p className="soft">
          {t("tech.last_error")}: {dayClock(device.last_error.at_ms)} {meaningText(speech, device.last_error.meaning)}
        </p>
      )}
      {device.last_reading === null ? null : (
        <p className="soft">
          {t("tech.last_reading")}: {dayClock(device.last_reading.at_ms)} <code>{device.last_reading.text}</code>
        </p>
      )}
      {tested === null ? null : <p role="status">{tested}</p>}
      <div className="actions">
        <Key className={props.shown ? "on" : ""} aria-pressed={props.shown} onClick={props.onWatch}>
          {t("tech.bytes")}
        </Key>
        {device.kind === "printer" ? <Key onClick={() => void test()}>{t("tech.test")}</Key> : null}
        <Key onClick={props.onBind}>{t("tech.rebind")}</Key>
        <Key className="danger" onClick={() => void unbind()}>
          {t("tech.unbind")}
        </Key>
      </div>
    </li>
  );
}

function Ports({ ports, onBind }: { ports: Schemas["Port"][]; onBind: (address: string) => void }) {
  const speech = useTechnicianWords();
  const { t } = speech;
  return (
    <section aria-label={t("tech.ports")}>
      <header>
        <h2>{t("tech.ports")}</h2>
        <Key onClick={() => onBind("")}>{t("tech.new")}</Key>
      </header>
      {ports.length === 0 ? (
        <p className="soft">{t("tech.no_ports")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>{t("tech.port")}</th>
              <th>{t("tech.label")}</th>
              <th>{t("tech.stable")}</th>
              <th>{t("tech.used")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {ports.map((port) => (
              <tr key={port.path}>
                <td>
                  <code>{port.path}</code>
                </td>
                <td>
                  {port.label} {port.usb === null ? "" : <span className="soft">{`${port.usb.vid}:${port.usb.pid} ${port.usb.serial ?? ""}`}</span>}
                </td>
                <td className="path">
                  <code>{port.stable}</code>
                </td>
                <td>{port.used_by === null ? <span className="soft">{t("tech.free")}</span> : called(speech, port.used_by)}</td>
                <td>{port.used_by === null ? <Key onClick={() => onBind(port.stable)}>{t("tech.bind")}</Key> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
