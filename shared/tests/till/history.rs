//! Goal: what a till waits for costs the same on the first day and after years: no statement on its way walks through a table that grows.
//! Method: thousands of rows that mean nothing in every table that grows; then a member's sale, its return, the shift's end and an exchange, while
//! the store notes every statement that takes long.
use crate::long::Long;
use crate::shop::{MANAGER, Shop};
use shared::desk::bill::reading::read;
use shared::desk::registry::REGISTRY;
use shared::desk::reprint::{Of, Reprint};
use shared::exchange::edge::{Wants, request};
use shared::exchange::sign::Keys;
use shared::journal::{Fault, Read, Value};
use shared::members;
use shared::store::Writer;
use shared::views::{Rows, Side, Spread, Type};

/// Enough that a walk through them is long by the store's own measure.
const ROWS: i64 = 12_000;

/// A row whose every cell is made from a number.
fn row(columns: impl Iterator<Item = Type>, n: i64) -> Vec<Value> {
    let cell = |kind| match kind {
        Type::Int => Value::Int(n),
        Type::Text => Value::Text(format!("#{n}").into()),
        Type::Blob => Value::Blob([&n.to_be_bytes()[..], &[0xEE; 8]].concat().into()),
    };
    columns.map(cell).collect()
}

fn grow(writer: &mut Writer<'_>, branch: Value) -> Result<(), Fault> {
    let mut rows = Rows::new(Side::Edge);
    for table in REGISTRY.tables.iter().filter(|table| table.spread == Spread::First) {
        for n in 0..ROWS {
            let mut values = row(table.key.iter().chain(table.columns).map(|column| column.kind), n);
            let names = table.key.iter().chain(table.columns).map(|column| column.name);
            // Of this very shop: an index that begins with the branch alone would not help.
            names.zip(&mut values).filter(|(name, _)| *name == "branch").for_each(|(_, value)| *value = branch.clone());
            rows.put(table, values);
        }
    }
    writer.put(rows)?;
    for n in 0..ROWS {
        let id: Value = [&n.to_be_bytes()[..], &[0xEE; 8]].concat().into();
        let entry = "insert into entry (stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded)
                     values (x'EE', ?1, ?1, x'', ?2, 0, 20, 1, x'', 0, x'', x'', 0, 0, 1)";
        writer.execute(entry, &[n.into(), id.clone()])?;
        let job = "insert into job (id, kind, queue, made_ms, state, tries, touched_ms, note, body) values (?1, 'print', 'receipt', ?2, 2, 1, 0, '', x'')";
        writer.execute(job, &[id.clone(), n.into()])?;
        let statement = "insert into statement (scope, topic, key, position, as_of, body) values (x'', 'balance', ?1, ?2, 0, x'80')";
        writer.execute(statement, &[id, n.into()])?;
        let page = "insert into page (epoch, scope, upto, start, hash, entries, signature) values (1, x'', ?1, ?1, x'', x'EE', x'')";
        writer.execute(page, &[n.into()])?;
    }
    Ok(())
}

#[test]
fn what_a_till_waits_for_walks_through_no_table_that_grows() {
    let mut shop = Shop::new("history");
    shop.top_up("6001", 100_000, 10_000);
    let branch = Value::from(shop.branch);
    shop.store.transaction(|writer| grow(writer, branch)).expect("grown");
    let long = Long::default();
    tracing::subscriber::with_default(long.clone(), || {
        let viewer = shop.viewer();
        for text in ["6001", "8000", "mj", "6901234567892", "3*6901234567892", "李雷", "9001"] {
            read(&shop.store, text, None, &viewer).expect("read").expect("it means something");
        }
        members::search(&shop.store, "wang", Some(shop.branch), 12).expect("read");
        shop.goods_of_a1();
        shop.shown();
        shop.pay("value", Some(10_000));
        let done = shop.pay("cash", Some(100_000)).expect("paid");
        shop.staff = MANAGER;
        let again = Reprint { who: shop.who(), of: Of::Receipt(done.receipt_no.clone()), first: false };
        shop.done(&again);
        shop.store
            .transaction(|writer| {
                writer.lease_job("print", &shared::desk::print::queue(1), shop.now_ms)?.expect("a slip waits");
                Ok(())
            })
            .expect("leased");
        shop.close_shift();
        let here = shop.store.identity().expect("open").stream;
        request(&shop.store, &Keys::from_secret([9; 32]), here, &shop.branch.0, Wants::default()).expect("a request");
        assert_eq!(long.said(), Vec::<String>::new());
        shop.store.number("select count(*) from receipt where due > ?1", &[1.into()]).expect("read");
        assert_eq!(long.said().len(), 1, "a walk is noticed");
    });
}
