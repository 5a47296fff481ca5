import { FilterOutlined, UserAddOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { exportAddress, useList, type Schemas } from "../../api";
import { opening, text, time } from "../../kit/columns";
import { Export } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { PageHead } from "../../kit/Panel";
import { useWords } from "../../words";
import { Filter, read, Segments, written, type Asked } from "./Filter";
import { MemberDrawer } from "./MemberDrawer";
import { MemberForm } from "./MemberForm";
import { Send } from "./Send";

type Row = Schemas["MemberRow"];

/** Members by name, pinyin, phone, card; or by what they are, have and do. */
export default function Members() {
  const speech = useWords();
  const { t } = speech;
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const asked = search.text ?? "";
  const filter = read(search.filter ?? "");
  const filtered = written(filter);
  const members = useList("/api/members", { query: asked === "" ? filter : { text: asked } });
  const [adding, setAdding] = useState(false);
  const [filtering, setFiltering] = useState(filtered !== "");
  const rows = members.data?.rows ?? [];
  const at = asked === "" ? (filtered === "" ? {} : { filter: filtered }) : { text: asked };
  const ask = (wanted: Asked) => {
    setFiltering(true);
    void navigate({ to: "/members", search: written(wanted) === "" ? {} : { filter: written(wanted) } });
  };
  const open = (id: string) => void navigate({ to: "/members", search: { ...at, id } });
  const columns = [
    opening<Row>(t("member"), (row) => row.name, (row) => open(row.id)),
    text<Row>(t("member.phone"), (row) => row.phone, { className: "figure" }),
    text<Row>(t("member.cards"), (row) => row.cards.join(" "), { className: "figure" }),
    text<Row>(t("member.level"), (row) => (row.level === null ? "" : speech.name(row.level)), { filter: rows }),
    text<Row>(t("member.home"), (row) => (row.home === null ? "" : speech.name(row.home)), { filter: rows }),
    time<Row>(t("member.last_visit"), (row) => row.last_visit_ms || null),
    ...(asked === "" ? [] : [text<Row>(t("member.why"), (row) => (row.why === null ? "" : t(`why_found.${row.why}`)), { filter: rows })]),
  ];
  return (
    <>
      <PageHead title={t("page.members")}>
        <Input.Search
          key={asked}
          aria-label={t("search.members")}
          defaultValue={asked}
          allowClear
          placeholder={t("members.hint")}
          className="find"
          onSearch={(typed) => void navigate({ to: "/members", search: typed.trim() === "" ? {} : { text: typed.trim() } })}
        />
        <Segments asked={filter} onAsk={ask} />
        <Button icon={<FilterOutlined />} aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>
          {t("filter")}
        </Button>
        {asked === "" && filtered !== "" ? <Send filter={filtered} /> : null}
        <Button icon={<UserAddOutlined />} onClick={() => setAdding(true)}>
          {t("member.add")}
        </Button>
        <Export href={exportAddress("members", asked === "" ? { ...filter } : { text: asked })} personal />
      </PageHead>
      {filtering ? <Filter asked={filter} onAsk={ask} /> : null}
      <section className="panel">
        <Listing label={t("page.members")} columns={columns} of={members} rowKey={(row) => row.id} empty={asked === "" ? t(filtered === "" ? "members.none" : "filter.none") : t("members.not_found", { text: asked })} />
        {asked !== "" && rows.length >= 200 ? <p className="soft">{t("members.narrow")}</p> : null}
      </section>
      <MemberDrawer id={search.id ?? null} onClose={() => void navigate({ to: "/members", search: at })} />
      <MemberForm
        key={search.enrol ?? ""}
        open={adding || search.enrol !== undefined}
        member={null}
        phone={search.enrol ?? ""}
        onClose={(id) => {
          setAdding(false);
          if (id !== null) open(id);
          else if (search.enrol !== undefined) void navigate({ to: "/members", search: at });
        }}
      />
    </>
  );
}
