// The edge's API, in the shape that openapi-typescript writes from the edge's own OpenAPI.
type Get<A, Q = never, P = never> = {
  get: { parameters: { query?: Q; path: P }; responses: { 200: { content: { "application/json": A } } } };
};
type Post<B, A> = {
  post: {
    requestBody: { content: { "application/json": B } };
    responses: { 200: { content: { "application/json": A } } };
  };
};
type S = components["schemas"];
type Command<B, A> = Post<{ id: string; override?: S["Override"] | null } & B, A>;
type OfBill = { bill: S["Bill"] | null };
type Nothing = Record<string, never>;

export interface paths {
  "/api/till": Get<S["Till"]>;
  "/api/session/sign_in": Post<{ code: string; pin: string; till: number | null }, S["Till"]>;
  "/api/session/unlock": Post<{ pin: string }, S["Till"]>;
  "/api/session/lock": Post<Nothing, S["Till"]>;
  "/api/session/sign_out": Post<Nothing, S["Till"]>;
  "/api/session/language": Post<{ language: "zh" | "en" }, S["Till"]>;
  "/api/bill": Get<{ bill: S["Bill"] | null; last: S["Done"] | null }>;
  "/api/search": Get<{ candidates: S["Candidate"][] }, { text: string }>;
  "/api/held": Get<{ held: S["Held"][] }>;
  "/api/categories": Get<{ categories: S["Category"][] }>;
  "/api/products": Get<{ total: number; products: S["Product"][] }, { category?: string; text?: string; offset?: number; limit?: number }>;
  "/api/value": Get<S["ValuePreview"], { amount?: number }>;
  "/api/members": Get<{ members: S["MemberHit"][] }, { text: string }>;
  "/api/members/{id}": Get<S["MemberCard"], never, { id: string }>;
  "/api/top_up": Get<S["TopUpPreview"], { member: string; amount: number }>;
  "/api/sales": Get<{ sales: S["RecentSale"][] }, { limit?: number }>;
  "/api/sales/{receipt_no}": Get<S["Sale"], never, { receipt_no: string }>;
  "/api/sales/{receipt_no}/refund": Get<S["Refund"], never, { receipt_no: string }>;
  "/api/shift": Get<{ shift: S["Shift"] | null; last: S["Z"] | null }>;
  "/api/shifts/{id}": Get<{ z: S["Z"] }, never, { id: string }>;
  "/api/status": Get<S["Status"]>;
  "/api/calls": Get<{ calls: S["Call"][] }, { limit?: number }>;
  "/api/ports": Get<{ ports: S["Port"][]; kinds: { kind: S["Device"]["kind"]; profiles: string[]; bauds: number[] }[] }>;
  "/api/devices": Get<{ devices: S["Device"][] }>;
  "/api/devices/{id}/bytes": Get<{ bytes: S["Bytes"][] }, never, { id: string }>;
  "/api/slips": Get<{ slips: S["Slip"][] }>;
  "/api/commands/enter": Command<{ text: string; choice: string | null }, S["Entered"]>;
  "/api/commands/add": Command<{ product: number; quantity: number | null }, OfBill>;
  "/api/commands/open_item": Command<{ amount: number; name: string | null; quantity: number | null }, OfBill>;
  "/api/commands/quantity": Command<{ line: string; quantity: number }, OfBill>;
  "/api/commands/remove": Command<{ line: string }, OfBill>;
  "/api/commands/line_discount": Command<{ line: string; rate: number | null; price: number | null; free: boolean; reason: string | null }, OfBill>;
  "/api/commands/bill_discount": Command<{ rate: number | null; amount: number | null; reason: string | null }, OfBill>;
  "/api/commands/void_bill": Command<{ reason: string | null }, OfBill>;
  "/api/commands/hold": Command<{ label: string | null }, OfBill>;
  "/api/commands/recall": Command<{ held: string; prices: "held" | "new" | null }, OfBill>;
  "/api/commands/attach": Command<{ member: string }, OfBill>;
  "/api/commands/detach": Command<object, OfBill>;
  "/api/commands/tender": Command<
    { code: string; amount: number | null; due: number; proof: S["Proof"] | null; pay_code: string | null },
    { bill: S["Bill"] | null; done: S["Done"] | null }
  >;
  "/api/commands/tender_remove": Command<{ tender: string }, OfBill>;
  "/api/commands/enrol": Command<
    {
      name: string;
      phone: string;
      birthday: number | null;
      gender: "f" | "m" | null;
      card: string | null;
      pin: string | null;
      attach: boolean;
      although_taken: boolean;
    },
    { member: S["MemberCard"]; bill: S["Bill"] | null }
  >;
  "/api/commands/member_pin": Command<{ member: string; pin: string; old: string | null }, { member: S["MemberCard"] }>;
  "/api/commands/top_up": Command<
    { member: string; amount: number; tender: string; tendered: number | null; gift: number },
    { done: S["Done"]; member: S["MemberCard"] }
  >;
  "/api/commands/take_back": Command<{ receipt_no: string; reason: string; amount: number }, { done: S["Done"] }>;
  "/api/commands/reprint": Command<{ receipt_no: string }, { copy: number; print: S["PrintState"] }>;
  "/api/commands/print": Command<{ receipt_no: string }, { print: S["PrintState"] }>;
  "/api/commands/open_drawer": Command<{ reason: string }, object>;
  "/api/commands/shift_open": Command<{ float: number }, { shift: S["Shift"] }>;
  "/api/commands/cash_move": Command<{ direction: "in" | "out"; amount: number; reason: string }, { shift: S["Shift"] }>;
  "/api/commands/shift_close": Command<{ counted: number; note: string | null }, { z: S["Z"] }>;
  "/api/commands/shift_reprint": Command<{ shift: string }, { print: S["PrintState"] }>;
  "/api/commands/set_clock": Command<{ now_ms: number }, object>;
  "/api/commands/bind_device": Command<
    { device: string | null; kind: S["Device"]["kind"]; name: string; address: string; baud: number | null; profile: string | null },
    { device: S["Device"] }
  >;
  "/api/commands/unbind_device": Command<{ device: string }, object>;
  "/api/commands/test_print": Command<{ device: string }, { print: S["PrintState"] }>;
  "/api/commands/slip_print": Command<{ slip: string; device: string | null }, { print: S["PrintState"] }>;
  "/api/commands/slip_drop": Command<{ slip: string }, object>;
}

export interface components {
  schemas: {
    Override: { code: string; pin: string };
    Proof: { kind: "pin"; pin: string } | { kind: "signature" };
    Till: {
      chain: string;
      branch: { id: string; code: string; name: string; name_en: string };
      till: { number: number; name: string };
      host: string;
      version: string;
      language: "zh" | "en";
      session: S["Session"] | null;
    };
    Session: {
      person: S["Person"];
      locked: boolean;
      rights: string[];
      limits: { line_discount: number; bill_discount: number; refund: number | null };
      shift: S["Shift"] | null;
      settings: S["Settings"];
      language: "zh" | "en";
    };
    Person: { id: string; code: string; name: string; roles: { name: string; name_en: string }[] };
    Settings: {
      tenders: S["TenderKind"][];
      lock_after_s: number;
      layout: "scan" | "tiles";
      print: "always" | "ask" | "never";
      top_up_tenders: S["TenderKind"][];
      top_up_amounts: number[];
    };
    TenderKind: { code: string; name: string; name_en: string; kind: "value" | "cash" | "other"; key: string | null };
    Bill: {
      id: string;
      revision: number;
      opened_ms: number;
      cashier: S["Person"];
      member: S["MemberCard"] | null;
      lines: S["Line"][];
      totals: S["Totals"];
      tenders: S["Tender"][];
      quick_cash: number[];
      held_count: number;
    };
    Line: {
      id: string;
      product: number | null;
      name: string;
      name_en: string;
      code: string;
      unit: string;
      quantity: number;
      weighed: boolean;
      list_price: number;
      price: number;
      gross: number;
      discount: number;
      net: number;
      rate: number | null;
      marks: S["Mark"][];
    };
    Mark:
      | "member_price"
      | "level"
      | "discount"
      | "price_changed"
      | "free"
      | "no_discount"
      | "negative_stock"
      | "weight_converted"
      | "held_price"
      | "open_item";
    Totals: {
      pieces: number;
      lines: number;
      subtotal: number;
      discounts: { kind: "member_price" | "level" | "line" | "bill" | "promotion"; amount: number; rate: number | null }[];
      discount: number;
      rounding: number;
      due: number;
      due_cash: number;
      paid: number;
      left: number;
      left_cash: number;
      points: number;
    };
    Tender: {
      id: string;
      code: string;
      name: string;
      name_en: string;
      amount: number;
      principal: number | null;
      bonus: number | null;
      proof: "none" | "pin" | "signature" | null;
    };
    Entered:
      | { kind: "added" | "quantity"; bill: S["Bill"]; line: string }
      | { kind: "attached"; bill: S["Bill"] }
      | { kind: "candidates"; text: string; candidates: S["Candidate"][] }
      | { kind: "receipt"; receipt_no: string }
      | { kind: "pay_code"; tender: string; left: number }
      | { kind: "staff"; code: string };
    Candidate: {
      choice: string;
      kind: "product" | "member" | "receipt";
      product: S["Product"] | null;
      member: S["MemberHit"] | null;
      why: "barcode" | "weighed" | "plu" | "card" | "phone" | "name" | "receipt";
    };
    Held: {
      id: string;
      held_ms: number;
      total: number;
      pieces: number;
      lines: number;
      member: string | null;
      cashier: S["Person"];
      till: number;
      label: string | null;
      business_day: number;
    };
    Category: { code: string; parent: string | null; name: string; name_en: string };
    Product: {
      number: number;
      name: string;
      name_en: string;
      code: string;
      category: string;
      unit: string;
      weighed: boolean;
      price: number | null;
      member_price: number | null;
      stock: number | null;
    };
    Elsewhere: { branch: string; name: string; amount: number; reachable: boolean; since_ms: number | null };
    ValuePreview: {
      amount: number;
      principal: number;
      bonus: number;
      left_after: number;
      usable_here: number;
      elsewhere: S["Elsewhere"][];
      proof: "none" | "pin" | "signature";
      pin_set: boolean;
      after: { principal: number; bonus: number };
    };
    Done: {
      kind: "sale" | "top_up" | "return";
      id: string;
      receipt_no: string;
      at_ms: number;
      cashier: S["Person"];
      due: number;
      tendered: number;
      change: number;
      rounding: number;
      discount: number;
      tenders: S["Tender"][];
      member: { id: string; name: string; phone: string } | null;
      value: { taken_principal: number; taken_bonus: number; principal: number; bonus: number } | null;
      points: { earned: number; from: number | null } | null;
      print: S["PrintState"];
      copies: number;
    };
    PrintState: {
      state: "queued" | "printing" | "printed" | "sent" | "failed" | "none";
      slip: string | null;
      what: string | null;
      device: string | null;
    };
    MemberHit: {
      id: string;
      name: string;
      phone: string;
      level: { name: string; name_en: string };
      why: "card" | "phone" | "name" | "pinyin";
      home: string;
    };
    MemberCard: {
      id: string;
      name: string;
      phone: string;
      cards: string[];
      level: { code: string; name: string; name_en: string; rate: number };
      birthday: string | null;
      birthday_today: boolean;
      points: { usable: number; pending: number };
      value: { principal: number; bonus: number; total: number; usable_here: number; elsewhere: S["Elsewhere"][] };
      last_visit_ms: number | null;
      next_level: { name: string; name_en: string; spend: number } | null;
      note: string | null;
      home: string;
      pin_set: boolean;
      debt: number;
    };
    TopUpPreview: {
      amount: number;
      bonus: number;
      tier: { from: number; bonus: number } | null;
      next: { from: number; bonus: number } | null;
      cap: number;
      may_add: number;
      after: { principal: number; bonus: number };
    };
    RecentSale: {
      receipt_no: string;
      at_ms: number;
      kind: "sale" | "top_up" | "return";
      due: number;
      pieces: number;
      cashier: S["Person"];
      member: string | null;
      returned: boolean;
      copies: number;
    };
    Sale: {
      receipt_no: string;
      at_ms: number;
      branch: string;
      till: number;
      cashier: S["Person"];
      member: { id: string; name: string; phone: string } | null;
      lines: { id: string; name: string; name_en: string; quantity: number; returned: number; returnable: number; net: number }[];
      totals: { subtotal: number; discount: number; rounding: number; due: number };
      tenders: S["Tender"][];
      returns: { receipt_no: string; at_ms: number; amount: number }[];
      lies: { branch: string; name: string; here: boolean; reachable: boolean; since_ms: number | null };
    };
    Refund: {
      amount: number;
      to: S["Tender"][];
      points_back: number;
      points_taken: number;
      points_short: number;
      points_charge: number;
      needs: string | null;
    };
    Shift: {
      id: string;
      number: number;
      opened_ms: number;
      business_day: number;
      cashier: S["Person"];
      float: number;
      bills: number;
      held: number;
      moves: { direction: "in" | "out"; amount: number; reason: string; at_ms: number }[];
    };
    Z: {
      shift: string;
      number: number;
      business_day: number;
      opened_ms: number;
      closed_ms: number;
      cashier: S["Person"];
      cash: {
        float: number;
        sales: number;
        top_ups: number;
        refunds: number;
        paid_in: number;
        paid_out: number;
        expected: number;
        counted: number;
        over_short: number;
      };
      tenders: { code: string; name: string; name_en: string; count: number; amount: number }[];
      value: { count: number; principal: number; bonus: number };
      top_ups: { code: string; name: string; name_en: string; count: number; amount: number; bonus: number }[];
      given: {
        discounts: number;
        free: number;
        rounding: number;
        voids: number;
        removed_lines: number;
        refunds_count: number;
        refunds: number;
        drawer_openings: number;
        reprints: number;
        overrides: number;
      };
      head_seq: number;
      head_hash: string;
      print: S["PrintState"];
    };
    Status: {
      link: { state: "up" | "down" | "unenrolled"; since_ms: number; seen_ms: number | null };
      unsent: number;
      unsent_since_ms: number | null;
      devices: S["DeviceState"][];
      price_release: number;
      now_ms: number;
      clock: { ok: boolean; why: "behind_last_entry" | "far_from_hub" | null; last_ms: number | null };
      training: boolean;
      slips_waiting: number;
      disk_low: boolean;
      held: number;
    };
    DeviceState: {
      id: string;
      kind: string;
      name: string;
      state: "ok" | "trying" | "failed" | "off";
      what: string | null;
      what_to_do: string | null;
      since_ms: number;
    };
    Call: {
      id: string;
      at_ms: number;
      state: "ringing" | "ended";
      number: string | null;
      hidden: "private" | "out_of_area" | null;
      raw_number: string | null;
      members: S["MemberHit"][];
    };
    Event:
      | { kind: "bill" | "session" | "status" | "held" | "catalog" | "shift" | "devices" | "reset" }
      | { kind: "call"; call: S["Call"] }
      | { kind: "entered"; entered: S["Entered"] }
      | { kind: "refused"; code: string; args: { [name: string]: string | number | boolean | null } }
      | { kind: "print"; receipt_no: string; print: S["PrintState"] }
      | { kind: "bytes"; device: string };
    Port: {
      path: string;
      stable: string;
      label: string;
      usb: { vid: string; pid: string; serial: string | null } | null;
      used_by: string | null;
    };
    Device: {
      id: string;
      kind: "reader" | "printer" | "caller_id";
      name: string;
      address: string;
      baud: number | null;
      profile: string | null;
      state: "ok" | "trying" | "failed" | "off";
      what: string | null;
      what_to_do: string | null;
      since_ms: number;
      tries: number;
      last_error: { at_ms: number; what: string; detail: string } | null;
      last_reading: { at_ms: number; text: string } | null;
      profiles: string[];
    };
    Bytes: { at_ms: number; direction: "in" | "out"; hex: string; meaning: string };
    Slip: {
      slip: string;
      receipt_no: string | null;
      at_ms: number;
      what: string | null;
      tries: number;
      state: "waiting" | "tried" | "failed";
    };
  };
}
