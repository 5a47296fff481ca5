//! Members rise by what they buy at a branch and fall when it comes back (R14): decided at head office, told to every branch; a level by hand has
//! an end and a giver.
use crate::branch::{Branch, bottle};
use crate::desk::chain;
use crate::site::{Page, Site};
use serde_json::json;
use shared::base::{BranchId, BusinessDay, CommandId, MemberId, Money, Rate};
use shared::branches::HOUSE_ZONE;
use shared::facts::Fact;
use shared::facts::sales::{Buyer, Returned, Sold};
use shared::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use shared::members;
use shared::sales::receipt_number::ReceiptNumber;

/// What a till wrote down.
struct Says<F>(F, u8);

impl<F: Fact> Command for Says<F> {
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

fn today() -> BusinessDay {
    BusinessDay::at(hub::app::now_ms(), HOUSE_ZONE)
}

/// A purchase that counts 5,000.00.
fn bought(branch: BranchId, member: MemberId) -> Sold {
    let buyer = Buyer {
        member,
        rate: Rate::WHOLE,
        per: Money::from_minor(100),
        factor: Rate::WHOLE,
        basis: Money::from_minor(500_000),
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        points: vec![],
        occasion: None,
    };
    let mut sold = Sold { buyer: Some(buyer), ..bottle(branch, CommandId([0x77; 16]), hub::app::now_ms()) };
    sold.at.day = today().0;
    sold.receipt_no = ReceiptNumber { branch: 1, till: 1, install: 1, day: today(), counter: 1 }.to_string();
    sold
}

fn brought_back(sold: &Sold, member: MemberId) -> Returned {
    Returned {
        sale: sold.sale,
        at: sold.at.clone(),
        receipt_no: ReceiptNumber { branch: 1, till: 1, install: 1, day: today(), counter: 2 }.to_string(),
        of_receipt_no: sold.receipt_no.clone(),
        lines: vec![],
        tenders: vec![],
        value: Money::ZERO,
        paid_back: Money::ZERO,
        reason: "不要了".into(),
        member: Some(member),
        points: vec![],
        points_debt: 0,
        principal_after: Money::ZERO,
        bonus_after: Money::ZERO,
        basis: Money::from_minor(500_000),
        sold_at: sold.at.branch,
    }
}

/// The member's level at head office, once it is this one; then the branch hears it.
async fn becomes(hq: &Page, site: &Site, branch: &mut Branch, member: MemberId, wanted: &str) {
    for _ in 0..200 {
        let (_, whole) = hq.get(&format!("/api/members/{member}")).await;
        if whole["level"]["code"] == wanted {
            branch.exchange(site, vec![]).await;
            let level = members::level(&branch.store, member).expect("read").expect("a level");
            assert_eq!(level.code, wanted, "at the branch");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the level never became {wanted}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_raises_a_return_lowers_and_the_branch_hears_both() {
    let site = Site::new("levels").await;
    let hq = chain(&site).await;
    tokio::spawn(hub::levels::follow(site.app.clone()));
    let mut branch = Branch::new(&site, &hq).await;
    let found = hq.get("/api/members?text=13900139000").await.1["rows"][0].clone();
    let member: MemberId = found["id"].as_str().expect("an id").parse().expect("a member");
    assert_eq!(found["level"]["code"], "normal");
    let sold = bought(branch.id, member);
    branch.decide(&Says(sold.clone(), 1));
    branch.exchange(&site, vec![]).await;
    becomes(&hq, &site, &mut branch, member, "vip").await;
    branch.decide(&Says(brought_back(&sold, member), 2));
    branch.exchange(&site, vec![]).await;
    becomes(&hq, &site, &mut branch, member, "normal").await;
    // By hand, until a day; who gave it is told, and a day that has passed is none.
    let (status, no) = hq.command("member_level", json!({ "member": member, "level": "vip", "ends": 20_200_101 })).await;
    assert_eq!((status, &no["code"]), (422, &json!("not_sound")));
    let ends = today().plus_days(30).0;
    hq.done("member_level", json!({ "member": member, "level": "vip", "ends": ends })).await;
    becomes(&hq, &site, &mut branch, member, "vip").await;
    let (_, whole) = hq.get(&format!("/api/members/{member}")).await;
    let given = &whole["level_given"];
    assert_eq!((&given["level"]["code"], &given["ends"]), (&json!("vip"), &json!(ends)));
    assert_ne!(given["by"], "", "who gave it");
}
