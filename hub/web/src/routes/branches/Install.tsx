import { count, yuan } from "@catena/web/money.ts";
import { Alert, App, Button, Radio } from "antd";
import { useState } from "react";
import { hub, queries, type Schemas } from "../../api";
import { Refused } from "@catena/web/client.ts";
import { useNowMs } from "../../session";
import { useWords } from "../../words";
import { spanText } from "./signs";
import { sentence } from "../../words/refusal";

const REASONS = ["replaced", "revoked", "lost"] as const;
type Reason = (typeof REASONS)[number];

/** The machine of a branch: what it has sent; seal it, or go on without what it still holds. Each is a confirmed choice. */
export function Install({ branch }: { branch: Schemas["Branch"] }) {
  const { t } = useWords();
  if (branch.install === null) return <p className="soft">{t("install.none")}</p>;
  return (
    <>
      <p>
        {t(branch.install.sealed ? "install.sealed" : "install.stands", { entries: count(branch.install.entries) })} <span className="soft entry">{branch.install.stream}</span>
      </p>
      {branch.owes === true ? <AcceptMissing branch={branch} /> : null}
      {branch.install.sealed ? null : <Seal branch={branch} />}
    </>
  );
}

/** Says a command that must be confirmed: first to learn what it costs, then, if the person agrees, in earnest. */
function useConfirmed() {
  const speech = useWords();
  const { modal, message } = App.useApp();
  return async (first: () => Promise<unknown>, again: () => Promise<unknown>, title: string, cost: (args: Refused["args"]) => string) => {
    const failed = (failure: unknown) => void message.error(sentence(speech, failure), 6);
    try {
      await first();
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.code !== "needs_confirmation") return failed(failure);
      const agreed = await modal.confirm({ title, content: cost(failure.args), okText: speech.t("confirm.do"), cancelText: speech.t("cancel"), okButtonProps: { danger: true }, focusable: { autoFocusButton: "cancel" } });
      if (!agreed) return;
      await again().catch(failed);
    }
    await queries.invalidateQueries({ queryKey: ["/api/branches"] });
  };
}

function Seal({ branch }: { branch: Schemas["Branch"] }) {
  const speech = useWords();
  const { t } = speech;
  const [reason, setReason] = useState<Reason>("replaced");
  const confirmed = useConfirmed();
  const say = (sure: boolean) => hub.command("seal_install", { branch: branch.id, reason, confirmed: sure });
  const nowMs = useNowMs();
  const cost = (args: Refused["args"]) => {
    const lies = { value: yuan(Number(args["value"] ?? 0)), members: count(Number(args["members"] ?? 0)) };
    return branch.link === "up" ? t("seal.cost", { ...lies, unsent: branch.unsent ?? 0 }) : t("seal.cost_cut", { ...lies, since: spanText(speech, nowMs - branch.seen_ms) });
  };
  return (
    <div className="choice">
      <Alert
        type="warning"
        showIcon
        title={t("seal.title")}
        description={
          <>
            <Radio.Group aria-label={t("seal.title")} value={reason} onChange={(event) => setReason(event.target.value as Reason)} options={REASONS.map((value) => ({ value, label: t(`seal.${value}`) }))} />
            <p>{t(`seal.${reason}_means`)}</p>
            <Button danger onClick={() => void confirmed(() => say(false), () => say(true), t("seal.ask", { name: speech.name(branch), reason: t(`seal.${reason}`) }), cost)}>
              {t("seal.do")}
            </Button>
          </>
        }
      />
    </div>
  );
}

function AcceptMissing({ branch }: { branch: Schemas["Branch"] }) {
  const speech = useWords();
  const { t } = speech;
  const confirmed = useConfirmed();
  const say = (sure: boolean) => hub.command("accept_missing", { branch: branch.id, confirmed: sure });
  return (
    <div className="choice">
      <Alert
        type="warning"
        showIcon
        title={t("recovery.owes", { name: speech.name(branch) })}
        description={t("recovering.text")}
        action={
          <Button danger onClick={() => void confirmed(() => say(false), () => say(true), t("recovery.ask", { name: speech.name(branch) }), () => t("recovery.cost"))}>
            {t("recovery.do")}
          </Button>
        }
      />
    </div>
  );
}
