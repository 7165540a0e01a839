//! Who is calling, and what they may do.

use std::sync::Arc;

use coalition_domain::{MemberId, PartnerId};

use crate::error::Error;

/// The role behind a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Runs the coalition.
    Operator,
    /// A merchant.
    Partner(PartnerId),
    /// A person.
    Member {
        /// Who.
        id: MemberId,
        /// The partner that minted the token: it reads, and redeems at that partner only.
        minted_by: Option<PartnerId>,
    },
}

/// What a partner's key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Posting and reading purchases.
    Transactions,
    /// Redeeming at the till.
    Redemptions,
    /// Members.
    Members,
    /// Rules.
    Plugins,
    /// Webhook endpoints.
    Webhooks,
    /// Statements.
    Statements,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [Self::Transactions, Self::Redemptions, Self::Members, Self::Plugins, Self::Webhooks, Self::Statements];

    /// Its name in a token.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transactions => "transactions",
            Self::Redemptions => "redemptions",
            Self::Members => "members",
            Self::Plugins => "plugins",
            Self::Webhooks => "webhooks",
            Self::Statements => "statements",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Transactions => 1,
            Self::Redemptions => 2,
            Self::Members => 4,
            Self::Plugins => 8,
            Self::Webhooks => 16,
            Self::Statements => 32,
        }
    }
}

/// A set of scopes, each to read or to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes {
    read: u8,
    write: u8,
}

impl Scopes {
    /// All of them, to write.
    #[must_use]
    pub fn all() -> Self {
        Scope::ALL.into_iter().fold(Self::default(), |scopes, scope| scopes.with(scope, true))
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, scope: Scope, write: bool) -> Self {
        Self { read: self.read | scope.bit(), write: if write { self.write | scope.bit() } else { self.write } }
    }

    /// Reads `transactions members:read`. None where a word is unknown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split_ascii_whitespace().try_fold(Self::default(), |scopes, word| {
            let (name, write) = word.strip_suffix(":read").map_or((word, true), |name| (name, false));
            let scope = Scope::ALL.into_iter().find(|scope| scope.name() == name)?;
            Some(scopes.with(scope, write))
        })
    }

    /// Whether it holds this scope, to write or only to read.
    #[must_use]
    pub const fn allows(self, scope: Scope, write: bool) -> bool {
        let held = if write { self.write } else { self.read };
        held & scope.bit() != 0
    }

    /// Whether `other` asks for nothing that this lacks.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.read & !self.read == 0 && other.write & !self.write == 0
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut words = Vec::new();
        for scope in Scope::ALL {
            if self.allows(scope, true) {
                words.push(scope.name().to_owned());
            } else if self.allows(scope, false) {
                words.push(format!("{}:read", scope.name()));
            }
        }
        f.write_str(&words.join(" "))
    }
}

/// Who is calling. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The client, or the member, that the token was issued to: scope of idempotency keys, rate limits and the audit.
    pub client_id: Arc<str>,
    /// Their role.
    pub actor: Actor,
    /// What the key may be used for; a partner's only.
    pub scopes: Scopes,
}

impl Caller {
    /// The operator.
    ///
    /// # Errors
    /// 403 for anybody else.
    pub fn operator(&self) -> Result<(), Error> {
        if self.actor == Actor::Operator { Ok(()) } else { Err(Error::forbidden()) }
    }

    /// A partner whose key carries the scope.
    ///
    /// # Errors
    /// 403 for anybody else.
    pub fn partner(&self, scope: Scope, write: bool) -> Result<PartnerId, Error> {
        match self.actor {
            Actor::Partner(id) if self.scopes.allows(scope, write) => Ok(id),
            _ => Err(Error::forbidden()),
        }
    }

    /// A partner whose key carries the scope, or the operator (None).
    ///
    /// # Errors
    /// 403 for anybody else.
    pub fn partner_or_operator(&self, scope: Scope, write: bool) -> Result<Option<PartnerId>, Error> {
        match self.actor {
            Actor::Operator => Ok(None),
            _ => self.partner(scope, write).map(Some),
        }
    }

    /// The partner that calls, whatever its key may be used for.
    #[must_use]
    pub const fn own_partner(&self) -> Option<PartnerId> {
        match self.actor {
            Actor::Partner(id) => Some(id),
            Actor::Operator | Actor::Member { .. } => None,
        }
    }

    /// A member, by their own token.
    ///
    /// # Errors
    /// 403 for anybody else.
    pub fn member(&self) -> Result<MemberId, Error> {
        match self.actor {
            Actor::Member { id, .. } => Ok(id),
            _ => Err(Error::forbidden()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_and_write() {
        let scopes = Scopes::parse("transactions members:read").unwrap();
        assert!(scopes.allows(Scope::Transactions, true) && scopes.allows(Scope::Transactions, false));
        assert!(scopes.allows(Scope::Members, false) && !scopes.allows(Scope::Members, true));
        assert!(!scopes.allows(Scope::Plugins, false));
        assert_eq!(scopes.to_string(), "transactions members:read");
        assert!(Scopes::all().covers(scopes) && !scopes.covers(Scopes::all()));
        assert_eq!(Scopes::parse("transactions:write"), None);
    }
}
