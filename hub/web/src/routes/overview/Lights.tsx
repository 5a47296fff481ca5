import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api";
import { Failure } from "../../kit/Failure";
import { Panel } from "../../kit/Panel";
import { byLight, light, sealed } from "../../lights";
import { useNowMs } from "../../session";
import { useWords } from "../../words";
import { LightSign, linkText } from "../branches/signs";

/** Lights that the overview shows; the page of branches has all. */
const SHOWN = 10;

/** One light per branch, worst first. */
export function Lights({ branches }: { branches: { data: { rows: Schemas["Branch"][] } | undefined; error: unknown; refetch: () => unknown } }) {
  const speech = useWords();
  const { t } = speech;
  const nowMs = useNowMs();
  const rows = [...(branches.data?.rows ?? [])].sort(byLight);
  const up = rows.filter((branch) => branch.link === "up" && !sealed(branch)).length;
  return (
    <Panel className="lights" title={t("lights.title")} extra={<Link to="/branches" search={{}}>{t("lights.count", { up, n: rows.length })}</Link>}>
      <Failure of={branches} />
      <ul>
        {rows.slice(0, SHOWN).map((branch) => (
          <li key={branch.id} className={light(branch)}>
            <LightSign of={light(branch)} />
            <Link to="/branches" search={{ id: branch.id }}>
              {speech.name(branch)}
            </Link>
            <span className="soft">{linkText(speech, branch, nowMs)}</span>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN ? (
        <Link to="/branches" search={{}}>
          {t("lights.more", { n: rows.length - SHOWN })}
        </Link>
      ) : null}
    </Panel>
  );
}
