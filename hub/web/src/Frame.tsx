import {
  AppstoreOutlined, BarChartOutlined, FileTextOutlined, ForkOutlined, MessageOutlined, PhoneOutlined, SettingOutlined, ShopOutlined, TableOutlined, TeamOutlined, UploadOutlined, UserOutlined, WarningOutlined,
} from "@ant-design/icons";
import { speak } from "@catena/web/i18n.ts";
import { showTimesIn } from "@catena/web/when.ts";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { Alert, Badge, Menu, Spin } from "antd";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useRead, type Schemas } from "./api";
import { Failure } from "./kit/Failure";
import { useLive } from "./live/useLive";
import { type Right, useMay } from "./session";
import { SignIn } from "./SignIn";
import { Top } from "./Top";
import { useWords, type Word } from "./words";

interface Page {
  to: string;
  word: Word;
  icon: ReactNode;
  /** Any of these rights opens the page. */
  rights: readonly Right[];
  /** How many things wait for a person there. */
  waiting?: (status: Schemas["Status"]) => number;
}

const PAGES: readonly Page[] = [
  { to: "/", word: "page.overview", icon: <BarChartOutlined />, rights: ["see_takings"] },
  { to: "/sales", word: "page.sales", icon: <FileTextOutlined />, rights: ["see_takings"] },
  { to: "/branches", word: "page.branches", icon: <ShopOutlined />, rights: ["branches", "devices", "see_takings"] },
  { to: "/members", word: "page.members", icon: <UserOutlined />, rights: ["members"] },
  { to: "/products", word: "page.products", icon: <AppstoreOutlined />, rights: ["catalogue", "prices"] },
  { to: "/calls", word: "page.calls", icon: <PhoneOutlined />, rights: ["members"] },
  { to: "/messages", word: "page.messages", icon: <MessageOutlined />, rights: ["members"] },
  { to: "/reports", word: "page.reports", icon: <TableOutlined />, rights: ["see_takings", "members", "exceptions", "staff"] },
  { to: "/conflicts", word: "page.conflicts", icon: <ForkOutlined />, rights: ["conflicts"], waiting: (status) => status.conflicts },
  { to: "/exceptions", word: "page.exceptions", icon: <WarningOutlined />, rights: ["exceptions"], waiting: (status) => status.exceptions_open },
  { to: "/import", word: "page.import", icon: <UploadOutlined />, rights: ["import"] },
  { to: "/staff", word: "page.staff", icon: <TeamOutlined />, rights: ["staff"] },
  { to: "/settings", word: "page.settings", icon: <SettingOutlined />, rights: ["settings"] },
];

/** What stands around every page: menu, search, link, language, person. */
export function Frame() {
  const { t } = useWords();
  const read = useRead("/api/hub");
  const session = read.data?.session ?? null;
  useLive(session !== null);
  const zone = read.data?.zone_minutes ?? null;
  useMemo(() => showTimesIn(zone), [zone]);
  const chosen = session === null ? null : (read.data?.language ?? null);
  useEffect(() => {
    if (chosen !== null) speak(chosen);
  }, [chosen]);
  useEffect(() => {
    if (read.data !== undefined) document.title = `${read.data.chain} · ${t("hub")}`;
  }, [read.data, t]);
  if (read.data === undefined)
    return read.error === null ? (
      <Spin size="large" className="whole" aria-label={t("loading")} />
    ) : (
      <main className="whole">
        <Failure of={read} />
      </main>
    );
  if (session === null) return <SignIn chain={read.data.chain} />;
  return <SignedIn hub={read.data} session={session} />;
}

function SignedIn({ hub, session }: { hub: Schemas["Hub"]; session: Schemas["Session"] }) {
  const { t } = useWords();
  const may = useMay();
  const here = useLocation().pathname;
  const navigate = useNavigate();
  const status = useRead("/api/status").data;
  const [unfolded, setUnfolded] = useState(false);
  const open = PAGES.filter((page) => page.rights.some(may));
  const page = PAGES.find((one) => one.to === here);
  const allowed = page === undefined || open.includes(page);
  const first = open[0];
  useEffect(() => {
    if (!allowed && here === "/" && first !== undefined) void navigate({ to: first.to });
  }, [allowed, here, first, navigate]);
  return (
    <div className={unfolded ? "frame unfolded" : "frame"}>
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <nav aria-label={t("menu")}>
        <p className="chain">
          <ShopOutlined aria-hidden /> {hub.chain} <span className="soft">{t("hub")}</span>
        </p>
        <Menu
          mode="inline"
          selectedKeys={[here]}
          items={open.map((one) => ({
            key: one.to,
            icon: one.icon,
            label: (
              <Link to={one.to} search={{}} onClick={() => setUnfolded(false)}>
                {t(one.word)}
                <Badge className="waiting" count={status === undefined ? 0 : (one.waiting?.(status) ?? 0)} />
              </Link>
            ),
          }))}
        />
        <p className="soft version">{t("version", { version: hub.version, host: hub.host })}</p>
      </nav>
      <Top hub={hub} person={session.person} unfolded={unfolded} onUnfold={() => setUnfolded(!unfolded)} />
      <main id="content" tabIndex={-1}>
        {hub.recovering ? <Alert type="warning" showIcon title={t("recovering.title")} description={t("recovering.text")} /> : null}
        {status?.disk_low === true ? <Alert type="error" showIcon title={t("disk_low")} /> : null}
        {allowed ? <Outlet /> : <Alert type="info" showIcon title={t("not_allowed")} />}
      </main>
    </div>
  );
}
