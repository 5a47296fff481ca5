//! Timed consumption (计时消费): what a clock that ran costs, the tariffs as head office describes them, and what sittings came to.
pub mod done;
pub mod rooms;
pub mod tariff;
