import { Key } from "@catena/web/kit/Key.tsx";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { close } from "../actions";
import { DoneCard } from "../DoneCard";
import { What, Who } from "../MemberStrip";

/** What was done with a member's money, and how the member stands now. Enter goes back to the bill. */
export function Finished({ done, member }: { done: Schemas["Done"]; member: Schemas["MemberCard"] }) {
  const { t } = useWords();
  return (
    <div className="ask">
      <DoneCard done={done} />
      <Who member={member} />
      <What member={member} />
      <Key className="main" data-first autoFocus onClick={close}>
        {t("close")}
      </Key>
    </div>
  );
}
