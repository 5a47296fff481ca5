//! What an entry is called in the operation log, and the one line that says what it was about.
use crate::documents::Kind;
use crate::facts::Fact;
use crate::facts::{
    bills, calls, cards, catalog, corrections, coupons, days, exceptions, exports, gifts, journal, ledger, members, messages, openings,
    packages, sales, shifts, staff, stock, timed,
};
use crate::journal::entry::CHANGE;
use crate::reports::report::Cell;
use crate::views::registry::decoded;

/// Facts and what they are called.
const FACTS: &[(u16, &str, &str)] = &[
    (journal::Opened::KIND, "门店主机启用", "Install opened"),
    (journal::Closed::KIND, "门店主机停用", "Install closed"),
    (journal::Sealed::KIND, "封存", "Sealed"),
    (journal::SetAside::KIND, "记录搁置", "Set aside"),
    (journal::Admitted::KIND, "记录收下", "Admitted"),
    (journal::Introduced::KIND, "资料下发", "Introduced"),
    (ledger::Moved::KIND, "余额调拨", "Balance moved"),
    (journal::Rebased::KIND, "资料换代", "Rebased"),
    (ledger::IssuesHeld::KIND, "发放待确认", "Credit held"),
    (ledger::IssuesConfirmed::KIND, "发放已确认", "Credit confirmed"),
    (ledger::DebtWrittenOff::KIND, "欠款核销", "Debt written off"),
    (corrections::TenderCorrected::KIND, "改支付方式", "Tender corrected"),
    (corrections::MemberAttached::KIND, "补登会员", "Member attached"),
    (corrections::SalesClerksChanged::KIND, "改导购", "Sales clerks changed"),
    (corrections::TopUpReversed::KIND, "充值冲正", "Top-up reversed"),
    (corrections::ReturnedWithout::KIND, "无单退货", "Return without bill"),
    (corrections::PointsAdjusted::KIND, "积分调整", "Points adjusted"),
    (cards::CardIssued::KIND, "办卡换卡", "Card issued"),
    (cards::Withdrawn::KIND, "取款", "Withdrawn"),
    (cards::ValueGiven::KIND, "储值转赠", "Value given"),
    (cards::ValueAdjusted::KIND, "储值调整", "Value adjusted"),
    (packages::PackageSold::KIND, "计次续费", "Package sold"),
    (packages::UsesTaken::KIND, "扣次", "Uses taken"),
    (packages::UsesUndone::KIND, "撤销扣次", "Use undone"),
    (packages::PackageExtended::KIND, "套餐延期", "Package extended"),
    (packages::PackageRefunded::KIND, "套餐退款", "Package refunded"),
    (gifts::PointsRedeemed::KIND, "积分兑换", "Points redeemed"),
    (gifts::RedemptionCancelled::KIND, "撤销兑换", "Redemption cancelled"),
    (coupons::CouponsIssued::KIND, "发优惠券", "Coupons given out"),
    (coupons::CouponSpent::KIND, "用优惠券", "Coupon used"),
    (coupons::CouponReturned::KIND, "退回优惠券", "Coupon given back"),
    (timed::SittingStopped::KIND, "结台", "Sitting ended"),
    (timed::SittingCancelled::KIND, "取消开台", "Sitting given up"),
    (ledger::Recalled::KIND, "余额调回", "Balance recalled"),
    (sales::Sold::KIND, "销售", "Sale"),
    (sales::Returned::KIND, "退货", "Return"),
    (bills::BillVoided::KIND, "整单取消", "Bill voided"),
    (bills::LineRemoved::KIND, "收款后删行", "Line removed"),
    (bills::Overridden::KIND, "店长授权", "Override"),
    (bills::DrawerOpened::KIND, "开钱箱", "Drawer opened"),
    (bills::Reprinted::KIND, "补打", "Reprint"),
    (shifts::ShiftOpened::KIND, "开班", "Shift opened"),
    (shifts::CashMoved::KIND, "存取现金", "Cash moved"),
    (days::HandedIn::KIND, "中途缴款", "Handed in"),
    (days::DayClosed::KIND, "日结", "Day closed"),
    (shifts::ShiftClosed::KIND, "交班", "Shift closed"),
    (calls::CallRang::KIND, "来电", "Call"),
    (calls::CallIdentified::KIND, "来电识别", "Call identified"),
    (members::ToppedUp::KIND, "充值", "Top-up"),
    (members::LevelGiven::KIND, "调整等级", "Level given"),
    (members::LevelReached::KIND, "升降级", "Level reached"),
    (members::CardBlocked::KIND, "挂失", "Card blocked"),
    (members::CardUnblocked::KIND, "解挂", "Card unblocked"),
    (members::MemberPinSet::KIND, "会员密码", "Member PIN set"),
    (members::OpeningBooked::KIND, "期初余额", "Opening balance"),
    (members::Merged::KIND, "合并会员", "Members merged"),
    (members::Unmerged::KIND, "拆分会员", "Member taken apart"),
    (openings::PackageOpened::KIND, "期初套餐", "Opening package"),
    (openings::OpeningReversed::KIND, "撤销期初", "Opening taken back"),
    (ledger::Drawn::KIND, "合并会员支取", "Drawn from a merged member"),
    (ledger::DebtPaid::KIND, "欠款归还", "Debt paid"),
    (staff::RoleGiven::KIND, "授予角色", "Role given"),
    (staff::RoleTaken::KIND, "收回角色", "Role taken"),
    (staff::StaffDisabled::KIND, "停用员工", "Person disabled"),
    (staff::StaffEnabled::KIND, "启用员工", "Person enabled"),
    (staff::StaffPinSet::KIND, "员工密码", "Staff PIN set"),
    (catalog::PricesReleased::KIND, "发布价格", "Prices released"),
    (exceptions::ExceptionRaised::KIND, "异常", "Exception"),
    (exceptions::ExceptionOwned::KIND, "异常接手", "Exception taken on"),
    (exceptions::ExceptionClosed::KIND, "异常结案", "Exception closed"),
    (stock::StockOpened::KIND, "期初库存", "Opening stock"),
    (exports::Exported::KIND, "导出", "Export"),
    (messages::MessagesAsked::KIND, "群发消息", "Messages sent out"),
    (messages::MessageEnded::KIND, "消息结果", "Result of a message"),
    (messages::ContactChosen::KIND, "是否接收消息", "Consent to messages"),
];

const DOCUMENTS: &[(Kind, &str, &str)] = &[
    (Kind::Settings, "修改设置", "Setting changed"),
    (Kind::Branch, "修改门店", "Branch changed"),
    (Kind::Category, "修改分类", "Category changed"),
    (Kind::Product, "修改商品", "Product changed"),
    (Kind::Level, "修改等级", "Level changed"),
    (Kind::Role, "修改角色", "Role changed"),
    (Kind::Staff, "修改员工", "Person changed"),
    (Kind::Member, "修改会员", "Member changed"),
    (Kind::Package, "修改次卡种类", "Package kind changed"),
    (Kind::Tariff, "修改计时项目", "Tariff changed"),
];

/// What an entry of a kind is called; by its number where this version has no word for it.
pub fn what(kind: u16) -> Cell {
    if kind & CHANGE != 0 {
        let known = DOCUMENTS.iter().find(|(of, ..)| of.number() == kind & !CHANGE);
        return known.map_or_else(|| Cell::from(kind.to_string()), |(_, zh, en)| Cell::said(zh, en));
    }
    let known = FACTS.iter().find(|(of, ..)| *of == kind);
    known.map_or_else(|| Cell::from(kind.to_string()), |(_, zh, en)| Cell::said(zh, en))
}

fn yuan(minor: i64) -> String {
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
}

/// What an entry was about, in numbers and the words that somebody wrote; empty where the name says it all.
pub fn about(kind: u16, version: u8, body: &[u8]) -> Cell {
    fn of<F: Fact>(kind: u16, version: u8, body: &[u8], say: impl Fn(F) -> String) -> Option<String> {
        (kind == F::KIND && version == F::VERSION).then(|| decoded::<F>(body).ok().map(say)).flatten()
    }
    let said = of(kind, version, body, |fact: sales::Sold| format!("{} ¥{}", fact.receipt_no, yuan(fact.due.minor())))
        .or_else(|| {
            let say = |fact: sales::Returned| format!("{} ¥{} {}", fact.of_receipt_no, yuan(fact.paid_back.minor()), fact.reason);
            of(kind, version, body, say)
        })
        .or_else(|| of(kind, version, body, |fact: members::ToppedUp| format!("{} ¥{}", fact.receipt, yuan(fact.principal))))
        .or_else(|| of(kind, version, body, |fact: bills::BillVoided| format!("¥{} {}", yuan(fact.total.minor()), fact.reason)))
        .or_else(|| of(kind, version, body, |fact: bills::LineRemoved| format!("¥{}", yuan(fact.net.minor()))))
        .or_else(|| of(kind, version, body, |fact: bills::Overridden| format!("¥{} {}", yuan(fact.given.minor()), fact.reason)))
        .or_else(|| of(kind, version, body, |fact: bills::DrawerOpened| fact.reason))
        .or_else(|| of(kind, version, body, |fact: bills::Reprinted| format!("{} #{}", fact.receipt_no, fact.copy)))
        .or_else(|| of(kind, version, body, |fact: shifts::ShiftOpened| format!("¥{}", yuan(fact.float.minor()))))
        .or_else(|| of(kind, version, body, |fact: shifts::CashMoved| format!("¥{} {}", yuan(fact.amount.minor()), fact.reason)))
        .or_else(|| of(kind, version, body, |fact: days::HandedIn| format!("¥{} {}", yuan(fact.amount.minor()), fact.note)))
        .or_else(|| of(kind, version, body, |fact: days::DayClosed| format!("{} ¥{}", fact.day, yuan(fact.counted.minor()))))
        .or_else(|| {
            let say =
                |fact: shifts::ShiftClosed| format!("¥{} / ¥{} {}", yuan(fact.expected.minor()), yuan(fact.counted.minor()), fact.note);
            of(kind, version, body, say)
        })
        .or_else(|| of(kind, version, body, |fact: members::CardBlocked| format!("{} {}", fact.number, fact.reason)))
        .or_else(|| of(kind, version, body, |fact: members::CardUnblocked| fact.number))
        .or_else(|| of(kind, version, body, |fact: staff::StaffDisabled| fact.reason))
        .or_else(|| of(kind, version, body, |fact: exceptions::ExceptionRaised| format!("{} ¥{}", fact.what, yuan(fact.amount))))
        .or_else(|| of(kind, version, body, |fact: exceptions::ExceptionClosed| fact.note))
        .or_else(|| of(kind, version, body, |fact: exports::Exported| format!("{} {} · {}", fact.list, fact.rows, fact.reason)))
        .or_else(|| {
            of(kind, version, body, |fact: messages::MessagesAsked| format!("{} ×{} {}", fact.template, fact.members.len(), fact.filter))
        });
    said.map_or(Cell::None, |said| Cell::from(said.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::command::encoded;

    #[test]
    fn every_kind_of_fact_and_document_has_a_word() {
        let without: Vec<u16> = crate::desk::registry::REGISTRY
            .facts
            .iter()
            .map(|fact| fact.kind)
            .filter(|kind| matches!(what(*kind), Cell::Text(_)))
            .collect();
        // Kinds of chains to come are shown by their number, and none of these is written by a person.
        assert!(without.iter().all(|kind| *kind < 20), "{without:?}");
        assert_eq!(DOCUMENTS.len(), Kind::ALL.len());
    }

    #[test]
    fn a_line_says_what_was_exported_and_why() {
        let fact =
            exports::Exported { list: "members".into(), filters: String::new(), rows: 3, phones: true, reason: "年审".into(), at_ms: 5 };
        assert_eq!(about(120, 1, &encoded(&fact)), Cell::from("members 3 · 年审"));
        assert_eq!(about(120, 2, &encoded(&fact)), Cell::None);
        assert_eq!(about(20, 1, b"nonsense"), Cell::None);
    }
}
