import { deviceName } from "@catena/web/devices.ts";
import { Key } from "@catena/web/kit/Key.tsx";
import { count, fen, yuan } from "@catena/web/money.ts";
import { clock, day } from "@catena/web/when.ts";
import type { Schemas } from "../api";
import { useWords } from "../words";
import { run } from "./actions";
import { printText } from "./devices";
import { state, usePrinters, useTill } from "./state";

/** A finished sale, top-up or return: the change in figures that read from two metres, until the next scan. */
export function DoneCard({ done: given }: { done: Schemas["Done"] }) {
  const done = useTill(({ last }) => (last?.receipt_no === given.receipt_no ? last : given));
  const speech = useWords();
  const { t, name } = speech;
  const printed = done.print.state === "printed" || done.print.state === "sent" || done.print.state === "printing" || done.print.state === "queued";
  const others = usePrinters().filter((printer) => printer.state === "ok");
  const slip = done.print.state === "failed" ? done.print.slip : null;
  // A paper of the member desk below zero gives money back: a gift or a package that was taken back, a withdrawal.
  const refund = done.kind === "return" || done.due < 0;
  const cash = done.tenders.find((tender) => tender.code === "cash");
  const back = Math.abs(done.kind === "return" ? (cash?.amount ?? 0) : done.due);
  const [label, big] = refund ? (["done.refund", back] as const) : done.change > 0 ? (["done.change", done.change] as const) : (["done.tendered", done.tendered] as const);
  /** What a command answered of the slip, unless an event said something newer meanwhile. */
  const told = (print: Schemas["PrintState"], copies = done.copies) =>
    state.set(({ last }) => (last === done ? { last: { ...done, print, copies } } : last?.receipt_no === done.receipt_no ? { last: { ...last, copies } } : {}));
  const print = async () => {
    if (printed) {
      const answer = await run("reprint", { receipt_no: done.receipt_no });
      if (answer !== null) told(answer.print, answer.copy);
    } else {
      const answer = await run("print", { receipt_no: done.receipt_no });
      if (answer !== null) told(answer.print);
    }
  };
  const printOn = async (device: string) => {
    const answer = slip === null ? null : await run("slip_print", { slip, device });
    if (answer !== null) told(answer.print);
  };
  return (
    <div className="done" role="status">
      <p className="kind">
        {t(`done.${done.kind}`)} <span className="figure">{clock(done.at_ms)}</span>
      </p>
      <p className="label">{t(label)}</p>
      <p className={`big figure ${label === "done.tendered" ? "exact" : ""}`}>{yuan(big)}</p>
      <dl>
        <div>
          <dt>{t("done.due")}</dt>
          <dd className="figure">{fen(Math.abs(done.due))}</dd>
        </div>
        {done.tenders.map((tender) => (
          <div key={tender.id}>
            <dt>{name(tender)}</dt>
            <dd className="figure">{fen(Math.abs(tender.code === "cash" && !refund ? tender.amount + done.change : tender.amount))}</dd>
          </div>
        ))}
        {cash === undefined || refund ? null : (
          <div>
            <dt>{t("done.change")}</dt>
            <dd className="figure">{fen(done.change)}</dd>
          </div>
        )}
        <div>
          <dt>{t("done.receipt")}</dt>
          <dd className="figure">{done.receipt_no}</dd>
        </div>
      </dl>
      <p className="soft">
        {[
          done.discount > 0 ? t("done.saved", { amount: fen(done.discount) }) : null,
          done.rounding !== 0 ? t("done.rounding", { amount: fen(done.rounding) }) : null,
          done.points === null
            ? null
            : done.points.from === null
              ? t("done.points", { n: count(done.points.earned) })
              : t("done.points_from", { n: count(done.points.earned), day: day(done.points.from) }),
        ]
          .filter((part) => part !== null)
          .join(" · ")}
      </p>
      {done.value === null ? null : (
        <p className="soft">
          {t("done.value", { total: fen(done.value.principal + done.value.bonus), principal: fen(done.value.principal), bonus: fen(done.value.bonus) })}
        </p>
      )}
      <p className={`print ${done.print.state}`}>
        {printText(speech, done.print)}
        {done.copies > 0 ? ` · ${t("print.copy", { n: done.copies })}` : ""}
        {slip !== null && others.length > 0 ? (
          others.map((printer) => (
            <Key key={printer.id} onClick={() => void printOn(printer.id)}>
              {t("slips.print_on")} {deviceName(speech, printer)}
            </Key>
          ))
        ) : (
          <Key onClick={() => void print()}>{t(printed ? "done.reprint" : "done.print")}</Key>
        )}
      </p>
      <p className="soft next">{t("done.next")}</p>
    </div>
  );
}
