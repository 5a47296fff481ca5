//! Timed consumption (计时消费): what a clock that ran costs. Pure rules.
pub mod tariff;
