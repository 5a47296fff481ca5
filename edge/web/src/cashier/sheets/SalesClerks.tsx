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
type Shares = ReadonlyMap<string, string>;

/** The same share for each, the first has what is left over. */
function even(people: readonly string[]): Shares {
  const part = Math.floor(100 / Math.max(1, people.length));
  return new Map(people.map((person, place) => [person, String(place === 0 ? 100 - part * (people.length - 1) : part)]));
}

/** Who served the customer: one touch names somebody; several share. */
export function SalesClerks() {
  const { t } = useWords();
  const [people, setPeople] = useState<Schemas["Person"][]>([]);
  const [shares, setShares] = useState<Shares>(() => new Map(state.get().bill?.sales_clerks.map((clerk) => [clerk.person.id, String(clerk.share / PERCENT)])));
  useEffect(() => {
    edge.read("/api/sales_clerks").then((answer) => setPeople(answer.people), failed);
  }, []);
  const choose = (id: string) => setShares(even(shares.has(id) ? [...shares.keys()].filter((one) => one !== id) : [...shares.keys(), id]));
  useDigits(Math.min(9, people.length), (index) => choose(people[index]?.id ?? ""));
  const save = (event: FormEvent) => {
    event.preventDefault();
    void finish(run("sales_clerks", { clerks: [...shares].map(([staff, share]) => ({ staff, share: Math.round(Number(share) * PERCENT) })) }));
  };
  return (
    <form className="ask" onSubmit={save}>
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
              onText={(text) => setShares(new Map([...shares, [id, text]]))}
            />
          ))}
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
