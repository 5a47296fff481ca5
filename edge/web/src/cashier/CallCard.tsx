import { memo, useEffect, useState } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../words";
import { open } from "./actions";
import { state, useTill } from "./state";

/** A call that was not answered at the till shrinks to its number after this time. */
const SHRINK_AFTER_MS = 20_000;

/** A ring: one line at the bottom left. It takes no focus and shows no balance. */
export const CallCard = memo(function CallCard() {
  const { t, name } = useWords();
  const call = useTill((now) => now.call);
  const [small, setSmall] = useState(false);
  const id = call?.id;
  useEffect(() => {
    setSmall(false);
    if (id === undefined) return;
    const shrink = setTimeout(() => setSmall(true), SHRINK_AFTER_MS);
    return () => clearTimeout(shrink);
  }, [id]);
  if (call === null) return null;
  const number = call.number ?? t(`call.${call.hidden ?? "not_told"}`);
  const [first] = call.members;
  const dismiss = () => state.set({ call: null });
  if (small)
    return (
      <div className="call small">
        <Key onClick={() => setSmall(false)}>
          ☎ <span className="figure">{number}</span>
        </Key>
      </div>
    );
  return (
    <div className={`call ${call.state}`} role="alert">
      <span aria-hidden="true">☎</span>
      <b>{t(call.state === "ringing" ? "call.title" : "call.over")}</b>
      <span className="figure">{number}</span>
      {first === undefined ? (
        call.number === null ? null : (
          <span className="soft">{t("call.unknown")}</span>
        )
      ) : (
        <span>
          {first.name} <span className="soft">{call.members.length > 1 ? t("call.several", { n: call.members.length }) : name(first.level)}</span>
        </span>
      )}
      {first === undefined ? (
        call.raw_number === null ? null : (
          <Key
            className="main"
            onClick={() => {
              open({ kind: "enrol", phone: call.raw_number ?? "", card: "" });
              dismiss();
            }}
          >
            {t("call.enrol")}
          </Key>
        )
      ) : (
        <Key
          className="main"
          onClick={() => {
            open(call.members.length > 1 ? { kind: "members", text: "", hits: call.members } : { kind: "member", id: first.id });
            dismiss();
          }}
        >
          {t("call.open")}
        </Key>
      )}
      <Key onClick={dismiss}>{t("call.dismiss")}</Key>
    </div>
  );
});
