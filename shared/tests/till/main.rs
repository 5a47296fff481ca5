//! The worked examples of the trade through a real store: commands decided, entries appended, views folded, drafts and jobs written.
mod long;
mod shop;

mod amended;
mod bills;
mod cases;
mod commission;
mod corrections;
mod coupons;
mod day_end;
mod days;
mod first_week;
mod gifts;
mod history;
mod on_the_bill;
mod payment;
mod people;
mod refusals;
mod returns;
mod shifts;
mod swap;
mod top_up_pay;
