import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen } from "@catena/web/money.ts";
import { day, dayClock } from "@catena/web/when.ts";
import { useCallback, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { close, failed, loadBill, open, run } from "../actions";
import { DoneCard } from "../DoneCard";
import { Who } from "../MemberStrip";
import { Notice } from "../Notice";
import { may, useSession } from "../state";
import { type Served, Server } from "./Server";

type Card = Schemas["MemberCard"];
type Held = Schemas["HeldPackage"];
type Finished = (answer: Schemas["PaidIn"] | null) => void;

/** Counted packages of a member: a use is one key; selling, undoing, extending and paying back stand below it. */
export function PackageDesk({ member: opened }: { member: Card }) {
  const { t } = useWords();
  const [member, setMember] = useState(opened);
  const [desk, setDesk] = useState<Schemas["PackageDesk"] | null>(null);
  const [done, setDone] = useState<Schemas["Done"] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [served, setServed] = useState<Served>({ server: null, asked_for: false });
  const read = useCallback(() => {
    edge.read("/api/packages", { query: { member: opened.id } }).then(setDesk, failed);
  }, [opened.id]);
  useEffect(read, [read]);
  const finished: Finished = (answer) => {
    if (answer === null) return;
    setMember(answer.member);
    setDone(answer.done);
    read();
    void loadBill();
  };
  const one = member.packages.find((held) => held.id === chosen) ?? null;
  return (
    <div className="ask">
      <Who member={member} />
      {done === null ? null : done.due === 0 ? (
        <p role="status">
          {t("done.paper")} <span className="figure">{done.receipt_no}</span>
        </p>
      ) : (
        <DoneCard done={done} />
      )}
      {member.packages.length === 0 ? <p className="soft">{t("package.none")}</p> : null}
      {member.packages.length === 0 ? null : <Server served={served} onServed={setServed} />}
      {member.packages.map((held) => (
        <Package key={held.id} held={held} member={member.id} served={served} chosen={held.id === chosen} onChoose={setChosen} onDone={finished} />
      ))}
      {one === null || !may("withdraw") ? null : <Change key={one.id} held={one} member={member.id} onDone={finished} />}
      {may("top_up") ? <Selling kinds={desk?.kinds ?? []} member={member.id} onDone={finished} /> : null}
      <Used used={desk?.used ?? []} member={member.id} onDone={finished} />
      <Notice />
      <div className="actions">
        <Key onClick={() => open({ kind: "member", id: member.id })}>{t("back")}</Key>
        <Key className="main" data-first onClick={close}>
          {t("close")}
        </Key>
      </div>
    </div>
  );
}

/** One package: what is left of each item, and a key for each service. */
function Package({ held, member, served, chosen, onChoose, onDone }: { held: Held; member: string; served: Served; chosen: boolean; onChoose: (id: string) => void; onDone: Finished }) {
  const { t, name } = useWords();
  return (
    <section className="ask">
      <p className="reasons">
        <b>{held.name}</b> <span className={held.ended ? "wrong" : "soft"}>{held.ends === 0 ? t("package.no_end") : t("package.until", { day: day(held.ends) })}</span>{" "}
        {may("withdraw") ? (
          <Key className={chosen ? "on" : ""} onClick={() => onChoose(held.id)}>
            {t("package.change")}
          </Key>
        ) : null}
      </p>
      {held.items.map((item, at) => (
        <p key={at} className="reasons">
          <span>
            {t("package.left")} <b className="figure">{item.here}</b>
            {item.elsewhere > 0 ? <span className="soft figure"> {t("package.elsewhere", { n: item.elsewhere })}</span> : null}
          </span>
          {item.services.map((service) => (
            <Key key={service.number} data-service={service.number} className="main" onClick={() => void run("uses_take", { member, service: service.number, uses: 1, ...served }).then(onDone)}>
              {t("package.use", { name: name(service) })}
            </Key>
          ))}
        </p>
      ))}
    </section>
  );
}

/** Another end, or money back: both sums show before the key. */
function Change({ held, member, onDone }: { held: Held; member: string; onDone: Finished }) {
  const { t } = useWords();
  const [months, setMonths] = useState("");
  const [fee, setFee] = useState("");
  const [reason, setReason] = useState("");
  const base = { member, package: held.id, tender: "cash", reason };
  const extend = () => run("package_extend", { ...base, months: Number(months), fee: readFen(fee) ?? 0 }).then(onDone);
  const back = (by_list_price: boolean) => run("package_refund", { ...base, by_list_price, amount: by_list_price ? held.refund_by_list_price : held.refund }).then(onDone);
  return (
    <form className="ask" onSubmit={(event) => event.preventDefault()}>
      <div className="pair">
        <Field label={t("package.months")} className="figure" inputMode="numeric" maxLength={3} value={months} onText={setMonths} />
        <Field label={t("package.fee")} className="figure" inputMode="decimal" maxLength={10} value={fee} onText={setFee} />
        <Field label={t("reason.label")} maxLength={40} value={reason} onText={setReason} />
      </div>
      <div className="actions">
        <Key disabled={reason === "" || !/^\d+$/.test(months)} onClick={() => void extend()}>
          {t("package.extend")}
        </Key>
        <Key disabled={reason === ""} onClick={() => void back(false)}>
          {t("package.refund", { amount: fen(held.refund) })}
        </Key>
        <Key disabled={reason === ""} onClick={() => void back(true)}>
          {t("package.refund_list", { amount: fen(held.refund_by_list_price) })}
        </Key>
      </div>
    </form>
  );
}

/** What head office sells: the price shows, the tender key takes it. */
function Selling({ kinds, member, onDone }: { kinds: Schemas["KindShown"][]; member: string; onDone: Finished }) {
  const { t, name } = useWords();
  const tenders = useSession()?.settings.top_up_tenders ?? [];
  const [chosen, setChosen] = useState<Schemas["KindShown"] | null>(null);
  if (kinds.length === 0) return null;
  return (
    <section className="ask">
      <div className="reasons" role="group" aria-label={t("package.sell")}>
        {kinds.map((kind) => (
          <Key key={kind.id} data-kind={kind.code} className={kind.id === chosen?.id ? "on" : ""} onClick={() => setChosen(kind)}>
            {name(kind)} <span className="figure">{fen(kind.price)}</span>{" "}
            <small className="soft">{kind.gift > 0 ? t("package.uses_gift", { n: kind.uses, gift: kind.gift }) : t("package.uses", { n: kind.uses })}</small>
          </Key>
        ))}
      </div>
      <div className="actions">
        {tenders.map((tender) => (
          <Key
            key={tender.code}
            data-tender={tender.code}
            disabled={chosen === null}
            onClick={() => void (chosen === null ? null : run("package_sell", { member, kind: chosen.id, price: chosen.price, tender: tender.code, tendered: null }).then(onDone))}
          >
            {`${t("package.sell")} · ${name(tender)}`}
          </Key>
        ))}
      </div>
    </section>
  );
}

/** What was used last; one key gives it back. */
function Used({ used, member, onDone }: { used: Schemas["TakenShown"][]; member: string; onDone: Finished }) {
  const { t, name } = useWords();
  return (
    <ul className="rows">
      {used.map((taken) => (
        <li key={taken.id}>
          <span className="figure soft">{dayClock(taken.at_ms)}</span> {name(taken.service)} × {taken.uses}{" "}
          {taken.undone ? <span className="soft">{t("package.undone")}</span> : <Key onClick={() => void run("uses_undo", { member, of: taken.id, reason: t("reason.mistake") }).then(onDone)}>{t("package.undo")}</Key>}
        </li>
      ))}
    </ul>
  );
}
