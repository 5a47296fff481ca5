import { ArrowDownOutlined, ArrowUpOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { count, yuan } from "@catena/web/money.ts";
import { Link } from "@tanstack/react-router";
import { Button, Popover } from "antd";
import type { ReactNode } from "react";
import type { Schemas } from "../../api";
import { changeBp, type Elapsed, type HourFigure, percent, sumUntil } from "../../figures";
import { useWords, type Word } from "../../words";

/** The four figures that must never be mixed, each with what it means and how it stands to a week ago. */
export function Tiles(props: { takings: Schemas["Takings"] | null; before: Schemas["Takings"] | null; over: Elapsed; day: number; today: boolean }) {
  const { t } = useWords();
  const { takings, before, over, day, today } = props;
  const total = takings?.total ?? null;
  const change = (figure: HourFigure) => (takings === null || before === null ? null : <Change now={sumUntil(takings.hours, figure, over)} before={sumUntil(before.hours, figure, over)} over={over} />);
  const search = today ? {} : { day };
  const held = takings === null ? null : takings.value.principal + takings.value.bonus;
  return (
    <ul className="tiles">
      <Tile word="turnover" value={total?.turnover ?? null} change={change("turnover")}>
        <Link to="/sales" search={search}>
          {t("tile.bills", { n: count(total?.bills ?? 0) })}
        </Link>
        {total === null || total.returns === 0 ? "" : ` · ${t("tile.returns", { amount: yuan(total.returns) })}`}
        {total === null || total.bills === 0 ? "" : ` · ${t("tile.average", { amount: yuan(Math.round(total.turnover / total.bills)) })}`}
      </Tile>
      <Tile word="received" value={total?.received ?? null} change={change("received")}>
        <Tenders tenders={takings?.tenders ?? []} />
      </Tile>
      <Tile word="top_ups" value={total?.top_ups ?? null} change={change("top_ups")}>
        {t("tile.bonus", { amount: yuan(total?.top_up_bonus ?? 0) })}
      </Tile>
      <Tile word="value" value={held} change={null}>
        {t("tile.principal", { amount: yuan(takings?.value.principal ?? 0) })}
        <br />
        {t("tile.held_bonus", { amount: yuan(takings?.value.bonus ?? 0) })}
        <br />
        {t("tile.spent", { amount: yuan((total?.value_spent ?? 0) + (total?.bonus_spent ?? 0)) })}
      </Tile>
    </ul>
  );
}

function Tile({ word, value, change, children }: { word: "turnover" | "received" | "top_ups" | "value"; value: number | null; change: ReactNode; children: ReactNode }) {
  const { t } = useWords();
  const name: Word = `figure.${word}`;
  return (
    <li className="panel tile">
      <h2>
        {t(name)}
        <Popover content={<p className="definition">{t(`define.${word}`)}</p>} trigger={["click", "hover"]}>
          <Button type="text" shape="circle" aria-label={t("define", { name: t(name) })} icon={<QuestionCircleOutlined />} />
        </Popover>
      </h2>
      <p className="soft short">{t(`short.${word}`)}</p>
      <p className="big figure">{value === null ? "—" : yuan(value)}</p>
      <div className="change">{change}</div>
      <div className="soft below-figure">{children}</div>
    </li>
  );
}

/** Red is up, as charts are read in China; the arrow says it too. */
function Change({ now, before, over }: { now: number; before: number; over: Elapsed }) {
  const { t } = useWords();
  const bp = changeBp(now, before);
  const since = over.over === 24 ? t("week.day") : t("week.until", { hour: `${(over.firstHour + over.over) % 24}:00` });
  if (over.over === 0 || bp === null) return <span className="soft">{t("week.none")}</span>;
  return (
    <span title={t("week.was", { amount: yuan(before) })}>
      <span className="soft">{since} </span>
      <b className={bp > 0 ? "up" : bp < 0 ? "down" : ""}>
        {bp > 0 ? <ArrowUpOutlined aria-label={t("up")} /> : bp < 0 ? <ArrowDownOutlined aria-label={t("down")} /> : null} {percent(bp)}
      </b>
    </span>
  );
}

function Tenders({ tenders }: { tenders: Schemas["Tender"][] }) {
  const speech = useWords();
  const sorted = [...tenders].sort((a, b) => b.amount - a.amount);
  return (
    <ul className="tenders">
      {sorted.map((tender) => (
        <li key={tender.code}>
          {speech.name(tender)} {yuan(tender.amount)}
        </li>
      ))}
    </ul>
  );
}
