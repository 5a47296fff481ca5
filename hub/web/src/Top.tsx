import { MenuOutlined, UserOutlined } from "@ant-design/icons";
import { ahead } from "@catena/web/when.ts";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Input, Modal } from "antd";
import { useState } from "react";
import type { Schemas } from "./api";
import { Language } from "./Language";
import { useLiveOpen } from "./live/useLive";
import { useMay } from "./session";
import { SecondFactor } from "./SecondFactor";
import { PasswordForm, signOut } from "./SignIn";
import { useWords } from "./words";

interface Props {
  hub: Schemas["Hub"];
  person: Schemas["Person"];
  /** Whether the menu is open on a narrow screen. */
  unfolded: boolean;
  onUnfold: () => void;
}

/** The bar above every page: search, whether it is live, whose clock it shows, language, person. */
export function Top({ hub, person, unfolded, onUnfold }: Props) {
  const { t } = useWords();
  return (
    <header className="top">
      <Button className="unfold" icon={<MenuOutlined />} aria-expanded={unfolded} onClick={onUnfold}>
        {t("menu")}
      </Button>
      <Search />
      <LiveSign />
      <span className="soft zone">{t("zone", { ahead: ahead(hub.zone_minutes) })}</span>
      <span className="soft release">{t("release", { n: hub.price_release })}</span>
      <Language kept />
      <Person person={person} second={hub.session?.second ?? false} />
    </header>
  );
}

function Search() {
  const { t } = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const kinds = [may("members") ? ("/members" as const) : null, may("catalogue") || may("prices") ? ("/products" as const) : null].filter((kind) => kind !== null);
  const [kind, setKind] = useState(kinds[0]);
  const now = kind ?? kinds[0];
  if (now === undefined) return <span />;
  const find = (typed: string) => {
    const text = typed.trim();
    if (text !== "") void navigate({ to: now, search: { text } });
  };
  return (
    <div className="search" role="search">
      <Dropdown menu={{ items: kinds.map((one) => ({ key: one, label: t(one === "/members" ? "page.members" : "page.products"), onClick: () => setKind(one) })) }} trigger={["click"]}>
        <Button aria-label={t("search.where")}>{t(now === "/members" ? "search.members" : "search.products")} ▾</Button>
      </Dropdown>
      <Input.Search allowClear aria-label={t("search")} placeholder={t(now === "/members" ? "members.hint" : "products.hint")} onSearch={find} />
    </div>
  );
}

function LiveSign() {
  const { t } = useWords();
  const open = useLiveOpen();
  return (
    <span className={`sign ${open ? "good" : "bad"}`} role="status">
      <i aria-hidden="true" /> {t(open ? "live.open" : "live.cut")}
    </span>
  );
}

function Person({ person, second }: { person: Schemas["Person"]; second: boolean }) {
  const speech = useWords();
  const { t } = speech;
  const { message } = App.useApp();
  const [changing, setChanging] = useState(false);
  const [proving, setProving] = useState(false);
  const leave = () => signOut().catch(() => message.error(t("refusal.unreachable")));
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "who", disabled: true, label: `${person.code} · ${person.roles.map((role) => speech.name(role)).join(", ")}` },
            { key: "password", label: t("password.change"), onClick: () => setChanging(true) },
            { key: "second", label: t("second.title"), onClick: () => setProving(true) },
            { key: "out", label: t("sign_out"), onClick: () => void leave() },
          ],
        }}
      >
        <Button icon={<UserOutlined />}>{person.name}</Button>
      </Dropdown>
      <Modal open={changing} title={t("password.change")} footer={null} destroyOnHidden onCancel={() => setChanging(false)}>
        <PasswordForm onDone={() => setChanging(false)} />
      </Modal>
      <Modal open={proving} title={t("second.title")} footer={null} destroyOnHidden onCancel={() => setProving(false)}>
        <SecondFactor on={second} onDone={() => setProving(false)} />
      </Modal>
    </>
  );
}

