//! Second sides of second sides, and what is lost of them.
use super::*;

/// An edge is copied and both sell; the copy's side is kept under a name of its own. The copy's disk is put back, lineage file and all, to its first sale,
/// which is there already; while that is asked it sells another, which the side does not hold. Each sale counts once there, also where head office
/// lists it for the branch.
pub fn copy_put_back_and_answered_late() -> Result<(), String> {
    let mut told = Told::new()?;
    let (time, machine) = (told.world.time, told.world.replicas[A].machine.clone());
    let mut copy = told.world.replicas[A].copy(&machine, time);
    copy.start(time).map_err(|fault| fault.to_string())?;
    told.world.replicas.push(copy);
    told.world.links.push(Uplink::default());
    let (here, first, second, third) = (told.id(), told.id(), told.id(), told.id());
    must(done(&told.spend(A, here, 0)) && done(&told.spend(3, first, 0)), "a first sale is refused")?;
    let disk = told.world.replicas[3].disk.image();
    must(done(&told.spend(3, second, 0)), "the copy's second sale is refused")?;
    told.talk(A)?;
    told.talk(3)?;
    told.world.replicas[3].disk.restore(&disk);
    told.world.replicas[3].store = None;
    told.world.forget_checks(3);
    told.world.replicas[3].start(time).map_err(|fault| fault.to_string())?;
    told.world.links[3] = Uplink::default();
    told.world.stir(3, Input::Stirred);
    must(done(&told.spend(3, third, 0)), "the sale after the restore is refused")?;
    for _ in 0..8 {
        told.world.time.pass(400);
        told.world.traffic()?;
    }
    told.ask(3, Wanted::Returnable(third.into()));
    told.talk(3)?;
    told.end()
}

/// A branch is put back, and what it sells then lies on a second side; the other branch takes the right to return one of these sales. Head office and the
/// branch are put back together to before, so that of the side nothing is known any more but this sale. It is booked when head office ends
/// all installs of the branch but the newest.
pub fn sale_on_a_lost_side() -> Result<(), String> {
    let mut told = Told::new()?;
    let (hub, branch) = (told.world.replicas[HUB].disk.image(), told.world.replicas[A].disk.image());
    let (first, second, lost) = (told.id(), told.id(), told.id());
    must(done(&told.spend(A, first, 0)), "the first sale is refused")?;
    told.talk(A)?;
    told.put_back(A, &branch)?;
    must(done(&told.spend(A, second, 0)) && done(&told.spend(A, lost, 0)), "a sale after the restore is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Returnable(lost.into()));
    told.talk(B)?;
    must(told.sold(B, lost).is_some(), "the sale does not come with the right to take it back")?;
    told.put_back(HUB, &hub)?;
    told.put_back(A, &branch)?;
    told.world.book.due.remove(&first);
    told.world.book.due.remove(&second);
    told.talk(B)?;
    told.talk(A)?;
    told.end()
}

/// Head office and a branch are put back together to before a sale and an edit that the other branch has read. The branch edits again: that entry has the
/// number of the sale, but the edit has the number of the lost one among its edits of the member. Everybody ends with both, whichever head
/// office hears first.
pub fn number_of_an_edit_given_again() -> Result<(), String> {
    edit_given_again([A, B])?;
    edit_given_again([B, A])
}

fn edit_given_again(heard: [Node; 2]) -> Result<(), String> {
    let mut told = Told::new()?;
    let (hub, branch) = (told.world.replicas[HUB].disk.image(), told.world.replicas[A].disk.image());
    let sale = told.id();
    must(done(&told.spend(A, sale, 0)), "the sale is refused")?;
    must(done(&told.edit(A, "phone", "13800138001")), "the first edit is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    told.put_back(HUB, &hub)?;
    told.put_back(A, &branch)?;
    told.world.book.due.remove(&sale);
    must(done(&told.edit(A, "note", "calls in the evening")), "the edit after the restore is refused")?;
    heard.into_iter().try_for_each(|node| told.talk(node))?;
    told.world.heal()?;
    for node in [HUB, A, B] {
        must(told.says(node, "phone").as_deref() == Some("13800138001"), "the lost edit stays lost")?;
        must(told.says(node, "note").as_deref() == Some("calls in the evening"), "the edit that got its number is lost")?;
    }
    Ok(())
}
