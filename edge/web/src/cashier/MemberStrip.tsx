import { memo } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { count, discount, fen } from "@catena/web/money.ts";
import { day, dayClock } from "@catena/web/when.ts";
import type { Schemas } from "../api";
import { useWords } from "../words";
import { open, run } from "./actions";
import { useTill } from "./state";

/** The member of the bill: who, and what is usable here. */
export const MemberStrip = memo(function MemberStrip() {
  const { t } = useWords();
  const member = useTill((now) => now.bill?.member ?? null);
  if (member === null)
    return (
      <section className="member none">
        <span>
          <b>{t("member.none")}</b> <span className="soft">{t("member.hint")}</span>
        </span>
        <Key onClick={() => open({ kind: "members", text: "" })} kbd="F2">
          {t("member.find")}
        </Key>
      </section>
    );
  return (
    <section className="member" aria-label={t("member.find")}>
      <Who member={member} />
      <What member={member} />
      <div className="does">
        <Key onClick={() => open({ kind: "member", id: member.id })}>{t("member.open")}</Key>
        <Key onClick={() => open({ kind: "package", member })}>{t("package.title")}</Key>
        <Key onClick={() => open({ kind: "top_up", member })}>{t("member.top_up")}</Key>
        <Key onClick={() => open({ kind: "coupons" })}>{t("coupon.title")}</Key>
        <Key aria-label={t("member.detach")} onClick={() => void run("detach", {})}>
          ×
        </Key>
      </div>
    </section>
  );
});

/** First line: name, masked phone, level. */
export function Who({ member }: { member: Schemas["MemberCard"] }) {
  const { t, name, language } = useWords();
  const rate = discount(member.level.rate, language);
  return (
    <p className="one">
      <b className="name">{member.name}</b>
      <em className="level">
        {name(member.level)}
        {rate === null ? "" : ` ${rate}`}
      </em>
      <span className="figure soft">{member.phone}</span>
      {member.debt > 0 ? <em className="mark free">{t("member.debt", { amount: fen(member.debt) })}</em> : null}
    </p>
  );
}

/** Second line: what is usable here and elsewhere, uses and when the first of them end, points, birthday; under it, small: principal and
 * bonus, the last visit, what comes next. */
export function What({ member }: { member: Schemas["MemberCard"] }) {
  const { t, name } = useWords();
  const { value, points } = member;
  const away = value.total - value.usable_here;
  const running = member.packages.filter((held) => !held.ended);
  const uses = running.flatMap((held) => held.items).reduce((sum, item) => sum + item.here + item.elsewhere, 0);
  const ends = running.find((held) => held.ends > 0)?.ends;
  return (
    <>
      <p className="two">
        <span>
          {t("member.usable")} <b className="figure">{fen(value.usable_here)}</b>
        </span>
        {uses > 0 ? (
          <span>
            {t("package.left")} <b className="figure">{uses}</b>
            {ends === undefined ? null : <span className="soft"> {t("package.until", { day: day(ends) })}</span>}
          </span>
        ) : null}
        {away > 0 ? <span className="soft figure">{t("member.elsewhere", { amount: fen(away) })}</span> : null}
        <span>
          {t("member.points")} <b className="figure">{count(points.usable)}</b>
        </span>
        <Occasion member={member} />
      </p>
      <p className="three soft">
        <span className="figure">
          {t("member.principal")} {fen(value.principal)} · {t("member.bonus")} {fen(value.bonus)}
        </span>
        {points.pending > 0 ? <span className="figure">{t("member.pending", { n: count(points.pending) })}</span> : null}
        <span className="figure">{member.last_visit_ms === null ? t("member.first") : t("member.last", { at: dayClock(member.last_visit_ms) })}</span>
        {member.next_level === null ? null : (
          <span>
            {member.next_level.spend > 0
              ? t("member.next", { spend: fen(member.next_level.spend), name: name(member.next_level) })
              : t("member.next_times", { n: member.next_level.purchases, name: name(member.next_level) })}
          </span>
        )}
      </p>
    </>
  );
}

/** The birthday or the member day, and what it makes of points. */
function Occasion({ member }: { member: Schemas["MemberCard"] }) {
  const { t } = useWords();
  const { birthday_today: birthday, occasion_points: factor } = member;
  if (!birthday && factor === null) return null;
  const times = factor === null ? null : String(factor / 10_000);
  if (times === null) return <em className="birthday">{t("member.birthday")}</em>;
  return <em className="birthday">{t(birthday ? "member.birthday_points" : "member.member_day", { times })}</em>;
}
