import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, yuan } from "@catena/web/money.ts";
import { dayClock, readDayClock } from "@catena/web/when.ts";
import { useCallback, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, loadBill, run } from "../actions";
import { Notice } from "../Notice";
import { state, useTill } from "../state";
import { Reasons } from "./Reasons";

type Board = Schemas["Board"];
type Sitting = Schemas["SittingShown"];
type Answered = (answer: Schemas["Seated"] | null) => void;

/** Minutes and amounts run on while the sheet is open: read again so often. */
const EVERY_MS = 15_000;

/** Rooms and seats: one key seats the guest of this bill, one ends; what ended and is not paid stands below. */
export function Timed() {
  const { t } = useWords();
  const heard = useTill((now) => now.timed);
  const [board, setBoard] = useState<Board | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const read = useCallback(() => {
    edge.read("/api/timed").then(setBoard, failed);
  }, []);
  useEffect(() => {
    read();
    const timer = setInterval(read, EVERY_MS);
    return () => clearInterval(timer);
  }, [read, heard]);
  const answered: Answered = (answer) => {
    if (answer === null) return;
    setBoard(answer.board);
    void loadBill();
  };
  const one = board?.rooms.find((room) => room.sitting?.id === chosen)?.sitting ?? null;
  return (
    <div className="ask">
      {board?.rooms.length === 0 ? <p className="soft">{t("timed.none")}</p> : null}
      <ul className="rows board">
        {(board?.rooms ?? []).map((room) => (
          <RoomRow key={`${room.tariff}:${room.code}`} room={room} chosen={chosen} onChoose={setChosen} onDone={answered} />
        ))}
      </ul>
      {one === null ? null : <ByHand key={one.id} sitting={one} onDone={answered} />}
      {board === null || board.due.length === 0 ? null : <Due due={board.due} onDone={answered} />}
      <Notice />
    </div>
  );
}

/** One room: free, or who sits there, since when, and what it comes to. */
function RoomRow({ room, chosen, onChoose, onDone }: { room: Schemas["RoomShown"]; chosen: string | null; onChoose: (id: string) => void; onDone: Answered }) {
  const { t, name } = useWords();
  const sits = room.sitting;
  const start = () => run("sitting_start", { tariff: room.tariff, room: room.code, guest: state.get().bill?.member?.id ?? null }).then(onDone);
  return (
    <li data-room={room.code}>
      <span>
        <b>{room.seat}</b> <span className="soft">{name(room)}</span>
      </span>
      {sits === null ? <span className="soft figure">{t("timed.first", { amount: fen(room.first), n: room.first_minutes })}</span> : <Since sitting={sits} />}
      {sits === null ? (
        <span className="keys">
          <Key className="main" onClick={() => void start()}>
            {t("timed.start")}
          </Key>
        </span>
      ) : (
        <span className="keys">
          <Key onClick={() => void run("sitting_pause", { sitting: sits.id, pause: !sits.paused }).then(onDone)}>{t(sits.paused ? "timed.go_on" : "timed.pause")}</Key>
          <Key className={chosen === sits.id ? "on" : ""} onClick={() => onChoose(sits.id)}>
            {t("timed.by_hand")}
          </Key>
          <Key className="main" onClick={() => void run("sitting_stop", { sitting: sits.id, until_ms: null, reason: null }).then(onDone)}>
            {t("timed.stop")}
          </Key>
        </span>
      )}
    </li>
  );
}

function Since({ sitting }: { sitting: Sitting }) {
  const { t } = useWords();
  return (
    <span className="since">
      <span className="soft figure">{dayClock(sitting.started_ms)}</span>
      <span>{sitting.member_name === "" ? t("member.none") : sitting.member_name}</span>
      <span className="figure">{t("timed.minutes", { n: sitting.minutes })}</span>
      {sitting.free > 0 ? <span className="soft figure">{t("timed.free", { n: sitting.free })}</span> : null}
      <b className="figure">{yuan(sitting.amount)}</b>
      {sitting.paused ? <span className="soft">{t("timed.paused")}</span> : null}
      {sitting.forgotten ? <span className="wrong">{t("timed.forgotten")}</span> : null}
      {sitting.jumped ? <span className="wrong">{t("timed.jumped")}</span> : null}
    </span>
  );
}

/** A forgotten clock gets its true end; a sitting that has only begun may be given up. */
function ByHand({ sitting, onDone }: { sitting: Sitting; onDone: Answered }) {
  const { t } = useWords();
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const untilMs = readDayClock(until);
  return (
    <section className="ask">
      <Field label={t("timed.until", { seat: sitting.seat })} type="datetime-local" value={until} onText={setUntil} />
      <Reasons of={["forgotten", "mistake", "customer"]} chosen={reason} onChoose={setReason} />
      <div className="actions">
        <Key disabled={untilMs === null || reason === null} onClick={() => void run("sitting_stop", { sitting: sitting.id, until_ms: untilMs, reason }).then(onDone)}>
          {t("timed.stop_then")}
        </Key>
        <Key className="danger" disabled={reason === null} onClick={() => void (reason === null ? null : run("sitting_cancel", { sitting: sitting.id, reason }).then(onDone))}>
          {t("timed.cancel")}
        </Key>
      </div>
    </section>
  );
}

/** What ended and waits to be paid. */
function Due({ due, onDone }: { due: Sitting[]; onDone: Answered }) {
  const { t } = useWords();
  return (
    <section className="ask">
      <b>{t("timed.due")}</b>
      <ul className="rows board">
        {due.map((sitting) => (
          <li key={sitting.id} data-due={sitting.seat}>
            <b>{sitting.seat}</b> <Since sitting={sitting} />
            {sitting.on_bill ? <span className="soft">{t("timed.on_bill")}</span> : <Key onClick={() => void run("sitting_charge", { sitting: sitting.id }).then(onDone)}>{t("timed.charge")}</Key>}
          </li>
        ))}
      </ul>
    </section>
  );
}
