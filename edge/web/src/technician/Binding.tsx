import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { Sheet } from "@catena/web/kit/Sheet.tsx";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../api";
import { run } from "../cashier/actions";
import { Notice } from "../cashier/Notice";
import { useTechnicianWords } from "../words/technician";
import type { Draft } from "./Technician";

/** Binds a device to a stable path, or a printer to its network address. */
export function Binding(props: {
  draft: Draft;
  kinds: { kind: Schemas["Device"]["kind"]; profiles: string[]; bauds: number[] }[];
  ports: Schemas["Port"][];
  onClose: () => void;
}) {
  const { t } = useTechnicianWords();
  const { device } = props.draft;
  const [kind, setKind] = useState<Schemas["Device"]["kind"]>(device?.kind ?? "printer");
  const of = props.kinds.find((one) => one.kind === kind);
  const [name, setName] = useState(device?.name ?? "");
  const [address, setAddress] = useState(props.draft.address);
  const [baud, setBaud] = useState<number | null>(device?.baud ?? null);
  const [profile, setProfile] = useState<string | null>(device?.profile ?? null);
  const [tills, setTills] = useState((device?.tills ?? []).join(", "));
  const serial = /^\/dev\/(serial|tty|pts|cu)/.test(address);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const said = {
      device: device?.id ?? null,
      kind,
      name: name.trim(),
      address: address.trim(),
      baud: serial ? (baud ?? of?.bauds[0] ?? null) : null,
      profile: profile ?? of?.profiles[0] ?? null,
      tills: kind === "printer" ? (tills.match(/\d+/g) ?? []).map(Number) : [],
    };
    if ((await run("bind_device", said)) !== null) props.onClose();
  };
  return (
    <Sheet name="binding" title={t(device === null ? "tech.new" : "tech.rebind")} close={t("close")} onClose={props.onClose}>
      <form className="ask" onSubmit={(event) => void save(event)}>
        <div className="reasons" role="group" aria-label={t("tech.kind")}>
          <span className="soft">{t("tech.kind")}</span>
          {(["printer", "reader", "caller_id"] as const).map((one) => (
            <Key
              key={one}
              className={kind === one ? "on" : ""}
              aria-pressed={kind === one}
              onClick={() => {
                setKind(one);
                setProfile(null);
              }}
            >
              {t(`device.${one}`)}
            </Key>
          ))}
        </div>
        <Field label={`${t("tech.address")} · ${t("tech.address_hint")}`} first list="ports" maxLength={200} value={address} onText={setAddress} />
        <datalist id="ports">
          {props.ports.map((port) => (
            <option key={port.path} value={port.stable}>
              {port.label}
            </option>
          ))}
        </datalist>
        <div className="pair">
          <Field label={t("tech.name")} maxLength={40} placeholder={t(`device.${kind}`)} value={name} onText={setName} />
          <label className="field">
            <span>{t("tech.profile")}</span>
            <select value={profile ?? of?.profiles[0] ?? ""} onChange={(event) => setProfile(event.target.value)}>
              {(of?.profiles ?? []).map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>{t("tech.baud")}</span>
            <select value={serial ? String(baud ?? of?.bauds[0] ?? "") : ""} disabled={!serial} onChange={(event) => setBaud(Number(event.target.value))}>
              {serial ? (of?.bauds ?? []).map((one) => <option key={one}>{one}</option>) : <option value="">{t("tech.none")}</option>}
            </select>
          </label>
        </div>
        {kind === "printer" ? <Field label={t("tech.tills")} name="tills" inputMode="numeric" maxLength={60} value={tills} onText={setTills} /> : null}
        <Notice />
        <div className="actions">
          <Key type="submit" className="main" disabled={address.trim() === ""}>
            {t("tech.save")}
          </Key>
        </div>
      </form>
    </Sheet>
  );
}
