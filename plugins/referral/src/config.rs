//! What a merchant can change. As it comes: 500 points for each of the two once the friend has bought for ten dollars, for 32 friends at most.

use coalition_sdk::{Currency, Excluded, MOST, PerMember, Window, settings};

/// The id of the reward "bring a friend".
pub const INVITE: &str = "invite";
/// The id of the reward "the friend's voucher".
pub const VOUCHER: &str = "friend-voucher";

settings! {
    /// Points for bringing a friend, and for being brought.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// Points for who brought a friend.
        #[within(0, 1_000_000)]
        pub referrer_points: u32 = 500,
        /// Points for the friend.
        #[within(0, 1_000_000)]
        pub friend_points: u32 = 500,
        /// A voucher for the friend besides; null: none.
        pub friend_voucher: Option<FriendVoucher> = None,
        /// What the friend must buy for at once, in minor units.
        #[within(1, MOST)]
        pub minimum: i64 = 1_000,
        /// Goods that don't count for it.
        pub excluded: Excluded = Excluded::usual(),
        /// Within how many days of joining; null: at any time.
        #[within(1, 3_650)]
        pub within_days: Option<u32> = Some(90),
        /// How many friends of one member are rewarded.
        pub friends: PerMember = PerMember { max: 32, window: Window::Lifetime },
        /// Points can be spent so many days later, when goods can no longer be returned; 0: at once.
        #[within(0, 365)]
        pub pending_days: u32 = 14,
        /// Whether members of one household may bring each other.
        pub same_household: bool = false,
        /// Whether purchases that the till marks as an employee's count.
        pub employees: bool = false,
    }

    /// Money off the friend's next purchase.
    pub struct FriendVoucher {
        /// Its worth in minor units.
        #[within(1, MOST)]
        pub value: i64,
        /// How many days it can be used.
        #[within(1, 3_650)]
        pub days: u32 = 60,
    }
}
