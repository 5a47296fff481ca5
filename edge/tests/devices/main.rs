//! Goal: a slip that was asked for is printed once, or a person is told why not; what devices read is on record.
//! Method: the edge as `serve` wires it, on a real store and clerk, with simulated devices behind real ptys.
mod branch;
mod tills;

use branch::{Branch, device, holds, moment, who};
use edge::config::Kind;
use edge::devices::binding::Binding;
use rstest::rstest;
use shared::base::{DeviceId, JobId};
use shared::facts::Fact;
use shared::facts::calls::CallRang;
use shared::journal::Refusal;
use shared::store::jobs::State;
use std::time::Duration;

/// Long enough for a slip that should not come to come.
const A_WHILE: Duration = Duration::from_millis(1_500);

#[test]
fn a_slip_prints_once_and_its_drawer_opens_once() {
    let mut branch = Branch::started("once");
    let slip = branch.slip(1);
    branch.soon("printed", || branch.job(slip).state == State::Done);
    assert_eq!((branch.printed(1), branch.lab.drawer_pulses()), (1, 1));
    assert_eq!(branch.print_state(slip), ("printed".into(), None));
    branch.kill();
    branch.start();
    branch.printer_ready();
    std::thread::sleep(A_WHILE);
    assert_eq!((branch.printed(1), branch.lab.drawer_pulses(), branch.slips()), (1, 1, vec![]));
}

#[test]
fn a_slip_cut_off_in_the_middle_is_shown_and_not_repeated_until_a_person_asks() {
    let mut branch = Branch::started("middle");
    branch.printer_ready();
    branch.lab.lose_power_in(60);
    let slip = branch.slip(2);
    branch.soon("it was tried", || branch.slips() == [("tried".into(), Some("unplugged".into()))]);
    branch.lab("replug printer");
    branch.printer_ready();
    branch.kill();
    branch.start();
    branch.printer_ready();
    std::thread::sleep(A_WHILE);
    assert_eq!((branch.printed(2), branch.job(slip).tries), (0, 1), "nobody asked for it");
    assert_eq!(branch.print_state(slip), ("failed".into(), Some("unplugged".into())));

    let pulses = branch.lab.drawer_pulses();
    let devices = branch.app().devices.clone();
    let taken = branch.write(move |writer| devices.take(writer, slip, &who(), &moment(9))).expect("no refusal").expect("taken");
    let copy = taken.job();
    branch.block_on(async { branch.app().devices.print_taken(taken, None) });
    branch.soon("the copy is printed", || branch.job(copy).state == State::Done);
    assert_eq!((branch.printed(2), branch.job(slip).state, branch.slips()), (1, State::Dropped, vec![]));
    // 补打 in GBK.
    let receipt = branch.lab.receipts_after(0).pop().expect("a receipt");
    assert!(holds(&receipt.bytes, &[0xB2, 0xB9, 0xB4, 0xF2]), "it is marked");
    assert_eq!(branch.lab.drawer_pulses(), pulses, "a copy opens no drawer");
    let copies = branch.app().clerk.readers().read(|db| db.number("select copies from copy where id = ?1", &[[2_u8; 16].into()]));
    assert_eq!(copies, Ok(1));
}

#[test]
fn paper_out_is_named_and_the_slip_comes_by_itself_with_the_new_roll() {
    let branch = Branch::started("paper");
    branch.printer_ready();
    branch.lab.set_paper_out(true);
    branch.soon("the edge knows", || branch.state_of("printer") == ("failed".into(), Some("paper_out".into())));
    let slip = branch.slip(3);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(branch.print_state(slip), ("failed".into(), Some("paper_out".into())));
    assert_eq!(branch.slips(), [("waiting".into(), Some("paper_out".into()))]);
    branch.lab.set_paper_out(false);
    branch.soon("printed", || branch.job(slip).state == State::Done);
    assert_eq!(branch.printed(3), 1);
}

/// K5: the printer is switched off for the new roll and forgets what it held; then a person asks for a copy.
#[test]
fn k5_a_roll_that_ends_in_the_middle_of_a_slip() {
    let branch = Branch::started("k5");
    branch.printer_ready();
    branch.lab.end_roll_in(2);
    let slip = branch.slip(5);
    branch.soon("the edge knows", || branch.state_of("printer") == ("failed".into(), Some("paper_out".into())));
    assert_eq!((branch.printed(5), branch.lab.drawer_pulses()), (0, 1), "half a slip, and the drawer is open");
    branch.lab.lose_power_in(1);
    branch.soon("it was tried", || branch.slips().first().is_some_and(|(state, _)| state == "tried"));
    branch.soon("it is gone", || branch.state_of("printer").1.as_deref() == Some("not_there"));
    branch.lab("replug printer");
    branch.lab.set_paper_out(false);
    branch.printer_ready();
    std::thread::sleep(A_WHILE);
    assert_eq!(branch.printed(5), 0, "nobody asked for it");
    let devices = branch.app().devices.clone();
    let taken = branch.write(move |writer| devices.take(writer, slip, &who(), &moment(9))).expect("no refusal").expect("taken");
    let copy = taken.job();
    branch.block_on(async { branch.app().devices.print_taken(taken, None) });
    branch.soon("the copy is printed", || branch.job(copy).state == State::Done);
    let receipt = branch.lab.receipts_after(0).pop().expect("a receipt");
    assert!(holds(&receipt.bytes, &[0xB2, 0xB9, 0xB4, 0xF2]), "补打");
    assert_eq!((branch.printed(5), branch.lab.drawer_pulses(), branch.slips()), (1, 1, vec![]));
    let copies = branch.app().clerk.readers().read(|db| db.number("select copies from copy where id = ?1", &[[5_u8; 16].into()]));
    assert_eq!(copies, Ok(1));
}

#[test]
fn a_printer_that_comes_back_to_many_slips_asks_first() {
    let branch = Branch::started("many");
    branch.printer_ready();
    branch.lab.set_paper_out(true);
    branch.soon("the edge knows", || branch.state_of("printer").0 == "failed");
    let slips: Vec<JobId> = (10..14).map(|number| branch.slip(number)).collect();
    branch.lab.set_paper_out(false);
    branch.soon("held", || branch.slips() == vec![("failed".to_owned(), Some("held".to_owned())); 4]);
    std::thread::sleep(A_WHILE);
    assert_eq!(branch.lab.receipts_after(0).len(), 0);
    let devices = branch.app().devices.clone();
    let first = slips[0];
    let taken = branch.write(move |writer| devices.take(writer, first, &who(), &moment(9))).expect("no refusal").expect("taken");
    assert_eq!(taken.job(), first, "it never left the house: no copy");
    branch.block_on(async { branch.app().devices.print_taken(taken, None) });
    branch.soon("printed", || branch.job(first).state == State::Done);
    let devices = branch.app().devices.clone();
    let second = slips[1];
    branch.write(move |writer| devices.drop_slip(writer, second)).expect("dropped");
    assert_eq!((branch.printed(10), branch.printed(11), branch.slips().len()), (1, 0, 2));
    let devices = branch.app().devices.clone();
    let again = branch.write(move |writer| devices.take(writer, second, &who(), &moment(10))).err();
    assert_eq!(again, Some(Refusal::Gone));
    // What comes now is printed as ever.
    let next = branch.slip(20);
    branch.soon("printed", || branch.job(next).state == State::Done);
}

#[test]
fn killed_between_lease_and_print_it_is_shown_and_not_printed() {
    let mut branch = Branch::new("leased");
    branch.lab("unplug printer");
    branch.start();
    let slip = branch.slip(4);
    branch.write(|writer| writer.lease_job("print", &shared::desk::print::queue(1), edge::app::now_ms()));
    branch.kill();
    branch.lab("replug printer");
    branch.start();
    branch.printer_ready();
    std::thread::sleep(A_WHILE);
    assert_eq!((branch.printed(4), branch.job(slip).state), (0, State::Tried));
    assert_eq!(branch.slips(), [("tried".into(), Some("interrupted".into()))]);
}

#[test]
fn a_slip_of_a_dead_printer_goes_to_another() {
    let mut branch = Branch::new("other");
    let address = branch.lab.printer_tcp().expect("it listens").to_string();
    branch.devices[1].address = "/nowhere/printer".into();
    branch.devices.push(device(Kind::Printer, "后台打印机", format!("tcp:{address}")));
    branch.start();
    let slip = branch.slip(5);
    branch.soon("it waits", || branch.slips() == [("waiting".into(), Some("not_there".into()))]);
    let other = Binding::of_file(branch.devices[3].clone()).id;
    let devices = branch.app().devices.clone();
    let taken = branch.write(move |writer| devices.take(writer, slip, &who(), &moment(9))).expect("no refusal").expect("taken");
    branch.block_on(async { branch.app().devices.print_taken(taken, Some(other)) });
    branch.soon("printed", || branch.job(slip).state == State::Done);
    assert_eq!((branch.printed(5), branch.slips()), (1, vec![]));
}

#[rstest]
#[case::with_its_number("ring 13800138000 2", "13800138000", 0)]
#[case::private("ring private 2", "", 1)]
#[case::out_of_area("ring out-of-area 2", "", 2)]
fn a_ring_is_on_record_within_a_second(#[case] ring: &str, #[case] number: &str, #[case] hidden: i64) {
    let branch = Branch::started(&format!("ring-{hidden}"));
    branch.soon("the modem is ready", || branch.state_of("caller_id").0 == "ok");
    let mut events = branch.app().events.subscribe();
    branch.lab(ring);
    let started = std::time::Instant::now();
    let rang = branch.block_on(async {
        loop {
            let committed = events.recv().await.expect("commits come");
            if committed.heads.iter().any(|head| head.kind == CallRang::KIND) {
                return started.elapsed();
            }
        }
    });
    // The exchange tells the number half a second after the first ring.
    assert!(rang < Duration::from_millis(1_500), "{rang:?}");
    let calls = branch.app().clerk.readers().read(|db| db.rows("select number, hidden, line from call", &[])).expect("read");
    let calls: Vec<_> = calls.iter().map(|row| (row.text(0), row.int(1), row.text(2))).collect();
    assert_eq!(calls, [(number, hidden, "来电显示")]);
}

/// Method: a line that tells the number only behind the second ring, as hardware.md 4.1 has it.
#[test]
fn a_number_that_comes_late_is_of_the_same_call_and_the_end_is_told() {
    let branch = Branch::started("ring-late");
    branch.soon("the modem is ready", || branch.state_of("caller_id").0 == "ok");
    let mut news = branch.app().calls.news();
    branch.lab("dialect late");
    branch.lab("ring 13800138000 2");
    let told = branch.block_on(async { [news.recv().await, news.recv().await, news.recv().await].map(|call| call.expect("told")) });
    assert_eq!(told, [told[0]; 3], "rang, identified, ended");
    assert!(branch.app().calls.ringing().is_empty(), "eight seconds of silence are its end");
    let calls = branch.app().clerk.readers().read(|db| db.rows("select number, told from call", &[])).expect("read");
    assert_eq!(calls.iter().map(|row| (row.text(0), row.int(1))).collect::<Vec<_>>(), [("13800138000", 1)]);
}

#[test]
fn what_the_device_page_bound_survives_a_restart() {
    let mut branch = Branch::started("bound");
    let reader = Binding::of_file(branch.devices[0].clone()).id;
    let taken = device(Kind::Printer, "第二台", branch.devices[1].address.clone());
    let bind = |branch: &Branch, id: u8, device| {
        branch.block_on(branch.app().devices.bind(Binding { id: DeviceId([id; 16]), device })).expect("no fault")
    };
    assert_eq!(bind(&branch, 1, taken), Err(Refusal::PortTaken { used_by: "小票打印机".into() }));
    assert_eq!(bind(&branch, 1, device(Kind::Printer, "第二台", "COM3".into())), Err(Refusal::BadAddress));
    assert_eq!(bind(&branch, 1, device(Kind::Printer, "第二台", "tcp:127.0.0.1:1".into())), Ok(()));
    assert_eq!(branch.block_on(branch.app().devices.unbind(reader)), Ok(Ok(())));
    branch.kill();
    branch.start();
    let names: Vec<String> = branch.app().devices.list().into_iter().map(|device| device.name).collect();
    assert_eq!(names, ["小票打印机", "来电显示", "第二台"]);
    branch.soon("nobody listens there", || branch.app().devices.states()[2].what.as_deref() == Some("unreachable"));
}

#[test]
fn a_babbling_reader_stops_nothing() {
    let branch = Branch::started("babble");
    branch.printer_ready();
    let bytes = || {
        let reader = Binding::of_file(branch.devices[0].clone()).id;
        branch.app().devices.bytes(reader).expect("bound")
    };
    branch.soon("the reader is open", || branch.state_of("reader").0 == "ok");
    for _ in 0..50 {
        branch.lab("noise reader");
    }
    branch.soon("its bytes are shown", || bytes().iter().any(|row| row.meaning.code == "no_card"));
    let slip = branch.slip(6);
    branch.soon("printed", || branch.job(slip).state == State::Done);
}
