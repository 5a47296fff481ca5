import { memo } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../words";
import { sentence } from "../words/refusal";
import { state, useSession, useTill } from "./state";

/** What the rule refused, in one sentence with what to do now; the code stays small, for the technician. */
export const Notice = memo(function Notice() {
  const speech = useWords();
  const notice = useTill((now) => now.notice);
  const session = useSession();
  if (notice === null) return null;
  return (
    <div className={`notice ${notice.code === "pay_code" ? "calm" : ""}`} role="alert">
      <p>
        {sentence(speech, notice.code, notice.args, session?.settings.tenders)} <small>{notice.code}</small>
      </p>
      <Key aria-label={speech.t("close")} onClick={() => state.set({ notice: null })}>
        ×
      </Key>
    </div>
  );
});
