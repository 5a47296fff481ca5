// The hub's API, in the shape that openapi-typescript writes from the hub's own OpenAPI.
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
type Command<B, A> = Post<{ id: string } & B, A>;
type Nothing = Record<string, never>;
type Page = { offset?: number; limit?: number };
type Id = { id: string };
type List<T> = { total: number; rows: T[] };
type Rows<T> = { rows: T[] };

export interface paths {
  "/api/hub": Get<S["Hub"]>;
  "/api/session/sign_in": Post<{ code: string; password: string }, S["Hub"]>;
  "/api/session/sign_out": Post<Nothing, S["Hub"]>;
  "/api/session/password": Post<{ old: string; new: string }, S["Hub"]>;
  "/api/takings": Get<S["Takings"], { day?: number }>;
  "/api/sales": Get<List<S["SaleRow"]>, Page & { day?: number; branch?: string; member?: string }>;
  "/api/sales/{id}": Get<S["Sale"], never, Id>;
  "/api/branches": Get<Rows<S["Branch"]>>;
  "/api/members": Get<List<S["MemberRow"]>, Page & { text?: string }>;
  "/api/members/{id}": Get<S["Member"], never, Id>;
  "/api/members/{id}/history": Get<List<S["SaleRow"]>, Page, Id>;
  "/api/categories": Get<Rows<S["Category"]>>;
  "/api/products": Get<List<S["ProductRow"]>, Page & { category?: string; text?: string }>;
  "/api/products/{number}": Get<S["Product"], never, { number: number }>;
  "/api/calls": Get<List<S["Call"]>, Page>;
  "/api/conflicts": Get<List<S["Conflict"]>, Page>;
  "/api/claims": Get<Rows<S["Claim"]>>;
  "/api/exceptions": Get<List<S["Exception"]>, Page & { open?: boolean }>;
  "/api/staff": Get<Rows<S["Staff"]>>;
  "/api/roles": Get<Rows<S["Role"]>>;
  "/api/levels": Get<Rows<S["Level"]>>;
  "/api/settings": Get<Rows<S["Setting"]>>;
  "/api/import": Get<Rows<S["Import"]>>;
  "/api/import/{job}": Get<S["Import"], never, { job: string }>;
  "/api/status": Get<S["Status"]>;
  "/api/commands/enrol_code": Command<{ branch: string }, { code: string; until_ms: number }>;
  "/api/commands/branch_write": Command<S["BranchDraft"], { branch: S["Branch"] }>;
  "/api/commands/seal_install": Command<{ branch: string; reason: "replaced" | "revoked" | "lost"; confirmed: boolean }, { branch: S["Branch"] }>;
  "/api/commands/accept_missing": Command<{ branch: string; confirmed: boolean }, { branch: S["Branch"] }>;
  "/api/commands/member_edit": Command<S["MemberDraft"], { member: S["Member"] }>;
  "/api/commands/member_level": Command<{ member: string; level: string }, { member: S["Member"] }>;
  "/api/commands/member_pin": Command<{ member: string; pin: string }, { member: S["Member"] }>;
  "/api/commands/card_block": Command<{ number: string; reason: string }, { member: S["Member"] | null }>;
  "/api/commands/card_unblock": Command<{ number: string }, { member: S["Member"] | null }>;
  "/api/commands/change_price": Command<S["PriceChange"], { product: S["Product"]; release: number }>;
  "/api/commands/product_write": Command<S["ProductDraft"], { product: S["Product"] }>;
  "/api/commands/settle_conflict": Command<{ document: string; key: string; rank: number }, { conflicts: number }>;
  "/api/commands/own_exception": Command<{ exception: string }, { exception: S["Exception"] }>;
  "/api/commands/close_exception": Command<{ exception: string; note: string }, { exception: S["Exception"] }>;
  "/api/commands/staff_write": Command<{ staff: string | null; code: string; name: string; branch: string | null; roles: string[] }, { staff: S["Staff"] }>;
  "/api/commands/staff_pin": Command<{ staff: string; pin: string }, { staff: S["Staff"] }>;
  "/api/commands/staff_password": Command<{ staff: string; password: string }, { staff: S["Staff"] }>;
  "/api/commands/staff_disable": Command<{ staff: string; disabled: boolean; reason: string }, { staff: S["Staff"] }>;
  "/api/commands/setting_write": Command<{ group: string; key: string; value: string | null }, Rows<S["Setting"]>>;
}

export interface components {
  schemas: {
    Hub: {
      chain: string;
      host: string;
      version: string;
      language: "zh" | "en";
      session: S["Session"] | null;
      now_ms: number;
      day: number;
      price_release: number;
      recovering: boolean;
    };
    Session: { person: S["Person"]; rights: string[] };
    Person: { id: string; code: string; name: string; roles: S["Named"][] };
    Named: { name: string; name_en: string | null };
    Who: { id: string; name: string };
    BranchRef: { id: string; code: string; name: string; name_en: string | null };
    Takings: {
      day: number;
      as_of_ms: number;
      total: S["Figures"];
      branches: { branch: S["BranchRef"]; figures: S["Figures"]; hours: S["Hour"][] }[];
      hours: S["Hour"][];
      value: S["Value"];
      tenders: S["Tender"][];
    };
    Value: { principal: number; bonus: number };
    Figures: {
      turnover: number;
      received: number;
      top_ups: number;
      top_up_bonus: number;
      value_spent: number;
      bonus_spent: number;
      discounts: number;
      rounding: number;
      returns: number;
      bills: number;
      pieces: number;
      members: number;
    };
    Hour: { hour: number; turnover: number; received: number; top_ups: number; bills: number };
    Tender: { code: string; name: string; name_en: string | null; amount: number };
    SaleRow: {
      id: string;
      kind: "sale" | "return" | "top_up";
      receipt_no: string;
      at_ms: number;
      day: number;
      branch: S["BranchRef"];
      till: number;
      cashier: S["Who"] | null;
      member: S["Who"] | null;
      due: number;
      pieces: number;
      tenders: S["Tender"][];
      points: number;
      returned: boolean;
    };
    Sale: S["SaleRow"] & {
      lines: S["SaleLine"][];
      subtotal: number;
      discount: number;
      rounding: number;
      value: S["Value"] | null;
      entry: { stream: string; seq: number };
    };
    SaleLine: {
      n: number;
      product: number | null;
      name: string;
      name_en: string | null;
      unit: string;
      quantity: number;
      list_price: number;
      price: number;
      gross: number;
      discount: number;
      net: number;
      returned: number;
    };
    Branch: S["BranchRef"] & {
      address: string;
      phone: string;
      link: "up" | "down" | "never";
      seen_ms: number;
      lag_ms: number | null;
      unsent: number | null;
      heard_seq: number;
      devices: S["Device"][];
      devices_as_of_ms: number | null;
      price_release: number | null;
      open_shifts: number | null;
      install: { stream: string; sealed: boolean; entries: number } | null;
      owes?: boolean;
      zone_minutes?: number;
      cutoff_minutes?: number;
      price_list?: string;
    };
    BranchDraft: {
      branch: string | null;
      code: string;
      name: string;
      name_en: string | null;
      address: string;
      phone: string;
      zone_minutes: number;
      cutoff_minutes: number;
      price_list: string;
    };
    Device: {
      id: string;
      kind: string;
      name: string;
      state: "ok" | "trying" | "failed" | "off";
      what: string | null;
      what_to_do: string | null;
      since_ms: number;
    };
    MemberRow: {
      id: string;
      name: string;
      phone: string;
      cards: string[];
      level: S["LevelRef"] | null;
      home: S["BranchRef"] | null;
      why: "card" | "phone" | "name" | "pinyin" | null;
      last_visit_ms: number | null;
    };
    LevelRef: { code: string; name: string; name_en: string | null };
    Member: S["MemberRow"] & {
      birthday: string | null;
      birth_year: number | null;
      gender: "f" | "m" | "other" | null;
      note: string;
      value: { principal: number; bonus: number; total: number };
      points: { usable: number; pending: number };
      debt: number;
      places: S["Place"][];
      blocked: { number: string; since_ms: number; reason: string }[];
      pin_set: boolean;
      opening: { value: number; bonus: number; points: number; at_ms: number } | null;
      conflicts: number;
    };
    Place: {
      place: string;
      branch: S["BranchRef"] | null;
      principal: number;
      bonus: number;
      points: number;
      pending: number;
      reachable: boolean;
      since_ms: number | null;
    };
    MemberDraft: {
      member: string | null;
      name: string;
      phone: string | null;
      birthday: number | null;
      gender: "f" | "m" | "other" | null;
      note: string;
      home: string | null;
      cards: string[];
      although_taken: boolean;
    };
    Category: { code: string; parent: string | null; name: string; name_en: string | null };
    ProductRow: {
      number: number;
      name: string;
      name_en: string | null;
      code: string;
      category: string | null;
      unit: string;
      weighed: boolean;
      price: number | null;
      member_price: number | null;
      next: { from: number; price: number | null; member_price: number | null } | null;
      stock: number;
      retired: boolean;
    };
    Product: S["ProductRow"] & {
      document: string;
      plu: string | null;
      barcodes: string[];
      discountable: boolean;
      earns_points: boolean;
      cost: number | null;
      prices: { list: string; from: number; price: number; for_members: boolean }[];
      stocks: { branch: S["BranchRef"]; stock: number }[];
      conflicts: number;
    };
    PriceChange: {
      product: number;
      list: string;
      price: number | null;
      member_price: number | null;
      from: number | null;
      now: boolean;
      confirmed: boolean;
    };
    ProductDraft: {
      number: number | null;
      name: string;
      name_en: string | null;
      category: string | null;
      unit: string;
      weighed: boolean;
      plu: string | null;
      barcodes: string[];
      discountable: boolean;
      earns_points: boolean;
      cost: number | null;
      retired: boolean;
    };
    Call: {
      id: string;
      at_ms: number;
      branch: S["BranchRef"];
      number: string | null;
      hidden: "private" | "out_of_area" | null;
      members: S["MemberRow"][];
      answered: boolean | null;
    };
    Conflict: {
      document: string;
      kind: string;
      title: string;
      key: string;
      key_name: S["Named"];
      candidates: S["Candidate"][];
    };
    Candidate: { rank: number; value: string; branch: S["BranchRef"] | null; by: string | null; at_ms: number; before: string };
    Claim: { why: "phone" | "card"; number: string; members: S["MemberRow"][] };
    Exception: {
      id: string;
      at_ms: number;
      age_ms: number;
      what: string;
      branch: S["BranchRef"] | null;
      member: S["Who"] | null;
      amount: number;
      note: string;
      progress: "open" | "owned" | "closed";
      owner: S["Who"] | null;
      touched_ms: number;
      found: string | number | null;
    };
    Staff: {
      id: string;
      code: string;
      name: string;
      branch: S["BranchRef"] | null;
      roles: S["LevelRef"][];
      disabled: boolean;
      pin_set: boolean;
      password_set: boolean;
    };
    Role: { code: string; name: string; name_en: string | null; rights: string[] };
    Level: { code: string; name: string; name_en: string | null; rank: number; rate: number; points_factor: number; threshold: number };
    Setting: { group: string; key: string; value: string | null };
    Import: {
      job: string;
      kind: string;
      state: "running" | "done" | "failed";
      lines: number;
      done: number;
      changed: number;
      unchanged: number;
      rejected: number;
      started_ms: number;
      finished_ms: number | null;
      why: string | null;
    };
    Status: {
      now_ms: number;
      entries: number;
      streams: number;
      branches_up: number;
      branches_down: number;
      waiting: number;
      exceptions_open: number;
      conflicts: number;
      recovering: boolean;
      disk_low: boolean;
    };
    Event:
      | { kind: "sale"; sale: S["SaleRow"] }
      | { kind: "call"; call: S["Call"] }
      | { kind: "import"; import: S["Import"] }
      | { kind: "takings" | "branches" | "members" | "catalog" | "conflicts" | "exceptions" | "staff" | "reset" };
  };
}
