import { count, fen, yuan } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { Alert, Button, Descriptions, Drawer, Space, Spin, Tag } from "antd";
import { useState } from "react";
import { exportAddress, useList, useRead, type Schemas } from "../../api";
import { money, number, text, time } from "../../kit/columns";
import { Failure } from "../../kit/Failure";
import { Export } from "../../kit/Export";
import { Listing, Part } from "../../kit/Listing";
import { useWords } from "../../words";
import { saleColumns } from "../sale/columns";
import { SaleDrawer } from "../sale/SaleDrawer";
import { Cards, Contact, EraseMember, Level, Pin } from "./Acts";
import { MemberForm } from "./MemberForm";
import { Merge, SamePerson } from "./Merge";

type Place = Schemas["Place"];

/** One member: balance by place, cards, history down to the lines of a sale. */
export function MemberDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useWords();
  const member = useRead("/api/members/{id}", { parts: { id: id ?? "" }, when: id !== null });
  const [editing, setEditing] = useState(false);
  return (
    <Drawer
      open={id !== null}
      onClose={onClose}
      size={860}
      destroyOnHidden
      title={member.data?.name ?? t("member")}
      extra={
        member.data === undefined ? null : (
          <Space>
            {member.data.survivor === null ? <Merge key={member.data.id} members={[member.data]} /> : null}
            <Button onClick={() => setEditing(true)}>{t("edit")}</Button>
          </Space>
        )
      }
    >
      <Failure of={member} />
      {member.data === undefined ? member.error === null ? <Spin /> : null : <MemberView member={member.data} />}
      {member.data === undefined ? null : <EraseMember member={member.data} onGone={onClose} />}
      {member.data === undefined ? null : <MemberForm open={editing} member={member.data} onClose={() => setEditing(false)} />}
    </Drawer>
  );
}

function MemberView({ member }: { member: Schemas["Member"] }) {
  const speech = useWords();
  const { t } = speech;
  return (
    <>
      {member.conflicts > 0 ? <Alert type="warning" showIcon title={t("conflicts.here", { n: member.conflicts })} /> : null}
      <SamePerson member={member} />
      <ul className="purse">
        <li>
          <span className="soft">{t("member.principal")}</span>
          <b className="figure">{yuan(member.value.principal)}</b>
        </li>
        <li>
          <span className="soft">{t("member.bonus")}</span>
          <b className="figure">{yuan(member.value.bonus)}</b>
        </li>
        <li>
          <span className="soft">{t("points")}</span>
          <b className="figure">{count(member.points.usable)}</b>
          {member.points.pending === 0 ? null : <span className="soft">{t("points.pending", { n: count(member.points.pending) })}</span>}
        </li>
        {member.debt === 0 ? null : (
          <li>
            <span className="soft">{t("member.debt")}</span>
            <b className="figure below">{yuan(member.debt)}</b>
          </li>
        )}
      </ul>
      <Places member={member} />
      <Descriptions
        size="small"
        column={2}
        items={[
          { key: "phone", label: t("member.phone"), children: member.phone || "—" },
          { key: "level", label: t("member.level"), children: <Level member={member} /> },
          { key: "home", label: t("member.home"), children: member.home === null ? "—" : speech.name(member.home) },
          { key: "birthday", label: t("field.birthday"), children: member.birthday === null ? "—" : `${member.birth_year === null ? "" : `${member.birth_year}-`}${member.birthday}` },
          { key: "gender", label: t("member.gender"), children: member.gender === null ? "—" : t(`gender.${member.gender}`) },
          { key: "pin", label: t("member.pin"), children: <Pin member={member} /> },
          { key: "sms", label: t("message.wanted"), children: <Contact member={member} /> },
          { key: "note", label: t("field.note"), children: member.note || "—" },
          ...(member.opening === null
            ? []
            : [{ key: "opening", label: t("member.opening"), children: t("member.opening_parts", { value: fen(member.opening.value), bonus: fen(member.opening.bonus), points: count(member.opening.points), at: dayClock(member.opening.at_ms) }) }]),
        ]}
      />
      <h3>{t("member.cards")}</h3>
      <Cards member={member} />
      <History id={member.id} />
    </>
  );
}

function Places({ member }: { member: Schemas["Member"] }) {
  const speech = useWords();
  const { t } = speech;
  const columns = [
    text<Place>(t("member.place"), (place) => (place.branch === null ? t("head_office") : speech.name(place.branch)), {
      show: (place) => (
        <Space>
          {place.branch === null ? t("head_office") : speech.name(place.branch)}
          {place.reachable ? null : <Tag color="warning">{place.since_ms === null || place.since_ms === 0 ? t("place.cut") : t("place.cut_since", { at: dayClock(place.since_ms) })}</Tag>}
        </Space>
      ),
    }),
    money<Place>(t("member.principal"), (place) => place.principal),
    money<Place>(t("member.bonus"), (place) => place.bonus),
    number<Place>(t("points"), (place) => place.points, count),
    number<Place>(t("member.pending"), (place) => place.pending, count),
    time<Place>(t("place.contact"), (place) => place.since_ms || null, { render: (_, place) => (place.reachable ? t("link.up") : place.since_ms ? dayClock(place.since_ms) : "—") }),
  ];
  return <Part title={t("member.places")} columns={columns} rows={member.places} rowKey={(place) => place.place} pageRows={0} empty={t("place.none")} />;
}

function History({ id }: { id: string }) {
  const speech = useWords();
  const { t } = speech;
  const history = useList("/api/members/{id}/history", { parts: { id } });
  const [open, setOpen] = useState<string | null>(null);
  return (
    <>
      <header className="part-head">
        <h3>{t("member.history")}</h3>
        <Export href={exportAddress("sales", { member: id })} />
      </header>
      <Listing label={t("member.history")} columns={saleColumns(speech, history.data?.rows ?? [], setOpen, false)} of={history} rowKey={(row) => row.id} pageRows={10} empty={t("member.no_history")} />
      <SaleDrawer id={open} onClose={() => setOpen(null)} />
    </>
  );
}
