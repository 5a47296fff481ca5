import { Key } from "@catena/web/kit/Key.tsx";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed } from "../actions";

/** Who serves, and whether the customer asked for that person. */
export interface Served {
  readonly server: string | null;
  readonly asked_for: boolean;
}

/** One touch names who serves, another takes it back; by turn (轮钟) unless the customer asked (点钟). */
export function Server({ served, onServed }: { served: Served; onServed: (served: Served) => void }) {
  const { t } = useWords();
  const [people, setPeople] = useState<Schemas["Person"][]>([]);
  useEffect(() => {
    edge.read("/api/sales_clerks").then((answer) => setPeople(answer.people), failed);
  }, []);
  if (people.length === 0) return null;
  return (
    <div className="reasons" role="group" aria-label={t("package.server")}>
      <span className="soft">{t("package.server")}</span>
      {people.map((person) => {
        const on = person.id === served.server;
        return (
          <Key key={person.id} data-server={person.code} className={on ? "on" : ""} aria-pressed={on} onClick={() => onServed({ server: on ? null : person.id, asked_for: served.asked_for && !on })}>
            {person.name} <span className="soft">{person.code}</span>
          </Key>
        );
      })}
      <Key data-act="asked_for" disabled={served.server === null} className={served.asked_for ? "on" : ""} aria-pressed={served.asked_for} onClick={() => onServed({ ...served, asked_for: !served.asked_for })}>
        {t("package.asked_for")}
      </Key>
    </div>
  );
}
