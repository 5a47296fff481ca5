//! Machines that go back in time, double, die, and come back from the dead.
use super::*;
use shared::exchange::recovery;
use simulation::disk::Disk;

/// An edge's database is put back while it is offline, sells, and is heard; then the disk that was in the drawer is started too, with sales
/// on it that nobody heard. What lay there is spent once, and every sale of either disk is booked once.
pub fn old_disk_returns() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 7_000)), "the top-up is refused")?;
    let backup = told.world.replicas[A].disk.image();
    for _ in 0..70 {
        must(done(&told.load(A, 1)), "the top-up is refused")?;
    }
    told.talk(A)?;
    let (unheard, again, cash) = (told.id(), told.id(), told.id());
    must(done(&told.spend(A, unheard, 6_500)), "the sale before the disk was changed is refused")?;
    let (drawer, machine, time) = (told.world.replicas[A].disk.image(), told.world.replicas[A].machine.clone(), told.world.time);
    let stream = told.world.replicas[A].stream();

    told.put_back(A, &backup)?;
    must(lacking(&told.spend(A, again, 6_500)), "value is spent again from a restored disk")?;
    must(done(&told.spend(A, cash, 0)), "a sale for cash is refused")?;
    told.talk(A)?;

    let mut old = told.world.replicas[A].copy(&machine, time);
    old.disk = Disk::cloned(&drawer, 7);
    old.start(time).map_err(|fault| fault.to_string())?;
    must(old.stream() == stream, "a disk in good order does not go on with its stream")?;
    told.world.replicas.push(old);
    told.world.links.push(Uplink::default());
    told.talk(3)?;
    let more = told.id();
    must(lacking(&told.spend(3, more, 571)), "more is spent than lay there")?;
    told.end()
}

/// A branch that nobody hears sells on and is declared lost; what lay there is freed and spent elsewhere. Then it comes back: its late sale
/// is booked to its old place, where it shows as exposure, and what was freed is not spent again.
pub fn lost_branch_returns() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    let (late, freed, again) = (told.id(), told.id(), told.id());
    must(done(&told.spend(A, late, 500)), "the branch cannot sell while nobody hears it")?;
    let (id, time) = (told.id(), told.world.time);
    let lost = told.world.replicas[A].stream().ok_or("no stream")?;
    let moment = told.world.replicas[HUB].moment(id, time).ok_or("no hub")?;
    let sealed = told.world.replicas[HUB].clerk(move |writer| recovery::seal(writer, lost, recovery::LOST, &moment));
    must(sealed == Ok(Ok(())), "it cannot be declared lost")?;
    told.ask(B, Wanted::Value(member(MEMBER), 10_000));
    told.talk(B)?;
    must(done(&told.spend(B, freed, 10_000)), "what lay at the lost branch is not freed")?;

    told.talk(A)?;
    must(lacking(&told.spend(A, again, 1)), "what was freed is spent again where it had lain")?;
    must(told.world.replicas[A].stream() != Some(lost), "it goes on in the sealed stream")?;
    let hub = told.world.replicas[HUB].db().ok_or("the hub is down")?;
    let held = balance::holdings(hub, Holder::Member(member(MEMBER)), lost).map_err(|fault| fault.to_string())?;
    must(held.iter().map(|(_, amount)| amount).sum::<i64>() == -500, "the exposure does not stand at the old place")?;
    told.end()
}

/// A branch that is declared lost was heard once more before, and head office is put back to before that: what the box believes to be there it sends again.
pub fn lost_branch_and_a_hub_put_back() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    let (image, sale) = (told.world.replicas[HUB].disk.image(), told.id());
    must(done(&told.spend(A, sale, 500)), "the sale is refused")?;
    told.talk(A)?;
    told.put_back(HUB, &image)?;
    let (id, time, key) = (told.id(), told.world.time, told.world.replicas[A].keys.public());
    let lost = told.world.replicas[A].stream().ok_or("no stream")?;
    let moment = told.world.replicas[HUB].moment(id, time).ok_or("no hub")?;
    let sealed = told.world.replicas[HUB].clerk(move |writer| {
        writer.execute("update device set revoked = 1 where device_key = ?1", &[key.into()])?;
        recovery::seal(writer, lost, recovery::LOST, &moment)
    });
    must(sealed == Ok(Ok(())), "it cannot be declared lost")?;
    told.talk(A)?;
    must(told.sold(HUB, sale).is_some(), "head office never hears again of a sale that it had acknowledged")
}

/// An edge is copied, hardware name and all, and both sell: both sides are booked, and the copy is told.
pub fn cloned() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 9_000)), "the top-up is refused")?;
    told.talk(A)?;
    let time = told.world.time;
    let machine = told.world.replicas[A].machine.clone();
    let mut copy = told.world.replicas[A].copy(&machine, time);
    copy.start(time).map_err(|fault| fault.to_string())?;
    told.world.replicas.push(copy);
    told.world.links.push(Default::default());
    let (one, other) = (told.id(), told.id());
    must(done(&told.spend(A, one, 4_000)), "the first sale is refused")?;
    must(done(&told.spend(3, other, 3_000)), "the copy's sale is refused")?;
    told.talk(A)?;
    told.talk(3)?;
    let hub = told.world.replicas[HUB].db().ok_or("the hub is down")?;
    let sql = "select count(*) from entry where kind = ?1 and folded = 1";
    must(hub.number(sql, &[Rung::KIND.into()]).map_err(|fault| fault.to_string())? == 2, "a sale of one side is missing")?;
    must(told.world.replicas[3].stream() != told.world.replicas[A].stream(), "the copy goes on in the same stream")
}

/// The hub is put back to before it granted value to a branch that is offline now. It notices, and moves nothing from its old place
/// until both branches reported; then every balance is where it was.
pub fn hub_rolled_back() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.load(A, 10_000)), "the top-up is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Value(member(MEMBER), 4_000));
    told.talk(B)?;
    told.world.time.pass(20_000);
    told.talk(A)?;
    let image = told.world.replicas[HUB].disk.image();
    told.ask(B, Wanted::Value(member(MEMBER), 4_000));
    told.talk(B)?;
    must(told.lies(B) == 4_000, "the grant did not arrive")?;
    told.put_back(HUB, &image)?;
    told.ask(A, Wanted::Value(member(MEMBER), 10_000));
    told.talk(A)?;
    must(told.lies(A) == 6_000, "the hub gives again what it had given")?;
    let id = told.id();
    must(done(&told.spend(B, id, 4_000)), "the branch cannot spend what it was given")?;
    told.talk(B)?;
    told.talk(A)?;
    told.end()
}

/// Head office and a branch are put back together to before an edit that the other branch has read and built on. The branch is heard first, and
/// gives the number of its lost edit to a sale. Everybody ends with both edits, and with the sale.
pub fn put_back_together() -> Result<(), String> {
    let mut told = Told::new()?;
    let (hub, branch) = (told.world.replicas[HUB].disk.image(), told.world.replicas[A].disk.image());
    must(done(&told.edit(A, "phone", "13800138001")), "the first edit is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    must(done(&told.edit(B, "note", "calls in the evening")), "the second edit is refused")?;
    told.put_back(HUB, &hub)?;
    told.put_back(A, &branch)?;
    let sale = told.id();
    must(done(&told.spend(A, sale, 0)), "the sale is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    told.world.heal()?;
    let says = |node, field| told.says(node, field);
    for node in [HUB, A, B] {
        must(says(node, "phone").as_deref() == Some("13800138001"), "the lost edit stays lost")?;
        must(says(node, "note").as_deref() == Some("calls in the evening"), "what was built on it is lost")?;
    }
    Ok(())
}

/// The same, and the branch had edited once more: nobody took the number of that edit, and it comes back when its document has begun anew. It is not
/// lost either.
pub fn edit_behind_a_lost_one() -> Result<(), String> {
    let mut told = Told::new()?;
    let (hub, branch) = (told.world.replicas[HUB].disk.image(), told.world.replicas[A].disk.image());
    must(done(&told.edit(A, "phone", "13800138001")), "the first edit is refused")?;
    must(done(&told.edit(A, "note", "calls in the evening")), "the second edit is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    told.put_back(HUB, &hub)?;
    told.put_back(A, &branch)?;
    let sale = told.id();
    must(done(&told.spend(A, sale, 0)), "the sale is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    told.world.heal()?;
    for node in [HUB, A, B] {
        must(told.says(node, "phone").as_deref() == Some("13800138001"), "the edit whose number was taken is lost")?;
        must(told.says(node, "note").as_deref() == Some("calls in the evening"), "the edit behind it is lost")?;
    }
    Ok(())
}

/// A sale that another branch was to take back is known there. Head office and the branch that sold are put back together to before it; the other
/// branch is heard first, and the number of the sale is given to another one. It waits for those before it, which nobody has any more, until head
/// office ends all installs of the branch but the newest: both sales are booked.
pub fn sale_of_a_lost_history() -> Result<(), String> {
    let mut told = Told::new()?;
    let (hub, branch) = (told.world.replicas[HUB].disk.image(), told.world.replicas[A].disk.image());
    let (first, lost, other) = (told.id(), told.id(), told.id());
    must(done(&told.spend(A, first, 0)), "the first sale is refused")?;
    must(done(&told.spend(A, lost, 0)), "the second sale is refused")?;
    told.talk(A)?;
    told.ask(B, Wanted::Returnable(lost.into()));
    told.talk(B)?;
    told.talk(A)?;
    told.talk(B)?;
    must(told.sold(B, lost).is_some(), "the sale does not come with the right to take it back")?;
    told.put_back(HUB, &hub)?;
    told.put_back(A, &branch)?;
    told.world.book.due.remove(&first);
    told.talk(B)?;
    must(done(&told.spend(A, other, 0)), "a sale after the restore is refused")?;
    let again = told.id();
    must(done(&told.spend(A, again, 0)), "another sale after the restore is refused")?;
    told.talk(A)?;
    told.end()
}

/// A branch whose only edit was read by the other one is put back to its opening and sells; head office is put back to before it heard of the branch
/// at all. What it is given back first begins in the middle of the branch's stream: the opening is common to both histories, what follows it is
/// not, and the branch is told so.
pub fn known_only_by_what_came_back() -> Result<(), String> {
    let mut told = Told::unheard()?;
    let (hub, branch) = (told.world.replicas[HUB].disk.image(), told.world.replicas[A].disk.image());
    must(done(&told.edit(A, "phone", "13800138001")), "the edit is refused")?;
    told.talk(A)?;
    told.talk(B)?;
    told.put_back(HUB, &hub)?;
    told.put_back(A, &branch)?;
    told.talk(B)?;
    let (sale, before) = (told.id(), told.world.replicas[A].stream());
    must(done(&told.edit(A, "note", "calls in the evening")), "the edit after the restore is refused")?;
    must(done(&told.spend(A, sale, 0)), "the sale is refused")?;
    told.talk(A)?;
    must(told.world.replicas[A].stream() != before, "the branch is not told that its stream goes on otherwise")?;
    told.world.heal()?;
    for node in [HUB, A, B] {
        must(told.says(node, "phone").as_deref() == Some("13800138001"), "the edit of the lost history is lost")?;
        must(told.says(node, "note").as_deref() == Some("calls in the evening"), "the edit after the restore is lost")?;
    }
    Ok(())
}

/// Head office begins a member anew, one branch reads it and goes on from there; head office is put back to before, knows nothing of it, hears of another
/// edit and begins the member anew again, under the same number. When it hears of the first beginning it begins once more: everybody ends with
/// what was edited on either.
pub fn begun_anew_twice() -> Result<(), String> {
    let mut told = Told::new()?;
    must(done(&told.edit(A, "phone", "13800138001")), "the first edit is refused")?;
    let image = told.world.replicas[HUB].disk.image();
    told.talk(A)?;
    told.begin_anew()?;
    told.talk(A)?;
    must(done(&told.edit(A, "note", "calls in the evening")), "the edit on the first beginning is refused")?;
    told.put_back(HUB, &image)?;
    must(done(&told.edit(B, "name", "Li Na")), "the other edit is refused")?;
    told.begin_anew()?;
    told.talk(B)?;
    told.talk(A)?;
    told.world.heal()?;
    for node in [HUB, A, B] {
        must(told.says(node, "phone").as_deref() == Some("13800138001"), "what the first beginning took in is lost")?;
        must(told.says(node, "note").as_deref() == Some("calls in the evening"), "what was written on the first beginning is lost")?;
        must(told.says(node, "name").as_deref() == Some("Li Na"), "what was written on the second beginning is lost")?;
    }
    Ok(())
}
