import { Sheet } from "@catena/web/kit/Sheet.tsx";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useWords } from "../../words";
import { close } from "../actions";
import { signIn, PinForm } from "../SignIn";
import { type Panel, useTill } from "../state";
import { isAgain, Wedge } from "../wedge";
import { BillDiscount, LineDiscount, LineQuantity } from "./Discount";
import { CardDesk } from "./CardDesk";
import { Candidates, Held, HeldPrices } from "./Choices";
import { Cash } from "./Cash";
import { Clock, Devices, Drawer, Help, More, OpenItem, VoidBill, WaitingSlips, Weight } from "./Small";
import { Coupons } from "./Coupons";
import { Days } from "./Days";
import { Enrol } from "./Enrol";
import { Gifts } from "./Gifts";
import { MemberEdit } from "./MemberEdit";
import { Member, Members } from "./Members";
import { Override } from "./Override";
import { PointsByHand, ReturnWithout, ReverseTopUp } from "./Corrections";
import { PackageDesk } from "./PackageDesk";
import { Quick } from "./Quick";
import { RoundOff } from "./RoundOff";
import { SalesClerks } from "./SalesClerks";
import { Receipts, Sale } from "./Receipts";
import { Shift, ZSlip } from "./Shift";
import { Timed } from "./Timed";
import { TopUp } from "./TopUp";
import { TypePad, write } from "./TypePad";
import { Value } from "./Value";

/** Sheets in which figures are typed: they have number keys for the touch screen. */
const WITH_PAD = new Set<Panel["kind"]>(["cash", "value", "line", "bill_discount", "round_off", "weight", "quick", "open_item", "shift", "override", "top_up", "card", "package", "enrol", "member_edit", "members", "receipts"]);

/** Sheets that a scanner may type into: member and staff cards, receipts. In any other, and where a reader sends the same twice, a scan is
 * stopped at its Enter. */
const SCANNED_INTO = new Set<Panel["kind"]>(["members", "enrol", "card", "receipts", "override", "switch"]);

/** The sheet that is open, if any. */
export function Sheets() {
  const panel = useTill((now) => now.panel);
  const { t } = useWords();
  const wedge = useRef(new Wedge());
  if (panel === null) return null;
  const guard = (event: KeyboardEvent) => {
    if (event.code !== "Enter" && event.code !== "NumpadEnter") {
      wedge.current.press(event.code, event.shiftKey, false, event.timeStamp);
      return;
    }
    const scan = wedge.current.burst(event.timeStamp);
    wedge.current.clear();
    if (scan === null) return;
    const again = isAgain(scan, event.timeStamp);
    if (!again && SCANNED_INTO.has(panel.kind)) return;
    event.preventDefault();
    event.stopPropagation();
    write((text) => (again ? text.slice(0, -scan.length) : ""));
  };
  const shown = (title: string, inside: ReactNode, className?: string) => (
    <Sheet key={panel.kind} name={panel.kind} title={title} close={t("close")} onClose={close} className={`${className ?? ""} ${WITH_PAD.has(panel.kind) ? "padded" : ""}`} onKey={guard}>
      {WITH_PAD.has(panel.kind) ? (
        <>
          <div className="content">{inside}</div>
          <TypePad />
        </>
      ) : (
        inside
      )}
    </Sheet>
  );
  return sheet(panel, t, shown);
}

type Shown = (title: string, inside: ReactNode, className?: string) => ReactNode;

function sheet(panel: Panel, t: ReturnType<typeof useWords>["t"], shown: Shown): ReactNode {
  switch (panel.kind) {
    case "help":
      return shown(t("help.title"), <Help />, "wide");
    case "more":
      return shown(t("more.title"), <More />);
    case "held":
      return shown(t("held.title"), <Held />, "wide");
    case "held_prices":
      return shown(t("held_prices.title"), <HeldPrices panel={panel} />);
    case "candidates":
      return shown(t("candidates.title", { text: panel.text }), <Candidates panel={panel} />);
    case "cash":
      return shown(t("cash.title"), <Cash />);
    case "value":
      return shown(t("value.title"), <Value />);
    case "members":
      return shown(t("members.title"), <Members text={panel.text} hits={panel.hits ?? null} />, "wide");
    case "member":
      return shown(t("member.find"), <Member id={panel.id} />);
    case "member_edit":
      return shown(t("member.edit"), <MemberEdit member={panel.member} />, "wide");
    case "enrol":
      return shown(t("enrol.title"), <Enrol phone={panel.phone} card={panel.card} />, "wide");
    case "top_up":
      return shown(t("top_up.title"), <TopUp member={panel.member} />, "wide");
    case "card":
      return shown(t("card.title"), <CardDesk member={panel.member} />, "wide");
    case "package":
      return shown(t("package.title"), <PackageDesk member={panel.member} />, "wide");
    case "gifts":
      return shown(t("gifts.title"), <Gifts member={panel.member} />, "wide");
    case "coupons":
      return shown(t("coupon.title"), <Coupons />, "wide");
    case "timed":
      return shown(t("timed.title"), <Timed />, "wide");
    case "line":
      return panel.ask === "quantity"
        ? shown(t("quantity.title"), <LineQuantity line={panel.line} />)
        : shown(t("discount.title"), <LineDiscount line={panel.line} />);
    case "bill_discount":
      return shown(t("discount.bill_title"), <BillDiscount />);
    case "round_off":
      return shown(t("round_off.title"), <RoundOff />);
    case "clerks":
      return shown(t("clerks.title"), <SalesClerks />);
    case "weight":
      return shown(t("weight.title"), <Weight panel={panel} />);
    case "quick":
      return shown(t("quick.title"), <Quick />);
    case "open_item":
      return shown(t("open_item.title"), <OpenItem />);
    case "void":
      return shown(t("void.title"), <VoidBill />);
    case "drawer":
      return shown(t("drawer.title"), <Drawer />);
    case "slips":
      return shown(t("slips.title"), <WaitingSlips />, "wide");
    case "clock":
      return shown(t("clock.title"), <Clock />);
    case "devices":
      return shown(t("bar.devices"), <Devices />);
    case "switch":
      return shown(t("sign_in.switch"), <PinForm code={panel.code} fixed={false} action={t("sign_in.do")} onSubmit={signIn} />);
    case "receipts":
      return shown(t("receipts.title"), <Receipts />, "wide");
    case "sale":
      return shown(t("sale.title", { no: panel.receipt_no }), <Sale receiptNo={panel.receipt_no} />, "wide");
    case "top_up_slip":
      return shown(t("reverse.title"), <ReverseTopUp receiptNo={panel.receipt_no} amount={panel.amount} />);
    case "points":
      return shown(t("points.title"), <PointsByHand member={panel.member} />);
    case "without":
      return shown(t("without.title"), <ReturnWithout />, "wide");
    case "shift":
      return shown(t("shift.title"), <Shift />);
    case "days":
      return shown(t("day.title"), <Days />, "wide");
    case "z":
      return shown(t("z.title", { n: panel.z.number }), <ZSlip z={panel.z} />, "wide");
    case "override":
      return shown(t("override.title"), <Override panel={panel} />);
  }
}
