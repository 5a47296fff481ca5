//! Members who are one person, and who are not after all: what a till finds, spends and pays back while they are merged, and what each of them has
//! afterwards. Every amount is what the postings name.
use crate::returns::part;
use crate::shop::{HERE, MANAGER, Shop};
use proptest::prelude::*;
use rstest::rstest;
use shared::base::{Holder, MemberId, Unit};
use shared::desk::card::withdraw::Withdraw;
use shared::desk::top_up::TopUp;
use shared::journal::Refusal;
use shared::ledger::{balance, person};
use shared::members::merge::Merge;
use shared::members::unmerge::Unmerge;
use shared::members::{by_card, by_phone, search};
use std::collections::BTreeMap;

/// Principal and bonus in the accounts of one member alone.
fn own(shop: &Shop, member: MemberId) -> (i64, i64) {
    let held = balance::holdings(&shop.store, Holder::Member(member), HERE).expect("read");
    let sum = |of: fn(&Unit) -> bool| held.iter().filter(|(unit, _)| of(unit)).map(|(_, amount)| amount).sum();
    (sum(|unit| matches!(unit, Unit::Value(_))), sum(|unit| matches!(unit, Unit::Bonus(_))))
}

#[test]
fn after_spends_top_ups_and_a_return_each_has_what_the_postings_name() {
    let mut shop = Shop::new("people");
    shop.staff = MANAGER;
    let (wang, li) = (shop.member("6001"), shop.member("6002"));
    shop.top_up("6001", 100_000, 10_000);
    shop.top_up("6002", 50_000, 2_000);
    assert_eq!(shop.hq(&Merge { survivor: wang, members: vec![li] }).map(|_| ()), Ok(()));
    assert_eq!((shop.member("6002"), shop.value("6001"), shop.value("6002")), (wang, (150_000, 12_000), (150_000, 12_000)));
    assert_eq!(by_phone(&shop.store, "13900139000"), Ok(vec![wang]), "found by either phone");
    for text in ["6002", "李雷", "ll", "9000"] {
        let hits = search(&shop.store, text, None, 20).expect("read");
        assert_eq!(hits.iter().map(|hit| hit.member.id).collect::<Vec<_>>(), [wang], "{text}");
        assert_eq!(hits[0].member.cards, ["6001", "6002"]);
    }
    // Eight at 168.00 less 5 %: more than one of them has. The lesser level's card has the person's level.
    shop.attach("6002");
    shop.add(11, 8);
    let receipt_no = shop.pay("value", Some(127_680)).expect("paid").receipt_no;
    assert_eq!(shop.value("6001"), (31_778, 2_542));
    assert_eq!((own(&shop, wang), own(&shop, li)), ((0, 542), (31_778, 2_000)), "who stands for both pays first");
    shop.top_up("6002", 50_000, 2_000);
    let one = part(&shop, &receipt_no, &[(1, 1)], 15_960);
    shop.done(&one);
    assert_eq!((own(&shop, wang), own(&shop, li)), ((64_778, 3_724), (31_778, 2_000)));
    assert_eq!(shop.hq(&Unmerge { member: li }).map(|_| ()), Ok(()));
    assert_eq!((shop.value("6001"), shop.value("6002")), ((64_778, 3_724), (31_778, 2_000)));
    assert_eq!((shop.member("6002"), person::of(&shop.store, wang)), (li, Ok(vec![wang])));
}

#[rstest]
#[case::nobody(|_: [MemberId; 3]| (MemberId([9; 16]), vec![MemberId([8; 16])]), Err("unknown_member"))]
#[case::with_nobody(|it: [MemberId; 3]| (it[0], vec![MemberId([8; 16])]), Err("unknown_member"))]
#[case::alone(|it: [MemberId; 3]| (it[0], vec![it[0]]), Err("not_sound"))]
#[case::again(|it: [MemberId; 3]| (it[0], vec![it[1]]), Err("not_sound"))]
#[case::into_one_who_is_merged(|it: [MemberId; 3]| (it[1], vec![it[2]]), Err("member_merged"))]
#[case::one_more(|it: [MemberId; 3]| (it[0], vec![it[2]]), Ok(()))]
#[case::with_all_of_theirs(|it: [MemberId; 3]| (it[2], vec![it[0]]), Ok(()))]
fn merging(#[case] named: fn([MemberId; 3]) -> (MemberId, Vec<MemberId>), #[case] wanted: Result<(), &str>) {
    let mut shop = Shop::new("merging");
    let all = [shop.member("6001"), shop.member("6002"), by_phone(&shop.store, "13900138000").expect("read")[0]];
    shop.hq(&Merge { survivor: all[0], members: vec![all[1]] }).expect("merged");
    let (survivor, members) = named(all);
    assert_eq!(shop.hq(&Merge { survivor, members }).map(|_| ()).map_err(|refusal| refusal.code()), wanted.map_err(str::to_owned));
    if wanted.is_ok() {
        let mut everybody = person::of(&shop.store, all[1]).expect("read");
        assert_eq!(everybody[0], survivor, "who stands for them is the first");
        everybody.sort_unstable();
        let mut wanted = all.to_vec();
        wanted.sort_unstable();
        assert_eq!(everybody, wanted, "there is one level");
        assert_eq!(by_card(&shop.store, "6002"), Ok(vec![survivor]));
    }
}

#[rstest]
#[case::merged(1, None)]
#[case::survivor(0, Some("not_found"))]
#[case::nobody(9, Some("unknown_member"))]
fn unmerging(#[case] whom: usize, #[case] refused: Option<&str>) {
    let mut shop = Shop::new("unmerging");
    let all = [shop.member("6001"), shop.member("6002")];
    shop.hq(&Merge { survivor: all[0], members: vec![all[1]] }).expect("merged");
    let member = all.get(whom).copied().unwrap_or(MemberId([9; 16]));
    let done = shop.hq(&Unmerge { member });
    assert_eq!(done.as_ref().err().map(Refusal::code).as_deref(), refused);
    if refused.is_none() {
        assert_eq!(shop.hq(&Unmerge { member }).err().map(|refusal| refusal.code()).as_deref(), Some("not_found"), "once");
    }
}

#[derive(Debug, Clone)]
enum Deed {
    TopUp(usize, i64),
    Withdraw(usize, i64),
    Merge(usize, usize),
    Unmerge(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0..3_usize, 1..400_i64).prop_map(|(who, yuan)| Deed::TopUp(who, yuan * 100)),
        (0..3_usize, 1..60_000_i64).prop_map(|(who, amount)| Deed::Withdraw(who, amount)),
        (0..3_usize, 0..3_usize).prop_map(|(into, who)| Deed::Merge(into, who)),
        (0..3_usize).prop_map(Deed::Unmerge),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Whatever is merged, spent and taken apart: nothing is lost, nothing is below zero, and nobody spends what is not the person's.
    #[test]
    fn merged_spent_and_taken_apart_keeps_all_sums(deeds in proptest::collection::vec(deed(), 40)) {
        let mut shop = Shop::new("sums");
        shop.staff = MANAGER;
        let all = [shop.member("6001"), shop.member("6002"), by_phone(&shop.store, "13900138000").expect("read")[0]];
        let (mut sum, mut stands): (i64, BTreeMap<usize, usize>) = (0, (0..3).map(|who| (who, who)).collect());
        for deed in deeds {
            match deed {
                Deed::TopUp(who, amount) => {
                    let [amount, gift] = [amount, 0].map(shared::base::Money::from_minor);
                    let command = TopUp { who: shop.who(), member: all[who], amount, tender: "cash".into(), tendered: None, gift };
                    shop.done(&command);
                    sum += amount.minor();
                }
                Deed::Withdraw(who, amount) => {
                    let mine: i64 = (0..3).filter(|other| stands[other] == stands[&who]).map(|other| own(&shop, all[other]).0).sum();
                    let [asked, forfeit] = [amount, 0].map(shared::base::Money::from_minor);
                    let reason = "x".to_owned();
                    let command = Withdraw { who: shop.who(), member: all[who], amount: asked, tender: "cash".into(), forfeit, reason };
                    let mut moment = shop.moment();
                    moment.rights = shared::journal::Right::ALL.to_vec();
                    prop_assert_eq!(shop.decide_at(&command, &moment).is_ok(), amount <= mine);
                    if amount <= mine {
                        sum -= amount;
                    }
                }
                Deed::Merge(into, who) => {
                    let may = stands[&into] == into && stands[&who] != into;
                    let merged = shop.hq(&Merge { survivor: all[into], members: vec![all[who]] }).is_ok();
                    prop_assert_eq!(merged, may);
                    if merged {
                        let theirs = stands[&who];
                        stands.values_mut().filter(|stands| **stands == theirs).for_each(|stands| *stands = into);
                    }
                }
                Deed::Unmerge(who) => {
                    let merged = stands[&who] != who;
                    prop_assert_eq!(shop.hq(&Unmerge { member: all[who] }).is_ok(), merged);
                    stands.insert(who, who);
                }
            }
            let each: Vec<i64> = all.iter().map(|member| own(&shop, *member).0).collect();
            prop_assert!(each.iter().all(|amount| *amount >= 0), "{:?}", each);
            prop_assert_eq!(each.iter().sum::<i64>(), sum);
        }
    }
}
