//! Who is decided together: items that share a member, whoever else they touch, are one unit. It lands together or not at all.

use std::collections::HashMap;

use coalition_domain::MemberId;
use uuid::Uuid;

use super::command::Item;
use super::world::MemberWorld;
use crate::error::Error;

/// The members of a unit: mostly one.
pub(crate) struct Unit {
    members: Vec<MemberWorld>,
}

impl Unit {
    /// A member of it.
    ///
    /// # Errors
    /// 404 for anybody else.
    pub(crate) fn member(&mut self, id: Uuid) -> Result<&mut MemberWorld, Error> {
        self.members.iter_mut().find(|member| member.row.id == id).ok_or_else(Error::member_not_found)
    }

    /// Two members of it.
    ///
    /// # Errors
    /// 404 where one is not among them, or both are the same.
    pub(crate) fn pair(&mut self, one: MemberId, other: MemberId) -> Result<(&mut MemberWorld, &mut MemberWorld), Error> {
        let place = |id: MemberId| self.members.iter().position(|member| member.id() == id);
        let (Some(one), Some(other)) = (place(one), place(other)) else { return Err(Error::member_not_found()) };
        let [one, other] = self.members.get_disjoint_mut([one, other]).map_err(|_| Error::member_not_found())?;
        Ok((one, other))
    }

    /// Everybody, to be looked at.
    pub(crate) fn members(&self) -> impl Iterator<Item = &MemberWorld> {
        self.members.iter()
    }

    /// Everybody.
    pub(crate) fn members_mut(&mut self) -> impl Iterator<Item = &mut MemberWorld> {
        self.members.iter_mut()
    }

    pub(crate) fn into_members(self) -> Vec<MemberWorld> {
        self.members
    }

    /// The members that an item touches, as they are now.
    pub(crate) fn remember(&self, item: &Item) -> Vec<MemberWorld> {
        self.members.iter().filter(|member| item.touches(member.row.id)).cloned().collect()
    }

    /// Puts members back as they were.
    pub(crate) fn restore(&mut self, before: Vec<MemberWorld>) {
        for was in before {
            if let Some(member) = self.members.iter_mut().find(|member| member.row.id == was.row.id) {
                *member = was;
            }
        }
    }
}

#[derive(Default)]
struct Gathered {
    members: Vec<Uuid>,
    items: Vec<(usize, Item)>,
}

/// Puts items that share a member, directly or by way of others, into one unit, in their order. Members that were not loaded are nobody's.
pub(crate) fn gather(items: Vec<Item>, mut members: HashMap<Uuid, MemberWorld>) -> Vec<(Unit, Vec<Item>)> {
    let mut units: Vec<Gathered> = Vec::new();
    let mut unit_of: HashMap<Uuid, usize> = HashMap::with_capacity(members.len());
    for (place, item) in items.into_iter().enumerate() {
        let mine = *unit_of.entry(item.subject).or_insert_with(|| {
            units.push(Gathered { members: vec![item.subject], items: Vec::new() });
            units.len().saturating_sub(1)
        });
        for other in &item.others {
            let theirs = *unit_of.entry(*other).or_insert(mine);
            let joining = if theirs == mine {
                Gathered { members: vec![*other], items: Vec::new() }
            } else {
                units.get_mut(theirs).map(std::mem::take).unwrap_or_default()
            };
            let Some(unit) = units.get_mut(mine) else { continue };
            for member in joining.members {
                unit_of.insert(member, mine);
                if !unit.members.contains(&member) {
                    unit.members.push(member);
                }
            }
            unit.items.extend(joining.items);
        }
        if let Some(unit) = units.get_mut(mine) {
            unit.items.push((place, item));
        }
    }
    let filled = units.into_iter().filter(|unit| !unit.items.is_empty());
    filled
        .map(|mut unit| {
            if unit.members.len() > 1 {
                unit.items.sort_by_key(|(place, _)| *place);
            }
            let members = unit.members.iter().filter_map(|id| members.remove(id)).collect();
            (Unit { members }, unit.items.into_iter().map(|(_, item)| item).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write_path::command::{Command, Work};

    fn item(number: u128, subject: u128, others: &[u128]) -> Item {
        let work = Work::Settle { member: MemberId(Uuid::from_u128(number)) };
        let command = Command { work, caller: None, claim: None, key: (Uuid::nil(), 0, String::new()), body_hash: [0; 32] };
        let others = others.iter().map(|other| Uuid::from_u128(*other)).collect();
        Item { subject: Uuid::from_u128(subject), others, ..Item::new(command, None) }
    }

    fn units(items: Vec<Item>) -> Vec<Vec<u128>> {
        let number = |item: &Item| match item.command.work {
            Work::Settle { member } => member.uuid().as_u128(),
            _ => 0,
        };
        let mut units: Vec<Vec<u128>> = gather(items, HashMap::new()).iter().map(|(_, items)| items.iter().map(number).collect()).collect();
        units.sort();
        units
    }

    #[test]
    fn items_that_share_a_member_stay_together_in_their_order() {
        assert_eq!(units(vec![item(1, 10, &[]), item(2, 20, &[]), item(3, 10, &[])]), [vec![1, 3], vec![2]]);
        // 4 brings together what was apart; 5 comes to it by another's way.
        let chain = vec![item(1, 10, &[]), item(2, 20, &[30]), item(3, 40, &[]), item(4, 10, &[20]), item(5, 30, &[])];
        assert_eq!(units(chain), [vec![1, 2, 4, 5], vec![3]]);
        let late = vec![item(1, 10, &[]), item(2, 20, &[]), item(3, 30, &[10, 20]), item(4, 20, &[])];
        assert_eq!(units(late), [vec![1, 2, 3, 4]]);
    }
}
