//! Slips come out at the printer of the till that made them. Method: two simulated printers, judged by the bytes that each received.
use crate::branch::{Branch, device, moment, printed_by, who};
use edge::config::Kind;
use edge::devices::binding::Binding;
use hardware::lab::{Lab, Which};
use shared::base::{DeviceId, JobId};
use shared::store::jobs::State;
use std::time::Duration;

/// Till 1 has the first printer, till 2 the second; till 3 has none of its own.
fn two(name: &str) -> (Branch, Lab, DeviceId) {
    let mut branch = Branch::new(name);
    let second = branch.second_lab();
    let mut back = device(Kind::Printer, "二号机打印机", second.path(Which::Printer).display().to_string());
    back.tills = vec![2];
    let id = Binding::of_file(back.clone()).id;
    branch.devices.push(back);
    branch.start();
    (branch, second, id)
}

fn ready(branch: &Branch, count: usize) {
    branch.soon("the printers are ready", || {
        let states = serde_json::to_value(branch.app().devices.states()).expect("json");
        let printers = states.as_array().expect("a list").iter().filter(|one| one["kind"] == "printer" && one["state"] == "ok");
        printers.count() == count
    });
}

#[test]
fn each_till_has_its_printer_and_a_till_without_one_the_first() {
    let (branch, second, _) = two("tills");
    ready(&branch, 2);
    let slips = [(1, 31), (2, 32), (3, 33), (2, 34)].map(|(till, number)| branch.slip_of(till, number));
    branch.soon("printed", || slips.iter().all(|slip| branch.job(*slip).state == State::Done));
    assert_eq!([31, 32, 33, 34].map(|number| branch.printed(number)), [1, 0, 1, 0]);
    assert_eq!([31, 32, 33, 34].map(|number| printed_by(&second, number)), [0, 1, 0, 1]);
}

#[test]
fn a_dead_printer_holds_up_its_own_till_only_and_a_person_sends_its_slips_elsewhere() {
    let (branch, second, _) = two("dead");
    ready(&branch, 2);
    branch.second(&second, "paper out");
    branch.soon("the edge knows", || branch.app().devices.states()[3].what.as_deref() == Some("paper_out"));
    let (waits, goes) = (branch.slip_of(2, 41), branch.slip_of(1, 42));
    branch.soon("till 1 prints", || branch.job(goes).state == State::Done);
    assert_eq!(branch.slips(), [("waiting".into(), Some("paper_out".into()))]);
    let devices = branch.app().devices.clone();
    let taken = branch.write(move |writer| devices.take(writer, waits, &who(), &moment(9))).expect("no refusal").expect("taken");
    let first = branch.app().devices.printer_of(Some(1));
    branch.block_on(async { branch.app().devices.print_taken(taken, first) });
    branch.soon("printed", || branch.job(waits).state == State::Done);
    branch.second(&second, "paper in");
    ready(&branch, 2);
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!((branch.printed(41), printed_by(&second, 41), branch.slips()), (1, 0, vec![]), "once, and where it was sent");
}

#[test]
fn a_printer_that_comes_back_asks_about_the_slips_of_all_its_tills() {
    let (branch, second, _) = two("avalanche");
    ready(&branch, 2);
    branch.lab("paper out");
    branch.soon("the edge knows", || branch.app().devices.states()[1].what.as_deref() == Some("paper_out"));
    let held: Vec<JobId> = [(1, 51), (1, 52), (3, 53), (3, 54)].map(|(till, number)| branch.slip_of(till, number)).into();
    let other = branch.slip_of(2, 55);
    branch.soon("till 2 prints", || branch.job(other).state == State::Done);
    branch.lab("paper in");
    branch.soon("held", || held.iter().all(|slip| branch.job(*slip).state == State::Failed));
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!((branch.lab.receipts_after(0).len(), printed_by(&second, 55)), (0, 1));
    let next = branch.slip_of(3, 56);
    branch.soon("printed", || branch.job(next).state == State::Done);
}

#[test]
fn a_till_that_is_given_a_printer_leaves_the_one_it_had() {
    let (mut branch, second, back) = two("moved");
    ready(&branch, 2);
    let front = Binding::of_file(branch.devices[1].clone());
    let mut wanted = front.clone();
    wanted.device.tills = vec![1, 2];
    assert_eq!(branch.block_on(branch.app().devices.bind(wanted)), Ok(Ok(())));
    let tills = |branch: &Branch| -> Vec<Vec<u16>> {
        let list = branch.app().devices.list();
        [front.id, back].map(|id| list.iter().find(|device| device.id == id.to_string()).expect("bound").tills.clone()).into()
    };
    assert_eq!(tills(&branch), [vec![1, 2], vec![]]);
    branch.kill();
    branch.start();
    assert_eq!(tills(&branch), [vec![1, 2], vec![]], "also after a restart");
    ready(&branch, 2);
    let slip = branch.slip_of(2, 61);
    branch.soon("printed", || branch.job(slip).state == State::Done);
    assert_eq!((branch.printed(61), printed_by(&second, 61)), (1, 0));
}
