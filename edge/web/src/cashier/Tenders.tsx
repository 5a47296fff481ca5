import { memo } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../words";
import { useSession, useTill } from "./state";
import { press, tenderKey } from "./tender";

/** The tender keys in the shop's order, stored value first. One that covers the due completes the sale. */
export const Tenders = memo(function Tenders() {
  const { t, name } = useWords();
  const session = useSession();
  const ready = useTill((now) => now.bill !== null && now.bill.lines.length > 0);
  const hasMember = useTill((now) => now.bill?.member != null);
  if (session === null) return null;
  return (
    <div className="tenders" role="group" aria-label={t("tenders.label")}>
      {session.settings.tenders.map((kind, place) => (
        <Key
          key={kind.code}
          data-tender={kind.code}
          className={`tender ${kind.kind} ${ready ? "main" : ""}`}
          kbd={tenderKey(kind, place)}
          disabled={!ready || ((kind.kind === "value" || kind.kind === "points") && !hasMember)}
          onClick={() => press(kind)}
        >
          {name(kind)}
        </Key>
      ))}
    </div>
  );
});
