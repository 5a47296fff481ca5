import { dayClock } from "@catena/web/when.ts";
import { Link } from "@tanstack/react-router";
import { App, Button, Empty, Spin, Tag } from "antd";
import { exportAddress, useList, useRead, type Schemas } from "../api";
import { text } from "../kit/columns";
import { Failure } from "../kit/Failure";
import { Export } from "../kit/Export";
import { Listing } from "../kit/Listing";
import { PageHead, Panel } from "../kit/Panel";
import { useCommand } from "../kit/useCommand";
import { useMay } from "../session";
import { useWords } from "../words";
import { Merge } from "./members/Merge";

/** One thing that two people wrote at the same time, and two members who hold one number. */
export default function Conflicts() {
  const { t } = useWords();
  const conflicts = useList("/api/conflicts");
  const rows = conflicts.data?.rows ?? [];
  return (
    <>
      <PageHead title={t("page.conflicts")}>
        <Export href={exportAddress("conflicts")} />
      </PageHead>
      <p className="soft">{t("conflicts.what")}</p>
      <Failure of={conflicts} />
      {conflicts.isPending ? <Spin /> : null}
      {rows.length === 0 && conflicts.data !== undefined ? (
        <section className="panel">
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("conflicts.none")} />
        </section>
      ) : null}
      {rows.map((conflict) => (
        <OneConflict key={`${conflict.document}/${conflict.key}`} conflict={conflict} />
      ))}
      <Claims />
    </>
  );
}

/** Both values side by side: who, where, when, based on what; a click settles it everywhere. */
function OneConflict({ conflict }: { conflict: Schemas["Conflict"] }) {
  const speech = useWords();
  const { t } = speech;
  const { message } = App.useApp();
  const settle = useCommand("settle_conflict", ["/api/conflicts", "/api/status"]);
  const choose = async (rank: number) => {
    const answer = await settle.say({ document: conflict.document, key: conflict.key, rank });
    if (answer !== null) void message.success(t("conflicts.settled", { n: answer.conflicts }));
  };
  const kind = speech.say(`document.${conflict.kind}`, "document.other", { kind: conflict.kind });
  return (
    <Panel className="conflict" title={t("conflicts.of", { kind, title: conflict.title, key: speech.name(conflict.key_name) })}>
      <ul>
        {conflict.candidates.map((candidate) => (
          <li key={candidate.rank} className={candidate.rank === 0 ? "stands" : ""}>
            {candidate.rank === 0 ? <Tag color="success">{t("conflicts.stands")}</Tag> : null}
            <p className="value">{candidate.value === "" ? t("conflicts.empty") : candidate.value}</p>
            <dl>
              <dt>{t("conflicts.who")}</dt>
              <dd>{candidate.by ?? t("conflicts.nobody")}</dd>
              <dt>{t("conflicts.where")}</dt>
              <dd>{candidate.branch === null ? t("head_office") : speech.name(candidate.branch)}</dd>
              <dt>{t("conflicts.when")}</dt>
              <dd>{dayClock(candidate.at_ms)}</dd>
              <dt>{t("conflicts.before")}</dt>
              <dd>{candidate.before === "" ? t("conflicts.empty") : candidate.before}</dd>
            </dl>
            <Button type={candidate.rank === 0 ? "default" : "primary"} loading={settle.busy} onClick={() => void choose(candidate.rank)} aria-label={t("conflicts.choose_this", { value: candidate.value })}>
              {t(candidate.rank === 0 ? "conflicts.keep" : "conflicts.choose")}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

type Claim = Schemas["Claim"];

function Claims() {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const claims = useRead("/api/claims");
  const rows = claims.data?.rows ?? [];
  if (rows.length === 0 && claims.error === null) return null;
  const columns = [
    text<Claim>(t("claims.why"), (claim) => t(`why_found.${claim.why}`), { filter: rows }),
    text<Claim>(t("claims.number"), (claim) => claim.number, { className: "figure" }),
    text<Claim>(t("claims.members"), (claim) => claim.members.map((member) => member.name).join(" "), {
      show: (claim) => (
        <span className="names">
          {claim.members.map((member) =>
            may("members") ? (
              <Link key={member.id} to="/members" search={{ id: member.id }}>
                {member.name} {member.phone}
              </Link>
            ) : (
              <span key={member.id}>{member.name}</span>
            ),
          )}
          {may("members") ? <Merge members={claim.members} /> : null}
        </span>
      ),
    }),
  ];
  return (
    <Panel title={t("claims.title")} extra={<Export href={exportAddress("claims")} personal />}>
      <p className="soft">{t("claims.what")}</p>
      <Listing label={t("claims.title")} columns={columns} of={claims} rowKey={(row) => `${row.why}/${row.number}`} />
    </Panel>
  );
}
