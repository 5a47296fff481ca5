import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, yuan } from "@catena/web/money.ts";
import { day, dayClock } from "@catena/web/when.ts";
import { type FormEvent, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, run } from "../actions";
import { Notice } from "../Notice";
import { useTill } from "../state";
import { finish } from "./Discount";

/** Coupons of the bill's member, or one by its code. One is used at a time; what it takes off shows on the bill. */
export function Coupons() {
  const { t, name } = useWords();
  const member = useTill((now) => now.bill?.member?.id ?? null);
  const on = useTill((now) => now.bill?.coupon ?? null);
  const [coupons, setCoupons] = useState<Schemas["CouponShown"][]>([]);
  const [code, setCode] = useState("");
  useEffect(() => {
    if (member === null) setCoupons([]);
    else edge.read("/api/coupons", { query: { member } }).then((answer) => setCoupons(answer.coupons), failed);
  }, [member]);
  const put = (coupon: string) => void finish(run("coupon_put", { coupon }));
  const typed = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() !== "") put(code.trim());
  };
  const state = (coupon: Schemas["CouponShown"]) => {
    const branch = coupon.branch === "" ? t("coupon.head_office") : name({ name: coupon.branch, name_en: coupon.branch_en });
    if (coupon.state === "used") return t("coupon.used", { at: dayClock(coupon.used_ms ?? 0), branch });
    if (coupon.state === "elsewhere") return t("coupon.elsewhere", { branch });
    if (coupon.state === "later") return t("coupon.later", { day: day(coupon.from) });
    return "";
  };
  return (
    <div className="ask">
      {member === null ? <p className="soft">{t("coupon.no_member")}</p> : coupons.length === 0 ? <p className="soft">{t("coupon.none")}</p> : null}
      <ul className="choices">
        {coupons.map((coupon) => (
          <li key={coupon.id}>
            <Key data-coupon={coupon.state} disabled={coupon.state === "used" || coupon.state === "later"} onClick={() => put(coupon.id)}>
              <span className="what">{name(coupon)}</span>
              <b className="figure">{yuan(-coupon.off)}</b>
              <span className="soft">{coupon.least > 0 ? t("coupon.least", { amount: fen(coupon.least) }) : ""}</span>
              <span className="soft">{t("coupon.until", { day: day(coupon.until) })}</span>
              <span className="soft">{state(coupon)}</span>
            </Key>
          </li>
        ))}
      </ul>
      <form className="pair" onSubmit={typed}>
        <Field label={t("coupon.code")} first maxLength={40} value={code} onText={setCode} />
        <Key type="submit" className="main" disabled={code.trim() === ""}>
          {t("coupon.use")}
        </Key>
      </form>
      {on === null ? null : (
        <Key data-coupon-off onClick={() => void finish(run("coupon_off", {}))}>
          {t("coupon.off", { name: name(on) })}
        </Key>
      )}
      <Notice />
    </div>
  );
}
