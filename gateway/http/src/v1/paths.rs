//! The parts of paths, described once for the OpenAPI document.

use utoipa::IntoParams;

macro_rules! paths {
    ($($name:ident, $field:ident, $doc:literal, $pattern:literal, $example:literal;)*) => {$(
        #[doc = $doc]
        #[derive(IntoParams)]
        #[into_params(parameter_in = Path)]
        #[expect(dead_code, reason = "only described")]
        pub struct $name {
            #[doc = $doc]
            #[param(pattern = $pattern, example = $example)]
            $field: String,
        }
    )*};
}

paths! {
    AdjustmentPath, id, "The adjustment.", "^adj_[0-7][0-9a-hjkmnp-tv-z]{25}$", "adj_01h455vb4pex5vsknk084sn02q";
    PartnerPath, id, "The partner.", "^prt_[0-7][0-9a-hjkmnp-tv-z]{25}$", "prt_01h455vb4pex5vsknk084sn02q";
    CampaignPath, id, "The campaign.", "^cmp_[0-7][0-9a-hjkmnp-tv-z]{25}$", "cmp_01h455vb4pex5vsknk084sn02q";
    MemberPath, id, "The member.", "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$", "mbr_01h455vb4pex5vsknk084sn02q";
    HouseholdPath, id, "The household.", "^hhd_[0-7][0-9a-hjkmnp-tv-z]{25}$", "hhd_01h455vb4pex5vsknk084sn02q";
    TransactionPath, id, "The transaction.", "^txn_[0-7][0-9a-hjkmnp-tv-z]{25}$", "txn_01h455vb4pex5vsknk084sn02q";
    ActivityPath, id, "The activity.", "^act_[0-7][0-9a-hjkmnp-tv-z]{25}$", "act_01h455vb4pex5vsknk084sn02q";
    VoucherPath, code, "The voucher's code.", "^[A-Za-z0-9-]{1,64}$", "7Q2M-4K9T-XW3P";
    RedemptionPath, id, "The redemption.", "^rdm_[0-7][0-9a-hjkmnp-tv-z]{25}$", "rdm_01h455vb4pex5vsknk084sn02q";
    PluginPath, id, "The version.", "^plg_[0-7][0-9a-hjkmnp-tv-z]{25}$", "plg_01h455vb4pex5vsknk084sn02q";
    DecisionPath, id, "The decision.", "^dec_[0-7][0-9a-hjkmnp-tv-z]{25}$", "dec_01h455vb4pex5vsknk084sn02q";
    EntryPath, id, "The entry.", "^ent_[0-7][0-9a-hjkmnp-tv-z]{25}$", "ent_01h455vb4pex5vsknk084sn02q";
    ClientPath, client_id, "The client.", "^[A-Za-z0-9_-]{1,128}$", "cli_example";
    RewardPath, reward, "The reward, as the live version names it.", "^[A-Za-z0-9._-]{1,128}$", "free-coffee";
}
