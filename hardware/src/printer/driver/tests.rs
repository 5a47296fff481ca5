//! What the driver says of a job under each fault of the line and the printer, on a virtual clock.

use super::*;
use crate::{
    lab::{line::Faults, memory::MemoryLine},
    printer::{
        Slip, render,
        simulator::{Ending, Model, PrinterSimulator},
    },
};
use rstest::rstest;
use tokio::time::sleep;

type Counter = Arc<MemoryLine<PrinterSimulator>>;

fn counter(model: Model, profile: Profile) -> (Counter, Arc<Printer>) {
    let line = MemoryLine::new(PrinterSimulator::new(model));
    let printer = Printer::start(line.clone(), profile, Patience::default());
    (line, Arc::new(printer))
}

fn job(text: &str) -> Vec<u8> {
    let mut slip = Slip::new();
    slip.line(text).cut();
    render(&slip, &Profile::wide())
}

fn printed(line: &Counter) -> Vec<Vec<u8>> {
    line.look(|printer| printer.receipts().filter(|receipt| receipt.ending == Ending::Whole).map(|receipt| receipt.bytes.clone()).collect())
}

async fn until(printer: &Printer, health: Health) {
    let mut now = printer.health();
    let wait = now.wait_for(|state| *state == health);
    timeout(Duration::from_secs(300), wait).await.expect("the state is reached").expect("the driver lives");
}

/// Waits until the health is `Failed` with this.
async fn until_failed(printer: &Printer, trouble: Trouble) {
    until(printer, Health::Failed { trouble }).await;
}

fn unsent(trouble: Trouble) -> Outcome {
    Outcome::Failed { trouble, sent_bytes: 0 }
}

#[tokio::test(start_paused = true)]
async fn prints_and_knows_it() {
    let (line, printer) = counter(Model::default(), Profile::wide());
    assert_eq!(printer.print(job("一")).await, Outcome::Printed);
    assert_eq!(printer.print(job("二")).await, Outcome::Printed);
    assert_eq!(printed(&line), [job("一"), job("二")]);
    assert_eq!(*printer.health().borrow(), Health::Ok);
}

// A printer that never answers is never called printed, whatever its profile claims.
#[rstest]
#[case::honest(Profile::narrow(), Outcome::SentUnconfirmed)]
#[case::wrong_profile(Profile::wide(), unsent(Trouble::Silent))]
#[case::barrier_only(Profile { status: Status::None, ..Profile::wide() }, unsent(Trouble::Silent))]
#[tokio::test(start_paused = true)]
async fn one_way_printer(#[case] profile: Profile, #[case] outcome: Outcome) {
    let (line, printer) = counter(Model { answers: false, ..Model::default() }, profile);
    assert_eq!(printer.print(job("一")).await, outcome);
    assert_eq!(printed(&line).len(), usize::from(outcome == Outcome::SentUnconfirmed));
}

// Known trouble: nothing is sent, so the job may be sent again later without a double.
#[rstest]
#[case::paper(|printer: &mut PrinterSimulator| printer.set_paper_out(true), |printer: &mut PrinterSimulator| printer.set_paper_out(false), Trouble::PaperOut)]
#[case::cover(|printer: &mut PrinterSimulator| printer.set_cover_open(true), |printer: &mut PrinterSimulator| printer.set_cover_open(false), Trouble::CoverOpen)]
#[case::cutter(|printer: &mut PrinterSimulator| printer.set_cutter_stuck(true), |printer: &mut PrinterSimulator| printer.set_cutter_stuck(false), Trouble::Cutter)]
#[tokio::test(start_paused = true)]
async fn known_trouble_sends_nothing(
    #[case] spoil: fn(&mut PrinterSimulator) -> Vec<crate::simulator::Said>,
    #[case] mend: fn(&mut PrinterSimulator) -> Vec<crate::simulator::Said>,
    #[case] trouble: Trouble,
) {
    let (line, printer) = counter(Model::default(), Profile::wide());
    until(&printer, Health::Ok).await;
    line.act(spoil);
    until_failed(&printer, trouble).await;
    assert_eq!(printer.print(job("一")).await, unsent(trouble));
    line.act(mend);
    until(&printer, Health::Ok).await;
    assert_eq!(printer.print(job("一")).await, Outcome::Printed);
    assert_eq!(printed(&line), [job("一")]);
}

// Paper that ends inside a job and comes back in time: printed, once. Not in time: failed, and a later job is not taken for it.
#[rstest]
#[case::mended(90, true)]
#[case::too_late(200, false)]
#[tokio::test(start_paused = true)]
async fn paper_ends_inside_a_job(#[case] after_s: u64, #[case] in_time: bool) {
    let (line, printer) = counter(Model::default(), Profile::wide());
    until(&printer, Health::Ok).await;
    // The line is slow, so that the paper can end after the look and before the end.
    line.set_faults(Faults { slow_bytes: 500, ..Faults::default() });
    let long = job(&"长".repeat(600));
    let (asker, sent) = (printer.clone(), long.clone());
    let first = tokio::spawn(async move { asker.print(sent).await });
    sleep(Duration::from_secs(1)).await;
    line.act(|printer| printer.set_paper_out(true));
    until_failed(&printer, Trouble::PaperOut).await;
    let mender = line.clone();
    let mend = tokio::spawn(async move {
        sleep(Duration::from_secs(after_s)).await;
        mender.act(|printer| printer.set_paper_out(false));
    });
    let outcome = first.await.expect("the asker ends");
    assert_eq!(outcome, if in_time { Outcome::Printed } else { Outcome::Failed { trouble: Trouble::PaperOut, sent_bytes: long.len() } });
    mend.await.expect("the mender ends");
    line.set_faults(Faults::default());
    until(&printer, Health::Ok).await;
    assert_eq!(printer.print(job("二")).await, Outcome::Printed);
    assert_eq!(printed(&line), [long, job("二")]);
}

#[tokio::test(start_paused = true)]
async fn unplugged_inside_a_job() {
    let (line, printer) = counter(Model::default(), Profile::wide());
    until(&printer, Health::Ok).await;
    line.act(|printer| {
        printer.lose_power_in(200);
        vec![]
    });
    // The look before the job takes a few of the bytes.
    let outcome = printer.print(job(&"长".repeat(400))).await;
    assert!(matches!(outcome, Outcome::Failed { trouble: Trouble::Unplugged, sent_bytes: 1.. }), "{outcome:?}");
    until(&printer, Health::Ok).await;
    assert_eq!(printer.print(job("二")).await, Outcome::Printed);
    assert_eq!(printed(&line), [job("二")]);
}

#[tokio::test(start_paused = true)]
async fn away_and_back() {
    let (line, printer) = counter(Model::default(), Profile::wide());
    until(&printer, Health::Ok).await;
    line.unplug();
    until_failed(&printer, Trouble::Unplugged).await;
    assert_eq!(printer.print(job("一")).await, unsent(Trouble::Unplugged));
    until_failed(&printer, Trouble::NotThere).await;
    assert_eq!(printer.print(job("一")).await, unsent(Trouble::NotThere));
    let before = line.openings();
    sleep(Duration::from_secs(60)).await;
    line.replug();
    until(&printer, Health::Ok).await;
    assert_eq!(line.openings(), before + 1);
    assert_eq!(printer.print(job("一")).await, Outcome::Printed);
}

#[tokio::test(start_paused = true)]
async fn stalled_line() {
    let (line, printer) = counter(Model::default(), Profile { status: Status::None, ..Profile::wide() });
    until(&printer, Health::Ok).await;
    line.set_faults(Faults { stalled: true, ..Faults::default() });
    let outcome = printer.print(job(&"长".repeat(2_000)).repeat(10)).await;
    assert!(matches!(outcome, Outcome::Failed { trouble: Trouble::Stalled, sent_bytes: 1.. }), "{outcome:?}");
    until_failed(&printer, Trouble::Stalled).await;
    line.set_faults(Faults::default());
    until(&printer, Health::Ok).await;
}

// Drip, noise and late answers change nothing of what is said of a job.
#[rstest]
#[case::drip(Faults { drip_ms: 30, ..Faults::default() }, Outcome::Printed)]
#[case::late(Faults { late_ms: 300, ..Faults::default() }, Outcome::Printed)]
#[case::too_late(Faults { late_ms: 4_000, ..Faults::default() }, unsent(Trouble::Silent))]
#[case::mute(Faults { mute: true, ..Faults::default() }, unsent(Trouble::Silent))]
#[tokio::test(start_paused = true)]
async fn bad_lines(#[case] faults: Faults, #[case] outcome: Outcome) {
    let (line, printer) = counter(Model::default(), Profile::wide());
    until(&printer, Health::Ok).await;
    line.set_faults(faults);
    assert_eq!(printer.print(job("一")).await, outcome);
    line.set_faults(Faults::default());
    until(&printer, Health::Ok).await;
    assert_eq!(printer.print(job("二")).await, Outcome::Printed);
    assert_eq!(printed(&line).last(), Some(&job("二")));
}

// The program died with a job in the printer's buffer: the new driver does not take that job's answer for its own.
#[tokio::test(start_paused = true)]
async fn answer_of_a_dead_driver_is_not_ours() {
    let (line, printer) = counter(Model::default(), Profile { status: Status::None, ..Profile::wide() });
    until(&printer, Health::Ok).await;
    line.act(|printer| printer.set_paper_out(true));
    let asker = printer.clone();
    let first = tokio::spawn(async move { asker.print(job("一")).await });
    sleep(Duration::from_secs(1)).await;
    first.abort();
    drop(printer);
    let second = Printer::start(line.clone(), Profile { status: Status::None, ..Profile::wide() }, Patience::default());
    sleep(Duration::from_millis(500)).await;
    line.act(|printer| printer.set_paper_out(false));
    until(&second, Health::Ok).await;
    line.act(|printer| printer.set_paper_out(true));
    assert_eq!(second.print(job("二")).await, Outcome::SentUnconfirmed);
    assert_eq!(printed(&line), [job("一")]);
}

#[tokio::test(start_paused = true)]
async fn jobs_have_a_limit_and_an_order() {
    let (line, printer) = counter(Model::default(), Profile::wide());
    let too_long = Outcome::Failed { trouble: Trouble::TooLong, sent_bytes: 0 };
    assert_eq!(printer.print(vec![b'a'; JOB_MAX + 1]).await, too_long);
    let (one, two) = (job("一"), job("二"));
    let (first, second) = tokio::join!(printer.print(one.clone()), printer.print(two.clone()));
    assert_eq!((first, second), (Outcome::Printed, Outcome::Printed));
    assert_eq!(printed(&line), [one, two]);
}

#[tokio::test(start_paused = true)]
async fn slips_say_what_they_lack() {
    let (_, printer) = counter(Model::default(), Profile::wide());
    let mut slip = Slip::new();
    slip.line("王𠮷").cut();
    assert_eq!(printer.print_slip(&slip).await, Outcome::Printed);
    assert_eq!(printer.trace().last_warning().map(|warning| warning.meaning), Some(Meaning::NoGlyph("𠮷".to_owned())));
}

// The program died inside the data of a picture: the next job is not swallowed as dots.
#[rstest]
#[case::picture(b"\x1B@\x1Dv0\x00\x48\x00\x18\x00\xFF")]
#[case::qr(b"\x1B@\x1D(k\x50\x02\x31\x50\x30R")]
#[case::half_a_character(b"\x1B@\xB3")]
#[tokio::test(start_paused = true)]
async fn job_cut_short_by_death(#[case] half: &[u8]) {
    let line = MemoryLine::new(PrinterSimulator::new(Model::default()));
    let mut port = line.open().await.expect("a line in memory");
    tokio::io::AsyncWriteExt::write_all(&mut port, half).await.expect("the printer takes it");
    sleep(Duration::from_secs(1)).await;
    let printer = Printer::start(line.clone(), Profile::wide(), Patience::default());
    assert_eq!(printer.print(job("一")).await, Outcome::Printed);
    assert_eq!(printed(&line), [job("一")]);
}
