//! What a person at head office does about what came in wrong: credit above the limits is let through, what was overspent at a sealed machine is
//! collected or given up, and who is erased is erased from calls and printed slips, too.
use crate::branch::{Branch, STREAM};
use crate::desk::chain;
use crate::site::{Page, Site};
use serde_json::{Value, json};
use shared::base::limits::ISSUED_CLERK_DAY_MINOR_MAX;
use shared::base::{JobId, MemberId, Money, ShiftId, StaffId, TillId, Unit};
use shared::calls::ring::Ring;
use shared::facts::Fact;
use shared::facts::cards::Withdrawn;
use shared::facts::members::ToppedUp;
use shared::facts::sales::{Occasion, Part};
use shared::journal::{Command, Decided, Fault, Job, Moment, Read, Refusal, Right};
use shared::store::jobs::{State, job};

/// A box whose program writes down what it likes.
struct Says<F>(F, u8);

impl<F: Fact + Clone> Command for Says<F> {
    type State = ();
    const RIGHT: Option<Right> = None;
    fn content(&self) -> Vec<u8> {
        vec![self.1]
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&self.0))
    }
}

/// Head office with its rules at work, and a branch beside it.
async fn opened(name: &str) -> (Site, Page, Branch) {
    let site = Site::new(name).await;
    let hq = chain(&site).await;
    tokio::spawn(hub::reactions::notice(site.app.clone()));
    let branch = Branch::new(&site, &hq).await;
    (site, hq, branch)
}

async fn member(hq: &Page, text: &str) -> (String, MemberId) {
    let id = hq.get(&format!("/api/members?text={text}")).await.1["rows"][0]["id"].as_str().expect("an id").to_owned();
    (id.clone(), id.parse().expect("a member"))
}

fn topped_up(branch: &Branch, member: MemberId, principal: i64) -> ToppedUp {
    ToppedUp {
        member,
        branch: branch.id,
        till: TillId([1; 16]),
        shift: ShiftId([2; 16]),
        day: 20_261_121,
        hour: 9,
        at_ms: hub::app::now_ms(),
        receipt: "R1".into(),
        clerk: StaffId([1; 16]),
        tender: "cash".into(),
        money: 1,
        principal,
        bonus: 0,
        tendered: principal,
        principal_after: principal,
        bonus_after: 0,
    }
}

/// Principal that the branch paid out.
fn withdrawn(branch: &Branch, member: MemberId, amount: i64) -> Withdrawn {
    Withdrawn {
        at: Occasion {
            branch: branch.id,
            till: 1,
            shift: Some(ShiftId([2; 16])),
            day: 20_261_121,
            hour: 9,
            at_ms: hub::app::now_ms(),
            by: StaffId([1; 16]),
            allowed_by: None,
            clock_by_hand: false,
        },
        receipt_no: "R2".into(),
        member,
        parts: vec![Part { unit: Unit::Value(branch.id).key().to_vec().into(), amount }],
        forfeited: Vec::new(),
        deposits: Vec::new(),
        tender: "cash".into(),
        paid_out: Money::from_minor(amount),
        bonus: Money::ZERO,
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        reason: "急用".into(),
        closed: false,
    }
}

/// The exception of this kind that is about this member, once it was raised.
async fn raised(hq: &Page, what: &str, member: &str) -> Value {
    for _ in 0..200 {
        let (_, list) = hq.get("/api/exceptions").await;
        let of = |row: &&Value| row["what"] == what && row["member"]["id"] == member;
        if let Some(found) = list["rows"].as_array().and_then(|rows| rows.iter().find(of)) {
            return found.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no exception {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credit_above_the_limits_counts_once_head_office_lets_it_through() {
    let (site, hq, mut branch) = opened("confirm").await;
    let (id, someone) = member(&hq, "13900139000").await;
    let given = topped_up(&branch, someone, ISSUED_CLERK_DAY_MINOR_MAX + 1);
    branch.decide(&Says(given, 1));
    branch.exchange(&site, Vec::new()).await;
    let held = async || site.app.read(move |db| shared::ledger::issued::held(db, someone)).await.expect("read");
    let exception = raised(&hq, "issue_limit", &id).await;
    assert_eq!((held().await, &exception["amount"]), (true, &json!(ISSUED_CLERK_DAY_MINOR_MAX + 1)));
    let confirm = |note: &str| json!({"exception": exception["id"], "note": note});
    assert_eq!(hq.command("confirm_issues", confirm(" ")).await.1["code"], "not_sound", "why is asked for");
    assert!(held().await, "a refusal leaves it where it lies");
    let confirmed = hq.done("confirm_issues", confirm("开业充值活动，店长确认")).await;
    assert_eq!((&confirmed["exception"]["progress"], held().await), (&json!("closed"), false));
    assert_eq!(hq.command("confirm_issues", confirm("再来")).await.1["code"], "not_sound", "once");
    let nothing = json!({"exception": "cmd_00000000000000000000000000000009", "note": "x"});
    assert_eq!(hq.command("confirm_issues", nothing).await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_overspent_at_a_lost_machine_is_collected_or_given_up() {
    let (site, hq, mut branch) = opened("debt").await;
    let (pays, owing) = (member(&hq, "13900139000").await, member(&hq, "6001").await);
    for (n, (_, someone)) in [(1, &pays), (2, &owing)] {
        let given = topped_up(&branch, *someone, 500);
        branch.decide(&Says(given, n));
    }
    branch.exchange(&site, Vec::new()).await;
    // Both is paid out unheard, and what lay there is carried on before it is heard.
    for (n, (_, someone), amount) in [(3, &pays, 200), (4, &owing, 300)] {
        let paid_out = withdrawn(&branch, *someone, amount);
        branch.decide(&Says(paid_out, n));
    }
    hq.done("seal_install", json!({"branch": branch.id, "reason": "lost", "confirmed": true})).await;
    branch.exchange(&site, Vec::new()).await;

    let exception = raised(&hq, "negative_balance", &pays.0).await;
    assert_eq!((&exception["amount"], &exception["owed"]), (&json!(-200), &json!(200)));
    let of = json!({"exception": exception["id"]});
    assert_eq!(hq.done("collect_debt", of.clone()).await["exception"]["owed"], 0);
    let places = hq.get(&format!("/api/members/{}", pays.0)).await.1["places"].as_array().cloned().unwrap_or_default();
    assert_eq!(
        places.iter().map(|place| place["principal"].as_i64()).collect::<Vec<_>>(),
        [Some(300)],
        "the rest of it lies at head office"
    );
    assert_eq!(hq.command("collect_debt", of).await.1["code"], "not_found", "once");

    let exception = raised(&hq, "negative_balance", &owing.0).await;
    let give_up = |note: &str| json!({"exception": exception["id"], "note": note});
    assert_eq!(hq.command("write_off_debt", give_up(" ")).await.1["code"], "not_sound");
    let given_up = hq.done("write_off_debt", give_up("旧机被人开过，总部承担")).await;
    assert_eq!((&given_up["exception"]["owed"], &given_up["exception"]["progress"]), (&json!(0), &json!("closed")));
    let held = hq.get(&format!("/api/members/{}", owing.0)).await.1["value"]["principal"].clone();
    assert_eq!(held, 81_818 + 500, "what was paid out twice nobody owes");
    assert_eq!(hq.command("write_off_debt", give_up("再来")).await.0, 404);
    let below = site
        .app
        .read(|db| db.number("select count(*) from balance where place = ?1 and amount < 0 and length(holder) = 16", &[STREAM.into()]));
    assert_eq!(below.await.expect("read"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_erased_is_erased_from_calls_and_printed_slips_too() {
    let (site, hq, mut branch) = opened("erase-calls").await;
    let (id, _) = member(&hq, "6001").await;
    let rings = |number: &str| Ring { branch: branch.id, number: Some(number.into()), hidden: None, line: "1".into() };
    let (theirs, other) = (rings("13800138000"), rings("13611112222"));
    branch.decide(&theirs);
    branch.decide(&other);
    let slips = [(JobId([1; 16]), State::Done), (JobId([2; 16]), State::Failed)];
    let written = branch.store.transaction(|writer| {
        for (id, state) in slips {
            writer.add_job(&Job { id, kind: "print", queue: "till-1".into(), body: "王小明".into() }, 5)?;
            writer.mark_job(id, state, "", 6)?;
        }
        Ok(())
    });
    written.expect("written");
    branch.exchange(&site, Vec::new()).await;
    assert_eq!(hq.get("/api/calls").await.1["total"], 2);
    hq.done("erase_member", json!({"member": id, "why": "本人申请", "confirmed": true})).await;
    branch.exchange(&site, Vec::new()).await;
    assert_eq!(hq.get("/api/calls").await.1["total"], 1, "who else rang stays");
    let told = "select count(*) from entry where kind = 80 and erased = 0";
    let calls = "select count(*) from call";
    for sql in [told, calls] {
        assert_eq!(site.app.read(move |db| db.number(sql, &[])).await.expect("read"), 1);
        assert_eq!(branch.store.number(sql, &[]), Ok(1), "nor does the branch know it");
    }
    let body = |slip| job(&branch.store, slip).expect("read").expect("there").body;
    assert_eq!((body(slips[0].0), body(slips[1].0)), (vec![], "王小明".as_bytes().to_vec()), "what still waits for a person stays");
}
