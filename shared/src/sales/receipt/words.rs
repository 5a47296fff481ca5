//! The words on slips: Chinese first, English complete. The same words as on the pages.
use crate::base::Rate;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// In which language a slip speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Language {
    #[default]
    #[n(0)]
    Chinese,
    #[n(1)]
    English,
}

macro_rules! words {
    ($($word:ident => $chinese:literal, $english:literal;)*) => {
        /// A word on a slip.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word {
            $($word,)*
        }

        impl Word {
            #[cfg(test)]
            pub const ALL: &'static [Word] = &[$(Word::$word,)*];

            pub fn said(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Word::$word, Language::Chinese) => $chinese,
                        (Word::$word, Language::English) => $english,
                    )*
                }
            }
        }
    };
}

words! {
    ReceiptNo => "小票号", "Receipt no";
    Time => "时间", "Time";
    BusinessDay => "营业日", "Business day";
    Till => "收银机", "Till";
    Cashier => "收银员", "Cashier";
    SalesClerk => "导购", "Sales clerk";
    Telephone => "电话", "Tel";
    Goods => "品名", "Item";
    Quantity => "数量x单价", "Qty x price";
    Amount => "金额", "Amount";
    Pieces => "件数", "Items";
    Subtotal => "合计", "Subtotal";
    Discount => "优惠", "Discount";
    Rounding => "抹零", "Rounding off";
    OffByHand => "其中手动抹零", "of it by hand";
    Due => "应收", "Due";
    Tendered => "实收", "Tendered";
    Change => "找零", "Change";
    Principal => "本金", "Principal";
    Bonus => "赠送金", "Bonus";
    Member => "会员", "Member";
    Level => "等级", "Level";
    StoredValue => "本店储值", "Value here";
    Before => "变动前", "Before";
    After => "变动后", "After";
    Earned => "本次积分", "Points earned";
    Pending => "待生效", "from";
    UsablePoints => "本店可用积分", "Points usable here";
    MemberPrice => "会员价", "member price";
    PromotionPrice => "促销价", "promotion price";
    HandPrice => "改价", "price override";
    Free => "赠送", "free item";
    Converted => "重量为折算", "weight converted";
    Copy => "补打", "COPY";
    CopyBy => "补打人", "Copied by";
    TenderCorrected => "改支付方式", "Tender corrected";
    Keep => "凭小票号或二维码退货", "Keep for returns";
    TopUp => "充值凭证", "TOP-UP";
    ToppedUp => "充值", "Top-up";
    Gift => "赠送", "Gift";
    Invoiceable => "可开票 (预付卡)", "Invoiceable";
    MemberSigns => "会员签名", "Member signs";
    Return => "退货凭证", "RETURN";
    Swap => "换货", "EXCHANGE";
    DifferencePaid => "补差价", "Difference paid";
    DifferenceBack => "退差价", "Difference back";
    OriginalNo => "原小票号", "Original no";
    Reason => "原因", "Reason";
    Refund => "退款合计", "Refund";
    PointsBack => "退回积分", "Points given back";
    PointsTaken => "扣回积分", "Points taken back";
    PointsOff => "积分不足抵扣", "Missing points off";
    PointsDebt => "积分欠款", "Points owed";
    Shift => "交接班单", "SHIFT";
    ShiftNo => "班次", "Shift no";
    Opened => "开班", "Opened";
    Closed => "交班", "Closed";
    CashAccount => "现金账", "Cash account";
    Float => "备用金", "Float";
    CashSales => "现金销售", "Cash sales";
    CashTopUps => "现金充值", "Cash top-ups";
    CashRefunds => "现金退款", "Cash refunds";
    CashIn => "存入", "Cash in";
    CashOut => "取出", "Cash out";
    HandedIn => "中途缴款", "Handed in";
    HandInSlip => "缴款单", "CASH HANDED IN";
    HandsIn => "缴款人", "Hands in";
    Receives => "收款人", "Receives";
    DayEnd => "日结单", "DAY END";
    DayEndAt => "日结", "Day closed";
    Shifts => "班数", "Shifts";
    StoreManager => "店长", "Store manager";
    Expected => "应有现金", "Expected";
    Counted => "实点现金", "Counted";
    Over => "长款", "Over";
    Short => "短款", "Short";
    Tenders => "其他支付", "Other tenders";
    Bills => "笔", "bills";
    ValueUsed => "储值消费", "Stored value used";
    TopUps => "充值 (非营业额)", "Top-ups (not sales)";
    Turnover => "营业额", "Turnover";
    Received => "实收 (现金流)", "Received (cash flow)";
    Events => "记录", "Events";
    Gifts => "赠送商品", "Free items";
    VoidedBills => "整单取消", "Voided bills";
    RemovedLines => "删行", "Removed lines";
    Refunds => "退货", "Returns";
    DrawerOpenings => "开钱箱", "Drawer openings";
    Reprints => "补打小票", "Copies";
    Overrides => "授权", "Overrides";
    FirstReceipt => "首张小票", "First receipt";
    LastReceipt => "末张小票", "Last receipt";
    HeadHash => "账本校验值", "Ledger head";
    HandsOver => "交班人", "Hands over";
    ClosedFor => "代交班，当班人", "Closed for";
    Beside => "复核人", "Second person";
    Counting => "清点明细", "Drawer count";
    CountNo => "清点", "Count";
    HandedOn => "移交挂单", "Held bills handed on";
    ByCashier => "各收银员", "By cashier";
    Packages => "次卡", "Packages";
    CardMoney => "卡费押金", "Card fees";
    Withdrawal => "取款凭证", "WITHDRAWAL";
    CardClosed => "退卡凭证", "CARD CLOSED";
    ValueGiven => "转赠凭证", "VALUE GIVEN";
    ValueAdjusted => "余额调整", "ADJUSTMENT";
    CardIssued => "发卡凭证", "CARD ISSUED";
    PackageSold => "次卡凭证", "PACKAGE";
    UsesTaken => "扣次凭证", "USES TAKEN";
    UsesUndone => "撤销扣次", "USE UNDONE";
    PackageExtended => "次卡延期", "PACKAGE EXTENDED";
    PointsRedeemed => "积分兑换凭证", "POINTS REDEEMED";
    PointsUsed => "使用积分", "Points used";
    RedemptionCancelled => "撤销兑换凭证", "REDEMPTION CANCELLED";
    PackageRefunded => "退次凭证", "PACKAGE REFUND";
    PaidOut => "付给会员", "Paid out";
    Forfeited => "收回赠送金", "Bonus forfeited";
    PointsLapsed => "积分作废", "Points lapsed";
    CardNo => "卡号", "Card no";
    InsteadOf => "原卡作废", "Old card dead";
    CardFee => "工本费", "Card fee";
    Deposit => "押金", "Deposit";
    DepositBack => "退还押金", "Deposit back";
    GivenTo => "转给", "Given to";
    Uses => "次数", "Uses";
    GiftUses => "赠送次数", "Gift uses";
    UsesLeft => "剩余次数", "Uses left";
    ValidUntil => "有效期至", "Valid until";
    NoEnd => "长期", "no end";
    Fee => "手续费", "Fee";
    TakesOver => "接班人", "Takes over";
}

/// A rate as the language says a discount: `9.5折`, `5% off`.
pub fn rate_said(rate: Rate, language: Language) -> String {
    let off_bp = Rate::WHOLE.bp().saturating_sub(rate.bp());
    match language {
        Language::Chinese => rate.to_string(),
        Language::English => {
            let percent = format!("{}.{:02}", off_bp / 100, off_bp % 100);
            format!("{}% off", percent.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::display_width;

    #[test]
    fn every_word_is_said_in_both_languages_and_fits_half_a_narrow_slip() {
        for word in Word::ALL {
            let (chinese, english) = (word.said(Language::Chinese), word.said(Language::English));
            assert!(!english.is_empty() && english.is_ascii(), "{word:?}: {english}");
            assert!(!chinese.is_ascii(), "{word:?}: {chinese}");
            assert!(display_width(chinese) <= 20 && display_width(english) <= 20, "{word:?}");
        }
    }

    #[test]
    fn discounts_as_each_language_says_them() {
        assert_eq!(rate_said(Rate::from_bp(9500), Language::Chinese), "9.5折");
        assert_eq!(rate_said(Rate::from_bp(9500), Language::English), "5% off");
        assert_eq!(rate_said(Rate::from_bp(8750), Language::English), "12.5% off");
    }
}
