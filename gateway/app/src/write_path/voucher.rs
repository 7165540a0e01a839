//! Deciding that a voucher is used: once, at the till of whose rules issued it.

use coalition_domain::{PartnerId, VoucherId};
use coalition_store::entities::vouchers;

use super::command::Command;
use super::purchase::note_business_id;
use super::redeem;
use super::world::{MemberWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::{Error, Kind};
use crate::voucher_use::VoucherUsed;

/// Uses a voucher up and notes what is to be written.
pub(crate) fn take(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    partner: PartnerId,
    voucher: VoucherId,
    external_id: &str,
) -> Result<Answer, Error> {
    redeem::settle(app, world, member)?;
    let row = member.around.vouchers.get(&voucher.uuid()).filter(|row| row.partner_id == partner.uuid()).cloned();
    let row = row.ok_or_else(Error::not_found)?;
    match row.status.as_str() {
        "open" => {}
        "revoked" => return Err(Error::conflict("voucher-revoked", "The rules took this voucher back.")),
        _ => return Err(Error::conflict("voucher-used", "This voucher was used, which is done once.")),
    }
    if row.expires_at.is_some_and(|expires| expires <= world.now.0) {
        return Err(Error::new(Kind::Gone, "voucher-expired", "This voucher's time is over."));
    }
    let id = voucher.to_string();
    let profile = member.profile(partner);
    for fact in &mut profile.facts.vouchers {
        fact.open.retain(|open| open.id != id);
    }
    profile.changed = true;
    let used = vouchers::Model { status: "used".to_owned(), ..row };
    let answer = Answer::ok(&VoucherUsed::of(&used, external_id, world.now)?)?;
    member.around.vouchers.insert(used.id, used.clone());
    member.rows.vouchers_used.push(used);
    note_business_id(member, command, voucher.uuid(), &answer);
    Ok(answer)
}
