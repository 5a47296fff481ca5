import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { type FormEvent, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, run } from "../actions";
import { Notice } from "../Notice";
import { state } from "../state";
import { finish } from "./Discount";
import { useDigits } from "./useKey";

/** Basis points of one percent. */
const PERCENT = 100;

/** Shares in percent, by person; in the order chosen. */
export type Shares = ReadonlyMap<string, string>;

/** The same share for each, the first has what is left over. */
function even(people: readonly string[]): Shares {
  const part = Math.floor(100 / Math.max(1, people.length));
  return new Map(people.map((person, place) => [person, String(place === 0 ? 100 - part * (people.length - 1) : part)]));
}

/** As the commands take them: shares in basis points. */
export function clerksOf(shares: Shares): { staff: string; share: number }[] {
  return [...shares].map(([staff, share]) => ({ staff, share: Math.round(Number(share) * PERCENT) }));
}

/** As a bill or a sale has them. */
export function sharesOf(clerks: readonly Schemas["SalesClerk"][]): Shares {
  return new Map(clerks.map((clerk) => [clerk.person.id, String(clerk.share / PERCENT)]));
}

/** One touch names somebody; several share. */
export function ClerkChoice({ shares, onShares }: { shares: Shares; onShares: (shares: Shares) => void }) {
  const { t } = useWords();
  const [people, setPeople] = useState<Schemas["Person"][]>([]);
  useEffect(() => {
    edge.read("/api/sales_clerks").then((answer) => setPeople(answer.people), failed);
  }, []);
  const choose = (id: string) => onShares(even(shares.has(id) ? [...shares.keys()].filter((one) => one !== id) : [...shares.keys(), id]));
  useDigits(Math.min(9, people.length), (index) => choose(people[index]?.id ?? ""));
  return (
    <>
      <div className="reasons" role="group" aria-label={t("clerks.title")}>
        {people.map((person, index) => (
          <Key key={person.id} kbd={index < 9 ? String(index + 1) : null} className={shares.has(person.id) ? "on" : ""} aria-pressed={shares.has(person.id)} onClick={() => choose(person.id)}>
            {person.name} <span className="soft">{person.code}</span>
          </Key>
        ))}
      </div>
      {shares.size < 2
        ? null
        : [...shares].map(([id, share]) => (
            <Field
              key={id}
              label={t("clerks.share", { name: people.find((person) => person.id === id)?.name ?? "" })}
              className="figure"
              inputMode="decimal"
              maxLength={5}
              value={share}
              onText={(text) => onShares(new Map([...shares, [id, text]]))}
            />
          ))}
    </>
  );
}

/** Who served the customer. */
export function SalesClerks() {
  const { t } = useWords();
  const [shares, setShares] = useState<Shares>(() => sharesOf(state.get().bill?.sales_clerks ?? []));
  const save = (event: FormEvent) => {
    event.preventDefault();
    void finish(run("sales_clerks", { clerks: clerksOf(shares) }));
  };
  return (
    <form className="ask" onSubmit={save}>
      <ClerkChoice shares={shares} onShares={setShares} />
      <div className="actions">
        <Key onClick={() => setShares(new Map())}>{t("clerks.none")}</Key>
        <Key type="submit" className="main" data-first>
          {t("ok")}
        </Key>
      </div>
      <Notice />
    </form>
  );
}
